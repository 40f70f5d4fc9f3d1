"""Tests that a company could run: what each costs, how long it takes, and how sure its answer would be."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import inf, sqrt

import numpy as np

from cmo.experiments.contrast import quantile
from cmo.experiments.geo_design import Limits, MarketChoice, market_choices
from cmo.experiments.past import Audience, Panel, Past
from cmo.experiments.power import achieved_power
from cmo.experiments.registration import Kind
from cmo.experiments.time_design import switchback_error

WEEKS = (4, 6, 8)
"""Lengths of geo tests that are tried."""
ON_OFF_WEEKS = (8, 12)
CHANGES = (0.0, 2.0, 4.0, 8.0)
"""Spend in treated regions as a multiple of the usual: none of it, or more. A small channel must be raised
manyfold before its effect can be read."""
MOST_MOVED = 0.1
"""Part of all media spend that a test may add, beyond doubling its channel."""
_DISTANCE = quantile(0.975, inf) + quantile(0.8, inf)


class Form(StrEnum):
    """What a marketer calls a test."""

    AB = "ab"
    SPLIT = "split"
    EMAIL = "email"
    PRICE = "price"
    MESSAGE = "message"
    CREATIVE = "creative"
    BANDIT = "bandit"
    SURVEY = "survey"
    FAKE_DOOR = "fake_door"
    GEO = "geo"
    ON_OFF = "on_off"
    SWITCHBACK = "switchback"
    BEFORE_AFTER = "before_after"

    @property
    def kind(self) -> Kind:
        """What is randomised, or compared."""
        return _KINDS.get(self, Kind.UNITS)


_KINDS: Mapping[Form, Kind] = {
    Form.BANDIT: Kind.CREATIVE,
    Form.GEO: Kind.GEO,
    Form.ON_OFF: Kind.SWITCHBACK,
    Form.SWITCHBACK: Kind.SWITCHBACK,
    Form.BEFORE_AFTER: Kind.BEFORE_AFTER,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Feasible:
    """A test that could be run.

    Attributes:
        id: A name for it, such as `geo-tv-6w`.
        form: What kind of test it is.
        subject: The channel whose spend changes, or the audience that is drawn from.
        metric: What decides.
        weeks: Its length.
        treated: Treated regions; none where units or weeks are drawn.
        units: Units in all arms; 0 where regions or weeks are compared.
        change: Spend where it is changed as a multiple of the usual; none where no spend is changed.
        standard_error: Of the relative effect on what is treated, from the company's own past.
        outcome: Outcome expected during the test of what is treated, in its unit: an effect of x brings
            x times so much.
        spend_change: Money that the test adds (or, below zero, withholds).
        cost: Money that it costs: what is added, or what withheld spend is expected to have brought less
            what it would have cost, where that is known; never below zero.
    """

    id: str
    form: Form
    subject: str
    metric: str
    weeks: int
    standard_error: float
    outcome: float
    cost: float
    treated: tuple[str, ...] = ()
    units: int = 0
    change: float | None = None
    spend_change: float = 0.0

    @property
    def mde(self) -> float:
        """Smallest relative effect seen with 80 % power at 5 %, two-sided."""
        return _DISTANCE * self.standard_error

    @property
    def return_error(self) -> float | None:
        """Standard error of the return on the money moved, in units of outcome per money; none without."""
        if self.spend_change == 0.0:
            return None
        return abs(self.standard_error * self.outcome / self.spend_change)

    def power(self, effect: float) -> float:
        """Probability to see a relative effect."""
        return achieved_power(effect, self.standard_error)


def feasible_designs(
    past: Past, *, rng: np.random.Generator, returns: Mapping[str, float] | None = None
) -> tuple[Feasible, ...]:
    """Every test worth thinking of: by region and on-off for each channel, by draw for each audience.

    Args:
        past: The company's past.
        rng: Draws orders of on and off.
        returns: Outcome that a unit of money has been bringing, by channel; without it, withholding spend is
            taken to cost nothing.

    Returns:
        For each channel, length and change the surest regions; for each channel and length one on-off; for
        each audience and length one even split.
    """
    returns = returns or {}
    out: list[Feasible] = []
    if past.panel is not None:
        out += _geo(past.panel, returns)
    if past.nation is not None:
        out += _on_off(past.nation, returns, rng=rng)
    out += [split(audience) for audience in past.audiences if audience.mean > 0.0]
    return tuple(out)


def geo_design(
    panel: Panel, choice: MarketChoice, *, channel: str, change: float, value: float = 0.0
) -> Feasible:
    """A geo test on a channel in given regions.

    Args:
        panel: The past.
        choice: Regions, length and error.
        channel: The channel whose spend changes.
        change: Spend there as a multiple of the usual.
        value: Outcome that a unit of its money has been bringing, times what it leaves.
    """
    usual = panel.usual_spend(channel, choice.regions, periods=choice.periods)
    moved = (change - 1.0) * usual
    weeks = round(choice.periods * panel.step / 7)
    direction = "holdout" if change < 1.0 else f"x{change:g}"
    return Feasible(
        id=f"geo-{channel}-{direction}-{weeks}w",
        form=Form.GEO,
        subject=channel,
        metric="revenue",
        weeks=weeks,
        treated=choice.regions,
        change=change,
        standard_error=choice.standard_error,
        outcome=_usual_outcome(panel, choice.regions) * choice.periods,
        spend_change=moved,
        cost=_cost(moved, value=value),
    )


def split(audience: Audience, *, shares: Sequence[float] = (0.5, 0.5)) -> Feasible:
    """A test on units drawn from an audience.

    Args:
        audience: Who can be drawn.
        shares: Share of each arm, control first; the standard error is that of the second arm against it.
    """
    left = audience.variance * (1.0 - audience.explained)
    per_arm = (1.0 / shares[0] + 1.0 / shares[1]) / audience.units
    return Feasible(
        id=f"split-{audience.name}-{audience.metric}-{audience.weeks}w",
        form=Form.SPLIT,
        subject=audience.name,
        metric=audience.metric,
        weeks=audience.weeks,
        units=round(audience.units),
        standard_error=sqrt(left * per_arm) / abs(audience.mean),
        outcome=audience.units * audience.mean * shares[1],
        cost=0.0,
    )


def _geo(panel: Panel, returns: Mapping[str, float]) -> list[Feasible]:
    found = []
    for weeks in WEEKS:
        periods = panel.periods(weeks)
        choices = market_choices(panel, periods=periods, limits=Limits())
        total = sum(panel.usual_spend(one, panel.regions, periods=periods) for one in panel.spend)
        if choices:
            found += [
                geo_design(
                    panel,
                    choices[0],
                    channel=channel,
                    change=change,
                    value=returns.get(channel, 0.0) * panel.value_per_unit,
                )
                for channel in sorted(panel.spend)
                for change in CHANGES
                if _tries(
                    panel.usual_spend(channel, choices[0].regions, periods=periods), change, total=total
                )
            ]
    return found


def _tries(usual: float, change: float, *, total: float) -> bool:
    """Whether so much more or less of a channel in the treated regions is worth thinking of."""
    return usual > 0.0 and (change <= 2.0 or (change - 1.0) * usual <= MOST_MOVED * total)


def _on_off(nation: Panel, returns: Mapping[str, float], *, rng: np.random.Generator) -> list[Feasible]:
    found = []
    for weeks in ON_OFF_WEEKS:
        error = switchback_error(nation, weeks=weeks, block=2, rng=rng)
        if error is None:
            continue
        for channel in sorted(nation.spend):
            withheld = -0.5 * nation.usual_spend(channel, nation.regions, periods=nation.periods(weeks))
            if withheld < 0.0:
                found.append(
                    Feasible(
                        id=f"on-off-{channel}-{weeks}w",
                        form=Form.ON_OFF,
                        subject=channel,
                        metric="revenue",
                        weeks=weeks,
                        change=0.0,
                        standard_error=error,
                        outcome=_usual_outcome(nation, nation.regions) * nation.periods(weeks) / 2.0,
                        spend_change=withheld,
                        cost=_cost(withheld, value=returns.get(channel, 0.0) * nation.value_per_unit),
                    )
                )
    return found


def _usual_outcome(panel: Panel, regions: Sequence[str]) -> float:
    lately = panel.outcomes[-min(len(panel.days), panel.periods(52)) :, panel.index(regions)]
    return float(lately.sum(axis=1).mean())


def _cost(moved: float, *, value: float) -> float:
    """What moving so much money costs: what it brings back, or would have brought, is taken off."""
    return max(moved * (1.0 - value), 0.0)
