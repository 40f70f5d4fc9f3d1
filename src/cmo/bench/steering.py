"""A simulated company steered quarter by quarter: budgets and tests in, what can be seen out."""

from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import numpy.typing as npt

from cmo.experiments.geo_reading import geo_lift
from cmo.simulation import (
    Actions,
    Episode,
    Habit,
    Market,
    Observation,
    Plan,
    World,
    draw_company,
    draw_mechanisms,
    habitual_plan,
    open_market,
    world_ending,
)
from cmo.simulation.episode import rng_of
from cmo.simulation.habit import CHASE

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

END = date(2026, 6, 28)
YEARS = 2
QUARTERS = 12
WEEKS = 13
HABITS = 2
TEST_COST = 1_500.0
"""Money for the work of one test: twenty hours of three people's time and what it is read with."""
TRIAL = slice(1, 12)
"""Weeks of its quarter in which a test runs."""
GROUPS = 3
"""Groups of regions, about equally large, of which each test of a quarter treats one."""
_LOOK_BACK = 52
_PLAN = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A test in a group of regions for some weeks of a quarter.

    Attributes:
        channel: Position of the channel.
        group: Group of regions where it is changed.
        times: Spend there as a multiple of what it would be; none where the channel runs there alone.
    """

    channel: int
    group: int
    times: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """What a policy does with a quarter: money by channel, shape (C,), and tests, of a group each."""

    money: Floats
    trials: tuple[Trial, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a policy knows when a quarter begins.

    Attributes:
        quarter: Its number, from 0.
        market: The world; policies other than the oracle read names, people by region and the calendar in it.
        plan: What the company would do by habit.
        episode: The world as it stands; only the oracle may live it on.
        past: What was seen of every week of the data and since.
        spend: Money spent in those weeks, shape (weeks, C).
        budget: Money of the quarter, EUR: what habit would spend.
        usual: How habit would divide it, shape (C,).
        last: How it was divided the quarter before, shape (C,).
        exists: Channels that exist, shape (C,).
        margin: Margin over revenue in the company's books.
    """

    quarter: int
    market: Market
    plan: Plan
    episode: Episode
    past: tuple[Observation, ...]
    spend: Floats
    budget: float
    usual: Floats
    last: Floats
    exists: Flags
    margin: float

    @property
    def first(self) -> date:
        """First day of the quarter."""
        return self.market.nature.mondays[self.episode.state.week]

    @property
    def outcomes(self) -> Floats:
        """Revenue by week and region, shape (weeks, R)."""
        return np.array([seen.revenue for seen in self.past])


def steered_world(number: int, seed: int) -> World:
    """Two years of data and twelve quarters more; what is new appears while the company is steered."""
    rng = np.random.default_rng([seed, number, 2])
    company = draw_company(rng)
    channels = tuple(
        replace(c, appears=1 + int(rng.integers(1, 6)) * WEEKS / (52 * YEARS)) if c.appears else c
        for c in company.channels
    )
    world = world_ending(END, seed=number, years=YEARS, company=replace(company, channels=channels))
    return replace(world, habits=HABITS, after=WEEKS * QUARTERS, mechanisms=draw_mechanisms(rng))


def opened(world: World) -> tuple[Market, Plan, Episode]:
    """A world lived by habit up to the end of its data; habit never takes up what is new."""
    market = open_market(world)
    plan = habitual_plan(market, rng_of(world.seed, _PLAN))
    known = np.array([c.appears < 1 for c in world.company.channels])
    plan = replace(plan, intensity=plan.intensity * known)
    policy, episode, seen = Habit(market=market, plan=plan), Episode(market), None
    for _ in range(world.past + world.weeks):
        seen = episode.step(policy(episode.state.week, seen))
    return market, plan, episode


def regions_of(market: Market, group: int) -> list[int]:
    """Regions of a group: the largest to the first group, the next to the second, and so on around."""
    order = np.argsort([-region.share for region in market.world.company.regions], kind="stable")
    return sorted(order[group::GROUPS].tolist())


def part_of(market: Market, group: int) -> float:
    """Part of the nation's quarter that a test of that group treats."""
    people = market.population.in_region @ market.population.people
    treated = float(people[regions_of(market, group)].sum() / people.sum())
    return treated * (TRIAL.stop - TRIAL.start) / WEEKS


def usual_spend(market: Market, plan: Plan, weeks: range) -> Floats:
    """What habit spends in the nation, search following demand, shape (weeks, C)."""
    company, people = market.world.company, market.population.people
    running = np.array([c.weekly_spend for c in company.channels]) * market.world.scale
    spend = plan.intensity[weeks.start : weeks.stop] * running
    if "search" in company.channel_keys:
        demand = market.nature.need[weeks.start : weeks.stop] @ people / (market.usual_need @ people)
        spend[:, company.channel_keys.index("search")] *= demand ** (CHASE * market.world.mechanisms.chase)
    return np.asarray(spend, dtype=np.float64)


def spend_of(market: Market, plan: Plan, move: Move, weeks: range) -> Floats:
    """A quarter's money by week, channel and region, shape (weeks, C, R), with the rhythm of habit.

    Tests add to the channel where they treat; everything is then scaled to the money there is.
    """
    rhythm = usual_spend(market, plan, weeks)
    total = rhythm.sum(axis=0)
    even = np.full(rhythm.shape, 1 / len(weeks))
    share = np.where(total > 0, np.divide(rhythm, total, out=even.copy(), where=total > 0), even)
    people = market.population.in_region @ market.population.people
    tilt = np.where(
        plan.tilt[weeks.start : weeks.stop].sum(axis=2, keepdims=True) > 0,
        plan.tilt[weeks.start : weeks.stop],
        people / people.sum(),
    )
    spend = (share * move.money)[:, :, None] * tilt
    for trial in move.trials:
        treated = regions_of(market, trial.group)
        if trial.times is None:
            alone = np.zeros(people.size)
            alone[treated] = people[treated] / people[treated].sum()
            spend[:, trial.channel] = 0.0
            days = len(range(*TRIAL.indices(len(weeks))))
            spend[TRIAL, trial.channel] = move.money[trial.channel] / days * alone
        else:
            spend[TRIAL, trial.channel, treated] *= trial.times
    money = float(move.money.sum())
    return np.asarray(spend * (money / spend.sum() if spend.sum() > 0 else 0.0), dtype=np.float64)


def live_quarter(episode: Episode, plan: Plan, spend: Floats) -> list[Observation]:
    """Live the weeks of a quarter with that spend, at habit's prices and promotions."""
    return [
        episode.step(
            Actions(
                spend=week,
                price=float(plan.price[episode.state.week]),
                discount=float(plan.discount[episode.state.week]),
            )
        )
        for week in spend
    ]


def lift_noise(outcomes: Floats, treated: list[int]) -> float:
    """Standard error, in revenue, of a test of a quarter's length in those regions, from the last weeks."""
    length = TRIAL.stop - TRIAL.start
    window = outcomes[-_LOOK_BACK - length :]
    lift = geo_lift(window, np.array(treated, dtype=np.intp), pre=len(window) - length)
    return float(lift.se * window[-length:, treated].sum())
