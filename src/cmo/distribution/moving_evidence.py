"""What the orders say of customers between channels: overlap, moves, and openings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final

import ibis
import ibis.expr.types as ir
import numpy as np

from cmo.distribution.method import METHOD, REASON
from cmo.distribution.moving import Difference, Opening, Strata, difference, opening
from cmo.measures import DRAWS, Doubt, Estimate, Grade, Text, Unanswered
from cmo.warehouse.field import Field

YEAR: Final = 364
AFTER: Final = 182  # days before and after an opening
CANNIBALISATION: Final = "distribution.cannibalisation"
UNSEEN: Final = Doubt(
    code="not_drawn_by_lot",
    says=Text(
        "Those who take up a new channel were already keener than others alike: what it took from the "
        "others is rather more than this says.",
        "Ceux qui adoptent un nouveau canal étaient déjà plus assidus que leurs semblables : ce qu'il a pris "
        "aux autres est plutôt supérieur à ce chiffre.",
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """How many customers of a channel bought in another too, within a year.

    Attributes:
        channel: The channel.
        other: The other one; itself for all its customers.
        customers: Customers of both.
    """

    channel: str
    other: str
    customers: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """Customers whose main channel changed from one year to the next.

    Attributes:
        source: Their main channel in the year before.
        target: In the last year.
        customers: How many, among those who bought in both years.
        revenue: Revenue a year that came with it, per customer, beside those alike who stayed; none where
            too few moved.
        margin: The same of the margin; none where it is not known.
    """

    source: str
    target: str
    customers: int
    revenue: Difference | None
    margin: Difference | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A channel that was opened while the books were kept.

    Attributes:
        channel: Its name.
        on: Day of its first order.
        found: What it took from the others; none where too few took it up.
    """

    channel: str
    on: date
    found: Opening | None


def can_move(field: Field) -> bool:
    """Whether the orders name both customers and channels."""
    return "orders" in field.tables and {"customer_id", "sales_channel"} <= set(field.columns("orders"))


def shared(field: Field) -> tuple[Shared, ...]:
    """Customers of the last year by pairs of channels."""
    rows = _named(field).filter(lambda row: row["ordered_at"] >= _ago(field, YEAR))
    pairs = rows.select("customer_id", "sales_channel").distinct()
    other = pairs.rename(other="sales_channel", who="customer_id")
    both = pairs.join(other, pairs.customer_id == other.who)
    cells = field.collect(
        both.group_by("sales_channel", "other").aggregate(n=both.count()).order_by("sales_channel", "other")
    )
    return tuple(
        Shared(channel=row["sales_channel"], other=row["other"], customers=row["n"])
        for row in cells.to_pylist()
    )


def shifts(field: Field) -> tuple[Shift, ...]:
    """What came with a change of main channel, for every pair."""
    if field.span("orders").days < 2 * YEAR:
        return ()
    cells = field.collect(_moved(_main_channels(field))).to_pylist()
    bins = sorted({row["stratum"] for row in cells})
    names = sorted({row["before"] for row in cells} | {row["after"] for row in cells})
    stayed = {name: _strata(cells, name, name, bins) for name in names}
    return tuple(
        _shift(cells, source, target, stayed=stayed[source], bins=bins)
        for source in names
        for target in names
        if source != target
    )


def _shift(
    cells: Sequence[Mapping[str, Any]],
    source: str,
    target: str,
    *,
    stayed: dict[str, Strata],
    bins: Sequence[float],
) -> Shift:
    moved = _strata(cells, source, target, bins)
    return Shift(
        source=source,
        target=target,
        customers=int(moved["revenue"].n.sum()),
        revenue=difference(moved["revenue"], stayed["revenue"]),
        margin=difference(moved["margin"], stayed["margin"]) if stayed["margin"].squares.any() else None,
    )


def _main_channels(field: Field) -> ir.Table:
    """Each customer of both years: main channels, revenue before, and changes."""
    lines = _named(field)
    late = lines.ordered_at >= _ago(field, YEAR)
    early = (lines.ordered_at >= _ago(field, 2 * YEAR)) & ~late
    revenue = lines.revenue.cast("float64")
    margin = lines.margin.cast("float64") if "margin" in field.columns("orders") else revenue * 0.0
    each = lines.group_by("customer_id", "sales_channel").aggregate(
        now=revenue.sum(where=late).fill_null(0.0),
        before=revenue.sum(where=early).fill_null(0.0),
        margin_now=margin.sum(where=late).fill_null(0.0),
        margin_before=margin.sum(where=early).fill_null(0.0),
    )
    ranked = each.mutate(
        place_now=ibis.row_number().over(
            group_by=each.customer_id, order_by=[each.now.desc(), each.sales_channel]
        ),
        place_before=ibis.row_number().over(
            group_by=each.customer_id, order_by=[each.before.desc(), each.sales_channel]
        ),
    )
    people = ranked.group_by("customer_id").aggregate(
        after=ranked.sales_channel.max(where=ranked.place_now == 0),
        before=ranked.sales_channel.max(where=ranked.place_before == 0),
        spent=ranked.before.sum(),
        now=ranked.now.sum(),
        revenue=ranked.now.sum() - ranked.before.sum(),
        margin=ranked.margin_now.sum() - ranked.margin_before.sum(),
    )
    return people.filter(people.spent > 0, people.now > 0)


