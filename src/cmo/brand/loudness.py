"""Shares of a total measured month by month: searches, advertising, mentions."""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def share_over_periods(amounts: Floats, *, rng: np.random.Generator, draws: int) -> Floats:
    """Draws of each brand's share of a total over some periods.

    What a panel reports of a month is taken as it is; which months there are is chance. Months get
    Dirichlet weights (the Bayesian bootstrap), the same ones for all brands, so a brand whose share
    swings from month to month has a wide interval and one whose share is steady a narrow one.

    Args:
        amounts: Amount of each brand in each period, >= 0, each period with a total > 0,
            shape (periods, brands), at least two periods.
        rng: Source of randomness.
        draws: Number of draws, >= 1.

    Returns:
        Shares that add up to 1, shape (draws, brands).

    Raises:
        ValueError: There are fewer than two periods, or a period has nothing in it.

    References:
        Rubin (1981), "The Bayesian bootstrap", Annals of Statistics 9(1).
    """
    n_periods = amounts.shape[0]
    if n_periods < 2 or np.any(amounts.sum(axis=1) <= 0):
        raise ValueError(f"{n_periods} periods given, at least two are needed, each with a total above 0")
    weights = rng.standard_gamma(1.0, size=(draws, n_periods))
    totals = weights @ amounts
    return np.asarray(totals / totals.sum(axis=1, keepdims=True), dtype=np.float64)


def monthly_shares(amounts: Floats, *, rng: np.random.Generator, draws: int) -> Floats:
    """Draws of each brand's share period by period, with the noise of a single period.

    The noise is read off the changes from one period to the next, so that a rise of one lucky month is not
    taken for a rise of the brand.

    Args:
        amounts: As for `share_over_periods`.
        rng: Source of randomness.
        draws: Number of draws, >= 1.

    Returns:
        Shares inside [0, 1], shape (draws, periods, brands).
    """
    shares = amounts / amounts.sum(axis=1, keepdims=True)
    noise = np.diff(shares, axis=0).std(axis=0) / np.sqrt(2)
    noisy = shares + noise * rng.standard_normal((draws, *shares.shape))
    return np.asarray(np.clip(noisy, 0.0, 1.0), dtype=np.float64)
