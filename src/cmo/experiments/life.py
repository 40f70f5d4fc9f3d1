"""The life of a test as it is remembered: designs that were sealed, steps taken, by whom and when."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from cmo.experiments.registration import Conclusion, Registration, Stage
from cmo.measures import Text

TIME_TO_DECIDE = timedelta(days=14)
"""After the last day of a test, before its owner is late to close it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What a design is expected to tell and to cost.

    Attributes:
        standard_error: Of the relative effect, from the company's own past; none where it has no such past.
        expected_effect: Relative effect that is expected.
        power: Probability to see it; none without a standard error.
        mde: Smallest relative effect seen with 80 % power; none without a standard error.
        weeks: Length.
        units: Units in all arms; 0 where regions or weeks are compared.
        cost: What the test costs.
        value: What its answer is expected to be worth; none where nobody said.
        spend_change: Money that the test adds or, below zero, withholds.
    """

    expected_effect: float
    weeks: int
    standard_error: float | None = None
    power: float | None = None
    mde: float | None = None
    units: int = 0
    cost: float = 0.0
    value: float | None = None
    spend_change: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """A version of a test's design.

    Attributes:
        number: Its version, from 1.
        registration: What is promised.
        figures: What is expected of it.
        population: What it touches: `region:Lyon`, `channel:tv`, `segment:all`.
        seal: The hash that was kept with it.
        made_by: Who designed it.
        made_at: When.
    """

    number: int
    registration: Registration
    figures: Figures
    population: tuple[str, ...]
    seal: str
    made_by: str
    made_at: datetime

    @property
    def unbroken(self) -> bool:
        """Whether the promise is still what was sealed."""
        return self.registration.kept(self.seal)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A step in a test's life.

    Attributes:
        stage: The stage it reached.
        at: When.
        by: By whom.
        words: What was said: a reason, a decision.
        conclusion: How the test ended, for the stage `decided`.
        day: The day it speaks of: first day really run, last day really run.
        version: Version of the design it rests on.
    """

    stage: Stage
    at: datetime
    by: str
    words: str = ""
    conclusion: Conclusion | None = None
    day: date | None = None
    version: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """A test, from idea to learning.

    Attributes:
        test: Identifier.
        says: What is tried, in a sentence.
        designs: All versions of its design, oldest first.
        steps: All steps, oldest first; none for a test that only strategy.yaml tells of.
        score: What it was scored: value and cost, where somebody said.
    """

    test: str
    says: Text
    designs: tuple[Sealed, ...] = ()
    steps: tuple[Step, ...] = ()
    score: Mapping[str, Any] = field(default_factory=dict)

    @property
    def stage(self) -> Stage:
        """Where it stands."""
        return self.steps[-1].stage if self.steps else Stage.IDEA

    @property
    def design(self) -> Sealed | None:
        """The design in force."""
        return self.designs[-1] if self.designs else None

    @property
    def conclusion(self) -> Conclusion | None:
        """How it ended, once decided."""
        return next((step.conclusion for step in reversed(self.steps) if step.conclusion), None)

    def reached(self, stage: Stage) -> Step | None:
        """The last step that reached a stage."""
        return next((step for step in reversed(self.steps) if step.stage is stage), None)

    @property
    def started_on(self) -> date | None:
        """First day it really ran."""
        step = self.reached(Stage.RUNNING)
        return None if step is None else step.day

    @property
    def ended_on(self) -> date | None:
        """Last day it really ran, once it was stopped or came to its end."""
        step = self.reached(Stage.ANALYSING)
        return None if step is None else step.day

    @property
    def live(self) -> bool:
        """Whether it is approved or runs: others must keep out of its way."""
        return self.stage in {Stage.APPROVED, Stage.RUNNING}

    def overdue(self, today: date) -> bool:
        """Whether it ended so long ago that it should have been decided."""
        if self.design is None or self.stage not in {Stage.RUNNING, Stage.ANALYSING}:
            return False
        last = self.ended_on or self.design.registration.ends_on
        return today > last + TIME_TO_DECIDE

    def days_left(self, today: date) -> int | None:
        """Days until its planned end, while it runs."""
        if self.stage is not Stage.RUNNING or self.design is None:
            return None
        return max((self.design.registration.ends_on - today).days + 1, 0)
