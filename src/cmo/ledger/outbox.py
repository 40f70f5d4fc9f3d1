"""The outbox: every message has one identity, is claimed before it leaves, and its fate is written down.

waiting → claimed → handed → sent. A row that is `claimed` when its sender was killed never left and waits
again. One that is `handed` may have left: where the other side knows repeats by a key it is sent again,
elsewhere it is held back as `doubtful`, and a person says what became of it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from django.db.models import Count, F, Q
from django.utils import timezone

from cmo.communication.tally import Tally
from cmo.ledger import models
from cmo.ledger.opening import writing
from cmo.measures import Problem


class State(StrEnum):
    """How far a message is."""

    WAITING = "waiting"
    CLAIMED = "claimed"
    HANDED = "handed"
    SENT = "sent"
    FAILED = "failed"
    SKIPPED = "skipped"
    DOUBTFUL = "doubtful"


MOST_ATTEMPTS: Final = 5
"""Attempts after which a message that another try could bring through is given up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A message to be sent.

    Attributes:
        person: Who receives it, as the company's tables call them; empty for a post.
        recipient: Keyed hash of the address; for a post the arm.
        arm: The variant.
        token: Digest of its token.
    """

    person: str
    recipient: str
    arm: str
    token: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message of the outbox.

    Attributes:
        id: Its number.
        post: Campaign, release or event.
        channel: Where.
        version: Version of the post.
        person: Who receives it; empty for a post, or after an erasure.
        recipient: Keyed hash of the address, or the arm.
        arm: The variant.
        batch: Batch of the test, from 0.
        state: How far it is.
        external: What the other side calls it.
        url: Where it can be seen.
        error: Why it failed.
        attempts: How often it was tried.
        sent_at: When it left.
    """

    id: int
    post: str
    channel: str
    version: int
    person: str
    recipient: str
    arm: str
    batch: int
    state: State
    external: str
    url: str
    error: str
    attempts: int
    sent_at: datetime | None


def put(post: str, channel: str, version: int, wanted: Sequence[Wanted], *, batch: int = 0) -> int:
    """Put messages into the outbox; one that is there already is left as it is. How many were new.

    Args:
        post: Campaign, release or event.
        channel: Where they go.
        version: Version of the post.
        wanted: The messages.
        batch: Batch of the test.
    """
    now = timezone.now()
    with writing():
        there = set(
            models.Outgoing.objects.filter(post=post, channel=channel, version=version).values_list(
                "recipient", flat=True
            )
        )
        fresh = {one.recipient: one for one in wanted if one.recipient not in there}
        models.Outgoing.objects.bulk_create(
            [
                models.Outgoing(
                    post=post,
                    channel=channel,
                    version=version,
                    person=one.person,
                    recipient=one.recipient,
                    arm=one.arm,
                    batch=batch,
                    token=one.token,
                    made_at=now,
                )
                for one in fresh.values()
            ],
            batch_size=500,
        )
    return len(fresh)


def taken_up(post: str, channel: str, *, repeatable: bool) -> int:
    """Take up what a killed sender left behind. How many are doubtful now.

    Only call this while nobody else sends: the caller holds the lock of the outbox.

    Args:
        post: Campaign, release or event.
        channel: Where.
        repeatable: Whether the other side knows a repeat by its key, so that sending again is harmless.
    """
    rows = models.Outgoing.objects.filter(post=post, channel=channel)
    with writing():
        rows.filter(state=State.CLAIMED).update(state=State.WAITING)
        became = State.WAITING if repeatable else State.DOUBTFUL
        n = rows.filter(state=State.HANDED).update(state=became)
    return 0 if repeatable else n


def claim(post: str, channel: str, *, most: int) -> tuple[Message, ...]:
    """Claim the next messages; nobody else can.

    Args:
        post: Campaign, release or event.
        channel: Where.
        most: How many at most.
    """
    with writing():
        rows = list(
            models.Outgoing.objects.filter(post=post, channel=channel, state=State.WAITING).order_by("pk")[
                :most
            ]
        )
        keys = [row.pk for row in rows]
        models.Outgoing.objects.filter(pk__in=keys).update(
            state=State.CLAIMED, claimed_at=timezone.now(), attempts=F("attempts") + 1
        )
    return tuple(_message(row) for row in rows)


def hand(message: Message) -> None:
    """Write down that a message is about to leave; from here on it may be on its way."""
    _move(message, State.CLAIMED, state=State.HANDED)


def sent(message: Message, *, external: str = "", url: str = "") -> None:
    """Write down that the other side took a message."""
    _move(message, None, state=State.SENT, sent_at=timezone.now(), external=external[:300], url=url, error="")


def refused(message: Message, why: str, *, again: bool) -> None:
    """Write down that the other side refused a message, and whether it should be tried again."""
    again = again and message.attempts + 1 < MOST_ATTEMPTS
    _move(message, None, state=State.WAITING if again else State.FAILED, error=why[:500])


def skip(message: Message, why: str) -> None:
    """Write down that a message is not sent after all."""
    _move(message, None, state=State.SKIPPED, error=why[:500])


def settle(post: str, *, left: bool) -> int:
    """Say what became of doubtful messages: all of them left, or none did and they go again. How many."""
    rows = models.Outgoing.objects.filter(post=post, state=State.DOUBTFUL)
    with writing():
        if left:
            return rows.update(state=State.SENT, sent_at=F("claimed_at"))
        return rows.update(state=State.WAITING)


