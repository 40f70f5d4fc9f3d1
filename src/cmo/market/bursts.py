"""Bursts: stretches in which something happens faster than it usually does, nested in one another."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Burst:
    """A stretch in which events come at the rate of a level or faster.

    Attributes:
        level: 1 for the usual rate; each further level is `ratio` times faster.
        start: When it began, in the unit of the events.
        end: When it ended.
    """

    level: int
    start: float
    end: float


def bursts(at: Floats, *, ratio: float = 2.0, cost: float = 1.0) -> tuple[Burst, ...]:
    """Bursts of a stream of events.

    An automaton whose state i emits gaps at `ratio`^i times the usual rate pays `cost` log(n) for each state
    it climbs and nothing to fall back; the cheapest sequence of states is found exactly.

    Args:
        at: When each event happened, in any order, all different, at least two.
        ratio: How many times faster each state is than the one below, > 1.
        cost: What climbing a state costs, > 0: the more, the fewer bursts.

    Returns:
        The bursts, from the whole stream inwards in the order in which they begin.

    Raises:
        ValueError: Fewer than two events, or two at the same time.

    References:
        Kleinberg (2003), "Bursty and hierarchical structure in streams", Data Mining and Knowledge
        Discovery 7(4).
    """
    times = np.sort(np.asarray(at, dtype=np.float64))
    gaps = np.diff(times)
    if gaps.size < 1 or gaps.min() <= 0:
        raise ValueError("bursts need at least two events, no two of them at the same time")
    span, n = float(gaps.sum()), gaps.size
    highest = int(np.ceil(1 + np.log(span) / np.log(ratio) + np.log(1 / gaps.min()) / np.log(ratio)))
    rates = n / span * ratio ** np.arange(max(highest, 1), dtype=np.float64)
    return _nested(_cheapest(gaps, rates, climb=cost * np.log(n)), times)


def _cheapest(gaps: Floats, rates: Floats, *, climb: float) -> npt.NDArray[np.int_]:
    """State of each gap on the cheapest path, shape (gaps,)."""
    states = np.arange(rates.size)
    moving = climb * np.maximum(states[None, :] - states[:, None], 0)  # from row to column
    total = np.where(states == 0, 0.0, np.inf)
    came = np.zeros((gaps.size, rates.size), dtype=np.int_)
    for i, gap in enumerate(gaps):
        ways = total[:, None] + moving
        came[i] = ways.argmin(axis=0)
        total = ways.min(axis=0) - np.log(rates) + rates * gap
    path = np.zeros(gaps.size, dtype=np.int_)
    path[-1] = int(total.argmin())
    for i in range(gaps.size - 1, 0, -1):
        path[i - 1] = came[i, path[i]]
    return path


def _nested(path: npt.NDArray[np.int_], times: Floats) -> tuple[Burst, ...]:
    """Each stretch at a level or above is a burst of that level."""
    found: list[tuple[float, int, float]] = []
    for level in range(int(path.max()) + 1):
        inside = np.concatenate([[False], path >= level, [False]])
        edges = np.flatnonzero(inside[1:] != inside[:-1])
        found += [
            (float(times[a]), level + 1, float(times[b]))
            for a, b in zip(edges[::2], edges[1::2], strict=True)
        ]
    return tuple(Burst(level=level, start=start, end=end) for start, level, end in sorted(found))
