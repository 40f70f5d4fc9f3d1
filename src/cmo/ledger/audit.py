"""The audit log: who did what, when. Entries are added, never changed; each seals the one before it."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from django.utils import timezone

from cmo.ledger import models
from cmo.ledger.opening import writing


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the log.

    Attributes:
        number: Its number, from 1, without gaps.
        at: When.
        by: Who, as they sign in.
        action: What they did, in a word or two.
        kind: Kind of the object, empty where there is none.
        key: Which one.
        details: What else is worth keeping, never a secret.
    """

    number: int
    at: datetime
    by: str
    action: str
    kind: str
    key: str
    details: Mapping[str, object]


def note(
    action: str, *, by: str, kind: str = "", key: str = "", details: Mapping[str, object] | None = None
) -> None:
    """Add an entry.

    Args:
        action: What was done, in a word or two.
        by: Who did it.
        kind: Kind of the object.
        key: Which one.
        details: Plain values; no secret, no personal data beyond who acted.

    Raises:
        Problem: The ledger could not be written.
    """
    with writing():
        last = models.AuditEntry.rows.order_by("-number").first()
        entry = models.AuditEntry(
            number=1 if last is None else last.number + 1,
            at=timezone.now(),
            by=by,
            action=action,
            kind=kind,
            key=key,
            details=dict(details or {}),
        )
        entry.digest = _seal(entry, "" if last is None else last.digest)
        entry.save()


def entries(*, most: int, before: int | None = None) -> tuple[Entry, ...]:
    """The latest entries, latest first.

    Args:
        most: How many at most.
        before: Only entries with a smaller number.
    """
    rows = models.AuditEntry.rows.order_by("-number")
    if before is not None:
        rows = rows.filter(number__lt=before)
    return tuple(_entry_of(row) for row in rows[:most])


def broken_at() -> int | None:
    """The number of the first entry that does not follow from those before it; none where all do."""
    before, expected = "", 1
    for row in _rows():
        if row.number != expected or row.digest != _seal(row, before):
            return expected
        before, expected = row.digest, expected + 1
    return None


def _rows() -> Iterator[models.AuditEntry]:
    return models.AuditEntry.rows.order_by("number").iterator()


def _seal(row: models.AuditEntry, before: str) -> str:
    at = row.at.astimezone(UTC).isoformat()
    said = [before, row.number, at, row.by, row.action, row.kind, row.key, row.details]
    return sha256(json.dumps(said, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def _entry_of(row: models.AuditEntry) -> Entry:
    return Entry(
        number=row.number,
        at=row.at,
        by=row.by,
        action=row.action,
        kind=row.kind,
        key=row.key,
        details=row.details,
    )
