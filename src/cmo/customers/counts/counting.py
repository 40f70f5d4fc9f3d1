"""Counts of customers and their orders, with the luck of who happened to be a customer."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

BLOCK = 4_000_000  # weights held in memory at a time: 32 MB
JEFFREYS = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """Weighted totals over cells, one row per draw.

    Attributes:
        values: Totals, shape (draws, totals).
        exact: The same with every customer counted once, shape (totals,).
    """

    values: Floats
    exact: Floats


def resampled(customers: Floats, amounts: Floats, *, rng: np.random.Generator, draws: int) -> Totals:
    """Totals over customers under the Bayesian bootstrap, cell by cell.

    Each customer carries an exponential weight; the weights of a cell of n customers add up to a
    Gamma(n) variable, so the cells are all that is needed. Ratios of such totals are draws from the
    posterior of the ratio, and a ratio of two counts follows the Beta distribution exactly.

    Args:
        customers: Customers in each cell, > 0, shape (cells,).
        amounts: Totals of each cell, one column per quantity, shape (cells, totals).
        rng: Source of randomness.
        draws: Number of draws, >= 1.

    Returns:
        The totals, jointly over the columns.

    References:
        Rubin (1981), "The Bayesian bootstrap", Annals of Statistics 9(1).
    """
    per_customer = amounts / customers[:, None]
    rows = max(1, BLOCK // max(1, customers.size))
    blocks = [
        rng.standard_gamma(customers, size=(min(rows, draws - start), customers.size)) @ per_customer
        for start in range(0, draws, rows)
    ]
    return Totals(values=np.concatenate(blocks), exact=amounts.sum(axis=0))


def share(part: Floats, whole: Floats, *, rng: np.random.Generator) -> Floats:
    """Draws of a share from resampled counts, with Jeffreys' half a customer on either side.

    Args:
        part: Resampled count of those who did, shape (draws,).
        whole: Resampled count of those who could have, the former included, shape (draws,).
        rng: Source of randomness.

    Returns:
        Beta(did + 1/2, did not + 1/2) draws, shape (draws,), inside (0, 1).
    """
    did = part + rng.standard_gamma(JEFFREYS, part.shape)
    did_not = np.maximum(whole - part, 0.0) + rng.standard_gamma(JEFFREYS, part.shape)
    return np.asarray(did / (did + did_not), dtype=np.float64)
