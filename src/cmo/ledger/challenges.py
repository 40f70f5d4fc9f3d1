"""Challenges remembered: opened by verdicts and missed forecasts, answered by people, superseded later."""

from datetime import date

from django.db.models import QuerySet
from django.utils import timezone

from cmo.ledger import models
from cmo.ledger.opening import writing
from cmo.ledger.verdicts import verdict_of
from cmo.measures import MEASURES, Problem, Text
from cmo.strategy.challenge import Challenge, ChallengeState, Opened, Severity
from cmo.strategy.verdict import Verdict


def open_challenges() -> tuple[Challenge, ...]:
    """Those that wait for an answer, the most urgent first."""
    rows = _rows().filter(answer=None, superseded_by=None)
    return tuple(_challenge_of(row, None) for row in rows.order_by("due_on", "id"))


def answered_challenges(*, most: int) -> tuple[Challenge, ...]:
    """Those that have their answer, latest first."""
    rows = models.Answer.rows.order_by("-pk")[:most]
    answers = {row.challenge_id: row for row in rows}
    found = {row.pk: row for row in _rows().filter(pk__in=answers)}
    return tuple(_challenge_of(found[number], answer) for number, answer in answers.items())


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
        row = _rows().filter(pk=number).first()
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


def open_for(verdict: Verdict, row: models.Verdict, *, opened: Opened, due_on: date) -> None:
    """Open a challenge on a belief; an open one on the same belief is superseded."""
    waiting = models.Challenge.rows.filter(
        verdict__belief=verdict.belief, answer=None, superseded_by=None
    ).first()
    _row_of(opened, due_on=due_on, verdict=row, supersedes=waiting).save()


def open_for_miss(row: models.Forecast, *, opened: Opened, due_on: date) -> None:
    """Open a challenge on a forecast that was missed; an open one on the same measure is superseded."""
    waiting = models.Challenge.rows.filter(
        forecast__measure=row.measure, answer=None, superseded_by=None
    ).first()
    _row_of(opened, due_on=due_on, forecast=row, supersedes=waiting).save()


def _row_of(
    opened: Opened,
    *,
    due_on: date,
    verdict: models.Verdict | None = None,
    forecast: models.Forecast | None = None,
    supersedes: models.Challenge | None,
) -> models.Challenge:
    return models.Challenge(
        verdict=verdict,
        forecast=forecast,
        gap=opened.gap,
        severity=opened.severity.value,
        question_en=opened.question.en,
        question_fr=opened.question.fr,
        observation_en=opened.observation.en,
        observation_fr=opened.observation.fr,
        due_on=due_on,
        supersedes=supersedes,
    )


def _rows() -> QuerySet[models.Challenge]:
    return models.Challenge.rows.select_related("verdict", "forecast")


def _challenge_of(row: models.Challenge, answer: models.Answer | None) -> Challenge:
    verdict = None if row.verdict is None else verdict_of(row.verdict)
    return Challenge(
        number=row.pk,
        belief=None if verdict is None else verdict.belief,
        says=_expected(row) if verdict is None else verdict.says,
        owner=None if verdict is None else verdict.owner,
        claim=None if verdict is None else verdict.claim,
        stance=None if verdict is None else verdict.stance,
        observation=Text(row.observation_en, row.observation_fr),
        question=Text(row.question_en, row.question_fr),
        gap=row.gap,
        severity=Severity(row.severity),
        due_on=row.due_on,
        state=ChallengeState.OPEN if answer is None else ChallengeState(answer.state),
        answer=None if answer is None else answer.words,
    )


def _expected(row: models.Challenge) -> Text:
    if row.forecast is None:
        raise ValueError(f"challenge {row.pk} has neither verdict nor forecast")
    label = MEASURES[row.forecast.measure].label
    return Text(
        f"Forecast missed: {label.en}, {row.forecast.subject}",
        f"Prévision manquée : {label.fr}, {row.forecast.subject}",
    )
