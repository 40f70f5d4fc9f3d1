"""What the orders say of the sales channels."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta

import ibis
import ibis.expr.types as ir
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from cmo.distribution.channels import (
    Takings,
    growth_draws,
    joint_draws,
    margin_rate_draws,
    revenue_draws,
    shares,
)
from cmo.distribution.method import METHOD, REASON, margin_missing, unnamed
from cmo.distribution.moving_evidence import cannibalisation
from cmo.measures import DRAWS, Doubt, Estimate, Grade, History, Unanswered, Window, months
from cmo.warehouse.field import Field

Floats = npt.NDArray[np.float64]
Answers = list[Estimate | Unanswered]

YEAR = 364  # 52 weeks, so that both years have the same weekdays
HISTORY = 36
WORTH_SAYING = 0.005  # share of revenue below which what is left out needs no doubt
SUMS = ("revenue", "revenue_squares", "margin", "margined")
SQUARES = ("last_squares", "before_squares", "both_years", "margin_squares", "margined_squares", "cross")


def evidence(field: Field, *, rng: np.random.Generator) -> Answers:
    """`distribution.*`, joint over the sales channels.

    Args:
        field: The company's tables.
        rng: Source of randomness.

    Returns:
        The estimates, or why there is none.
    """
    lines = _lines(field)
    if lines is None:
        names = ("revenue_share", "margin", "growth", "cannibalisation")
        return [_unanswered(name, "no_orders", unlock=("orders.sales_channel",)) for name in names]
    cells = field.collect(_by_month(lines))
    channels = _channels(cells)
    luck = _sums(field.collect(_by_customer(lines)), channels, columns=SQUARES)
    left_out = _share_of_unnamed(cells)
    doubts = unnamed(left_out) if left_out > WORTH_SAYING else ()
    return [
        _share(field, cells, _moments(field, lines, channels), channels=channels, doubts=doubts, rng=rng),
        _margin(field, cells, luck, channels=channels, doubts=doubts, rng=rng),
        _growth(field, cells, luck, channels=channels, doubts=doubts, rng=rng),
        cannibalisation(field, rng=rng),
    ]


def _unanswered(name: str, why: str, *, unlock: tuple[str, ...]) -> Unanswered:
    return Unanswered(measure=f"distribution.{name}", reason=REASON[why], unlock=unlock)


def _lines(field: Field) -> ir.Table | None:
    """Order lines with their channel, month, year and customer; an order without one stands for its own."""
    if "orders" not in field.tables or "sales_channel" not in field.columns("orders"):
        return None
    lines = field.table("orders")
    if not int(field.collect(lines.sales_channel.count())[0][0].as_py()):
        return None
    stated = lines.margin if "margin" in lines.columns else ibis.null("float64")
    known = lines.customer_id if "customer_id" in lines.columns else ibis.null("string")
    revenue, margin = lines.revenue.cast("float64"), stated.cast("float64")
    return lines.select(
        customer=known.fill_null(lines.order_id),
        channel=lines.sales_channel,
        month=lines.ordered_at.truncate("M"),
        year=_year_before(lines.ordered_at, end=datetime.combine(field.span("orders").end, time.min)),
        revenue=revenue,
        margin=margin.fill_null(0.0),
        margined=margin.isnull().ifelse(0.0, revenue),
    )


def _by_month(lines: ir.Table) -> ir.Table:
    """Sums by channel, month, and whether they are of the last year or the one before."""
    netted = lines.group_by("customer", "channel", "month", "year").aggregate(
        **{name: lines[name].sum() for name in ("revenue", "margin", "margined")}
    )
    cells = netted.group_by("channel", "month", "year").aggregate(
        revenue=netted.revenue.sum(),
        revenue_squares=(netted.revenue * netted.revenue).sum(),
        margin=netted.margin.sum(),
        margined=netted.margined.sum(),
    )
    return cells.order_by("channel", "month", "year")


def _by_customer(lines: ir.Table) -> ir.Table:
    """Sums of the squares of what each customer brought a channel, over all and in each year."""
    in_year = [(lines.year == n).ifelse(lines.revenue, 0.0) for n in (0, 1)]
    whole = lines.group_by("customer", "channel").aggregate(
        margin=lines.margin.sum(),
        margined=lines.margined.sum(),
        last=in_year[0].sum(),
        before=in_year[1].sum(),
    )
    squares = {
        f"{name}_squares": (whole[name] * whole[name]).sum()
        for name in ("last", "before", "margin", "margined")
    }
    return whole.group_by("channel").aggregate(
        **squares,
        both_years=(whole.last * whole.before).sum(),
        cross=(whole.margin * whole.margined).sum(),
    )


def _moments(field: Field, lines: ir.Table, channels: Sequence[str]) -> Floats:
    """Sums over customers of the products of what they brought to two channels."""
    places = range(len(channels))
    apart = {f"to_{i}": (lines.channel == channels[i]).ifelse(lines.revenue, 0.0).sum() for i in places}
    whole = lines.filter(lines.channel.notnull()).group_by("customer").aggregate(**apart)
    pairs = {f"{i}_{j}": (whole[f"to_{i}"] * whole[f"to_{j}"]).sum() for i in places for j in range(i + 1)}
    found = field.collect(whole.aggregate(**pairs))
    lower = np.zeros((len(channels), len(channels)))
    for name in pairs:
        i, j = (int(place) for place in name.split("_"))
        lower[i, j] = round(float(found[name][0].as_py()), 4)
    return np.asarray(lower + np.tril(lower, -1).T)


def _year_before(at: ir.TimestampValue, *, end: datetime) -> ir.IntegerValue:
    """0 for the last 52 weeks, 1 for the 52 before, 2 for what came earlier."""
    first, second = (ibis.literal(end - timedelta(days=n * YEAR - 1), type="timestamp") for n in (1, 2))
    return ibis.cases((at >= first, 0), (at >= second, 1), else_=2)


def _channels(cells: pa.Table) -> tuple[str, ...]:
    """Names of the channels with revenue, the largest first."""
    totals: dict[str, float] = {}
    for name, revenue in zip(cells["channel"].to_pylist(), cells["revenue"].to_pylist(), strict=True):
        if name is not None:
            totals[name] = totals.get(name, 0.0) + revenue
    return tuple(
        sorted((name for name in totals if totals[name] > 0), key=lambda name: (-totals[name], name))
    )


def _share_of_unnamed(cells: pa.Table) -> float:
    revenue = cells["revenue"].to_numpy()
    named = np.array([name is not None for name in cells["channel"].to_pylist()])
    return float(np.abs(revenue[~named].sum()) / max(np.abs(revenue.sum()), 1e-9))


def _sums(
    cells: pa.Table,
    channels: Sequence[str],
    *,
    columns: Sequence[str] = SUMS,
    kept: npt.NDArray[np.bool_] | None = None,
) -> dict[str, Floats]:
    """Each sum by channel over the cells that are kept (all by default)."""
    names = np.asarray(cells["channel"].to_pylist(), dtype=object)
    inside = np.ones(names.size, dtype=bool) if kept is None else kept
    # Engines add in any order; without the last bits an unchanged source gives an unchanged figure.
    return {
        column: np.array(
            [np.round(cells[column].to_numpy()[inside & (names == name)].sum(), 4) for name in channels]
        )
        for column in columns
    }


def _share(
    field: Field,
    cells: pa.Table,
    moments: Floats,
    *,
    channels: tuple[str, ...],
    doubts: tuple[Doubt, ...],
    rng: np.random.Generator,
) -> Estimate:
    whole = _sums(cells, channels)
    drawn = shares(joint_draws(whole["revenue"], moments, rng=rng, draws=DRAWS))
    month = np.asarray([f"{day:%Y-%m}" for day in cells["month"].to_pylist()])
    shown = months(field.span("orders"))[-HISTORY:]
    by_month = [_sums(cells, channels, kept=month == f"{span.start:%Y-%m}") for span in shown]
    history = None
    if len(shown) > 2 and all(sums["revenue"].sum() > 0 for sums in by_month):
        past = Takings(
            revenue=np.stack([sums["revenue"] for sums in by_month]),
            revenue_squares=np.stack([sums["revenue_squares"] for sums in by_month]),
        )
        shares_past = shares(revenue_draws(past, rng=rng, draws=DRAWS))
        history = History.of_draws(np.swapaxes(shares_past, 1, 2), periods=shown, cycle=12)
    return _estimate(
        field,
        "revenue_share",
        drawn,
        channels=channels,
        window=field.span("orders"),
        doubts=doubts,
        exact=shares(whole["revenue"]),
        history=history,
    )


def _margin(
    field: Field,
    cells: pa.Table,
    luck: dict[str, Floats],
    *,
    channels: tuple[str, ...],
    doubts: tuple[Doubt, ...],
    rng: np.random.Generator,
) -> Estimate | Unanswered:
    sums = _sums(cells, channels) | luck
    stated = sums["margined"] > 0
    if not stated.any():
        return _unanswered("margin", "no_margin", unlock=("orders.margin",))
    names = tuple(name for name, kept in zip(channels, stated.tolist(), strict=True) if kept)
    sums = {column: values[stated] for column, values in sums.items()}
    missing = 1 - float(sums["margined"].sum() / sums["revenue"].sum())
    if missing > WORTH_SAYING:
        doubts = (*doubts, *margin_missing(missing))
    rate = sums["margin"] / sums["margined"]
    residual = sums["margin_squares"] - 2 * rate * sums["cross"] + rate**2 * sums["margined_squares"]
    drawn = margin_rate_draws(
        sums["margin"], sums["margined"], residual_squares=residual, rng=rng, draws=DRAWS
    )
    window = field.span("orders")
    return _estimate(field, "margin", drawn, channels=names, window=window, doubts=doubts, exact=rate)


def _growth(
    field: Field,
    cells: pa.Table,
    luck: dict[str, Floats],
    *,
    channels: tuple[str, ...],
    doubts: tuple[Doubt, ...],
    rng: np.random.Generator,
) -> Estimate | Unanswered:
    year = cells["year"].to_numpy()
    now, before = (_sums(cells, channels, kept=year == n) for n in (0, 1))
    both = (now["revenue"] > 0) & (before["revenue"] > 0)
    span = field.span("orders")
    if span.days < 2 * YEAR or not both.any():
        return _unanswered("growth", "short", unlock=("orders",))
    names = tuple(name for name, kept in zip(channels, both.tolist(), strict=True) if kept)
    late, early = now["revenue"][both], before["revenue"][both]
    squares = (luck["last_squares"][both], luck["before_squares"][both], luck["both_years"][both])
    drawn = growth_draws(late, early, squares=squares, rng=rng, draws=DRAWS)
    return _estimate(
        field,
        "growth",
        drawn,
        channels=names,
        window=span.last(YEAR),
        doubts=doubts,
        exact=late / early - 1,
    )


def _estimate(  # noqa: PLR0913 - what differs between the measures of the room
    field: Field,
    name: str,
    draws: Floats,
    *,
    channels: tuple[str, ...],
    window: Window,
    doubts: tuple[Doubt, ...],
    exact: Floats,
    history: History | None = None,
) -> Estimate:
    return Estimate.of_draws(
        f"distribution.{name}",
        draws,
        subjects=channels,
        by="sales_channel",
        unit="share",
        window=window,
        as_of=field.as_of,
        method=METHOD[name],
        grade=Grade.D,
        tables=("orders",),
        doubts=doubts,
        exact=exact,
        history=history,
    )
