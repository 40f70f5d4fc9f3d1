"""What a budget switched on and off, or one change on one day, would tell: tried on the company's past."""

from math import sqrt

import numpy as np

from cmo.experiments.interrupted import interrupted_series
from cmo.experiments.past import Panel
from cmo.experiments.switchback import switchback_effect, switchback_order

ORDERS = 8
"""Orders of blocks drawn in each past window."""
WINDOWS = 12
LEAST_WINDOWS = 3


def switchback_error(panel: Panel, *, weeks: int, block: int, rng: np.random.Generator) -> float | None:
    """Standard error of the relative effect of a budget switched on and off, as its own past shows it.

    Args:
        panel: Outcomes; regions are added up.
        weeks: Length of the test, an even number of blocks.
        block: Weeks of a block.
        rng: Draws the orders.

    Returns:
        Root mean square of the effects found where there was none; none where the past is too short or the
        test has fewer than four blocks.
    """
    periods, length = panel.periods(weeks), panel.periods(block)
    blocks = periods // length
    if blocks < 4 or blocks % 2:
        return None
    total = panel.outcomes.sum(axis=1)
    starts = _starts(len(total), blocks * length, before=0)
    if len(starts) < LEAST_WINDOWS:
        return None
    label = np.repeat(np.arange(blocks), length)
    burn_in = 1 if length > 1 else 0
    strays = []
    for at in starts:
        part = total[at : at + len(label)]
        for _ in range(ORDERS):
            on = switchback_order(blocks, rng=rng)[label]
            found = switchback_effect(part, on, block=label, burn_in=burn_in, rng=rng)
            strays.append(found.effect.estimate / part.mean())
    return sqrt(float(np.mean(np.square(strays))))


def before_after_error(panel: Panel, *, weeks: int) -> float | None:
    """Standard error of the relative effect of one change on one day, by interrupted time series.

    Args:
        panel: Outcomes; regions are added up.
        weeks: Length of the time after.

    Returns:
        Root mean square of the effects found where nothing changed; none where the past is too short.
    """
    total = panel.outcomes.sum(axis=1)
    season = 7 if panel.step == 1 else 52
    periods, before = panel.periods(weeks), 2 * (7 if panel.step == 1 else 52)
    starts = _starts(len(total), periods, before=before)
    if len(starts) < LEAST_WINDOWS:
        return None
    strays = []
    for at in starts:
        try:
            found = interrupted_series(total[: at + periods], pre=at, season=season)
        except ValueError:
            continue
        strays.append(found.effect.estimate / float(found.counterfactual[at:].mean()))
    return sqrt(float(np.mean(np.square(strays)))) if len(strays) >= LEAST_WINDOWS else None


def _starts(n: int, periods: int, *, before: int) -> list[int]:
    last = n - periods
    if last < before:
        return []
    count = min(WINDOWS, last - before + 1)
    return sorted({round(at) for at in np.linspace(before, last, count)})
