"""From a seed to a workspace: live the years, draw the people, write the files, keep the truth apart."""

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from cmo.simulation.company import Company, World
from cmo.simulation.episode import Episode, Observation, observe, open_market, rng_of
from cmo.simulation.files import write_json, write_yaml
from cmo.simulation.habit import Habit, habitual_plan
from cmo.simulation.maison_lumen import MAISON_LUMEN
from cmo.simulation.people import live_out
from cmo.simulation.sales import order_lines
from cmo.simulation.statements import STATEMENTS
from cmo.simulation.strategy import strategy_of
from cmo.simulation.trials import email_test
from cmo.simulation.truth import truth_of
from cmo.simulation.workspace import History, tables_of, write_config, write_data

PAST_WEEKS = 78
_PLAN, _CUSTOMERS, _LINES = 10, 11, 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulated:
    """Where a simulated company lies: its workspace, and its truth in a file of its own."""

    workspace: Path
    truth: Path


def world_ending(
    end: date, *, seed: int, years: int, scale: float = 1.0, company: Company = MAISON_LUMEN
) -> World:
    """A world whose data ends with the last full week up to a date."""
    weeks = 52 * years
    last_sunday = end - timedelta(days=(end.weekday() + 1) % 7)
    start = last_sunday + timedelta(days=1) - timedelta(weeks=weeks)
    return World(company=company, start=start, weeks=weeks, past=PAST_WEEKS, seed=seed, scale=scale)


def live_by_habit(world: World) -> History:
    """Live a world under its habitual plan, and draw its customers and orders."""
    market = open_market(world)
    plan = habitual_plan(market, rng_of(world.seed, _PLAN))
    policy, episode = Habit(market=market, plan=plan), Episode(market)
    seen: list[Observation] = []
    while not episode.over:
        seen.append(episode.step(policy(episode.state.week, seen[-1] if seen else None)))
    lived = episode.lived[: world.past + world.weeks]
    ledger = live_out(market, lived, rng_of(world.seed, _CUSTOMERS), tests=(email_test(market),))
    lines = order_lines(market, lived, ledger, rng_of(world.seed, _LINES))
    return History(
        market=market,
        plan=plan,
        lived=lived,
        seen=[observe(market, week) for week in lived[world.past :]],
        ledger=ledger,
        lines=lines,
        after=tuple(episode.lived[len(lived) :]),
    )


def simulate(
    folder: Path,
    *,
    seed: int = 1,
    years: int = 3,
    scale: float = 1.0,
    end: date,
    language: str = "fr",
    truth: Path | None = None,
) -> Simulated:
    """Write the workspace of a simulated company, and its truth beside it.

    Args:
        folder: The workspace; made if need be, files of the same names are replaced.
        seed: Source of all chance; the same seed gives the same bytes.
        years: Years of data, >= 1; the plans and tests are laid out for two or more.
        scale: Multiplier of people and budgets, > 0.
        end: The data stops on the last Sunday up to this day.
        language: Language of the company's own words, `fr` or `en`.
        truth: Where the truth goes; by default beside the workspace, under its name and `-truth.json`.

    Raises:
        ValueError: The truth would lie inside the workspace, or a number is out of its range.
    """
    if years < 1 or scale <= 0:
        raise ValueError(f"years == {years} and scale == {scale}: years must be >= 1 and scale > 0")
    world = world_ending(end, seed=seed, years=years, scale=scale)
    return write_company(world, folder, language=language, truth=truth)


def write_company(
    world: World, folder: Path, *, language: str = "fr", truth: Path | None = None
) -> Simulated:
    """Live a world by habit, write its workspace and its truth; see `simulate`."""
    if truth is None:
        truth = folder.parent / f"{folder.resolve().name}-truth.json"
    if truth.resolve().is_relative_to(folder.resolve()):
        raise ValueError(f"the truth {truth} lies inside the workspace {folder}: give a place outside it")
    history = live_by_habit(world)
    tables = tables_of(history, language=language)
    folder.mkdir(parents=True, exist_ok=True)
    refused = write_data(folder, tables, seed=world.seed)
    write_config(folder, history.market, tables, language=language)
    write_yaml(folder / "strategy.yaml", strategy_of(history, STATEMENTS), blocks=3)
    write_json(truth, truth_of(history, STATEMENTS, refused=refused))
    return Simulated(workspace=folder, truth=truth)
