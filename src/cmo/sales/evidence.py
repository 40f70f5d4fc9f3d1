"""What the orders say of revenue, contribution and the coming year."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import ibis
import ibis.expr.types as ir
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from cmo.measures import DRAWS, Doubt, Estimate, Grade, History, Text, Unanswered
from cmo.sales.calendar import complete_months, month_window
from cmo.sales.outlook import outlook
from cmo.sales.revenue import Draws, compound_poisson, given_total, variances
from cmo.warehouse.field import Field

Sums = npt.NDArray[np.float64]

MOST_SUBJECTS = 30
OTHER = "other"
UNKNOWN = "unknown"
MARGIN_TO_SPEAK = 0.5  # share of turnover whose margin must be known before contribution is spoken of
MARGIN_IN_FULL = 0.995  # above it, what lacks a margin is not worth a doubt

REVENUE, CONTRIBUTION, FORECAST = "sales.revenue", "sales.contribution", "sales.forecast"

_METHOD = {
    REVENUE: Text(
        "Exact sum of the net revenue of all order lines of the window. The interval says how far the luck "
        "of who happens to come could have moved it (compound Poisson over customers, all their orders "
        "together; an order without a customer stands for one).",
        "Somme exacte du chiffre d'affaires net de toutes les lignes de commande de la période. L'intervalle "
        "dit de combien le hasard de qui vient acheter aurait pu la déplacer (Poisson composé sur les "
        "clients, toutes leurs commandes ensemble ; une commande sans client compte pour un).",
    ),
    CONTRIBUTION: Text(
        "Exact sum of the margin of the order lines that state one. The interval says how far the luck "
        "of who happens to come could have moved it (compound Poisson over customers).",
        "Somme exacte de la marge des lignes de commande qui en indiquent une. L'intervalle dit de combien "
        "le hasard de qui vient acheter aurait pu la déplacer (Poisson composé sur les clients).",
    ),
}
_BY = {
    REVENUE: ("region", "sales_channel", "category"),
    CONTRIBUTION: ("sales_channel", "category"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What the warehouse counted.

    Attributes:
        by_month: Per dimension that was asked for, sums and squares per customer by month and subject.
        over_all: Per dimension and for the whole (None), squares per customer over all months by subject.
    """

    by_month: Mapping[tuple[str, ...], pa.Table]
    over_all: Mapping[str | None, pa.Table]

    def of(self, by: str | None) -> tuple[pa.Table, pa.Table]:
        """The table by month that knows a dimension, and the one over all months."""
        known = (table for names, table in self.by_month.items() if by is None or by in names)
        return next(known), self.over_all[by]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cells:
    """Sums over customers by month and subject.

    Attributes:
        months: Consecutive month numbers.
        subjects: Names, the greatest first; "other" holds what is left.
        sums: Sums of an amount, shape (months, subjects).
        squares: Sums of its squares per customer and month, same shape.
        over_all: Sums of its squares per customer over all months, shape (subjects,).
    """

    months: range
    subjects: tuple[str, ...]
    sums: Sums
    squares: Sums
    over_all: Sums


def evidence(field: Field, *, rng: np.random.Generator) -> list[Estimate | Unanswered]:
    """`sales.revenue`, `sales.contribution` and `sales.forecast`, with one draw index for all.

    Args:
        field: The company's tables.
        rng: Source of randomness.

    Returns:
        The estimates, or why there is none.
    """
    days = _days(field) if "orders" in field.tables else []
    if not days:
        reason = Text("There is no order in the data.", "Les données ne contiennent aucune commande.")
        return [
            Unanswered(measure=name, reason=reason, unlock=("orders",))
            for name in (REVENUE, CONTRIBUTION, FORECAST)
        ]
    covered = complete_months(days)
    counts = _counts(field)
    answers: list[Estimate | Unanswered] = []
    answers += _amounts(field, counts, measure=REVENUE, covered=covered, rng=rng)
    answers += _contribution(field, counts, covered=covered, rng=rng)
    whole = cells(counts, by=None, amount="revenue")
    inside = [whole.months.index(month) for month in covered]
    answers.append(
        outlook(
            whole.sums[inside, 0],
            covered=covered,
            today=days[-1],
            as_of=field.as_of,
            currency=field.company.currency,
            rng=rng,
        )
    )
    return answers


