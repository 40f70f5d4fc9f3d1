"""Sending a campaign by mail: batch by batch, each person once, only those who may be written to now."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from time import monotonic, sleep

import numpy as np

from cmo.briefs.answers import Answer
from cmo.briefs.voice import Voice
from cmo.communication.campaign import Campaign, Stage, of_mapping
from cmo.communication.consent import Kind
from cmo.communication.consent import State as Consent
from cmo.communication.facts import filled
from cmo.communication.links import Doors, digest_of, token_of
from cmo.communication.mail import Letter, Mail, marketing
from cmo.communication.pieces import Piece, values
from cmo.experiments.batches import Horizon, Variant, next_batch
from cmo.experiments.registration import Stage as TestStage
from cmo.ledger import outbox
from cmo.ledger.audit import note
from cmo.ledger.consents import LINKS, note_event, secret, standing
from cmo.ledger.outbox import Message, State, Wanted
from cmo.ledger.tests import life_of, take_step
from cmo.ledger.works import Work, take_work_step
from cmo.loop.campaign_life import ready
from cmo.loop.campaigns import KIND, known, stage_of
from cmo.loop.observing import Progress
from cmo.loop.recipients import Recipient, audience
from cmo.loop.results import keep_results
from cmo.loop.standing import opened
from cmo.loop.testing import today_of
from cmo.loop.transport import Again, LineLost, Post, Refused, post_of
from cmo.measures import Language, Problem, Text
from cmo.workspace import Workspace
from cmo.workspace.lock import writing as locked

MAIL = "email"
_ENDED = frozenset({Consent.WITHDRAWN, Consent.BLOCKED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """All that is needed to write and send the messages of a campaign.

    Attributes:
        workspace: The company's folder.
        found: The campaign as it is remembered.
        campaign: The same, read.
        sender: Who writes.
        doors: Addresses of the office.
        links: The secret that makes tokens.
    """

    workspace: Workspace
    found: Work
    campaign: Campaign
    sender: str
    doors: Doors
    links: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What a run of sending did.

    Attributes:
        put: Messages that were put into the outbox.
        sent: That left.
        skipped: That did not, since their reader may not be written to any more.
        failed: That the other side refused for good.
        doubtful: Of which nobody knows whether they left.
        waiting: That wait for another try.
    """

    put: int
    sent: int
    skipped: int
    failed: int
    doubtful: int
    waiting: int


def send(folder: Path, name: str, *, by: str, progress: Progress, language: Language | None) -> Answer:
    """Send the next batch of a campaign: the first evenly among its arms, later ones by what was learnt.

    Messages that an earlier run left behind go first. A message leaves once or not at all: see
    `cmo.ledger.outbox`.

    Args:
        folder: The company's folder.
        name: The campaign.
        by: Who sends.
        progress: Told how far it is.
        language: Language of the answer.

    Raises:
        Problem: It is not approved as it is, its day has not come, or no way for mail is known.
    """
    workspace = opened(folder)
    spoken = language or workspace.config.company.language
    with _outbox(workspace):
        run = _ready(workspace, name, spoken)
        doubtful = outbox.taken_up(name, MAIL, repeatable=False)
        people = audience(
            workspace, run.campaign.brief.segment, purpose=run.campaign.brief.purpose, language=spoken
        )
        batch, put = _filled(run, people.recipients)
        if stage_of(run.found) is Stage.SCHEDULED:
            _started(run, by=by)
        post = post_of(workspace)
        try:
            done = _emptied(run, post, people.recipients, progress=progress, put=put, doubtful=doubtful)
        finally:
            post.close()
        rest = len(set(people.recipients) - _reached(name))
        if not rest and not done.waiting:
            _over(name, by=by)
        keep_results(workspace)
    note("send", by=by, kind=KIND, key=name, details={"sent": done.sent, "batch": batch})
    return _told(run, done, batch=batch, rest=rest, language=spoken)


def settle(folder: Path, name: str, *, left: bool, by: str, language: Language | None) -> Answer:
    """Say what became of doubtful messages: they left, or they go again.

    Raises:
        Problem: No campaign is called so.
    """
    workspace = opened(folder)
    known(name)
    n = outbox.settle(name, left=left)
    note("settle", by=by, kind=KIND, key=name, details={"left": left, "n": n})
    said = Text(
        f"{n} messages count as sent." if left else f"{n} messages wait to be sent again.",
        f"{n} messages comptent comme envoyés." if left else f"{n} messages attendent d'être renvoyés.",
    )
    spoken = language or workspace.config.company.language
    return Answer(data={"campaign": name, "settled": n, "left": left}, lines=(said.in_(spoken),))


