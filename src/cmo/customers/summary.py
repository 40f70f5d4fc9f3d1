"""From orders to purchase histories, in the warehouse: the only pass over what grows with the company.

An order is all lines of one number, so that a line cancelled within its order is netted; an order whose
net revenue is not above zero is no purchase. Purchases of one customer on one day are one occasion. What
is kept of a customer can be merged with what later days bring, so that tomorrow costs only tomorrow's orders.
"""

from collections.abc import Sequence
from datetime import date, timedelta

import ibis
import ibis.expr.types as ir

BIN = 0.02  # of the log of a total: customers whose spending differs by less are counted together
NO_TOTAL = -1_000_000
STATE = ("customer_id", "n_occasions", "first_on", "last_on", "total", "first_amount")


def occasions(orders: ir.Table, *, money: str = "revenue", until: date | None = None) -> ir.Table:
    """Purchase occasions: one row per customer and day.

    Args:
        orders: Canonical order lines with a `customer_id`.
        money: Column of what an order brings: `margin` where it is known, else `revenue`.
        until: Last day counted, or None for all.

    Returns:
        customer_id, day, amount (what the day's purchases brought, in currency).
    """
    customer = orders.customer_id
    lines = orders.filter((customer.nullif("") if customer.type().is_string() else customer).notnull())
    if until is not None:
        # a timestamp lies before the next midnight; comparing it so lets an engine skip files by their
        # statistics
        lines = lines.filter(lines.ordered_at < ibis.literal(until + timedelta(days=1)).cast("timestamp"))
    lines = lines.select(
        "order_id",
        "customer_id",
        day=lines.ordered_at.date(),
        revenue=lines.revenue,
        amount=lines[money].cast("float64"),
    )
    # only orders with a line that is not above zero need netting: grouping by order would cost as much as
    # the rest
    touched = lines.filter(~(lines.revenue > 0)).select("order_id").distinct()
    plain = lines.anti_join(touched, "order_id").select("customer_id", "day", "amount")
    netted = (
        lines.semi_join(touched, "order_id")
        .group_by("order_id")
        .aggregate(
            customer_id=ibis._.customer_id.min(),
            day=ibis._.day.min(),
            revenue=ibis._.revenue.sum(),
            amount=ibis._.amount.sum(),
        )
        .filter(ibis._.revenue > 0)
        .select("customer_id", "day", "amount")
    )
    return plain.union(netted).group_by("customer_id", "day").aggregate(amount=ibis._.amount.sum())


def states(bought: ir.Table) -> ir.Table:
    """What is kept of each customer: occasions, first and last day, money in all and on the first day.

    Args:
        bought: Purchase occasions, see `occasions`.

    Returns:
        One row per customer with the columns `STATE`.
    """
    return bought.group_by("customer_id").aggregate(
        n_occasions=bought.count(),
        first_on=bought.day.min(),
        last_on=bought.day.max(),
        total=bought.amount.sum(),
        first_amount=bought.amount.argmin(bought.day),
    )


def merged_states(before: ir.Table, after: ir.Table) -> ir.Table:
    """States after more days: `before` up to a day, `after` from that same day or a later one on.

    The day in common, delivered in part the first time and in part the second, is one occasion.
    """
    both = before.join(after.rename({f"new_{name}": name for name in STATE}), how="outer", predicates=[
        before.customer_id == after.customer_id
    ])  # fmt: skip
    shared = (both.last_on == both.new_first_on).fill_null(False).cast("int64")
    same_first = both.first_on == both.new_first_on
    return both.select(
        customer_id=both.customer_id.coalesce(both.new_customer_id),
        n_occasions=both.n_occasions.fill_null(0) + both.new_n_occasions.fill_null(0) - shared,
        first_on=both.first_on.coalesce(both.new_first_on),
        last_on=both.new_last_on.coalesce(both.last_on),
        total=both.total.fill_null(0).cast("float64") + both.new_total.fill_null(0).cast("float64"),
        first_amount=ibis.cases(
            (same_first, both.first_amount + both.new_first_amount),
            else_=both.first_amount.coalesce(both.new_first_amount),
        ),
    )


