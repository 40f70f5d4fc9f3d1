"""Reviews remembered: each whole in one transaction, its evidence, verdicts and challenges with it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from django.utils import timezone

from cmo.ledger import challenges, estimates, models
from cmo.ledger.opening import writing
from cmo.ledger.verdicts import row_of
from cmo.measures import Estimate, Text, Unanswered, Window
from cmo.strategy.challenge import must_be_answered, opened_by
from cmo.strategy.evidence import Evidence
from cmo.strategy.verdict import Verdict

TIME_TO_ANSWER: Final = timedelta(days=14)

_Found = tuple[Window | None, Estimate | Unanswered]


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """How a review was made: enough to make it again.

    Attributes:
        started_at: When it began, with its time zone.
        fingerprint: Digest of all that went in: data, company, strategy, version of the models.
        seed: Seed of its random draws.
        engine: Where the counting was done, `duckdb` or an address.
        version: Version of cmo.
    """

    started_at: datetime
    fingerprint: str
    seed: int
    engine: str
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Stakes:
    """Money that rests on beliefs.

    Attributes:
        money: By id of the belief, where some is known to.
        budget: Money of the plan; none without one.
    """

    money: Mapping[str, float] = field(default_factory=dict)
    budget: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """A review that is remembered.

    Attributes:
        number: Its number in this ledger, from 1.
        run: How it was made.
        finished_at: When it was remembered.
    """

    number: int
    run: Run
    finished_at: datetime


def remember_review(
    run: Run,
    *,
    evidence: Evidence,
    verdicts: Iterable[Verdict],
    stakes: Stakes | None = None,
    time_to_answer: timedelta = TIME_TO_ANSWER,
) -> Review:
    """Keep a review, whole or not at all, and open the challenges that its verdicts call for.

    Args:
        run: How it was made.
        evidence: All that was found, over the whole field and over the windows that claims ask for.
        verdicts: One for each belief, judged on that evidence.
        stakes: Money that rests on the beliefs.
        time_to_answer: How long the holders of beliefs have to answer a challenge.

    Returns:
        The review with its number.

    Raises:
        Problem: The ledger could not be written; it then is as it was before.
    """
    with writing():
        review = models.Review(
            number=1 + _last_number(),
            started_at=run.started_at,
            finished_at=timezone.now(),
            fingerprint=run.fingerprint,
            seed=run.seed,
            engine=run.engine,
            version=run.version,
        )
        review.save()
        found = list(_all_of(evidence))
        known = [one for _, one in found if isinstance(one, Estimate)]
        rows = {id(one): row for one, row in zip(known, estimates.remember(known), strict=True)}
        models.Finding.rows.bulk_create(_findings(review, found, rows))
        due_on = (review.finished_at + time_to_answer).date()
        for position, verdict in enumerate(verdicts):
            bearing = None if verdict.claim is None else evidence.bearing_on(verdict.claim)
            row = row_of(verdict, review, position=position, evidence=rows.get(id(bearing)))
            row.save()
            if must_be_answered(verdict):
                told = Stakes() if stakes is None else stakes
                opened = opened_by(verdict, gap=told.money.get(verdict.belief), budget=told.budget)
                challenges.open_for(verdict, row, opened=opened, due_on=due_on)
    return _review_of(review)


def last_review() -> Review | None:
    """The latest review; none before the first."""
    row = models.Review.rows.order_by("-number").first()
    return None if row is None else _review_of(row)


def review_before(review: Review) -> Review | None:
    """The review that came before another; none before the first."""
    row = models.Review.rows.filter(number__lt=review.number).order_by("-number").first()
    return None if row is None else _review_of(row)


def remembered_evidence(measure: str | None = None) -> Evidence:
    """What the last review found: of one measure, or of all."""
    rows = models.Finding.rows.filter(review__number=_last_number()).select_related("evidence__history")
    if measure is not None:
        rows = rows.filter(measure=measure)
    found: dict[Window | None, list[Estimate | Unanswered]] = {None: []}
    for row in rows.order_by("position"):
        found.setdefault(_during(row), []).append(_found(row))
    whole = _evidence_of(found.pop(None))
    return replace(whole, during={window: _evidence_of(inside) for window, inside in found.items() if window})


def _found(row: models.Finding) -> Estimate | Unanswered:
    if row.evidence is not None:
        return estimates.estimate_of(row.evidence)
    reason = Text(row.withheld_en, row.withheld_fr)
    return Unanswered(measure=row.measure, reason=reason, unlock=tuple(row.unlock))


def _evidence_of(found: Iterable[Estimate | Unanswered]) -> Evidence:
    known, gaps = [], []
    for one in found:
        if isinstance(one, Estimate):
            known.append(one)
        else:
            gaps.append(one)
    return Evidence(estimates=tuple(known), unanswered=tuple(gaps))


def _last_number() -> int:
    return models.Review.rows.order_by("-number").values_list("number", flat=True).first() or 0


def _review_of(row: models.Review) -> Review:
    run = Run(
        started_at=row.started_at,
        fingerprint=row.fingerprint,
        seed=row.seed,
        engine=row.engine,
        version=row.version,
    )
    return Review(number=row.number, run=run, finished_at=row.finished_at)


def _all_of(evidence: Evidence) -> Iterator[_Found]:
    parts: list[tuple[Window | None, Evidence]] = [(None, evidence), *evidence.during.items()]
    for window, part in parts:
        yield from ((window, estimate) for estimate in part.estimates)
        yield from ((window, gap) for gap in part.unanswered)


def _findings(
    review: models.Review, found: Iterable[_Found], rows: Mapping[int, models.Evidence]
) -> Iterator[models.Finding]:
    for position, (window, one) in enumerate(found):
        finding = models.Finding(review=review, position=position, measure=one.measure)
        if window is not None:
            finding.during_start, finding.during_end = window.start, window.end
        if isinstance(one, Estimate):
            finding.evidence = rows[id(one)]
        else:
            finding.withheld_en, finding.withheld_fr = one.reason.en, one.reason.fr
            finding.unlock = list(one.unlock)
        yield finding


def _during(row: models.Finding) -> Window | None:
    if row.during_start is None or row.during_end is None:
        return None
    return Window(start=row.during_start, end=row.during_end)