def cells(counts: Counts, *, by: str | None, amount: str) -> Cells:
    """Roll counted sums up to one dimension, or to the whole.

    Args:
        counts: What was counted.
        by: Column that names the subject, or None for the whole.
        amount: `revenue` or `margin`.

    Returns:
        The sums, a month without orders counting zero.
    """
    by_month, over_all = counts.of(by)
    month = by_month["month"].to_numpy()
    subjects, column = np.unique(_names(by_month, by), return_inverse=True)
    months = range(int(month.min()), int(month.max()) + 1)
    shape = (len(months), subjects.size)
    place = np.ravel_multi_index((month - months.start, column), shape)
    sums, squares = (
        np.bincount(place, weights=by_month[name].to_numpy(), minlength=shape[0] * shape[1]).reshape(shape)
        for name in (amount, f"{amount}_squares")
    )
    spread = dict(zip(_names(over_all, by).tolist(), over_all[f"{amount}_squares"].to_pylist(), strict=True))
    order = sorted(range(subjects.size), key=lambda i: (subjects[i] == OTHER, -sums[:, i].sum(), subjects[i]))
    return Cells(
        months=months,
        subjects=tuple(str(subjects[i]) for i in order),
        # Engines add in any order; without the last bits an unchanged source gives an unchanged figure.
        sums=np.round(sums[:, order], 6),
        squares=np.round(squares[:, order], 2),
        over_all=np.round([spread[str(subjects[i])] for i in order], 2),
    )


def _names(counted: pa.Table, by: str | None) -> npt.NDArray[np.str_]:
    return np.array(counted[by].to_pylist() if by else ["total"] * counted.num_rows, dtype=object).astype(str)


def _contribution(
    field: Field, counts: Counts, *, covered: range, rng: np.random.Generator
) -> list[Estimate | Unanswered]:
    unlock = ("orders.margin",)
    if "margin" not in field.columns("orders"):
        reason = Text("The orders do not state a margin.", "Les commandes n'indiquent pas de marge.")
        return [Unanswered(measure=CONTRIBUTION, reason=reason, unlock=unlock)]
    by_month, _ = counts.of(None)
    turnover = float(np.sum(by_month["turnover"].to_numpy()))
    known = float(np.sum(by_month["margined"].to_numpy())) / turnover if turnover > 0 else 0.0
    if known < MARGIN_TO_SPEAK:
        reason = Text(
            f"Only {known:.0%} of the turnover states its margin; at least {MARGIN_TO_SPEAK:.0%} is needed.",
            f"Seuls {known:.0%} du chiffre d'affaires ont leur marge ; il en faut {MARGIN_TO_SPEAK:.0%}.",
        )
        return [Unanswered(measure=CONTRIBUTION, reason=reason, unlock=unlock)]
    doubts: tuple[Doubt, ...] = ()
    if known < MARGIN_IN_FULL:
        says = Text(
            f"{1 - known:.1%} of the turnover states no margin and is not counted.",
            f"{1 - known:.1%} du chiffre d'affaires n'indiquent pas de marge et ne sont pas comptés.",
        )
        doubts = (Doubt(code="margin_missing", says=says),)
    return [*_amounts(field, counts, measure=CONTRIBUTION, covered=covered, rng=rng, doubts=doubts)]


def _amounts(
    field: Field,
    counts: Counts,
    *,
    measure: str,
    covered: range,
    rng: np.random.Generator,
    doubts: tuple[Doubt, ...] = (),
) -> list[Estimate]:
    amount = "revenue" if measure == REVENUE else "margin"
    whole = cells(counts, by=None, amount=amount)
    total = _drawn(whole, rng=rng)
    found: list[tuple[str, Cells, Draws]] = [("total", whole, total)]
    for by in _BY[measure]:
        if by not in counts.over_all:
            continue
        parts = cells(counts, by=by, amount=amount)
        variance = variances(parts.sums, parts.squares, over_all=parts.over_all)
        found.append((by, parts, given_total(_drawn(parts, rng=rng), variance, total=total[:, :, 0])))
    return [
        Estimate.of_draws(
            measure,
            draws.sum(axis=1),
            subjects=parts.subjects,
            by=by,
            unit=field.company.currency,
            window=field.span("orders"),
            as_of=field.as_of,
            method=_METHOD[measure],
            grade=Grade.D,
            tables=("orders",),
            doubts=doubts,
            history=_history(parts, draws, covered=covered),
            exact=np.round(parts.sums.sum(axis=0), 6),
        )
        for by, parts, draws in found
    ]


