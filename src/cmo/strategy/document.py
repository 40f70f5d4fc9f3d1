"""The strategy document: what strategy.yaml may say, checked once, as frozen values.

Every refusal is a sentence at a place (the path of keys that leads there), so that whoever reads the file
can name the line. A part that is left out is empty; nothing is invented in its stead.
"""

from collections.abc import Mapping
from typing import Annotated, Self

from pydantic import BeforeValidator, Field, model_validator
from pydantic_core import InitErrorDetails

from cmo.strategy.bet import Bet, Choice
from cmo.strategy.competitor import Competitor
from cmo.strategy.field_test import FieldTest
from cmo.strategy.part import (
    Day,
    Identifier,
    MeasureName,
    Money,
    Part,
    Period,
    Probability,
    Saying,
    Statement,
    listed,
    nearest,
    refusal,
    refuse,
)
from cmo.strategy.staff import Member, Supplier, Work


class Objective(Part):
    """A goal: a measure, how far it shall come, and by when."""

    id: Identifier
    says: Saying
    measure: MeasureName
    of: str | None = None
    at_least: float | None = None
    at_most: float | None = None
    by: Day

    @model_validator(mode="after")
    def _one_target(self) -> Self:
        if (self.at_least is None) == (self.at_most is None):
            sentence = "an objective takes exactly one of at_least and at_most"
            refuse(refusal(("at_least",), self.at_least, sentence))
        return self


class Positioning(Part):
    """For whom we are what, why, and unlike whom."""

    for_: Saying | None = Field(default=None, alias="for")
    who: Saying | None = None
    we_are: Saying | None = None
    that: Saying | None = None
    unlike: Saying | None = None


class ChannelPlan(Part):
    """Money planned for one channel over the period, and how far it may be moved."""

    spend: Money
    min: Money | None = None
    max: Money | None = None

    @model_validator(mode="after")
    def _within_its_bounds(self) -> Self:
        if self.min is not None and self.max is not None and self.min > self.max:
            refuse(refusal(("min",), self.min, f"min is above max {_amount(self.max)}"))
        if self.min is not None and self.spend < self.min:
            refuse(refusal(("spend",), self.spend, f"spend is below min {_amount(self.min)}"))
        if self.max is not None and self.spend > self.max:
            refuse(refusal(("spend",), self.spend, f"spend is above max {_amount(self.max)}"))
        return self


class Plan(Part):
    """The budget in force and how it is shared among channels."""

    period: Period
    budget: Money
    channels: dict[str, ChannelPlan] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _within_the_budget(self) -> Self:
        spent = sum(channel.spend for channel in self.channels.values())
        if spent > self.budget * (1 + 1e-12):
            sentence = (
                f"the channels spend {_amount(spent)}, which is {_amount(spent - self.budget)} more than the "
                f"budget of {_amount(self.budget)}: raise it or lower a spend"
            )
            refuse(refusal(("budget",), self.budget, sentence))
        return self


class Belief(Part):
    """What somebody holds to be true, how surely, and the claim by which the data can judge it.

    `holders` gives the confidence of everybody who was asked, by member; `confidence` is that of the owner.
    """

    id: Identifier
    says: Saying
    owner: Annotated[str, Field(min_length=1)] | None = None
    confidence: Probability | None = None
    holders: dict[str, Probability] = Field(default_factory=dict)
    cost_if_wrong: Money | None = None
    claim: Statement | None = None

    @property
    def confidences(self) -> dict[str, float]:
        """How sure each holder is, the owner among them where both are known."""
        own = {} if self.owner is None or self.confidence is None else {self.owner: self.confidence}
        return own | self.holders


class Idea(Part):
    """Something that could be tried.

    Attributes:
        id: Its name.
        says: The idea in a sentence.
        kind: `channel`, `product`, `service` …
        channel: Name the channel has in the plan and in the data, for an idea of kind channel.
        topic: Topic of the signals that tells whether it is on the rise.
        level: Level of an attribute that it would offer, as `ingredients=organic`.
        unit_cost: What one more piece of it costs.
        share: Part of the orders that would have it, in [0, 1].
        ceiling: Most margin that a year of it can bring, for a channel whose audience is known.
        cost: Money to try it.
        hours: Hours to try it.
    """

    id: Identifier
    says: Saying
    kind: Identifier
    channel: str | None = None
    topic: str | None = None
    level: str | None = None
    unit_cost: Money | None = None
    share: Probability | None = None
    ceiling: Money | None = None
    cost: Money | None = None
    hours: Annotated[float, Field(ge=0)] | None = None


