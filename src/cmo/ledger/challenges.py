"""Challenges remembered: opened by verdicts, answered by people, superseded by later verdicts."""

from datetime import date

from django.utils import timezone

from cmo.ledger import models
from cmo.ledger.opening import writing
from cmo.ledger.verdicts import verdict_of
from cmo.measures import Problem, Text
from cmo.strategy.challenge import Challenge, ChallengeState, must_be_answered, observation
from cmo.strategy.verdict import Verdict


def open_challenges() -> tuple[Challenge, ...]:
    """Those that wait for an answer, the most urgent first."""
    rows = models.Challenge.rows.filter(answer=None, superseded_by=None).select_related("verdict")
    return tuple(_challenge_of(row, None) for row in rows.order_by("due_on", "id"))


def answer_challenge(number: int, *, state: ChallengeState, words: str, by: str) -> Challenge:
    """Answer a challenge, once.

    Args:
        number: Number of the challenge.
        state: Accepted, rejected, or to be tested.
        words: The answer; a rejection needs a reason.
        by: Who answers.

    Returns:
        The challenge with its answer.

    Raises:
        Problem: There is no such challenge, it was answered or superseded, or the reason is missing.
    """
    if state is ChallengeState.OPEN:
        raise ValueError("state == open, must be accepted, rejected or test")
    if state is ChallengeState.REJECTED and not words.strip():
        raise Problem(
            "a challenge is rejected with a reason: say why the belief is kept in spite of the evidence"
        )
    with writing():
        row = models.Challenge.rows.filter(pk=number).select_related("verdict").first()
        if row is None:
            raise Problem(f"there is no challenge {number}")
        if models.Answer.rows.filter(challenge=row).exists():
            raise Problem(f"challenge {number} has its answer already")
        if models.Challenge.rows.filter(supersedes=row).exists():
            raise Problem(f"challenge {number} was superseded by a later verdict: answer that one")
        answer = models.Answer(
            challenge=row, state=state.value, words=words, answered_by=by, answered_at=timezone.now()
        )
        answer.save()
    return _challenge_of(row, answer)


def open_for(verdict: Verdict, row: models.Verdict, *, due_on: date) -> None:
    """Open a challenge where the verdict calls for one; an open one on the same belief is superseded."""
    if not must_be_answered(verdict):
        return
    waiting = models.Challenge.rows.filter(
        verdict__belief=verdict.belief, answer=None, superseded_by=None
    ).first()
    says = observation(verdict)
    models.Challenge(
        verdict=row, observation_en=says.en, observation_fr=says.fr, due_on=due_on, supersedes=waiting
    ).save()


def _challenge_of(row: models.Challenge, answer: models.Answer | None) -> Challenge:
    verdict = verdict_of(row.verdict)
    return Challenge(
        number=row.pk,
        belief=verdict.belief,
        says=verdict.says,
        owner=verdict.owner,
        claim=verdict.claim,
        stance=verdict.stance,
        observation=Text(row.observation_en, row.observation_fr),
        due_on=row.due_on,
        state=ChallengeState.OPEN if answer is None else ChallengeState(answer.state),
        answer=None if answer is None else answer.words,
    )
