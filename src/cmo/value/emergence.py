"""Complaints that begin to rise: weekly counts against the year before, with few false alarms."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import bdtrc

Floats = npt.NDArray[np.float64]
Tally = tuple[float, float, float, float]  # complaints and opinions now, complaints and opinions before

WINDOWS = (1, 2, 4, 8)  # weeks that a rise is sought in
BASELINE = 52  # weeks it is held against, at most
SHORTEST = 12  # weeks it is held against, at least
FALSE_ALARMS = 1.0  # false alarms a year over all complaints, at most
YEAR = 52
FEWEST = 4  # complaints in the window below which nothing is said


@dataclass(frozen=True, slots=True, kw_only=True)
class Rise:
    """A complaint that rises.

    Attributes:
        complaint: Place of the complaint.
        weeks: Weeks over which it stands out most.
        count: Complaints in these weeks.
        expected: Complaints expected there, had nothing changed.
        times: How many times as frequent as before: 5 %, 50 % and 95 % points.
        p: Chance of so many or more, had nothing changed.
    """

    complaint: int
    weeks: int
    count: int
    expected: float
    times: tuple[float, float, float]
    p: float


def risen(
    counts: Floats, opinions: Floats, *, rng: np.random.Generator, false_alarms: float = FALSE_ALARMS
) -> tuple[Rise, ...]:
    """Complaints that stand out in the last weeks, the surest first.

    For each complaint and each of a few windows up to the last week, the number of complaints given all of
    window and baseline is binomial where nothing has changed: an exact test, whatever the true rate. The
    threshold shares the allowed false alarms of a year among weeks, windows and complaints (Bonferroni), so
    there are fewer of them than stated.

    Args:
        counts: Opinions with each complaint by week, shape (weeks, complaints), >= 0.
        opinions: Opinions by week, shape (weeks,), >= counts.
        rng: Source of randomness, for the intervals.
        false_alarms: False alarms allowed a year over all complaints, > 0.

    Returns:
        Complaints that rise; a complaint once, in the window where it stands out most.

    References:
        Przyborowski and Wilenski (1940), "Homogeneity of results in testing samples from Poisson series",
        Biometrika 31; Kulldorff (2001), "Prospective time periodic geographical disease surveillance using
        a scan statistic", JRSS A 164(1).
    """
    n_complaints = counts.shape[1]
    allowed = false_alarms / (YEAR * len(WINDOWS) * max(n_complaints, 1))
    found = []
    for complaint in range(n_complaints):
        held = [(weeks, *_held(counts[:, complaint], opinions, weeks=weeks)) for weeks in WINDOWS]
        weeks, p, tally = min(held, key=lambda one: one[1])
        if p <= allowed:
            found.append(_rise(complaint, weeks, p, tally, rng=rng))
    return tuple(sorted(found, key=lambda rise: rise.p))


def _held(counts: Floats, opinions: Floats, *, weeks: int) -> tuple[float, Tally]:
    """The last weeks of one complaint against the weeks before: chance of so many, and what was counted.

    The chance is one where there are too few of either.
    """
    before = slice(max(0, counts.size - weeks - BASELINE), max(0, counts.size - weeks))
    now, then = float(counts[-weeks:].sum()), float(counts[before].sum())
    n_now, n_then = float(opinions[-weeks:].sum()), float(opinions[before].sum())
    tally = (now, n_now, then, n_then)
    if counts.size - weeks < SHORTEST or now < FEWEST or n_now <= 0 or n_then <= 0:
        return 1.0, tally
    return float(bdtrc(now - 1, int(now + then), n_now / (n_now + n_then))), tally


def _rise(complaint: int, weeks: int, p: float, tally: Tally, *, rng: np.random.Generator) -> Rise:
    now, n_now, then, n_then = tally
    ratio = rng.gamma(now + 0.5, size=2000) / n_now / (rng.gamma(then + 0.5, size=2000) / n_then)
    low, middle, high = np.quantile(ratio, (0.05, 0.5, 0.95))
    return Rise(
        complaint=complaint,
        weeks=weeks,
        count=int(now),
        expected=then / n_then * n_now,
        times=(float(low), float(middle), float(high)),
        p=p,
    )
