"""Geo tests whose regions are drawn by lot within groups of like regions: design, error, exact analysis.

The lot alone makes the comparison fair: the p-value and the interval count the draws that could have been
made, and believe no model of regions.

References:
    Fisher (1935), "The Design of Experiments".
    Imbens & Rubin (2015), "Causal Inference for Statistics, Social, and Biomedical Sciences", chapters 5, 9,
    10.
"""

from collections.abc import Sequence
from itertools import combinations, product
from math import comb, prod

import numpy as np
import numpy.typing as npt

from cmo.experiments.geo_design import WINDOWS, Limits
from cmo.experiments.geo_reading import LEAST_PERIODS
from cmo.experiments.moments import Floats
from cmo.experiments.past import Panel
from cmo.experiments.randomisation import Assignments, paired_design

ENUMERATED = 4096
"""Up to so many draws all are listed; above, as many are sampled."""
LEAST_PAIRS = 6
"""Fewer pairs than these have too few draws for a level of 95 %: the two most extreme alone weigh 2 / 2^n."""
BASES = (1, 2, 4, 8)
"""Lengths of the time before, in lengths of the test, that are tried on the past."""
_LOTS = 40


def like_pairs(panel: Panel, limits: Limits) -> tuple[tuple[str, ...], ...]:
    """Pairs of regions that weigh and move alike, the nearest first, as far as the limits allow.

    Args:
        panel: The past, free of other tests.
        limits: Regions left out, and the largest share of the outcome that may be treated.

    Raises:
        ValueError: Fewer than six pairs can be had.
    """
    return _grouped(panel, limits, size=2)


def like_strata(panel: Panel, limits: Limits) -> tuple[tuple[str, ...], ...]:
    """Groups of regions of like size, one of each to be treated: as large as the share allowed asks for.

    Args:
        panel: The past, free of other tests.
        limits: Regions left out, and the largest share of the outcome that may be treated.

    Raises:
        ValueError: Too few regions for a lot that can bear a level of 95 %.
    """
    return _grouped(panel, limits, size=max(3, int(np.ceil(1.0 / limits.most_share))))


def drawn(groups: Sequence[Sequence[str]], *, rng: np.random.Generator) -> tuple[str, ...]:
    """One region of each group by lot, sorted."""
    return tuple(sorted(group[int(rng.integers(len(group)))] for group in groups))


def assignments(
    regions: Sequence[str],
    groups: Sequence[Sequence[str]],
    treated: Sequence[str],
    *,
    rng: np.random.Generator,
) -> Assignments:
    """Every draw that the lot could have made, or a sample of them, the real one first.

    Args:
        regions: Columns of the panel.
        groups: Groups of like regions.
        treated: Those that the lot fell on.
        rng: Draws the sample.
    """
    index = {name: j for j, name in enumerate(regions)}
    members = [[index[name] for name in group] for group in groups]
    counts = [sum(name in treated for name in group) for group in groups]
    own = np.zeros(len(regions), dtype=bool)
    own[[index[name] for name in treated]] = True
    if prod(comb(len(group), count) for group, count in zip(members, counts, strict=True)) <= ENUMERATED:
        ways = [combinations(group, count) for group, count in zip(members, counts, strict=True)]
        chosen = [[j for part in way for j in part] for way in product(*ways)]
        out = np.zeros((len(chosen), len(regions)), dtype=bool)
        for i, columns in enumerate(chosen):
            out[i, columns] = True
    else:
        out = np.zeros((ENUMERATED, len(regions)), dtype=bool)
        for group, count in zip(members, counts, strict=True):
            order = np.argsort(rng.random((ENUMERATED, len(group))), axis=1)[:, :count]
            out[np.arange(ENUMERATED)[:, None], np.array(group)[order]] = True
    return np.vstack([own, out[~(out == own).all(axis=1)]])


