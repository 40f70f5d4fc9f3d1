"""What each sales channel brings, with the luck of who happened to come."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Takings:
    """Sums over the customers of some periods and channels; all arrays have the same shape.

    Attributes:
        revenue: Sum of what they brought.
        revenue_squares: Sum of its squares.
    """

    revenue: Floats
    revenue_squares: Floats


def revenue_draws(takings: Takings, *, rng: np.random.Generator, draws: int) -> Floats:
    """Draws of the revenue that was to be expected, given what came in.

    Customers come as a Poisson process and bring amounts of any kind, so a sum of amounts has
    the sum of their squares for its variance. The draws are Gamma with that mean and variance, hence above
    zero.

    Args:
        takings: The sums, revenue > 0 where there is an order; 0 where there is none.
        rng: Source of randomness.
        draws: Number of draws, >= 1.

    Returns:
        Draws, shape (draws, *shape), 0 where nothing came in.
    """
    revenue = np.maximum(takings.revenue, 0.0)
    orders = np.divide(
        revenue**2, takings.revenue_squares, out=np.zeros_like(revenue), where=takings.revenue_squares > 0
    )
    drawn = rng.standard_gamma(orders, size=(draws, *revenue.shape))
    return np.asarray(
        drawn * np.divide(revenue, orders, out=np.zeros_like(revenue), where=orders > 0), dtype=np.float64
    )


def joint_draws(revenue: Floats, moments: Floats, *, rng: np.random.Generator, draws: int) -> Floats:
    """Draws of the revenue of channels whose customers partly are the same.

    What customers bring to channels i and j has the covariance that compound Poisson gives, the sum over
    customers of the product. The draws are log-normal with those relative errors, hence above zero.

    Args:
        revenue: Revenue of each channel, > 0, shape (channels,).
        moments: Sums over customers of the products of what they brought to two channels, shape
            (channels, channels), symmetric and positive semi-definite.
        rng: Source of randomness.
        draws: Number of draws, >= 1.

    Returns:
        Draws, shape (draws, channels).
    """
    relative = moments / np.outer(revenue, revenue)
    values, vectors = np.linalg.eigh(relative)
    root = vectors * np.sqrt(np.maximum(values, 0.0))
    luck = rng.standard_normal((draws, revenue.size)) @ root.T
    return np.asarray(revenue * np.exp(luck - np.diag(relative) / 2), dtype=np.float64)


def growth_draws(
    last: Floats,
    before: Floats,
    *,
    squares: tuple[Floats, Floats, Floats],
    rng: np.random.Generator,
    draws: int,
) -> Floats:
    """Draws of the growth of each channel, whose customers of both years partly are the same.

    Args:
        last: Revenue of the last year, > 0, shape (channels,).
        before: Revenue of the year before, > 0, shape (channels,).
        squares: Sums over customers of the squares of what they brought in the last year, of those of the
            year before, and of the products of both; each of shape (channels,).
        rng: Source of randomness.
        draws: Number of draws, >= 1.

    Returns:
        Draws of last / before - 1, log-normal with the error of the ratio, shape (draws, channels).

    References:
        Cochran (1977), "Sampling Techniques", 3rd ed., chapter 6.
    """
    late, early, both = squares
    relative = np.maximum(late / last**2 + early / before**2 - 2 * both / (last * before), 0.0)
    luck = np.sqrt(relative) * rng.standard_normal((draws, last.size))
    return np.asarray(last / before * np.exp(luck) - 1, dtype=np.float64)


def shares(revenue: Floats) -> Floats:
    """Share of each channel, the last axis, in the revenue of all; draws of no revenue are shared equally."""
    total = revenue.sum(axis=-1, keepdims=True)
    n_channels = revenue.shape[-1]
    equal: Floats = np.full_like(revenue, 1 / n_channels)
    divided: Floats = np.divide(revenue, total, out=equal, where=total > 0)
    return divided


def margin_rate_draws(
    margin: Floats, revenue: Floats, *, residual_squares: Floats, rng: np.random.Generator, draws: int
) -> Floats:
    """Draws of the margin per unit of revenue of each channel.

    Args:
        margin: Sum of the orders' margin, shape (channels,).
        revenue: Sum of their revenue, > 0, shape (channels,).
        residual_squares: Sum over customers of (margin - rate x revenue) squared, >= 0, shape (channels,).
        rng: Source of randomness.
        draws: Number of draws, >= 1.

    Returns:
        Draws, shape (draws, channels): normal around the ratio with the ratio estimator's error.

    References:
        Cochran (1977), "Sampling Techniques", 3rd ed., chapter 6.
    """
    error = np.sqrt(np.maximum(residual_squares, 0.0)) / revenue
    return np.asarray(margin / revenue + error * rng.standard_normal((draws, revenue.size)), dtype=np.float64)
