"""Quantiles compared between arms: the 90th centile of the basket, the median time to answer."""

from dataclasses import dataclass
from math import ceil, floor, inf, sqrt

import numpy as np
import numpy.typing as npt

from cmo.experiments.contrast import Contrast, quantile


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderInterval:
    """A sample quantile and the order statistics around it.

    Attributes:
        n: Units, >= 2.
        value: The sample quantile.
        low: Order statistic that bounds it from below at `level`.
        high: Order statistic that bounds it from above.
        level: Coverage of (low, high), in (0, 1).
    """

    n: int
    value: float
    low: float
    high: float
    level: float = 0.95

    @property
    def variance(self) -> float:
        """Variance of the sample quantile, read off the width of its interval."""
        z = quantile(0.5 + self.level / 2.0, inf)
        return (self.n - 1) / self.n * ((self.high - self.low) / (2.0 * z)) ** 2


def order_interval(values: npt.ArrayLike, share: float, *, level: float = 0.95) -> OrderInterval:
    """Sample quantile with the interval that the binomial count below it gives.

    Args:
        values: One value per unit, shape (units,).
        share: Which quantile, in (0, 1).
        level: Coverage of the interval.

    References:
        Deng, Knoblich & Lu (2018), "Applying the Delta Method in Metric Analytics", KDD, section 4.
    """
    if not 0.0 < share < 1.0:
        raise ValueError(f"share == {share}, must lie between 0 and 1")
    ordered = np.sort(np.asarray(values, dtype=np.float64))
    n = len(ordered)
    if n < 2:
        raise ValueError(f"n == {n}, must be at least 2 for the interval of a quantile")
    at = ranks(n, share, level=level)
    return OrderInterval(n=n, level=level, **{name: float(ordered[rank]) for name, rank in at.items()})


def ranks(n: int, share: float, *, level: float = 0.95) -> dict[str, int]:
    """Which order statistics, counted from 0, are the quantile (`value`) and its bounds (`low`, `high`).

    Args:
        n: Units, >= 2.
        share: Which quantile, in (0, 1).
        level: Coverage of the interval.
    """
    half = quantile(0.5 + level / 2.0, inf) * sqrt(n * share * (1.0 - share))
    return {
        "value": min(max(ceil(n * share) - 1, 0), n - 1),
        "low": max(floor(n * share - half) - 1, 0),
        "high": min(ceil(n * share + half) - 1, n - 1),
    }


def quantile_contrast(control: OrderInterval, treated: OrderInterval) -> Contrast:
    """Difference of one quantile between two arms, normal at these sample sizes."""
    return Contrast(
        control=control.value,
        treated=treated.value,
        difference=treated.value - control.value,
        variance=control.variance + treated.variance,
        baseline=control.value,
        baseline_variance=control.variance,
        covariance=-control.variance,
        df=inf,
        n=float(control.n + treated.n),
    )
