"""What the market's figures say: size, shares, growth and prices."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from cmo.market.method import METHOD, REASON
from cmo.market.panel import YEAR, noisy, relative_prices
from cmo.measures import DRAWS, MEASURES, Estimate, Grade, History, Unanswered, Window
from cmo.warehouse.field import Field

Floats = npt.NDArray[np.float64]
Answers = list[Estimate | Unanswered]

NAMES = ("size", "share", "growth", "price_index")
PARTIAL = 0.5  # a first month below this share of the second was not covered from its first day


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """Complete months of the market.

    Attributes:
        months: Consecutive months, oldest first.
        brands: Brands with sales in every month, the largest first.
        sales: Their sales, shape (months, brands).
        prices: Their mean prices over the last year, NaN where unknown, shape (brands,).
    """

    months: tuple[Window, ...]
    brands: tuple[str, ...]
    sales: Floats
    prices: Floats

    @property
    def last_year(self) -> Window:
        """The last twelve months, or all of them where there are fewer."""
        return Window(start=self.months[-YEAR:][0].start, end=self.months[-1].end)


def market(field: Field, *, rng: np.random.Generator) -> Answers:
    """`market.size`, `market.share`, `market.growth` and `market.price_index`, joint.

    Args:
        field: The company's tables.
        rng: Source of randomness.

    Returns:
        The estimates, or why there is none.
    """
    if "market" not in field.tables:
        return [_unanswered(name, "no_market") for name in NAMES]
    figures = _figures(field)
    if not figures.num_rows:
        return [_unanswered(name, "no_market") for name in NAMES]
    panel = _panel(figures, until=field.as_of)
    if panel is None:
        return [_unanswered(name, "short") for name in NAMES]
    drawn = noisy(panel.sales, rng=rng, draws=DRAWS)
    return [
        _size(field, panel, drawn),
        _share(field, panel, drawn),
        *_growth(field, panel, drawn),
        _price_index(field, panel, drawn),
    ]


def panel_of(field: Field) -> Panel | None:
    """Complete months of the market's sales; none where there are too few.

    Args:
        field: The company's tables.
    """
    if "market" not in field.tables:
        return None
    figures = _figures(field)
    return _panel(figures, until=field.as_of) if figures.num_rows else None


def _unanswered(name: str, why: str) -> Unanswered:
    return Unanswered(measure=f"market.{name}", reason=REASON[why], unlock=("market",))


def _figures(field: Field) -> pa.Table:
    """Sales and prices by month and brand, in the company's sector where one is told."""
    rows = field.table("market").filter(lambda row: row["metric"].isin(("sales", "price")))
    if "sector" in field.columns("market"):
        known = field.collect(rows.group_by("sector", "brand").aggregate(n=rows.count())).to_pylist()
        sectors = {row["sector"] for row in known}
        own = {row["sector"] for row in known if row["brand"] == field.company.name}
        sector = (
            field.company.sector
            if field.company.sector in sectors
            else next(iter(sorted(own, key=str)), None)
        )
        if sector is not None:
            rows = rows.filter(rows.sector == sector)
    value = rows["value"].cast("float64")
    return field.collect(
        rows.filter(value > 0)
        .group_by(month=rows.date.truncate("M"), brand=rows.brand, metric=rows.metric)
        .aggregate(total=value.sum(), mean=value.mean())
        .order_by("month", "brand", "metric")
    )


def _panel(figures: pa.Table, *, until: date) -> Panel | None:
    rows = figures.to_pylist()
    sold: dict[tuple[str, str], float] = {}
    priced: dict[tuple[str, str], float] = {}
    for row in rows:
        key = f"{row['month']:%Y-%m}", row["brand"]
        if row["metric"] == "sales":
            sold[key] = row["total"]
        else:
            priced[key] = row["mean"]
    months = [Window.parse(name) for name in sorted({month for month, _ in sold})]
    months = [month for month in months if month.end <= until]
    brands = {brand for _, brand in sold}
    brands = {
        brand for brand in brands if all((f"{month.start:%Y-%m}", brand) in sold for month in months[-YEAR:])
    }
    complete = [m for m in months if all((f"{m.start:%Y-%m}", brand) in sold for brand in brands)]
    if len(complete) < 3 or not brands:
        return None
    ordered = sorted(
        brands, key=lambda brand: -sum(sold[f"{m.start:%Y-%m}", brand] for m in complete[-YEAR:])
    )
    sales = np.array([[sold[f"{m.start:%Y-%m}", brand] for brand in ordered] for m in complete])
    if sales[0].sum() < PARTIAL * sales[1].sum() and len(complete) > 3:
        complete, sales = complete[1:], sales[1:]
    lately = [f"{m.start:%Y-%m}" for m in complete[-YEAR:]]
    known = [[priced[month, brand] for month in lately if (month, brand) in priced] for brand in ordered]
    prices = np.array([np.mean(one) if one else np.nan for one in known])
    return Panel(months=tuple(complete), brands=tuple(ordered), sales=sales, prices=prices)