def _drawn(parts: Cells, *, rng: np.random.Generator) -> Draws:
    return compound_poisson(parts.sums, parts.squares, over_all=parts.over_all, rng=rng, draws=DRAWS)


def _history(parts: Cells, draws: Draws, *, covered: range) -> History | None:
    if not covered:
        return None
    inside = [parts.months.index(month) for month in covered]
    return History.of_draws(
        draws[:, inside].transpose(0, 2, 1),
        periods=tuple(month_window(month) for month in covered),
        cycle=12,
    )


def _days(field: Field) -> list[date]:
    """Days with at least one order, ascending."""
    day = field.table("orders").ordered_at.date()
    found = field.collect(field.table("orders").select(day=day).distinct())
    return sorted(found["day"].to_pylist())


def _counts(field: Field) -> Counts:
    """Monthly sums by region and sales channel, then by category; and what customers brought in all."""
    present = field.columns("orders")
    lines = _lines(field, tuple(name for name in ("region", "sales_channel", "category") if name in present))
    places = tuple(name for name in ("region", "sales_channel") if name in present)
    asked = [places, *([("category",)] if "category" in present else [])]
    names = (None, *(name for dimensions in asked for name in dimensions))
    return Counts(
        by_month={dimensions: field.collect(_by_month(lines, dimensions)) for dimensions in asked},
        over_all={name: field.collect(_over_all(lines, name)) for name in names},
    )


def _lines(field: Field, dimensions: tuple[str, ...]) -> ir.Table:
    """The order lines with their customer, an order without one standing for its own."""
    orders = field.table("orders")
    day = orders.ordered_at.date()
    known = orders.customer_id if "customer_id" in orders.columns else ibis.null("string")
    return orders.select(
        *_amounts_of(orders),
        customer=known.fill_null(orders.order_id),
        month=day.year() * 12 + day.month() - 1,
        **{name: _subject(field, name) for name in dimensions},
    )


def _by_month(lines: ir.Table, dimensions: tuple[str, ...]) -> ir.Table:
    amounts = _amounts_of(lines)
    per_customer = {name: lines[name].sum().fill_null(0) for name in amounts}
    if "margin" in amounts:
        per_customer["turnover"] = lines.revenue.abs().sum()
        per_customer["margined"] = lines.revenue.abs().sum(where=lines.margin.notnull()).fill_null(0)
    netted = lines.aggregate(by=["customer", "month", *dimensions], **per_customer)
    sums = {name: netted[name].sum() for name in per_customer}
    return netted.aggregate(by=["month", *dimensions], **sums, **_squares(netted, amounts))


def _over_all(lines: ir.Table, dimension: str | None) -> ir.Table:
    named = [] if dimension is None else [dimension]
    amounts = _amounts_of(lines)
    netted = lines.aggregate(
        by=["customer", *named], **{name: lines[name].sum().fill_null(0) for name in amounts}
    )
    return netted.aggregate(by=named, **_squares(netted, amounts))


def _amounts_of(lines: ir.Table) -> tuple[str, ...]:
    return ("revenue", "margin") if "margin" in lines.columns else ("revenue",)


def _squares(netted: ir.Table, amounts: Sequence[str]) -> dict[str, ir.FloatingScalar]:
    return {f"{name}_squares": (netted[name] * netted[name]).sum() for name in amounts}


def _subject(field: Field, name: str) -> ir.StringValue:
    """The column, its greatest values by revenue kept and the others gathered under one name."""
    orders = field.table("orders")
    column = orders[name]
    ranked = orders.group_by(column).aggregate(revenue=orders.revenue.sum())
    top = field.collect(ranked.order_by(ranked.revenue.desc(), ranked[name]).limit(MOST_SUBJECTS + 1))
    names = [value for value in top[name].to_pylist() if value is not None]
    named = column.fill_null(UNKNOWN)
    if top.num_rows <= MOST_SUBJECTS:
        return named
    kept = [*names[:MOST_SUBJECTS], UNKNOWN]
    return ibis.cases((named.isin(kept), named), else_=OTHER)
