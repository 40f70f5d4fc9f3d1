"""The verdict on a belief: the probability that its claim is true, and why."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from cmo.measures import Claim, Grade, Text

SUPPORTED_FROM = 0.9
REFUTED_UP_TO = 0.1


class Stance(StrEnum):
    """What the evidence says of a belief."""

    SUPPORTED = "supported"
    REFUTED = "refuted"
    OPEN = "open"
    UNMEASURABLE = "unmeasurable"

    @classmethod
    def at(cls, probability: float | None) -> "Stance":
        """The stance at a probability in [0, 1]; `unmeasurable` where there is none."""
        if probability is None:
            return cls.UNMEASURABLE
        if probability >= SUPPORTED_FROM:
            return cls.SUPPORTED
        return cls.REFUTED if probability <= REFUTED_UP_TO else cls.OPEN


@dataclass(frozen=True, slots=True, kw_only=True)
class Stand:
    """Where a belief stood at an earlier review."""

    probability: float | None
    stance: Stance


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a review found of a belief.

    Attributes:
        belief: Id of the belief.
        says: The belief in its holder's words.
        owner: Who holds it.
        stated: The holder's confidence before the data was shown, in [0, 1].
        measure: The measure of its claim.
        claim: What would have to be true.
        probability: P(claim | evidence), in [0, 1]; none when it cannot be measured.
        stance: The probability in a word.
        why: The reason, with figures.
        grade: Strength of the evidence.
        as_of: The last day the evidence reaches.
        previous: Where the belief stood at the review before; none at its first.
    """

    belief: str
    says: Text
    owner: str | None
    stated: float | None
    measure: str | None
    claim: Claim | None
    probability: float | None
    stance: Stance
    why: Text
    grade: Grade | None
    as_of: date | None
    previous: Stand | None

    @property
    def stand(self) -> Stand:
        """Where the belief stands now."""
        return Stand(probability=self.probability, stance=self.stance)

    @property
    def changed(self) -> bool:
        """Whether the stance differs from the previous one."""
        return self.previous is not None and self.previous.stance is not self.stance
