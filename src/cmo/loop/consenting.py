"""Consents given, confirmed, withdrawn; what came back.

Each is an event of the ledger with its words and source.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

from django.utils import timezone

from cmo.briefs.answers import Answer, Data
from cmo.communication.campaign import of_mapping
from cmo.communication.consent import Kind, State
from cmo.communication.links import Doors, digest_of, token_of
from cmo.communication.mail import Letter, plain
from cmo.communication.returned import Returned, returned_of
from cmo.ledger import outbox, people
from cmo.ledger.audit import note
from cmo.ledger.consents import (
    LINKS,
    asked_with,
    history,
    note_event,
    purposes,
    recipient_of,
    secret,
    standing,
    suppressed,
)
from cmo.ledger.works import version_of
from cmo.loop.standing import opened
from cmo.loop.transport import Post, post_of
from cmo.measures import Language, Problem, Text
from cmo.workspace import Workspace

NEWSLETTER: Final = "newsletter"
PURPOSES: Final = {
    NEWSLETTER: Text(
        "our letter: news and offers, at most twice a month",
        "notre lettre : nouveautés et offres, deux fois par mois au plus",
    ),
    "events": Text("invitations to events", "invitations à des événements"),
}
"""Purposes that one may agree to here, in the words that are shown."""
BETWEEN: Final = timedelta(minutes=10)
"""Time within which the same address gets no second mail to confirm."""
_WORDING: Final = Text(
    "I agree to receive {purpose} from {company} by e-mail. I can withdraw at any time with one click.",
    "J'accepte de recevoir de {company} par e-mail {purpose}. Je peux me retirer à tout moment en un clic.",
)
_SUBJECT: Final = Text("Please confirm: {purpose}", "Merci de confirmer : {purpose}")
_BODY: Final = Text(
    "Hello,\n\nsomebody, probably you, asked {company} for {purpose}.\n\nTo confirm, open this page "
    "and press the "
    "button: {link}\n\nIf it was not you, do nothing: you will not hear from us.\n\n{company}",
    "Bonjour,\n\nquelqu'un, sans doute vous, a demandé à {company} : {purpose}.\n\nPour confirmer, "
    "ouvrez cette page "
    "et appuyez sur le bouton : {link}\n\nSi ce n'était pas vous, ne faites rien : nous ne vous écrirons pas."
    "\n\n{company}",
)


def wording(workspace: Workspace, purpose: str, language: Language) -> str:
    """The sentence that somebody agrees to, as it is shown.

    Raises:
        Problem: There is no such purpose.
    """
    if purpose not in PURPOSES:
        raise Problem(f"{purpose} is no purpose one can agree to here; they are {', '.join(PURPOSES)}")
    said = _WORDING.in_(language)
    return said.format(purpose=PURPOSES[purpose].in_(language), company=workspace.config.company.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """Somebody who asks to be written to.

    Attributes:
        address: Their address.
        name: Their name, where they gave one.
        purpose: What they ask for.
        source: The form: its address, or who typed it in.
    """

    address: str
    purpose: str
    source: str
    name: str = ""


def ask(workspace: Workspace, asking: Asking, *, language: Language, post: Post | None = None) -> None:
    """Keep that somebody asked, and send the mail with which they confirm; until then nothing else is sent.

    The same is answered whether the address is known or not, so that the form tells nobody who subscribed.
    Whoever asks again within minutes gets no second mail: the form must not be a way to fill somebody's
    mailbox.

    Args:
        workspace: The company's folder; its ledger is open.
        asking: Who asks, and for what.
        language: Language of the mail.
        post: The way by which mail leaves; that of cmo.yaml where none is given.

    Raises:
        Problem: The address is none, or mail cannot leave.
    """
    said = workspace.config.communication
    words = wording(workspace, asking.purpose, language)
    if asking.address.count("@") != 1 or asking.address.strip().rpartition("@")[2].count(".") < 1:
        raise Problem(f"{asking.address[:100]} is no e-mail address")
    if said.sender is None or said.office is None:
        raise Problem("cmo.yaml does not say who writes and where this office is reached (communication:)")
    instant = timezone.now()
    if any(
        one.kind is Kind.ASKED and instant - one.at < BETWEEN for one in history(recipient_of(asking.address))
    ):
        return
    known = people.keep_subscriber(asking.address, name=asking.name, language=language)
    token = token_of(secret(LINKS), "confirm", known.recipient, asking.purpose, instant.isoformat())
    note_event(
        known.recipient,
        Kind.ASKED,
        purpose=asking.purpose,
        wording=words,
        source=asking.source,
        token=digest_of(token),
        at=instant,
    )
    blanks = {
        "purpose": PURPOSES[asking.purpose].in_(language),
        "company": workspace.config.company.name,
        "link": Doors(site=said.office).confirm(token),
    }
    letter = Letter(
        subject=_SUBJECT.in_(language).format(**blanks),
        preheader="",
        body=_BODY.in_(language).format(**blanks),
        language=language,
    )
    way = post or post_of(workspace)
    try:
        way.send(plain(letter, to=known.address, sender=said.sender, token=token), handing=lambda: None)
    finally:
        way.close()


def confirm(token: str) -> bool:
    """Confirm what somebody asked for; whether there was such a request. Done twice, it is the same."""
    found = asked_with(digest_of(token))
    if found is None:
        return False
    recipient, purpose = found
    if standing(recipient, purpose) is not State.AGREED:
        note_event(recipient, Kind.CONFIRMED, purpose=purpose, source="confirmation page")
        people.touched(recipient)
    return standing(recipient, purpose) is State.AGREED


def confirmable(token: str) -> str | None:
    """What somebody would confirm with a token: its purpose; none where there is nothing to confirm."""
    found = asked_with(digest_of(token))
    return None if found is None else found[1]


def leave(token: str, *, source: str) -> bool:
    """Unsubscribe whoever received a message, at once; whether there is such a message. Twice is the same."""
    message = outbox.by_token(digest_of(token))
    if message is None:
        return False
    said = version_of("campaign", message.post, message.version)
    purpose = NEWSLETTER if said is None else of_mapping(said).brief.purpose
    if standing(message.recipient, purpose) not in {State.WITHDRAWN, State.BLOCKED}:
        note_event(message.recipient, Kind.WITHDRAWN, purpose=purpose, source=source)
        people.touched(message.recipient)
    return True


def received(token: str) -> bool:
    """Whether there is a message of that token."""
    return outbox.by_token(digest_of(token)) is not None


def withdraw(folder: Path, address: str, *, why: Kind, by: str, language: Language | None) -> Answer:
    """Write down that an address must not be written to any more.

    Args:
        folder: The company's folder.
        address: The address.
        why: Withdrawn, by hand, or by law.
        by: Who writes it down.
        language: Language of the answer.

    Raises:
        Problem: It is no address.
    """
    workspace = opened(folder)
    if "@" not in address:
        raise Problem(f"{address}: an e-mail address was expected")
    recipient = recipient_of(address)
    note_event(recipient, why, purpose=NEWSLETTER if why is Kind.WITHDRAWN else "", source=f"by {by}")
    note("suppress", by=by, kind="consent", key=recipient[:12], details={"why": why.value})
    said = Text("This address is not written to any more.", "On n'écrit plus à cette adresse.")
    spoken = language or workspace.config.company.language
    return Answer(data={"recipient": recipient, "why": why.value}, lines=(said.in_(spoken),))


def taken_back(folder: Path, files: Iterable[Path], *, by: str, language: Language | None) -> Answer:
    """Read mail that came back: bounces and complaints become events of the ledger.

    Args:
        folder: The company's folder.
        files: Messages as files (.eml), or folders of them.
        by: Who reads them.
        language: Language of the answer.

    Raises:
        Problem: A file cannot be read.
    """
    workspace = opened(folder)
    paths = sorted({one for path in files for one in (path.rglob("*") if path.is_dir() else (path,))})
    counted: dict[Kind, int] = {}
    n_read = 0
    for path in paths:
        if path.is_dir():
            continue
        try:
            raw = path.read_bytes()
        except OSError as error:
            raise Problem(f"{path}: this file cannot be read ({error.strerror})") from error
        n_read += 1
        for one in returned_of(raw):
            if came_back(one):
                counted[one.kind] = counted.get(one.kind, 0) + 1
    note("bounces", by=by, kind="consent", details={kind.value: n for kind, n in counted.items()})
    spoken = language or workspace.config.company.language
    lines = [
        Text(f"{n_read} files read.", f"{n_read} fichiers lus.").in_(spoken),
        *(f"{kind.says.in_(spoken)}: {n}" for kind, n in counted.items()),
    ]
    data: Data = {"files": n_read, **{kind.value: counted.get(kind, 0) for kind in _RETURNED}}
    return Answer(data=data, lines=tuple(lines))


def came_back(one: Returned) -> bool:
    """Write down a bounce or a complaint, once for each message; whether it was new.

    What is said of an address is believed for that address alone; the message it names is looked up by its
    token.
    """
    recipient = recipient_of(one.address)
    token = one.message_id.strip("<> ").partition("@")[0]
    message = outbox.by_token(digest_of(token)) if token else None
    if message is not None:
        recipient = message.recipient
    source = f"{one.kind.value} {one.status} {one.message_id}".strip()[:200]
    if already_told(recipient, source):
        return False
    purpose = NEWSLETTER if one.kind is Kind.WITHDRAWN else ""
    note_event(recipient, one.kind, purpose=purpose, source=source)
    return True


def already_told(recipient: str, source: str) -> bool:
    """Whether the ledger has this event already: reports are read again without harm."""
    return any(one.source == source for one in history(recipient))


def counted(folder: Path, *, language: Language | None) -> Answer:
    """How many addresses stand where, by purpose; and how many must not be written to."""
    workspace = opened(folder)
    spoken = language or workspace.config.company.language
    found = purposes()
    head = Text(
        "purpose|agreed|to confirm|withdrawn|blocked", "finalité|d'accord|à confirmer|retirés|bloqués"
    )
    order = (State.AGREED, State.PENDING, State.WITHDRAWN, State.BLOCKED)
    body = tuple((name, *(str(one.get(state, 0)) for state in order)) for name, one in found.items())
    n = suppressed()
    says = Text(f"{n} addresses must not be written to.", f"{n} adresses auxquelles on n'écrit plus.")
    data = {
        "purposes": {name: {state.value: m for state, m in one.items()} for name, one in found.items()},
        "suppressed": n,
    }
    return Answer(
        data=data,
        lines=(says.in_(spoken),),
        head=tuple(head.in_(spoken).split("|")) if body else (),
        body=body,
    )


_RETURNED: Final = (Kind.SOFT_BOUNCE, Kind.HARD_BOUNCE, Kind.COMPLAINT)