class Strategy(Part):
    """What the company wants, believes and plans."""

    objectives: Annotated[tuple[Objective, ...], Field(strict=False), BeforeValidator(listed)] = ()
    positioning: Positioning | None = None
    plan: Plan | None = None
    beliefs: Annotated[tuple[Belief, ...], Field(strict=False), BeforeValidator(listed)] = ()
    tests: Annotated[tuple[FieldTest, ...], Field(strict=False), BeforeValidator(listed)] = ()
    team: Annotated[tuple[Member, ...], Field(strict=False), BeforeValidator(listed)] = ()
    ideas: Annotated[tuple[Idea, ...], Field(strict=False), BeforeValidator(listed)] = ()
    choices: Annotated[tuple[Choice, ...], Field(strict=False), BeforeValidator(listed)] = ()
    bets: Annotated[tuple[Bet, ...], Field(strict=False), BeforeValidator(listed)] = ()
    competitors: Annotated[tuple[Competitor, ...], Field(strict=False), BeforeValidator(listed)] = ()
    suppliers: Annotated[tuple[Supplier, ...], Field(strict=False), BeforeValidator(listed)] = ()
    work: Annotated[tuple[Work, ...], Field(strict=False), BeforeValidator(listed)] = ()

    @model_validator(mode="after")
    def _names_are_of_one_thing(self) -> Self:
        wrong = [
            *self._repeated_ids(),
            *self._unknown_owners(),
            *self._unknown_beliefs(),
            *self._unknown_stakes(),
            *self._unknown_work(),
        ]
        if wrong:
            refuse(*wrong)
        return self

    def _repeated_ids(self) -> list[InitErrorDetails]:
        wrong: list[InitErrorDetails] = []
        for section in LISTS:
            taken: set[str] = set()
            for i, part in enumerate(getattr(self, section)):
                if part.id in taken:
                    sentence = f"{part.id} is the id of two {section}: give each its own"
                    wrong.append(refusal((section, i, "id"), part.id, sentence))
                taken.add(part.id)
        return wrong

    def _unknown_owners(self) -> list[InitErrorDetails]:
        team = [member.id for member in self.team]
        wrong: list[InitErrorDetails] = []
        for section in ("beliefs", "tests", "bets"):
            for i, part in enumerate(getattr(self, section)):
                if team and part.owner is not None and part.owner not in team:
                    sentence = f"{part.owner} is nobody of the team: {nearest(part.owner, team)}"
                    wrong.append(refusal((section, i, "owner"), part.owner, sentence))
        return wrong

    def _unknown_beliefs(self) -> list[InitErrorDetails]:
        held = [belief.id for belief in self.beliefs]
        wrong: list[InitErrorDetails] = []
        for i, test in enumerate(self.tests):
            if test.belief is not None and test.belief not in held:
                known = nearest(test.belief, held) if held else "the strategy holds none"
                sentence = f"{test.belief} is no belief of the strategy: {known}"
                wrong.append(refusal(("tests", i, "belief"), test.belief, sentence))
        return wrong

    def _unknown_stakes(self) -> list[InitErrorDetails]:
        """Whatever choices, bets and holders point at that is not in the document."""
        known = {
            "objective": [one.id for one in self.objectives],
            "choice": [one.id for one in self.choices],
            "belief": [one.id for one in self.beliefs],
            "channel of the plan": [] if self.plan is None else list(self.plan.channels),
            "member of the team": [one.id for one in self.team],
        }
        pointed: list[tuple[tuple[str | int, ...], str, str]] = []
        for i, choice in enumerate(self.choices):
            pointed += [(("choices", i, "goals"), name, "objective") for name in choice.goals]
        for i, bet in enumerate(self.bets):
            place = ("bets", i)
            pointed += [((*place, "goal"), bet.goal, "objective")] if bet.goal else []
            pointed += [((*place, "choice"), bet.choice, "choice")] if bet.choice else []
            pointed += [((*place, "assumes"), name, "belief") for name in bet.assumes]
            pointed += [((*place, "channels"), name, "channel of the plan") for name in bet.channels]
            if self.team:
                pointed += [((*place, "hours"), name, "member of the team") for name in bet.hours]
        if self.team:
            for i, belief in enumerate(self.beliefs):
                pointed += [
                    (("beliefs", i, "holders"), name, "member of the team") for name in belief.holders
                ]
        return [
            refusal(place, name, f"{name} is no {kind}: {_or_none(name, known[kind])}")
            for place, name, kind in pointed
            if name not in known[kind]
        ]

    def _unknown_work(self) -> list[InitErrorDetails]:
        """Work that waits for itself, or for what is not in the document."""
        names = [one.id for one in self.work]
        waits = {one.id: one.after for one in self.work}
        wrong: list[InitErrorDetails] = []
        for i, one in enumerate(self.work):
            place = ("work", i, "after")
            wrong += [
                refusal(place, name, f"{name} is no work of the strategy: {nearest(name, names)}")
                for name in one.after
                if name not in names
            ]
            if _comes_back(one.id, waits):
                wrong.append(refusal(place, one.after, f"{one.id} waits for itself: take one of after away"))
        return wrong


LISTS = (
    "objectives",
    "beliefs",
    "tests",
    "team",
    "ideas",
    "choices",
    "bets",
    "suppliers",
    "work",
    "competitors",
)


def _comes_back(start: str, waits: Mapping[str, tuple[str, ...]]) -> bool:
    """Whether following what a piece of work waits for leads back to it."""
    seen: set[str] = set()
    ahead = list(waits[start])
    while ahead:
        name = ahead.pop()
        if name == start:
            return True
        if name not in seen:
            seen.add(name)
            ahead += waits.get(name, ())
    return False


def _or_none(name: str, known: list[str]) -> str:
    return nearest(name, known) if known else "there is none"


def _amount(value: float) -> str:
    return f"{value:,.2f}".removesuffix(".00")
