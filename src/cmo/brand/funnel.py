"""Shares of people who said yes, and how many of those aware go on to buy."""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

JEFFREYS = 0.5


def share_of_people(positive: Floats, asked: Floats, *, rng: np.random.Generator, draws: int) -> Floats:
    """Posterior draws of the shares of people who would say yes.

    Args:
        positive: Persons who said yes, >= 0, any shape.
        asked: Persons asked, > 0 and >= `positive`, same shape.
        rng: Source of randomness.
        draws: Number of draws, >= 1.

    Returns:
        Beta(yes + 1/2, no + 1/2) draws, shape (draws, *shape), inside [0, 1].

    Raises:
        ValueError: A count is negative, nobody was asked, or more said yes than were asked.

    References:
        Brown, Cai and DasGupta (2001), "Interval estimation for a binomial proportion",
        Statistical Science 16(2), for what Jeffreys' prior is worth.
    """
    if np.any(positive < 0) or np.any(asked <= 0) or np.any(positive > asked):
        raise ValueError("positive must lie between 0 and the persons asked, who must be at least one")
    return np.asarray(
        rng.beta(positive + JEFFREYS, asked - positive + JEFFREYS, size=(draws, *positive.shape)),
        dtype=np.float64,
    )


def conversion(part: Floats, whole: Floats) -> Floats:
    """Share of those at one step of the funnel who reach the next.

    The two shares may come from different persons, so a draw in which more people buy than know the brand
    is possible where the counts are small; it is read as everybody.

    Args:
        part: Draws of the share who buy, any shape.
        whole: Draws of the share who know the brand, > 0, same shape.

    Returns:
        Draws inside [0, 1], same shape.
    """
    return np.minimum(part / whole, 1.0)


def nested_conversion(part: Floats, whole: Floats, *, rng: np.random.Generator, draws: int) -> Floats:
    """The same where one group of persons answered both questions: a share among those who know it.

    Args:
        part: Persons who buy, shape (brands,).
        whole: Persons of the same group who know the brand, >= `part`, shape (brands,).
        rng: Source of randomness.
        draws: Number of draws, >= 1.

    Returns:
        Draws, shape (draws, brands).
    """
    return share_of_people(part, np.maximum(whole, 1.0), rng=rng, draws=draws)
