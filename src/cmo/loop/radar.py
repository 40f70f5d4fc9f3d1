"""`cmo radar`: what rises, on which ring it is, who put it there, and how well the radar keeps its word."""

from pathlib import Path

from cmo.briefs.answers import Answer
from cmo.briefs.radar_answers import OnRadar, radar_answer
from cmo.ledger.radar import all_seen, move_topic, moves
from cmo.ledger.strategy import remembered_strategy
from cmo.loop.listening import last_scan
from cmo.loop.standing import opened, standing, user
from cmo.market.radar import Ring
from cmo.measures import Language, Problem
from cmo.workspace import Workspace


def radar(folder: Path, *, language: Language | None) -> Answer:
    """The topics by how likely they rise, with ring, ceiling, segments and what trying costs.

    Raises:
        Problem: There has been no review.
    """
    now = standing(folder, language)
    currency = now.workspace.config.company.currency
    return radar_answer(on_radar(now.workspace), currency=currency, language=now.language)


def on_radar(workspace: Workspace) -> OnRadar:
    """All that there is to say of the radar; the workspace's ledger is open."""
    scan = last_scan(workspace)
    return OnRadar(
        as_of=None if scan is None else scan.as_of,
        blips=() if scan is None else scan.blips,
        leanings=() if scan is None else scan.leanings,
        early=None if scan is None else scan.early,
        back=() if scan is None else scan.back,
        seen=all_seen(),
        moves=tuple((one.topic, one.ring, one.words, one.moved_by, one.moved_at.date()) for one in moves()),
        ideas=tuple(one for one in remembered_strategy().ideas if one.topic is not None),
    )


def moved(
    folder: Path, topic: str, ring: str, *, words: str, language: Language | None, by: str | None = None
) -> Answer:
    """Move a topic to a ring; who did it, when and why is remembered.

    Raises:
        Problem: The radar never heard of the topic, there is no such ring, or it is there already.
    """
    workspace = opened(folder)
    if ring not in set(Ring):
        raise Problem(f"{ring} is no ring of the radar; choose {', '.join(Ring)}")
    scan = last_scan(workspace)
    heard = () if scan is None else scan.blips
    known = {one.told.topic for one in heard} | {one.topic for one in moves()}
    if topic not in known:
        names = ", ".join(sorted(known)) or "none yet: run cmo review"
        raise Problem(f"the radar has not heard of {topic}; its topics are {names}")
    with workspace.writing():
        move_topic(topic, Ring(ring), words=words, by=by or user())
    return radar(folder, language=language)
