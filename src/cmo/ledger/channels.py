"""The sales channels remembered: who moved which to which stage, on which terms."""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from cmo.ledger import horizon
from cmo.ledger.opening import writing
from cmo.measures import Problem
from cmo.strategy.channel_step import ChannelStep
from cmo.strategy.portfolio import Stage


def channel_steps() -> tuple[ChannelStep, ...]:
    """Every move of every channel, the oldest first."""
    return tuple(
        ChannelStep(
            channel=row.channel,
            stage=Stage(row.stage),
            words=row.words,
            terms=row.terms,
            moved_by=row.moved_by,
            moved_at=row.moved_at,
        )
        for row in horizon.ChannelMove.rows.order_by("pk")
    )


def channel_stages() -> dict[str, ChannelStep]:
    """Where each channel is: its last move."""
    return {one.channel: one for one in channel_steps()}


def move_channel(channel: str, stage: Stage, *, words: str, terms: Mapping[str, Any], by: str) -> ChannelStep:
    """Move a channel to a stage.

    Raises:
        Problem: It is there already.
    """
    with writing():
        last = channel_stages().get(channel)
        if last is not None and last.stage is stage:
            raise Problem(f"{channel} is at {stage.value} already, since {last.moved_at:%Y-%m-%d}")
        horizon.ChannelMove(
            channel=channel,
            position=horizon.ChannelMove.rows.filter(channel=channel).count(),
            stage=stage.value,
            words=words,
            terms=dict(terms),
            moved_by=by,
            moved_at=timezone.now(),
        ).save()
    return channel_stages()[channel]
