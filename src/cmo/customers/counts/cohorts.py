"""The retention triangle: what each cohort did at each age, and what the rest of the triangle will look like.

A cohort that came back more often than others of its age is expected to go on so, in part: its factor against
the pooled curve is shrunk as far as its own months leave it unsure.

References:
    Buehlmann & Gisler (2005), "A course in credibility theory", chapters 3 and 4: gamma-Poisson credibility.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import betaincinv

from cmo.customers.purchases.cells import Floats, Integers

N_DRAWS = 1_000
PLAIN = 0.15  # standard deviation of log factors over cohorts, before any data
WORTH = 4.0  # cohorts that this prior counts for


@dataclass(frozen=True, slots=True, kw_only=True)
class Triangle:
    """Shares of customers who order at each age, seen and to come; shapes (cohort, age).

    Attributes:
        seen: Whether the month has passed.
        share: Share observed, or expected where it has not passed; not a number beyond the curve.
        low: 5 % quantile: of the true share where seen, of the share that will be seen else.
        high: 95 % quantile.
        factor: Each cohort against the pooled curve, 1 for one like all, shape (cohort,).
    """

    seen: npt.NDArray[np.bool_]
    share: Floats
    low: Floats
    high: Floats
    factor: Floats


def triangle(
    ordered: Integers, size: Integers, *, reached: npt.NDArray[np.bool_], rng: np.random.Generator
) -> Triangle:
    """Fills the triangle.

    Args:
        ordered: Customers of each cohort who ordered at each age, shape (cohort, age).
        size: Customers of each cohort, >= 1, shape (cohort,).
        reached: Whether the cohort's whole month at that age has been seen, shape as `ordered`.
        rng: Source of randomness.
    """
    again = np.where(reached, ordered, 0).astype(np.float64)
    could = np.where(reached, size[:, None], 0).astype(np.float64)
    known = could.sum(axis=0) > 0
    pooled = np.divide(again.sum(axis=0) + 0.5, could.sum(axis=0) + 1.0)
    expected = (could * pooled).sum(axis=1)
    came = again.sum(axis=1)
    strength = _credibility(came, expected)
    factor = (came + strength) / (expected + strength)
    low, high = np.full(again.shape, np.nan), np.full(again.shape, np.nan)
    for level, ends in ((0.05, low), (0.95, high)):
        ends[reached] = betaincinv(again[reached] + 0.5, (could - again)[reached] + 0.5, level)
    share = np.where(reached, again / size[:, None], np.minimum(factor[:, None] * pooled, 1.0))
    for cohort, age in zip(*np.nonzero(~reached & known), strict=True):
        n = int(size[cohort])
        curve = rng.beta(again[:, age].sum() + 0.5, (could - again)[:, age].sum() + 0.5, N_DRAWS)
        own = rng.gamma(came[cohort] + strength, 1.0 / (expected[cohort] + strength), N_DRAWS)
        month = rng.gamma(strength, 1.0 / strength, N_DRAWS)  # months differ as cohorts do
        drawn = rng.binomial(n, np.minimum(curve * own * month, 1.0)) / n
        low[cohort, age], high[cohort, age] = np.quantile(drawn, [0.05, 0.95])
    share[:, ~known] = np.nan
    return Triangle(seen=reached, share=share, low=low, high=high, factor=factor)


def _credibility(came: Floats, expected: Floats) -> float:
    """Shape of the gamma of factors over cohorts: one over their variance beyond that of counts."""
    some = expected > 0
    excess = ((came - expected)[some] ** 2 - expected[some]).sum() / max((expected[some] ** 2).sum(), 1e-300)
    n = float(some.sum())
    variance = (n * max(excess, 0.0) + WORTH * PLAIN**2) / (n + WORTH)
    return float(1.0 / variance)
