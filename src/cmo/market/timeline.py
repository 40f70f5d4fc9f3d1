"""What happened in the market, in order: changes of level of brands' figures, and bursts of what they do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from cmo.market.bursts import bursts
from cmo.market.changes import levels
from cmo.market.season import without_season

Floats = npt.NDArray[np.float64]

FEWEST_MONTHS = 24
FEWEST_EVENTS = 6
LEAST = 0.05
"""Change of level below which nobody would call it one."""


class Kind(StrEnum):
    """What happened."""

    EVENT = "event"
    LEVEL = "level"
    BURST = "burst"


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """Something that happened in the market.

    Attributes:
        on: The day, or the first of the month.
        until: The last day; the same for a moment.
        who: The brand, or the name of the event.
        kind: What it is.
        metric: Of which figure; empty for an event.
        change: For a level, the new one over the one before, minus 1; for a burst, how many times the usual
            rate at least; 0 for an event.
    """

    on: date
    until: date
    who: str
    kind: Kind
    metric: str = ""
    change: float = 0.0


def level_changes(months: Sequence[date], values: Floats, *, who: str, metric: str) -> tuple[Happening, ...]:
    """From when on a figure ran at another level, its season taken out.

    Growth is taken out too where the series grows steadily: the levels are those around its line.

    Args:
        months: First day of consecutive months.
        values: The figure each month, > 0, as many.
        who: Whose.
        metric: Which.
    """
    if values.size < FEWEST_MONTHS or np.any(values <= 0):
        return ()
    logs = np.log(without_season(values[None, :] * (100 / values.mean()))[0])
    time = np.arange(logs.size) - (logs.size - 1) / 2
    steps = levels(logs)
    straight = logs - (time @ logs) / (time @ time) * time
    found = levels(straight) if len(steps.starts) > len(levels(straight).starts) else steps
    changes = np.expm1(np.diff(found.means))
    return tuple(
        Happening(
            on=months[start],
            until=months[start],
            who=who,
            kind=Kind.LEVEL,
            metric=metric,
            change=float(change),
        )
        for start, change in zip(found.starts, changes, strict=True)
        if abs(change) >= LEAST
    )


def event_bursts(days: Mapping[str, Sequence[date]]) -> tuple[Happening, ...]:
    """Stretches in which a competitor did things at twice its usual rate or more.

    Args:
        days: Of each, the days on which it did something.
    """
    found: list[Happening] = []
    for who, when in days.items():
        at = np.unique([day.toordinal() for day in when]).astype(np.float64)
        if at.size < FEWEST_EVENTS:
            continue
        found += [
            Happening(
                on=date.fromordinal(int(one.start)),
                until=date.fromordinal(int(one.end)),
                who=who,
                kind=Kind.BURST,
                change=2.0 ** (one.level - 1),
            )
            for one in bursts(at)
            if one.level > 1
        ]
    return tuple(found)
