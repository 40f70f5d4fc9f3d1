"""The Bayesian reading of the same effect: what is believed after the test, and what a choice may cost."""

from dataclasses import dataclass
from math import exp, inf, pi, sqrt

import numpy as np

from cmo.experiments.contrast import quantile, tail_above
from cmo.experiments.moments import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Normal:
    """A normal belief about an effect.

    Attributes:
        mean: Its centre.
        sd: Its standard deviation, > 0; infinite for a flat prior.
    """

    mean: float = 0.0
    sd: float = inf

    @property
    def chance_positive(self) -> float:
        """Probability that the effect is above zero."""
        return tail_above(-self.mean / self.sd, inf)

    @property
    def loss_if_chosen(self) -> float:
        """Expected loss of taking the treatment: what is lost where the effect is below zero."""
        return self.loss_if_refused - self.mean

    @property
    def loss_if_refused(self) -> float:
        """Expected loss of keeping the control: what is forgone where the effect is above zero."""
        z = self.mean / self.sd
        return self.sd * (exp(-z * z / 2.0) / sqrt(2.0 * pi) + z * tail_above(-z, inf))

    def interval(self, level: float = 0.95) -> tuple[float, float]:
        """Central interval."""
        half = quantile(0.5 + level / 2.0, inf) * self.sd
        return self.mean - half, self.mean + half


FLAT = Normal()
"""No opinion before the test."""


def posterior(estimate: float, se: float, *, prior: Normal = FLAT) -> Normal:
    """Belief about an effect after a normal measurement.

    Args:
        estimate: The measured effect.
        se: Its standard error, > 0.
        prior: Belief before.
    """
    if not se > 0.0:
        raise ValueError(f"se == {se}, must be positive")
    precision = 1.0 / se**2 + 1.0 / prior.sd**2
    mean = (estimate / se**2 + (0.0 if prior.sd == inf else prior.mean / prior.sd**2)) / precision
    return Normal(mean=mean, sd=precision**-0.5)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Winner:
    """Which arm to take, with what that may cost.

    Attributes:
        best: Index of the arm with the least expected loss.
        probability: Probability of each arm to be the best, shape (arms,).
        expected_loss: Expected shortfall of each arm against the best, in units of the metric, shape (arms,).
    """

    best: int
    probability: Floats
    expected_loss: Floats

    def declared(self, *, probability: float, loss: float) -> bool:
        """Whether the best arm is sure and cheap enough to be called the winner."""
        return bool(self.probability[self.best] >= probability and self.expected_loss[self.best] <= loss)


def winner(draws: Floats) -> Winner:
    """The arm to take, given joint draws of what each arm yields.

    Args:
        draws: Shape (draws, arms).
    """
    top = draws.max(axis=1)
    probability = np.bincount(draws.argmax(axis=1), minlength=draws.shape[1]) / len(draws)
    loss = (top[:, None] - draws).mean(axis=0)
    return Winner(best=int(loss.argmin()), probability=probability, expected_loss=loss)
