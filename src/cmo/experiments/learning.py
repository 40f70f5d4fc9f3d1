"""The learning library: what was learnt, from which tests, for whom, how surely and until when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import inf, sqrt

import numpy as np

from cmo.experiments.contrast import tail_above
from cmo.experiments.registration import Conclusion
from cmo.measures import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What one test contributed to a learning.

    Attributes:
        test: Identifier of the test.
        effect: Relative effect it measured.
        se: Its standard error, > 0.
        ended_on: Its last day.
        conclusion: How it ended; invalid tests do not count.
    """

    test: str
    effect: float
    se: float
    ended_on: date
    conclusion: Conclusion


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """For whom and when a learning holds; an empty part holds for all.

    Attributes:
        segments: Segments of customers.
        channels: Channels.
        months: Months of the year, 1 to 12.
    """

    segments: frozenset[str] = frozenset()
    channels: frozenset[str] = frozenset()
    months: frozenset[int] = frozenset()

    def covers(
        self, *, segment: str | None = None, channel: str | None = None, month: int | None = None
    ) -> bool:
        """Whether it holds there; what is not asked is not judged."""
        asked = ((segment, self.segments), (channel, self.channels), (month, self.months))
        return all(wanted is None or not held or wanted in held for wanted, held in asked)


@dataclass(frozen=True, slots=True, kw_only=True)
class Learning:
    """A sentence that tests support or contradict.

    Attributes:
        id: Its identifier.
        says: The sentence.
        positive: Whether it claims a positive effect.
        scope: For whom and when it holds.
        outcomes: What tests contributed.
        expires_on: From this day on it must be tested again.
    """

    id: str
    says: Text
    positive: bool
    scope: Scope
    outcomes: tuple[Outcome, ...]
    expires_on: date

    @property
    def valid(self) -> tuple[Outcome, ...]:
        """Outcomes that count."""
        return tuple(of for of in self.outcomes if of.conclusion is not Conclusion.INVALID)

    @property
    def supporting(self) -> tuple[str, ...]:
        """Tests whose effect goes the claimed way."""
        return tuple(of.test for of in self.valid if (of.effect > 0.0) is self.positive)

    @property
    def contradicting(self) -> tuple[str, ...]:
        """Tests whose effect goes the other way."""
        return tuple(of.test for of in self.valid if (of.effect > 0.0) is not self.positive)

    def strength(self) -> float:
        """Probability that the mean effect over such tests goes the claimed way; a half without tests.

        Effects may truly differ between tests: their spread is added to each error (DerSimonian & Laird,
        1986, Controlled Clinical Trials 7).
        """
        if not self.valid:
            return 0.5
        effect, se = (np.array([getattr(of, name) for of in self.valid]) for name in ("effect", "se"))
        weight = 1.0 / se**2
        centre = float(weight @ effect / weight.sum())
        surplus = float(weight @ (effect - centre) ** 2) - (len(effect) - 1)
        below = float(weight.sum() - (weight @ weight) / weight.sum())
        between = max(0.0, surplus / below) if below > 0.0 else 0.0
        weight = 1.0 / (se**2 + between)
        mean, error = float(weight @ effect / weight.sum()), 1.0 / sqrt(float(weight.sum()))
        return tail_above(-mean / error if self.positive else mean / error, inf)

    def expired(self, today: date) -> bool:
        """Whether it must be tested again."""
        return today >= self.expires_on


def found(
    learnings: Sequence[Learning],
    words: str,
    *,
    today: date,
    segment: str | None = None,
    channel: str | None = None,
) -> list[Learning]:
    """Learnings that speak of some words and hold somewhere, the surest first, expired ones last.

    Args:
        learnings: The library.
        words: Words that all must occur; none for everything.
        today: The day of the question.
        segment: A segment it must hold for, if any.
        channel: A channel it must hold for, if any.
    """
    asked = words.casefold().split()
    kept = [
        of
        for of in learnings
        if all(any(word in said.casefold() for said in (of.id, of.says.en, of.says.fr)) for word in asked)
        and of.scope.covers(segment=segment, channel=channel)
    ]
    return sorted(kept, key=lambda of: (of.expired(today), -of.strength(), of.id))
