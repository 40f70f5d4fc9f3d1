"""A geo test of several cells: each group of regions is treated in its own way, and read on its own."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import combinations
from math import hypot, inf

from cmo.experiments.contrast import Effect, Inference, tested
from cmo.experiments.past import Panel
from cmo.experiments.registration import Registration
from cmo.experiments.series_analysis import SeriesFindings, geo_findings


def cell_promise(registration: Registration, cell: str, *, level: float | None = None) -> Registration:
    """What was promised of one cell alone.

    Args:
        registration: What was promised of all.
        cell: Its name.
        level: Coverage of its interval; what was promised where not given.
    """
    return replace(
        registration,
        treated=dict(registration.cells)[cell],
        cells=(),
        changes=(),
        change=dict(registration.changes).get(cell, registration.change),
        level=level or registration.level,
    )


def cell_findings(
    panel: Panel, registration: Registration, *, last: date, touched: Sequence[str] = ()
) -> dict[str, SeriesFindings]:
    """Each cell read against regions that no cell treated; cells share the error evenly (Bonferroni).

    Args:
        panel: Outcomes and spend by region.
        registration: What was promised, with its cells.
        last: Last day that may be read.
        touched: Regions that other tests treated.

    Raises:
        ValueError: A region has no outcomes, too little is known, or too few regions were left alone.
    """
    level = 1.0 - (1.0 - registration.level) / len(registration.cells)
    found = {}
    for name, regions in registration.cells:
        others = [region for region in registration.treated if region not in regions]
        promise = cell_promise(registration, name, level=level)
        one = geo_findings(panel, promise, last=last, touched=(*touched, *others))
        p = min(1.0, len(registration.cells) * one.effect.p)
        found[name] = replace(one, effect=replace(one.effect, p=p))
    return found


def between_cells(
    found: Mapping[str, SeriesFindings], *, inference: Inference
) -> dict[tuple[str, str], Effect]:
    """Difference of the relative effects of every two cells, the first less the second.

    Cells lean on the same regions left alone: errors that they share make the difference surer than told.

    Args:
        found: The reading of each cell.
        inference: The test to invert; pairs share its error evenly.
    """
    pairs = list(combinations(found, 2))
    each = replace(inference, level=1.0 - (1.0 - inference.level) / len(pairs))
    out = {}
    for left, right in pairs:
        one, two = found[left].effect, found[right].effect
        error = hypot(one.se, two.se)
        told = tested(one.estimate - two.estimate, error, df=inf, n=one.n, inference=each)
        out[left, right] = replace(told, p=min(1.0, len(pairs) * told.p))
    return out
