"""Sums of money over customers, with the luck of who happened to come and when."""

import numpy as np
import numpy.typing as npt

Draws = npt.NDArray[np.float64]
Amounts = npt.NDArray[np.float64]


def compound_poisson(
    sums: Amounts, squares: Amounts, *, over_all: Amounts, rng: np.random.Generator, draws: int
) -> Draws:
    """Draws of the sum that customers behaving alike would have brought.

    Customers come as a Poisson process, each with all that he brings over the periods, so the variance of a
    sum is the sum of their squared amounts; the sum of many is near normal. Who comes again and again moves
    all periods together: what the sum over all periods varies beyond its periods taken alone is one luck
    that they share in proportion to their sums.

    Args:
        sums: Counted sums, shape (periods, subjects).
        squares: Sums of squared amounts per customer within a period, >= 0, same shape.
        over_all: Sums of squared amounts per customer over all periods, >= 0, shape (subjects,).
        rng: Source of randomness.
        draws: Number of draws, >= 1.

    Returns:
        Draws around the counted sums, shape (draws, periods, subjects), independent between subjects.

    Raises:
        ValueError: Shapes differ or a sum of squares is negative.

    References:
        Karlin and Taylor (1981), "A Second Course in Stochastic Processes", chapter 16 (compound Poisson).
    """
    if sums.shape != squares.shape:
        raise ValueError(f"sums have shape {sums.shape} and squares {squares.shape}: they must be the same")
    if np.any(squares < 0):
        raise ValueError(f"squares.min() == {squares.min()}, must be >= 0")
    alone = np.sqrt(squares) * rng.standard_normal((draws, *sums.shape))
    together = _together(sums, squares, over_all) * rng.standard_normal((draws, 1, sums.shape[1]))
    return np.asarray(sums + alone + together)


def variances(sums: Amounts, squares: Amounts, *, over_all: Amounts) -> Amounts:
    """The variance of each sum that `compound_poisson` draws, shape (periods, subjects)."""
    return np.asarray(squares + _together(sums, squares, over_all) ** 2)


def _together(sums: Amounts, squares: Amounts, over_all: Amounts) -> Amounts:
    """How far each sum moves with the luck that its periods share."""
    size = np.abs(sums)
    loads = np.divide(size, size.sum(axis=0), out=np.zeros_like(size), where=size.sum(axis=0) > 0)
    return np.asarray(loads * np.sqrt(np.maximum(over_all - squares.sum(axis=0), 0.0)))


def given_total(parts: Draws, variance: Amounts, *, total: Draws) -> Draws:
    """Draws of the parts that add up to draws of the total.

    The exact conditional of independent normal parts given their sum: what is missing is handed out in
    proportion to the variances. A period whose parts do not vary is left as it is.

    Args:
        parts: Independent draws of the parts, shape (draws, periods, subjects).
        variance: Variance of each part, >= 0, shape (periods, subjects).
        total: Draws of the totals, shape (draws, periods).

    Returns:
        Draws whose sum over subjects is `total`, shape as `parts`.
    """
    whole = variance.sum(axis=1, keepdims=True)
    weight = np.divide(variance, whole, out=np.zeros_like(variance), where=whole > 0)
    return np.asarray(parts + weight * (total - parts.sum(axis=2))[:, :, None])