def _moved(people: ir.Table) -> ir.Table:
    binned = people.mutate(stratum=(2 * people.spent.log2()).floor().cast("float64"))
    return _summed(binned, ("before", "after", "stratum"))


def _summed(binned: ir.Table, by: tuple[str, ...]) -> ir.Table:
    return (
        binned.group_by(*by)
        .aggregate(
            n=binned.count(),
            revenue=binned.revenue.sum(),
            revenue_squares=(binned.revenue * binned.revenue).sum(),
            margin=binned.margin.sum(),
            margin_squares=(binned.margin * binned.margin).sum(),
        )
        .order_by(*by)
    )


def _strata(
    cells: Sequence[Mapping[str, Any]], before: object, after: object, bins: Sequence[float]
) -> dict[str, Strata]:
    place = {value: i for i, value in enumerate(bins)}
    n = np.zeros(len(bins))
    sums = {name: np.zeros(len(bins)) for name in ("revenue", "revenue_squares", "margin", "margin_squares")}
    for row in cells:
        if row["before"] == before and row["after"] == after:
            n[place[row["stratum"]]] = row["n"]
            for name, values in sums.items():
                values[place[row["stratum"]]] = row[name]
    return {
        name: Strata(n=n, change=sums[name], squares=sums[f"{name}_squares"])
        for name in ("revenue", "margin")
    }


def opened(field: Field, *, rng: np.random.Generator) -> tuple[Opened, ...]:
    """The channels that were opened with half a year of books before and after, and what they took."""
    lines = _named(field)
    span = field.span("orders")
    firsts = field.collect(
        lines.group_by("sales_channel").aggregate(first=lines.ordered_at.min()).order_by("sales_channel")
    ).to_pylist()
    found = []
    for row in firsts:
        on = row["first"].date()
        if span.start + timedelta(days=AFTER) <= on <= span.end - timedelta(days=AFTER):
            found.append(_opened(field, row["sales_channel"], on, rng=rng))
    return tuple(found)


def _opened(field: Field, channel: str, on: date, *, rng: np.random.Generator) -> Opened:
    lines = _named(field)
    start = datetime.combine(on, time.min)
    before = lines.ordered_at.between(start - timedelta(days=AFTER), start - timedelta(microseconds=1))
    after = lines.ordered_at.between(start, start + timedelta(days=AFTER))
    new = lines.sales_channel == channel
    revenue = lines.revenue.cast("float64")
    people = lines.group_by("customer_id").aggregate(
        spent=revenue.sum(where=before).fill_null(0.0),
        kept=revenue.sum(where=after & ~new).fill_null(0.0),
        there=revenue.sum(where=after & new).fill_null(0.0),
    )
    whole = field.collect(people.aggregate(total=people.there.sum()))["total"][0].as_py() or 0.0
    known = people.filter(people.spent > 0)
    binned = known.mutate(
        stratum=(2 * known.spent.log2()).floor().cast("float64"),
        before=(known.there > 0).ifelse("adopted", "not"),
        after=ibis.literal("all"),
        revenue=known.kept - known.spent,
        margin=known.there,
    )
    cells = field.collect(_summed(binned, ("before", "after", "stratum"))).to_pylist()
    bins = sorted({row["stratum"] for row in cells})
    did, did_not = (_strata(cells, name, "all", bins) for name in ("adopted", "not"))
    gap = difference(did["revenue"], did_not["revenue"])
    if gap is None or whole <= 0:
        return Opened(channel=channel, on=on, found=None)
    from_known = float(did["margin"].change.sum())
    return Opened(
        channel=channel,
        on=on,
        found=opening(gap, revenue=float(whole), from_known=from_known, rng=rng, draws=DRAWS),
    )


def cannibalisation(field: Field, *, rng: np.random.Generator) -> Estimate | Unanswered:
    """`distribution.cannibalisation` of each channel that was opened while the books were kept.

    Args:
        field: The company's tables.
        rng: Source of randomness.
    """
    found = opened(field, rng=rng) if can_move(field) else ()
    told = [(one.channel, one.found) for one in found if one.found is not None]
    if not told:
        return Unanswered(measure=CANNIBALISATION, reason=REASON["cannibalisation"], unlock=())
    return Estimate.of_draws(
        CANNIBALISATION,
        np.column_stack([one.taken for _, one in told]),
        subjects=tuple(name for name, _ in told),
        by="sales_channel",
        unit="share",
        window=field.span("orders"),
        as_of=field.as_of,
        method=METHOD["cannibalisation"],
        grade=Grade.D,
        tables=("orders",),
        doubts=(UNSEEN,),
    )


def _named(field: Field) -> ir.Table:
    return field.table("orders").filter(
        lambda row: row["customer_id"].notnull() & row["sales_channel"].notnull()
    )


def _ago(field: Field, days: int) -> ir.TimestampScalar:
    end = field.span("orders").end
    return ibis.literal(datetime.combine(end - timedelta(days=days - 1), time.min), type="timestamp")
