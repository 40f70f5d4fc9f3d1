"""The customer base valued by acquisition channel and segment, as joint draws."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cmo.customers.lifetimes.equity import (
    N_EXACT,
    Holdings,
    Worth,
    coarse_holdings,
    quadratic,
    spending_posterior,
    worth_draws,
    worth_of_cells,
)
from cmo.customers.lifetimes.frontier import frontier
from cmo.customers.lifetimes.modelling import Base, Group, Modelled
from cmo.customers.lifetimes.natures import natures, spread_out, turned_out
from cmo.customers.lifetimes.posterior import Posterior, posterior
from cmo.customers.lifetimes.value import SpendingFit
from cmo.customers.purchases.backtest import Backtest
from cmo.customers.purchases.cells import Floats, Integers
from cmo.customers.purchases.correction import N_CLASSES, class_of
from cmo.customers.purchases.fitting import Fit
from cmo.customers.purchases.prediction import Customers, Horizon, discounted_orders
from cmo.customers.segmentation.segments import SEGMENTS, segment_of
from cmo.measures import DRAWS

ORDERS = (2, 3, 5, 8, 12, 20)  # at which the alive frontier is told
N_CELLS = 200  # of a channel and cohort, on which its uncertainty is valued


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifetimes:
    """What the base is worth within the next twelve months, discounted at 10 % a year.

    Attributes:
        equity: Draws, in currency, shape (draw, channel, segment).
        alive: Draws of the customers still there, shape (draw, channel, segment).
        at_stake: Draws of the value lost if all who may have left have, in currency, shape (draw, segment).
        customers: Customers, shape (channel, segment).
        newcomer: Draws of what a new customer of each channel brings in her first year, the first purchase
            included, in currency, shape (draw, channel).
        silence: Draws of the days of silence after which a customer is more likely gone than not, by orders
            so far, see `ORDERS`, shape (draw, number); not a number where nobody ordered so often.
        tested: The backtest that chose the model.
        pareto_k: The largest Pareto k of the posteriors that were drawn.
        accounts: Customers that buy like a business and were kept out of the fit.
    """

    equity: Floats
    alive: Floats
    at_stake: Floats
    customers: Floats
    newcomer: Floats
    silence: Floats
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
    levels = model.tested.corrected.draws(DRAWS, rng=rng)
    n_channels, n_segments = len(base.channels), len(SEGMENTS)
    worth = np.zeros((DRAWS, n_channels, n_segments))
    there, at_stake = np.zeros_like(worth), np.zeros((DRAWS, n_segments))
    count = np.zeros((n_channels, n_segments))
    newcomer = np.zeros((DRAWS, n_channels))
    unlike, lost = np.zeros((3, n_channels, n_segments)), np.zeros(n_segments)
    for group, drawn in zip(model.groups, draws, strict=True):
        fitted, amounts = group.fitted, spent[group.channel]
        sums, shape = _summed(model, group, draws=(drawn, amounts), rng=rng)
        worth[:, group.channel] += shape.equity[:, None] * (levels @ sums.equity)
        there[:, group.channel] += shape.alive[:, None] * sums.alive
        at_stake += shape.at_stake[:, None] * (levels @ sums.at_stake)
        count[group.channel] += sums.customers
        unlike[:, group.channel] += sums.unlike
        lost += sums.lost
        if group.newer:
            orders = levels[:, 0] * _first_year(fitted, horizon=horizon, drawn=drawn, rng=rng)
            newcomer[:, group.channel] = _first_purchase(base, group) + orders * _mean_amount(amounts)
    expected = worth.mean(axis=(0, 2))
    own = model.tested.corrected.parts(DRAWS, share=expected / expected.sum(), rng=rng)
    worth, newcomer = worth * own[:, :, None], newcomer * own
    worth, there = turned_out(worth, there, variance=unlike, rng=rng)
    return Lifetimes(
        equity=worth,
        alive=np.minimum(there, count),
        at_stake=spread_out(at_stake, lost, rng=rng),
        customers=count,
        newcomer=newcomer,
        silence=_silence(model, draws, rng=rng),
        tested=model.tested,
        pareto_k=max(one.pareto_k for one in draws),
        accounts=model.accounts,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sums:
    """A group's worth at the mode, by class of age and segment, and what nobody knows of its customers.

    Attributes:
        equity: Before correction, in currency, shape (class, segment).
        at_stake: Likewise.
        alive: Customers still there, shape (segment,).
        customers: Customers, shape (segment,).
        unlike: Variances of equity and alive and their covariance, see `natures`, shape (3, segment).
        lost: Variance of what is at stake, shape (segment,).
    """

    equity: Floats
    at_stake: Floats
    alive: Floats
    customers: Floats
    unlike: Floats
    lost: Floats


def _summed(
    model: Modelled, group: Group, *, draws: tuple[Posterior, Posterior], rng: np.random.Generator
) -> tuple[_Sums, Worth]:
    """What a group is worth at the mode, and draws of its worth over that."""
    base, horizon, fitted = model.base, model.horizon, group.fitted
    spending = model.amounts[group.channel].fitted
    held = _held(base, model.customers, at=group.at)
    segment, known_for = segment_of(fitted, held.customers), class_of(base.end - base.first[group.at])
    exact = worth_of_cells(fitted.theta, spending.theta, fitted=fitted, held=held, horizon=horizon)
    few = coarse_holdings(held, n_cells=N_CELLS)
    shape = _unsure(fitted, spending, held=few, horizon=horizon, draws=draws, rng=rng)
    factor = model.tested.corrected.factor[known_for]
    usual = float(np.dot(factor, exact.equity) / max(exact.equity.sum(), 1e-300))
    unlike = natures(fitted, spending, held=few, horizon=horizon, level=np.full(few.weight.size, usual))
    n = len(SEGMENTS)

    def by_segment(weights: Floats) -> Floats:
        return np.bincount(segment, weights=weights, minlength=n).astype(np.float64)

    def by_class(weights: Floats) -> Floats:
        both = np.bincount(known_for * n + segment, weights=weights, minlength=N_CLASSES * n)
        return both.reshape(N_CLASSES, n).astype(np.float64)

    sums = _Sums(
        equity=by_class(exact.equity),
        at_stake=by_class(exact.at_stake),
        alive=by_segment(exact.alive),
        customers=by_segment(held.weight),
        unlike=np.stack([unlike.equity, unlike.alive, unlike.both]),
        lost=unlike.at_stake,
    )
    return sums, shape


def _silence(model: Modelled, draws: Sequence[Posterior], *, rng: np.random.Generator) -> Floats:
    """The alive frontier of the largest channel and cohort."""
    sizes = [group.cells.n_customers for group in model.groups]
    at = int(np.argmax(sizes))
    group = model.groups[at]
    return frontier(
        group.fitted,
        group.cells,
        orders=ORDERS,
        drawn=draws[at],
        rng=rng,
        spacing=model.base.clock.spacing,
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
) -> Worth:
    """Draws of a group's worth over its worth at the mode; one for all its segments."""
    found = worth_draws(fitted, spending, held=held, horizon=horizon, draws=draws, rng=rng)
    mode = worth_of_cells(fitted.theta, spending.theta, fitted=fitted, held=held, horizon=horizon)
    return Worth(
        equity=found.equity / mode.equity.sum(),
        alive=found.alive / mode.alive.sum(),
        at_stake=found.at_stake / np.maximum(mode.at_stake.sum(), 1e-300),
    )


def _first_year(fitted: Fit, *, horizon: Horizon, drawn: Posterior, rng: np.random.Generator) -> Floats:
    """Draws of the discounted orders of a new customer within the horizon, after the first purchase."""

    def log_orders(theta: Floats) -> Floats:
        staying, future = fitted.model.newcomer(theta)
        return np.log(staying * discounted_orders(future, horizon))

    return np.exp(quadratic(log_orders, fitted.theta, draws=drawn.draws, n_exact=N_EXACT, rng=rng)[:, 0])


def _first_purchase(base: Base, group: Group) -> float:
    """Mean of what the first purchase of a customer of this group brought."""
    return float(base.first_total[group.at].sum() / base.weight[group.at].sum())


def _mean_amount(drawn: Posterior) -> Floats:
    """Draws of the mean amount of an order; q stays above 1 by its prior but for the odd draw."""
    p, q, v = np.exp(drawn.draws.T)
    out: Floats = p * v / np.maximum(q - 1.0, 0.01)
    return out
