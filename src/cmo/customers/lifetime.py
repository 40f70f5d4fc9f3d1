"""The customer base valued by acquisition channel and segment, model chosen and corrected by backtest."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt

from cmo.customers import gamma_gamma
from cmo.customers.backtest import Backtest, Origin, backtest
from cmo.customers.cells import Cells, Floats, Integers, cells_of, coarsened_to, merged
from cmo.customers.clock import Clock
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
from cmo.customers.fitting import (
    Fit,
    PurchaseModel,
    fit_within,
    refuse_thin,
    refuse_unseen_dropout,
)
from cmo.customers.newton import Surface
from cmo.customers.pooling import learned_prior
from cmo.customers.posterior import Posterior, posterior
from cmo.customers.prediction import Customers, Horizon, discounted_orders, horizon_of, moments_of_a_year
from cmo.customers.segments import SEGMENTS, segment_of
from cmo.customers.value import SpendingFit, fit_spending
from cmo.measures import DRAWS

YEAR = 365
ANNUAL_RATE = 0.10
N_CELLS = 200  # of a channel and cohort, on which its uncertainty is valued
N_POOLED = 4_000  # cells of a group from which the shared prior is learned
FEWEST_REPEATED = 30  # customers whose amounts a channel needs for a spending model of its own
ACCOUNT = 12.0  # times the frequency of the most frequent percent: an account, not a person


@dataclass(frozen=True, slots=True, kw_only=True)
class Base:
    """A company's customers, as cells in days of the log.

    Attributes:
        channels: Names of the acquisition channels; one name if none is known.
        channel: Position of each cell's channel, shape (cell,).
        frequency: Repeat purchase occasions, shape (cell,).
        first: Day of the first occasion, shape (cell,).
        last: Day of the last occasion, shape (cell,).
        weight: Customers in each cell, shape (cell,).
        total: What the repeat purchases of all customers of the cell brought, in currency, shape (cell,).
        first_total: What their first purchases brought, in currency, shape (cell,).
        spending: Amounts of the customers of each channel; None where nobody came back.
        end: Last day of the log.
        clock: Business time as known at the end.
        there_before: Days at the start of the log whose customers were there before it.
    """

    channels: tuple[str, ...]
    channel: Integers
    frequency: Floats
    first: Integers
    last: Integers
    weight: Floats
    total: Floats
    first_total: Floats
    spending: tuple[gamma_gamma.Spending | None, ...]
    end: int
    clock: Clock
    there_before: int


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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Group:
    """Customers of one channel and cohort."""

    channel: int
    newer: bool
    at: Integers
    cells: Cells


def lifetimes(base: Base, origins: Sequence[Origin], *, rng: np.random.Generator) -> Lifetimes:
    """Values a base.

    Args:
        base: The customers.
        origins: Past cuts for the backtest.
        rng: Source of randomness.

    Raises:
        Unsupported: The base or its history cannot support a value, with the reason.
    """
    tested = backtest(origins, there_before=base.there_before)
    customers, horizon = _on_clock(base, seasonal=tested.chosen.seasonal)
    ordinary = ~accounts_among(base.frequency, base.weight)
    groups = _groups(base, customers, ordinary=ordinary)
    fits = _fits(tested, groups)
    spent = _spending(base, rng=rng)
    draws = [posterior(fitted, group.cells, rng=rng) for fitted, group in zip(fits, groups, strict=True)]
    level = _level(tested, rng=rng)
    worth = np.zeros((DRAWS, len(base.channels), len(SEGMENTS)))
    count = np.zeros((len(base.channels), len(SEGMENTS)))
    newcomer = np.zeros((DRAWS, len(base.channels)))
    for group, fitted, drawn in zip(groups, fits, draws, strict=True):
        spending, amounts = spent[group.channel]
        held = _held(base, customers, at=group.at)
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
        tested=tested,
        pareto_k=max(one.pareto_k for one in draws),
        accounts=float(base.weight[~ordinary].sum()),
    )


def accounts_among(frequency: Floats, weight: Floats) -> npt.NDArray[np.bool_]:
    """Cells whose customers buy so often that they are accounts: one in thousands would bend the whole fit.

    Args:
        frequency: Repeat purchase occasions, shape (cell,).
        weight: Customers in each cell, shape (cell,).
    """
    order = np.argsort(frequency)
    share = np.cumsum(weight[order]) / weight.sum()
    often = frequency[order][np.searchsorted(share, 0.99)]
    out: npt.NDArray[np.bool_] = frequency > ACCOUNT * max(float(often), 3.0)
    return out


def _on_clock(base: Base, *, seasonal: bool) -> tuple[Customers, Horizon]:
    """Histories and the next twelve months in the time of the chosen candidate."""
    elapsed = base.clock.elapsed if seasonal else np.arange(base.clock.elapsed.size, dtype=np.float64)
    customers = Customers(
        frequency=base.frequency,
        recency=elapsed[base.last] - elapsed[base.first],
        age=elapsed[base.end] - elapsed[base.first],
    )
    ahead = base.end + np.round(YEAR * np.r_[moments_of_a_year(), 1.0]).astype(np.int64)
    reach = elapsed[ahead] - elapsed[base.end]
    return customers, horizon_of(float(reach[-1]), years=1.0, annual_rate=ANNUAL_RATE, moments=reach[:-1])


def _groups(base: Base, customers: Customers, *, ordinary: npt.NDArray[np.bool_]) -> list[_Group]:
    groups = []
    for channel in range(len(base.channels)):
        for newer in (False, True):
            among = (base.channel == channel) & ((base.first >= base.there_before) == newer)
            at, fitted = np.flatnonzero(among), np.flatnonzero(among & ordinary)
            if not fitted.size:
                continue
            cells = cells_of(
                customers.frequency[fitted],
                customers.recency[fitted],
                age=customers.age[fitted],
                weight=base.weight[fitted],
            )
            groups.append(_Group(channel=channel, newer=newer, at=at, cells=cells))
    return groups


def _fits(tested: Backtest, groups: Sequence[_Group]) -> list[Fit]:
    model = tested.chosen.model
    whole = merged([group.cells for group in groups])
    refuse_thin(whole)
    prior = model.prior(whole.mean_age)
    together = fit_within(model, whole, prior=prior)
    refuse_unseen_dropout(together, whole)
    if len(groups) == 1:
        return [together]
    surfaces = [partial(_surface, model, coarsened_to(group.cells, n_cells=N_POOLED)) for group in groups]
    shared = learned_prior(surfaces, prior)
    return [fit_within(model, group.cells, prior=shared) for group in groups]


def _surface(model: PurchaseModel, cells: Cells, theta: Floats) -> Surface:
    return model.surface(theta, cells)


def _amounts(spending: gamma_gamma.Spending, theta: Floats) -> Surface:
    return gamma_gamma.log_likelihood(theta, spending)


def _spending(base: Base, *, rng: np.random.Generator) -> list[tuple[SpendingFit, Posterior]]:
    """The amounts of each channel; channels with few repeat purchases follow the whole company."""
    known = [one for one in base.spending if one is not None]
    if not known:
        raise ValueError("no channel with amounts: refuse a base without repeat buyers first")
    together = gamma_gamma.spending_of(
        np.concatenate([one.frequency for one in known]),
        np.concatenate([one.total for one in known]),
        weight=np.concatenate([one.weight for one in known]),
    )
    whole = fit_spending(together)
    common = whole, spending_posterior(whole, together, rng=rng, n_draws=DRAWS)
    many = [one is not None and one.weight.sum() >= FEWEST_REPEATED for one in base.spending]
    if sum(many) < 2:
        return [common for _ in base.spending]
    surfaces = [
        partial(_amounts, one)
        for one, enough in zip(base.spending, many, strict=True)
        if one is not None and enough
    ]
    shared = learned_prior(surfaces, gamma_gamma.prior(together.mean_amount))
    out = []
    for one, enough in zip(base.spending, many, strict=True):
        if one is None or not enough:
            out.append(common)
            continue
        own = fit_spending(one, prior=shared)
        out.append((own, spending_posterior(own, one, rng=rng, n_draws=DRAWS)))
    return out


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


def _first_purchase(base: Base, group: _Group) -> float:
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
