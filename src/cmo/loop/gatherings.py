"""`cmo events`: events with their guests, what a contact cost, and what is due afterwards."""

from datetime import datetime
from pathlib import Path
from typing import Final

from django.utils import timezone

from cmo.briefs.answers import Answer, Data
from cmo.briefs.voice import Voice
from cmo.communication.consent import Kind
from cmo.communication.gathering import Balance, Gathering, balance, due_after
from cmo.ledger import people
from cmo.ledger.audit import note
from cmo.ledger.consents import note_event, recipient_of
from cmo.ledger.strategy import remembered_strategy
from cmo.ledger.works import Work, keep_work, take_work_step, work, works
from cmo.loop.consenting import wording
from cmo.loop.standing import opened
from cmo.measures import Language, Problem, Text
from cmo.workspace import Document, Workspace, validated

KIND: Final = "event"
OPEN = "open"
_PER_HOUR: Final = 50.0
"""What an hour costs where nobody of the team says."""


def listed(folder: Path, *, language: Language | None) -> Answer:
    """All events with guests, cost, cost per contact and what is due."""
    workspace = opened(folder)
    spoken = language or workspace.config.company.language
    voice, found = Voice(spoken), [(one, Gathering.model_validate(one.content)) for one in works(KIND)]
    head = Text(
        "event|title|day|registered|came|cost|per contact",
        "événement|titre|jour|inscrits|venus|coût|par contact",
    ).in_(spoken)
    body, lines = [], []
    for one, event in found:
        told = balance_of(one.key, event)
        each = "–" if told.per_contact is None else voice.count(round(told.per_contact))
        counts = (str(told.registered), str(told.came), voice.count(round(told.cost)), each)
        body.append((one.key, event.title, event.on.date().isoformat(), *counts))
        lines += _due(event, spoken)
    none = Text("There is no event yet.", "Il n'y a encore aucun événement.").in_(spoken)
    return Answer(
        data={"events": [_data(one.key, event, spoken) for one, event in found]},
        lines=tuple(lines) if found else (none,),
        head=tuple(head.split("|")) if found else (),
        body=tuple(body),
    )


def write(folder: Path, name: str, file: Path, *, by: str, language: Language | None) -> Answer:
    """Keep an event as a file says it, and open its page.

    Raises:
        Problem: The file is not as expected, or the event ends before it begins.
    """
    workspace = opened(folder)
    if not name.replace("-", "").isalnum() or name != name.lower() or len(name) > 60:
        raise Problem(f"{name}: name an event with small letters, digits and -")
    event = validated(Document.read(file), Gathering)
    if event.on.tzinfo is None or event.end.tzinfo is None or event.end <= event.on:
        raise Problem(f"{file}: an event ends after it begins, and both say their zone, as in 18:00+01:00")
    kept = keep_work(KIND, name, event.model_dump(mode="json"), by=by)
    if not kept.state:
        take_work_step(kept, OPEN, by=by)
    note("event", by=by, kind=KIND, key=name)
    spoken = language or workspace.config.company.language
    said = Text(
        f"{event.title} is open at /open/events/{name}/", f"{event.title} est ouvert : /open/events/{name}/"
    )
    return Answer(data=_data(name, event, spoken), lines=(said.in_(spoken),))


def known(name: str) -> tuple[Work, Gathering]:
    """An event.

    Raises:
        Problem: None is called so.
    """
    found = work(KIND, name)
    if found is None:
        raise Problem(f"no event is called {name}; cmo events lists them")
    return found, Gathering.model_validate(found.content)


def register(
    workspace: Workspace, name: str, *, address: str, guest: str, agreed: bool, language: Language
) -> bool:
    """Register a guest; a consent they give is kept with its words, to be confirmed by coming or by mail.

    Args:
        workspace: The company's folder; its ledger is open.
        name: The event.
        address: The guest's address.
        guest: Their name.
        agreed: Whether they ticked the box that nobody ticked for them.
        language: Language of the words they saw.

    Raises:
        Problem: It is over, or full.
    """
    _, event = known(name)
    registered, _, _ = people.attendance(name)
    if event.end < timezone.now():
        raise Problem(Text(f"{event.title} is over", f"{event.title} est passé").in_(language))
    if event.seats is not None and registered >= event.seats:
        raise Problem(Text(f"{event.title} is full", f"{event.title} est complet").in_(language))
    fresh = people.register(name, address, name=guest, agreed=agreed)
    if fresh and agreed:
        words = wording(workspace, "events", language)
        source = f"/open/events/{name}/"
        note_event(recipient_of(address), Kind.ASKED, purpose="events", wording=words, source=source)
    return fresh


def came(folder: Path, name: str, address: str, *, came: bool, by: str, language: Language | None) -> Answer:
    """Write down whether a guest came.

    Raises:
        Problem: There is no such event or guest.
    """
    opened(folder)
    known(name)
    people.came(name, address, came=came)
    note("came", by=by, kind=KIND, key=name)
    return listed(folder, language=language)


def balance_of(name: str, event: Gathering) -> Balance:
    """What an event cost and brought so far."""
    registered, those, agreed = people.attendance(name)
    known_costs = [one.cost_per_hour for one in remembered_strategy().team if one.cost_per_hour is not None]
    per_hour = sum(known_costs) / len(known_costs) if known_costs else _PER_HOUR
    return balance(event, registered=registered, came=those, agreed=agreed, per_hour=per_hour)


def _due(event: Gathering, language: Language) -> list[str]:
    now: datetime = timezone.now()
    return [
        f"{at.date()} {event.title}: {says.in_(language)}" for at, says in due_after(event) if event.end < now
    ]


def _data(name: str, event: Gathering, language: Language) -> Data:
    told = balance_of(name, event)
    return {
        "id": name,
        **event.model_dump(mode="json"),
        "registered": told.registered,
        "came": told.came,
        "agreed": told.agreed,
        "cost": told.cost,
        "cost_per_contact": told.per_contact,
        "follow_up": [
            {"on": at.date().isoformat(), "says": says.in_(language)} for at, says in due_after(event)
        ],
    }
