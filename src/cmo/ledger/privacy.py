"""What the ledger knows of a person: told, erased, and forgotten in time.

And the register of what it is for.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final

from django.apps import apps
from django.db.models import Q

from cmo.ledger import models
from cmo.ledger.consents import forget
from cmo.ledger.opening import writing
from cmo.measures import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Processing:
    """Why a table of persons is kept, as the register of processing asks (article 30 RGPD).

    Attributes:
        purpose: What for.
        persons: Of whom.
        basis: On which ground.
        keeps: For how long.
    """

    purpose: Text
    persons: Text
    basis: Text
    keeps: Text


_CONSENT: Final = Text("consent (art. 6.1.a)", "consentement (art. 6.1.a)")
_INTEREST: Final = Text("legitimate interest (art. 6.1.f)", "intérêt légitime (art. 6.1.f)")
_DUTY: Final = Text("legal obligation (art. 6.1.c)", "obligation légale (art. 6.1.c)")
_READERS: Final = Text("customers and subscribers", "clients et abonnés")
PROCESSINGS: Final[Mapping[str, Processing]] = MappingProxyType(
    {
        "Outgoing": Processing(
            purpose=Text(
                "send each message once and know what it brought",
                "envoyer chaque message une seule fois et savoir ce qu'il a apporté",
            ),
            persons=_READERS,
            basis=_CONSENT,
            keeps=Text(
                "three years after sending; then without person",
                "trois ans après l'envoi ; ensuite sans personne",
            ),
        ),
        "Click": Processing(
            purpose=Text(
                "measure links followed; opens are not tracked",
                "mesurer les liens suivis ; les ouvertures ne sont pas suivies",
            ),
            persons=_READERS,
            basis=_CONSENT,
            keeps=Text("twenty-five months", "vingt-cinq mois"),
        ),
        "ConsentEvent": Processing(
            purpose=Text(
                "prove consents, respect withdrawals", "prouver les consentements, respecter les retraits"
            ),
            persons=_READERS,
            basis=_DUTY,
            keeps=Text(
                "hash of the address, as long as a withdrawal must be respected",
                "empreinte de l'adresse, tant que le retrait doit être respecté",
            ),
        ),
        "Subscriber": Processing(
            purpose=Text("write to those who asked for it", "écrire à qui l'a demandé"),
            persons=Text("subscribers", "abonnés"),
            basis=_CONSENT,
            keeps=Text(
                "three years after the last contact by the person; thirty days unconfirmed",
                "trois ans après le dernier contact de la personne ; trente jours sans confirmation",
            ),
        ),
        "Journalist": Processing(
            purpose=Text("offer stories to the press", "proposer des sujets à la presse"),
            persons=Text("journalists", "journalistes"),
            basis=_INTEREST,
            keeps=Text("three years after the last contact", "trois ans après le dernier contact"),
        ),
        "Pitch": Processing(
            purpose=Text("know which story was offered to whom", "savoir quel sujet a été proposé à qui"),
            persons=Text("journalists", "journalistes"),
            basis=_INTEREST,
            keeps=Text("with the journalist", "avec le journaliste"),
        ),
        "Registration": Processing(
            purpose=Text("hold events", "tenir des événements"),
            persons=Text("guests", "invités"),
            basis=Text("contract (art. 6.1.b)", "contrat (art. 6.1.b)"),
            keeps=Text("one year after registering", "un an après l'inscription"),
        ),
    }
)
"""Why each table of persons is kept. A table that is neither here nor a record of judgement fails a test."""


def tables_of_persons() -> Sequence[tuple[str, tuple[str, ...], Processing]]:
    """Every table of persons with its columns as the models have them, and why it is kept."""
    found = []
    for model in apps.get_app_config("ledger").get_models():
        why = PROCESSINGS.get(model.__name__)
        if why is not None:
            fields = model._meta.get_fields()  # noqa: SLF001 - Django's documented way to a model's columns
            columns = tuple(one.name for one in fields if one.concrete and one.name != "id")
            found.append((model.__name__, columns, why))
    return found


def known_of(recipient: str, references: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
    """All that the ledger knows of a person, by table.

    Args:
        recipient: Keyed hash of their address; empty where none is known.
        references: What the company's tables call them.
    """
    mine = Q(recipient=recipient) if recipient else Q(pk=-1)
    outgoing = models.Outgoing.objects.filter(mine | Q(person__in=list(references)))
    rows = {
        "messages": outgoing.values("post", "channel", "arm", "state", "made_at", "sent_at"),
        "clicks": models.Click.objects.filter(outgoing__in=outgoing).values("outgoing__post", "at", "robot"),
        "consents": models.ConsentEvent.objects.filter(mine).values(
            "kind", "purpose", "wording", "source", "at"
        ),
        "subscriber": models.Subscriber.objects.filter(mine).values(
            "address", "name", "language", "asked_at", "last_contact_at"
        ),
        "press": models.Journalist.objects.filter(mine).values("address", "name", "outlet", "beat"),
        "pitches": models.Pitch.objects.filter(journalist__recipient=recipient).values(
            "release", "state", "words", "at"
        ),
        "registrations": models.Registration.objects.filter(mine).values(
            "event", "address", "name", "agreed", "came", "at"
        ),
    }
    return {name: [dict(row) for row in found] for name, found in rows.items() if found}


def erase(recipient: str, references: Sequence[str]) -> dict[str, int]:
    """Erase a person from the ledger: messages stay without person, consents as hashes of what was ended.

    Args:
        recipient: Keyed hash of their address; empty where none is known.
        references: What the company's tables call them.
    """
    mine = Q(recipient=recipient) if recipient else Q(pk=-1)
    with writing():
        outgoing = models.Outgoing.objects.filter(mine | Q(person__in=list(references)))
        hashes = {recipient, *outgoing.values_list("recipient", flat=True)} - {""}
        waiting = outgoing.filter(state="waiting").update(state="skipped", error="erased")
        found = {
            "messages": outgoing.update(person=""),
            "stopped": waiting,
            "subscribers": models.Subscriber.objects.filter(mine).delete()[0],
            "press": models.Journalist.objects.filter(mine).delete()[0],
            "registrations": models.Registration.objects.filter(mine).delete()[0],
        }
        found["consents"] = sum(forget(one) for one in sorted(hashes))
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Ends:
    """Instants before which things are forgotten.

    Attributes:
        people: Last contact by the person.
        unconfirmed: When somebody asked and never confirmed.
        clicks: Links followed.
        messages: Messages sent.
        registrations: Registrations for events.
    """

    people: datetime
    unconfirmed: datetime
    clicks: datetime
    messages: datetime
    registrations: datetime


def overdue(ends: Ends, *, confirmed: frozenset[str], apply: bool) -> dict[str, int]:
    """How much has been kept for too long; forgotten, where that is asked.

    Args:
        ends: The instants.
        confirmed: Recipients who agreed; others are forgotten sooner.
        apply: Whether to forget.
    """
    late = models.Subscriber.objects.filter(
        Q(last_contact_at__lt=ends.people)
        | (Q(asked_at__lt=ends.unconfirmed) & ~Q(recipient__in=list(confirmed)))
    )
    rows = {
        "subscribers": late,
        "press": models.Journalist.objects.filter(
            Q(last_contact_at__lt=ends.people) | Q(last_contact_at=None, made_at__lt=ends.people)
        ),
        "clicks": models.Click.objects.filter(at__lt=ends.clicks),
        "registrations": models.Registration.objects.filter(at__lt=ends.registrations),
    }
    messages = models.Outgoing.objects.filter(made_at__lt=ends.messages).exclude(person="")
    found = {name: one.count() for name, one in rows.items()} | {"messages": messages.count()}
    if apply:
        with writing():
            for one in rows.values():
                one.delete()
            messages.update(person="")
    return found
