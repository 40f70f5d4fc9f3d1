"""What the signals say: which topics are on the rise."""

from datetime import date

import numpy as np
import numpy.typing as npt

from cmo.market.learned import RADAR
from cmo.market.method import METHOD, REASON
from cmo.market.season import as_counts, without_season
from cmo.market.trend import FEWEST_MENTIONS, FEWEST_MONTHS, RECENT, features
from cmo.measures import DRAWS, Estimate, Grade, Unanswered, Window, months
from cmo.warehouse.field import Field

Floats = npt.NDArray[np.float64]

TREND = "market.trend"
MANY = 20  # topics from which their sum stands for how much is said altogether


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
    topics, volumes = _volumes(field)
    if volumes.shape[1] < FEWEST_MONTHS or not topics:
        return Unanswered(measure=TREND, reason=REASON["short_signals"], unlock=("signals",))
    total = volumes.sum(axis=0) if len(topics) >= MANY else np.ones(volumes.shape[1])
    mentions = as_counts(without_season(volumes))
    alive = (mentions[:, -RECENT:].sum(axis=1) >= FEWEST_MENTIONS) & bool(np.all(total > 0))
    if not alive.any():
        return Unanswered(measure=TREND, reason=REASON["short_signals"], unlock=("signals",))
    return Estimate.of_draws(
        TREND,
        RADAR.chances(features(mentions[alive], total), rng=rng, draws=DRAWS),
        subjects=tuple(name for name, kept in zip(topics, alive.tolist(), strict=True) if kept),
        by="topic",
        unit="share",
        window=field.span("signals"),
        as_of=field.as_of,
        method=METHOD["trend"],
        grade=Grade.C,
        tables=("signals",),
    )


def _volumes(field: Field) -> tuple[tuple[str, ...], Floats]:
    """Volume of each topic in each complete month, all sources together, per day of the rows it has."""
    rows = field.table("signals").filter(lambda row: row["volume"] >= 0)
    cells = field.collect(
        rows.group_by(month=rows.date.truncate("M"), topic=rows.topic)
        .aggregate(volume=rows.volume.cast("float64").sum(), days=rows.date.nunique())
        .order_by("month", "topic")
    ).to_pylist()
    whole = _complete(field, sorted({cell["month"] for cell in cells}))
    topics = tuple(sorted({cell["topic"] for cell in cells}))
    place = {f"{span.start:%Y-%m}": i for i, span in enumerate(whole)}
    days = np.ones(len(whole))
    volumes = np.zeros((len(topics), len(whole)))
    for cell in cells:
        month = place.get(f"{cell['month']:%Y-%m}")
        if month is not None:
            days[month] = max(days[month], cell["days"])
            volumes[topics.index(cell["topic"]), month] = cell["volume"]
    # Weekly figures fall four or five times into a month: a month is put on the usual number.
    return topics, volumes * (np.median(days) / days if days.size else 1.0)


def _complete(field: Field, seen: list[date]) -> tuple[Window, ...]:
    """The months that are over; monthly figures are dated on their first day and then are whole."""
    span = field.span("signals")
    monthly = len(seen) > 1 and span.start.day == span.end.day == 1
    last = Window.parse(f"{span.end:%Y-%m}").end if monthly else span.end
    return months(Window(start=span.start, end=last))
