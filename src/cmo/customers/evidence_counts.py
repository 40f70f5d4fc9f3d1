"""The counting behind `customers.evidence`: Ibis expressions, run where the orders lie.

An order is all lines of one number; it is a purchase when its net revenue is above zero, so that a
cancellation with a number of its own takes money away but is nobody's purchase. A customer belongs to the
region and the sales channel of the first purchase.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from cmo.customers.counts.retention import AGES
from cmo.customers.together import collected
from cmo.measures import Window
from cmo.warehouse.field import Field

YEAR = 365  # days
WIDTH = 0.05  # of the cells of spend, in logarithms: a cell holds customers within 5 %
MOST_PLACES = 30
OTHER, UNKNOWN = "other", "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Books:
    """The orders and the days they are read by.

    Attributes:
        field: The company's tables, with the days before any window they are cut to.
        span: First and last day with an order.
        period: The days that are spoken of: the window, or the last twelve months of the books.
        places: Columns by which customers are told apart, among region and sales_channel, each with the
            names that are kept; the others are gathered.
    """

    field: Field
    span: Window
    period: Window
    places: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(cls, field: Field) -> "Books":
        """The books of a company that has orders in its window, the greatest places by revenue kept."""
        window, field = field.window, field.with_past
        orders, span = field.table("orders"), field.span("orders")
        places = {}
        for name in ("region", "sales_channel"):
            if name in orders.columns:
                ranked = orders.group_by(name).aggregate(revenue=orders.revenue.sum())
                top = ranked.order_by(ranked.revenue.desc(), ranked[name]).limit(MOST_PLACES)
                places[name] = tuple(
                    value for value in field.collect(top)[name].to_pylist() if value is not None
                )
        period = span.last(YEAR)
        if window is not None:
            period = Window(start=max(window.start, span.start), end=span.end)
        return cls(field=field, span=span, period=period, places=places)

    @property
    def has_customers(self) -> bool:
        """Whether orders name their customer."""
        return "customer_id" in self.field.columns("orders")


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """All that leaves the warehouse.

    Attributes:
        orders: Cells of orders, see `order_cells`.
        customers: Cells of customers, see `customer_cells`; no row where orders name none.
        cohorts: Cohorts by month of first order, ascending, see `cohorts`; likewise.
    """

    orders: pa.Table
    customers: pa.Table
    cohorts: pa.Table


def counts(books: Books) -> Counts:
    """Count orders, customers and cohorts in one query: what they share is computed once."""
    parts = {"orders": order_cells(books), "customers": customer_cells(books), "cohorts": cohorts(books)}
    tables = collected(books.field, parts)
    return Counts(
        orders=tables["orders"], customers=tables["customers"], cohorts=tables["cohorts"].sort_by("cohort")
    )


def per_order(books: Books) -> ir.Table:
    """One row per order: customer (null when unknown), day, net and gross revenue, month and places."""
    lines = books.field.table("orders")
    if not books.has_customers:
        lines = lines.mutate(customer_id=ibis.null("string"))
    netted = lines.group_by("order_id").aggregate(
        customer=lines.customer_id.nullif("").min(),
        day=lines.ordered_at.min().date(),
        revenue=lines.revenue.sum(),
        gross=lines.revenue.sum(where=lines.revenue > 0).fill_null(0),
        **{name: lines[name].min() for name in books.places},
    )
    return netted.mutate(month=netted.day.year() * 12 + netted.day.month() - 1)


def order_cells(books: Books) -> ir.Table:
    """Orders that are alike: month, in the period or not, identified or not, places and size of the order.

    Columns besides: `orders` (purchases), `revenue` (refunds included) and `gross` (refunds left out).
    """
    orders = per_order(books)
    purchase = orders.revenue > 0
    keyed = orders.select(
        "month",
        "revenue",
        "gross",
        recent=_within(orders.day, books.period),
        identified=orders.customer.notnull(),
        purchase=purchase.cast("int64"),
        size=_size(orders.revenue),
        **{name: _place(books, orders[name]) for name in books.places},
    )
    return keyed.group_by("month", "recent", "identified", "purchase", "size", *books.places).aggregate(
        orders=keyed.count(), revenue=keyed.revenue.sum(), gross=keyed.gross.sum()
    )


def customer_cells(books: Books) -> ir.Table:
    """Customers alike in what they did, where they began, how often they ordered and what they spent.

    Flags: `active` (ordered in the period), `before` (in the year before it), `fresh` (first order in the
    period), `mature` (first order at least a year old), `returned` (second order within a year of the
    first). Who was won before the books began is neither fresh nor mature: the first order is not in them.
    Columns besides: `customers`, `revenue` (net, in the period) and `orders` (purchases, in the period).
    """
    orders = _with_first(books)
    end = books.span.end
    start = books.period.start
    previous = Window(start=start - timedelta(days=YEAR), end=start - timedelta(days=1))
    recent, purchase = _within(orders.day, books.period), orders.revenue > 0
    soon = orders.day.delta(orders.first, unit="day") <= YEAR
    customers = orders.group_by("customer", "first", "newcomer").aggregate(
        orders=(recent & purchase).cast("int64").sum(),
        revenue=orders.revenue.sum(where=recent).fill_null(0),
        before=(_within(orders.day, previous) & purchase).cast("int64").max(),
        second=(soon & purchase).cast("int64").sum(),
        **{name: _first_place(orders, name) for name in books.places},
    )
    keyed = customers.select(
        "orders",
        "revenue",
        "before",
        active=(customers.orders > 0).cast("int64"),
        fresh=(customers.newcomer & _within(customers.first, books.period)).cast("int64"),
        mature=(customers.newcomer & (customers.first <= ibis.literal(end - timedelta(days=YEAR)))).cast(
            "int64"
        ),
        returned=(customers.second >= 2).cast("int64"),
        often=_often(customers.orders),
        size=_size(customers.revenue),
        **{name: _place(books, customers[name]) for name in books.places},
    )
    flags = ("active", "before", "fresh", "mature", "returned", "often", "size", *books.places)
    return keyed.group_by(*flags).aggregate(
        customers=keyed.count(), total_orders=keyed.orders.sum(), total_revenue=keyed.revenue.sum()
    )


def cohorts(books: Books) -> ir.Table:
    """One row per cohort (month of the first order): its size, and who ordered at each age in months.

    Who was won before the books began is in no cohort.
    """
    orders = _with_first(books)
    purchases = orders.filter((orders.revenue > 0) & orders.newcomer)
    cohort = purchases.first.year() * 12 + purchases.first.month() - 1
    age = purchases.month - cohort
    customers = purchases.group_by("customer", cohort=cohort).aggregate(
        **{f"age_{k}": (age == k).cast("int64").max() for k in range(1, AGES + 1)}
    )
    return customers.group_by("cohort").aggregate(
        customers=customers.count(), **{f"age_{k}": customers[f"age_{k}"].sum() for k in range(1, AGES + 1)}
    )


def _with_first(books: Books) -> ir.Table:
    """Orders of known customers with the day of the customer's first purchase, and whether it is known to be.

    It is not where the table of customers says that they were won before the books began.
    """
    orders = per_order(books)
    known = orders.filter(orders.customer.notnull())
    purchases = known.filter(known.revenue > 0)
    first = purchases.group_by("customer").aggregate(first=purchases.day.min())
    field = books.field
    if "customers" not in field.tables or "acquired_at" not in field.columns("customers"):
        return known.inner_join(first.mutate(newcomer=ibis.literal(True)), "customer")
    people = field.table("customers")
    earlier = (
        people.filter(people.acquired_at.date() < ibis.literal(books.span.start))
        .select(customer="customer_id")
        .distinct()
    )
    return known.inner_join(first.mutate(newcomer=~first.customer.isin(earlier.customer)), "customer")


def _first_place(orders: ir.Table, name: str) -> ir.StringValue:
    """The place of the first purchase; of several on that day, the first by name, on every engine."""
    return orders[name].min(where=(orders.day == orders.first) & (orders.revenue > 0))


def _place(books: Books, column: ir.StringValue) -> ir.StringValue:
    kept = books.places[column.get_name()]
    named = column.fill_null(UNKNOWN)
    return ibis.cases((named.isin([*kept, UNKNOWN]), named), else_=OTHER)


def _within(day: ir.DateValue, window: Window) -> ir.BooleanValue:
    first: date = window.start
    return (day >= ibis.literal(first)) & (day <= ibis.literal(window.end))


def _size(amount: ir.NumericValue) -> ir.IntegerValue:
    """Cell of an amount: its logarithm in steps of `WIDTH`; one cell for all that is not above 0."""
    positive = ibis.cases((amount > 0, amount), else_=1).cast("float64")
    step = (positive.ln() / ibis.literal(WIDTH, type="float64")).floor().cast("int64")
    return ibis.cases((amount > 0, step), else_=-10_000)


def _often(orders: ir.IntegerValue) -> ir.IntegerValue:
    """Cell of a number of orders: exact to four, then in steps of about a quarter."""
    many = (orders.cast("float64") / 4).ln() / ibis.literal(math.log(1.3), type="float64")
    safe = ibis.cases((orders > 4, many), else_=0).cast("float64")
    return ibis.cases((orders > 4, 5 + safe.floor().cast("int64")), else_=orders)
