"""Challenges: what somebody must answer, by accepting, rejecting with a reason, or testing."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from cmo.measures import Claim, Text
from cmo.strategy.verdict import Stance, Verdict

HIGH_FROM: Final = 0.1
MEDIUM_FROM: Final = 0.02
"""Gaps of this part of the plan's budget make a challenge of high, or of medium severity."""


class ChallengeState(StrEnum):
    """How far a challenge has come."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    TEST = "test"


class Severity(StrEnum):
    """How much depends on the answer."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """What opens a challenge.

    Attributes:
        observation: What was seen, with figures.
        question: What is asked of whoever answers.
        gap: Money that depends on the answer; none where none is known to.
        severity: How much that is, next to the plan.
    """

    observation: Text
    question: Text
    gap: float | None
    severity: Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Challenge:
    """Something the field says against what was believed or expected.

    Attributes:
        number: The number under which it is remembered, from 1.
        belief: Id of the belief; none where a forecast was missed.
        says: The belief in its holder's words, or what was expected.
        owner: Who holds it.
        claim: What would have to be true.
        stance: The verdict that opened the challenge; none where a forecast was missed.
        observation: What was seen, with figures.
        question: What is asked.
        gap: Money that depends on the answer; none where none is known to.
        severity: How much depends on it.
        due_on: The day by which an answer is expected.
        state: Open, or the answer in a word.
        answer: The answer in its giver's words; none while it is open.
    """

    number: int
    belief: str | None
    says: Text
    owner: str | None
    claim: Claim | None
    stance: Stance | None
    observation: Text
    due_on: date
    state: ChallengeState
    answer: str | None
    question: Text
    gap: float | None = None
    severity: Severity = Severity.LOW

    def overdue(self, today: date) -> bool:
        """Whether it should have been answered before today."""
        return self.state is ChallengeState.OPEN and self.due_on < today


def must_be_answered(verdict: Verdict) -> bool:
    """Whether a verdict opens a challenge.

    It does when the belief has fallen, or when the evidence speaks otherwise than it did before; not when
    it only began or ceased to speak.
    """
    before = verdict.previous
    if verdict.stance is Stance.REFUTED:
        return before is None or before.stance is not Stance.REFUTED
    return (
        verdict.changed and before is not None and Stance.UNMEASURABLE not in (before.stance, verdict.stance)
    )


def opened_by(verdict: Verdict, *, gap: float | None, budget: float | None) -> Opened:
    """The challenge that a verdict puts to the holder of its belief.

    Args:
        verdict: A verdict that must be answered.
        gap: Money that rests on the belief; none where none is known to.
        budget: Money of the plan; none without a plan.
    """
    return Opened(
        observation=observation(verdict),
        question=_QUESTIONS[verdict.stance],
        gap=gap,
        severity=severity(gap, budget),
    )


def severity(gap: float | None, budget: float | None) -> Severity:
    """How much depends on an answer, next to the plan's budget."""
    if not gap or not budget:
        return Severity.LOW
    part = abs(gap) / budget
    if part >= HIGH_FROM:
        return Severity.HIGH
    return Severity.MEDIUM if part >= MEDIUM_FROM else Severity.LOW


def observation(verdict: Verdict) -> Text:
    """What the challenge says: the verdict before and now, and the reason with its figures."""
    before, now = verdict.previous, verdict.stand
    if before is None or before.probability is None or now.probability is None:
        return verdict.why
    was, is_now = f"{100 * before.probability:.0f}", f"{100 * now.probability:.0f}"
    return Text(
        f"Probability of being true: {was}% before, {is_now}% now. {verdict.why.en}",
        f"Probabilité d'être vraie : {was} % avant, {is_now} % maintenant. {verdict.why.fr}",
    )


_ASKED_AGAIN: Final = Text(
    "The evidence has turned: what do you make of it, and what follows for the plan?",
    "Les preuves ont tourné : qu'en concluez-vous, et qu'est-ce que cela change au plan ?",
)
_QUESTIONS: Final = {
    Stance.REFUTED: Text(
        "Do you give it up, keep it for a reason the data cannot see, or test it?",
        "L'abandonnez-vous, la gardez-vous pour une raison que les données ne voient pas, ou la testez-vous "
        "?",
    ),
    Stance.SUPPORTED: _ASKED_AGAIN,
    Stance.OPEN: _ASKED_AGAIN,
    Stance.UNMEASURABLE: _ASKED_AGAIN,
}
