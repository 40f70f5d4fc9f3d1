"""The net promoter score, with what chance may have done to it."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr, ndtri

Floats = npt.NDArray[np.float64]

ADDED = 3.0  # answers the adjusted Wald interval adds: three quarters of a promoter and of a detractor
JEFFREYS = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """Counts of answers to "would you recommend us?", 0 to 10.

    Attributes:
        promoters: Answers of 9 and 10, >= 0.
        passives: Answers of 7 and 8, >= 0.
        detractors: Answers of 0 to 6, >= 0; an answer of 0 is an answer.
    """

    promoters: float
    passives: float
    detractors: float

    def __post_init__(self) -> None:
        """Refuse negative counts and no answer at all."""
        if min(self.promoters, self.passives, self.detractors) < 0 or self.total <= 0:
            raise ValueError(f"{self}: counts must be >= 0 and at least one answer is needed")

    @property
    def total(self) -> float:
        """Number of answers."""
        return self.promoters + self.passives + self.detractors

    @property
    def score(self) -> float:
        """Promoters minus detractors as a share of answers, in [-1, 1]."""
        return (self.promoters - self.detractors) / self.total

    @property
    def variance(self) -> float:
        """Variance of one answer scored 1, 0 or -1."""
        return (self.promoters + self.detractors) / self.total - self.score**2


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """A score with its interval.

    Attributes:
        score: The score, or difference of scores, in [-1, 1] or [-2, 2].
        error: Standard error, >= 0.
        low: Lower end.
        high: Upper end.
        p: Two-sided p-value against 0.
    """

    score: float
    error: float
    low: float
    high: float
    p: float


def wald(answers: Answers, *, level: float = 0.95) -> Interval:
    """The large-sample interval, which is too short for few answers; see `adjusted_wald`.

    Args:
        answers: The counts.
        level: Level of the interval, in (0, 1).
    """
    return _interval(answers.score, answers.variance / answers.total, level=level)


def adjusted_wald(answers: Answers, *, level: float = 0.95) -> Interval:
    """The interval with the best coverage of six compared.

    Args:
        answers: The counts.
        level: Level of the interval, in (0, 1).

    References:
        Rocks (2016), "Interval estimation for the Net Promoter Score", The American Statistician 70(4).
    """
    more = Answers(
        promoters=answers.promoters + ADDED / 4,
        passives=answers.passives + ADDED / 2,
        detractors=answers.detractors + ADDED / 4,
    )
    return wald(more, level=level)


def difference(after: Answers, before: Answers, *, level: float = 0.95) -> Interval:
    """Change of the score between two groups of independent answers."""
    variance = after.variance / after.total + before.variance / before.total
    return _interval(after.score - before.score, variance, level=level)


def score_draws(counts: Floats, *, rng: np.random.Generator, draws: int) -> Floats:
    """Posterior draws of the score, in points.

    Args:
        counts: Promoters, passives and detractors in the last axis, shape (..., 3).
        rng: Source of randomness.
        draws: Number of draws, >= 1.

    Returns:
        Draws in [-100, 100], shape (draws, ...): Dirichlet with half an answer of each kind added.
    """
    weights = rng.standard_gamma(counts + JEFFREYS, size=(draws, *counts.shape))
    shares = weights / weights.sum(axis=-1, keepdims=True)
    return np.asarray(100 * (shares[..., 0] - shares[..., 2]), dtype=np.float64)


def _interval(score: float, variance: float, *, level: float) -> Interval:
    error = float(np.sqrt(variance))
    reach = float(ndtri((1 + level) / 2)) * error
    p = float(2 * ndtr(-abs(score) / error)) if error > 0 else float(score == 0)
    return Interval(score=score, error=error, low=score - reach, high=score + reach, p=p)
