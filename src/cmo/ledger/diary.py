"""The field diary remembered: who spoke with which customer, and what the customer said. It can be erased."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db.models import QuerySet
from django.utils import timezone

from cmo.ledger import models
from cmo.ledger.opening import writing
from cmo.measures import Problem

KINDS: Final = ("call", "visit", "support", "return", "review")
BEARS: Final = ("for", "against")


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """Words of a customer.

    Attributes:
        words: As they were said.
        belief: Id of the belief that they speak of; empty where none.
        bears: `for` or `against` it; empty where none.
    """

    words: str
    belief: str = ""
    bears: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """That somebody of the company spoke with a customer.

    Attributes:
        on: The day.
        who: Id of who of the company spoke with them.
        kind: Call, visit, support, return or review.
        segment: Segment of the customer; empty where it is not known.
        channel: Where: a shop, a fair, the telephone.
        customer: Id of the customer in the company's data; empty where it is not known or was erased.
        language: Language they spoke.
        consent: Whether they agreed to be quoted and counted as feedback.
        note: What else there is to say.
        said: Their words.
        number: The number under which it is remembered; 0 before.
    """

    on: date
    who: str
    kind: str
    segment: str = ""
    channel: str = ""
    customer: str = ""
    language: str = ""
    consent: bool = False
    note: str = ""
    said: tuple[Said, ...] = ()
    number: int = 0


def log_contact(contact: Contact, *, by: str) -> Contact:
    """Remember a contact.

    Raises:
        Problem: Its kind is none that is known, or words bear on a belief without saying how.
    """
    if contact.kind not in KINDS:
        raise Problem(f"{contact.kind} is no kind of contact: known are {', '.join(KINDS)}")
    for one in contact.said:
        if bool(one.belief) != (one.bears in BEARS):
            raise Problem("words that speak of a belief are for or against it: say which")
        if not one.words.strip():
            raise Problem("a verbatim is empty: write the customer's words")
    with writing():
        row = models.Contact.objects.create(
            on=contact.on,
            who=contact.who,
            kind=contact.kind,
            segment=contact.segment.strip(),
            channel=contact.channel.strip(),
            customer=contact.customer.strip(),
            language=contact.language,
            consent=contact.consent,
            note=contact.note.strip(),
            logged_by=by,
            logged_at=timezone.now(),
        )
        for i, one in enumerate(contact.said):
            models.Verbatim.objects.create(
                contact=row, position=i, words=one.words.strip(), belief=one.belief, bears=one.bears
            )
    return _contact(_rows().get(pk=row.pk))


def contacts(*, since: date | None = None) -> tuple[Contact, ...]:
    """All contacts, the latest first."""
    rows = _rows() if since is None else _rows().filter(on__gte=since)
    return tuple(_contact(row) for row in rows.order_by("-on", "-pk"))


def contacts_of(customer: str) -> tuple[Contact, ...]:
    """What is kept of one customer, to be given to them where they ask for it."""
    return tuple(_contact(row) for row in _rows().filter(customer=customer).order_by("on", "pk"))


def erase_contacts_of(customers: Collection[str]) -> int:
    """Take the words and the name of customers out of the diary; that somebody spoke with someone stays.

    Args:
        customers: Ids of the customer in the company's data.

    Returns:
        How many contacts were emptied.
    """
    names = [one for one in customers if one]
    with writing():
        rows = models.Contact.objects.filter(customer__in=names)
        models.Verbatim.objects.filter(contact__in=rows).delete()
        return rows.update(customer="", note="", consent=False, erased_at=timezone.now())


def erase_contact(number: int) -> None:
    """Take the words and the name out of one contact, where the customer is known by it alone.

    Raises:
        Problem: There is no such contact.
    """
    with writing():
        rows = models.Contact.objects.filter(pk=number)
        if not rows.exists():
            raise Problem(f"there is no contact {number}: cmo field list shows them")
        models.Verbatim.objects.filter(contact__pk=number).delete()
        rows.update(customer="", note="", consent=False, erased_at=timezone.now())


def quotable() -> tuple[Mapping[str, Any], ...]:
    """Words of those who agreed to be counted, as rows of feedback; the same diary gives the same rows."""
    rows = models.Verbatim.objects.filter(contact__consent=True).select_related("contact")
    return tuple(
        {
            "feedback_id": f"field-{row.contact.pk}-{row.position}",
            "at": row.contact.on.isoformat(),
            "text": row.words,
            "source": f"field {row.contact.kind}",
            "language": row.contact.language,
            "customer_id": row.contact.customer,
        }
        for row in rows.order_by("contact__pk", "position")
    )


def digest_of_quotable() -> str:
    """What tells whether the words that count have changed."""
    return repr([(one["feedback_id"], one["text"], one["customer_id"]) for one in quotable()])


def _rows() -> QuerySet[models.Contact]:
    return models.Contact.objects.prefetch_related("verbatims")


def _contact(row: models.Contact) -> Contact:
    said: Sequence[models.Verbatim] = sorted(row.verbatims.all(), key=lambda one: one.position)
    return Contact(
        on=row.on,
        who=row.who,
        kind=row.kind,
        segment=row.segment,
        channel=row.channel,
        customer=row.customer,
        language=row.language,
        consent=row.consent,
        note=row.note,
        said=tuple(Said(words=one.words, belief=one.belief, bears=one.bears) for one in said),
        number=row.pk,
    )
