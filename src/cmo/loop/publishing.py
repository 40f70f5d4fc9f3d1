"""Publishing what is not mail: on networks by their own ways, by webhook, by hand with a pack.

Each piece once.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from cmo.briefs.answers import Answer, Data
from cmo.communication import networks
from cmo.communication.campaign import Campaign, Stage, of_mapping
from cmo.communication.channels import CHANNELS, Way
from cmo.communication.facts import filled
from cmo.communication.links import Doors, digest_of, token_of
from cmo.communication.mail import Letter, marketing
from cmo.communication.mailers import Addressee, Draft, There, Tool, draft, people, taken
from cmo.communication.networks import Posted, Request, Words
from cmo.communication.pieces import Piece, values
from cmo.ledger import outbox
from cmo.ledger.approvals import ApprovalState, state_of
from cmo.ledger.audit import note
from cmo.ledger.consents import LINKS, secret
from cmo.ledger.outbox import Message, State, Wanted
from cmo.ledger.works import Work, take_work_step
from cmo.loop.campaign_life import ready
from cmo.loop.campaigns import KIND, known, stage_of
from cmo.loop.clicks import target_of
from cmo.loop.recipients import audience
from cmo.loop.results import keep_results
from cmo.loop.standing import opened
from cmo.loop.transport import Again, http
from cmo.measures import Language, Problem, Text
from cmo.warehouse.credentials import Credentials
from cmo.workspace import Workspace
from cmo.workspace.communication import Account
from cmo.workspace.lock import writing as locked

Sender = Callable[[Words], Posted]


class _No(Exception):  # noqa: N818 - an answer of the other side
    """The other side will not take it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Going:
    """A campaign on its way to the networks.

    Attributes:
        workspace: The company's folder.
        found: The campaign as it is remembered.
        campaign: The same, read.
        doors: Addresses of the office.
    """

    workspace: Workspace
    found: Work
    campaign: Campaign
    doors: Doors


def publish(folder: Path, name: str, *, by: str, language: Language | None) -> Answer:
    """Publish the pieces of a campaign on the networks that have an account in cmo.yaml, each once.

    A piece that was leaving when a run before was killed is sent again under the same key, which the other
    side knows.

    Args:
        folder: The company's folder.
        name: The campaign.
        by: Who publishes.
        language: Language of the answer.

    Raises:
        Problem: It is not approved as it is, its day has not come, or an account is missing.
    """
    workspace = opened(folder)
    spoken = language or workspace.config.company.language
    with locked(workspace.cmo / "outbox.lock"):
        going = _ready(workspace, name, spoken)
        channels = [one for one in going.campaign.channels if CHANNELS[one].way in {Way.NATIVE, Way.WEBHOOK}]
        if not channels:
            raise Problem(
                f"{name} has no piece for a network; cmo campaigns pack {name} is for those by hand"
            )
        senders = {one: _sender(going, one) for one in channels}
        if stage_of(going.found) is Stage.SCHEDULED:
            take_work_step(going.found, Stage.RUNNING.value, by=by)
        for channel, sender in senders.items():
            _put(going, channel)
            emptied(name, channel, partial(_post, going, sender))
        keep_results(workspace)
        _close(name, by=by)
    note("publish", by=by, kind=KIND, key=name, details={"channels": channels})
    return _told(name, channels, spoken)


def emptied(post: str, channel: str, send: Callable[[Message], Posted]) -> int:
    """Send all that waits on a channel whose other side knows repeats; how many were taken.

    Args:
        post: Campaign, release or event.
        channel: Where.
        send: Sends one message; raises `Again` where another try may succeed.
    """
    outbox.taken_up(post, channel, repeatable=True)
    n = 0
    while claimed := outbox.claim(post, channel, most=1):
        message = claimed[0]
        outbox.hand(message)
        try:
            posted = send(message)
        except Again as later:
            outbox.refused(message, str(later), again=True)
            break
        except _No as refusal:
            outbox.refused(message, str(refusal), again=False)
            continue
        outbox.sent(message, external=posted.external, url=posted.url)
        n += 1
    return n


