"""The customer base modelled by acquisition channel and cohort; the model is chosen by backtest."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt

from cmo.customers.lifetimes.pooling import learned_prior
from cmo.customers.lifetimes.value import SpendingFit, fit_spending
from cmo.customers.purchases import gamma_gamma
from cmo.customers.purchases.backtest import CANDIDATES, ON_SET_OCCASIONS, Backtest, Origin, backtest
from cmo.customers.purchases.cells import Cells, Floats, Integers, cells_of, coarsened_to, merged
from cmo.customers.purchases.clock import Clock
from cmo.customers.purchases.fitting import (
    Fit,
    PurchaseModel,
    fit_within,
    refuse_thin,
    refuse_unseen_dropout,
)
from cmo.customers.purchases.newton import Surface
from cmo.customers.purchases.prediction import Customers, Horizon, horizon_of, moments_of_a_year

YEAR = 365
ANNUAL_RATE = 0.10
N_POOLED = 600  # cells of a group from which the shared prior is learned
N_WHOLE = 3_000  # cells of the whole base on which it is seen whether anybody leaves
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
class Group:
    """Customers of one channel and cohort.

    Attributes:
        channel: Position of the channel.
        newer: Whether they came after the log began.
        at: Their cells in the base, shape (held,).
        cells: Those the model was fitted to: accounts are left out.
        fitted: The purchase model.
    """

    channel: int
    newer: bool
    at: Integers
    cells: Cells
    fitted: Fit


@dataclass(frozen=True, slots=True, kw_only=True)
class Amounts:
    """What the customers of a channel spend.

    Attributes:
        spending: The amounts it was learned from: the channel's own, or the company's where these are few.
        fitted: The Gamma-Gamma model.
    """

    spending: gamma_gamma.Spending
    fitted: SpendingFit


@dataclass(frozen=True, slots=True, kw_only=True)
class Modelled:
    """A base with its models.

    Attributes:
        base: The customers.
        tested: The backtest that chose the model.
        customers: Histories of the cells, in the time of the chosen candidate, shape (cell,).
        horizon: The next twelve months in that time.
        groups: Purchase models by channel and cohort.
        amounts: Spending models by channel.
        accounts: Customers that buy like a business and were kept out of the fit.
    """

    base: Base
    tested: Backtest
    customers: Customers
    horizon: Horizon
    groups: tuple[Group, ...]
    amounts: tuple[Amounts, ...]
    accounts: float

    def group_of(self, channel: int, *, first: int) -> Group:
        """The group of a customer who came by a channel on a day of the log."""
        newer = first >= self.base.there_before
        return next(one for one in self.groups if (one.channel, one.newer) == (channel, newer))


def modelled(base: Base, origins: Sequence[Origin]) -> Modelled:
    """Chooses the model and fits it to each channel and cohort.

    Args:
        base: The customers.
        origins: Past cuts for the backtest.

    Raises:
        Unsupported: The base or its history cannot support a model, with the reason.
    """
    tested = backtest(
        origins,
        there_before=base.there_before,
        candidates=ON_SET_OCCASIONS if base.clock.spacing > 1.0 else CANDIDATES,
    )
    customers, horizon = on_clock(base, seasonal=tested.chosen.seasonal)
    ordinary = ~accounts_among(base.frequency, base.weight)
    parts = _parts(base, customers, ordinary=ordinary)
    fits = _fits(tested, [cells for *_, cells in parts])
    return Modelled(
        base=base,
        tested=tested,
        customers=customers,
        horizon=horizon,
        groups=tuple(
            Group(channel=channel, newer=newer, at=at, cells=cells, fitted=fitted)
            for (channel, newer, at, cells), fitted in zip(parts, fits, strict=True)
        ),
        amounts=_amounts(base),
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


def on_clock(base: Base, *, seasonal: bool) -> tuple[Customers, Horizon]:
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


def _parts(
    base: Base, customers: Customers, *, ordinary: npt.NDArray[np.bool_]
) -> list[tuple[int, bool, Integers, Cells]]:
    """Channel, cohort, cells held and cells fitted of each group that has anybody."""
    parts = []
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
            parts.append((channel, newer, at, cells))
    return parts


def _fits(tested: Backtest, groups: Sequence[Cells]) -> list[Fit]:
    model = tested.chosen.model
    whole = merged(groups)
    refuse_thin(whole)
    prior = model.prior(whole.mean_age)
    if len(groups) == 1:
        together = fit_within(model, whole, prior=prior)
        refuse_unseen_dropout(together, whole)
        return [together]
    some = coarsened_to(whole, n_cells=N_WHOLE)
    refuse_unseen_dropout(fit_within(model, some, prior=prior), some)
    surfaces = [partial(_surface, model, coarsened_to(group, n_cells=N_POOLED)) for group in groups]
    shared = learned_prior(surfaces, prior)
    return [fit_within(model, group, prior=shared) for group in groups]


def _surface(model: PurchaseModel, cells: Cells, theta: Floats) -> Surface:
    return model.surface(theta, cells)


def _amounts_at(spending: gamma_gamma.Spending, theta: Floats) -> Surface:
    return gamma_gamma.log_likelihood(theta, spending)


def _amounts(base: Base) -> tuple[Amounts, ...]:
    """The amounts of each channel; channels with few repeat purchases follow the whole company."""
    known = [one for one in base.spending if one is not None]
    if not known:
        raise ValueError("no channel with amounts: refuse a base without repeat buyers first")
    together = gamma_gamma.spending_of(
        np.concatenate([one.frequency for one in known]),
        np.concatenate([one.total for one in known]),
        weight=np.concatenate([one.weight for one in known]),
    )
    common = Amounts(spending=together, fitted=fit_spending(together))
    own = [one if one is not None and one.weight.sum() >= FEWEST_REPEATED else None for one in base.spending]
    many = [one for one in own if one is not None]
    if len(many) < 2 or common.fitted.steady:
        return tuple(common for _ in base.spending)
    surfaces = [partial(_amounts_at, one) for one in many]
    shared = learned_prior(surfaces, gamma_gamma.prior(together.mean_amount))
    return tuple(
        common if one is None else Amounts(spending=one, fitted=fit_spending(one, prior=shared))
        for one in own
    )
