"""Google's two regressions for geo tests: treated total on control total over time, and geo by geo.

References:
    Kerman, Wang & Vaver (2017), "Estimating ad effectiveness using geo experiments in a time-based
    regression framework", Google.
    Vaver & Koehler (2011), "Measuring ad effectiveness using geo experiments", Google.
"""

from dataclasses import dataclass
from math import sqrt

import numpy as np

from cmo.experiments.contrast import Effect, Inference, quantile, tail_above, tested
from cmo.experiments.moments import Floats


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TimeBasedRegression:
    """A counterfactual for the treated total from the control total.

    Attributes:
        intercept: Of the regression before the test.
        slope: Of the regression before the test.
        counterfactual: Over all periods, shape (times,).
        effect: Gain by period of the test, shape (length,).
        scale: Standard error of the gain cumulated until each period of the test, shape (length,).
        df: Degrees of freedom.
    """

    intercept: float
    slope: float
    counterfactual: Floats
    effect: Floats
    scale: Floats
    df: float

    def total(self, inference: Inference, *, cost: float = 1.0) -> Effect:
        """Gain over the whole test per unit of incremental cost: the iROAS where a cost is given."""
        if cost == 0.0:
            raise ValueError("cost == 0, must differ from 0: without spend there is no return on it")
        gain = float(self.effect.sum()) / cost
        return tested(
            gain,
            float(self.scale[-1]) / abs(cost),
            df=self.df,
            n=float(len(self.counterfactual)),
            inference=inference,
        )

    def chance_above(self, threshold: float, *, cost: float = 1.0) -> float:
        """Probability that the gain per cost exceeds a threshold."""
        return tail_above((threshold * cost - float(self.effect.sum())) / float(self.scale[-1]), self.df)

    def lift(self, *, level: float = 0.9) -> tuple[float, float]:
        """Median relative gain and its one-sided lower bound, the observed total being given."""
        gain = float(self.effect.sum())
        observed = float(self.counterfactual[-len(self.effect) :].sum()) + gain
        least = gain - quantile(level, self.df) * float(self.scale[-1])
        return gain / (observed - gain), least / (observed - least)


def time_based_regression(treated: Floats, control: Floats, *, pre: int) -> TimeBasedRegression:
    """Fit before the test, predict during it.

    Args:
        treated: Total of the treated geos by period, shape (times,).
        control: Total of the control geos by period, shape (times,).
        pre: Periods before the test, at least 4.
    """
    if not 4 <= pre < len(treated):
        raise ValueError(
            f"{pre} periods before the test of {len(treated)}: need at least 4, and some of the test"
        )
    centre, level = control[:pre].mean(), treated[:pre].mean()
    spread = control[:pre] - centre
    information = float(spread @ spread)
    if information == 0.0:
        raise ValueError("the control total does not vary before the test: nothing can be regressed on it")
    slope = float(spread @ treated[:pre]) / information
    counterfactual = level + slope * (control - centre)
    residual = treated[:pre] - counterfactual[:pre]
    variance = float(residual @ residual) / (pre - 2)
    days = np.arange(1, len(treated) - pre + 1)
    reach = np.cumsum(control[pre:] - centre)
    scale = np.sqrt(variance * (days + days**2 / pre + reach**2 / information))
    return TimeBasedRegression(
        intercept=float(level - slope * centre),
        slope=slope,
        counterfactual=counterfactual,
        effect=treated[pre:] - counterfactual[pre:],
        scale=scale,
        df=float(pre - 2),
    )


def geo_based_regression(before: Floats, during: Floats, *, cost: Floats, inference: Inference) -> Effect:
    """Return on incremental cost from a regression over geos, weighted by the inverse square of their size.

    Args:
        before: Response of each geo before the test, shape (geos,), positive.
        during: Response of each geo during the test, shape (geos,).
        cost: Incremental cost of each geo, zero in control geos, shape (geos,).
        inference: The test to invert.
    """
    if np.any(before <= 0.0):
        raise ValueError("a geo had no response before the test: leave it out")
    weight = 1.0 / before
    design = np.column_stack([np.ones(len(before)), before, cost]) * weight[:, None]
    goal = during * weight
    slope, _, rank, _ = np.linalg.lstsq(design, goal, rcond=None)
    if rank < 3:
        raise ValueError("cost does not vary between geos: nothing can be regressed on it")
    residual = goal - design @ slope
    df = float(len(before) - 3)
    variance = float(residual @ residual) / df
    se = sqrt(variance * np.linalg.inv(design.T @ design)[2, 2])
    return tested(float(slope[2]), se, df=df, n=float(len(before)), inference=inference)
