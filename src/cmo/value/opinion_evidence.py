"""What customers answer when they are asked for a mark: recommendation and satisfaction."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

import ibis
import ibis.expr.types as ir
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from cmo.measures import DRAWS, Doubt, Estimate, Grade, History, Unanswered, Window, months
from cmo.value.method import COMPLAINTS_ASIDE, METHOD, REASON, SCALE_ASSUMED, small_base
from cmo.value.recommendation import score_draws
from cmo.warehouse.field import Field

Floats = npt.NDArray[np.float64]
Answers = list[Estimate | Unanswered]

YEAR = 365
QUARTER = 91
HISTORY = 36  # months of history kept
ENOUGH = 30  # answers below which a figure is said with a doubt
SATISFIED = 0.8  # share of the best mark from which a customer counts as satisfied
SCALES = (5.0, 10.0, 20.0, 100.0)  # best marks that are in use
COMPLAINTS = ("réclamation", "reclamation", "complaint", "plainte", "litige")


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinions:
    """Counts of answers of the last year and month by month.

    Attributes:
        window: The days of the counts.
        counts: Counts of each kind of answer by source, shape (sources, kinds).
        sources: Where the answers were given.
        months: Months with at least one answer.
        by_month: Counts of each kind in these months, shape (months, kinds).
    """

    window: Window
    counts: Floats
    sources: tuple[str, ...]
    months: tuple[Window, ...]
    by_month: Floats


def opinions(field: Field, *, rng: np.random.Generator) -> Answers:
    """`value.nps` and the total of `value.satisfaction`.

    Args:
        field: The company's tables.
        rng: Source of randomness.

    Returns:
        The estimates, or why there is none.
    """
    if "feedback" not in field.tables or not _n_dated(field):
        return [
            Unanswered(measure=name, reason=REASON["no_feedback"], unlock=("feedback",))
            for name in ("value.nps", "value.satisfaction")
        ]
    return [*_nps(field, rng=rng), _satisfaction(field, rng=rng)]


def _n_dated(field: Field) -> int:
    return int(field.collect(field.table("feedback")["at"].count())[0][0].as_py())


def own_feedback(field: Field) -> ir.Table:
    """The opinions on the company: those on other brands are left out."""
    feedback = field.table("feedback").filter(lambda row: row["at"].notnull())
    if "brand" in field.columns("feedback"):
        mine = feedback.brand.lower() == field.company.name.lower()
        n_mine = int(field.collect(mine.sum())[0][0].as_py() or 0)
        feedback = feedback.filter(feedback.brand.isnull() | mine) if n_mine else feedback
    return feedback


def _nps(field: Field, *, rng: np.random.Generator) -> Answers:
    unknown = Unanswered(measure="value.nps", reason=REASON["no_nps"], unlock=("feedback.nps",))
    if "nps" not in field.columns("feedback"):
        return [unknown]
    rows = own_feedback(field).filter(lambda row: row["nps"].between(0, 10))
    kinds = (rows.nps >= 9, (rows.nps > 6) & (rows.nps < 9), rows.nps <= 6)
    found = _counted(field, rows, kinds)
    if found is None:
        return [unknown]
    total = found.counts.sum(axis=0)
    past = score_draws(found.by_month, rng=rng, draws=DRAWS)
    history = (
        History.of_draws(past[:, None, :], periods=found.months, cycle=12) if len(found.months) > 2 else None
    )
    whole = score_draws(total[None, :], rng=rng, draws=DRAWS)
    answers: Answers = [
        _estimate(field, "nps", whole, window=found.window, doubts=_doubts(total), history=history)
    ]
    large = found.counts.sum(axis=1) >= ENOUGH
    if large.sum() > 1:
        by_source = score_draws(found.counts[large], rng=rng, draws=DRAWS)
        names = tuple(name for name, kept in zip(found.sources, large.tolist(), strict=True) if kept)
        answers.append(_estimate(field, "nps", by_source, window=found.window, subjects=names, by="source"))
    return answers


def recommendation_drift(field: Field, *, rng: np.random.Generator) -> dict[str, object] | None:
    """The net promoter score of the last quarter of a year against the one before it.

    Args:
        field: The company's tables.
        rng: Source of randomness.

    Returns:
        `now`, `before` and `change` in points (5 %, 50 %, 95 %), `falling` (probability) and answers of
        each; None where either has fewer than 30.
    """
    if "feedback" not in field.tables or "nps" not in field.columns("feedback"):
        return None
    rows = own_feedback(field).filter(lambda row: row["nps"].between(0, 10))
    last = field.span("feedback").end
    starts = [datetime.combine(last - timedelta(days=n * QUARTER - 1), time.min) for n in (1, 2)]
    lately = rows["at"] >= ibis.literal(starts[0], type="timestamp")
    recent = rows.filter(rows["at"] >= ibis.literal(starts[1], type="timestamp"))
    kinds = {"high": recent.nps >= 9, "middle": (recent.nps > 6) & (recent.nps < 9), "low": recent.nps <= 6}
    cells = field.collect(
        recent.group_by(lately=lately).aggregate(
            **{name: kind.cast("float64").sum() for name, kind in kinds.items()}
        )
    ).to_pylist()
    counts = {cell["lately"]: np.array([cell[name] for name in kinds]) for cell in cells}
    if len(counts) < 2 or min(count.sum() for count in counts.values()) < ENOUGH:
        return None
    now, before = (score_draws(counts[of], rng=rng, draws=DRAWS) for of in (True, False))
    return {
        **{
            name: np.quantile(draws, (0.05, 0.5, 0.95)).tolist()
            for name, draws in (("now", now), ("before", before), ("change", now - before))
        },
        "falling": float(np.mean(now < before)),
        "answers": [int(counts[of].sum()) for of in (True, False)],
    }


def _satisfaction(field: Field, *, rng: np.random.Generator) -> Estimate | Unanswered:
    unknown = Unanswered(
        measure="value.satisfaction", reason=REASON["no_rating"], unlock=("feedback.rating",)
    )
    if "rating" not in field.columns("feedback"):
        return unknown
    rows, doubts = rated(field)
    found = _counted(field, rows, (rows.content, ~rows.content))
    if found is None:
        return unknown
    return _satisfaction_of(field, found, doubts=doubts, rng=rng)


def _satisfaction_of(
    field: Field, found: Opinions, *, doubts: tuple[Doubt, ...], rng: np.random.Generator
) -> Estimate:
    total = found.counts.sum(axis=0)
    past = rng.beta(found.by_month[:, 0] + 0.5, found.by_month[:, 1] + 0.5, size=(DRAWS, len(found.months)))
    history = (
        History.of_draws(past[:, None, :], periods=found.months, cycle=12) if len(found.months) > 2 else None
    )
    return _estimate(
        field,
        "satisfaction",
        rng.beta(total[0] + 0.5, total[1] + 0.5, size=(DRAWS, 1)),
        window=found.window,
        doubts=(*doubts, *_doubts(total)),
        history=history,
    )


def rated(field: Field) -> tuple[ir.Table, tuple[Doubt, ...]]:
    """Marks with whether they are good ones, complaints left out."""
    rows = own_feedback(field).filter(lambda row: row["rating"].notnull())
    doubts: tuple[Doubt, ...] = ()
    if "source" in field.columns("feedback"):
        complaint = rows.source.lower().isin(COMPLAINTS).fill_null(False)
        if int(field.collect(complaint.sum())[0][0].as_py() or 0):
            rows, doubts = rows.filter(~complaint), (COMPLAINTS_ASIDE,)
    if "rating_max" not in field.columns("feedback"):
        doubts = (*doubts, SCALE_ASSUMED)
    return rows.mutate(content=rows.rating >= SATISFIED * best_mark(field, rows)), doubts


def best_mark(field: Field, rows: ir.Table) -> ir.FloatingValue:
    """The best mark that each opinion could give: as stated, else the usual scale that holds them all."""
    highest = float(field.collect(rows.rating.max())[0][0].as_py() or 0)
    best = ibis.literal(next((scale for scale in SCALES if scale >= highest), highest or 1.0), "float64")
    return rows.rating_max.fill_null(best) if "rating_max" in field.columns("feedback") else best


def _counted(field: Field, rows: ir.Table, kinds: tuple[ir.BooleanValue, ...]) -> Opinions | None:
    """Counts of each kind of answer, or None where there is none in the last year."""
    last = field.span("feedback").end
    first = datetime.combine(last - timedelta(days=YEAR - 1), time.min)
    recent = rows["at"] >= ibis.literal(first, type="timestamp")
    source = rows.source.fill_null("") if "source" in rows.columns else ibis.literal("")
    sums = {f"kind_{i}": kind.cast("float64").sum() for i, kind in enumerate(kinds)}
    cells = field.collect(
        rows.group_by(month=rows["at"].truncate("M"), recent=recent, source=source)
        .aggregate(**sums)
        .order_by("month", "recent", "source")
    )
    counts = (
        np.column_stack([cells[name].to_numpy() for name in sums]) if cells.num_rows else np.zeros((0, 1))
    )
    lately = np.asarray(cells["recent"].to_pylist(), dtype=bool)
    if not counts[lately].sum():
        return None
    names = np.asarray(cells["source"].to_pylist(), dtype=object)
    sources = tuple(sorted(set(names[lately].tolist())))
    shown, by_month = _by_month(field, cells, counts)
    return Opinions(
        window=field.span("feedback").last(YEAR),
        counts=np.stack([counts[lately & (names == source)].sum(axis=0) for source in sources]),
        sources=sources,
        months=shown,
        by_month=by_month,
    )


def _by_month(field: Field, cells: pa.Table, counts: Floats) -> tuple[tuple[Window, ...], Floats]:
    """Consecutive whole months up to the last, from the first after which none is empty."""
    of_row = np.asarray([f"{day:%Y-%m}" for day in cells["month"].to_pylist()])
    shown: list[Window] = []
    sums: list[Floats] = []
    for span in reversed(months(field.span("feedback"))[-HISTORY:]):
        total = counts[of_row == f"{span.start:%Y-%m}"].sum(axis=0)
        if not total.sum():
            break
        shown.append(span)
        sums.append(total)
    return tuple(reversed(shown)), np.array(sums[::-1]).reshape(len(sums), counts.shape[1])


def _doubts(counts: Floats) -> tuple[Doubt, ...]:
    return small_base(int(counts.sum())) if counts.sum() < ENOUGH else ()


def _estimate(  # noqa: PLR0913 - what differs between the two measures
    field: Field,
    name: str,
    draws: Floats,
    *,
    window: Window,
    subjects: tuple[str, ...] = ("total",),
    by: str = "total",
    doubts: tuple[Doubt, ...] = (),
    history: History | None = None,
) -> Estimate:
    return Estimate.of_draws(
        f"value.{name}",
        draws,
        subjects=subjects,
        by=by,
        unit="points" if name == "nps" else "share",
        window=window,
        as_of=field.as_of,
        method=METHOD[name],
        grade=Grade.D,
        tables=("feedback",),
        doubts=doubts,
        history=history,
    )
