"""What there is many of: jobs, approvals, people, links, the audit log; page by page, by a cursor."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Annotated, Any, Final, TypeVar

from django.db.models import Model, QuerySet
from pydantic import BaseModel, ConfigDict, Field

from cmo.ledger.approvals import approvals
from cmo.ledger.audit import entries
from cmo.measures import Problem, Text
from cmo.web.acts.working import job_data
from cmo.web.models import Delivery, Event, GuestLink, Job, Subscription, User
from cmo.web.rights import Action

_DEFAULT: Final = 50
_MOST: Final = 200
_FURTHEST: Final = 2**62
Row = TypeVar("Row", bound=Model)


class Page(BaseModel):
    """Which page."""

    model_config = ConfigDict(extra="forbid")

    limit: Annotated[int, Field(description="How many at most.", ge=1, le=_MOST)] = _DEFAULT
    cursor: Annotated[
        str, Field(description="`next` of the page before; empty for the first.", max_length=100)
    ] = ""

    @property
    def after(self) -> int:
        """Where the page before ended.

        Raises:
            Problem: The cursor is none of ours.
        """
        if not self.cursor:
            return 0
        try:
            number = int(urlsafe_b64decode(self.cursor.encode("ascii")))
        except ValueError:
            number = -1
        if not 0 < number < _FURTHEST:
            raise Problem(
                f"cursor {self.cursor[:40]!r} is none that was given: take `next` of the page before"
            )
        return number


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What can be listed, and for whom.

    Attributes:
        says: What it lists.
        asks: The permission it asks.
        rows: `rows(after, most)`: rows as plain values, each with the cursor behind it, latest first.
    """

    says: Text
    asks: Action
    rows: Callable[[int, int], list[tuple[int, dict[str, Any]]]]


def page_of(listing: Listing, page: Page) -> dict[str, Any]:
    """A page, and where the next begins."""
    found = listing.rows(page.after, page.limit + 1)
    more = len(found) > page.limit
    shown = found[: page.limit]
    return {
        "items": [one for _, one in shown],
        "next": urlsafe_b64encode(str(shown[-1][0]).encode()).decode() if more else None,
    }


def _jobs(after: int, most: int) -> list[tuple[int, dict[str, Any]]]:
    found = Job.objects.select_related("asked_by").order_by("-asked_at", "-pk")
    return [(at, job_data(job)) for at, job in enumerate(found[after : after + most], start=after + 1)]


def _approvals(after: int, most: int) -> list[tuple[int, dict[str, Any]]]:
    found = approvals(most=after + most)[after:]
    return [
        (
            at,
            {
                "number": one.number,
                "kind": one.kind,
                "key": one.key,
                "says": one.says,
                "asked_by": one.asked_by,
                "asked_at": one.asked_at.isoformat(),
                "state": one.state.value,
                "words": one.words,
                "answered_by": one.answered_by,
                "answered_at": None if one.answered_at is None else one.answered_at.isoformat(),
            },
        )
        for at, one in enumerate(found, start=after + 1)
    ]


def _audit(after: int, most: int) -> list[tuple[int, dict[str, Any]]]:
    return [
        (
            one.number,
            {
                "number": one.number,
                "at": one.at.isoformat(),
                "by": one.by,
                "action": one.action,
                "kind": one.kind,
                "key": one.key,
                "details": dict(one.details),
            },
        )
        for one in entries(most=most, before=after or None)
    ]


def _people(after: int, most: int) -> list[tuple[int, dict[str, Any]]]:
    return [
        (
            one.pk,
            {
                "number": one.pk,
                "name": one.name,
                "email": one.email,
                "role": one.role,
                "language": one.language,
                "closed": not one.is_active,
            },
        )
        for one in _before(User.objects.all(), after, most)
    ]


def _links(after: int, most: int) -> list[tuple[int, dict[str, Any]]]:
    return [
        (
            one.pk,
            {
                "link": one.pk,
                "audience": one.key,
                "language": one.language,
                "made_by": one.made_by.email,
                "expires_at": one.expires_at.isoformat(),
                "ended": one.ended_at is not None,
                "opened": one.n_opened,
            },
        )
        for one in _before(GuestLink.objects.select_related("made_by"), after, most)
    ]


def _events(after: int, most: int) -> list[tuple[int, dict[str, Any]]]:
    return [
        (one.pk, {"key": one.key, "kind": one.kind, "at": one.at.isoformat(), "data": one.data})
        for one in _before(Event.objects.all(), after, most)
    ]


def _webhooks(after: int, most: int) -> list[tuple[int, dict[str, Any]]]:
    return [
        (
            one.pk,
            {
                "webhook": one.pk,
                "url": one.url,
                "kinds": one.kinds,
                "made_at": one.made_at.isoformat(),
                "ended": one.ended_at is not None,
                "why_ended": one.why_ended,
            },
        )
        for one in _before(Subscription.objects.all(), after, most)
    ]


def _deliveries(after: int, most: int) -> list[tuple[int, dict[str, Any]]]:
    return [
        (
            one.pk,
            {
                "delivery": one.pk,
                "webhook": one.subscription_id,
                "event": one.event.key,
                "state": one.state,
                "tries": one.n_tries,
                "due_at": one.due_at.isoformat(),
                "answered": one.answered,
            },
        )
        for one in _before(Delivery.objects.select_related("event"), after, most)
    ]


def _before(rows: QuerySet[Row], after: int, most: int) -> QuerySet[Row]:
    return (rows.filter(pk__lt=after) if after else rows).order_by("-pk")[:most]


LISTINGS: Final[Mapping[str, Listing]] = MappingProxyType(
    {
        "jobs": Listing(says=Text("Jobs.", "Travaux."), asks=Action.SEE, rows=_jobs),
        "approvals": Listing(
            says=Text("Requests for approval and their answers.", "Demandes d'approbation et réponses."),
            asks=Action.SEE,
            rows=_approvals,
        ),
        "audit": Listing(
            says=Text("The audit log.", "Le journal d'audit."), asks=Action.SEE_AUDIT, rows=_audit
        ),
        "people": Listing(
            says=Text("People of the office.", "Les personnes du bureau."),
            asks=Action.MANAGE_PEOPLE,
            rows=_people,
        ),
        "events": Listing(says=Text("What happened.", "Ce qui s'est passé."), asks=Action.SEE, rows=_events),
        "webhooks": Listing(
            says=Text("Addresses that are told of events.", "Les adresses prévenues d'événements."),
            asks=Action.CONFIGURE,
            rows=_webhooks,
        ),
        "deliveries": Listing(
            says=Text("Messages to them.", "Les messages envoyés."), asks=Action.CONFIGURE, rows=_deliveries
        ),
        "guest_links": Listing(
            says=Text("Links that guests hold.", "Les liens des invités."), asks=Action.SHARE, rows=_links
        ),
    }
)
