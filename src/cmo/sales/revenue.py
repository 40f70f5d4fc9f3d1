"""Sums of money over orders, with the luck of who happened to order when."""

import numpy as np
import numpy.typing as npt

Draws = npt.NDArray[np.float64]


def compound_poisson(
    sums: npt.NDArray[np.float64],
    squares: npt.NDArray[np.float64],
    *,
    rng: np.random.Generator,
    draws: int,
) -> Draws:
    """Draws of the sum that customers behaving alike would have brought.

    Orders arrive as a Poisson process and their amounts are what they are, so the variance of a sum of
    amounts is the sum of their squares; the sum of many is near normal.

    Args:
        sums: Counted sums, shape (periods, subjects).
        squares: Sums of squared amounts per order, >= 0, same shape.
        rng: Source of randomness.
        draws: Number of draws, >= 1.

    Returns:
        Independent draws around the counted sums, shape (draws, periods, subjects).

    Raises:
        ValueError: Shapes differ or a sum of squares is negative.

    References:
        Karlin and Taylor (1981), "A Second Course in Stochastic Processes", chapter 16 (compound Poisson).
    """
    if sums.shape != squares.shape:
        raise ValueError(f"sums have shape {sums.shape} and squares {squares.shape}: they must be the same")
    if np.any(squares < 0):
        raise ValueError(f"squares.min() == {squares.min()}, must be >= 0")
    return np.asarray(sums + np.sqrt(squares) * rng.standard_normal((draws, *sums.shape)))


def given_total(parts: Draws, squares: npt.NDArray[np.float64], *, total: Draws) -> Draws:
    """Draws of the parts that add up to draws of the total.

    The exact conditional of independent normal parts given their sum: what is missing is handed out in
    proportion to the variances. A period whose parts do not vary is left as it is.

    Args:
        parts: Independent draws of the parts, shape (draws, periods, subjects).
        squares: Variance of each part, >= 0, shape (periods, subjects).
        total: Draws of the totals, shape (draws, periods).

    Returns:
        Draws whose sum over subjects is `total`, shape as `parts`.
    """
    variance = squares.sum(axis=1, keepdims=True)
    weight = np.divide(squares, variance, out=np.zeros_like(squares), where=variance > 0)
    return np.asarray(parts + weight * (total - parts.sum(axis=2))[:, :, None])
