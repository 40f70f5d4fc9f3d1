"""Tests and intervals of an effect over time, by moving residuals through the calendar.

Under the hypothesis that is tested, the residuals of a fit over the whole calendar are alike before and
during the test: their order carries no news.

References:
    Chernozhukov, Wuthrich & Zhu (2021), "An exact and robust conformal inference method for counterfactual
    and synthetic controls", JASA 116.
"""

from collections.abc import Callable
from enum import StrEnum
from functools import cached_property

import numpy as np
import numpy.typing as npt

from cmo.experiments.contrast import Alternative
from cmo.experiments.moments import Floats
from cmo.experiments.synthetic_control import Ridge, synthetic_control


class Statistic(StrEnum):
    """What is summed over the test: gaps either way (GeoLift's), or the net gap."""

    ABSOLUTE = "absolute"
    NET = "net"


class Orders:
    """Which periods stand for the test: its own, then other placements of as many periods.

    Attributes:
        times: Periods in all.
        length: Periods of the test, the last ones.
    """

    def __init__(
        self, times: int, length: int, *, draws: int = 0, rng: np.random.Generator | None = None
    ) -> None:
        """Cyclic shifts of the calendar, or random draws of periods where `draws` are asked for."""
        if not 0 < length < times:
            raise ValueError(f"a test of {length} in {times} periods: must be shorter than the calendar")
        self.times, self.length = times, length
        self._draws, self._rng = draws, rng

    @cached_property
    def periods(self) -> npt.NDArray[np.intp]:
        """Index of the periods of each placement, shape (placements, length)."""
        if self._rng is None:
            starts = np.arange(self.times)[:, None]
            return np.asarray((starts + np.arange(self.length)[None, :]) % self.times, dtype=np.intp)
        keys = self._rng.random((self._draws, self.times))
        return np.argpartition(keys, self.length, axis=1)[:, : self.length]


def residual_p(
    gap: Floats,
    orders: Orders,
    *,
    alternative: Alternative = Alternative.DIFFERENT,
    statistic: Statistic = Statistic.ABSOLUTE,
) -> float:
    """P-value of residuals during the test among placements of the test elsewhere in the calendar.

    Args:
        gap: Residuals of a fit over the whole calendar under the hypothesis, shape (times,).
        orders: Placements.
        alternative: Which way the effect goes.
        statistic: What is summed where either way counts.
    """
    if alternative is not Alternative.DIFFERENT:
        gap = gap if alternative is Alternative.GREATER else -gap
    elif statistic is Statistic.ABSOLUTE:
        gap = np.abs(gap)
    sums = gap[orders.periods].sum(axis=1)
    own = gap[-orders.length :].sum()
    if alternative is Alternative.DIFFERENT and statistic is Statistic.NET:
        sums, own = np.abs(sums), abs(own)
    return float(np.mean(sums >= own - 1e-9 * (1.0 + abs(own))))


def conformal_p(
    target: Floats,
    donors: Floats,
    *,
    orders: Orders,
    effect: float = 0.0,
    alternative: Alternative = Alternative.DIFFERENT,
    statistic: Statistic = Statistic.ABSOLUTE,
    augmented: Ridge | None = None,
) -> float:
    """P-value of a constant effect during the last periods.

    Args:
        target: Mean outcome of the treated markets, shape (times,).
        donors: Outcomes of the others, shape (times, donors).
        orders: Placements, whose length is that of the test.
        effect: The effect per period that is tested.
        alternative: Which way the effect goes.
        statistic: What is summed where either way counts.
        augmented: Ridge correction, if any.
    """
    without = target.copy()
    without[-orders.length :] -= effect
    fit = synthetic_control(without, donors, pre=len(target), augmented=augmented)
    return residual_p(fit.gap, orders, alternative=alternative, statistic=statistic)


def conformal_interval(
    target: Floats, donors: Floats, *, orders: Orders, level: float = 0.9, steps: int = 40
) -> tuple[float, float]:
    """Every constant effect that the conformal test of the net gap does not reject.

    Args:
        target: Mean outcome of the treated markets, shape (times,).
        donors: Outcomes of the others, shape (times, donors).
        orders: Placements, whose length is that of the test.
        level: Coverage; at most 1 - 1 / times can be had of cyclic shifts.
        steps: Halvings of each bound's bracket.
    """
    length = orders.length
    start = synthetic_control(target, donors, pre=len(target) - length)
    centre, reach = start.att, 4.0 * max(start.rmse, 1e-12)

    def kept(effect: float) -> bool:
        p = conformal_p(target, donors, orders=orders, effect=effect, statistic=Statistic.NET)
        return p > 1.0 - level

    return _edge(kept, centre, -reach, steps=steps), _edge(kept, centre, reach, steps=steps)


def _edge(kept: Callable[[float], bool], centre: float, reach: float, *, steps: int) -> float:
    inside, outside = centre, centre + reach
    for _ in range(20):
        if not kept(outside):
            break
        inside, outside = outside, centre + 2.0 * (outside - centre)
    else:
        return float(np.copysign(np.inf, reach))
    for _ in range(steps):
        middle = 0.5 * (inside + outside)
        if kept(middle):
            inside = middle
        else:
            outside = middle
    return inside
