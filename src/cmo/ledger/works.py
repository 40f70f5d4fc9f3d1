"""Campaigns, releases and events remembered: each version kept, each step taken once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Max
from django.utils import timezone

from cmo.ledger import models
from cmo.ledger.approvals import content_of
from cmo.ledger.opening import writing
from cmo.measures import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A step in the life of a work.

    Attributes:
        state: What it became.
        version: The version that it was taken with.
        words: What was said with it.
        details: Plain values that belong to it.
        taken_by: By whom.
        taken_at: When.
    """

    state: str
    version: int
    words: str
    details: Mapping[str, Any]
    taken_by: str
    taken_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """A work as it stands.

    Attributes:
        kind: campaign, release or event.
        key: Its name.
        number: The version in force.
        content: What it says, plain values.
        digest: Digest of that, for its approval.
        made_by: Who made this version.
        made_at: When.
        authors: All who ever changed it.
        steps: Its life so far, oldest first.
    """

    kind: str
    key: str
    number: int
    content: Mapping[str, Any]
    digest: str
    made_by: str
    made_at: datetime
    authors: tuple[str, ...]
    steps: tuple[Step, ...]

    @property
    def state(self) -> str:
        """What it last became; empty before its first step."""
        return self.steps[-1].state if self.steps else ""


def keep_work(kind: str, key: str, content: Mapping[str, Any], *, by: str) -> Work:
    """Keep a version; one that says the same as the last is not kept again.

    Args:
        kind: campaign, release or event.
        key: Its name.
        content: What it says.
        by: Who says so.
    """
    digest = content_of(content)
    with writing():
        last = models.WorkVersion.rows.filter(kind=kind, key=key).order_by("-number").first()
        if last is None or last.digest != digest:
            models.WorkVersion(
                kind=kind,
                key=key,
                number=1 if last is None else last.number + 1,
                content=dict(content),
                digest=digest,
                made_by=by,
                made_at=timezone.now(),
            ).save()
    found = work(kind, key)
    if found is None:
        raise RuntimeError(f"{kind} {key} was kept and cannot be found")
    return found


def take_work_step(
    found: Work, state: str, *, by: str, words: str = "", details: Mapping[str, Any] | None = None
) -> Work:
    """Take a work one step further, in the version that was looked at.

    Args:
        found: The work, as it was looked at.
        state: What it becomes.
        by: Who takes the step.
        words: What there is to say.
        details: Plain values that belong to the step.

    Raises:
        Problem: Somebody changed it, or took a step, in between.
    """
    with writing():
        now = work(found.kind, found.key)
        if now is None or now.number != found.number or len(now.steps) != len(found.steps):
            raise Problem(f"{found.key} was changed by somebody else in between: look at it again")
        models.WorkStep(
            kind=found.kind,
            key=found.key,
            position=len(found.steps),
            state=state,
            version=found.number,
            words=words,
            details=dict(details or {}),
            taken_by=by,
            taken_at=timezone.now(),
        ).save()
    after = work(found.kind, found.key)
    if after is None:
        raise RuntimeError(f"{found.kind} {found.key} was there and cannot be found")
    return after


def work(kind: str, key: str) -> Work | None:
    """A work by its name; none where there is none."""
    last = models.WorkVersion.rows.filter(kind=kind, key=key).order_by("-number").first()
    return None if last is None else _work(last)


def works(kind: str) -> tuple[Work, ...]:
    """All works of a kind, the latest first."""
    newest = models.WorkVersion.rows.filter(kind=kind).values("key").annotate(last=Max("pk"))
    rows = models.WorkVersion.rows.filter(pk__in=[one["last"] for one in newest]).order_by("-pk")
    return tuple(_work(row) for row in rows)


def version_of(kind: str, key: str, number: int) -> Mapping[str, Any] | None:
    """What a version said."""
    row = models.WorkVersion.rows.filter(kind=kind, key=key, number=number).first()
    return None if row is None else row.content


def _work(last: models.WorkVersion) -> Work:
    versions = models.WorkVersion.rows.filter(kind=last.kind, key=last.key).order_by("number")
    steps = models.WorkStep.rows.filter(kind=last.kind, key=last.key).order_by("position")
    return Work(
        kind=last.kind,
        key=last.key,
        number=last.number,
        content=last.content,
        digest=last.digest,
        made_by=last.made_by,
        made_at=last.made_at,
        authors=tuple(dict.fromkeys(versions.values_list("made_by", flat=True))),
        steps=tuple(
            Step(
                state=one.state,
                version=one.version,
                words=one.words,
                details=one.details,
                taken_by=one.taken_by,
                taken_at=one.taken_at,
            )
            for one in steps
        ),
    )
