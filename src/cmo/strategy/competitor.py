"""Whom customers may choose instead: rivals, and substitutes from other sectors by the job they do."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from cmo.strategy.part import Identifier, Money, Part, Probability, Saying, refusal, refuse


class Competitor(Part):
    """A rival of the sector, or something of another sector that does the same job for customers.

    Attributes:
        id: Its name here.
        brand: Its name in the market's figures, where it has another.
        sector: The sector it is of, for a substitute; the company's own where left out.
        job: The job that customers give it; a substitute must say it.
        price: What it costs them.
        minutes: Time that it takes them.
        lost: Part of the customers who left that went there, where somebody asked them.
    """

    id: Identifier
    brand: Annotated[str, Field(min_length=1)] | None = None
    sector: Annotated[str, Field(min_length=1)] | None = None
    job: Saying | None = None
    price: Money | None = None
    minutes: Annotated[float, Field(ge=0)] | None = None
    lost: Probability | None = None

    @property
    def name(self) -> str:
        """What it is called in the market's figures."""
        return self.brand or self.id

    @model_validator(mode="after")
    def _substitutes_do_a_job(self) -> Self:
        if self.sector is not None and self.job is None:
            sentence = "a substitute from another sector says which job it does: give job"
            refuse(refusal(("job",), None, sentence))
        return self