def _size(field: Field, panel: Panel, drawn: Floats) -> Estimate:
    whole = drawn.sum(axis=2)
    return _estimate(
        field,
        "size",
        whole[:, -YEAR:].sum(axis=1)[:, None],
        subjects=("total",),
        by="total",
        window=panel.last_year,
        exact=np.array([panel.sales[-YEAR:].sum()]),
        history=History.of_draws(whole[:, None, :], periods=panel.months, cycle=12),
    )


def _share(field: Field, panel: Panel, drawn: Floats) -> Estimate:
    year = drawn[:, -YEAR:].sum(axis=1)
    monthly = np.swapaxes(drawn / drawn.sum(axis=2, keepdims=True), 1, 2)
    counted = panel.sales[-YEAR:].sum(axis=0)
    return _estimate(
        field,
        "share",
        year / year.sum(axis=1, keepdims=True),
        subjects=panel.brands,
        by="brand",
        window=panel.last_year,
        exact=counted / counted.sum(),
        history=History.of_draws(monthly, periods=panel.months, cycle=12),
    )


def _growth(field: Field, panel: Panel, drawn: Floats) -> Answers:
    if len(panel.months) < 2 * YEAR:
        return [_unanswered("growth", "no_growth")]
    late, early = drawn[:, -YEAR:].sum(axis=1), drawn[:, -2 * YEAR : -YEAR].sum(axis=1)
    now, before = panel.sales[-YEAR:].sum(axis=0), panel.sales[-2 * YEAR : -YEAR].sum(axis=0)
    total = (late.sum(axis=1) / early.sum(axis=1) - 1)[:, None]
    return [
        _estimate(
            field,
            "growth",
            total,
            subjects=("total",),
            by="total",
            window=panel.last_year,
            exact=np.array([now.sum() / before.sum() - 1]),
        ),
        _estimate(
            field,
            "growth",
            late / early - 1,
            subjects=panel.brands,
            by="brand",
            window=panel.last_year,
            exact=now / before - 1,
        ),
    ]


def _price_index(field: Field, panel: Panel, drawn: Floats) -> Estimate | Unanswered:
    priced = np.isfinite(panel.prices)
    if np.count_nonzero(priced) < 2:
        return _unanswered("price_index", "no_price")
    names = tuple(name for name, known in zip(panel.brands, priced.tolist(), strict=True) if known)
    prices = panel.prices[priced]
    sales = drawn[:, -YEAR:].sum(axis=1)[:, priced]
    return _estimate(
        field,
        "price_index",
        relative_prices(np.broadcast_to(prices, sales.shape), sales),
        subjects=names,
        by="brand",
        window=panel.last_year,
        exact=relative_prices(prices, panel.sales[-YEAR:].sum(axis=0)[priced]),
    )


def _estimate(  # noqa: PLR0913 - what differs between the measures of the room
    field: Field,
    name: str,
    draws: Floats,
    *,
    subjects: tuple[str, ...],
    by: str,
    window: Window,
    exact: Floats,
    history: History | None = None,
) -> Estimate:
    measure = f"market.{name}"
    return Estimate.of_draws(
        measure,
        draws,
        subjects=subjects,
        by=by,
        unit=MEASURES[measure].unit_in(field.company.currency),
        window=window,
        as_of=field.as_of,
        method=METHOD[name],
        grade=Grade.D,
        tables=("market",),
        exact=exact,
        history=history,
    )
