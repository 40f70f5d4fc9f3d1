"""Every customer by name, with what is expected of her and how sure that is: a batch at a time.

What depends on the kind of a history alone is computed once for each acquisition channel and cohort; what is
left for a customer is arithmetic, so that ten million of them are a matter of seconds.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri, polygamma

from cmo.customers.lifetimes.modelling import Group, Modelled
from cmo.customers.lifetimes.value import Prospects, SpendingFit, Values, prospects, values_of
from cmo.customers.purchases.cells import Floats, Integers
from cmo.customers.purchases.correction import N_CLASSES, class_of
from cmo.customers.purchases.fitting import Fit
from cmo.customers.purchases.prediction import Customers
from cmo.customers.purchases.tails import Tails, tails
from cmo.customers.segmentation.segments import segment_by

LEVELS = (0.05, 0.5, 0.95)


@dataclass(frozen=True, slots=True, kw_only=True)
class Histories:
    """Customers as the warehouse keeps them; shapes (customer,).

    Attributes:
        channel: Position of the acquisition channel in the base.
        frequency: Repeat purchase occasions.
        first: Day of the first occasion, in days of the log.
        last: Day of the last occasion, likewise.
        total: What the repeat purchases brought, in currency.
    """

    channel: Integers
    frequency: Floats
    first: Integers
    last: Integers
    total: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Entries:
    """What is expected of each customer over the horizon; shapes (customer,).

    Attributes:
        alive: P(still a customer).
        segment: Position in `SEGMENTS`.
        orders: Expected orders.
        orders_sd: Standard deviation of the orders.
        orders_low: 5 % quantile of the orders.
        orders_median: Their median: the forecast with the smallest absolute error.
        orders_high: Their 95 % quantile.
        buys: P(at least one order).
        amount: Expected amount per order, in currency.
        value: Expected discounted value, in currency.
        value_error: Standard error of `value`: what is not known of the model and of the level.
        value_low: 5 % quantile of what this customer will bring, model uncertainty included.
        value_high: 95 % quantile, likewise.
        at_stake: Value that is lost if she has left for good, in currency.
    """

    alive: Floats
    segment: Integers
    orders: Floats
    orders_sd: Floats
    orders_low: Integers
    orders_median: Integers
    orders_high: Integers
    buys: Floats
    amount: Floats
    value: Floats
    value_error: Floats
    value_low: Floats
    value_high: Floats
    at_stake: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    """What is computed once for customers of a channel, a cohort and a class of age."""

    fitted: Fit
    spending: SpendingFit
    keys: Integers
    ahead: Prospects
    tails: Tails
    second_day: bool
    level: float
    unsure: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Roll:
    """All that is needed to write an entry for any customer of a modelled base; made by `roll_of`."""

    model: Modelled
    elapsed: Floats
    pages: dict[tuple[int, bool, int], _Page]

    def entries(self, who: Histories) -> Entries:
        """What is expected of some customers of the base.

        Args:
            who: Their histories.
        """
        columns: dict[str, Floats | Integers] = {}
        newer = who.first >= self.model.base.there_before
        known_for = class_of(self.model.base.end - who.first)
        group = (who.channel * 2 + newer) * N_CLASSES + known_for
        for code in np.unique(group):
            at = np.flatnonzero(group == code)
            of, known = divmod(int(code), N_CLASSES)
            page = self.pages[of // 2, bool(of % 2), known]
            part = self._page_entries(page, _taken(who, at))
            for name in Entries.__dataclass_fields__:
                values = getattr(part, name)
                columns.setdefault(name, np.empty(group.size, dtype=values.dtype))[at] = values
        return Entries(**columns)  # type: ignore[arg-type]  # every field is set from a field of its type

    def _page_entries(self, page: _Page, who: Histories) -> Entries:
        end = self.model.base.end
        customers = Customers(
            frequency=who.frequency,
            recency=self.elapsed[who.last] - self.elapsed[who.first],
            age=self.elapsed[end] - self.elapsed[who.first],
        )
        kind = np.searchsorted(page.keys, _key(who, end=end, second_day=page.second_day))
        found = values_of(
            page.fitted, page.spending, customers=customers, total=who.total, ahead=page.ahead, kind=kind
        )
        low, median, high = (page.tails.quantile(q, kind=kind, alive=found.alive) for q in LEVELS)
        level, unsure = page.level, page.unsure
        pairs = found.alive * page.ahead.pairs[kind]
        variance = np.maximum(pairs + found.orders - found.orders**2, 0.0)
        doubt = np.hypot(found.error / np.maximum(found.value, 1e-300), unsure)
        ends = _interval(found, page.spending, frequency=who.frequency, doubt=doubt)
        return Entries(
            alive=found.alive,
            segment=segment_by(who.frequency, alive=found.alive),
            orders=level * found.orders,
            orders_sd=level * np.sqrt(variance + (unsure * found.orders) ** 2),
            orders_low=low,
            orders_median=median,
            orders_high=high,
            buys=found.buys,
            amount=found.amount,
            value=level * found.value,
            value_error=level * found.value * doubt,
            value_low=level * ends[0],
            value_high=level * ends[1],
            at_stake=level * found.value * (1.0 / np.maximum(found.alive, 1e-12) - 1.0),
        )


def roll_of(model: Modelled) -> Roll:
    """Prepares the entries of a modelled base.

    Args:
        model: The base with its models.
    """
    base = model.base
    seasonal = model.tested.chosen.seasonal
    elapsed = base.clock.elapsed if seasonal else np.arange(base.clock.elapsed.size, dtype=np.float64)
    return Roll(
        model=model,
        elapsed=elapsed,
        pages={
            (group.channel, group.newer, int(known_for)): _page(model, group, known_for=int(known_for))
            for group in model.groups
            for known_for in np.unique(class_of(base.end - base.first[group.at]))
        },
    )


def _page(model: Modelled, group: Group, *, known_for: int) -> _Page:
    base, fitted, corrected = model.base, group.fitted, model.tested.corrected
    at = group.at[class_of(base.end - base.first[group.at]) == known_for]
    level = float(corrected.factor[known_for])
    who = Histories(
        channel=base.channel[at],
        frequency=base.frequency[at],
        first=base.first[at],
        last=base.last[at],
        total=base.total[at],
    )
    second_day = fitted.model.needs_recency
    keys, where = np.unique(_key(who, end=base.end, second_day=second_day), return_index=True)
    some = at[where]
    held = model.customers
    kinds = Customers(frequency=held.frequency[some], recency=held.recency[some], age=held.age[some])
    # a correction of the orders is a correction of the time in which they come
    until = model.horizon.until * level
    return _Page(
        fitted=fitted,
        spending=model.amounts[group.channel].fitted,
        keys=keys,
        ahead=prospects(fitted, kinds, horizon=model.horizon),
        tails=tails(fitted.model, fitted.theta, kinds=kinds, horizon=until),
        second_day=second_day,
        level=level,
        unsure=float(np.hypot(corrected.error, corrected.apart[known_for])),
    )


def _key(who: Histories, *, end: int, second_day: bool) -> Integers:
    """One number for each history that the future depends on."""
    key = who.frequency.astype(np.int64) * (end + 1) + who.first
    return key * (end + 1) + who.last if second_day else key


def _interval(
    found: Values, spending: SpendingFit, *, frequency: Floats, doubt: Floats
) -> tuple[Floats, Floats]:
    """5 and 95 % quantiles of what a customer brings: nothing, or a log-normal amount if she buys at all."""
    buys = np.clip(found.buys, 1e-12, 1.0)
    mean = np.maximum(found.value, 1e-300) / buys
    with np.errstate(invalid="ignore", over="ignore"):
        spread = np.log((found.spread**2 + found.value**2) / buys / mean**2)
    p, q, _ = np.exp(spending.theta)
    # amounts without a variance still have one in logarithms
    heavy = polygamma(1, p) + polygamma(1, p * frequency + q)
    width = np.sqrt(np.where(np.isfinite(spread), np.maximum(spread, 0.0), heavy) + doubt**2)
    ends = []
    for level in (LEVELS[0], LEVELS[-1]):
        within = (level - (1.0 - buys)) / buys
        amount = mean * np.exp(width * ndtri(np.clip(within, 1e-9, 1.0 - 1e-9)) - width**2 / 2)
        ends.append(np.where(within > 0, amount, 0.0))
    return ends[0], ends[1]


def _taken(who: Histories, at: Integers) -> Histories:
    return Histories(
        channel=who.channel[at],
        frequency=who.frequency[at],
        first=who.first[at],
        last=who.last[at],
        total=who.total[at],
    )
