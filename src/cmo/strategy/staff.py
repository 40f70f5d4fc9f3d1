"""Who does the work, as strategy.yaml tells it: the team, who could help, work that is planned."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from cmo.strategy.part import Day, Identifier, Money, Part, Period, Saying, refusal, refuse

Level = Annotated[float, Field(ge=0, le=5)]
"""How well somebody can do something: 1 has begun, 2 with help, 3 alone, 4 leads others, 5 a reference."""
Hours = Annotated[float, Field(ge=0, le=168)]
Words = Annotated[tuple[Annotated[str, Field(min_length=1)], ...], Field(strict=False)]


class Member(Part):
    """Somebody of the team: what they can do and how much time they have.

    Attributes:
        id: Their name in the rest of the document.
        name: Their name.
        role: What they are.
        department: Where they work; marketing where nothing is said.
        skills: Level of each skill, 0 to 5.
        proofs: What shows a skill: a certificate, a campaign, a colleague's word.
        languages: Languages they work in, as `fr`; any where none is said.
        markets: Markets they know.
        channels: Channels of the plan that they own.
        wishes: Skills they wish to grow in.
        hours_per_week: Hours they work in a week.
        absences: Days they are away, as `[2026-12-24, 2027-01-02]` or `2027-08`.
        cost_per_hour: What an hour costs the company.
        contacts_per_month: Contacts with customers that are expected of them in a month.
        executive: Whether they lead the company: their contacts are counted too.
    """

    id: Identifier
    name: Annotated[str, Field(min_length=1)]
    role: str | None = None
    department: Annotated[str, Field(min_length=1)] | None = None
    skills: dict[str, Level] = Field(default_factory=dict)
    proofs: dict[str, Annotated[str, Field(min_length=1)]] = Field(default_factory=dict)
    languages: Words = ()
    markets: Words = ()
    channels: Words = ()
    wishes: Words = ()
    hours_per_week: Hours | None = None
    absences: Annotated[tuple[Period, ...], Field(strict=False)] = ()
    cost_per_hour: Money | None = None
    contacts_per_month: Annotated[int, Field(ge=0, le=100)] | None = None
    executive: bool | None = None

    @model_validator(mode="after")
    def _proves_what_it_has(self) -> Self:
        for skill in self.proofs:
            if skill not in self.skills:
                sentence = f"{skill} is proven, and {self.id} has no level in it: add it to skills"
                refuse(refusal(("proofs", skill), self.proofs[skill], sentence))
        return self


class Supplier(Part):
    """Where hours or skills could come from, and at which price.

    Attributes:
        id: Its name.
        says: What it is.
        kind: An agency or freelance sells hours, a hire joins the team, a training raises a skill.
        skills: Level of each skill that it brings; for a training, the level one reaches.
        price_per_hour: Price of an hour, of an agency or a hire.
        price: Price of a training, or of finding somebody to hire.
        hours: Hours that a training takes of who follows it.
        hours_per_week: Hours that it can give in a week.
        weeks: Weeks until it can begin.
        languages: Languages it works in; any where none is said.
    """

    id: Identifier
    says: Saying
    kind: Literal["agency", "hire", "training"]
    skills: Annotated[dict[str, Level], Field(min_length=1)]
    price_per_hour: Money | None = None
    price: Money | None = None
    hours: Annotated[float, Field(ge=0)] | None = None
    hours_per_week: Hours | None = None
    weeks: Annotated[int, Field(ge=0, le=52)] | None = None
    languages: Words = ()

    @model_validator(mode="after")
    def _has_its_price(self) -> Self:
        key = "price" if self.kind == "training" else "price_per_hour"
        if getattr(self, key) is None:
            sentence = f"{self.id} is of kind {self.kind} and has no {key}: say what it costs"
            refuse(refusal(("kind",), self.kind, sentence))
        return self


class Work(Part):
    """Something that must be done, besides what decisions, tests and campaigns ask for.

    Attributes:
        id: Its name.
        says: What is to be done.
        skills: Least level of each skill that who does it must have.
        hours: Hours it takes.
        by: The last day on which it may be done.
        start: The first day on which it can be begun.
        language: Language in which it is done.
        market: Market that who does it should know.
        channel: Channel it belongs to; its owner comes first.
        after: Ids of work that must be done before.
        serves: Id of the bet, test or objective it is for.
        department: Department that does it, where it is not ours to do.
        worth: Money that depends on it; the largest is staffed first.
    """

    id: Identifier
    says: Saying
    skills: dict[str, Level] = Field(default_factory=dict)
    hours: Annotated[float, Field(gt=0, le=10_000)]
    by: Day
    start: Day | None = None
    language: str | None = None
    market: str | None = None
    channel: str | None = None
    after: Annotated[tuple[Identifier, ...], Field(strict=False)] = ()
    serves: Identifier | None = None
    department: str | None = None
    worth: Money | None = None

    @model_validator(mode="after")
    def _begins_before_it_ends(self) -> Self:
        if self.start is not None and self.start > self.by:
            refuse(refusal(("start",), self.start, f"start is after by {self.by}"))
        return self
