"""The customer base as the warehouse counts it: cells of customers, now and at four past cuts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa

from cmo.customers.lifetimes.modelling import YEAR, Base, Modelled, modelled
from cmo.customers.purchases import gamma_gamma
from cmo.customers.purchases.backtest import Origin
from cmo.customers.purchases.cells import Floats, Integers
from cmo.customers.purchases.clock import Clock, already_there, days_of_sale, sale_clock, seasonal_clock
from cmo.customers.purchases.fitting import Unsupported
from cmo.customers.segmentation.migration import Since
from cmo.customers.summary import (
    days,
    history_cells,
    holdout_cells,
    occasions,
    since_cells,
    spending_cells,
    states,
)
from cmo.customers.together import collected
from cmo.measures import Text, Window
from cmo.warehouse.field import Field

SHORTEST_LOG = 270  # days under which four past dates cannot be tested
SHORTEST_HOLDOUT = 60
N_CUTS = 4
MOST_CHANNELS = 12
MOST_TESTED = 20_000  # cells of a past cut on which candidates are tried
MOST_JUDGED = 2_500  # of them, on which forecasts of individuals are judged
ALL, OTHER, UNKNOWN = "all", "other", "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """The customers of a field, one by one where they lie.

    Attributes:
        states: What is kept of each customer, see `summary.states`, with the channel that brought her.
        bought: Purchase occasions, see `summary.occasions`.
        money: `margin` where every order line has one, else `revenue`.
        by_channel: Whether it is known what brought customers.
        span: First and last day of the orders.
    """

    states: ir.Table
    bought: ir.Table
    money: str
    by_channel: bool
    span: Window

    @classmethod
    def of(cls, field: Field) -> "People":
        """The customers of a field that has orders of known customers."""
        money, by_channel = _money(field), _has_channels(field)
        bought = occasions(field.table("orders"), money=money)
        held = states(bought)
        return cls(
            states=_with_channel(field, held) if by_channel else held.mutate(channel=ibis.literal(ALL)),
            bought=bought,
            money=money,
            by_channel=by_channel,
            span=field.span("orders"),
        )

    def refuse_short_logs(self) -> None:
        """Refuses a log too short to test forecasts at four past dates.

        Raises:
            Unsupported: It is.
        """
        if self.span.days - 1 < SHORTEST_LOG:
            raise Unsupported(
                Text(
                    f"The orders reach back less than {SHORTEST_LOG} days: a forecast of customers cannot be "
                    "tested yet.",
                    f"Les commandes remontent à moins de {SHORTEST_LOG} jours : une prévision des clients ne "
                    "peut pas encore être éprouvée.",
                )
            )


def model_of(field: Field, people: People) -> Modelled:
    """The models of a field's customers, made once for a field: a review values its base, then each customer.

    Which of many cells are tried follows from the field's content alone, so that nobody's later draws depend
    on who asked first.

    Args:
        field: The company's tables.
        people: Its customers, with a log that is long enough.

    Raises:
        Unsupported: The base or its history cannot support a model, with the reason.
    """

    def make() -> Modelled:
        rng = np.random.default_rng(int(field.fingerprint(field.tables & {"orders", "customers"}), 16))
        base, origins = base_of(field, people, rng=rng)
        return modelled(base, origins)

    return field.once("the customers' models", make)


def base_of(field: Field, people: People, *, rng: np.random.Generator) -> tuple[Base, list[Origin]]:
    """Cells of the base and of four past cuts."""
    start, last = people.span.start, people.span.days - 1
    cuts = _cuts(last)
    parts = {
        "days": days(people.bought, start=start),
        "cells": history_cells(people.states, start=start, by=("channel",)),
        "spending": spending_cells(people.states, by=("channel",)),
        **{
            f"cut {cut}": holdout_cells(
                people.bought, start=start, cut=start + timedelta(days=cut), until=people.span.end
            )
            for cut in cuts
        },
    }
    found = collected(field, parts)
    volume = _by_day(whole(found["days"], "day"), numbers(found["days"], "n"), n_days=last + 1)
    sale = days_of_sale(volume)
    cells = found["cells"]
    names, channel = coded(cells["channel"])
    first, weight = whole(cells, "first"), numbers(cells, "customers")
    base = Base(
        channels=names,
        channel=channel,
        frequency=numbers(cells, "frequency"),
        first=first,
        last=whole(cells, "last"),
        weight=weight,
        total=numbers(cells, "total"),
        first_total=numbers(cells, "first_total"),
        spending=_spending(found["spending"], names),
        end=last,
        clock=(
            seasonal_clock(volume, start=start, n_days=last + YEAR + 2)
            if sale is None
            else sale_clock(sale, n_days=last + YEAR + 2)
        ),
        there_before=already_there(_by_day(first, weight, n_days=last + 1)),
    )
    origins = [
        _origin(
            found[f"cut {cut}"],
            cut=cut,
            last=last,
            clock=(
                seasonal_clock(volume[: cut + 1], start=start, n_days=last + 1)
                if sale is None
                else sale_clock(sale, n_days=last + 1)  # when it can be bought is announced beforehand
            ),
            rng=rng,
        )
        for cut in cuts
    ]
    return base, origins


def since_of(field: Field, people: People, base: Base, *, before: int) -> Since:
    """Customers as they were known on an earlier day of the log and at its end, in weeks.

    Args:
        field: The company's tables.
        people: Its customers.
        base: The base they make up.
        before: The earlier day of the log.
    """
    start = people.span.start
    asked = since_cells(people.bought, people.states, start=start, before=start + timedelta(days=before))
    cells = field.collect(asked)
    cells = cells.sort_by([(name, "ascending") for name in cells.column_names])
    names, channel = coded(cells["channel"])
    place = np.array([base.channels.index(name) for name in names], dtype=np.int64)
    return Since(
        channel=place[channel],
        first=whole(cells, "first"),
        frequency=np.stack([numbers(cells, "frequency_before"), numbers(cells, "frequency")]),
        last=np.stack([whole(cells, "last_before"), whole(cells, "last")]),
        weight=numbers(cells, "customers"),
        before=before,
    )


def _cuts(last: int) -> list[int]:
    earliest = max(last - YEAR, last // 3)
    return [int(cut) for cut in np.linspace(earliest, last - SHORTEST_HOLDOUT, N_CUTS)]


def _origin(cells: pa.Table, *, cut: int, last: int, clock: Clock, rng: np.random.Generator) -> Origin:
    # an engine gives rows in any order; the same data must give the same draws
    cells = cells.sort_by([(name, "ascending") for name in ("frequency", "first", "last", "later")])
    if cells.num_rows > MOST_TESTED:
        cells = cells.take(np.sort(rng.choice(cells.num_rows, MOST_TESTED, replace=False)))
    some = min(cells.num_rows, MOST_JUDGED)
    return Origin(
        cut=cut,
        until=last,
        frequency=numbers(cells, "frequency"),
        first=whole(cells, "first"),
        last=whole(cells, "last"),
        later=numbers(cells, "later"),
        weight=numbers(cells, "customers"),
        judged=np.sort(rng.choice(cells.num_rows, some, replace=False)),
        clock=clock,
    )


def _money(field: Field) -> str:
    """Margin where every order line has one, else revenue."""
    if "margin" not in field.columns("orders"):
        return "revenue"
    orders = field.table("orders")
    missing = field.collect(orders.margin.isnull().cast("int64").sum())[0][0].as_py()
    return "revenue" if missing else "margin"


def _has_channels(field: Field) -> bool:
    return "customers" in field.tables and "acquisition_channel" in field.columns("customers")


def _spending(cells: pa.Table, names: Sequence[str]) -> tuple[gamma_gamma.Spending | None, ...]:
    known, channel = coded(cells["channel"])
    frequency, total = numbers(cells, "frequency"), numbers(cells, "total")
    weight = numbers(cells, "customers")
    out: list[gamma_gamma.Spending | None] = []
    for name in names:
        of = channel == known.index(name) if name in known else np.zeros(0, dtype=np.int64)
        out.append(
            gamma_gamma.spending_of(frequency[of], (total / weight)[of], weight=weight[of])
            if np.any(of)
            else None
        )
    return tuple(out)


def _with_channel(field: Field, held: ir.Table) -> ir.Table:
    """States with the channel that brought each customer; small and unknown ones put together."""
    people = field.table("customers")
    brought = people.group_by("customer_id").aggregate(channel=people.acquisition_channel.nullif("").min())
    ranked = brought.group_by("channel").aggregate(n=brought.count())
    top = field.collect(ranked.order_by(ranked.n.desc(), ranked.channel).limit(MOST_CHANNELS))
    kept = [name for name in top["channel"].to_pylist() if name is not None]
    joined = held.left_join(brought, "customer_id").drop("customer_id_right")
    named = joined.channel.fill_null(UNKNOWN)
    return joined.mutate(channel=ibis.cases((named.isin([*kept, UNKNOWN]), named), else_=OTHER))


def coded(names: pa.ChunkedArray) -> tuple[tuple[str, ...], Integers]:
    """The distinct names, ascending, and which of them each row has."""
    coded = pa.concat_arrays(names.chunks).dictionary_encode() if names.num_chunks else pa.array([])
    if not len(coded):
        return (), np.zeros(0, dtype=np.int64)
    known = np.array(coded.dictionary.to_pylist())
    order = np.argsort(known)
    place = np.empty(order.size, dtype=np.int64)
    place[order] = np.arange(order.size)
    return tuple(known[order].tolist()), place[coded.indices.to_numpy()]


def _by_day(day: Integers, weight: Floats, *, n_days: int) -> Floats:
    return np.bincount(day, weights=weight, minlength=n_days).astype(np.float64)


def numbers(table: pa.Table, name: str) -> Floats:
    """A column as numbers."""
    return np.asarray(table[name].to_numpy(), dtype=np.float64)


def whole(table: pa.Table, name: str) -> Integers:
    """A column as whole numbers."""
    return np.asarray(table[name].to_numpy(), dtype=np.int64)
