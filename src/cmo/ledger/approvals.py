"""One engine of approval for every object: whoever asks does not approve, and a change asks anew."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256

from django.db.models import QuerySet
from django.utils import timezone

from cmo.ledger import models
from cmo.ledger.opening import writing
from cmo.measures import Problem


class ApprovalState(StrEnum):
    """How far the approval of an object has come."""

    NONE = "none"
    ASKED = "asked"
    APPROVED = "approved"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """A request for approval and its answer.

    Attributes:
        number: The number under which it is remembered.
        kind: Kind of the object: plan, decision, test, brief …
        key: Which one.
        content: Digest of the object as it was when approval was asked.
        says: What is to be approved, in a sentence.
        asked_by: Who asked.
        asked_at: When.
        state: Asked, approved or refused.
        words: What the approver said.
        answered_by: Who answered, none while nobody has.
        answered_at: When.
    """

    number: int
    kind: str
    key: str
    content: str
    says: str
    asked_by: str
    asked_at: datetime
    state: ApprovalState
    words: str
    answered_by: str | None
    answered_at: datetime | None


def content_of(said: Mapping[str, object]) -> str:
    """The digest of an object's content: whatever changes in it changes the digest."""
    written = json.dumps(said, ensure_ascii=False, sort_keys=True, default=str)
    return sha256(written.encode()).hexdigest()


def ask_approval(kind: str, key: str, *, content: str, says: str, by: str) -> Approval:
    """Ask for approval of an object as it is now.

    Args:
        kind: Kind of the object.
        key: Which one.
        content: Digest of its content, of `content_of`.
        says: What is to be approved, in a sentence.
        by: Who asks.

    Raises:
        Problem: The same content was asked for already.
    """
    with writing():
        last = models.ApprovalRequest.rows.filter(kind=kind, key=key).order_by("-pk").first()
        if last is not None and last.content == content:
            raise Problem(f"approval of this {kind} was asked already, as it is: change it, or wait")
        row = models.ApprovalRequest(
            kind=kind, key=key, content=content, says=says, asked_by=by, asked_at=timezone.now()
        )
        row.save()
    return _approval_of(row)


def answer_approval(number: int, *, approved: bool, words: str, by: str) -> Approval:
    """Approve, or refuse with a reason.

    Args:
        number: Number of the request.
        approved: Whether it may go ahead.
        words: What there is to say; a refusal needs a reason.
        by: Who answers; never who asked.

    Raises:
        Problem: There is no such request, it is answered or overtaken by a later one, its own author
            answers, or a refusal has no reason.
    """
    if not approved and not words.strip():
        raise Problem("a refusal needs a reason: say what would have to change")
    with writing():
        row = models.ApprovalRequest.rows.filter(pk=number).first()
        if row is None:
            raise Problem(f"there is no request for approval {number}")
        if row.asked_by == by:
            raise Problem("whoever asks for an approval does not give it: somebody else must")
        if models.ApprovalAnswer.rows.filter(request=row).exists():
            raise Problem(f"request {number} has its answer already")
        if models.ApprovalRequest.rows.filter(kind=row.kind, key=row.key, pk__gt=row.pk).exists():
            raise Problem(f"request {number} was overtaken by a later one: answer that one")
        models.ApprovalAnswer(
            request=row, approved=approved, words=words.strip(), answered_by=by, answered_at=timezone.now()
        ).save()
    return _approval_of(_asked().get(pk=number))


def state_of(kind: str, key: str, *, content: str) -> ApprovalState:
    """Where the approval of an object stands as it is now; an approval of other content does not count."""
    row = _asked().filter(kind=kind, key=key).order_by("-pk").first()
    if row is None or row.content != content:
        return ApprovalState.NONE
    return _approval_of(row).state


def waiting_approvals() -> tuple[Approval, ...]:
    """Requests that wait for an answer, oldest first; those overtaken by a later one are left out."""
    found: dict[tuple[str, str], Approval] = {}
    for row in _asked().order_by("pk"):
        found[row.kind, row.key] = _approval_of(row)
    waiting = (one for one in found.values() if one.state is ApprovalState.ASKED)
    return tuple(sorted(waiting, key=lambda one: one.number))


def approvals(*, most: int) -> tuple[Approval, ...]:
    """The latest requests with their answers, latest first."""
    return tuple(_approval_of(row) for row in _asked().order_by("-pk")[:most])


def _asked() -> QuerySet[models.ApprovalRequest]:
    return models.ApprovalRequest.rows.select_related("answer")


def _approval_of(row: models.ApprovalRequest) -> Approval:
    answer = getattr(row, "answer", None)
    state = ApprovalState.ASKED
    if answer is not None:
        state = ApprovalState.APPROVED if answer.approved else ApprovalState.REFUSED
    return Approval(
        number=row.pk,
        kind=row.kind,
        key=row.key,
        content=row.content,
        says=row.says,
        asked_by=row.asked_by,
        asked_at=row.asked_at,
        state=state,
        words="" if answer is None else answer.words,
        answered_by=None if answer is None else answer.answered_by,
        answered_at=None if answer is None else answer.answered_at,
    )