def pack(folder: Path, name: str, *, to: Path, by: str, language: Language | None) -> Answer:
    """Write what a person needs to publish by hand; the address of what they published is pasted back.

    Raises:
        Problem: It is not approved, has no such piece, or the folder cannot be written.
    """
    workspace = opened(folder)
    spoken = language or workspace.config.company.language
    going = _ready(workspace, name, spoken)
    channels = [one for one in going.campaign.channels if CHANNELS[one].way is Way.HAND]
    if not channels:
        raise Problem(f"{name} has no piece that is published by hand")
    written: list[Data] = []
    try:
        to.mkdir(parents=True, exist_ok=True)
        for channel in channels:
            _put(going, channel)
            for message in outbox.messages(name, channel=channel):
                piece = _piece(going, message)
                text = _text(going, piece, message)
                (to / f"{channel}-{piece.arm}.txt").write_text(text + "\n", encoding="utf-8")
                written.append(
                    {
                        "piece": piece.id,
                        "file": str(to / f"{channel}-{piece.arm}.txt"),
                        "text": text,
                        "picture": piece.picture or None,
                        "alt": piece.alt or None,
                        "open": CHANNELS[channel].address,
                    }
                )
        (to / "pack.json").write_text(
            json.dumps(written, ensure_ascii=False, indent=2) + "\n", encoding="utf-8"
        )
    except OSError as error:
        raise Problem(f"{to}: the pack cannot be written there ({error.strerror})") from error
    note("pack", by=by, kind=KIND, key=name)
    said = Text(
        f"{len(written)} pieces in {to}. Once published: cmo campaigns pasted {name} PIECE ADDRESS",
        f"{len(written)} pièces dans {to}. Une fois publiées : cmo campaigns pasted {name} PIÈCE ADRESSE",
    )
    return Answer(data={"campaign": name, "pieces": written}, lines=(said.in_(spoken),))


def pasted(folder: Path, name: str, piece: str, url: str, *, by: str, language: Language | None) -> Answer:
    """Write down where a piece published by hand can be seen.

    Raises:
        Problem: No such piece waits, or the address is none.
    """
    workspace = opened(folder)
    known(name)
    channel, _, arm = piece.partition(":")
    if not url.startswith(("https://", "http://")):
        raise Problem(f"{url[:100]}: an address beginning with https:// was expected")
    outbox.pasted(name, channel, arm, url=url)
    keep_results(workspace)
    note("pasted", by=by, kind=KIND, key=name, details={"piece": piece})
    said = Text(f"{piece} can be seen at {url}.", f"{piece} est visible à {url}.")
    spoken = language or workspace.config.company.language
    return Answer(data={"piece": piece, "url": url}, lines=(said.in_(spoken),))


def hand_over(folder: Path, name: str, tool: str, *, by: str, language: Language | None) -> Answer:
    """Hand an approved campaign and its audience to listmonk, Mautic or Brevo: as a draft, nothing is sent.

    Raises:
        Problem: It is not approved, there is no account or list, or the tool refuses.
    """
    workspace = opened(folder)
    spoken = language or workspace.config.company.language
    found = known(name)
    campaign = of_mapping(found.content)
    if state_of(KIND, name, content=found.digest) is not ApprovalState.APPROVED:
        raise Problem(f"{name} is not approved as it is now: cmo campaigns ask {name}")
    there = _there(workspace, Tool(tool))
    brief, sender = campaign.brief, workspace.config.communication.sender or ""
    found_people = audience(workspace, brief.segment, purpose=brief.purpose, language=spoken).recipients
    those = [
        Addressee(address=one.address, name=one.name.partition(" ")[0], person=one.person)
        for one in found_people.values()
    ]
    for request in people(there, those):
        _ask(there, request)
    drafts = []
    for piece in campaign.on("email"):
        link = target_of(campaign, "email", piece.arm, 1) or brief.link
        blanks = values(brief, link=link)
        letter = Letter(
            subject=filled(piece.title, blanks),
            preheader=filled(piece.preheader, blanks),
            body=filled(piece.body, blanks),
            language=brief.language,
        )
        mail = marketing(letter, to="", sender=sender, token=piece.arm, leave=_LEAVE[there.tool])
        one = Draft(
            name=f"{name} {piece.arm}", subject=mail.subject, page=mail.page, text=mail.text, sender=sender
        )
        _ask(there, draft(there, one))
        drafts.append(one.name)
    note("hand over", by=by, kind=KIND, key=name, details={"tool": tool, "people": len(those)})
    said = Text(
        f"{len(those)} people and {len(drafts)} drafts handed to {tool}; nothing was sent.",
        f"{len(those)} personnes et {len(drafts)} brouillons remis à {tool} ; rien n'a été envoyé.",
    )
    return Answer(
        data={"campaign": name, "tool": tool, "people": len(those), "drafts": drafts},
        lines=(said.in_(spoken),),
    )


_LEAVE: Mapping[Tool, str] = {
    Tool.LISTMONK: "{{ UnsubscribeURL }}",
    Tool.MAUTIC: "{unsubscribe_url}",
    Tool.BREVO: "{{ unsubscribe }}",
}
"""What each tool replaces by its own way out."""


def _ready(workspace: Workspace, name: str, language: Language) -> Going:
    found = ready(workspace, name, stages={Stage.SCHEDULED, Stage.RUNNING, Stage.SENT}, language=language)
    office = workspace.config.communication.office
    if office is None:
        raise Problem(f"{workspace.folder}/cmo.yaml does not say where people reach this office: office:")
    return Going(
        workspace=workspace, found=found, campaign=of_mapping(found.content), doors=Doors(site=office)
    )


