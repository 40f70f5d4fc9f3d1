"""Consents remembered: events by the keyed hash of an address; what ends a consent outlives an erasure."""

import secrets
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db.models import Q
from django.utils import timezone

from cmo.communication.consent import ALL, ENDS, GLOBAL, Event, Kind, State, hashed, may_write, state_of
from cmo.ledger import models
from cmo.ledger.opening import writing

SALT, LINKS = "addresses", "links"
"""Names of the two secrets: what hashes addresses, what makes tokens."""


def secret(name: str) -> bytes:
    """A secret of the ledger's own, made at its first use.

    It lies in the ledger and not beside it: a suppression whose key is lost would let everybody be written
    to.
    """
    row = models.Secret.objects.filter(name=name).first()
    if row is None:
        with writing():
            row, _ = models.Secret.objects.get_or_create(name=name, defaults={"value": secrets.token_hex(32)})
    return bytes.fromhex(row.value)


def recipient_of(address: str) -> str:
    """The keyed hash of an address: all that the ledger of consents knows of it."""
    return hashed(address, secret(SALT))


def note_event(
    recipient: str,
    kind: Kind,
    *,
    purpose: str,
    wording: str = "",
    source: str = "",
    token: str = "",
    at: datetime | None = None,
) -> None:
    """Write down what happened to a consent.

    Args:
        recipient: Keyed hash of the address.
        kind: What happened; what concerns the address itself holds for every purpose.
        purpose: For which purpose.
        wording: The sentence that the person saw.
        source: Where it came from.
        token: Digest of the token that confirms, where something was asked for.
        at: When; now where nobody says.
    """
    with writing():
        models.ConsentEvent(
            recipient=recipient,
            kind=kind.value,
            purpose=ALL if kind in GLOBAL or kind is Kind.SOFT_BOUNCE else purpose,
            wording=wording,
            source=source,
            token=token,
            at=at or timezone.now(),
        ).save()


def history(recipient: str) -> tuple[Event, ...]:
    """What happened to the consent of an address, as it was told."""
    return tuple(
        _event(row) for row in models.ConsentEvent.objects.filter(recipient=recipient).order_by("pk")
    )


def standing(recipient: str, purpose: str) -> State:
    """Where an address stands for a purpose."""
    return state_of(history(recipient), purpose)


def allowed(recipients: Iterable[str], purpose: str, *, told: Mapping[str, Event]) -> frozenset[str]:
    """Those of many who may be written to now.

    What the company's own tables say counts as an import: it is held against what the ledger knows, after it,
    so that it never raises what was ended here.

    Args:
        recipients: Keyed hashes of addresses.
        purpose: The purpose.
        told: Consents that the company's tables tell of, by recipient.
    """
    wanted = set(recipients)
    known: dict[str, list[Event]] = defaultdict(list)
    for row in models.ConsentEvent.objects.order_by("pk").iterator(chunk_size=5000):
        if row.recipient in wanted:
            known[row.recipient].append(_event(row))
    return frozenset(
        one
        for one in wanted
        if may_write([*known.get(one, ()), *([told[one]] if one in told else [])], purpose)
    )


def asked_with(token: str) -> tuple[str, str] | None:
    """Who asked to be confirmed with a token, and for which purpose; none where nobody did.

    Args:
        token: Digest of the token.
    """
    row = models.ConsentEvent.objects.filter(token=token, kind=Kind.ASKED).order_by("-pk").first()
    return None if row is None or not token else (row.recipient, row.purpose)


def forget(recipient: str) -> int:
    """Erase what is known of an address but that it must not be written to. How many events went.

    Words and sources of what stays are emptied: a hash, a kind and a time remain.
    """
    rows = models.ConsentEvent.objects.filter(recipient=recipient)
    with writing():
        gone, _ = rows.exclude(kind__in=[one.value for one in ENDS]).delete()
        rows.update(wording="", source="", token="")
        models.ConsentEvent(
            recipient=recipient, kind=Kind.ERASED.value, purpose=ALL, at=timezone.now()
        ).save()
    return gone


def suppressed() -> int:
    """How many addresses must not be written to, whatever a file says."""
    ends = models.ConsentEvent.objects.filter(Q(kind__in=[one.value for one in ENDS]))
    return ends.values("recipient").distinct().count()


def purposes() -> Mapping[str, Mapping[State, int]]:
    """How many addresses stand where, by purpose."""
    known: dict[str, list[Event]] = defaultdict(list)
    for row in models.ConsentEvent.objects.order_by("pk").iterator(chunk_size=5000):
        known[row.recipient].append(_event(row))
    found: dict[str, dict[State, int]] = {}
    names = sorted({one.purpose for events in known.values() for one in events} - {ALL})
    for name in names:
        for events in known.values():
            if any(one.purpose in {ALL, name} for one in events):
                state = state_of(events, name)
                counted = found.setdefault(name, {})
                counted[state] = counted.get(state, 0) + 1
    return found


def _event(row: models.ConsentEvent) -> Event:
    return Event(kind=Kind(row.kind), at=row.at, purpose=row.purpose, wording=row.wording, source=row.source)
