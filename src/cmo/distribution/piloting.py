"""What a channel on trial has brought since its pilot began."""

from dataclasses import dataclass
from datetime import date, datetime, time

from cmo.warehouse.field import Field


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """What a channel brought since a day.

    Attributes:
        revenue: Net revenue.
        margin: Margin; none where orders do not state it.
        orders: Number of orders.
    """

    revenue: float
    margin: float | None
    orders: int


def since(field: Field, channel: str, day: date) -> Brought | None:
    """What the orders of a channel brought from a day on; none where orders name no channel.

    Args:
        field: The company's tables.
        channel: Which channel.
        day: The first day that counts.
    """
    if "orders" not in field.tables or "sales_channel" not in field.columns("orders"):
        return None
    lines = field.table("orders")
    lines = lines.filter(lines.sales_channel == channel, lines.ordered_at >= datetime.combine(day, time.min))
    sums = {"revenue": lines.revenue.cast("float64").sum(), "orders": lines.order_id.nunique()}
    if "margin" in field.columns("orders"):
        sums["margin"] = lines.margin.cast("float64").sum()
    row = field.collect(lines.aggregate(**sums)).to_pylist()[0]
    return Brought(revenue=row["revenue"] or 0.0, margin=row.get("margin"), orders=row["orders"])
