"""Challenges: verdicts that somebody must answer, by accepting, rejecting with a reason, or testing."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from cmo.measures import Claim, Text
from cmo.strategy.verdict import Stance, Verdict


class ChallengeState(StrEnum):
    """How far a challenge has come."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    TEST = "test"


@dataclass(frozen=True, slots=True, kw_only=True)
class Challenge:
    """A verdict put to the holder of the belief.

    Attributes:
        number: The number under which it is remembered, from 1.
        belief: Id of the belief.
        says: The belief in its holder's words.
        owner: Who holds it.
        claim: What would have to be true.
        stance: The verdict that opened the challenge.
        observation: What was seen, with figures.
        due_on: The day by which an answer is expected.
        state: Open, or the answer in a word.
        answer: The answer in its giver's words; none while it is open.
    """

    number: int
    belief: str
    says: Text
    owner: str | None
    claim: Claim | None
    stance: Stance
    observation: Text
    due_on: date
    state: ChallengeState
    answer: str | None


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
