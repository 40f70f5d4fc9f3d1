"""The alive frontier: after how long a silence a customer is more likely gone than not, by orders so far.

Who used to order often is missed soon; who ordered twice in two years may just be slow.

References:
    Fader, Hardie & Lee (2005), "RFM and CLV: using iso-value curves for customer base analysis", Journal of
    Marketing Research 42(4).
"""

from collections.abc import Sequence

import numpy as np

from cmo.customers.lifetimes.equity import N_EXACT, quadratic
from cmo.customers.lifetimes.posterior import Posterior
from cmo.customers.purchases.cells import Cells, Floats
from cmo.customers.purchases.fitting import Fit
from cmo.customers.purchases.prediction import Customers, chance_alive

EVEN = 0.5  # chance of being alive on the frontier
LONGEST = 3_650.0  # days
N_HALVINGS = 40


def frontier(
    fitted: Fit,
    cells: Cells,
    *,
    orders: Sequence[int],
    drawn: Posterior,
    rng: np.random.Generator,
    spacing: float = 1.0,
) -> Floats:
    """Silence at which the chance of being alive falls to one half, for customers with usual gaps.

    Args:
        fitted: Purchase model.
        cells: The customers it was fitted to, whose mean time to the n-th order is the usual one.
        orders: Numbers of orders, >= 2, the first included.
        drawn: Posterior of its parameters.
        rng: Source of randomness: which draws are computed exactly.
        spacing: Days that a unit of the histories' time takes.

    Returns:
        Draws in days, shape (draw, number); not a number where nobody ordered so often.
    """
    repeats = np.array(orders, dtype=np.float64) - 1.0
    usual = np.array([_usual(cells, x) for x in repeats])
    known, longest = np.isfinite(usual), np.log(LONGEST / spacing)

    def log_silence(theta: Floats) -> Floats:
        low, high = np.zeros(int(known.sum())), np.full(int(known.sum()), longest)
        for _ in range(N_HALVINGS):
            middle = (low + high) / 2.0
            who = Customers(frequency=repeats[known], recency=usual[known], age=usual[known] + np.exp(middle))
            there = chance_alive(fitted.model, theta, customers=who) > EVEN
            low, high = np.where(there, middle, low), np.where(there, high, middle)
        found: Floats = (low + high) / 2.0
        return found

    out = np.full((drawn.draws.shape[0], repeats.size), np.nan)
    if np.any(known):
        logs = quadratic(log_silence, fitted.theta, draws=drawn.draws, n_exact=N_EXACT, rng=rng)
        out[:, known] = spacing * np.exp(np.clip(logs, 0.0, longest))
    return out


def _usual(cells: Cells, repeats: float) -> float:
    """Mean time from the first to the last order of customers with that many repeats, or near."""
    near = (cells.frequency >= repeats) & (cells.frequency <= 1.2 * repeats)
    if not np.any(near):
        return float("nan")
    gap = cells.recency[near] / cells.frequency[near]
    return float(repeats * np.dot(cells.weight[near], gap) / cells.weight[near].sum())
