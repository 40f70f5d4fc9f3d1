"""What the orders say of the customers: who is there, who comes back, who pays, what they are worth."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from cmo.customers.counts.concentration import concentration
from cmo.customers.counts.counting import Floats, resampled, share
from cmo.customers.counts.counting_method import METHOD, older_than_the_books, reason_of, short_books, within
from cmo.customers.counts.retention import AGES, retention
from cmo.customers.evidence_contracts import contracted
from cmo.customers.evidence_counts import OTHER, YEAR, Books, Counts, counts
from cmo.customers.lifetime_evidence import lifetime
from cmo.measures import DRAWS, MEASURES, Doubt, Estimate, Grade, History, Unanswered, Window, months
from cmo.warehouse.field import Field

OF_ORDERS = ("average_order_value", "unidentified_share", "return_rate")
OF_CUSTOMERS = (
    "active",
    "new_customers",
    "repeat_rate",
    "churn",
    "revenue_per_customer",
    "orders_per_customer",
    "concentration",
    "retention",
    "cohorts",
)
OF_VALUE = ("clv", "equity", "alive", "at_stake", "migration", "silence", "cac", "clv_to_cac")
TOPS = (0.01, 0.05, 0.10, 0.20)
COARSER = 8  # cells of spend put together where a place is told apart: about 50 % wide
MANY_AT_FIRST = 1.5  # times more customers appear in the first three months than in the next nine
ENOUGH = 30  # buyers a place needs to stand alone; smaller ones are put together
MOST_OF_A_YEAR = 330  # days below which a period says nothing of who left
HISTORY = 60  # months of history kept
SHOWN_COHORTS = 13  # months of first orders in the retention triangle

Answers = list[Estimate | Unanswered]


def counted(field: Field, *, rng: np.random.Generator) -> Answers:
    """The counted measures of `customers`, joint within customers, within orders and within cohorts.

    Args:
        field: The company's tables.
        rng: Source of randomness.

    Returns:
        The estimates, or why there is none.
    """
    if "orders" not in field.tables or not _n_lines(field):
        return _unanswered("no_orders", OF_ORDERS + OF_CUSTOMERS, unlock="orders")
    books = Books.of(field)
    found = counts(books)
    answers = _of_orders(books, found.orders, rng=rng)
    if not found.customers.num_rows:
        return [*answers, *_unanswered("no_customers", OF_CUSTOMERS, unlock="orders.customer_id")]
    return [
        *answers,
        *_of_customers(books, found, rng=rng),
        *_per_customer(books, found.customers, rng=rng),
        _concentration(books, found.customers, rng=rng),
        _retention(books, found.cohorts, rng=rng),
        _cohorts(books, found.cohorts, rng=rng),
    ]


def valued(field: Field, *, rng: np.random.Generator) -> Answers:
    """The modelled measures of `customers`: lifetime value, equity, acquisition cost, contracts.

    Args:
        field: The company's tables.
        rng: Source of randomness.

    Returns:
        The estimates, or why there is none.
    """
    return [*_valued(field, rng=rng), *contracted(field, rng=rng)]


def _valued(field: Field, *, rng: np.random.Generator) -> Answers:
    if "orders" not in field.tables:
        return _unanswered("no_orders", OF_VALUE, unlock="orders")
    if "customer_id" not in field.columns("orders"):
        return _unanswered("no_customers", OF_VALUE, unlock="orders.customer_id")
    orders = field.table("orders")
    known = orders.filter(orders.customer_id.nullif("").notnull() & (orders.revenue > 0))
    if not field.collect(known.count())[0][0].as_py():
        return _unanswered("no_customers", OF_VALUE, unlock="orders.customer_id")
    return lifetime(field, rng=rng)


def _n_lines(field: Field) -> int:
    return int(field.collect(field.table("orders").count())[0][0].as_py())


def _unanswered(why: str, names: Sequence[str], *, unlock: str) -> Answers:
    return [
        Unanswered(measure=f"customers.{name}", reason=reason_of(why), unlock=(unlock,)) for name in names
    ]


def _estimate(  # noqa: PLR0913 - what differs between the counted measures
    books: Books,
    name: str,
    draws: Floats,
    *,
    subjects: Sequence[str] = ("total",),
    by: str = "total",
    window: Window | None = None,
    doubts: tuple[Doubt, ...] = (),
    exact: Floats | None = None,
    history: History | None = None,
) -> Estimate:
    measure = f"customers.{name}"
    short = short_books(books.span.days) if books.span.days < YEAR else ()
    return Estimate.of_draws(
        measure,
        draws.reshape(DRAWS, -1),
        subjects=tuple(subjects),
        by=by,
        unit=MEASURES[measure].unit_in(books.field.company.currency),
        window=window or books.period,
        as_of=books.field.as_of,
        method=METHOD[name] if books.field.window is None else within(METHOD[name]),
        grade=Grade.D,
        tables=("orders",),
        doubts=(*short, *doubts),
        exact=exact,
        history=history,
    )


def _of_orders(books: Books, every: pa.Table, *, rng: np.random.Generator) -> Answers:
    purchases = every.filter(every["purchase"].to_numpy() == 1)
    shown = months(books.span)[-HISTORY:]
    cells = _together(purchases, ("month", "recent", "identified", "size"), ("orders", "revenue"))
    number, revenue = cells["orders"], cells["revenue"]
    recent, unknown = cells["recent"].astype(bool), ~cells["identified"].astype(bool)
    month = [cells["month"] == _number(span) for span in shown]
    in_use = recent | np.any(month, axis=0) if shown else recent
    amounts = [number * recent, revenue * recent, revenue * (recent & unknown)]
    amounts += [number * inside for inside in month] + [revenue * inside for inside in month]
    if not number[recent].sum():
        return _unanswered("no_purchase", OF_ORDERS, unlock="orders")
    totals = resampled(number[in_use], np.column_stack(amounts)[in_use], rng=rng, draws=DRAWS)
    values, exact = totals.values, totals.exact
    n, n_months = 3, len(shown)
    per_month = values[:, n : n + n_months], values[:, n + n_months :]
    history = None
    if n_months and exact[n : n + n_months].min() > 0:
        history = History.of_draws((per_month[1] / per_month[0])[:, None, :], periods=shown, cycle=12)
    answers: Answers = [
        _estimate(
            books,
            "average_order_value",
            values[:, 1] / values[:, 0],
            exact=exact[1:2] / exact[0],
            history=history,
        ),
        _estimate(
            books,
            "unidentified_share",
            values[:, 2] / values[:, 1],
            exact=np.clip(exact[2:3] / exact[1], 0, 1),
        ),
        _returns(books, every, rng=rng),
    ]
    for place in books.places:
        lately = purchases.filter(purchases["recent"])
        cells = _together(_coarse(lately), (place, "size"), ("orders", "revenue"))
        value = {"average_order_value": ("revenue", "orders")}
        answers += _ratios(books, place, cells, number="orders", ratios=value, rng=rng)
    return answers


def _returns(books: Books, every: pa.Table, *, rng: np.random.Generator) -> Estimate | Unanswered:
    """Money given back over money taken, whichever order it came in."""
    lately = every.filter(every["recent"])
    cells = _together(lately, ("purchase", "size"), ("orders", "revenue", "gross"))
    back = cells["gross"] - cells["revenue"]
    if not back.sum() > 0 or not cells["gross"].sum() > 0:
        return _unanswered("no_refund", ("return_rate",), unlock="orders")[0]
    totals = resampled(cells["orders"], np.column_stack([cells["gross"], back]), rng=rng, draws=DRAWS)
    share_back = totals.values[:, 1] / totals.values[:, 0]
    exact = np.minimum(totals.exact[1:] / totals.exact[0], 1.0)
    return _estimate(books, "return_rate", np.minimum(share_back, 1.0), exact=exact)


def _of_customers(books: Books, found: Counts, *, rng: np.random.Generator) -> Answers:
    flags = ("active", "before", "fresh", "mature", "returned")
    cells = _together(found.customers, flags, ("customers",))
    number = cells["customers"]
    active, before, fresh, mature, returned = (cells[name].astype(bool) for name in flags)
    amounts = [
        number * those for those in (active, fresh, mature, mature & returned, before, before & ~active)
    ]
    totals = resampled(number, np.column_stack(amounts), rng=rng, draws=DRAWS)
    drawn, exact = totals.values, totals.exact
    older = _older(books, found.cohorts)
    answers: Answers = [
        _estimate(books, "active", drawn[:, 0], exact=exact[:1]),
        _estimate(
            books,
            "new_customers",
            drawn[:, 1],
            exact=exact[1:2],
            doubts=older if books.span.days < 2 * YEAR else (),
            history=_arrivals(books, found.cohorts, rng=rng),
        ),
    ]
    if exact[2]:
        rate = share(drawn[:, 3], drawn[:, 2], rng=rng)
        answers.append(_estimate(books, "repeat_rate", rate, window=books.span, doubts=older))
    else:
        answers += _unanswered("young", ("repeat_rate",), unlock="orders")
    if (
        (books.period.start - books.span.start).days >= YEAR
        and books.period.days >= MOST_OF_A_YEAR
        and exact[4]
    ):
        answers.append(_estimate(books, "churn", share(drawn[:, 5], drawn[:, 4], rng=rng)))
    else:
        answers += _unanswered("no_year_before", ("churn",), unlock="orders")
    return answers


def _per_customer(books: Books, found: pa.Table, *, rng: np.random.Generator) -> Answers:
    ratios = {
        "revenue_per_customer": ("total_revenue", "those"),
        "orders_per_customer": ("total_orders", "those"),
    }
    sums = ("customers", "total_revenue", "total_orders")
    answers: Answers = []
    for place in (None, *books.places):
        keys = ("active", "often", "size") if place is None else (place, "active", "often", "size")
        cells = _together(found if place is None else _coarse(found), keys, sums)
        cells["those"] = cells["customers"] * cells["active"]
        if not cells["those"].sum():
            return _unanswered("no_purchase", tuple(ratios), unlock="orders")
        answers += _ratios(books, place, cells, number="customers", ratios=ratios, rng=rng)
    return answers


def _ratios(
    books: Books,
    place: str | None,
    cells: Mapping[str, npt.NDArray[Any]],
    *,
    number: str,
    ratios: Mapping[str, tuple[str, str]],
    rng: np.random.Generator,
) -> Answers:
    """Ratios of resampled totals, by place or of the whole; places with few buyers are put together."""
    below = next(below for _, below in ratios.values())
    names = _large_enough(cells[place], cells[below]) if place else np.full(cells[number].size, "total")
    subjects = sorted({str(name) for name in names if name}, key=lambda name: (name == OTHER, name))
    if not subjects:
        return []
    quantities = sorted({quantity for pair in ratios.values() for quantity in pair})
    amounts = [cells[quantity] * (names == name) for quantity in quantities for name in subjects]
    totals = resampled(cells[number], np.column_stack(amounts), rng=rng, draws=DRAWS)
    drawn = dict(zip(quantities, np.split(totals.values, len(quantities), axis=1), strict=True))
    exact = dict(zip(quantities, np.split(totals.exact, len(quantities)), strict=True))
    return [
        _estimate(
            books,
            name,
            drawn[above] / drawn[below],
            subjects=subjects,
            by=place or "total",
            exact=exact[above] / exact[below],
        )
        for name, (above, below) in ratios.items()
    ]


def _large_enough(places: npt.NDArray[Any], buyers: Floats) -> npt.NDArray[Any]:
    """The place of each cell, small places under one name; no name where even these are too few together."""
    names = places.astype(object)
    for gathered in (OTHER, ""):
        for name in set(names):
            if buyers[names == name].sum() < ENOUGH:
                names[names == name] = gathered
    return names


def _concentration(books: Books, found: pa.Table, *, rng: np.random.Generator) -> Estimate | Unanswered:
    cells = _together(found, ("size",), ("customers", "total_revenue"))
    spent = cells["total_revenue"] > 0
    if not spent.any():
        return _unanswered("no_purchase", ("concentration",), unlock="orders")[0]
    draws, exact = concentration(
        cells["customers"][spent], cells["total_revenue"][spent], top=np.array(TOPS), rng=rng, draws=DRAWS
    )
    subjects = tuple(f"top {top:.0%}" for top in TOPS)
    return _estimate(books, "concentration", draws, subjects=subjects, by="top", exact=exact)


def _retention(books: Books, by_cohort: pa.Table, *, rng: np.random.Generator) -> Estimate | Unanswered:
    whole = months(books.span)
    first = by_cohort["cohort"].to_numpy()
    last = _number(whole[-1]) if whole else -1
    reached = first[:, None] + np.arange(1, AGES + 1) <= last
    if not reached.any():
        return _unanswered("young", ("retention",), unlock="orders")[0]
    ordered = np.column_stack([by_cohort[f"age_{age}"].to_numpy() for age in range(1, AGES + 1)])
    curve = retention(ordered, by_cohort["customers"].to_numpy(), reached=reached, rng=rng, draws=DRAWS)
    periods = tuple(_month(int(first[cohort])) for cohort in curve.cohorts)
    return _estimate(
        books,
        "retention",
        curve.pooled,
        subjects=[str(age) for age in curve.ages],
        by="age",
        window=books.span,
        doubts=_older(books, by_cohort),
        history=History.of_draws(curve.by_cohort, periods=periods, cycle=12) if periods else None,
    )


def _cohorts(books: Books, by_cohort: pa.Table, *, rng: np.random.Generator) -> Estimate | Unanswered:
    """The retention triangle of the last cohorts: who ordered at each age that has passed."""
    whole = months(books.span)
    last = _number(whole[-1]) if whole else -1
    subjects, again, size = [], [], []
    for row in by_cohort.slice(max(by_cohort.num_rows - SHOWN_COHORTS, 0)).to_pylist():
        for age in range(1, min(last - row["cohort"], AGES) + 1):
            subjects.append(f"{row['cohort'] // 12:04d}-{row['cohort'] % 12 + 1:02d} +{age}")
            again.append(row[f"age_{age}"])
            size.append(row["customers"])
    if not subjects:
        return _unanswered("young", ("cohorts",), unlock="orders")[0]
    ordered, those = np.array(again, dtype=np.float64), np.array(size, dtype=np.float64)
    draws = rng.beta(ordered + 0.5, those - ordered + 0.5, size=(DRAWS, ordered.size))
    return _estimate(books, "cohorts", draws, subjects=subjects, by="cohort", window=books.span)


def _arrivals(books: Books, by_cohort: pa.Table, *, rng: np.random.Generator) -> History | None:
    shown = months(books.span)[-HISTORY:]
    if not shown:
        return None
    sizes = dict(zip(by_cohort["cohort"].to_pylist(), by_cohort["customers"].to_pylist(), strict=True))
    counts = np.array([sizes.get(_number(span), 0) for span in shown], dtype=float)
    return History.of_draws(rng.standard_gamma(counts, size=(DRAWS, 1, counts.size)), periods=shown, cycle=12)


def _older(books: Books, by_cohort: pa.Table) -> tuple[Doubt, ...]:
    """A doubt when the books open with customers who were there before."""
    if books.span.days < YEAR:
        return ()
    first, sizes = by_cohort["cohort"].to_numpy(), by_cohort["customers"].to_numpy()
    early = sizes[first < first[0] + 3].sum() / 3
    later = sizes[(first >= first[0] + 3) & (first < first[0] + 12)].sum() / 9
    return older_than_the_books() if early > MANY_AT_FIRST * later else ()


def _coarse(table: pa.Table) -> pa.Table:
    size = pa.array(table["size"].to_numpy() // COARSER)
    return table.set_column(table.column_names.index("size"), "size", size)


def _together(table: pa.Table, keys: Sequence[str], sums: Sequence[str]) -> dict[str, npt.NDArray[Any]]:
    """Cells that agree in `keys` put together, in the order of the keys whatever the engine's."""
    grouped = table.group_by(list(keys)).aggregate([(name, "sum") for name in sums])
    grouped = grouped.sort_by([(name, "ascending") for name in keys])
    columns = {name: np.asarray(grouped[name].to_pylist()) for name in keys}
    # Engines add in any order; without the last bits an unchanged source gives an unchanged figure.
    return columns | {
        name: np.round(grouped[f"{name}_sum"].to_numpy().astype(np.float64), 6) for name in sums
    }


def _number(month: Window) -> int:
    return 12 * month.start.year + month.start.month - 1


def _month(number: int) -> Window:
    return Window.parse(f"{number // 12:04d}-{number % 12 + 1:02d}")
