"""The field diary: log a contact, whose turn it is, whom nobody has heard, what was said of beliefs."""

import csv
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any, Final

from cmo.briefs.answers import Answer
from cmo.briefs.field_answers import Voices, contacts_answer, heard_answer, quota_answer
from cmo.customers.segmentation.segments import SEGMENTS
from cmo.ledger.diary import (
    Contact,
    contacts,
    contacts_of,
    erase_contact,
    erase_contacts_of,
    log_contact,
    quotable,
)
from cmo.ledger.strategy import remembered_strategy
from cmo.loop.standing import opened
from cmo.loop.testing import today_of
from cmo.measures import Language, Problem, Text
from cmo.strategy.document import Strategy
from cmo.strategy.part import nearest
from cmo.team.hearing import Met, heard, quotas
from cmo.workspace import Workspace
from cmo.workspace.own import FOLDER

FEEDBACK: Final = "feedback"
_HEAD: Final = ("feedback_id", "at", "text", "source", "language", "customer_id")


def logged(folder: Path, contact: Contact, *, by: str, language: Language | None) -> Answer:
    """Log a contact with a customer.

    Raises:
        Problem: Who spoke is nobody of the team, a belief is none, or the day is to come.
    """
    workspace = opened(folder)
    known = checked(contact, remembered_strategy(), today=today_of(workspace))
    with workspace.writing():
        kept = log_contact(known, by=by)
    return contacts_answer([row_of(kept)], language=language or workspace.config.company.language)


def checked(contact: Contact, strategy: Strategy, *, today: date) -> Contact:
    """A contact whose names are those of the strategy.

    Raises:
        Problem: Who spoke is nobody of the team, a belief is none, or the day is to come.
    """
    team = [one.id for one in strategy.team]
    if team and contact.who not in team:
        raise Problem(f"{contact.who} is nobody of the team: {nearest(contact.who, team)}")
    beliefs = [one.id for one in strategy.beliefs]
    for one in contact.said:
        if one.belief and one.belief not in beliefs:
            known = nearest(one.belief, beliefs) if beliefs else "the strategy holds none"
            raise Problem(f"{one.belief} is no belief of the strategy: {known}")
    if contact.on > today:
        raise Problem(f"{contact.on} is still to come: a contact is logged once it was")
    return replace(contact, language=contact.language[:10])


def listed(folder: Path, *, since: date | None, customer: str | None, language: Language | None) -> Answer:
    """Contacts, the latest first; or all that is kept of one customer."""
    workspace = opened(folder)
    found = contacts(since=since) if customer is None else contacts_of(customer)
    return contacts_answer(
        [row_of(one) for one in found], language=language or workspace.config.company.language
    )


def quota(folder: Path, *, language: Language | None) -> Answer:
    """Contacts of the month by person, executives too."""
    workspace = opened(folder)
    team = remembered_strategy().team
    found = quotas(team, _met(), today=today_of(workspace))
    names = {one.id: one.name for one in team}
    return quota_answer(found, names, language=language or workspace.config.company.language)


def heard_lately(folder: Path, *, language: Language | None) -> Answer:
    """Days since each segment was last heard, and what was said for and against beliefs."""
    workspace = opened(folder)
    found = heard([one.name for one in SEGMENTS], _met(), today=today_of(workspace))
    labels = {one.name: one.label for one in SEGMENTS}
    return heard_answer(found, labels, voices(), language=language or workspace.config.company.language)


def erased(folder: Path, *, customer: str | None, contact: int | None, language: Language | None) -> Answer:
    """Take a customer's words and name out of the diary; that somebody was spoken with stays.

    Raises:
        Problem: Neither or both are said, or there is no such contact.
    """
    workspace = opened(folder)
    if (customer is None) == (contact is None):
        raise Problem("say either which customer (--customer) or which contact (--contact)")
    with workspace.writing():
        n = 1
        if customer is not None:
            n = erase_contacts_of([customer])
        elif contact is not None:
            erase_contact(contact)
        keep_feedback(workspace)
    said = Text(f"Emptied contacts: {n}.", f"Contacts vidés : {n}.")
    return Answer(data={"erased": n}, lines=(said.in_(language or workspace.config.company.language),))


def voices() -> Mapping[str, Voices]:
    """What customers said of each belief, by its id; each contact speaks once."""
    found: dict[str, list[tuple[str, int, str]]] = {}
    for contact in contacts():
        for bears, belief in {(one.bears, one.belief) for one in contact.said if one.belief}:
            found.setdefault(belief, []).append((bears, contact.number, contact.who))
    return {
        belief: Voices(
            speaking_for=sum(bears == "for" for bears, _, _ in said),
            against=sum(bears == "against" for bears, _, _ in said),
            heard_by=len({who for _, _, who in said}),
        )
        for belief, said in sorted(found.items())
    }


def keep_feedback(workspace: Workspace) -> int:
    """Write the words of those who agreed among the sources, for the next review to read as feedback.

    The same diary writes the same file; where nobody agreed there is none.

    Returns:
        How many rows it has.
    """
    rows = quotable()
    path = workspace.folder / FOLDER / f"{FEEDBACK}.csv"
    if not rows:
        path.unlink(missing_ok=True)
        return 0
    written = StringIO()
    table = csv.DictWriter(written, _HEAD, lineterminator="\n")
    table.writeheader()
    table.writerows(rows)
    content = written.getvalue().encode()
    if not path.exists() or path.read_bytes() != content:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_suffix(".new")
        beside.write_bytes(content)
        beside.replace(path)
    return len(rows)


def row_of(one: Contact) -> dict[str, Any]:
    """A contact as a row."""
    return {
        "number": one.number,
        "on": one.on.isoformat(),
        "who": one.who,
        "kind": one.kind,
        "segment": one.segment,
        "channel": one.channel,
        "customer": one.customer,
        "language": one.language,
        "consent": one.consent,
        "note": one.note,
        "said": [{"words": each.words, "belief": each.belief, "bears": each.bears} for each in one.said],
    }


def _met() -> list[Met]:
    return [Met(who=one.who, on=one.on, segment=one.segment) for one in contacts()]
