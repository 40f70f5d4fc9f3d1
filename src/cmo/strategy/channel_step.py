"""A move of a sales channel through its stages."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cmo.strategy.portfolio import Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelStep:
    """A channel moved to a stage.

    Attributes:
        channel: Which sales channel.
        stage: Where to.
        words: The reason, where one was given.
        terms: For a pilot: `money`, `weeks`, `kill_below` and `review_on`, as it was begun.
        moved_by: Who moved it.
        moved_at: When.
    """

    channel: str
    stage: Stage
    words: str
    terms: Mapping[str, Any]
    moved_by: str
    moved_at: datetime
