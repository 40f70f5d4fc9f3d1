"""The market simulator: share of preference of offers at their prices, and the price that earns most."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cmo.value.choice import Floats

TINY = np.finfo(float).tiny


def shares(offers: Floats, coefficients: Floats) -> Floats:
    """Share of people who would choose each offer, as far as they choose by these attributes.

    Args:
        offers: Attributes of each offer, those of competitors and of choosing none included, shape
            (offers, K).
        coefficients: Worths of people, shape (draws, persons, K), or of one typical person, (draws, K).

    Returns:
        Shares that add up to 1, shape (draws, offers).
    """
    people = coefficients[:, None, :] if coefficients.ndim == 2 else coefficients
    utility = np.asarray(people @ offers.T, dtype=np.float64)
    utility -= utility.max(axis=2, keepdims=True)
    odds = np.exp(utility)
    return np.asarray((odds / odds.sum(axis=2, keepdims=True)).mean(axis=1), dtype=np.float64)


@dataclass(frozen=True, slots=True, kw_only=True)
class Priced:
    """One offer at several prices.

    Attributes:
        prices: Prices tried, ascending, shape (prices,).
        share: Share of preference, shape (draws, prices).
        profit: Margin times share per person in the market, shape (draws, prices).
        best: Price with the highest expected profit.
        gain: Its profit less that at the price in force, per person in the market, shape (draws,).
        regret: Expected profit lost because the best price is not known better, per person in the market.
    """

    prices: Floats
    share: Floats
    profit: Floats
    best: float
    gain: Floats
    regret: float


def priced(
    offers: Floats,
    coefficients: Floats,
    *,
    ours: int,
    column: int,
    prices: Sequence[float],
    cost: float,
) -> Priced:
    """Profit of our offer at other prices, while the competitors stay as they are.

    Args:
        offers: As in `shares`; our row holds the price in force.
        coefficients: As in `shares`.
        ours: Row of our offer.
        column: Column of the price.
        prices: Prices to try, in the unit of the column.
        cost: Cost of one sale in the same unit.

    Returns:
        Shares and profits at each price, the best one, and what moving to it would bring.
    """
    ladder = np.sort(np.asarray(prices, dtype=np.float64))
    now = float(offers[ours, column])
    every = np.append(ladder, now)
    share = np.empty((coefficients.shape[0], every.size))
    for i, price in enumerate(every):
        moved = offers.copy()
        moved[ours, column] = price
        share[:, i] = shares(moved, coefficients)[:, ours]
    profit = share * (every - cost)
    at_ladder = profit[:, :-1]
    top = int(at_ladder.mean(axis=0).argmax())
    return Priced(
        prices=ladder,
        share=share[:, :-1],
        profit=at_ladder,
        best=float(ladder[top]),
        gain=at_ladder[:, top] - profit[:, -1],
        regret=float(at_ladder.max(axis=1).mean() - at_ladder.mean(axis=0)[top]),
    )


def switching(offers: Floats, coefficients: Floats, *, ours: int, column: int, rise: float) -> Floats:
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