def _ready(workspace: Workspace, name: str, language: Language) -> Run:
    found = ready(workspace, name, stages={Stage.SCHEDULED, Stage.RUNNING}, language=language)
    campaign, said = of_mapping(found.content), workspace.config.communication
    if not campaign.on(MAIL):
        raise Problem(f"{name} has no piece for e-mail; cmo campaigns publish {name} sends the others")
    if said.sender is None or said.office is None:
        raise Problem(
            f"{workspace.folder}/cmo.yaml does not say who writes and where people reach this office: "
            "write communication: {sender: 'Name <address>', office: https://…}"
        )
    return Run(
        workspace=workspace,
        found=found,
        campaign=campaign,
        sender=said.sender,
        doors=Doors(site=said.office),
        links=secret(LINKS),
    )


def _filled(run: Run, people: Mapping[str, Recipient]) -> tuple[int, int]:
    """Put the next batch into the outbox: its number, and how many messages it has."""
    name, arms = run.campaign.id, [one.arm for one in run.campaign.on(MAIL)]
    before = outbox.messages(name, channel=MAIL)
    batch = max((one.batch for one in before), default=-1) + 1
    if any(one.state in {State.WAITING, State.CLAIMED} for one in before):
        return batch - 1, 0
    taken = {one.recipient for one in before}
    rest = [one for key, one in people.items() if key not in taken]
    if not rest:
        return max(batch - 1, 0), 0
    if batch == 0:
        size = max(len(arms), round(run.campaign.plan.first * len(rest)))
        shares = [1] * len(arms)
    else:
        size = min(run.campaign.plan.batch, len(rest))
        shares = _learnt(run, arms, size=size, to_come=len(rest))
    given = _drawn(rest[:size], arms, shares, seed=f"{name} {batch}")
    wanted = [
        Wanted(
            person=one.person,
            recipient=one.recipient,
            arm=arm,
            token=digest_of(_token(run, one.recipient)),
        )
        for one, arm in given
    ]
    return batch, outbox.put(name, MAIL, run.found.number, wanted, batch=batch)


def _learnt(run: Run, arms: Sequence[str], *, size: int, to_come: int) -> list[int]:
    """How many of the next batch each arm gets: Thompson sampling over what people clicked so far."""
    tallies = [one for one in outbox.tallies(run.campaign.id) if one.channel == MAIL]
    seen = [
        Variant(
            name=arm,
            units=sum(one.sent for one in tallies if one.arm == arm),
            successes=sum(one.clicked for one in tallies if one.arm == arm),
        )
        for arm in arms
    ]
    if len(arms) < 2:
        return [size]
    said = sha256(f"{run.campaign.id} {seen}".encode()).digest()
    rng = np.random.default_rng(int.from_bytes(said[:8]))
    found = next_batch(seen, Horizon(batch=size, to_come=to_come), rng=rng)
    return [one.units for one in found.creatives]


def _drawn(
    people: Sequence[Recipient], arms: Sequence[str], shares: Sequence[int], *, seed: str
) -> Iterator[tuple[Recipient, str]]:
    """Each person with an arm drawn by lot, in the proportions given.

    The same lot however often it is drawn.
    """
    rng = np.random.default_rng(int.from_bytes(sha256(seed.encode()).digest()[:8]))
    whole = sum(shares)
    bounds = np.floor(np.cumsum(shares) / whole * len(people) + 0.5).astype(int)
    labels = np.searchsorted(bounds, np.arange(len(people)), side="right")
    for one, label in zip(people, rng.permutation(labels), strict=True):
        yield one, arms[int(label)]


def _emptied(
    run: Run,
    post: Post,
    people: Mapping[str, Recipient],
    *,
    progress: Progress,
    put: int,
    doubtful: int,
) -> Done:
    """Send what waits; a message that must be tried again waits for the next run."""
    counted = {State.SENT: 0, State.SKIPPED: 0, State.FAILED: 0, State.WAITING: 0, State.DOUBTFUL: doubtful}
    mail = run.workspace.config.communication.mail
    pause = 60.0 / (600 if mail is None else mail.per_minute)
    total = len(outbox.messages(run.campaign.id, channel=MAIL, state=State.WAITING))
    for at in range(total):
        claimed = outbox.claim(run.campaign.id, MAIL, most=1)
        if not claimed:
            break
        began = monotonic()
        state = _one(run, post, claimed[0], people.get(claimed[0].recipient))
        counted[state] += 1
        progress(Text(f"sending {at + 1} of {total}", f"envoi {at + 1} sur {total}"))
        if state is State.WAITING:
            break  # the other side asks to come back: so will the next run
        sleep(max(0.0, pause - (monotonic() - began)))
    waiting = len(outbox.messages(run.campaign.id, channel=MAIL, state=State.WAITING))
    return Done(
        put=put,
        sent=counted[State.SENT],
        skipped=counted[State.SKIPPED],
        failed=counted[State.FAILED],
        doubtful=counted[State.DOUBTFUL],
        waiting=waiting,
    )


