"""Challenges: what waits for an answer, and the answer."""

from datetime import UTC, datetime
from pathlib import Path

from cmo.briefs.answers import Answer
from cmo.briefs.decisions import challenges_answer
from cmo.ledger.challenges import answer_challenge, open_challenges
from cmo.loop.standing import standing, user
from cmo.measures import Language
from cmo.strategy.challenge import ChallengeState


def challenges(folder: Path, *, language: Language | None) -> Answer:
    """What waits for an answer, the most urgent first."""
    now = standing(folder, language)
    return challenges_answer(
        open_challenges(),
        currency=now.workspace.config.company.currency,
        today=datetime.now(tz=UTC).date(),
        language=now.language,
    )


def answered(
    folder: Path, number: int, *, state: ChallengeState, words: str, language: Language | None
) -> Answer:
    """Answer a challenge.

    Raises:
        Problem: There is no such challenge, it has its answer, or a rejection has no reason.
    """
    now = standing(folder, language)
    with now.workspace.writing():
        one = answer_challenge(number, state=state, words=words, by=user())
    return challenges_answer(
        (one,),
        currency=now.workspace.config.company.currency,
        today=datetime.now(tz=UTC).date(),
        language=now.language,
    )
