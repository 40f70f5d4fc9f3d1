"""Rates of groups of pieces, each helped by the others as far as they are alike."""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

GRID = 80
WIDEST = 3.0  # standard deviation between groups, in logarithms, beyond which nothing is believed
HALF = 0.5  # scale of the half-Cauchy prior of that deviation


def rate_errors(
    reactions: Floats, shown: Floats, *, residual_squares: Floats, pieces: Floats
) -> tuple[Floats, Floats]:
    """Log rate of each group and its error, given how unlike its pieces are.

    Args:
        reactions: Sum over the group's pieces, >= 0, shape (groups,).
        shown: Sum of the times they were shown, > 0, shape (groups,).
        residual_squares: Sum over pieces of (reactions - rate x shown) squared, shape (groups,).
        pieces: Number of pieces, >= 1, shape (groups,): the number of equally shown ones that would be as
            certain, (sum shown)^2 / (sum shown^2).

    Returns:
        Log rates and their standard errors. The error is the ratio estimator's, never below that of plain
        counting; a group with a single piece takes the unlikeness of all pieces together.
    """
    smooth = reactions + 0.5
    rate = smooth / (shown + 1.0)
    counting = 1 / smooth
    with np.errstate(divide="ignore", invalid="ignore"):
        own = residual_squares / smooth**2 * pieces / (pieces - 1)
    enough = pieces > 1
    if enough.any():
        unlike = np.average((own * pieces)[enough], weights=pieces[enough])
        strength = 4.0  # pieces that the common unlikeness counts for
        shrunk = (np.nan_to_num(own) * pieces * np.maximum(pieces - 1, 0) + unlike * strength) / (
            np.maximum(pieces - 1, 0) + strength
        )
        few = np.maximum(pieces - 1 + strength, 3.0)  # degrees of freedom: the spread is itself estimated
        variance = np.maximum(shrunk / pieces * few / (few - 2), counting)
    else:
        variance = np.maximum(counting, 1.0)
    return np.log(rate), np.sqrt(variance)


def pooled_rates(log_rates: Floats, errors: Floats, *, rng: np.random.Generator, draws: int) -> Floats:
    """Joint posterior draws of the groups' rates under partial pooling.

    The groups' log rates are normal around a common mean with a common deviation; mean and rates are
    integrated out exactly, the deviation on a grid under a half-Cauchy prior.

    Args:
        log_rates: Estimates, shape (groups,).
        errors: Their standard errors, > 0, shape (groups,).
        rng: Source of randomness.
        draws: Number of draws, >= 1.

    Returns:
        Rates, shape (draws, groups), > 0.

    References:
        Gelman et al. (2013), "Bayesian Data Analysis", 3rd ed., section 5.4; Gelman (2006), "Prior
        distributions for variance parameters", Bayesian Analysis 1(3).
    """
    if log_rates.size == 1:
        return np.asarray(np.exp(log_rates + errors * rng.standard_normal((draws, 1))), dtype=np.float64)
    deviation = (np.arange(GRID) + 0.5) / GRID * WIDEST
    precision = 1 / (errors**2 + deviation[:, None] ** 2)
    mean = (precision @ log_rates) / precision.sum(axis=1)
    fit = precision * (log_rates - mean[:, None]) ** 2
    height = 0.5 * np.log(precision).sum(axis=1) - 0.5 * np.log(precision.sum(axis=1))
    height += -0.5 * fit.sum(axis=1) - np.log1p((deviation / HALF) ** 2)
    chance = np.exp(height - height.max())
    cell = rng.choice(GRID, size=draws, p=chance / chance.sum())
    tau = deviation[cell] + WIDEST / GRID * (rng.uniform(size=draws) - 0.5)
    centre = mean[cell] + rng.standard_normal(draws) / np.sqrt(precision.sum(axis=1)[cell])
    own, common = 1 / errors**2, (1 / tau**2)[:, None]
    middle = (own * log_rates + common * centre[:, None]) / (own + common)
    drawn = middle + rng.standard_normal(middle.shape) / np.sqrt(own + common)
    return np.asarray(np.exp(drawn), dtype=np.float64)
