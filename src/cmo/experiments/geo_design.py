"""Which regions to treat and what their test would tell: its own reading tried on the company's past.

Every candidate group is read in past windows in which nothing was tested; how far those readings stray from
zero is the standard error to expect. No model of the noise is believed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt

from cmo.experiments.geo_reading import LEAST_PERIODS, LEAST_PLACEBOS, Method, geo_effect
from cmo.experiments.moments import Floats
from cmo.experiments.past import Panel

WINDOWS = 24
"""Past windows in which each group is tried."""
LEAST_WINDOWS = 3
LARGEST_SHARE = 0.5
"""Of all outcome: more treated than left alone leaves nothing to compare with."""
_LEND = 12.0
"""Windows of its own that a group's error is worth less than the error of groups of its size."""
_FINALISTS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a choice of regions must keep to.

    Attributes:
        include: Regions that must be treated.
        exclude: Regions that must not be treated; they stay in the comparison.
        most_share: Largest share of all outcome that may be treated, in (0, 0.5].
        sizes: Numbers of treated regions that are tried.
    """

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    most_share: float = 0.35
    sizes: tuple[int, ...] = (1, 2, 3, 4)


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketChoice:
    """A group of regions with what its test would tell.

    Attributes:
        regions: Treated regions, sorted.
        periods: Length of the test.
        standard_error: Of the relative effect on the group's outcome.
        bias: Mean effect found where there was none.
        share: Share of all outcome in the group.
        method: How it would be read.
        windows: Past windows that say so.
    """

    regions: tuple[str, ...]
    periods: int
    standard_error: float
    bias: float
    share: float
    method: Method
    windows: int


def market_choices(panel: Panel, *, periods: int, limits: Limits | None = None) -> tuple[MarketChoice, ...]:
    """Groups of regions within the limits, the surest first.

    Args:
        panel: The past, free of other tests.
        periods: Length of the test.
        limits: What a choice must keep to.

    Returns:
        At most twelve choices; none where the past is too short or regions are too few.

    Raises:
        ValueError: A region is unknown, or both included and excluded.
    """
    limits = limits or Limits()
    panel.index((*limits.include, *limits.exclude))
    both = set(limits.include) & set(limits.exclude)
    if both:
        raise ValueError(f"region {min(both)!r} is both included and excluded")
    starts = _starts(len(panel.days), periods)
    if len(starts) < LEAST_WINDOWS or len(panel.regions) < LEAST_PLACEBOS + 1:
        return ()
    groups = candidate_groups(panel, limits)
    positive = bool(np.all(panel.outcomes > 0.0))
    methods = (Method.LOG_RATIO, Method.SYNTHETIC_CONTROL) if positive else (Method.SYNTHETIC_CONTROL,)
    tried = [(group, _strays(panel, group, starts, periods=periods, methods=methods)) for group in groups]
    found = []
    for group, strays in tried:
        alike = [np.mean(other**2, axis=1) for name, other in tried if len(name) == len(group)]
        pooled = np.mean(alike, axis=0)
        n = strays.shape[1]
        error = np.sqrt((n * np.mean(strays**2, axis=1) + _LEND * pooled) / (n + _LEND))
        best = int(error.argmin())
        found.append(
            MarketChoice(
                regions=group,
                periods=periods,
                standard_error=float(error[best]),
                bias=float(strays[best].mean()),
                share=_share(panel, group),
                method=methods[best],
                windows=n,
            )
        )
    return tuple(sorted(found, key=lambda choice: (choice.standard_error, choice.regions))[:_FINALISTS])


def candidate_groups(panel: Panel, limits: Limits) -> tuple[tuple[str, ...], ...]:
    """Groups worth trying: each region with those that move most like it, and what was asked for."""
    free = [name for name in panel.regions if name not in limits.exclude]
    most = min(limits.most_share, LARGEST_SHARE)
    groups: set[tuple[str, ...]] = set()
    if limits.include:
        rest = [name for name in free if name not in limits.include]
        for size in {max(size - len(limits.include), 0) for size in limits.sizes}:
            groups |= {tuple(sorted((*limits.include, *more))) for more in combinations(rest, min(size, 2))}
    else:
        with np.errstate(invalid="ignore", divide="ignore"):
            like = np.corrcoef(panel.outcomes[:, panel.index(free)].T).reshape(len(free), len(free))
        nearest = np.argsort(-np.nan_to_num(like, nan=-1.0), axis=1, kind="stable")
        for size in limits.sizes:
            groups |= {tuple(sorted({free[j] for j in row[:size]})) for row in nearest}
    kept = [group for group in groups if group and _share(panel, group) <= most]
    allowed = [group for group in kept if len(panel.regions) - len(group) >= LEAST_PLACEBOS]
    return tuple(sorted(allowed, key=lambda group: (len(group), group)))


def error_of(panel: Panel, regions: Sequence[str], *, periods: int) -> MarketChoice | None:
    """What a test of given regions would tell; none where the past is too short or too few are left."""
    limits = Limits(include=tuple(regions), sizes=(len(regions),), most_share=LARGEST_SHARE)
    return next(iter(market_choices(panel, periods=periods, limits=limits)), None)


def _share(panel: Panel, group: Sequence[str]) -> float:
    totals = panel.outcomes.sum(axis=0)
    return float(totals[panel.index(group)].sum() / totals.sum())


def _starts(n: int, periods: int) -> list[int]:
    """First periods of past windows, spread evenly over what leaves enough to learn from."""
    first, last = max(LEAST_PERIODS, 2 * periods, n // 4), n - periods
    if last < first:
        return []
    count = min(WINDOWS, last - first + 1)
    return sorted({round(at) for at in np.linspace(first, last, count)})


def _strays(
    panel: Panel, group: Sequence[str], starts: Sequence[int], *, periods: int, methods: Sequence[Method]
) -> Floats:
    """Effects found where there was none, shape (methods, windows)."""
    treated = panel.index(group)
    target = panel.outcomes[:, treated].sum(axis=1)
    donors = np.delete(panel.outcomes, treated, axis=1)
    return np.array(
        [
            [_stray(target[: at + periods], donors[: at + periods], pre=at, method=method) for at in starts]
            for method in methods
        ]
    )


def _stray(target: npt.NDArray[np.float64], donors: Floats, *, pre: int, method: Method) -> float:
    return geo_effect(target, donors, pre=pre, method=method)[0]