def changes(outcomes: Floats, *, pre: int, base: int) -> Floats:
    """Logarithm of each region's mean outcome during the test over that before it, shape (regions,).

    Args:
        outcomes: Shape (periods, regions), positive on average.
        pre: Periods before the test.
        base: How many of the last of them it is held against.
    """
    before = outcomes[max(pre - base, 0) : pre].mean(axis=0)
    during = outcomes[pre:].mean(axis=0)
    if np.any(before <= 0.0) or np.any(during <= 0.0):
        raise ValueError("a region of the lot brought nothing before or during the test: leave it out of it")
    return np.asarray(np.log(during / before), dtype=np.float64)


def lot_error(
    panel: Panel, groups: Sequence[Sequence[str]], *, periods: int, rng: np.random.Generator
) -> tuple[float, int]:
    """How far readings of lots stray in past windows in which nothing was tested.

    Args:
        panel: The past.
        groups: Groups of like regions.
        periods: Length of the test.
        rng: Draws lots.

    Returns:
        Standard error of the relative effect, and the length of the time before that makes it least.

    Raises:
        ValueError: The past is too short to try it.
    """
    columns = [panel.index(group) for group in groups]
    found = []
    for times in BASES:
        base = times * periods
        ends = _ends(len(panel.days), periods, base)
        if len(ends) < 2:
            continue
        strays = [
            _strays(panel.outcomes[:end], columns, pre=end - periods, base=base, rng=rng) for end in ends
        ]
        found.append((float(np.sqrt(np.mean(np.square(strays)))), base))
    if not found:
        raise ValueError(
            f"{len(panel.days)} periods are known: a lot is tried on three times the length of the test, "
            f"{periods} periods, or more"
        )
    return min(found)


def _strays(
    outcomes: Floats,
    columns: Sequence[npt.NDArray[np.intp]],
    *,
    pre: int,
    base: int,
    rng: np.random.Generator,
) -> Floats:
    change = changes(outcomes, pre=pre, base=base)
    inside = np.concatenate(columns)
    total = float(change[inside].sum())
    picks = np.column_stack([group[rng.integers(len(group), size=_LOTS)] for group in columns])
    own = change[picks].sum(axis=1)
    return np.asarray(own / len(columns) - (total - own) / (len(inside) - len(columns)), dtype=np.float64)


def _ends(n: int, periods: int, base: int) -> list[int]:
    first = max(base, LEAST_PERIODS) + periods
    return sorted({round(at) for at in np.linspace(first, n, WINDOWS)}) if first <= n else []


def _grouped(panel: Panel, limits: Limits, *, size: int) -> tuple[tuple[str, ...], ...]:
    panel.index((*limits.include, *limits.exclude))
    kept = panel.without(limits.exclude)
    mean = kept.outcomes.mean(axis=0)
    live = np.flatnonzero(mean > 0.0)
    if len(live) < size:
        raise ValueError(f"{len(live)} regions with outcomes: a lot in groups of {size} needs more")
    if size == 2:
        pairs = paired_design(kept.outcomes[:, live]).pairs
        groups = [tuple(int(live[j]) for j in pair) for pair in pairs]
    else:
        order = live[np.argsort(-mean[live], kind="stable")]
        groups = [
            tuple(int(j) for j in order[at : at + size]) for at in range(0, len(order) - size + 1, size)
        ]
    total, share = float(panel.outcomes.mean(axis=0).sum()), 0.0
    chosen: list[tuple[str, ...]] = []
    for group in groups:
        due = float(mean[list(group)].mean()) / total
        if share + due <= limits.most_share or len(chosen) < _least(size):
            chosen.append(tuple(sorted(kept.regions[j] for j in group)))
            share += due
    if len(chosen) < _least(size):
        raise ValueError(
            f"{len(chosen)} groups of {size} like regions: a lot that can be read at 95 % needs "
            f"{_least(size)}; give more regions, or choose them (--regions)"
        )
    return tuple(sorted(chosen))


def _least(size: int) -> int:
    """Groups that make at least forty draws."""
    return LEAST_PAIRS if size == 2 else int(np.ceil(np.log(2 / 0.05) / np.log(size)))
