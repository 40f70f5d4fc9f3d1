"""Persons who gave us their address: subscribers, the press, guests of events. All of it can be erased."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import Count, Q
from django.utils import timezone

from cmo.communication.consent import normal
from cmo.ledger import models
from cmo.ledger.consents import recipient_of
from cmo.ledger.opening import writing
from cmo.measures import Problem

PITCHED: Final = ("found", "pitched", "replied", "covered", "declined")
"""How far a story offered to the press is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Somebody whose address we have.

    Attributes:
        recipient: Keyed hash of the address.
        address: The address.
        name: Name, as far as known.
        language: Language they are written to in.
        last_contact_at: When they last turned to us.
    """

    recipient: str
    address: str
    name: str
    language: str
    last_contact_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressed:
    """Somebody of the press.

    Attributes:
        known: Their address and name.
        outlet: Where they write.
        beat: What they write about.
        opted_out: Whether they asked to be left alone.
        pitches: Stories offered, the latest first: release, state, words, address of the article, day.
    """

    known: Known
    outlet: str
    beat: str
    opted_out: bool
    pitches: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Guest:
    """Somebody who registered for an event.

    Attributes:
        recipient: Keyed hash of the address.
        address: The address.
        name: Name.
        agreed: Whether they agreed to be written to afterwards.
        came: Whether they came; none while nobody said.
        at: When they registered.
    """

    recipient: str
    address: str
    name: str
    agreed: bool
    came: bool | None
    at: datetime


def keep_subscriber(address: str, *, name: str, language: str) -> Known:
    """Keep the address of somebody who asked to be written to; the same address is kept once."""
    recipient, now = recipient_of(address), timezone.now()
    with writing():
        row, _ = models.Subscriber.objects.update_or_create(
            recipient=recipient,
            defaults={
                "address": normal(address),
                "name": name[:120],
                "language": language,
                "last_contact_at": now,
            },
            create_defaults={
                "address": normal(address),
                "name": name[:120],
                "language": language,
                "asked_at": now,
                "last_contact_at": now,
            },
        )
    return _known(row, row.last_contact_at)


def subscribers() -> tuple[Known, ...]:
    """Everybody who asked to be written to, whether they confirmed or not."""
    return tuple(_known(row, row.last_contact_at) for row in models.Subscriber.objects.order_by("recipient"))


def touched(recipient: str) -> None:
    """Write down that a person turned to us: a form, a confirmation, a click; never an open."""
    with writing():
        models.Subscriber.objects.filter(recipient=recipient).update(last_contact_at=timezone.now())


def keep_journalist(address: str, *, name: str, outlet: str, beat: str, language: str) -> Known:
    """Keep somebody of the press."""
    recipient = recipient_of(address)
    with writing():
        row, _ = models.Journalist.objects.update_or_create(
            recipient=recipient,
            defaults={
                "address": normal(address),
                "name": name[:120],
                "outlet": outlet[:120],
                "beat": beat[:120],
                "language": language,
            },
            create_defaults={
                "address": normal(address),
                "name": name[:120],
                "outlet": outlet[:120],
                "beat": beat[:120],
                "language": language,
                "made_at": timezone.now(),
            },
        )
    return _known(row, row.last_contact_at)


def opt_out(address: str) -> None:
    """Leave somebody of the press alone from now on.

    Raises:
        Problem: Nobody of that address is known.
    """
    with writing():
        rows = models.Journalist.objects.filter(recipient=recipient_of(address))
        if not rows.update(opted_out_at=timezone.now()):
            raise Problem(f"nobody of the press has the address {address}")


def pitch(address: str, release: str, *, state: str, words: str, url: str, by: str) -> None:
    """Write down how far a story offered to somebody is.

    Args:
        address: Whose.
        release: The release.
        state: found, pitched, replied, covered or declined.
        words: What was said.
        url: Where the article is, once it is covered.
        by: Who says so.

    Raises:
        Problem: Nobody has that address, they want to be left alone, or the state is unknown.
    """
    if state not in PITCHED:
        raise Problem(f"{state} is no state of a pitch; they are {', '.join(PITCHED)}")
    row = models.Journalist.objects.filter(recipient=recipient_of(address)).first()
    if row is None:
        raise Problem(f"nobody of the press has the address {address}: add them with cmo press contact")
    if row.opted_out_at is not None and state == "pitched":
        raise Problem(f"{row.name} asked to be left alone on {row.opted_out_at.date()}: nothing is pitched")
    now = timezone.now()
    with writing():
        models.Pitch(journalist=row, release=release, state=state, words=words, url=url, by=by, at=now).save()
        models.Journalist.objects.filter(pk=row.pk).update(last_contact_at=now)


def press() -> tuple[Pressed, ...]:
    """Everybody of the press with the stories offered to them."""
    rows = models.Journalist.objects.prefetch_related("pitches").order_by("outlet", "name")
    return tuple(
        Pressed(
            known=_known(row, row.last_contact_at),
            outlet=row.outlet,
            beat=row.beat,
            opted_out=row.opted_out_at is not None,
            pitches=tuple(
                {
                    "release": one.release,
                    "state": one.state,
                    "words": one.words,
                    "url": one.url,
                    "on": one.at.date().isoformat(),
                }
                for one in sorted(row.pitches.all(), key=lambda one: one.pk, reverse=True)
            ),
        )
        for row in rows
    )


def register(event: str, address: str, *, name: str, agreed: bool) -> bool:
    """Register somebody for an event, once; whether they were not registered before."""
    recipient = recipient_of(address)
    with writing():
        _, fresh = models.Registration.objects.get_or_create(
            event=event,
            recipient=recipient,
            defaults={
                "address": normal(address),
                "name": name[:120],
                "agreed": agreed,
                "at": timezone.now(),
            },
        )
    return fresh


def guests(event: str) -> tuple[Guest, ...]:
    """Who registered for an event."""
    rows = models.Registration.objects.filter(event=event).order_by("at", "pk")
    return tuple(
        Guest(
            recipient=row.recipient,
            address=row.address,
            name=row.name,
            agreed=row.agreed,
            came=row.came,
            at=row.at,
        )
        for row in rows
    )


def came(event: str, address: str, *, came: bool) -> None:
    """Write down whether a guest came.

    Raises:
        Problem: Nobody registered with that address.
    """
    rows = models.Registration.objects.filter(event=event, recipient=recipient_of(address))
    with writing():
        if not rows.update(came=came):
            raise Problem(f"nobody registered for {event} with the address {address}")


def attendance(event: str) -> tuple[int, int, int]:
    """How many registered for an event, came, and agreed to be written to afterwards."""
    counted = models.Registration.objects.filter(event=event).aggregate(
        n=Count("pk"), came=Count("pk", filter=Q(came=True)), agreed=Count("pk", filter=Q(agreed=True))
    )
    return counted["n"], counted["came"], counted["agreed"]


def _known(row: models.Subscriber | models.Journalist, last: datetime | None) -> Known:
    return Known(
        recipient=row.recipient,
        address=row.address,
        name=row.name,
        language=row.language,
        last_contact_at=last,
    )
