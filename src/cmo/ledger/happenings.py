"""What has happened since somebody last looked: read from the ledger itself, so that nothing is missed."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final

from django.db.models import F, Max, QuerySet

from cmo.ledger import models
from cmo.ledger.records import Record

MOST: Final = 500
"""Rows of a table that are read at once."""
OVERLAP: Final = 50
"""Rows that are looked at again: a row with a lower number may have been kept a little later."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """Something that happened, once.

    Attributes:
        key: Its name in all time: what happened, and to what.
        kind: What happened, as `verdict.changed`.
        at: When.
        data: What it is about, as plain values.
    """

    key: str
    kind: str
    at: datetime
    data: Mapping[str, Any] = field(default_factory=dict)


KINDS: Final = (
    "review.finished",
    "verdict.changed",
    "challenge.opened",
    "challenge.answered",
    "decision.proposed",
    "decision.challenged",
    "decision.approved",
    "decision.rejected",
    "decision.executed",
    "decision.reviewed",
    "test.designed",
    "test.approved",
    "test.started",
    "test.stopped",
    "test.decided",
    "test.learnt",
    "approval.asked",
    "approval.answered",
)
"""All that can happen."""
_STAGES: Final = MappingProxyType({"running": "started", "analysing": "stopped"})


def last_seen() -> dict[str, int]:
    """How far each table reaches now."""
    return {name: table.rows.aggregate(last=Max("pk"))["last"] or 0 for name, (table, _) in _TABLES.items()}


def happenings(after: Mapping[str, int]) -> tuple[tuple[Happening, ...], dict[str, int]]:
    """What was kept since then, in the order of each table, and how far that reaches.

    The last few before are told again; their keys say that they are the same.

    Args:
        after: How far each table was read, as `last_seen` gives it.
    """
    found: list[Happening] = []
    reached = dict(after)
    for name, (table, tell) in _TABLES.items():
        since = after.get(name, 0)
        fresh = table.rows.filter(pk__gt=since).order_by("pk").values_list("pk", flat=True)[:MOST]
        if last := max(fresh, default=0):
            rows = table.rows.filter(pk__gt=since - OVERLAP, pk__lte=last).order_by("pk")
            found += tell(rows)
            reached[name] = last
    return tuple(found), reached


def _reviews(rows: QuerySet[Any]) -> Iterator[Happening]:
    for row in rows:
        yield _one("review.finished", row.number, row.finished_at, review=row.number)


def _verdicts(rows: QuerySet[Any]) -> Iterator[Happening]:
    for row in (
        rows.exclude(stance_before=None).exclude(stance_before=F("stance_after")).select_related("review")
    ):
        yield _one(
            "verdict.changed",
            f"{row.review.number}:{row.belief}",
            row.review.finished_at,
            belief=row.belief,
            says={"en": row.says_en, "fr": row.says_fr},
            before=row.stance_before,
            after=row.stance_after,
            probability=row.probability_after,
            review=row.review.number,
        )


def _challenges(rows: QuerySet[Any]) -> Iterator[Happening]:
    for row in rows.select_related("verdict__review", "forecast"):
        yield _one(
            "challenge.opened",
            row.pk,
            row.verdict.review.finished_at if row.verdict else _last_review_at(),
            challenge=row.pk,
            belief=row.verdict.belief if row.verdict else None,
            measure=row.forecast.measure if row.forecast else None,
            observation={"en": row.observation_en, "fr": row.observation_fr},
            severity=row.severity,
            due_on=row.due_on.isoformat(),
        )


def _answers(rows: QuerySet[Any]) -> Iterator[Happening]:
    for row in rows:
        number = row.challenge_id
        yield _one(
            "challenge.answered",
            number,
            row.answered_at,
            challenge=number,
            state=row.state,
            by=row.answered_by,
        )


def _proposals(rows: QuerySet[Any]) -> Iterator[Happening]:
    for row in rows:
        yield _one(
            "decision.proposed",
            row.pk,
            row.proposed_at,
            decision=row.pk,
            name=row.key,
            says=row.packet.get("says"),
            by=row.proposed_by,
        )


def _steps(rows: QuerySet[Any]) -> Iterator[Happening]:
    for row in rows:
        kind = f"decision.{row.state}"
        if kind in KINDS:
            yield _one(kind, row.pk, row.taken_at, decision=row.proposal_id, by=row.taken_by)


def _tests(rows: QuerySet[Any]) -> Iterator[Happening]:
    for row in rows:
        kind, ended = f"test.{_STAGES.get(row.stage, row.stage)}", row.conclusion or None
        if kind in KINDS:
            yield _one(kind, row.pk, row.taken_at, test=row.test, by=row.taken_by, conclusion=ended)


def _asked(rows: QuerySet[Any]) -> Iterator[Happening]:
    for row in rows:
        yield _one(
            "approval.asked",
            row.pk,
            row.asked_at,
            approval=row.pk,
            kind=row.kind,
            key=row.key,
            says=row.says,
            by=row.asked_by,
        )


def _approved(rows: QuerySet[Any]) -> Iterator[Happening]:
    for row in rows:
        number = row.request_id
        yield _one(
            "approval.answered",
            number,
            row.answered_at,
            approval=number,
            approved=row.approved,
            by=row.answered_by,
        )


def _one(name: str, key: object, at: datetime, /, **data: object) -> Happening:
    return Happening(key=f"{name}:{key}", kind=name, at=at, data=data)


def _last_review_at() -> datetime:
    return models.Review.rows.order_by("-number").values_list("finished_at", flat=True)[0]


_Tell = Callable[[QuerySet[Any]], Iterator[Happening]]
_TABLES: Final[Mapping[str, tuple[type[Record], _Tell]]] = MappingProxyType(
    {
        "review": (models.Review, _reviews),
        "verdict": (models.Verdict, _verdicts),
        "challenge": (models.Challenge, _challenges),
        "answer": (models.Answer, _answers),
        "proposal": (models.Proposal, _proposals),
        "step": (models.ProposalStep, _steps),
        "test": (models.TestStep, _tests),
        "approval": (models.ApprovalRequest, _asked),
        "approved": (models.ApprovalAnswer, _approved),
    }
)
