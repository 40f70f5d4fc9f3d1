"""Change points: from when on a series runs at another level than before, or that it never does."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

PENALTY = 8.0  # times log n: what a change must explain, in noise variances, to be believed
SHORTEST = 3  # values that a level lasts at least
FEWEST = 2 * SHORTEST
NORMAL = 1.4826  # median absolute deviation of a normal law, inverted
MOST_MEMORY = 0.98


@dataclass(frozen=True, slots=True, kw_only=True)
class Levels:
    """A series as stretches of one level each.

    Attributes:
        starts: Position of the first value of each level but the first; empty where nothing changed.
        means: Mean of each level, one more than `starts`.
        noise: Standard deviation of a value around its level.
        memory: How much of a value's noise is left in the next one, in [0, 0.95].
    """

    starts: tuple[int, ...]
    means: tuple[float, ...]
    noise: float
    memory: float


def levels(series: Floats, *, penalty: float = PENALTY, shortest: int = SHORTEST) -> Levels:
    """The stretches of a series, by exact optimal partitioning.

    The sum of squares around the means plus a penalty for each change is the least there is. The penalty is
    that of Schwarz for the noise of the series, and more where neighbouring values are alike: a series that
    wanders would otherwise seem to change all the time.

    Args:
        series: Values at equal distances, finite, at least six.
        penalty: Multiple of log n times the noise's variance that a change costs, > 0.
        shortest: Values that a level lasts at least, >= 1.

    Returns:
        The levels.

    Raises:
        ValueError: Fewer than six values, or one that is not finite.

    References:
        Jackson et al. (2005), "An algorithm for optimal partitioning of data on an interval", IEEE Signal
        Processing Letters 12(2); Romano et al. (2022), "Detecting abrupt changes in the presence of local
        fluctuations and autocorrelated noise", JASA 117.
    """
    values = np.asarray(series, dtype=np.float64)
    if values.size < FEWEST or not np.isfinite(values).all():
        raise ValueError(f"{values.size} values were given; at least {FEWEST} are needed, all finite")
    noise, memory = _noise(values)
    inflation = (1 + memory) / (1 - memory)
    cost = penalty * np.log(values.size) * max(noise, 1e-9) ** 2 * inflation
    starts = _partition(values, cost=cost, shortest=shortest)
    edges = (0, *starts, values.size)
    means = tuple(float(values[a:b].mean()) for a, b in pairwise(edges))
    return Levels(starts=starts, means=means, noise=noise, memory=memory)


def _noise(values: Floats) -> tuple[float, float]:
    """Spread and memory of the noise, from differences over one and two steps, which no level touches.

    Steps of an AR(1) noise have variance 2 s^2 (1 - r) over one value and 2 s^2 (1 - r^2) over two.
    """
    one, two = (_spread(values[k:] - values[:-k]) ** 2 for k in (1, 2))
    if one == 0.0:
        return 0.0, 0.0
    memory = float(np.clip(two / one - 1, 0.0, MOST_MEMORY))
    return float(np.sqrt(one / (2 * (1 - memory)))), memory


def _spread(steps: Floats) -> float:
    """Robust spread of steps; the plain one where more than half of them are equal."""
    return float(NORMAL * np.median(np.abs(steps - np.median(steps)))) or float(steps.std())


def _partition(values: Floats, *, cost: float, shortest: int) -> tuple[int, ...]:
    n = values.size
    sums = np.concatenate([[0.0], np.cumsum(values - values.mean())])
    squares = np.concatenate([[0.0], np.cumsum((values - values.mean()) ** 2)])
    best = np.full(n + 1, np.inf)
    best[0] = -cost
    came = np.zeros(n + 1, dtype=np.int_)
    for end in range(shortest, n + 1):
        start = np.arange(end - shortest + 1)
        inside = squares[end] - squares[start] - (sums[end] - sums[start]) ** 2 / (end - start)
        total = best[start] + inside + cost
        came[end] = int(total.argmin())
        best[end] = total[came[end]]
    found: list[int] = []
    end = n
    while (end := int(came[end])) > 0:
        found.append(end)
    return tuple(reversed(found))
