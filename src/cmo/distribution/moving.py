"""Customers between channels: who moved, what came with it, and what an opened channel took from the others.

Everything is a difference of differences over customers alike in what they spent before: those who did it
against those who did not. Nobody was drawn by lot, so it says what went together; the doubts say which way
it leans.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

FEWEST: Final = 30
"""Customers who moved before it is said what came with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Strata:
    """Sums over customers alike in what they spent before; all arrays have the shape (strata,).

    Attributes:
        n: Customers.
        change: Sum of what each changed by.
        squares: Sum of the squares of it.
    """

    n: Floats
    change: Floats
    squares: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What customers who did something changed by, over those alike who did not.

    Attributes:
        mean: Money per customer.
        error: Its standard error, > 0.
        n: Customers who did it and have others alike.
    """

    mean: float
    error: float
    n: int

    def draws(self, *, rng: np.random.Generator, draws: int) -> Floats:
        """Draws of the difference, shape (draws,)."""
        return np.asarray(self.mean + self.error * rng.standard_normal(draws), dtype=np.float64)


def difference(did: Strata, did_not: Strata) -> Difference | None:
    """The change of those who did beside that of those alike who did not, weighed by those who did.

    Args:
        did: Sums over customers who did it.
        did_not: Sums over those who did not, in the same strata.

    Returns:
        The difference; none where too few have others alike.
    """
    both = (did.n > 1) & (did_not.n > 1)
    n = float(did.n[both].sum())
    if n < FEWEST:
        return None
    share = did.n[both] / n
    gap = did.change[both] / did.n[both] - did_not.change[both] / did_not.n[both]
    variance = _variance(did, both) / did.n[both] + _variance(did_not, both) / did_not.n[both]
    error = float(np.sqrt((share**2 * variance).sum()))
    return Difference(mean=float((share * gap).sum()), error=max(error, 1e-9), n=int(n))


def _variance(one: Strata, kept: npt.NDArray[np.bool_]) -> Floats:
    n, mean = one.n[kept], one.change[kept] / one.n[kept]
    return np.asarray(np.maximum(one.squares[kept] - n * mean**2, 0.0) / (n - 1), dtype=np.float64)


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What an opened channel took from the others.

    Attributes:
        taken: Draws of the part of its revenue that the others would have had, in [0, 1], shape (draws,).
        from_known: Part of its revenue that came from customers who had bought elsewhere: it cannot have
            taken more.
        adopters: Customers who had bought elsewhere and took it up.
    """

    taken: Floats
    from_known: float
    adopters: int


def opening(
    gap: Difference,
    *,
    revenue: float,
    from_known: float,
    rng: np.random.Generator,
    draws: int,
) -> Opening:
    """How much of a channel's revenue the others lost to it.

    Args:
        gap: Change of the others' revenue per customer who took it up, beside those alike who did not.
        revenue: What the channel brought in the window after its opening, > 0.
        from_known: What of it came from those who took it up.
        rng: Source of randomness.
        draws: Number of draws.
    """
    lost = -gap.n * gap.draws(rng=rng, draws=draws)
    most = from_known / revenue
    return Opening(taken=np.clip(lost / revenue, 0.0, most), from_known=most, adopters=gap.n)
