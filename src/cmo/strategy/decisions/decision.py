"""A decision: an action, what it should bring, on which evidence, who answers for it, when to look back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from cmo.measures import Grade, Text, Window

Floats = npt.NDArray[np.float64]


class Kind(StrEnum):
    """What a decision is about."""

    BUDGET = "budget"
    TEST = "test"
    CUSTOMER = "customer"
    PRICE = "price"
    PRODUCT = "product"
    DISTRIBUTION = "distribution"
    CHANNEL = "channel"
    MESSAGE = "message"
    STOP = "stop"


class Alignment(StrEnum):
    """Whether a decision goes with the strategy in force or puts it right."""

    COHERENT = "coherent"
    CORRECTIVE = "corrective"


class Reversibility(StrEnum):
    """How hard it is to undo."""

    EASY = "easy"
    COSTLY = "costly"
    FINAL = "final"


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """Money that changes place.

    Attributes:
        source: Where it is taken from; none where it is new money.
        target: Where it goes; none where it is saved.
        money: How much, in the company's currency, over the decision's period, >= 0.
    """

    source: str | None
    target: str | None
    money: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """A quantity with its uncertainty.

    Attributes:
        mean: Expected value.
        q05: Lower end of the 90 % interval.
        q95: Upper end.
        positive: Probability that it is above zero, in [0, 1].
    """

    mean: float
    q05: float
    q95: float
    positive: float

    @classmethod
    def of(cls, draws: Floats) -> "Range":
        """The range of draws, shape (draws,)."""
        low, high = np.quantile(draws, [0.05, 0.95])
        return cls(
            mean=float(draws.mean()), q05=float(low), q95=float(high), positive=float((draws > 0).mean())
        )

    def rounded(self) -> "Range":
        """The same as one says it: in steps of a hundredth of the interval or so."""
        step = 10.0 ** max(0, int(np.floor(np.log10(max(self.q95 - self.q05, abs(self.mean) / 10, 1.0)))) - 2)
        mean, low, high = (round(value / step) * step for value in (self.mean, self.q05, self.q95))
        return Range(mean=mean, q05=low, q95=high, positive=self.positive)

    def as_mapping(self) -> dict[str, float]:
        """Plain values for JSON."""
        return {"mean": self.mean, "q05": self.q05, "q95": self.q95}


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """On what a decision rests.

    Attributes:
        measures: Names of the measures it was drawn from.
        grade: The weakest of their grades.
        beliefs: Ids of the beliefs it goes with or against.
        alignment: With the strategy in force, or putting it right.
    """

    measures: tuple[str, ...]
    grade: Grade
    beliefs: tuple[str, ...] = ()
    alignment: Alignment = Alignment.COHERENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Execution:
    """What it takes to carry a decision out, and how to come back from it.

    Attributes:
        owner: Id of the member who would answer for it; none where nobody of the team can be named.
        hours: Hours of work it takes.
        reversibility: How hard it is to undo.
        stop_rule: When to stop, in a sentence.
        review_on: The day on which its forecast is held against what happened.
    """

    owner: str | None
    hours: float
    reversibility: Reversibility
    stop_rule: Text
    review_on: date


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Decision:
    """An action worth approving.

    Attributes:
        id: Its name: the same action on the same object has the same name at every review.
        kind: What it is about.
        says: The action, as one says it to who carries it out.
        why: The reason, with its figures.
        moves: Money that changes place.
        money: Money at stake in it, >= 0.
        profit: Joint draws of the profit it adds over `period`, shape (draws,).
        period: The days in which that profit falls.
        basis: The evidence.
        execution: Who, how long, until when.
        sets: What it makes of the money of each channel, for those it changes.
        counts: Names of the money and customers whose profit it counts.
    """

    id: str
    kind: Kind
    says: Text
    why: Text
    moves: tuple[Move, ...]
    money: float
    profit: Floats
    period: Window
    basis: Basis
    execution: Execution
    sets: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    counts: frozenset[str] = frozenset()

    @property
    def expected(self) -> Range:
        """What it should bring."""
        return Range.of(self.profit)


@dataclass(frozen=True, slots=True, kw_only=True)
class Withheld:
    """A decision that the evidence cannot carry.

    Attributes:
        kind: What it would have been about.
        why: The reason, and what would carry one.
    """

    kind: Kind
    why: Text
