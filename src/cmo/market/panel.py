"""Figures of the market month by month, with the noise they carry."""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

YEAR = 12
LEAST_NOISE = 0.002


def monthly_noise(sales: Floats) -> Floats:
    """Relative noise of one month's figure of each brand.

    With more than a year it is read off the changes of the growth over a year, so that neither season
    nor trend counts as noise; with less, off the changes from month to month.

    Args:
        sales: Positive figures, shape (months, brands), at least three months.

    Returns:
        Standard deviations of the logarithm, > 0, shape (brands,).

    Raises:
        ValueError: A figure is not positive, or there are fewer than three months.
    """
    if sales.shape[0] < 3 or np.any(sales <= 0):
        raise ValueError(f"{sales.shape[0]} months given; at least three are needed, each figure above 0")
    level = np.log(sales)
    if sales.shape[0] > YEAR + 3:
        growth = level[YEAR:] - level[:-YEAR]
        spread = np.diff(growth, axis=0).std(axis=0) / 2
    else:
        spread = np.diff(level, axis=0).std(axis=0) / np.sqrt(2)
    return np.asarray(np.maximum(spread, LEAST_NOISE), dtype=np.float64)


def noisy(sales: Floats, *, rng: np.random.Generator, draws: int) -> Floats:
    """Draws of what the figures stand for, given their noise.

    Args:
        sales: As for `monthly_noise`.
        rng: Source of randomness.
        draws: Number of draws, >= 1.

    Returns:
        Draws, shape (draws, months, brands), above zero.
    """
    noise = monthly_noise(sales)
    return np.asarray(sales * np.exp(noise * rng.standard_normal((draws, *sales.shape))), dtype=np.float64)


def relative_prices(prices: Floats, sales: Floats) -> Floats:
    """Price of each brand over the mean price of the market, weighted by sales.

    Args:
        prices: Mean price of each brand over the window, > 0, shape (..., brands).
        sales: Sales of each brand over the window, > 0, same shape.

    Returns:
        Indices, 1 for the market's mean, same shape.
    """
    mean = (prices * sales).sum(axis=-1, keepdims=True) / sales.sum(axis=-1, keepdims=True)
    return np.asarray(prices / mean, dtype=np.float64)
