"""Credit for conversions divided among the channels that people met, from counts of paths.

No division of credit is causal; it says who was there. Beside the incremental truth it shows how much more
than was sold all the platforms together claim.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

_DECAY_PER_STEP = 0.5
_POSITION = (0.4, 0.2, 0.4)


@dataclass(frozen=True, slots=True, kw_only=True)
class Paths:
    """Distinct paths with their counts, written one after the other.

    Attributes:
        channels: Names.
        steps: Channel of each touch, all paths in one row, shape (touches,).
        starts: Where each path begins in `steps`, and the end of the last, shape (paths + 1,).
        converted: People who took the path and bought, shape (paths,), >= 0.
        lost: People who took the path and did not, shape (paths,), >= 0.
    """

    channels: tuple[str, ...]
    steps: Integers
    starts: Integers
    converted: Floats
    lost: Floats

    def __post_init__(self) -> None:
        """Refuse paths without a touch and touches of no channel."""
        if (np.diff(self.starts) < 1).any() or self.starts[0] != 0 or self.starts[-1] != len(self.steps):
            raise ValueError("every path needs a touch, and the paths must fill the row of touches")
        if len(self.steps) and not 0 <= self.steps.min() <= self.steps.max() < len(self.channels):
            raise ValueError(f"a touch is of channel {self.steps.max()}, there are {len(self.channels)}")

    @property
    def lengths(self) -> Integers:
        """Touches of each path, shape (paths,)."""
        return np.diff(self.starts)

    def spread(self, weight: Floats) -> Floats:
        """Conversions by channel when each path's are divided by weights, shape (touches,) to (channels,)."""
        whole = np.add.reduceat(weight, self.starts[:-1])
        share = weight * np.repeat(self.converted / whole, self.lengths)
        return _summed(self.steps, share, n=len(self.channels))


def last_touch(paths: Paths) -> Floats:
    """All credit to the last channel met, shape (channels,)."""
    return _at(paths, paths.starts[1:] - 1)


def first_touch(paths: Paths) -> Floats:
    """All credit to the first channel met, shape (channels,)."""
    return _at(paths, paths.starts[:-1])


def linear(paths: Paths) -> Floats:
    """Equal credit to every touch, shape (channels,)."""
    return paths.spread(np.ones(len(paths.steps)))


def time_decay(paths: Paths) -> Floats:
    """Each touch gets half the credit of the next one, shape (channels,)."""
    to_go = np.repeat(paths.starts[1:] - 1, paths.lengths) - np.arange(len(paths.steps))
    return paths.spread(_DECAY_PER_STEP ** np.minimum(to_go, 60.0))


def position(paths: Paths) -> Floats:
    """40 % to the first touch, 40 % to the last, 20 % to those between, shape (channels,)."""
    lengths = np.repeat(paths.lengths, paths.lengths)
    place = np.arange(len(paths.steps)) - np.repeat(paths.starts[:-1], paths.lengths)
    middle = _POSITION[1] / np.maximum(lengths - 2, 1)
    weight = np.where(place == 0, _POSITION[0], np.where(place == lengths - 1, _POSITION[2], middle))
    return paths.spread(np.where(lengths == 1, 1.0, weight))


def markov(paths: Paths) -> Floats:
    """Credit by removal: how many conversions a first-order chain loses without the channel.

    No second chain is solved: what is lost without a channel is the chance to meet it at all times the
    chance to convert from there.

    Args:
        paths: Path counts.

    Returns:
        Conversions by channel, adding up to all conversions, shape (channels,).

    References:
        Anderl, Becker, von Wangenheim & Schumann (2016), "Mapping the customer journey", International
        Journal of Research in Marketing 33(3).
    """
    n = len(paths.channels)
    weight = paths.converted + paths.lost
    inner = np.ones(len(paths.steps), dtype=np.bool_)
    inner[paths.starts[1:] - 1] = False
    at = np.flatnonzero(inner)
    moves = np.bincount(
        paths.steps[at] * n + paths.steps[at + 1],
        weights=np.repeat(weight, paths.lengths)[at],
        minlength=n * n,
    ).reshape(n, n)
    begin = np.bincount(paths.steps[paths.starts[:-1]], weights=weight, minlength=n)
    last = paths.steps[paths.starts[1:] - 1]
    bought = np.bincount(last, weights=paths.converted, minlength=n)
    left = moves.sum(axis=1) + np.bincount(last, weights=weight, minlength=n)
    safe = np.where(left > 0, left, 1.0)
    visits = np.linalg.inv(np.eye(n) - moves / safe[:, None])
    chance = visits @ (bought / safe)
    arriving = (begin / begin.sum()) @ visits
    removal = arriving / np.diag(visits) * chance
    whole = removal.sum()
    return np.asarray(paths.converted.sum() * removal / (whole if whole > 0 else 1.0), dtype=np.float64)


def shapley(paths: Paths) -> Floats:
    """Each path's conversions divided equally among the distinct channels on it, shape (channels,).

    It is the exact Shapley value of the game in which a coalition is worth the conversions of the people who
    met no channel outside it.

    Args:
        paths: Path counts.

    References:
        Zhao, Mahboobi & Bagheri (2018), "Shapley value methods for attribution modeling in online
        advertising", arXiv:1804.05327.
    """
    n = len(paths.channels)
    owner = np.repeat(np.arange(len(paths.converted)), paths.lengths)
    met = np.unique(owner * n + paths.steps)
    worth = paths.converted / np.bincount(met // n, minlength=len(paths.converted))
    return _summed(met % n, worth[met // n], n=n)


RULES: Final = MappingProxyType(
    {
        "last": last_touch,
        "first": first_touch,
        "linear": linear,
        "time_decay": time_decay,
        "position": position,
        "markov": markov,
        "shapley": shapley,
    }
)


def resampled(paths: Paths, *, n_draws: int, rng: np.random.Generator) -> tuple[Paths, ...]:
    """Paths whose counts were drawn again (Poisson bootstrap), for intervals."""
    return tuple(
        Paths(
            channels=paths.channels,
            steps=paths.steps,
            starts=paths.starts,
            converted=rng.poisson(paths.converted).astype(np.float64),
            lost=rng.poisson(paths.lost).astype(np.float64),
        )
        for _ in range(n_draws)
    )


def overclaim(claimed: Mapping[str, float], *, outcome: float) -> float:
    """Conversions that the platforms claim, as a multiple of all that took place."""
    if outcome <= 0:
        raise ValueError(f"outcome == {outcome}, must be > 0")
    return sum(claimed.values()) / outcome


def _at(paths: Paths, place: Integers) -> Floats:
    return _summed(paths.steps[place], paths.converted, n=len(paths.channels))


def _summed(channel: Integers, credit: Floats, *, n: int) -> Floats:
    return np.asarray(np.bincount(channel, weights=credit, minlength=n), dtype=np.float64)
