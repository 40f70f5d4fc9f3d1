"""The customer base valued by acquisition channel and segment, as joint draws."""

from dataclasses import dataclass

import numpy as np

from cmo.customers.backtest import Backtest
from cmo.customers.cells import Floats, Integers
from cmo.customers.equity import (
    N_EXACT,
    Holdings,
    coarse_holdings,
    equity,
    equity_draws,
    equity_of_cells,
    quadratic,
    spending_posterior,
)
from cmo.customers.fitting import Fit
from cmo.customers.modelling import Base, Group, Modelled
from cmo.customers.posterior import Posterior, posterior
from cmo.customers.prediction import Customers, Horizon, discounted_orders
from cmo.customers.segments import SEGMENTS, segment_of
from cmo.customers.value import SpendingFit
from cmo.measures import DRAWS

N_CELLS = 200  # of a channel and cohort, on which its uncertainty is valued


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifetimes:
    """What the base is worth within the next twelve months, discounted at 10 % a year.

    Attributes:
        equity: Draws, in currency, shape (draw, channel, segment).
        customers: Customers, shape (channel, segment).
        newcomer: Draws of what a new customer of each channel brings in her first year, the first purchase
            included, in currency, shape (draw, channel).
        tested: The backtest that chose the model.
        pareto_k: The largest Pareto k of the posteriors that were drawn.
        accounts: Customers that buy like a business and were kept out of the fit.
    """

    equity: Floats
    customers: Floats
    newcomer: Floats
    tested: Backtest
    pareto_k: float
    accounts: float


def lifetimes(model: Modelled, *, rng: np.random.Generator) -> Lifetimes:
    """Values a modelled base.

    Args:
        model: The base with its models.
        rng: Source of randomness.

    Raises:
        Unsupported: A posterior cannot be trusted.
    """
    base, horizon = model.base, model.horizon
    spent = _spent(model, rng=rng)
    draws = [
        posterior(group.fitted, group.cells, rng=rng, n_groups=len(model.groups)) for group in model.groups
    ]
    level = _level(model.tested, rng=rng)
    worth = np.zeros((DRAWS, len(base.channels), len(SEGMENTS)))
    count = np.zeros((len(base.channels), len(SEGMENTS)))
    newcomer = np.zeros((DRAWS, len(base.channels)))
    for group, drawn in zip(model.groups, draws, strict=True):
        fitted, spending, amounts = group.fitted, model.amounts[group.channel].fitted, spent[group.channel]
        held = _held(base, model.customers, at=group.at)
        segment = segment_of(fitted, held.customers)
        exact = equity_of_cells(fitted.theta, spending.theta, fitted=fitted, held=held, horizon=horizon)
        part = np.bincount(segment, weights=exact, minlength=len(SEGMENTS))
        shape = _unsure(fitted, spending, held=held, horizon=horizon, draws=(drawn, amounts), rng=rng)
        worth[:, group.channel] += (level * shape)[:, None] * part
        count[group.channel] += np.bincount(segment, weights=held.weight, minlength=len(SEGMENTS))
        if group.newer:
            orders = level * _first_year(fitted, horizon=horizon, drawn=drawn, rng=rng)
            newcomer[:, group.channel] = _first_purchase(base, group) + orders * _mean_amount(amounts)
    return Lifetimes(
        equity=worth,
        customers=count,
        newcomer=newcomer,
        tested=model.tested,
        pareto_k=max(one.pareto_k for one in draws),
        accounts=model.accounts,
    )


def _spent(model: Modelled, *, rng: np.random.Generator) -> list[Posterior]:
    """The posterior of the amounts of each channel; what channels share is drawn once."""
    drawn: dict[int, Posterior] = {}
    for one in model.amounts:
        if id(one) not in drawn:
            drawn[id(one)] = spending_posterior(
                one.fitted, one.spending, rng=rng, n_draws=DRAWS, n_groups=len(model.groups)
            )
    return [drawn[id(one)] for one in model.amounts]


def _held(base: Base, customers: Customers, *, at: Integers) -> Holdings:
    part = Customers(frequency=customers.frequency[at], recency=customers.recency[at], age=customers.age[at])
    return Holdings(customers=part, total=base.total[at], weight=base.weight[at])


def _unsure(
    fitted: Fit,
    spending: SpendingFit,
    *,
    held: Holdings,
    horizon: Horizon,
    draws: tuple[Posterior, Posterior],
    rng: np.random.Generator,
) -> Floats:
    """Draws of a group's equity over its value at the mode, from coarse cells; one for all its segments."""
    few = coarse_holdings(held, n_cells=N_CELLS)
    found = equity_draws(fitted, spending, held=few, horizon=horizon, draws=draws, rng=rng)
    return found / equity(fitted.theta, spending.theta, fitted=fitted, held=few, horizon=horizon)


def _first_year(fitted: Fit, *, horizon: Horizon, drawn: Posterior, rng: np.random.Generator) -> Floats:
    """Draws of the discounted orders of a new customer within the horizon, after the first purchase."""

    def log_orders(theta: Floats) -> float:
        staying, future = fitted.model.newcomer(theta)
        return float(np.log(staying * discounted_orders(future, horizon)[0]))

    return np.exp(quadratic(log_orders, fitted.theta, draws=drawn.draws, n_exact=N_EXACT, rng=rng))


def _first_purchase(base: Base, group: Group) -> float:
    """Mean of what the first purchase of a customer of this group brought."""
    return float(base.first_total[group.at].sum() / base.weight[group.at].sum())


def _mean_amount(drawn: Posterior) -> Floats:
    """Draws of the mean amount of an order; q stays above 1 by its prior but for the odd draw."""
    p, q, v = np.exp(drawn.draws.T)
    out: Floats = p * v / np.maximum(q - 1.0, 0.01)
    return out


def _level(tested: Backtest, *, rng: np.random.Generator) -> Floats:
    """Draws of the correction factor for one more year: as unsure as the cuts were unlike."""
    n = len(tested.carried)
    unsure = tested.correction_error * np.sqrt(n + 1.0)
    factor = np.exp(np.clip(unsure * rng.standard_t(n - 1, DRAWS), -1.0, 1.0))
    return np.asarray(tested.correction * factor, dtype=np.float64)
