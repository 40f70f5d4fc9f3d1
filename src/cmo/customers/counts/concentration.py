"""How much of the revenue hangs on the best customers."""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

BLOCK = 2_000_000  # weights held in memory at a time: 16 MB an array


def top_shares(customers: Floats, spend: Floats, *, top: Floats) -> Floats:
    """Share of spend that the best customers bring, from cells of customers alike.

    Args:
        customers: Customers in each cell (or their weights), >= 0, shape (..., cells), cells in descending
            order of spend per customer.
        spend: Spend of each cell, >= 0, same shape.
        top: Shares of customers that are called the best, in (0, 1), shape (tops,).

    Returns:
        Shares of spend, shape (..., tops). Inside a cell spend is taken as equal.

    Raises:
        ValueError: A share of customers lies outside (0, 1).
    """
    if np.any((top <= 0) | (top >= 1)):
        raise ValueError(f"top == {top}, must lie in (0, 1)")
    n, money = (np.cumsum(np.atleast_2d(values), axis=-1) for values in (customers, spend))
    n = np.concatenate([np.zeros((n.shape[0], 1)), n], axis=1)
    money = np.concatenate([np.zeros((money.shape[0], 1)), money], axis=1)
    shares = np.array(
        [
            np.interp(top * reached[-1], reached, gained) / gained[-1]
            for reached, gained in zip(n, money, strict=True)
        ]
    )
    return shares.reshape(*customers.shape[:-1], top.size)


def concentration(
    customers: Floats,
    spend: Floats,
    *,
    top: Floats,
    rng: np.random.Generator,
    draws: int,
) -> tuple[Floats, Floats]:
    """Posterior of the share of spend of the best customers, under the Bayesian bootstrap.

    Args:
        customers: Customers in each cell, > 0, shape (cells,).
        spend: Spend of each cell, > 0, shape (cells,).
        top: Shares of customers called the best, in (0, 1), shape (tops,).
        rng: Source of randomness.
        draws: Number of draws, >= 1.

    Returns:
        Draws, shape (draws, tops), joint over the tops; and the shares as counted, shape (tops,).

    Raises:
        ValueError: There is no cell, or one without spend.

    References:
        Rubin (1981), "The Bayesian bootstrap", Annals of Statistics 9(1).
    """
    if not customers.size or spend.min() <= 0:
        raise ValueError("concentration needs at least one customer, and spend > 0 in every cell")
    order = np.argsort(-spend / customers, kind="stable")
    number, money = customers[order], spend[order]
    rows = max(1, BLOCK // number.size)
    blocks = []
    for start in range(0, draws, rows):
        weights = rng.standard_gamma(number, size=(min(rows, draws - start), number.size))
        blocks.append(top_shares(weights, weights * (money / number), top=top))
    return np.concatenate(blocks), top_shares(number, money, top=top)
