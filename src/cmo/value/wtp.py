"""Three intervals of a ratio of two coefficients: what a level is worth in money, and when nobody can say."""

from dataclasses import dataclass

import numpy as np
from scipy.stats import norm

from cmo.value.choice import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Worth:
    """What a level is worth in money, with its interval by three methods.

    Attributes:
        value: The ratio of the estimates.
        delta: By the delta method: symmetric, too short where the price's coefficient is near zero.
        draws: By quantiles of draws of both (Krinsky and Robb).
        fieller: By inverting the test of each ratio: right however near to zero the price's coefficient is.
            Its ends are infinite where the price does not clearly deter; then no interval can be told.
    """

    value: float
    delta: tuple[float, float]
    draws: tuple[float, float]
    fieller: tuple[float, float]

    @property
    def bounded(self) -> bool:
        """Whether the data bound the worth on both sides."""
        return bool(np.isfinite(self.fieller).all())


def worth(
    mean: Floats, covariance: Floats, *, rng: np.random.Generator, level: float = 0.9, draws: int = 10_000
) -> Worth:
    """Worth of a level in money: its coefficient over less that of the price.

    Args:
        mean: Estimates of the level's and the price's coefficient, shape (2,); the price's not 0.
        covariance: Of the two, shape (2, 2).
        rng: Source of randomness.
        level: Coverage of the intervals, in (0, 1).
        draws: Number of draws.

    Returns:
        The worth and its intervals.

    Raises:
        ValueError: The price's coefficient is zero.

    References:
        Krinsky and Robb (1986), "On approximating the statistical properties of elasticities"; Fieller
        (1954), "Some problems in interval estimation"; Hole (2007), "A comparison of approaches to
        estimating confidence intervals for willingness to pay measures".
    """
    top, price = float(mean[0]), -float(mean[1])
    if price == 0:
        raise ValueError("the price's coefficient is 0, so nothing can be put in money")
    ratio = top / price
    slope = np.array([1 / price, top / price**2])
    error = float(np.sqrt(slope @ covariance @ slope))
    z = float(norm.ppf((1 + level) / 2))
    drawn = rng.multivariate_normal(mean, covariance, size=draws, method="eigh")
    low, high = np.quantile(-drawn[:, 0] / drawn[:, 1], [(1 - level) / 2, (1 + level) / 2])
    return Worth(
        value=ratio,
        delta=(ratio - z * error, ratio + z * error),
        draws=(float(low), float(high)),
        fieller=_fieller(top, price, covariance, z=z),
    )


def _fieller(top: float, price: float, covariance: Floats, *, z: float) -> tuple[float, float]:
    """Ratios r for which top - r·price does not differ from zero; infinite where they have no bound."""
    of_top, of_price, both = covariance[0, 0], covariance[1, 1], -covariance[0, 1]
    a = price**2 - z**2 * of_price
    b = top * price - z**2 * both
    c = top**2 - z**2 * of_top
    inside = b**2 - a * c
    if a <= 0 or inside < 0:
        return -np.inf, np.inf
    root = float(np.sqrt(inside))
    return float((b - root) / a), float((b + root) / a)
