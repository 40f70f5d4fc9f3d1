"""The market simulator: share of preference of offers at their prices, and the price that earns most."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import logsumexp

from cmo.value.choice import Floats

Coefficients = npt.NDArray[np.float32] | npt.NDArray[np.float64]

TINY = np.finfo(float).tiny


@dataclass(frozen=True, slots=True, kw_only=True)
class Nests:
    """Which offers stand closer to one another than to the rest.

    Attributes:
        nest: Nest of each offer, shape (offers,).
        dissimilarity: Of each nest, > 0, shape (draws, nests).
    """

    nest: npt.NDArray[np.int64]
    dissimilarity: Floats


def shares(offers: Floats, coefficients: Coefficients, *, nests: Nests | None = None) -> Floats:
    """Share of people who would choose each offer, as far as they choose by these attributes.

    Args:
        offers: Attributes of each offer, those of competitors and of choosing none included, shape
            (offers, K).
        coefficients: Worths of people, shape (draws, persons, K), or of one typical person, (draws, K).
        nests: Which offers stand closer to one another, as a nested logit says; none by default.

    Returns:
        Shares that add up to 1, shape (draws, offers).
    """
    people = coefficients[:, None, :] if coefficients.ndim == 2 else coefficients
    utility = np.asarray(people @ offers.T, dtype=np.float64)
    if nests is None:
        return np.asarray(_chances(utility).mean(axis=1), dtype=np.float64)
    within, sums = np.zeros(utility.shape), []
    for number in range(nests.dissimilarity.shape[1]):
        inside = nests.nest == number
        apart = nests.dissimilarity[:, number, None, None]
        inner = utility[:, :, inside] / apart
        within[:, :, inside] = _chances(inner)
        sums.append(apart[:, :, 0] * logsumexp(inner, axis=2) if inside.any() else None)
    empty = np.full(utility.shape[:2], -np.inf)
    outer = _chances(np.stack([empty if one is None else one for one in sums], axis=2))
    return np.asarray((within * outer[:, :, nests.nest]).mean(axis=1), dtype=np.float64)


def _chances(utility: Floats) -> Floats:
    odds = np.exp(utility - utility.max(axis=2, keepdims=True))
    return np.asarray(odds / odds.sum(axis=2, keepdims=True), dtype=np.float64)


@dataclass(frozen=True, slots=True, kw_only=True)
class Priced:
    """One offer at several prices.

    Attributes:
        prices: Prices tried, ascending, shape (prices,).
        share: Share of preference, shape (draws, prices).
        profit: Margin times share per person in the market, shape (draws, prices).
        today: Profit per person at the price in force, shape (draws,).
        best: Price with the highest expected profit.
        gain: Its profit less today's, per person in the market, shape (draws,).
        best_of_draw: Price with the highest profit in each draw, shape (draws,): how well the best is known.
        regret: Expected profit lost because the best price is not known better, per person in the market.
    """

    prices: Floats
    share: Floats
    profit: Floats
    today: Floats
    best: float
    gain: Floats
    best_of_draw: Floats
    regret: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Market:
    """Offers side by side, and how competitors answer a move of our price.

    Attributes:
        offers: As in `shares`; our row holds the price in force.
        ours: Row of our offer.
        column: Column of the price.
        origin: What is added to the column to make a price, where prices are counted from their mean.
        rivals: Rows whose price follows ours; none by default.
        follow: Share of our relative move that they follow, in [0, 1].
        nests: As in `shares`.
    """

    offers: Floats
    ours: int
    column: int
    origin: float = 0.0
    rivals: tuple[int, ...] = ()
    follow: float = 0.0
    nests: Nests | None = None

    @property
    def today(self) -> float:
        """The price in force."""
        return float(self.offers[self.ours, self.column]) + self.origin

    def at(self, price: float) -> Floats:
        """The offers when ours costs this much."""
        moved = self.offers.copy()
        moved[self.ours, self.column] = price - self.origin
        for row in self.rivals:
            theirs = moved[row, self.column] + self.origin
            moved[row, self.column] = theirs * (1 + self.follow * (price / self.today - 1)) - self.origin
        return moved


def priced(market: Market, coefficients: Coefficients, *, prices: Sequence[float], cost: float) -> Priced:
    """Profit of our offer at other prices.

    Args:
        market: The offers, and how competitors follow.
        coefficients: As in `shares`.
        prices: Prices to try.
        cost: Cost of one sale.

    Returns:
        Shares and profits at each price, the best one, and what moving to it would bring.
    """
    ladder = np.sort(np.asarray(prices, dtype=np.float64))
    every = np.append(ladder, market.today)
    share = np.column_stack(
        [shares(market.at(price), coefficients, nests=market.nests)[:, market.ours] for price in every]
    )
    profit = share * (every - cost)
    at_ladder = profit[:, :-1]
    top = int(at_ladder.mean(axis=0).argmax())
    return Priced(
        prices=ladder,
        share=share[:, :-1],
        profit=at_ladder,
        today=profit[:, -1],
        best=float(ladder[top]),
        gain=at_ladder[:, top] - profit[:, -1],
        best_of_draw=ladder[at_ladder.argmax(axis=1)],
        regret=float(at_ladder.max(axis=1).mean() - at_ladder.mean(axis=0)[top]),
    )


def switching(offers: Floats, coefficients: Coefficients, *, ours: int, column: int, rise: float) -> Floats:
    """From whom a price cut would win, or to whom a rise would lose: cross elasticities by simulation.

    Args:
        offers: As in `shares`.
        coefficients: As in `shares`.
        ours: Row of the offer whose price moves.
        column: Column of the price.
        rise: Move of the price as a share of it, not 0.

    Returns:
        Relative change of each share over the relative move of the price, shape (draws, offers).
    """
    if rise == 0:
        raise ValueError("rise == 0, must move the price")
    before = shares(offers, coefficients)
    moved = offers.copy()
    moved[ours, column] *= 1 + rise
    after = shares(moved, coefficients)
    return np.asarray((after - before) / np.maximum(before, TINY) / rise, dtype=np.float64)
