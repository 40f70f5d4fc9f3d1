"""A test as strategy.yaml tells it: what is changed, where, when, what decides, and what it showed."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import InitErrorDetails

from cmo.strategy.part import Day, Identifier, Money, Part, Saying, refusal, refuse

Share = Annotated[float, Field(gt=0, lt=1)]
Names = Annotated[tuple[str, ...], Field(strict=False)]
_UNSURE = 1e-6
"""Shares of variants sum to one up to so much."""


class FieldTest(Part):
    """A test that ran, runs or will run in the field.

    Attributes:
        id: Its name; rows of `experiment_units` and subjects of `experiments.lift` carry it.
        kind: What is compared: `ab`, `split`, `geo`, `on_off`, `price`, `message`, `creative` …
        says: What is tried, in a sentence.
        hypothesis: What is expected, and why.
        owner: Who answers for it.
        belief: The belief that it is to judge.
        channel: The channel whose spend is changed.
        segment: The customers it is about, where not all.
        treated: Regions where something was changed.
        start: First day.
        end: Last day.
        metric: What decides.
        guardrails: What must not fall.
        control: Name of the variant that is left as it was.
        shares: Planned share of each variant.
        rule: When it may be read: at the end, at planned looks, or at any time.
        looks: How many planned looks.
        cluster: Column that names the groups that were drawn, where units came in groups.
        strata: Column within whose values units were drawn.
        least_effect: Smallest relative effect worth acting on.
        cost: What it costs.
        lift: Outcome with the change less outcome without it, in the outcome's unit, if it was measured.
        standard_error: Standard error of the lift.
        factor: Spend without the change as a multiple of the spend that took place, in the treated regions.
        read_until: Last day on which the effect was counted.
    """

    id: Identifier
    kind: Identifier
    says: Saying | None = None
    hypothesis: Saying | None = None
    owner: Annotated[str, Field(min_length=1)] | None = None
    belief: Identifier | None = None
    channel: str | None = None
    segment: str | None = None
    treated: Names = ()
    start: Day
    end: Day
    metric: str | None = None
    guardrails: Names = ()
    control: str | None = None
    shares: dict[str, Share] = Field(default_factory=dict)
    rule: Literal["at_the_end", "planned_looks", "any_time"] | None = None
    looks: Annotated[int, Field(ge=2, le=400)] | None = None
    cluster: str | None = None
    strata: str | None = None
    least_effect: Annotated[float, Field(gt=0)] | None = None
    cost: Money | None = None
    lift: float | None = None
    standard_error: Annotated[float, Field(gt=0)] | None = None
    factor: Annotated[float, Field(ge=0)] | None = None
    read_until: Day | None = None

    @model_validator(mode="after")
    def _can_be_read(self) -> Self:
        wrong = [*self._misplaced_in_time(), *self._without_its_arms(), *self._half_measured()]
        if wrong:
            refuse(*wrong)
        return self

    def _misplaced_in_time(self) -> list[InitErrorDetails]:
        wrong = []
        if self.end < self.start:
            sentence = f"the test ends on {self.end}, before it starts on {self.start}"
            wrong.append(refusal(("end",), self.end, sentence))
        if self.read_until is not None and self.read_until < self.end:
            sentence = f"the effect is read until {self.read_until}, before the test ends on {self.end}"
            wrong.append(refusal(("read_until",), self.read_until, sentence))
        return wrong

    def _without_its_arms(self) -> list[InitErrorDetails]:
        wrong = []
        if self.kind == "geo" and not self.treated:
            sentence = "a geo test needs treated: the regions where the channel was changed"
            wrong.append(refusal(("treated",), self.treated, sentence))
        total = sum(self.shares.values())
        if self.shares and abs(total - 1.0) > _UNSURE:
            sentence = f"the shares of the variants sum to {total:g}, they must sum to 1"
            wrong.append(refusal(("shares",), self.shares, sentence))
        if self.shares and self.control is not None and self.control not in self.shares:
            sentence = f"{self.control} is the control but has no share: give it one, or name another"
            wrong.append(refusal(("control",), self.control, sentence))
        if (self.rule == "planned_looks") != (self.looks is not None):
            sentence = "looks goes with rule: planned_looks, and tells how many are planned"
            wrong.append(refusal(("looks",), self.looks, sentence))
        return wrong

    def _half_measured(self) -> list[InitErrorDetails]:
        wrong = []
        if (self.lift is None) != (self.standard_error is None):
            missing = "lift" if self.lift is None else "standard_error"
            sentence = "lift and standard_error go together: give both, or neither"
            wrong.append(refusal((missing,), None, sentence))
        if self.lift is not None and self.channel is None:
            sentence = "a lift needs channel: what the change of spend that brought it was on"
            wrong.append(refusal(("channel",), self.channel, sentence))
        if self.factor == 1.0:
            sentence = (
                "factor 1 says that nothing was changed: give spend without the test over spend with it"
            )
            wrong.append(refusal(("factor",), self.factor, sentence))
        return wrong