def _one(run: Run, post: Post, message: Message, reader: Recipient | None) -> State:
    """Send one message, and write down its fate; how it stands then."""
    if reader is None or not _may_still(run, message):
        outbox.skip(message, "may not be written to any more")
        return State.SKIPPED
    mail = written(run, message, reader)
    try:
        external = post.send(mail, handing=lambda: outbox.hand(message))
    except Refused as refusal:
        outbox.refused(message, str(refusal), again=False)
        if refusal.hard:
            note_event(message.recipient, Kind.HARD_BOUNCE, purpose="", source=f"smtp {refusal}"[:200])
        return State.FAILED
    except Again as later:
        outbox.refused(message, str(later), again=True)
        return State.WAITING
    except LineLost:
        outbox.taken_up(run.campaign.id, MAIL, repeatable=False)
        return State.DOUBTFUL
    outbox.sent(message, external=external)
    return State.SENT


def written(run: Run, message: Message, reader: Recipient) -> Mail:
    """The message of one reader: the same however often it is written."""
    piece = _piece(run, message.arm)
    token = _token(run, message.recipient)
    blanks = values(
        run.campaign.brief,
        link=run.doors.through(token, 1),
        first_name=reader.name.partition(" ")[0],
    )
    letter = Letter(
        subject=filled(piece.title, blanks),
        preheader=filled(piece.preheader, blanks),
        body=filled(piece.body, blanks),
        language=run.campaign.brief.language,
    )
    return marketing(letter, to=reader.address, sender=run.sender, token=token, leave=run.doors.leave(token))


def _piece(run: Run, arm: str) -> Piece:
    return next(one for one in run.campaign.on(MAIL) if one.arm == arm)


def _token(run: Run, recipient: str) -> str:
    return token_of(run.links, run.campaign.id, MAIL, str(run.found.number), recipient)


def _started(run: Run, *, by: str) -> None:
    take_work_step(run.found, Stage.RUNNING.value, by=by)
    life = life_of(run.campaign.test)
    if life is not None and life.stage is TestStage.APPROVED:
        take_step(run.campaign.test, TestStage.RUNNING, by=by, day=today_of(run.workspace))


def _over(name: str, *, by: str) -> None:
    found = known(name)
    if stage_of(found) is Stage.RUNNING:
        take_work_step(found, Stage.SENT.value, by=by)


def _reached(name: str) -> set[str]:
    return {one.recipient for one in outbox.messages(name, channel=MAIL)}


def _told(run: Run, done: Done, *, batch: int, rest: int, language: Language) -> Answer:
    voice = Voice(language)
    lines = [
        voice.say(
            "Batch {batch}: {sent} sent, {rest} people still to come.",
            "Vague {batch} : {sent} envoyés, {rest} personnes encore à venir.",
            batch=str(batch + 1),
            sent=voice.count(done.sent),
            rest=voice.count(rest),
        )
    ]
    more = (
        (done.skipped, Text("not sent, consent withdrawn since", "non envoyés, consentement retiré depuis")),
        (done.failed, Text("refused by the other side", "refusés par l'autre côté")),
        (done.waiting, Text("wait for another try", "attendent un nouvel essai")),
        (
            done.doubtful,
            Text(
                "doubtful: the line broke while they left; look at your mail server, then "
                f"cmo campaigns settle {run.campaign.id} --left or --again",
                "incertains : la ligne a rompu pendant leur envoi ; voir le serveur de courriel, puis "
                f"cmo campaigns settle {run.campaign.id} --left ou --again",
            ),
        ),
    )
    lines += [f"{voice.count(n)} {voice.read(says)}" for n, says in more if n]
    data = {
        "campaign": run.campaign.id,
        "batch": batch,
        "put": done.put,
        "sent": done.sent,
        "skipped": done.skipped,
        "failed": done.failed,
        "waiting": done.waiting,
        "doubtful": done.doubtful,
        "to_come": rest,
    }
    return Answer(data=data, lines=tuple(lines))


@contextmanager
def _outbox(workspace: Workspace) -> Iterator[None]:
    """Hold the outbox: one sender at a time, while reviews and pages go on."""
    with locked(workspace.cmo / "outbox.lock"):
        yield


def _may_still(run: Run, message: Message) -> bool:
    """Whether nothing was said against it since the audience was read, a moment ago."""
    return standing(message.recipient, run.campaign.brief.purpose) not in _ENDED
