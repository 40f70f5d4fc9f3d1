"""Decisions of the last review: shown, taken further by people, held against what happened."""

from datetime import UTC, date, datetime
from pathlib import Path

from cmo.briefs.answers import Answer
from cmo.briefs.decisions import calibration_answer, decision_answer, decisions_answer, trials_answer
from cmo.ledger.decisions import decision, last_deliberation, standing_decisions, take_step
from cmo.ledger.forecasts import calibrated
from cmo.ledger.reviews import remembered_evidence
from cmo.loop.standing import Standing as Now
from cmo.loop.standing import standing, user
from cmo.measures import Language, Problem
from cmo.strategy.decisions.curves import Curves, curves_of
from cmo.strategy.decisions.life import Standing, State
from cmo.strategy.decisions.packet import Packet


def decisions(folder: Path, *, language: Language | None) -> Answer:
    """What to change, best first, and what could not be decided."""
    now = standing(folder, language)
    last = last_deliberation()
    return decisions_answer(
        standing_decisions(),
        () if last is None else last.withheld,
        calibration=calibrated(),
        currency=_currency(now),
        today=_today(),
        language=now.language,
    )


def one_decision(folder: Path, name: str, *, language: Language | None) -> Answer:
    """Everything that is remembered of one decision.

    Raises:
        Problem: There is none of that name.
    """
    now = standing(folder, language)
    return decision_answer(decision(name), currency=_currency(now), today=_today(), language=now.language)


def calibration(folder: Path, *, language: Language | None) -> Answer:
    """How well cmo's own forecasts, decisions and verdicts kept their promise."""
    now = standing(folder, language)
    return calibration_answer(calibrated(), currency=_currency(now), language=now.language)


def taken_further(
    folder: Path,
    name: str,
    *,
    state: State,
    words: str,
    brought: float | None = None,
    language: Language | None,
) -> Answer:
    """Take a decision one step further in its life.

    Args:
        folder: The company's folder.
        name: Id or number of the decision.
        state: What it becomes.
        words: What there is to say.
        brought: For a review, the profit it brought; without it, what the evidence now says of it.
        language: Language of the answer.

    Raises:
        Problem: There is no such decision, the step does not follow, a reason is missing, its author would
            approve it, or nothing tells what it brought.
    """
    now = standing(folder, language)
    with now.workspace.writing():
        if state is State.REVIEWED and brought is None:
            brought = _told_by_evidence(decision(name))
        one = take_step(name, state=state, words=words, by=user(), brought=brought)
    return decision_answer(one, currency=_currency(now), today=_today(), language=now.language)


def tests_next(folder: Path, *, language: Language | None) -> Answer:
    """The tests that are worth more than they cost, best first."""
    now = standing(folder, language)
    last = last_deliberation()
    return trials_answer(() if last is None else last.tests, currency=_currency(now), language=now.language)


def _told_by_evidence(one: Standing) -> float:
    """What the newest curves say that the money moved has brought."""
    response = remembered_evidence("media.response").of("media.response")
    if not one.packet.sets or not response:
        raise Problem(
            f"nothing that is measured tells what {one.packet.id} brought: say it with --brought, in money"
        )
    return _again(one.packet, curves_of(response[0]))


def _again(packet: Packet, curves: Curves) -> float:
    """The gain of the moves, weighed on other curves, over a period as long as the decision's."""
    times = curves.horizon.days / packet.period.days
    known = {name: money for name, money in packet.sets.items() if name in curves.channels}
    before = dict(known)
    for move in packet.moves:
        if move.source in before:
            before[move.source] += move.money
        if move.target in before:
            before[move.target] -= move.money
    after = curves.amounts({name: money * times for name, money in known.items()})
    earlier = curves.amounts({name: money * times for name, money in before.items()})
    return float((curves.profit(after) - curves.profit(earlier)).mean()) / times


def _currency(now: Now) -> str:
    return now.workspace.config.company.currency


def _today() -> date:
    return datetime.now(tz=UTC).date()