def history_cells(held: ir.Table, *, start: date, by: Sequence[str] = ()) -> ir.Table:
    """Customers alike in frequency, first and last day: the cells of the purchase models.

    Args:
        held: States, see `states`, with the columns `by`.
        start: First day of the log: days are counted from it.
        by: Columns by which customers are told apart.

    Returns:
        The columns `by`, frequency, first, last (days of the log), customers, total (of repeat purchases).
    """
    keyed = held.select(
        *by,
        frequency=(held.n_occasions - 1).cast("int64"),
        first=held.first_on.delta(ibis.literal(start), unit="day").cast("int64"),
        last=held.last_on.delta(ibis.literal(start), unit="day").cast("int64"),
        repeat_total=held.total - held.first_amount,
        first_amount=held.first_amount,
    )
    return keyed.group_by(*by, "frequency", "first", "last").aggregate(
        customers=keyed.count(), total=keyed.repeat_total.sum(), first_total=keyed.first_amount.sum()
    )


def spending_cells(held: ir.Table, *, by: Sequence[str] = ()) -> ir.Table:
    """Customers alike in frequency and in what their repeat purchases brought, within 2 %.

    Returns:
        The columns `by`, frequency, customers, total.
    """
    total = held.total - held.first_amount
    safe = ibis.cases((total > 0, total), else_=1).cast("float64")
    step = (safe.ln() / ibis.literal(BIN, type="float64")).floor().cast("int64")
    keyed = held.select(
        *by,
        frequency=(held.n_occasions - 1).cast("int64"),
        repeat_total=total,
        size=ibis.cases((total > 0, step), else_=NO_TOTAL),
    )
    repeated = keyed.filter((keyed.frequency > 0) & (keyed.size > NO_TOTAL))
    return repeated.group_by(*by, "frequency", "size").aggregate(
        customers=repeated.count(), total=repeated.repeat_total.sum()
    )


def holdout_cells(bought: ir.Table, *, start: date, cut: date, until: date) -> ir.Table:
    """What was known of customers at a cut, and how often they bought after it.

    Args:
        bought: Purchase occasions, see `occasions`.
        start: First day of the log: days are counted from it.
        cut: Last day known.
        until: Last day of the holdout.

    Returns:
        frequency, first, last (days of the log), later, customers.
    """
    known = bought.day <= ibis.literal(cut)
    after = (bought.day > ibis.literal(cut)) & (bought.day <= ibis.literal(until))
    held = bought.group_by("customer_id").aggregate(
        n_known=known.cast("int64").sum(),
        first_on=bought.day.min(),
        last_on=bought.day.max(where=known),
        later=after.cast("int64").sum(),
    )
    seen = held.filter(held.n_known > 0)
    keyed = seen.select(
        "later",
        frequency=seen.n_known - 1,
        first=seen.first_on.delta(ibis.literal(start), unit="day").cast("int64"),
        last=seen.last_on.delta(ibis.literal(start), unit="day").cast("int64"),
    )
    return keyed.group_by("frequency", "first", "last", "later").aggregate(customers=keyed.count())


def days(bought: ir.Table, *, start: date) -> ir.Table:
    """Purchase occasions by day of the log: what a seasonal clock is learned from.

    Returns:
        day (of the log), n.
    """
    keyed = bought.select(day=bought.day.delta(ibis.literal(start), unit="day").cast("int64"))
    return keyed.group_by("day").aggregate(n=keyed.count())


def since_cells(bought: ir.Table, held: ir.Table, *, start: date, before: date) -> ir.Table:
    """Customers as they were known on an earlier day and at the end, weeks told apart.

    Args:
        bought: Purchase occasions, see `occasions`.
        held: States at the end with a column `channel`.
        start: First day of the log: days are counted from it.
        before: The earlier day; who came later is left out.

    Returns:
        channel, first, frequency_before, last_before, frequency, last, customers.
    """
    known = bought.filter(bought.day <= ibis.literal(before))
    then = known.group_by("customer_id").aggregate(
        n_before=known.count(), first_on=known.day.min(), last_before=known.day.max()
    )
    now = held.select("customer_id", "channel", "n_occasions", last_on=held.last_on)
    both = then.inner_join(now, "customer_id")

    def week(day: ir.DateValue) -> ir.IntegerValue:
        since: ir.IntegerValue = day.delta(ibis.literal(start), unit="day").cast("int64")
        return (since.cast("float64") / 7).floor().cast("int64") * 7

    keyed = both.select(
        "channel",
        first=week(both.first_on),
        frequency_before=(both.n_before - 1).cast("int64"),
        last_before=week(both.last_before),
        frequency=(both.n_occasions - 1).cast("int64"),
        last=week(both.last_on),
    )
    return keyed.group_by(*keyed.columns).aggregate(customers=keyed.count())
