"""What nobody knows of each customer: models may be certain, and forty customers still be luckier than most.

A forecast is the mean over all that a customer with such a history may be like: gone or there, quick or
slow, generous or not. The customers of a channel are what they are, so that the sum of what they will bring
lies off the sum of their means by the root of their number. In a channel of thousands it is nothing, in one
of thirty it is most of what is unsure.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import polygamma

from cmo.customers.lifetimes.equity import Holdings
from cmo.customers.lifetimes.value import SpendingFit
from cmo.customers.purchases import gamma_gamma
from cmo.customers.purchases.cells import Floats
from cmo.customers.purchases.fitting import Fit
from cmo.customers.purchases.prediction import Horizon, discounted_orders, distinct, future_of
from cmo.customers.segmentation.segments import SEGMENTS, segment_of

NOTHING = 1e-100  # of a currency: a sum that has no spread
WIDEST = 25.0  # squared coefficient of variation beyond which a log-normal is all tail


@dataclass(frozen=True, slots=True, kw_only=True)
class Natures:
    """Variances of sums over customers, for what each of them is like; shapes (segment,).

    Attributes:
        equity: Of what they will bring, in currency squared.
        alive: Of how many are still there.
        both: Covariance of the two, in currency.
        at_stake: Of what those who have left would have brought, in currency squared.
    """

    equity: Floats
    alive: Floats
    both: Floats
    at_stake: Floats


def natures(
    fitted: Fit, spending: SpendingFit, *, held: Holdings, horizon: Horizon, level: Floats
) -> Natures:
    """The variances at the mode of the models.

    Args:
        fitted: Purchase model.
        spending: Gamma-Gamma model.
        held: The customers.
        horizon: How far ahead, at which annual rate.
        level: Correction of the orders of each cell, shape (cell,).
    """
    who, x = held.customers, held.customers.frequency
    kinds, kind = distinct(fitted.model, who)
    future = future_of(fitted.model, fitted.theta, customers=kinds)
    orders = future.mean(horizon.until)
    earlier = (discounted_orders(future, horizon) / np.maximum(orders, 1e-300))[kind]
    alive = fitted.model.alive(fitted.theta, x, recency=who.recency, age=who.age)
    total = held.total / held.weight
    amount = gamma_gamma.expected_amount(spending.theta, x, total)
    _, squared = gamma_gamma.squared_amounts(spending.theta, x, total)
    p, q, _ = np.exp(spending.theta)
    # amounts without a variance still have one in logarithms
    squared = np.where(np.isfinite(squared), squared, amount**2 * np.exp(polygamma(1, p * x + q)))
    living = level * earlier * orders[kind] * amount
    pairs = (level * earlier) ** 2 * future.second_factorial(horizon.until)[kind] * squared
    unlike = np.maximum(pairs - living**2, 0.0)
    gone = alive * (1.0 - alive)
    segment = segment_of(fitted, who)

    def summed(each: Floats) -> Floats:
        return np.bincount(segment, weights=held.weight * each, minlength=len(SEGMENTS)).astype(np.float64)

    return Natures(
        equity=summed(alive * unlike + gone * living**2),
        alive=summed(gone),
        both=summed(gone * living),
        at_stake=summed((1.0 - alive) * unlike + gone * living**2),
    )


def turned_out(
    equity: Floats, alive: Floats, *, variance: Floats, rng: np.random.Generator
) -> tuple[Floats, Floats]:
    """Draws of sums, spread by what each customer may be like; what they bring and who is there, together.

    Args:
        equity: Draws of expected sums, in currency, shape (draw, ...).
        alive: Draws of expected numbers, same shape.
        variance: Of the first, of the second, and their covariance, shape (3, ...).
        rng: Source of randomness.
    """
    some = variance[1] > 0
    spread = np.sqrt(np.maximum(variance[1], 0.0))
    there = rng.standard_normal(alive.shape)
    with np.errstate(divide="ignore", invalid="ignore"):
        along = np.where(some, variance[2] / np.sqrt(variance[0] * variance[1]), 0.0)
    along = np.clip(np.nan_to_num(along), -1.0, 1.0)
    bring = along * there + np.sqrt(1.0 - along**2) * rng.standard_normal(equity.shape)
    return _spread(equity, variance[0], standard=bring), np.maximum(alive + spread * there, 0.0)


def _spread(draws: Floats, variance: Floats, *, standard: Floats) -> Floats:
    """Draws times a log-normal factor of mean one, with the variance of their sum."""
    mean = draws.mean(axis=0)
    unlike = np.divide(variance, mean**2, out=np.zeros_like(mean), where=mean > NOTHING)
    width = np.sqrt(np.log1p(np.minimum(unlike, WIDEST)))
    out: Floats = draws * np.exp(width * standard - width**2 / 2.0)
    return out


def spread_out(draws: Floats, variance: Floats, *, rng: np.random.Generator) -> Floats:
    """Draws of a positive sum, spread by what each customer may be like, shape as `draws`."""
    return _spread(draws, variance, standard=rng.standard_normal(draws.shape))
