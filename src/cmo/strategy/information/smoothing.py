"""The expectation of something given a signal, from joint draws: regression on natural cubic splines.

References:
    Strong, Oakley, Brennan & Breeze (2015), "Estimating the expected value of sample information using the
    probabilistic sensitivity analysis sample", Medical Decision Making 35(5): the idea, with additive models.
    Hastie, Tibshirani & Friedman (2009), "The Elements of Statistical Learning", section 5.2.1: the basis.
"""

from typing import Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

KNOTS: Final = 8
"""Knots at equal parts of the signal's distribution; beyond the outer two the curve is straight."""
_OUTER: Final = 0.01


def natural_splines(signal: Floats, *, knots: int = KNOTS) -> Floats:
    """A basis of natural cubic splines of one signal, constant first.

    Args:
        signal: Shape (draws,).
        knots: Number of knots, >= 3; fewer where the signal has fewer distinct quantiles.

    Returns:
        Shape (draws, columns), at most `knots` columns.
    """
    spread = signal.std()
    if spread == 0.0:
        return np.ones((len(signal), 1))
    x = (signal - signal.mean()) / spread
    at = np.unique(np.quantile(x, np.linspace(_OUTER, 1 - _OUTER, knots)))
    if len(at) < 3:
        return np.stack([np.ones_like(x), x], axis=1)

    def cubed(knot: float) -> Floats:
        above = np.maximum(x - knot, 0.0)
        return np.asarray(above * above * above, dtype=np.float64)  # a power takes ten times as long

    end = cubed(at[-1])

    def bent(k: int) -> Floats:
        return np.asarray((cubed(at[k]) - end) / (at[-1] - at[k]), dtype=np.float64)

    last = bent(len(at) - 2)
    return np.stack([np.ones_like(x), x, *(bent(k) - last for k in range(len(at) - 2))], axis=1)


def basis_of(signals: Floats, *, knots: int = KNOTS) -> Floats:
    """A basis of one or several signals: splines of each, and the products of each pair.

    Args:
        signals: Shape (draws,) or (draws, signals).
        knots: Knots of each signal.

    Returns:
        Shape (draws, columns).
    """
    columns = signals[:, None] if signals.ndim == 1 else signals
    parts = [
        natural_splines(columns[:, j], knots=knots)[:, (0 if j == 0 else 1) :]
        for j in range(columns.shape[1])
    ]
    centred = columns - columns.mean(axis=0)
    pairs = [
        (centred[:, i] * centred[:, j] / (centred[:, i].std() * centred[:, j].std() or 1.0))[:, None]
        for i in range(columns.shape[1])
        for j in range(i)
    ]
    return np.concatenate([*parts, *pairs], axis=1)


def expected_given(signals: Floats, values: Floats) -> Floats:
    """The expectation of values given signals, at each draw.

    Args:
        signals: Shape (draws,) or (draws, signals).
        values: Shape (draws, columns).

    Returns:
        Shape as values.
    """
    orthonormal, _ = np.linalg.qr(basis_of(signals))
    return np.asarray(orthonormal @ (orthonormal.T @ values), dtype=np.float64)
