"""Consent as a history: what was asked, confirmed, withdrawn, by whom and in which words; never a mere flag.

May this address be written to for this purpose? Only what follows from its events says so. An import never
raises a consent; who withdrew comes back only by their own confirmation; what was said to be legal stays.
"""

import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Final

from cmo.measures import Text

ALL: Final = ""
"""The purpose that stands for every one."""
CONFIRM_WITHIN: Final = timedelta(days=30)
"""How long a link of confirmation holds."""
SOFT_BOUNCES: Final = 3
"""Soft bounces in a row after which an address is left alone."""


class Kind(StrEnum):
    """What happened."""

    ASKED = "asked"
    CONFIRMED = "confirmed"
    IMPORTED = "imported"
    WITHDRAWN = "withdrawn"
    SOFT_BOUNCE = "soft_bounce"
    HARD_BOUNCE = "hard_bounce"
    COMPLAINT = "complaint"
    MANUAL = "manual"
    LEGAL = "legal"
    ERASED = "erased"

    @property
    def says(self) -> Text:
        """Its name for people."""
        return _KINDS[self]


_KINDS: Final = {
    Kind.ASKED: Text("asked for", "demandé"),
    Kind.CONFIRMED: Text("confirmed by the person", "confirmé par la personne"),
    Kind.IMPORTED: Text("given elsewhere, imported", "donné ailleurs, importé"),
    Kind.WITHDRAWN: Text("withdrawn", "retiré"),
    Kind.SOFT_BOUNCE: Text("mail came back, may work later", "courriel revenu, à réessayer"),
    Kind.HARD_BOUNCE: Text("address does not exist", "adresse inexistante"),
    Kind.COMPLAINT: Text("reported as unwanted", "signalé comme indésirable"),
    Kind.MANUAL: Text("stopped by us", "arrêté par nous"),
    Kind.LEGAL: Text("forbidden", "interdit"),
    Kind.ERASED: Text("erased on demand", "effacé sur demande"),
}


class State(StrEnum):
    """Where an address stands for a purpose."""

    NONE = "none"
    PENDING = "pending"
    AGREED = "agreed"
    WITHDRAWN = "withdrawn"
    BLOCKED = "blocked"


ENDS: Final = frozenset(
    {
        Kind.WITHDRAWN,
        Kind.HARD_BOUNCE,
        Kind.COMPLAINT,
        Kind.MANUAL,
        Kind.LEGAL,
        Kind.ERASED,
    }
)
"""What is also kept as a hash alone, so that it survives the erasure of everything else."""
GLOBAL: Final = ENDS - {Kind.WITHDRAWN}
"""Ends that hold for every purpose."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened to the consent of an address.

    Attributes:
        kind: What.
        at: When.
        purpose: For which purpose; `ALL` for every one.
        wording: The sentence that the person saw, where they saw one.
        source: Where it came from: a form, a file, a message, a provider.
    """

    kind: Kind
    at: datetime
    purpose: str
    wording: str = ""
    source: str = ""


def state_of(events: Iterable[Event], purpose: str) -> State:
    """Where an address stands for a purpose after these events, in the order in which they were told.

    Args:
        events: Events of the address, of all purposes; what is known of it by its hash alone included.
        purpose: The purpose.
    """
    state, asked, soft, ended, forbidden = State.NONE, None, 0, False, False
    for one in events:
        if one.purpose not in {ALL, purpose}:
            continue
        if one.kind in ENDS:
            forbidden |= one.kind is Kind.LEGAL
            state = State.WITHDRAWN if one.kind is Kind.WITHDRAWN else State.BLOCKED
            asked, ended = None, True
        elif one.kind is Kind.SOFT_BOUNCE:
            soft += 1
        elif one.kind is Kind.ASKED:
            asked = one.at
            state = State.PENDING if state is State.NONE else state
        elif one.kind is Kind.CONFIRMED:
            if asked is not None and timedelta(0) <= one.at - asked <= CONFIRM_WITHIN:
                state, soft, ended = State.AGREED, 0, False
        elif one.kind is Kind.IMPORTED and not ended and state is State.NONE:
            state = State.AGREED
    if forbidden or (state is State.AGREED and soft >= SOFT_BOUNCES):
        return State.BLOCKED
    return state


def may_write(events: Iterable[Event], purpose: str) -> bool:
    """Whether the address may be written to for the purpose."""
    return state_of(events, purpose) is State.AGREED


def normal(address: str) -> str:
    """An address as it is compared: without blanks, in small letters."""
    return address.strip().casefold()


def hashed(address: str, salt: bytes) -> str:
    """What is kept of an address where nothing else may be: a keyed hash, 64 hexadecimal digits."""
    return hmac.new(salt, normal(address).encode(), sha256).hexdigest()
