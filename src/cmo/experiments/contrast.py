"""The effect of a variant, with interval and p-value from one and the same test."""

from dataclasses import dataclass
from enum import StrEnum
from math import inf, sqrt

from scipy import special


class Alternative(StrEnum):
    """What a test is meant to show."""

    DIFFERENT = "different"
    GREATER = "greater"
    LESS = "less"


@dataclass(frozen=True, slots=True, kw_only=True)
class Inference:
    """How an effect is tested; its interval holds every effect that the test does not reject.

    Attributes:
        level: Coverage of the interval, in (0, 1).
        alternative: What the test is meant to show.
    """

    level: float = 0.95
    alternative: Alternative = Alternative.DIFFERENT

    def __post_init__(self) -> None:
        """Refuse a level outside (0, 1)."""
        if not 0.0 < self.level < 1.0:
            raise ValueError(f"level == {self.level}, must lie between 0 and 1")

    def critical(self, df: float) -> float:
        """Quantile that bounds the interval, in standard errors."""
        tail = 1.0 - self.level
        tail = tail / 2.0 if self.alternative is Alternative.DIFFERENT else tail
        return quantile(1.0 - tail, df)

    def p_value(self, statistic: float, df: float) -> float:
        """Probability of a statistic at least as extreme, were there no effect."""
        if self.alternative is Alternative.GREATER:
            return tail_above(statistic, df)
        if self.alternative is Alternative.LESS:
            return tail_above(-statistic, df)
        return 2.0 * tail_above(abs(statistic), df)

    def interval(self, estimate: float, half: float) -> tuple[float, float]:
        """Bounds around an estimate; the side that is not tested is open."""
        low = -inf if self.alternative is Alternative.LESS else estimate - half
        high = inf if self.alternative is Alternative.GREATER else estimate + half
        return low, high


TWO_SIDED = Inference()
"""The two-sided test at 5 %, with its 95 % interval."""


def quantile(probability: float, df: float) -> float:
    """Quantile of Student's t; of the normal where df is infinite."""
    return float(special.ndtri(probability) if df == inf else special.stdtrit(df, probability))


def tail_above(statistic: float, df: float) -> float:
    """Probability above a statistic under Student's t; under the normal where df is infinite."""
    return float(special.ndtr(-statistic) if df == inf else special.stdtr(df, -statistic))


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What a variant changed.

    Attributes:
        estimate: The change, in units of the metric or relative to the control.
        se: Its standard error, > 0.
        low: Lower bound of the interval; minus infinity where the test leaves it open.
        high: Upper bound; infinity where the test leaves it open.
        p: Two-sided or one-sided p-value of no effect, from the same test as the interval.
        df: Degrees of freedom; infinite for a normal test.
        n: Units in both arms.
    """

    estimate: float
    se: float
    low: float
    high: float
    p: float
    df: float
    n: float

    @property
    def significant(self) -> bool:
        """Whether the interval leaves out zero."""
        return not self.low <= 0.0 <= self.high


@dataclass(frozen=True, slots=True, kw_only=True)
class Contrast:
    """Difference between two arms and the baseline it is held against, with their joint variance.

    Attributes:
        control: Value of the metric in the control arm, as observed.
        treated: Value in the treated arm, as observed.
        difference: Estimated change, adjusted.
        variance: Variance of the difference.
        baseline: What a relative effect is divided by.
        baseline_variance: Its variance.
        covariance: Covariance of difference and baseline.
        df: Degrees of freedom of the variance (Welch, Satterthwaite).
        n: Units in both arms.
    """

    control: float
    treated: float
    difference: float
    variance: float
    baseline: float
    baseline_variance: float
    covariance: float
    df: float
    n: float


def absolute_effect(contrast: Contrast, inference: Inference = TWO_SIDED) -> Effect:
    """The change in the metric's own unit.

    References:
        Welch (1947), "The generalization of 'Student's' problem", Biometrika 34.
    """
    return tested(
        contrast.difference, sqrt(contrast.variance), df=contrast.df, n=contrast.n, inference=inference
    )


def tested(estimate: float, se: float, *, df: float, n: float, inference: Inference) -> Effect:
    """An effect whose estimate is taken as normal (or t) around the truth.

    Raises:
        ValueError: The standard error is not positive: nothing varied, so nothing can be tested.
    """
    if not se > 0.0:
        raise ValueError(f"standard error == {se}, must be positive: the metric does not vary between units")
    low, high = inference.interval(estimate, inference.critical(df) * se)
    return Effect(
        estimate=estimate, se=se, low=low, high=high, p=inference.p_value(estimate / se, df), df=df, n=n
    )
