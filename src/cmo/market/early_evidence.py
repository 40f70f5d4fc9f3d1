"""First uses in the company's own books: channels of media and kinds of content that were once new."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any, Final

import ibis.expr.types as ir
import numpy as np

from cmo.market.first_mover import EARLY, FEWEST_AFTER, Bonus, Launch, bonus_of, common_draws
from cmo.market.method import METHOD, REASON
from cmo.measures import DRAWS, Estimate, Grade, Unanswered
from cmo.warehouse.field import Field

FIRST_MOVER: Final = "market.first_mover"
NEW_AFTER: Final = 12
"""Weeks of books before a first use, without which it may be older than the books."""
FEWEST_RESULTS: Final = 20.0


def early_of(field: Field, *, rng: np.random.Generator) -> Bonus | None:
    """What being early brought this company; none where nothing new was begun while the books were kept.

    Media channels by the conversions that platforms claim per money, kinds of content by engagements per
    impression: each against everything else of the same week.

    Args:
        field: The company's tables.
        rng: Source of randomness.
    """
    return bonus_of(launches_of(field), rng=rng)


def first_mover(field: Field, *, rng: np.random.Generator) -> Estimate | Unanswered:
    """`market.first_mover`: what being early brings on average.

    Args:
        field: The company's tables.
        rng: Source of randomness.
    """
    launches = launches_of(field)
    if not launches:
        return Unanswered(measure=FIRST_MOVER, reason=REASON["no_launch"], unlock=("media", "content"))
    tables = tuple(name for name in ("media", "content") if name in field.tables)
    return Estimate.of_draws(
        FIRST_MOVER,
        common_draws(launches, rng=rng, draws=DRAWS)[:, None],
        subjects=("total",),
        by="total",
        unit="share",
        window=field.span(tables[0]),
        as_of=field.as_of,
        method=METHOD["first_mover"],
        grade=Grade.D,
        tables=tables,
    )


def launches_of(field: Field) -> list[Launch]:
    """The first uses that the books saw."""
    return [*_channels(field), *_contents(field)]


def _channels(field: Field) -> Iterator[Launch]:
    if "media" not in field.tables or "conversions" not in field.columns("media"):
        return
    rows = field.table("media").filter(lambda row: row["spend"] > 0)
    yield from _launches(
        field, rows, name="channel", kind="media", at="date", results="conversions", effort="spend"
    )


def _contents(field: Field) -> Iterator[Launch]:
    columns = set(field.columns("content")) if "content" in field.tables else set()
    if not {"impressions", "engagements"} <= columns:
        return
    rows = field.table("content").filter(lambda row: row["impressions"] > 0)
    for name in ("channel", "format", "topic"):
        if name in columns:
            yield from _launches(
                field,
                rows,
                name=name,
                kind=name,
                at="published_at",
                results="engagements",
                effort="impressions",
            )


def _launches(
    field: Field, rows: ir.Table, *, name: str, kind: str, at: str, results: str, effort: str
) -> Iterator[Launch]:
    cells = field.collect(
        rows.filter(rows[name].notnull())
        .group_by(week=rows[at].truncate("W"), subject=rows[name])
        .aggregate(
            results=rows[results].cast("float64").sum().fill_null(0.0),
            effort=rows[effort].cast("float64").sum(),
        )
        .order_by("week", "subject")
    ).to_pylist()
    weeks = sorted({_day(cell["week"]) for cell in cells})
    if not weeks:
        return
    for subject in sorted({cell["subject"] for cell in cells}):
        own = {_day(cell["week"]): cell for cell in cells if cell["subject"] == subject}
        first = min(own)
        if first < weeks[0] + timedelta(weeks=NEW_AFTER):
            continue
        launch = _launch(f"{kind}:{subject}", kind, own, _others(cells, subject), first)
        if launch is not None:
            yield launch


def _others(cells: list[dict[str, Any]], subject: str) -> dict[date, float]:
    """Results per effort of everything else, each week."""
    sums: dict[date, list[float]] = {}
    for cell in cells:
        if cell["subject"] != subject:
            week = sums.setdefault(_day(cell["week"]), [0.0, 0.0])
            week[0] += cell["results"]
            week[1] += cell["effort"]
    return {week: (won + 0.5) / spent for week, (won, spent) in sums.items() if spent > 0}


def _launch(
    name: str, kind: str, own: dict[date, dict[str, Any]], others: dict[date, float], first: date
) -> Launch | None:
    known = [week for week in sorted(own) if week in others and own[week]["effort"] > 0]
    age = np.array([(week - first).days / 7 for week in known])
    if (age < EARLY).sum() < 3 or (age >= EARLY).sum() < FEWEST_AFTER:
        return None
    results = np.array([float(own[week]["results"]) for week in known])
    if results.sum() < FEWEST_RESULTS:
        return None
    return Launch(
        name=name.partition(":")[2],
        kind=kind,
        weeks=age,
        results=results,
        effort=np.array([float(own[week]["effort"]) for week in known]),
        usual=np.array([others[week] for week in known]),
    )


def _day(week: date | datetime) -> date:
    return week.date() if isinstance(week, datetime) else week
