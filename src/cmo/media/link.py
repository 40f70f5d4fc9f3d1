"""Whether media add to what is sold or multiply it: two links between their push and the outcome.

A push of media is told in the outcome's unit at its mean. Where media add, the outcome rises by the push in
any week. Where they multiply, it rises in proportion to what is sold anyway: more in a season of gifts than
in August, and each channel works on the demand that the others raised. Which is so is not known beforehand,
and the totals differ: the likelihood weighs both.

Both links work on a level, the outcome changed so that baseline, push and noise add up.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

_FLOOR = 0.1
_FLOORED = 0.02
"""Part of the values below the floor from which ratios of the outcome say too little."""
_WHOLE = 0.9


class Link(Protocol):
    """How the level relates to the outcome."""

    def level(self, outcome: Floats, *, mean: Floats | float) -> Floats:
        """The outcome on the scale where everything adds up."""

    def outcome(self, level: Floats, *, mean: float) -> Floats:
        """The outcome of a level."""

    def brought(self, push: Floats, outcome: Floats, *, mean: float) -> Floats:
        """Part of the outcome that would not be there without a push."""

    def worth(self, outcome: Floats, *, mean: float) -> Floats:
        """Outcome per unit of a small push."""

    def log_slope(self, outcome: Floats, *, mean: Floats | float) -> float:
        """Sum of the logarithms of the level's slope by the outcome."""


@dataclass(frozen=True, slots=True)
class Adding:
    """The level is the outcome."""

    def level(self, outcome: Floats, *, mean: Floats | float) -> Floats:  # noqa: ARG002 - the protocol's
        """The outcome itself."""
        return outcome

    def outcome(self, level: Floats, *, mean: float) -> Floats:  # noqa: ARG002 - the protocol's
        """The level itself."""
        return level

    def brought(self, push: Floats, outcome: Floats, *, mean: float) -> Floats:  # noqa: ARG002 - the protocol's
        """The push itself."""
        return push

    def worth(self, outcome: Floats, *, mean: float) -> Floats:  # noqa: ARG002 - the protocol's
        """One."""
        return np.ones_like(outcome)

    def log_slope(self, outcome: Floats, *, mean: Floats | float) -> float:  # noqa: ARG002 - the protocol's
        """Zero."""
        return 0.0


@dataclass(frozen=True, slots=True)
class Multiplying:
    """The level is the logarithm of the outcome, in the outcome's unit at its mean."""

    def level(self, outcome: Floats, *, mean: Floats | float) -> Floats:
        """`mean * (1 + log(outcome / mean))`; outcomes below a tenth of the mean are held there."""
        return np.asarray(mean * (1 + np.log(np.maximum(outcome / mean, _FLOOR))), dtype=np.float64)

    def outcome(self, level: Floats, *, mean: float) -> Floats:
        """`mean * exp(level / mean - 1)`."""
        return np.asarray(mean * np.exp(level / mean - 1), dtype=np.float64)

    def brought(self, push: Floats, outcome: Floats, *, mean: float) -> Floats:
        """`outcome * (1 - exp(-push / mean))`."""
        return np.asarray(-outcome * np.expm1(-push / mean), dtype=np.float64)

    def worth(self, outcome: Floats, *, mean: float) -> Floats:
        """The outcome in multiples of its mean."""
        return np.asarray(outcome / mean, dtype=np.float64)

    def log_slope(self, outcome: Floats, *, mean: Floats | float) -> float:
        """`sum(log(mean / outcome))`."""
        return float(-np.log(np.maximum(outcome / mean, _FLOOR)).sum())


LINKS: tuple[Link, ...] = (Adding(), Multiplying())


def possible(outcome: Floats) -> tuple[Link, ...]:
    """The links that an outcome allows: ratios need values well above zero nearly everywhere.

    Args:
        outcome: By region and week, shape (regions, weeks), or by week.
    """
    shaped = np.atleast_2d(outcome)
    low = shaped <= _FLOOR * shaped.mean(axis=1, keepdims=True)
    return LINKS if low.mean() <= _FLOORED and (shaped.mean(axis=1) > 0).all() else LINKS[:1]


def as_push(lift: float, error: float, *, outcome: float, link: Link) -> tuple[float, float]:
    """A measured lift and its standard error as a sum of pushes, each in multiples of its week's worth.

    Args:
        lift: Outcome with the spend that took place, less outcome without.
        error: Its standard error, > 0.
        outcome: The outcome while the lift was read.
        link: How media act.
    """
    if isinstance(link, Adding) or lift >= _WHOLE * outcome:
        return lift, error
    without = 1 - lift / outcome
    return float(-outcome * np.log(without)), float(error / without)
