"""Signs of ill health read off small counts: broken rhythm, changed units, values far outside."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

DAY, WEEK, MONTH = 1, 7, 30
USUAL = 0.8  # share of the weeks with rows in which a weekday has some, to be missed when it has none
FENCE = 3.0  # interquartile ranges beyond the quartile (Tukey's "far out")
NARROWEST = 1.0  # interquartile range, in logarithms, taken where values hardly differ
STEPS = 4.0  # cells per unit of logarithm in a histogram
SHORTEST = 5  # days with values on either side of a change of unit
POWERS = (1, 2, 3)  # ×10, ×100, ×1000
CLOSE = 0.2  # how near to a power of ten a jump must be, in decimal logarithms
CHEAPEST_CUT = 2.0  # five days at ten times the level save five squares; a bump needs two cuts
NOISE_PRICE = 15.0  # of a cut, in variances of the day-to-day noise and logarithms of the length


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A run of days, weeks or months without a row where there should be some.

    Attributes:
        start: First day without.
        end: Last day without.
        missed: Periods missed, >= 1.
    """

    start: date
    end: date
    missed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """How regularly rows come, and where they stayed away.

    Attributes:
        step: Days between rows: `DAY`, `WEEK` or `MONTH`; None when there is no rhythm to break.
        expected: Periods between the first and the last row, >= 1.
        gaps: Where rows are missing, in order.
    """

    step: int | None
    expected: int
    gaps: tuple[Gap, ...]

    @property
    def missed(self) -> int:
        """Periods without rows."""
        return sum(gap.missed for gap in self.gaps)


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitChange:
    """A day from which values are ten, a hundred or a thousand times as large, or as small.

    Attributes:
        since: First day of the new level.
        factor: Power of ten, 10, 100, 1000 or their inverses.
        before: Median before.
        after: Median after.
    """

    since: date
    factor: float
    before: float
    after: float


def rhythm(days: Sequence[date]) -> Rhythm:
    """The rhythm of a table and the gaps in it.

    A table that rests on Sundays does not miss them: only weekdays that usually have rows are missed.

    Args:
        days: Days with rows, ascending, without repeats.

    Returns:
        The rhythm; without one (fewer than eight days, or irregular) nothing is missed.
    """
    if len(days) < 8:
        return Rhythm(step=None, expected=max(1, len(days)), gaps=())
    steps = np.diff([day.toordinal() for day in days])
    usual = float(np.median(steps))
    if usual <= 2:
        return _daily(days)
    for step, low, high in ((WEEK, 5, 9), (MONTH, 27, 32)):
        if low <= usual <= high:
            missed = np.rint(steps / (step if step == WEEK else 30.44)).astype(int) - 1
            gaps = tuple(
                Gap(
                    start=days[i] + timedelta(days=1),
                    end=days[i + 1] - timedelta(days=1),
                    missed=int(missed[i]),
                )
                for i in np.flatnonzero(missed > 0).tolist()
            )
            return Rhythm(step=step, expected=len(days) + int(missed[missed > 0].sum()), gaps=gaps)
    return Rhythm(step=None, expected=len(days), gaps=())


def _daily(days: Sequence[date]) -> Rhythm:
    first, last = days[0], days[-1]
    calendar = [first + timedelta(days=i) for i in range((last - first).days + 1)]
    there = set(days)
    busy = {day.isocalendar()[:2] for day in days}
    could = Counter(day.weekday() for day in calendar if day.isocalendar()[:2] in busy)
    did = Counter(day.weekday() for day in days)
    worked = {weekday for weekday, n in did.items() if n >= USUAL * could[weekday]}
    expected = [day for day in calendar if day.weekday() in worked or day in there]
    gaps: list[Gap] = []
    run: list[date] = []
    for day in expected:
        if day not in there:
            run.append(day)
        elif run:
            gaps.append(Gap(start=run[0], end=run[-1], missed=len(run)))
            run = []
    return Rhythm(step=DAY, expected=len(expected), gaps=tuple(gaps))


def unit_changes(days: Sequence[date], medians: Floats) -> tuple[UnitChange, ...]:
    """Days on which the unit of a column seems to change: cents for euros, thousands for units.

    The logarithms of daily medians are cut where their sum of squares falls most against a price per cut
    (exact, by dynamic programming); a cut is told of when the level jumps by about a power of ten.

    Args:
        days: Days, ascending.
        medians: Median of the absolute values of each day, > 0, shape (days,).

    Returns:
        The changes, in order; none when there are too few days.

    References:
        Jackson et al. (2005), "An algorithm for optimal partitioning of data on an interval",
        IEEE Signal Processing Letters 12(2).
    """
    logs = np.log10(medians)
    edges = [0, *_cuts(logs), logs.size]
    levels = [float(np.median(logs[i:j])) for i, j in pairwise(edges)] if logs.size else []
    found: list[UnitChange] = []
    for cut, before, after in zip(edges[1:-1], levels[:-1], levels[1:], strict=True):
        power = round(abs(after - before))
        if power in POWERS and abs(abs(after - before) - power) <= CLOSE:
            factor = 10.0**power if after > before else 10.0**-power
            found.append(UnitChange(since=days[cut], factor=factor, before=10.0**before, after=10.0**after))
    return tuple(found)


def _cuts(logs: Floats) -> list[int]:
    n = logs.size
    if n < 2 * SHORTEST:
        return []
    sums, squares = np.r_[0.0, np.cumsum(logs)], np.r_[0.0, np.cumsum(logs**2)]
    noise = float(np.median(np.abs(np.diff(logs)))) / 0.954  # of normal values, the median step is 0.954 sd
    price = max(CHEAPEST_CUT, NOISE_PRICE * noise**2 * float(np.log(n)))
    best = np.full(n + 1, np.inf)
    best[0], came_from = -price, np.zeros(n + 1, dtype=np.intp)
    for end in range(SHORTEST, n + 1):
        starts = np.arange(end - SHORTEST + 1)
        cost = squares[end] - squares[starts] - (sums[end] - sums[starts]) ** 2 / (end - starts)
        total = best[starts] + cost + price
        came_from[end] = int(np.argmin(total))
        best[end] = total[came_from[end]]
    cuts: list[int] = []
    at = int(came_from[n])
    while at > 0:
        cuts.append(at)
        at = int(came_from[at])
    return cuts[::-1]


def median_of(cells: Integers, counts: Integers) -> float:
    """Median of the values of a histogram whose cell k holds exp(k/4) to exp((k+1)/4), interpolated.

    Args:
        cells: Cell numbers, ascending, at least one.
        counts: Values in each, >= 1.
    """
    return float(np.exp(_quantile(cells, counts, 0.5)))


def far_out(cells: Integers, counts: Integers) -> npt.NDArray[np.bool_]:
    """Which cells of a histogram lie far above the upper quartile, in logarithms.

    Args:
        cells: Cell numbers, ascending, at least one; cell k holds exp(k/4) to exp((k+1)/4).
        counts: Values in each, >= 1.

    References:
        Tukey (1977), "Exploratory Data Analysis", chapter 2.
    """
    low, high = _quantile(cells, counts, 0.25), _quantile(cells, counts, 0.75)
    return np.asarray(cells / STEPS > high + FENCE * max(high - low, NARROWEST))


def _quantile(cells: Integers, counts: Integers, level: float) -> float:
    reached = np.cumsum(counts)
    at = int(np.searchsorted(reached, level * reached[-1]))
    below = reached[at] - counts[at]
    return float((cells[at] + (level * reached[-1] - below) / counts[at]) / STEPS)