def _put(going: Going, channel: str) -> None:
    wanted = [
        Wanted(person="", recipient=one.arm, arm=one.arm, token=digest_of(_token(going, channel, one.arm)))
        for one in going.campaign.on(channel)
    ]
    outbox.put(going.campaign.id, channel, going.found.number, wanted)


def _post(going: Going, sender: Sender, message: Message) -> Posted:
    piece = _piece(going, message)
    return sender(
        Words(
            text=_text(going, piece, message),
            language=going.campaign.brief.language,
            key=digest_of(f"{message.post} {message.channel} {message.version} {message.arm}")[:36],
            made_at=going.found.made_at,
        )
    )


def _sender(going: Going, channel: str) -> Sender:
    """How a piece gets onto a channel.

    Raises:
        Problem: cmo.yaml has no account there, or it does not let us in.
    """
    account = _account(going.workspace, channel)
    if account is None:
        raise Problem(f"cmo.yaml has no account for {channel}: communication: {{accounts: {{{channel}: …}}}}")
    where = going.workspace.document.where(("communication", "accounts", channel))
    key = Credentials.of(going.workspace).resolved(account.secret, where=where)
    if channel == "mastodon":
        return lambda words: networks.mastodon_posted(_answer(networks.mastodon(account.url, key, words)))
    if channel == "bluesky":
        handle = account.user or ""
        try:
            session = json.loads(_answer(networks.bluesky_session(account.url, handle, key)))
        except (_No, Again) as error:
            raise Problem(f"{account.url} does not let {handle} in: {error}") from error
        return lambda words: networks.bluesky_posted(
            _answer(networks.bluesky(account.url, session, words)), handle
        )

    def hook(words: Words) -> Posted:
        said = {"type": "piece.published", "text": words.text, "language": words.language}
        request = networks.webhook(account.url, key, said, key=words.key, at=datetime.now(tz=UTC))
        _answer(request)
        return Posted(external=words.key, url="")

    return hook


def _answer(request: Request) -> bytes:
    """What the other side answers to a request that it took."""
    answered = http(request.method, request.url, headers=request.headers, body=request.body)
    if answered.status in networks.BUSY:
        raise Again(f"{answered.status} from {request.url}")
    if not 200 <= answered.status < 300:
        raise _No(f"{answered.status} {answered.body[:200].decode('utf-8', 'replace')}")
    return answered.body


def _account(workspace: Workspace, name: str) -> Account | None:
    return {str(key): one for key, one in workspace.config.communication.accounts.items()}.get(name)


def _there(workspace: Workspace, tool: Tool) -> There:
    account = _account(workspace, tool.value)
    if account is None or account.list is None:
        raise Problem(f"cmo.yaml has no account with a list for {tool.value} under communication: accounts:")
    where = workspace.document.where(("communication", "accounts", tool.value))
    return There(
        tool=tool,
        url=account.url,
        user=account.user or "",
        secret=Credentials.of(workspace).resolved(account.secret, where=where),
        list=account.list,
    )


def _ask(there: There, request: Request) -> None:
    try:
        answered = http(request.method, request.url, headers=request.headers, body=request.body)
    except Again as error:
        raise Problem(f"{there.tool.value}: {error}; run it again, what was handed over stays so") from error
    if not taken(there.tool, answered.status):
        told = answered.body[:200].decode("utf-8", "replace")
        raise Problem(
            f"{there.tool.value} answered {answered.status} {told}; run it again once that is mended"
        )


def _piece(going: Going, message: Message) -> Piece:
    return next(one for one in going.campaign.on(message.channel) if one.arm == message.arm)


def _text(going: Going, piece: Piece, message: Message) -> str:
    link = going.doors.through(_token(going, message.channel, message.arm), 1)
    return filled(piece.body, values(going.campaign.brief, link=link))


def _token(going: Going, channel: str, arm: str) -> str:
    return token_of(secret(LINKS), going.campaign.id, channel, str(going.found.number), arm)


def _close(name: str, *, by: str) -> None:
    """A campaign without mail is over once its pieces are out."""
    found = known(name)
    waiting = [one for one in outbox.messages(name) if one.state in {State.WAITING, State.HANDED}]
    if stage_of(found) is Stage.RUNNING and not of_mapping(found.content).on("email") and not waiting:
        take_work_step(found, Stage.SENT.value, by=by)


def _told(name: str, channels: list[str], language: Language) -> Answer:
    found = [one for channel in channels for one in outbox.messages(name, channel=channel)]
    lines = [f"{one.channel}:{one.arm} – {one.state.value} {one.url or one.error}".rstrip() for one in found]
    data: Data = {
        "campaign": name,
        "pieces": [
            {
                "piece": f"{one.channel}:{one.arm}",
                "state": one.state.value,
                "url": one.url or None,
                "error": one.error or None,
            }
            for one in found
        ],
    }
    n = sum(one.state is State.SENT for one in found)
    said = Text(f"{n} of {len(found)} pieces are out.", f"{n} pièces sur {len(found)} sont publiées.")
    return Answer(data=data, lines=(said.in_(language), *lines))
