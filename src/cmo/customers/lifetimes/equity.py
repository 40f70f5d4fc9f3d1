"""What a customer base is worth, with the uncertainty of its models: total, by channel, by cohort.

The value of a base is a smooth function of a few log-parameters. It is computed exactly at some posterior
draws, its logarithm is fitted by a quadratic, and the quadratic is evaluated at all draws: two thousand
valuations for forty.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from cmo.customers.lifetimes.posterior import FEWEST_PROPOSALS, N_PROPOSALS, Posterior, drawn_from
from cmo.customers.lifetimes.value import SpendingFit
from cmo.customers.purchases import gamma_gamma
from cmo.customers.purchases.cells import Floats
from cmo.customers.purchases.fitting import Fit
from cmo.customers.purchases.prediction import Customers, Horizon, discounted_orders, distinct, future_of

N_EXACT = 30  # exact valuations for the quadratic in the purchase parameters
N_EXACT_SPENDING = 24
SPENDING_WIDTH = 0.25  # bins of log totals in which the shape of the spending posterior is measured


@dataclass(frozen=True, slots=True, kw_only=True)
class Holdings:
    """Customers alike, with what they spent together; shapes (cell,).

    Attributes:
        customers: Histories.
        total: Sum of the amounts of the repeat purchases of all customers of the cell, in currency.
        weight: Customers in each cell.
    """

    customers: Customers
    total: Floats
    weight: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Worth:
    """What a base is worth; draws of shape (draw,) unless it is a single value.

    Attributes:
        equity: Discounted value within the horizon, in currency.
        alive: Customers who are still there.
        at_stake: Value that is lost if all who may have left have, in currency.
    """

    equity: Floats
    alive: Floats
    at_stake: Floats


def worth_draws(
    fitted: Fit,
    spending: SpendingFit,
    *,
    held: Holdings,
    horizon: Horizon,
    draws: tuple[Posterior, Posterior],
    rng: np.random.Generator,
) -> Worth:
    """Posterior draws of what a base is worth.

    Args:
        fitted: Purchase model at its mode.
        spending: Gamma-Gamma model at its mode.
        held: The customers.
        horizon: How far ahead, at which annual rate.
        draws: Posteriors of the purchase and of the spending parameters, joint by position.
        rng: Source of randomness: which draws are valued exactly.
    """
    orders, _ = _discounted(fitted.theta, fitted=fitted, held=held, horizon=horizon)
    amounts = _amounts(spending.theta, held)

    def by_orders(theta: Floats) -> Floats:
        found, alive = _discounted(theta, fitted=fitted, held=held, horizon=horizon)
        gone = found * (1.0 / np.maximum(alive, 1e-12) - 1.0)
        sums = (np.dot(found, amounts), np.dot(held.weight, alive), np.dot(gone, amounts))
        return np.log(np.maximum(sums, 1e-300))

    def by_amounts(theta: Floats) -> Floats:
        return np.log([np.dot(orders, _amounts(theta, held))])

    purchases, spent = draws
    logs = quadratic(by_orders, fitted.theta, draws=purchases.draws, n_exact=N_EXACT, rng=rng)
    money = quadratic(by_amounts, spending.theta, draws=spent.draws, n_exact=N_EXACT_SPENDING, rng=rng)
    dearer = np.exp(money[:, 0] - float(by_amounts(spending.theta)[0]))
    found = np.exp(logs)
    return Worth(equity=found[:, 0] * dearer, alive=found[:, 1], at_stake=found[:, 2] * dearer)


def worth_of_cells(
    theta: Floats, spending: Floats, *, fitted: Fit, held: Holdings, horizon: Horizon
) -> Worth:
    """What the customers of each cell are worth together at given log-parameters, shape (cell,)."""
    orders, alive = _discounted(theta, fitted=fitted, held=held, horizon=horizon)
    value = orders * _amounts(spending, held)
    return Worth(
        equity=value,
        alive=held.weight * alive,
        at_stake=value * (1.0 / np.maximum(alive, 1e-12) - 1.0),
    )


def quadratic(
    function: Callable[[Floats], Floats],
    centre: Floats,
    *,
    draws: Floats,
    n_exact: int,
    rng: np.random.Generator,
) -> Floats:
    """A smooth function at many draws from its values at a few.

    Args:
        function: The function, costly, of several values, shape (value,).
        centre: The mode, always among the exact points, shape (parameter,).
        draws: Where it is wanted, shape (draw, parameter).
        n_exact: Draws at which it is evaluated; more than the quadratic has coefficients.
        rng: Chooses them.

    Returns:
        Its values, shape (draw, value).
    """
    points = np.vstack(
        [centre, draws[rng.choice(draws.shape[0], size=min(n_exact, draws.shape[0]), replace=False)]]
    )
    scale = np.maximum(draws.std(axis=0), 1e-9)
    values = np.array([function(point) for point in points])
    found = np.linalg.lstsq(_terms((points - centre) / scale), values, rcond=None)[0]
    out: Floats = _terms((draws - centre) / scale) @ found
    return out


def spending_posterior(
    spending: SpendingFit,
    amounts: gamma_gamma.Spending,
    *,
    rng: np.random.Generator,
    n_draws: int,
    n_groups: int = 1,
) -> Posterior:
    """Draws of log (p, q, v), whose shape is measured on coarse bins of the totals.

    Raises:
        Unsupported: The amounts leave the parameters almost free.
    """
    if spending.steady:
        drawn_at = spending.theta + rng.standard_normal((n_draws, 3)) * np.sqrt(np.diag(spending.covariance))
        return Posterior(draws=drawn_at, effective=float(n_draws), pareto_k=0.0, by="one price")
    prior = spending.prior
    few = gamma_gamma.spending_of(
        amounts.frequency, amounts.total, weight=amounts.weight, width=SPENDING_WIDTH
    )
    spread = np.linalg.cholesky(spending.covariance)
    here = gamma_gamma.log_likelihood(spending.theta, few) + prior.surface(spending.theta)

    def whitened(z: Floats) -> float:
        step = spread @ z
        at = spending.theta + step
        there = gamma_gamma.log_density(at, few) + prior.surface(at).value
        # the coarse surface's own slope and curvature give way to the exact ones
        coarse = here.value + step @ here.gradient + 0.5 * step @ here.hessian @ step
        return float(there - coarse - 0.5 * z @ z)

    n_proposals = max(N_PROPOSALS // n_groups, FEWEST_PROPOSALS)
    drawn = drawn_from(whitened, size=3, rng=rng, n_draws=n_draws, n_proposals=n_proposals)
    return Posterior(
        draws=spending.theta + drawn.draws @ spread.T,
        effective=drawn.effective,
        pareto_k=drawn.pareto_k,
        by=drawn.by,
    )


def coarse_holdings(held: Holdings, *, n_cells: int) -> Holdings:
    """Fewer cells, customers and money kept: alike in frequency, nearest in recency and age."""
    ages = held.customers.age
    bins = 128.0
    while held.weight.size > n_cells and bins >= 2:
        width = max(float(ages.max()), 1e-300) / bins
        held = _joined(held, width=width)
        bins /= 2
    return held


def _joined(held: Holdings, *, width: float) -> Holdings:
    x, t_x, age = held.customers.frequency, held.customers.recency, held.customers.age
    # frequency is exact while small, then in steps of a tenth: rates hardly differ within one
    often = np.where(x < 12, x, np.round(np.log(np.maximum(x, 1.0)) * 10) + 1_000)
    keys = np.stack([often, np.round(t_x / width), np.round(age / width)])
    order = np.lexsort(keys)
    at = np.flatnonzero(np.r_[True, np.any(np.diff(keys[:, order], axis=1) != 0, axis=0)])
    weight = np.add.reduceat(held.weight[order], at)
    mean = [np.add.reduceat((held.weight * part)[order], at) / weight for part in (x, t_x, age)]
    return Holdings(
        customers=Customers(frequency=mean[0], recency=np.minimum(mean[1], mean[2]), age=mean[2]),
        total=np.add.reduceat(held.total[order], at),
        weight=weight,
    )


def _discounted(theta: Floats, *, fitted: Fit, held: Holdings, horizon: Horizon) -> tuple[Floats, Floats]:
    """Discounted orders of one customer of each cell, and the chance of being alive, shape (cell,) each."""
    kinds, kind = distinct(fitted.model, held.customers)
    living = discounted_orders(future_of(fitted.model, theta, customers=kinds), horizon)[kind]
    who = held.customers
    alive = fitted.model.alive(theta, who.frequency, recency=who.recency, age=who.age)
    return alive * living, alive


def _amounts(theta: Floats, held: Holdings) -> Floats:
    """Expected amount per order, summed over the customers of each cell, shape (cell,)."""
    p, q, v = np.exp(theta)
    out: Floats = p * (v * held.weight + held.total) / (p * held.customers.frequency + q - 1.0)
    return out


def _terms(z: Floats) -> Floats:
    upper = np.triu_indices(z.shape[1])
    return np.column_stack([np.ones(z.shape[0]), z, z[:, upper[0]] * z[:, upper[1]]])
