"""The radar's rings, what it said of a topic, and how that was borne out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

import numpy as np

WATCHED: Final = 0.15
"""Chance from which a topic is put on the watch: a little above what comes true of any topic."""
TRIED: Final = 0.4
"""Chance from which a trial is suggested: the radar's alarm; what it costs in false ones is published."""
FORGOTTEN: Final = 0.05
"""Chance below which a topic on the watch is dropped."""
FIRST_FEW: Final = 5


class Ring(StrEnum):
    """How near a topic is to the company."""

    WATCH = "watch"
    TRY = "try"
    ADOPT = "adopt"
    DROP = "drop"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the radar said of a topic.

    Attributes:
        topic: Which topic.
        made_on: Last day of the last month that was known.
        chance: Probability that it rises, in [0, 1].
        volume: Its mean volume in a month, over the last three.
    """

    topic: str
    made_on: date
    chance: float
    volume: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What became of it.

    Attributes:
        told: What was said.
        growth: Mean share 6 to 17 months later over that of the three months known, >= 0.
        rose: Whether that was half as much again or more.
    """

    told: Told
    growth: float
    rose: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """How well the radar kept its word.

    Attributes:
        n: Chances that were told and whose time has come.
        said: Their mean.
        came: Share of them that came true.
        brier: Mean squared error of the chances, 0 the best.
        base_brier: The same for always saying the share that came true.
        first_few: Of the five highest of each time, the share that rose; none without any.
        caught: Of the topics that rose, the share of which an alarm was given; none without any.
        false_alarms: Alarms that did not come true, over all alarms; none without any.
    """

    n: int
    said: float
    came: float
    brier: float
    base_brier: float
    first_few: float | None
    caught: float | None
    false_alarms: float | None


def score(seen: Sequence[Seen]) -> Score | None:
    """Hold what was told against what came; none before anything has come.

    Args:
        seen: What became of each chance that was told.
    """
    if not seen:
        return None
    chance = np.array([one.told.chance for one in seen])
    rose = np.array([one.rose for one in seen])
    made = np.array([one.told.made_on.toordinal() for one in seen])
    firsts = [rose[at][np.argsort(-chance[at], kind="stable")[:FIRST_FEW]] for at in _times(made)]
    alarms = chance >= TRIED
    return Score(
        n=len(seen),
        said=float(chance.mean()),
        came=float(rose.mean()),
        brier=float(((chance - rose) ** 2).mean()),
        base_brier=float(rose.mean() * (1 - rose.mean())),
        first_few=float(np.concatenate(firsts).mean()),
        caught=float(alarms[rose].mean()) if rose.any() else None,
        false_alarms=float((~rose[alarms]).mean()) if alarms.any() else None,
    )


def _times(
    made: "np.ndarray[tuple[int], np.dtype[np.int_]]",
) -> list["np.ndarray[tuple[int], np.dtype[np.bool_]]"]:
    return [made == day for day in np.unique(made)]


def suggestion(chance: float | None, ring: Ring | None) -> Ring | None:
    """The ring a topic should be moved to; none where it should stay.

    Args:
        chance: Probability that it rises; none where it is no longer heard of.
        ring: Where it is; none where it never was on the radar.
    """
    if ring in {Ring.TRY, Ring.ADOPT}:
        return None
    if chance is None or chance < FORGOTTEN:
        return Ring.DROP if ring is Ring.WATCH else None
    if chance >= TRIED:
        return Ring.TRY
    if chance >= WATCHED and ring is not Ring.WATCH:
        return Ring.WATCH
    return None
