"""Divisions of the budget among which a test could make one choose otherwise."""

from typing import Final

import numpy as np
import numpy.typing as npt

from cmo.strategy.decisions.curves import Bounds, Curves, best_division
from cmo.strategy.information.smoothing import natural_splines

Floats = npt.NDArray[np.float64]

NODES: Final = (0.05, 0.25, 0.5, 0.75, 0.95)
"""Parts of a channel's draws at which the best division is found."""


def candidates(curves: Curves, *, current: Floats, bounds: Bounds) -> Floats:
    """The plan in force, the best division now, and the best ones were each channel better or worse.

    Args:
        curves: What money brings.
        current: Money of the plan in force, shape (channels,).
        bounds: What the plan allows.

    Returns:
        Money by channel, shape (decisions, channels), all of one total.
    """
    total = float(current.sum())
    means = (curves.margin.mean(axis=0), *_imagined(curves, current))
    best = (best_division(curves.money, mean, bounds=bounds, total=total, spend_all=True) for mean in means)
    return np.unique(np.round([current, *best], 2), axis=0)


def _imagined(curves: Curves, current: Floats) -> list[Floats]:
    """Expected curves if a channel were found to bring so much at the plan's pace."""
    brought = curves.brought(current)
    flat = curves.margin.reshape(len(curves.margin), -1)
    means = []
    for c in range(len(curves.channels)):
        signal = brought[:, c]
        if signal.std() == 0.0:
            continue
        places = np.abs(np.quantile(signal, NODES)[:, None] - signal).argmin(axis=1)
        orthonormal, _ = np.linalg.qr(natural_splines(signal, knots=5))
        smooth = orthonormal[places] @ (orthonormal.T @ flat)
        means += [row.reshape(curves.margin.shape[1:]) for row in smooth]
    return means
