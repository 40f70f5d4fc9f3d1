"""The radar remembered: what it said, what came of it, and who moved which topic to which ring."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from cmo.ledger import horizon
from cmo.ledger.opening import writing
from cmo.market.radar import Ring, Seen, Told
from cmo.measures import Problem

OURS = "cmo"


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A topic moved to a ring.

    Attributes:
        topic: Which topic.
        ring: Where to.
        words: The reason, where one was given.
        moved_by: Who moved it; `cmo` for a review.
        moved_at: When.
    """

    topic: str
    ring: Ring
    words: str
    moved_by: str
    moved_at: datetime


def remember_told(told: Iterable[Told], *, review: int) -> None:
    """Keep what the radar says; what was said of the same month already stays as it was."""
    with writing():
        for one in told:
            if not horizon.TopicChance.rows.filter(topic=one.topic, made_on=one.made_on).exists():
                horizon.TopicChance(
                    review=review,
                    topic=one.topic,
                    made_on=one.made_on,
                    chance=one.chance,
                    volume=one.volume,
                ).save()


def waiting() -> tuple[Told, ...]:
    """What was said and has no outcome yet, the oldest first."""
    rows = horizon.TopicChance.rows.filter(outcome=None).order_by("made_on", "topic")
    return tuple(map(_told, rows))


def remember_seen(seen: Iterable[Seen], *, review: int) -> None:
    """Keep what became of what was said."""
    with writing():
        for one in seen:
            row = horizon.TopicChance.rows.get(topic=one.told.topic, made_on=one.told.made_on)
            horizon.TopicOutcome(told=row, review=review, growth=one.growth, rose=one.rose).save()


def all_seen() -> tuple[Seen, ...]:
    """Everything that was said and whose time has come."""
    rows = horizon.TopicOutcome.rows.select_related("told").order_by("told__made_on", "told__topic")
    return tuple(Seen(told=_told(row.told), growth=row.growth, rose=row.rose) for row in rows)


def moves() -> tuple[Move, ...]:
    """Every move of every topic, the oldest first."""
    return tuple(
        Move(
            topic=row.topic,
            ring=Ring(row.ring),
            words=row.words,
            moved_by=row.moved_by,
            moved_at=row.moved_at,
        )
        for row in horizon.TopicMove.rows.order_by("pk")
    )


def rings() -> dict[str, Move]:
    """Where each topic is: its last move."""
    return {one.topic: one for one in moves()}


def move_topic(topic: str, ring: Ring, *, words: str, by: str) -> Move:
    """Move a topic to a ring.

    Raises:
        Problem: It is there already.
    """
    with writing():
        last = rings().get(topic)
        if last is not None and last.ring is ring:
            raise Problem(f"{topic} is on {ring.value} already, since {last.moved_at:%Y-%m-%d}")
        row = horizon.TopicMove(
            topic=topic,
            position=horizon.TopicMove.rows.filter(topic=topic).count(),
            ring=ring.value,
            words=words,
            moved_by=by,
            moved_at=timezone.now(),
        )
        row.save()
    return rings()[topic]


def _told(row: horizon.TopicChance) -> Told:
    return Told(topic=row.topic, made_on=row.made_on, chance=row.chance, volume=row.volume)
