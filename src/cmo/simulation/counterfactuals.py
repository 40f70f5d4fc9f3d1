"""What would have happened otherwise: the same people and weather, a channel switched off or turned up."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cmo.simulation.episode import relive
from cmo.simulation.habit import GeoTest
from cmo.simulation.living import Market, Week

Floats = npt.NDArray[np.float64]

STEP = 0.05  # relative change of spend at which the marginal return is taken


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What spending brought in the window, all expectations, EUR where not said otherwise.

    Attributes:
        spend: Money spent.
        revenue: Revenue that would not be there; fame and later orders of the customers won included.
        at_once: The part of it that came through memory alone, customers and fame held as they were.
        margin: Contribution before marketing that would not be there.
        newcomers: Customers who would not have come.
        marginal: Revenue per EUR of the next spent, all weeks raised alike.
        marginal_at_once: The same through memory alone.
    """

    spend: float
    revenue: float
    at_once: float
    margin: float
    newcomers: float
    marginal: float
    marginal_at_once: float


def _totals(weeks: Iterable[Week]) -> Floats:
    """Revenue, margin and newcomers of some weeks, shape (3,)."""
    by_week = np.array([(w.revenue.sum(), w.margin.sum(), w.newcomers.sum()) for w in weeks])
    return np.asarray(by_week.sum(axis=0), dtype=np.float64)


def effect_of(market: Market, window: Sequence[Week], channels: Sequence[int]) -> Effect:
    """The effect of some channels' spend in the window, the other channels spending as they did."""
    spend = np.array([w.actions.spend.sum(axis=1) for w in window])
    multiplier = np.ones(spend.shape)
    multiplier[:, channels] = 0.0
    was = _totals(window)
    revenue, margin, newcomers = was - _totals(relive(market, window, spend=multiplier))
    held = _totals(relive(market, window, spend=multiplier, hold=True))
    multiplier[:, channels] = 1.0 + STEP
    more = _totals(relive(market, window, spend=multiplier))
    more_held = _totals(relive(market, window, spend=multiplier, hold=True))
    spent = float(spend[:, channels].sum())
    return Effect(
        spend=spent,
        revenue=float(revenue),
        at_once=float(was[0] - held[0]),
        margin=float(margin),
        newcomers=float(newcomers),
        marginal=_per(more[0] - was[0], STEP * spent),
        marginal_at_once=_per(more_held[0] - was[0], STEP * spent),
    )


def _per(change: float, money: float) -> float:
    return float(change / money) if money else float("nan")


def media_effects(market: Market, window: Sequence[Week]) -> tuple[dict[str, Effect], Effect]:
    """The effect of each channel alone, and of all together (less or more than their sum)."""
    keys = market.world.company.channel_keys
    alone = {key: effect_of(market, window, [position]) for position, key in enumerate(keys)}
    return alone, effect_of(market, window, list(range(len(keys))))


def geo_effect(market: Market, lived: Sequence[Week], test: GeoTest) -> dict[str, float]:
    """What a test in regions truly brought there: revenue with the channel less revenue without."""
    window = lived[test.first : test.first + test.weeks]
    channel = market.world.company.channel_keys.index(test.channel)
    multiplier = np.ones((len(window), len(market.world.company.channels), len(market.world.company.regions)))
    multiplier[:, channel] = 0.0
    inside = np.isin(market.population.region, test.regions)

    def revenue(weeks: Iterable[Week]) -> float:
        return float(sum(w.revenue[inside].sum() for w in weeks))

    spent = float(sum(w.actions.spend[channel, list(test.regions)].sum() for w in window))
    without = revenue(relive(market, window, spend=multiplier, hold=True))
    brought = revenue(window) - without
    return {
        "incremental_revenue": brought,
        "lift": brought / without,
        "spend": spent,
        "revenue_per_spend": brought / spent if spent else float("nan"),
    }


def half_life(market: Market, window: Sequence[Week], channel: int, *, first: int) -> float:
    """Weeks until half of the effect of one week's extra spend is over, memory alone (interpolated)."""
    stretch = window[first : first + 40]
    multiplier = np.ones((len(stretch), len(market.world.company.channels)))
    multiplier[0, channel] = 1.5
    more = relive(market, stretch, spend=multiplier, hold=True)
    extra = np.array([float(a.revenue.sum() - b.revenue.sum()) for a, b in zip(more, stretch, strict=True)])
    reached = np.cumsum(extra) / extra.sum()
    before = np.concatenate([[0.0], reached])
    week = int(np.searchsorted(reached, 0.5))
    return float(week + (0.5 - before[week]) / (before[week + 1] - before[week]))
