"""A decision as plain values: what is remembered, shown and approved, without its draws."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from cmo.measures import Grade, Language, Text, Window
from cmo.strategy.decisions.decision import Alignment, Kind, Move, Range, Reversibility
from cmo.strategy.decisions.ranking import Ranked


@dataclass(frozen=True, slots=True, kw_only=True)
class Packet:
    """A decision that can be written down; its fields are those of `Decision` and of its place in the list.

    Attributes:
        id: Its name, the same at every review.
        kind: What it is about.
        says: The action.
        why: The reason, with figures.
        moves: Money that changes place.
        money: Money at stake.
        expected: Profit it adds over `period` by itself.
        adds: Profit it adds on top of the decisions above it.
        per_money: The same per unit of money at stake, hours at their cost.
        instead_of: The decision above that counts the same money; none where it stands by itself.
        period: The days in which its profit falls.
        measures: Names of the measures it was drawn from.
        grade: Strength of the evidence.
        beliefs: Ids of beliefs it goes with or against.
        alignment: With the strategy in force, or putting it right.
        owner: Id of who would answer for it.
        hours: Hours it takes.
        reversibility: How hard it is to undo.
        stop_rule: When to stop.
        review_on: When its forecast is held against what happened.
        sets: Money of each channel that it changes, as it would be.
    """

    id: str
    kind: Kind
    says: Text
    why: Text
    moves: tuple[Move, ...]
    money: float
    expected: Range
    adds: Range
    per_money: float
    instead_of: str | None
    period: Window
    measures: tuple[str, ...]
    grade: Grade
    beliefs: tuple[str, ...]
    alignment: Alignment
    owner: str | None
    hours: float
    reversibility: Reversibility
    stop_rule: Text
    review_on: date
    sets: Mapping[str, float]

    @classmethod
    def of(cls, ranked: Ranked) -> "Packet":
        """What is written of a decision in its place."""
        one = ranked.decision
        return cls(
            id=one.id,
            kind=one.kind,
            says=one.says,
            why=one.why,
            moves=one.moves,
            money=one.money,
            expected=one.expected,
            adds=ranked.adds,
            per_money=ranked.per_money,
            instead_of=ranked.instead_of,
            period=one.period,
            measures=one.basis.measures,
            grade=one.basis.grade,
            beliefs=one.basis.beliefs,
            alignment=one.basis.alignment,
            owner=one.execution.owner,
            hours=one.execution.hours,
            reversibility=one.execution.reversibility,
            stop_rule=one.execution.stop_rule,
            review_on=one.execution.review_on,
            sets=dict(one.sets),
        )

    def as_mapping(self) -> dict[str, Any]:
        """Plain values for JSON, both languages kept; `parse` reads them back."""
        return {
            "id": self.id,
            "kind": self.kind.value,
            "says": self.says.as_mapping(),
            "why": self.why.as_mapping(),
            "moves": [asdict(move) for move in self.moves],
            "money": self.money,
            "expected": asdict(self.expected),
            "adds": asdict(self.adds),
            "per_money": self.per_money,
            "instead_of": self.instead_of,
            "period": self.period.as_list(),
            "measures": list(self.measures),
            "grade": self.grade.value,
            "beliefs": list(self.beliefs),
            "alignment": self.alignment.value,
            "owner": self.owner,
            "hours": self.hours,
            "reversibility": self.reversibility.value,
            "stop_rule": self.stop_rule.as_mapping(),
            "review_on": self.review_on.isoformat(),
            "sets": dict(self.sets),
        }

    @classmethod
    def parse(cls, said: Mapping[str, Any]) -> "Packet":
        """Read what `as_mapping` wrote."""
        return cls(
            id=said["id"],
            kind=Kind(said["kind"]),
            says=Text.of_mapping(said["says"]),
            why=Text.of_mapping(said["why"]),
            moves=tuple(Move(**move) for move in said["moves"]),
            money=said["money"],
            expected=Range(**said["expected"]),
            adds=Range(**said["adds"]),
            per_money=said["per_money"],
            instead_of=said["instead_of"],
            period=Window.parse(said["period"]),
            measures=tuple(said["measures"]),
            grade=Grade(said["grade"]),
            beliefs=tuple(said["beliefs"]),
            alignment=Alignment(said["alignment"]),
            owner=said["owner"],
            hours=said["hours"],
            reversibility=Reversibility(said["reversibility"]),
            stop_rule=Text.of_mapping(said["stop_rule"]),
            review_on=date.fromisoformat(said["review_on"]),
            sets=dict(said["sets"]),
        )

    def in_(self, language: Language) -> dict[str, Any]:
        """The same in one language, as the command line's JSON shows it."""
        said = self.as_mapping()
        for name in ("says", "why", "stop_rule"):
            said[name] = getattr(self, name).in_(language)
        expected = said.pop("expected")
        said["expected_profit"] = self.expected.as_mapping()
        said["probability_of_gain"] = expected["positive"]
        said["adds"] = self.adds.as_mapping()
        said["evidence"] = said.pop("measures")
        return said
