"""Who a campaign may be sent to: customers of a segment and subscribers, each held against the consents."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from cmo.communication.consent import Event, Kind, hashed, normal
from cmo.customers.evidence_roll import contacts
from cmo.customers.segmentation.segments import NAMED
from cmo.ledger import people
from cmo.ledger.consents import SALT, allowed, secret
from cmo.loop.roll import kept_roll
from cmo.measures import Language, Problem
from cmo.warehouse.engines import open_field
from cmo.workspace import Workspace

SUBSCRIBERS = "subscribers"
"""The audience of those who subscribed with us, beside the segments of customers."""
_TOLD = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """Somebody who may be written to.

    Attributes:
        person: As the company's tables call them; for a subscriber, `subscriber:` and part of the hash.
        recipient: Keyed hash of the address.
        address: The address.
        name: Their name, as far as known.
    """

    person: str
    recipient: str
    address: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """Who may be written to, and how many were left out.

    Attributes:
        recipients: Those who may, by recipient, in the order of their hashes: an order that says nothing of
            them.
        without_address: Customers of the segment whose address is not known.
        without_consent: Those who never agreed, withdrew, or must not be written to.
    """

    recipients: Mapping[str, Recipient]
    without_address: int
    without_consent: int


def audience(workspace: Workspace, segment: str, *, purpose: str, language: Language) -> Audience:
    """Everybody of a segment who may be written to for a purpose, now.

    Args:
        workspace: The company's folder; its ledger is open.
        segment: A segment of customers, `subscribers`, or empty for all of both.
        purpose: What they must have agreed to.
        language: Language of the errors.

    Raises:
        Problem: No segment is called so, or nothing was reviewed yet.
    """
    if segment and segment != SUBSCRIBERS and segment not in NAMED:
        raise Problem(
            f"no segment is called {segment}; the segments are {', '.join((*NAMED, SUBSCRIBERS))}; "
            "leave it out for everybody"
        )
    found: dict[str, Recipient] = {}
    told: dict[str, Event] = {}
    missing = 0
    if segment != SUBSCRIBERS:
        missing = _customers(workspace, segment, found=found, told=told, language=language)
    if segment in {"", SUBSCRIBERS}:
        for one in people.subscribers():
            person = f"subscriber:{one.recipient[:12]}"
            found.setdefault(
                one.recipient,
                Recipient(person=person, recipient=one.recipient, address=one.address, name=one.name),
            )
    may = allowed(found, purpose, told=told)
    kept = {key: found[key] for key in sorted(may)}
    return Audience(recipients=kept, without_address=missing, without_consent=len(found) - len(kept))


def _customers(
    workspace: Workspace,
    segment: str,
    *,
    found: dict[str, Recipient],
    told: dict[str, Event],
    language: Language,
) -> int:
    """Add the customers of a segment; how many have no address."""
    rows = contacts(open_field(workspace), personal=True)
    if rows is None or "email" not in rows.column_names:
        return 0
    wanted = None
    if segment:
        held = kept_roll(workspace, language).table(("customer_id",), segment=segment)
        wanted = {str(one) for one in held["customer_id"].to_pylist()}
    salt, missing, gone = secret(SALT), 0, set[str]()
    for row in rows.select([name for name in rows.column_names if name != "country"]).to_pylist():
        if wanted is not None and row["customer_id"] not in wanted:
            continue
        address = normal(str(row["email"] or ""))
        if "@" not in address:
            missing += 1
            continue
        key = hashed(address, salt)
        if row["withdrawn"]:  # in one record is in all: the address is one person's
            gone.add(key)
        if row["agreed"]:
            told[key] = Event(kind=Kind.IMPORTED, at=_TOLD, purpose="", source="customers")
        found.setdefault(
            key,
            Recipient(
                person=row["customer_id"], recipient=key, address=address, name=str(row.get("name") or "")
            ),
        )
    for key in gone:
        told.pop(key, None)
    return missing
