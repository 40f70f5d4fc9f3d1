"""What a brief is written from: everything a review found, frozen. Whatever is not here is in no brief."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any, Final

from cmo.measures import Estimate, Figure, Language, Text, Unanswered, Unit, Window
from cmo.strategy.decisions.life import Standing
from cmo.strategy.forecast import Calibration
from cmo.strategy.verdict import Stance, Stand, Verdict

_NOTHING_SETTLED: Final = Calibration()


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """Who the brief is about.

    Attributes:
        name: Its name.
        language: The language it works in; a brief may be written in the other.
        currency: The currency of its money.
    """

    name: str
    language: Language
    currency: str = "EUR"


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """An objective of the strategy and how likely it is to be reached.

    Attributes:
        says: The objective in the words of the strategy.
        measure: The measure it is counted in.
        target: The value to reach.
        unit: Unit of the target.
        by: The day it is due.
        probability: Probability in [0, 1] that it will be reached; none when that cannot be said.
        why: The reason for the probability, or for its absence.
    """

    says: Text
    measure: str
    target: float
    unit: Unit
    by: date
    probability: float | None
    why: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How much of a table was read.

    Attributes:
        table: Canonical name of the table.
        n_read: Rows that count.
        n_refused: Rows put aside, each with its reason.
    """

    table: str
    n_read: int
    n_refused: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Concern:
    """Something about the data of a table that a reader should know.

    Attributes:
        table: Canonical name of the table.
        says: The finding in a sentence.
    """

    table: str
    says: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened to the company, as the event log tells.

    Attributes:
        start: Its first day.
        end: Its last day.
        name: What it was.
        kind: Launch, strike, price change …; none where the log does not say.
        region: Where; none where it was everywhere.
    """

    start: date
    end: date
    name: str
    kind: str | None = None
    region: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """The fact base of all readings.

    Attributes:
        company: Who.
        reviewed_on: Day of the review.
        span: The days the data cover.
        previous_on: Day of the review before, none at the first.
        verdicts: What became of each belief.
        before: Where each belief stood at the review before, by its id.
        people: Names of the holders of beliefs, by their id.
        stakes: Money that rests on a belief, by its id, where the plan says so.
        estimates: All that was measured.
        unanswered: What could not be, and why.
        goals: Objectives.
        readings: What was read of each table.
        concerns: Health of the data.
        events: What happened to the company, marked on every time chart.
        news: What else is new since the review before, in sentences.
        decisions: What the review proposes and what is under way, best first.
        calibration: How well cmo's earlier words kept their promise.
        problems: What customers suffer from and where it stands, most weighty first, as plain values.
    """

    company: Company
    reviewed_on: date
    span: Window
    previous_on: date | None = None
    verdicts: tuple[Verdict, ...] = ()
    before: Mapping[str, Stand] = field(default_factory=lambda: MappingProxyType({}))
    people: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    stakes: Mapping[str, Figure] = field(default_factory=lambda: MappingProxyType({}))
    estimates: tuple[Estimate, ...] = ()
    unanswered: tuple[Unanswered, ...] = ()
    goals: tuple[Goal, ...] = ()
    readings: tuple[Reading, ...] = ()
    concerns: tuple[Concern, ...] = ()
    events: tuple[Event, ...] = ()
    news: tuple[Text, ...] = ()
    decisions: tuple[Standing, ...] = ()
    calibration: Calibration = _NOTHING_SETTLED
    problems: tuple[Mapping[str, Any], ...] = ()

    def standing(self, stance: Stance) -> tuple[Verdict, ...]:
        """The beliefs of a stance: those with most money first, then those whose holder was most off."""
        return tuple(sorted((one for one in self.verdicts if one.stance is stance), key=self._weight))

    def moved(self) -> tuple[Verdict, ...]:
        """The beliefs whose stance is no longer that of the review before."""
        return tuple(
            one
            for one in self.verdicts
            if one.belief in self.before and self.before[one.belief].stance is not one.stance
        )

    def holder(self, verdict: Verdict) -> str | None:
        """Who holds a belief, by name where that is known."""
        return None if verdict.owner is None else self.people.get(verdict.owner, verdict.owner)

    def estimate(self, measure: str, *, by: str | None = None) -> Estimate | None:
        """The estimate of a measure; without `by`, the usual one."""
        found = (one for one in self.estimates if one.measure == measure and by in (None, one.by))
        return next(found, None)

    def _weight(self, verdict: Verdict) -> tuple[float, float, str]:
        stake = self.stakes.get(verdict.belief)
        return (-(stake.value if stake else 0.0), -abs(surprise(verdict) or 0.0), verdict.belief)


def surprise(verdict: Verdict) -> float | None:
    """Stated confidence minus probability found, in [-1, 1]; none where one of them is missing."""
    if verdict.stated is None or verdict.probability is None:
        return None
    return verdict.stated - verdict.probability
