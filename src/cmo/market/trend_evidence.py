"""What the signals say: which topics are on the rise."""

from datetime import date

import numpy as np
import numpy.typing as npt

from cmo.market.method import METHOD, REASON
from cmo.market.sight import Heard, sight
from cmo.market.trend import FEWEST_MONTHS
from cmo.measures import DRAWS, Estimate, Grade, Unanswered, Window, months
from cmo.warehouse.field import Field

Floats = npt.NDArray[np.float64]

TREND = "market.trend"


def trends(field: Field, *, rng: np.random.Generator) -> Estimate | Unanswered:
    """`market.trend` by topic.

    Args:
        field: The company's tables.
        rng: Source of randomness.

    Returns:
        The estimate, or why there is none.
    """
    if "signals" not in field.tables:
        return Unanswered(measure=TREND, reason=REASON["no_signals"], unlock=("signals",))
    if not int(field.collect(field.table("signals").count())[0][0].as_py()):
        return Unanswered(measure=TREND, reason=REASON["short_signals"], unlock=("signals",))
    heard = heard_of(field)
    if heard.volumes.shape[1] < FEWEST_MONTHS or not heard.topics:
        return Unanswered(measure=TREND, reason=REASON["short_signals"], unlock=("signals",))
    seen = sight(heard, rng=rng, draws=DRAWS)
    if not seen.rows.size:
        return Unanswered(measure=TREND, reason=REASON["short_signals"], unlock=("signals",))
    return Estimate.of_draws(
        TREND,
        seen.draws,
        subjects=tuple(heard.topics[row] for row in seen.rows),
        by="topic",
        unit="share",
        window=field.span("signals"),
        as_of=field.as_of,
        method=METHOD["trend"],
        grade=Grade.C,
        tables=("signals",),
    )


def heard_of(field: Field) -> Heard:
    """Volume of each topic in each complete month, all sources together, per day of the rows it has."""
    rows = field.table("signals").filter(lambda row: row["volume"] >= 0)
    cells = field.collect(
        rows.group_by(month=rows.date.truncate("M"), topic=rows.topic)
        .aggregate(volume=rows.volume.cast("float64").sum(), days=rows.date.nunique())
        .order_by("month", "topic")
    ).to_pylist()
    whole = _complete(field, sorted({cell["month"] for cell in cells}))
    topics = tuple(sorted({cell["topic"] for cell in cells}))
    row_of, place = (
        {name: i for i, name in enumerate(topics)},
        {_name(span.start): i for i, span in enumerate(whole)},
    )
    days, volumes = np.ones(len(whole)), np.zeros((len(topics), len(whole)))
    for cell in cells:
        month = place.get(_name(cell["month"]))
        if month is not None:
            days[month] = max(days[month], cell["days"])
            volumes[row_of[cell["topic"]], month] = cell["volume"]
    # Weekly figures fall four or five times into a month: a month is put on the usual number.
    usual = np.median(days) / days if days.size else np.ones(0)
    total = _totals(field, place)
    return Heard(
        topics=topics, months=whole, volumes=volumes * usual, total=None if total is None else total * usual
    )


def _totals(field: Field, place: dict[str, int]) -> Floats | None:
    """All that was counted each month, where every row tells it; each source once a day."""
    if "total" not in field.columns("signals"):
        return None
    rows = field.table("signals")
    by = ("date", "source") if "source" in field.columns("signals") else ("date",)
    once = rows.group_by(*by).aggregate(
        total=rows.total.cast("float64").max(), told=rows.total.notnull().all()
    )
    months = field.collect(
        once.group_by(month=once.date.truncate("M")).aggregate(total=once.total.sum(), told=once.told.all())
    ).to_pylist()
    total = np.zeros(len(place))
    for month in months:
        if _name(month["month"]) in place:
            total[place[_name(month["month"])]] = month["total"] if month["told"] else 0.0
    return total if np.all(total > 0) else None


def _name(day: date) -> str:
    return f"{day:%Y-%m}"


def _complete(field: Field, seen: list[date]) -> tuple[Window, ...]:
    """The months that are over; monthly figures are dated on their first day and then are whole."""
    span = field.span("signals")
    monthly = len(seen) > 1 and span.start.day == span.end.day == 1
    last = Window.parse(f"{span.end:%Y-%m}").end if monthly else span.end
    return months(Window(start=span.start, end=last))
