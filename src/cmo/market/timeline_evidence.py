"""The market's timeline from the tables: figures of every brand and sector, and what the event log tells."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

import numpy as np

from cmo.market.timeline import Happening, Kind, event_bursts, level_changes
from cmo.warehouse.field import Field

YEAR = 12
OF_RIVALS = "competitor"


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """A figure of the market.

    Attributes:
        brand: Whose.
        metric: Which.
        sector: Of which sector; empty where it is not told.
        last_year: Its sum over the last twelve months, or its mean where it does not add up.
        growth: Of the last twelve months on the twelve before; none where there are not so many.
    """

    brand: str
    metric: str
    sector: str
    last_year: float
    growth: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """The market's figures and what happened in it, oldest first."""

    series: tuple[Series, ...]
    happenings: tuple[Happening, ...]


ADDING_UP = frozenset({"sales", "spend", "mentions", "search"})


def timeline(field: Field) -> Timeline:
    """Every figure of the market with its changes of level, and the events that rivals made.

    Args:
        field: The company's tables.
    """
    series: list[Series] = []
    happened: list[Happening] = []
    for (sector, brand, metric), by_month in _figures(field).items():
        months = sorted(by_month)
        values = np.array([by_month[month] for month in months])
        series.append(_series(brand, metric, sector, values))
        happened += level_changes(months, values, who=brand, metric=metric)
    events = _events(field)
    doing: dict[str, list[date]] = defaultdict(list)
    for one in events:
        doing[one.who].append(one.on)
    happened += [*events, *event_bursts(doing)]
    return Timeline(
        series=tuple(sorted(series, key=lambda one: (one.metric, one.sector, -one.last_year))),
        happenings=tuple(sorted(happened, key=lambda one: (one.on, one.who, one.kind))),
    )


def _series(
    brand: str, metric: str, sector: str, values: "np.ndarray[tuple[int], np.dtype[np.float64]]"
) -> Series:
    late, early = values[-YEAR:], values[-2 * YEAR : -YEAR]
    growth = float(late.sum() / early.sum() - 1) if early.size == YEAR and early.sum() > 0 else None
    whole = float(late.sum() if metric in ADDING_UP else late.mean())
    return Series(brand=brand, metric=metric, sector=sector, last_year=whole, growth=growth)


def _figures(field: Field) -> dict[tuple[str, str, str], dict[date, float]]:
    if "market" not in field.tables:
        return {}
    rows = field.table("market")
    if "sector" not in field.columns("market"):
        rows = rows.mutate(sector=rows.brand.nullif(rows.brand))
    first_of_this = field.as_of.replace(day=1)
    cells = field.collect(
        rows.filter(rows.value > 0)
        .group_by(month=rows.date.truncate("M"), brand=rows.brand, metric=rows.metric, sector=rows.sector)
        .aggregate(value=rows.value.cast("float64").mean())
        .order_by("month", "brand", "metric")
    ).to_pylist()
    found: dict[tuple[str, str, str], dict[date, float]] = defaultdict(dict)
    for cell in cells:
        if cell["month"] < first_of_this:
            found[cell["sector"] or "", cell["brand"], cell["metric"]][cell["month"]] = cell["value"]
    return found


def _events(field: Field) -> list[Happening]:
    """What the event log says of rivals, under each one's name."""
    if "events" not in field.tables or "kind" not in field.columns("events"):
        return []
    rows = field.table("events").filter(lambda row: row["kind"] == OF_RIVALS)
    ends = "end" in field.columns("events")
    found = []
    for row in field.collect(rows.order_by("date", "name")).to_pylist():
        until = (row["end"] if ends else None) or row["date"]
        found.append(Happening(on=row["date"], until=until, who=row["name"], kind=Kind.EVENT))
    return found
