"""Gabor-Granger: would you buy at this price? Demand that falls with the price, and what earns most."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

MOST_PRICES = 60
MOST_ROUNDS = 500
CLOSE = 1e-5  # change of a share in a round at which the rounds end
TINY = 1e-300


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """Who would buy at each price.

    Attributes:
        prices: Prices asked, ascending, shape (prices,).
        asked: Respondents whose answer at each price is known or follows from another, shape (prices,).
        share: Share who would buy, falling with the price, draws of shape (draws, prices).
        inconsistent: Share of respondents who refuse a price and accept a higher one, left out.
    """

    prices: Floats
    asked: npt.NDArray[np.int64]
    share: Floats
    inconsistent: float

    def profit(self, cost: float) -> Floats:
        """Margin times share per person asked, shape (draws, prices)."""
        return np.asarray(self.share * (self.prices - cost), dtype=np.float64)


def gabor_granger(
    person: npt.NDArray[np.int64],
    price: Floats,
    would: npt.NDArray[np.bool_],
    *,
    rng: np.random.Generator,
    draws: int,
) -> Demand:
    """Demand from yes or no at prices shown one at a time.

    Each respondent's highest price lies between the dearest one accepted and the cheapest one refused; the
    demand is the one that makes all these intervals likeliest, and falls with the price by itself. It is
    right whichever prices each was shown. Respondents are resampled (Bayesian bootstrap).

    Args:
        person: Number of the respondent of each answer, shape (answers,).
        price: Price shown, > 0, shape (answers,).
        would: Whether they would buy, shape (answers,).
        rng: Source of randomness.
        draws: Number of draws.

    Returns:
        The demand.

    Raises:
        ValueError: No respondent is left, or too many prices were shown.

    References:
        Gabor and Granger (1966), "Price as an indicator of quality"; Turnbull (1976), "The empirical
        distribution function with arbitrarily grouped, censored and truncated data".
    """
    prices = np.unique(price)
    if prices.size > MOST_PRICES:
        raise ValueError(f"{prices.size} prices were shown, at most {MOST_PRICES}; round them")
    _, who = np.unique(person, return_inverse=True)
    n = int(who.max(initial=-1)) + 1
    accepted, refused = np.full(n, -np.inf), np.full(n, np.inf)
    np.maximum.at(accepted, who[would], price[would])
    np.minimum.at(refused, who[~would], price[~would])
    sound = accepted < refused
    if not sound.any():
        raise ValueError("no respondent gives answers that hold together")
    first = np.searchsorted(prices, accepted[sound], side="right")
    last = np.searchsorted(prices, refused[sound], side="left")
    patterns, of = np.unique(np.column_stack([first, last]), axis=0, return_inverse=True)
    weights = rng.dirichlet(np.ones(first.size), size=draws)
    fitting = np.eye(len(patterns))[of.ravel()]
    counted = np.asarray(weights @ fitting, dtype=np.float64)
    cells = np.arange(prices.size + 1)
    inside = (cells >= patterns[:, :1]) & (cells <= patterns[:, 1:])
    limits = _limits(inside.astype(np.float64), counted)
    share = np.clip(1 - limits.cumsum(axis=1)[:, :-1], 0.0, 1.0)
    known = (first[:, None] > cells[:-1]) | (last[:, None] <= cells[:-1])
    return Demand(
        prices=prices,
        asked=known.sum(axis=0).astype(np.int64),
        share=share,
        inconsistent=1 - float(sound.mean()),
    )


def _limits(inside: Floats, counted: Floats) -> Floats:
    """Share of people whose highest price lies in each cell between prices, shape (draws, cells).

    Args:
        inside: Whether a cell fits a pattern of answers, shape (patterns, cells).
        counted: Share of people with each pattern, shape (draws, patterns).
    """
    chances = np.full((counted.shape[0], inside.shape[1]), 1 / inside.shape[1])
    for _ in range(MOST_ROUNDS):
        fits = np.maximum(chances @ inside.T, TINY)
        ahead = chances * ((counted / fits) @ inside)
        moved = float(np.abs(ahead - chances).max())
        chances = ahead
        if moved < CLOSE:
            break
    return chances
