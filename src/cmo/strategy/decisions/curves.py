"""What every amount of money in every channel would bring, draw by draw: read from `media.response`."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.interpolate import PchipInterpolator

from cmo.measures import Estimate, Window
from cmo.media.allocation import frontier

Floats = npt.NDArray[np.float64]

GRID: Final = 61
"""Points between nothing and the largest amount tabulated, denser where there is little money."""
KNOWN: Final = 8.0
"""Ratio of the ends of the 90 % interval of what a channel brings, up to which it counts as known."""
STEPS: Final = 120
"""Steps of money in which a budget is divided."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Bounds:
    """What a plan may do with each channel.

    Attributes:
        low: Least money, shape (channels,).
        high: Most money, shape (channels,).
    """

    low: Floats
    high: Floats


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Curves:
    """Margin brought by money, before the money is taken off.

    Attributes:
        channels: Names.
        horizon: The days the money is spent in.
        money: Amounts, from zero, shape (grid, channels).
        margin: Draws of the margin brought, shape (draws, grid, channels).
    """

    channels: tuple[str, ...]
    horizon: Window
    money: Floats
    margin: Floats

    def brought(self, money: Floats) -> Floats:
        """Draws of the margin that each channel's money brings, shape (draws, channels); held at the ends."""
        columns = []
        for c in range(len(self.channels)):
            grid = self.money[:, c]
            place = int(np.clip(np.searchsorted(grid, money[c], side="right") - 1, 0, len(grid) - 2))
            part = min((money[c] - grid[place]) / (grid[place + 1] - grid[place]), 1.0)
            columns.append((1 - part) * self.margin[:, place, c] + part * self.margin[:, place + 1, c])
        return np.stack(columns, axis=1)

    def profit(self, money: Floats) -> Floats:
        """Draws of the profit of a division of money, shape (draws,)."""
        return np.asarray(self.brought(money).sum(axis=1) - money.sum(), dtype=np.float64)

    def known(self, money: Floats) -> npt.NDArray[np.bool_]:
        """Whether what each channel brings at some money is known to within a factor, shape (channels,)."""
        low, high = np.quantile(self.brought(money), [0.05, 0.95], axis=0)
        return np.asarray((low > 0) & (high <= KNOWN * low), dtype=np.bool_)

    def column(self, channel: str) -> int:
        """Position of a channel.

        Raises:
            ValueError: It is not among them.
        """
        return self.channels.index(channel)

    def amounts(self, said: Mapping[str, float], *, otherwise: Floats | None = None) -> Floats:
        """Money by channel from a mapping; channels it does not name keep `otherwise`, or nothing."""
        rest = np.zeros(len(self.channels)) if otherwise is None else otherwise
        return np.array([said.get(name, rest[c]) for c, name in enumerate(self.channels)], dtype=np.float64)


def curves_of(response: Estimate) -> Curves:
    """The curves that an estimate of `media.response` tabulates.

    Amounts between those tabulated follow a monotone cubic through them (Fritsch and Carlson 1980).
    """
    tabulated: dict[str, list[tuple[float, int]]] = {}
    for column, subject in enumerate(response.subjects):
        channel, _, amount = subject.rpartition("@")
        tabulated.setdefault(channel, []).append((float(amount), column))
    grids, margins = [], []
    for pairs in tabulated.values():
        amounts = np.array([amount for amount, _ in sorted(pairs)])
        drawn = response.draws[:, [column for _, column in sorted(pairs)]]
        grid = amounts[-1] * np.linspace(0.0, 1.0, GRID) ** 1.5
        grids.append(grid)
        margins.append(PchipInterpolator(amounts, drawn, axis=1)(grid))
    return Curves(
        channels=tuple(tabulated),
        horizon=response.window,
        money=np.stack(grids, axis=1),
        margin=np.stack(margins, axis=2),
    )


def best_division(money: Floats, margin: Floats, *, bounds: Bounds, total: float, spend_all: bool) -> Floats:
    """The division of a budget with the highest expected profit.

    Args:
        money: Grid of money, shape (grid, channels).
        margin: Expected margin brought on the grid, shape (grid, channels).
        bounds: What may be done with each channel.
        total: Money in all.
        spend_all: Whether all of it must be spent.

    Returns:
        Money by channel, shape (channels,), in steps of a hundredth of the total or so.
    """
    low = bounds.low
    high = np.minimum(bounds.high, money[-1])
    if low.sum() >= total or high.sum() <= total:
        return np.asarray(low * min(1.0, total / low.sum()) if low.sum() >= total else high)

    def value(grid: Floats) -> Floats:
        columns = [np.interp(grid, money[:, c], margin[:, c]) for c in range(money.shape[1])]
        return np.stack(columns, axis=1) - grid[:, None]

    found = frontier(value, low=low, high=high, most=total, steps=STEPS)
    division = found.at(total) if spend_all else found.best()
    held = np.clip(division, low, high)
    return np.asarray(_made_whole(held, low=low, high=high, total=total) if spend_all else held)


def _made_whole(held: Floats, *, low: Floats, high: Floats, total: float) -> Floats:
    """Spread what the steps left over, within the bounds."""
    gap = total - held.sum()
    room = high - held if gap > 0 else held - low
    return held + gap * room / room.sum() if room.sum() > abs(gap) else held