def halt(post: str) -> int:
    """Let nothing of a post leave any more. How many messages stay here."""
    with writing():
        return models.Outgoing.objects.filter(post=post, state=State.WAITING).update(
            state=State.SKIPPED, error="stopped"
        )


def messages(post: str, *, channel: str | None = None, state: State | None = None) -> tuple[Message, ...]:
    """Messages of a post."""
    rows = models.Outgoing.objects.filter(post=post).order_by("pk")
    if channel is not None:
        rows = rows.filter(channel=channel)
    if state is not None:
        rows = rows.filter(state=state)
    return tuple(_message(row) for row in rows)


def pasted(post: str, channel: str, arm: str, *, url: str) -> None:
    """Write down where a piece that a person published by hand can be seen.

    Raises:
        Problem: No such piece waits.
    """
    with writing():
        n = models.Outgoing.objects.filter(post=post, channel=channel, recipient=arm).update(
            state=State.SENT, url=url, sent_at=timezone.now()
        )
    if not n:
        raise Problem(f"no piece {channel}:{arm} of {post} waits to be published by hand")


def states(post: str) -> Mapping[tuple[str, str], Mapping[State, int]]:
    """How many messages of a post are how far, by channel and arm."""
    found: dict[tuple[str, str], dict[State, int]] = {}
    counted = models.Outgoing.objects.filter(post=post).values_list("channel", "arm", "state")
    for channel, arm, state, n in counted.annotate(n=Count("pk")):
        found.setdefault((channel, arm), {})[State(state)] = n
    return found


def tallies(post: str) -> tuple[Tally, ...]:
    """What each variant brought, by channel and batch."""
    rows = (
        models.Outgoing.objects.filter(post=post, state=State.SENT)
        .values("channel", "arm", "batch")
        .annotate(
            sent=Count("pk", distinct=True),
            clicked=Count("pk", filter=Q(clicks__robot="") & Q(clicks__isnull=False), distinct=True),
            hit=Count("pk", filter=Q(clicks__isnull=False), distinct=True),
        )
        .order_by("channel", "arm", "batch")
    )
    return tuple(
        Tally(
            channel=row["channel"],
            arm=row["arm"],
            batch=row["batch"],
            sent=row["sent"],
            clicked=row["clicked"],
            robots=row["hit"] - row["clicked"],
        )
        for row in rows
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """A message that reached somebody.

    Attributes:
        post: Campaign.
        person: Who.
        channel: Where.
        arm: The variant.
        batch: Batch of the test.
        sent_at: When it left.
        clicked_at: When the person first followed a link; none where they did not.
    """

    post: str
    person: str
    channel: str
    arm: str
    batch: int
    sent_at: datetime
    clicked_at: datetime | None


def contacts(post: str | None = None) -> Iterable[Contact]:
    """Messages that left, to persons who are known, in the order in which they did."""
    rows = models.Outgoing.objects.filter(state=State.SENT, sent_at__isnull=False).exclude(person="")
    if post is not None:
        rows = rows.filter(post=post)
    clicked = models.Click.objects.filter(robot="").order_by("-at")
    clicks: dict[int, datetime] = dict(clicked.values_list("outgoing_id", "at"))
    for row in rows.order_by("sent_at", "pk").iterator(chunk_size=2000):
        if row.sent_at is not None:
            yield Contact(
                post=row.post,
                person=row.person,
                channel=row.channel,
                arm=row.arm,
                batch=row.batch,
                sent_at=row.sent_at,
                clicked_at=clicks.get(row.pk),
            )


def by_token(digest: str) -> Message | None:
    """The message of a token; none where there is none."""
    row = models.Outgoing.objects.filter(token=digest).first()
    return None if row is None else _message(row)


def by_external(external: str) -> Message | None:
    """The message that the other side calls so."""
    row = models.Outgoing.objects.filter(external=external).first() if external else None
    return None if row is None else _message(row)


def hit(message: Message, link: int, *, judge: Callable[[float | None, float | None], str]) -> str:
    """Write down that a link was followed; why it is a machine's, empty for a person's.

    A second hit of a machine's two takes the first back: nobody follows two links at once.

    Args:
        message: The message.
        link: Number of the link.
        judge: Says why, given seconds since it was sent and since another of its links was followed.
    """
    now = timezone.now()
    with writing():
        others = models.Click.objects.filter(outgoing=message.id).exclude(link=link).order_by("-at")
        other = others.first()
        since_other = None if other is None else (now - other.at).total_seconds()
        since_sent = None if message.sent_at is None else (now - message.sent_at).total_seconds()
        why = judge(since_sent, since_other)
        if why == "together" and other is not None and not other.robot:
            models.Click.objects.filter(pk=other.pk).update(robot=why)
        models.Click(outgoing_id=message.id, link=link, at=now, robot=why).save()
    return why


def _move(message: Message, before: State | None, **to: object) -> None:
    rows = models.Outgoing.objects.filter(pk=message.id)
    if before is not None:
        rows = rows.filter(state=before)
    with writing():
        if not rows.update(**to):
            raise Problem(f"message {message.id} of {message.post} is in other hands: nothing was done")


def _message(row: models.Outgoing) -> Message:
    return Message(
        id=row.pk,
        post=row.post,
        channel=row.channel,
        version=row.version,
        person=row.person,
        recipient=row.recipient,
        arm=row.arm,
        batch=row.batch,
        state=State(row.state),
        external=row.external,
        url=row.url,
        error=row.error,
        attempts=row.attempts,
        sent_at=row.sent_at,
    )
