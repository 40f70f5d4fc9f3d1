"""Looking at any time without lying: confidence sequences and e-values for an open horizon.

References:
    Waudby-Smith, Arbour, Sinha, Kennedy & Ramdas (2024), "Time-uniform central limit theory and asymptotic
    confidence sequences", Annals of Statistics 52(6).
    Robbins (1970), "Statistical methods related to the law of the iterated logarithm", Ann. Math. Stat. 41.
"""

from dataclasses import dataclass
from math import exp, inf, isinf, log, sqrt
from typing import Self

from cmo.experiments.contrast import TWO_SIDED, Alternative, Effect, Inference


@dataclass(frozen=True, slots=True, kw_only=True)
class Mixture:
    """The normal mixture that a sequence is built on.

    Attributes:
        rho: Precision of the mixture per unit, > 0.
    """

    rho: float

    @classmethod
    def tightest_at(cls, n: float, *, alpha: float = 0.05) -> Self:
        """The mixture whose sequence is narrowest near a sample size: set it to the traffic expected.

        Args:
            n: Units in all arms at which the interval should be narrowest, > 0.
            alpha: One less the level; twice that for a one-sided sequence.
        """
        if not (n > 0.0 and 0.0 < alpha < 1.0):
            raise ValueError(f"n == {n:g}, alpha == {alpha}: must hold n > 0 and 0 < alpha < 1")
        return cls(rho=sqrt((-2.0 * log(alpha) + log(-2.0 * log(alpha) + 1.0)) / n))


def half_width(n: float, mixture: Mixture, *, alpha: float = 0.05) -> float:
    """Half-width in standard errors of the two-sided sequence after n units."""
    v = n * mixture.rho**2
    return sqrt(2.0 * (v + 1.0) / v * log(sqrt(v + 1.0) / alpha))


def one_sided_width(n: float, mixture: Mixture, *, alpha: float = 0.05) -> float:
    """Width in standard errors of the one-sided sequence after n units."""
    v = n * mixture.rho**2
    return sqrt(2.0 * (v + 1.0) / v * log(1.0 + sqrt(v + 1.0) / (2.0 * alpha)))


def e_value(z: float, n: float, *, mixture: Mixture) -> float:
    """Evidence against no effect: its mean is at most one at any stopping time, were there none."""
    v = n * mixture.rho**2
    return exp(min(0.5 * z * z * v / (v + 1.0), 700.0)) / sqrt(v + 1.0)


def always_valid(effect: Effect, inference: Inference = TWO_SIDED, *, expected_n: float) -> Effect:
    """The effect with an interval and a p-value that hold at every look, planned or not.

    Args:
        effect: The effect as a fixed test reads it now.
        inference: Level and side.
        expected_n: Units in all arms at which the interval should be narrowest: the traffic expected.
    """
    alpha = 1.0 - inference.level
    if inference.alternative is Alternative.DIFFERENT:
        mixture = Mixture.tightest_at(expected_n, alpha=alpha)
        half = half_width(effect.n, mixture, alpha=alpha) * effect.se
        p = min(1.0, 1.0 / e_value(effect.estimate / effect.se, effect.n, mixture=mixture))
    else:
        mixture = Mixture.tightest_at(expected_n, alpha=min(2.0 * alpha, 0.999))
        half = one_sided_width(effect.n, mixture, alpha=alpha) * effect.se
        sign = 1.0 if inference.alternative is Alternative.GREATER else -1.0
        p = _one_sided_p(sign * effect.estimate / effect.se, effect.n, mixture)
    low, high = inference.interval(effect.estimate, half)
    return Effect(estimate=effect.estimate, se=effect.se, low=low, high=high, p=p, df=inf, n=effect.n)


def _one_sided_p(z: float, n: float, mixture: Mixture) -> float:
    """The level at which the one-sided sequence just touches zero."""
    least = one_sided_width(n, mixture, alpha=0.5)
    if z <= least or isinf(z):
        return 1.0 if z <= least else 0.0
    v = n * mixture.rho**2
    # Inverts z = one_sided_width: sqrt(v + 1) / (2 alpha) = exp(z^2 v / (2 (v + 1))) - 1.
    return float(min(1.0, sqrt(v + 1.0) / 2.0 / (exp(min(z * z * v / (2.0 * (v + 1.0)), 700.0)) - 1.0)))
