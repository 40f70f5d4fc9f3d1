"""Dividing money among channels so that the expected profit is greatest, whatever the shape of the curves.

Expected profit is a sum of one function per channel. On a grid of money the best division under bounds and
group limits is found exactly by dynamic programming, S-shaped curves included, and for every total at once:
the frontier comes free. Where risk counts too, money is then exchanged between channels while that helps.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

STEPS = 400
_TOLERANCE = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Channels whose money together is bounded; no channel is in two groups.

    Attributes:
        members: Positions of the channels.
        low: Least money together, >= 0.
        high: Most money together.
    """

    members: tuple[int, ...]
    low: float = 0.0
    high: float = np.inf


@dataclass(frozen=True, slots=True, kw_only=True)
class Frontier:
    """The best division for every total.

    Attributes:
        totals: Money in all, shape (grid,), ascending.
        values: Best attainable sum of values, shape (grid,); minus infinity where bounds forbid the total.
        divisions: Money by channel, shape (grid, channels).
    """

    totals: Floats
    values: Floats
    divisions: Floats

    def at(self, total: float) -> Floats:
        """Money by channel of the feasible total nearest to the one asked for.

        Raises:
            ValueError: The bounds leave no division.
        """
        feasible = np.flatnonzero(np.isfinite(self.values))
        if not len(feasible):
            raise ValueError("no division respects all bounds: loosen a minimum, a maximum or a group")
        return np.asarray(self.divisions[feasible[np.abs(self.totals[feasible] - total).argmin()]])

    def best(self) -> Floats:
        """Money by channel of the total whose value is greatest."""
        return np.asarray(self.divisions[int(np.argmax(self.values))], dtype=np.float64)


def frontier(
    value: Callable[[Floats], Floats],
    *,
    low: Floats,
    high: Floats,
    most: float,
    groups: tuple[Group, ...] = (),
    steps: int = STEPS,
) -> Frontier:
    """Best division of every total up to `most`, by dynamic programming over channels and groups.

    Args:
        value: Value of each channel at each amount of money: shape (grid,) to (grid, channels).
        low: Least money per channel, shape (channels,).
        high: Most money per channel, shape (channels,).
        most: Largest total, > 0.
        groups: Channels bounded together.
        steps: Resolution of the grid.

    Returns:
        The frontier; channel bounds are kept to the nearest step, group bounds strictly.
    """
    money = np.linspace(0.0, most, steps + 1)
    step = most / steps
    table = value(money)
    allowed = (money[:, None] >= np.round(low / step) * step - _TOLERANCE * most) & (
        money[:, None] <= np.maximum(np.round(high / step), np.round(low / step)) * step + _TOLERANCE * most
    )
    table = np.where(allowed, table, -np.inf)
    grouped = {member for group in groups for member in group.members}
    alone = tuple(Group(members=(c,)) for c in range(len(low)) if c not in grouped)
    parts = []
    for group in (*groups, *alone):
        values, division = _pool([(table[:, c], _one(money, c, len(low))) for c in group.members])
        outside = (money < group.low) | (money > group.high)
        parts.append((np.where(outside, -np.inf, values), division))
    values, divisions = _pool(parts)
    return Frontier(totals=money, values=values, divisions=divisions)


def exchange(
    objective: Callable[[Floats], float],
    start: Floats,
    *,
    low: Floats,
    high: Floats,
    groups: tuple[Group, ...] = (),
    total: float,
) -> Floats:
    """Move money between channels while an objective rises, in ever smaller amounts.

    Args:
        objective: To be made large, of money by channel, shape (channels,).
        start: Where to start, shape (channels,), within the bounds.
        low: Least money per channel.
        high: Most money per channel.
        groups: Channels bounded together.
        total: Money in all, kept as it is.

    Returns:
        Money by channel, shape (channels,).
    """
    best, found = start.copy(), objective(start)
    amount = total / 10
    while amount > total / 2000:
        improved = False
        for giver in range(len(best)):
            for taker in range(len(best)):
                tried = best.copy()
                tried[giver] -= amount
                tried[taker] += amount
                if giver == taker or not _within(tried, low=low, high=high, groups=groups):
                    continue
                reached = objective(tried)
                if reached > found:
                    best, found, improved = tried, reached, True
        if not improved:
            amount /= 2
    return best


def _within(money: Floats, *, low: Floats, high: Floats, groups: tuple[Group, ...]) -> bool:
    if (money < low - _TOLERANCE).any() or (money > high + _TOLERANCE).any():
        return False
    together = [money[list(group.members)].sum() for group in groups]
    return all(g.low - _TOLERANCE <= t <= g.high + _TOLERANCE for g, t in zip(groups, together, strict=True))


def _one(money: Floats, channel: int, n_channels: int) -> Floats:
    division = np.zeros((len(money), n_channels))
    division[:, channel] = money
    return division


def _pool(parts: list[tuple[Floats, Floats]]) -> tuple[Floats, Floats]:
    """Best sum of values at every total of money, with its division: a max-plus convolution, part by part."""
    values, division = parts[0]
    n = len(values)
    back = np.arange(n)[:, None] - np.arange(n)
    for more, other in parts[1:]:
        joint = np.where(back >= 0, values[np.maximum(back, 0)] + more, -np.inf)
        pick = joint.argmax(axis=1)
        rows = np.arange(n)
        values = joint[rows, pick]
        division = division[rows - pick] + other[pick]
    return values, division
