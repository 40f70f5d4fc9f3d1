"""Listening: what a review hears of topics is kept, told to the ledger, and held against what came."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from pydantic import TypeAdapter, ValidationError

from cmo.ledger.radar import OURS, move_topic, remember_seen, remember_told, rings, waiting
from cmo.loop.measuring import seed_of
from cmo.loop.roll import path_of
from cmo.market.early_evidence import early_of
from cmo.market.first_mover import Bonus
from cmo.market.mentions_evidence import Leaning, leanings
from cmo.market.radar import Ring, Seen, suggestion
from cmo.market.radar_evidence import Blip, Sky, sky_of
from cmo.market.sight import outcome_of
from cmo.warehouse.field import Field
from cmo.workspace import Workspace

NAME = "radar.json"
_HEARD = ("signals",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """What the last review saw on the radar.

    Attributes:
        as_of: Last day of the data.
        blips: The topics, those most likely to rise first.
        back: What it would have said earlier, and what came.
        leanings: Of each topic, the segments that speak of it more than others.
        early: What being early brought this company so far; none where nothing was ever new.
    """

    as_of: date
    blips: tuple[Blip, ...]
    back: tuple[Seen, ...]
    leanings: tuple[Leaning, ...]
    early: Bonus | None


_SCAN = TypeAdapter(Scan)


def scan(workspace: Workspace, field: Field) -> Sky | None:
    """Look at the signals and keep what is seen beside the warehouse; none where there is nothing to see."""
    at_hand = tuple(table for table in _HEARD if table in field.tables)
    sky = sky_of(field, rng=np.random.default_rng(seed_of("radar", field, at_hand)))
    topics = () if sky is None else tuple(one.told.topic for one in sky.blips)
    found = Scan(
        as_of=field.as_of,
        blips=() if sky is None else sky.blips,
        back=() if sky is None else sky.back,
        leanings=leanings(field, topics, roll=path_of(workspace)),
        early=early_of(field, rng=np.random.default_rng(seed_of("early", field, at_hand))),
    )
    draft = workspace.cmo / f".{NAME}.new"
    draft.write_bytes(_SCAN.dump_json(found))
    draft.replace(workspace.cmo / NAME)
    return sky


def last_scan(workspace: Workspace) -> Scan | None:
    """What the last review saw; none before a review that looked."""
    try:
        return _SCAN.validate_json((workspace.cmo / NAME).read_bytes())
    except (FileNotFoundError, ValidationError):
        return None


def keep_told(sky: Sky, *, review: int) -> None:
    """Remember what the radar says, what came of earlier words, and the moves that follow of themselves.

    A topic that stands out is put on the watch and one that fell silent is dropped from it; whether to try
    or to adopt one is for people to say.
    """
    told = [one.told for one in sky.blips]
    remember_told(told, review=review)
    remember_seen(_come(sky), review=review)
    chances = {one.topic: one.chance for one in told}
    known = rings()
    for topic in sorted({*chances, *known}):
        ring = known[topic].ring if topic in known else None
        to = suggestion(chances.get(topic), ring)
        if to is Ring.TRY and ring is not Ring.WATCH:
            to = Ring.WATCH
        if to in {Ring.WATCH, Ring.DROP}:
            move_topic(topic, to, words="", by=OURS)


def _come(sky: Sky) -> Sequence[Seen]:
    found = [outcome_of(told, sky.heard) for told in waiting()]
    return [one for one in found if one is not None]
