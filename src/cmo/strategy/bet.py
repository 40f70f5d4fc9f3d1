"""Choices and bets as strategy.yaml tells them: where we play, how we win, what we refuse, what we stake."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from cmo.strategy.part import Day, Identifier, Money, Part, Saying, refusal, refuse

Names = Annotated[tuple[Identifier, ...], Field(strict=False)]
Range = Annotated[tuple[float, float], Field(strict=False)]


class Choice(Part):
    """What was chosen, so that something else was not.

    Attributes:
        id: Its name.
        says: The choice in a sentence.
        kind: Where we play, how we win, or what we refuse.
        goals: Ids of the objectives it serves; all of them where none is named.
        refuses: Channels of the plan that a refusal forbids money to.
    """

    id: Identifier
    says: Saying
    kind: Literal["where", "how", "refuse"]
    goals: Names = ()
    refuses: tuple[str, ...] = Field(default=(), strict=False)

    @model_validator(mode="after")
    def _only_a_refusal_refuses(self) -> Self:
        if self.refuses and self.kind != "refuse":
            sentence = f"only a choice of kind refuse refuses channels; {self.id} is of kind {self.kind}"
            refuse(refusal(("refuses",), self.refuses, sentence))
        return self


class Bet(Part):
    """Money and hours staked on a choice, what is expected of them, and what would have to be true.

    Attributes:
        id: Its name.
        says: The bet in a sentence.
        goal: Id of the objective it serves.
        choice: Id of the choice it carries out.
        channels: Channels of the plan whose money it is.
        money: Money besides that of its channels, in the plan's period.
        hours: Hours per week that it takes, by member of the team.
        owner: Who answers for it.
        expects: Profit that is expected of it, from a low to a high figure.
        assumes: Ids of the beliefs that must hold for it to pay.
        by: The day by which it should have paid.
    """

    id: Identifier
    says: Saying
    goal: Identifier | None = None
    choice: Identifier | None = None
    channels: tuple[str, ...] = Field(default=(), strict=False)
    money: Money | None = None
    hours: dict[str, Annotated[float, Field(ge=0, le=168)]] = Field(default_factory=dict)
    owner: Annotated[str, Field(min_length=1)] | None = None
    expects: Range | None = None
    assumes: Names = ()
    by: Day | None = None

    @model_validator(mode="after")
    def _expects_a_range(self) -> Self:
        if self.expects is not None and self.expects[0] > self.expects[1]:
            refuse(refusal(("expects",), self.expects, "expects is a range from low to high: [0, 40000]"))
        return self
