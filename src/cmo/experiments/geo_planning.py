"""Designs of tests of regions: one group chosen, several cells, or regions drawn by lot."""

from dataclasses import dataclass, replace
from math import inf

from cmo.experiments.contrast import quantile
from cmo.experiments.design_parts import (
    WEEKS,
    channel_of,
    expected_of_spend,
    figures_of,
    lot_of,
    mean_return,
    promise_of,
)
from cmo.experiments.feasible import Feasible, geo_design
from cmo.experiments.geo_design import MarketChoice, error_of, market_choices
from cmo.experiments.geo_lot import drawn, like_pairs, like_strata, lot_error
from cmo.experiments.geo_reading import Method
from cmo.experiments.life import Figures
from cmo.experiments.past import Panel
from cmo.experiments.power import achieved_power
from cmo.experiments.registration import Kind
from cmo.experiments.wanted import Draw, Known, Plan, Wanted
from cmo.measures import Problem


def planned_geo(wanted: Wanted, known: Known) -> Plan:
    """The design of a test of regions.

    Args:
        wanted: What is wanted.
        known: The company's past, and what it believes of its channels.

    Raises:
        Problem: Outcomes are not known by region, or the past cannot bear the test.
    """
    if (panel := known.past.panel) is None:
        raise Problem(
            f"{wanted.test} compares regions, and outcomes are not known by region: give them a column region"
        )
    asked = _Asked(
        wanted=wanted,
        known=known,
        panel=panel,
        channel=channel_of(wanted, panel),
        weeks=wanted.weeks or WEEKS[Kind.GEO],
    )
    if wanted.draw is not None and (wanted.regions or wanted.cells):
        raise Problem(
            f"{wanted.test}: regions are drawn by lot (--draw) or named (--regions, --cell), not both"
        )
    try:
        if wanted.draw is not None:
            return _by_lot(asked, wanted.draw)
        return _of_cells(asked) if wanted.cells else _chosen(asked)
    except ValueError as error:
        raise Problem(f"{wanted.test}: {error}") from error


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """What every design of regions starts from."""

    wanted: Wanted
    known: Known
    panel: Panel
    channel: str
    weeks: int

    @property
    def periods(self) -> int:
        return self.panel.periods(self.weeks)

    def design(self, choice: MarketChoice, *, change: float) -> Feasible:
        value = mean_return(self.known, self.channel, self.panel)
        return geo_design(self.panel, choice, channel=self.channel, change=change, value=value)

    def figures(self, design: Feasible) -> Figures:
        effect = expected_of_spend(self.wanted, design, self.known)
        return figures_of(self.wanted, design, self.known, effect=effect)


def _chosen(asked: _Asked) -> Plan:
    wanted = asked.wanted
    choices = _choices(asked, asked.panel, regions=wanted.regions)
    design = asked.design(choices[0], change=wanted.change)
    figures = asked.figures(design)
    promise = promise_of(
        wanted,
        figures,
        metric="revenue",
        control="others",
        treated=design.treated,
        channel=asked.channel,
        change=wanted.change,
    )
    return Plan(
        registration=promise,
        figures=figures,
        population=_population(design.treated, asked.channel),
        choices=choices,
    )


def _of_cells(asked: _Asked) -> Plan:
    """Cells one after the other: each takes the surest regions that those before it have left."""
    wanted, left = asked.wanted, asked.panel
    named = {region for _, regions in wanted.cells for region in regions}
    cells: list[tuple[str, tuple[str, ...]]] = []
    every: list[Figures] = []
    for name, regions in wanted.cells:
        taken = {region for _, of in cells for region in of}
        left = asked.panel.without([*taken, *(named - set(regions))])
        best = _choices(asked, left, regions=regions)[0]
        design = asked.design(best, change=dict(wanted.changes).get(name, wanted.change))
        cells.append((name, best.regions))
        every.append(asked.figures(design))
    figures = _together(every)
    treated = tuple(sorted(region for _, of in cells for region in of))
    promise = promise_of(
        wanted,
        figures,
        metric="revenue",
        control="others",
        treated=treated,
        channel=asked.channel,
        change=None if wanted.changes else wanted.change,
        cells=tuple(cells),
        changes=wanted.changes,
    )
    return Plan(registration=promise, figures=figures, population=_population(treated, asked.channel))


def _by_lot(asked: _Asked, draw: Draw) -> Plan:
    wanted, panel = asked.wanted, asked.panel
    rng = lot_of(wanted)
    groups = (like_pairs if draw is Draw.PAIRS else like_strata)(panel, wanted.limits)
    treated = drawn(groups, rng=rng)
    error, _ = lot_error(panel, groups, periods=asked.periods, rng=rng)
    totals = panel.outcomes.sum(axis=0)
    choice = MarketChoice(
        regions=treated,
        periods=asked.periods,
        standard_error=error,
        bias=0.0,
        share=float(totals[panel.index(treated)].sum() / totals.sum()),
        method=Method.LOG_RATIO,
        windows=0,
    )
    design = asked.design(choice, change=wanted.change)
    figures = asked.figures(design)
    promise = promise_of(
        wanted,
        figures,
        metric="revenue",
        control="others",
        treated=treated,
        channel=asked.channel,
        change=wanted.change,
        lot=groups,
    )
    inside = tuple(name for group in groups for name in group)
    return Plan(registration=promise, figures=figures, population=_population(inside, asked.channel))


def _choices(asked: _Asked, panel: Panel, *, regions: tuple[str, ...]) -> tuple[MarketChoice, ...]:
    choices: tuple[MarketChoice, ...]
    if regions:
        found = error_of(panel, regions, periods=asked.periods)
        choices = () if found is None else (found,)
    else:
        choices = market_choices(panel, periods=asked.periods, limits=asked.wanted.limits)
    if not choices:
        raise Problem(
            f"{asked.wanted.test}: no choice of regions can be tried on the past for {asked.weeks} weeks; it "
            "needs five regions or more, and three times as many weeks of outcomes as the test lasts"
        )
    return choices


def _population(regions: tuple[str, ...], channel: str) -> tuple[str, ...]:
    return (*(f"region:{name}" for name in regions), f"channel:{channel}")


def _together(every: list[Figures]) -> Figures:
    """Figures of several cells that share the error: the least sure one is told, their money is added."""
    # As many cells share 5 % of error: each is read at a stricter level.
    strict = quantile(1.0 - 0.025 / len(every), inf) + quantile(0.8, inf)
    wider = strict / (quantile(0.975, inf) + quantile(0.8, inf))
    least = min(every, key=lambda one: one.power or 0.0)
    worth = [one.value for one in every if one.value is not None]
    return replace(
        least,
        mde=None if least.mde is None else least.mde * wider,
        power=achieved_power(least.expected_effect, wider * least.standard_error)
        if least.standard_error
        else None,
        cost=sum(one.cost for one in every),
        value=sum(worth) if worth else None,
        spend_change=sum(one.spend_change for one in every),
    )
