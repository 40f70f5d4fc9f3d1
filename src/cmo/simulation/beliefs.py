"""What the company's people hold to be true, and whether it is: judged by the known truth, never by hand."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from cmo.simulation.facts import Fact

Claim = Mapping[str, object]

WHOLES = ("total", "growth", "next_12_months")
"""Subjects that stand for all the others: none is compared with them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A belief as somebody of the company holds it."""

    belief_id: str
    fr: str
    en: str
    owner: str
    confidence: float
    claim: Claim | None

    def as_mapping(self) -> dict[str, object]:
        """The belief as strategy.yaml writes it."""
        said: dict[str, object] = {
            "id": self.belief_id,
            "says": {"fr": self.fr, "en": self.en},
            "owner": self.owner,
            "confidence": self.confidence,
        }
        return said if self.claim is None else said | {"claim": dict(self.claim)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """Whether a belief is true.

    Attributes:
        true: None where no claim is made, or where defensible readings of the measure disagree.
        value: True value of the subject, or its change for a trend.
        bar: What it is held against: the threshold, the nearest rival, zero for a trend.
        margin: Distance between the two over the larger of them, the smallest over all readings.
    """

    true: bool | None
    value: float | None = None
    bar: float | None = None
    margin: float | None = None


def _bar(claim: Claim, subject: str, values: Mapping[str, float]) -> tuple[bool, float]:
    """Whether a claim holds for known values, and what the subject was held against."""
    mine = values[subject]
    if "at_least" in claim or "at_most" in claim or "between" in claim:
        return _against_bounds(claim, mine)
    for side in ("above", "below"):
        if isinstance(against := claim.get(side), Mapping):
            by = float(against.get("by", 0.0)) * (1 if side == "above" else -1)
            bar = values[str(against["of"])] * float(against.get("times", 1.0)) + by
            return (mine > bar if side == "above" else mine < bar), bar
    others = sorted((v for name, v in values.items() if name not in {subject, *WHOLES}), reverse=True)
    if claim.get("is") == "lowest":
        return mine < others[-1], others[-1]
    if claim.get("is") == "highest" or "top" in claim:
        rank = int(str(claim.get("top", 1)))
        return mine > others[rank - 1], others[rank - 1]
    raise ValueError(f"claim {dict(claim)} cannot be judged by known values: add its predicate here")


def _against_bounds(claim: Claim, mine: float) -> tuple[bool, float]:
    if isinstance(between := claim.get("between"), list | tuple):
        low, high = float(between[0]), float(between[1])
        return low <= mine <= high, low if abs(mine - low) < abs(mine - high) else high
    if "at_least" in claim:
        bar = float(str(claim["at_least"]))
        return mine >= bar, bar
    bar = float(str(claim["at_most"]))
    return mine <= bar, bar


def _margin(value: float, bar: float) -> float:
    larger = max(abs(value), abs(bar))
    return abs(value - bar) / larger if larger > 0 else 0.0


def judge(claim: Claim | None, facts: Mapping[str, Fact]) -> Judgement:
    """Judge a claim under every reading of its measure."""
    if claim is None:
        return Judgement(true=None)
    fact = facts[str(claim["measure"])]
    if "rising" in claim or "falling" in claim:
        change = fact.values["growth"]
        if math.isnan(change):
            return Judgement(true=None)
        return Judgement(true=(change > 0) == ("rising" in claim), value=change, bar=0.0, margin=abs(change))
    subject = str(claim.get("of", "total"))
    against = claim.get("above") or claim.get("below")
    other = str(against["of"]) if isinstance(against, Mapping) else subject
    if not {subject, other} <= set(fact.values):
        return Judgement(true=None)
    readings = [fact.values, *(v for v in fact.also.values() if {subject, other} <= set(v))]
    held = [_bar(claim, subject, values) for values in readings]
    margins = [_margin(values[subject], bar) for values, (_, bar) in zip(readings, held, strict=True)]
    answers = {answer for answer, _ in held}
    return Judgement(
        true=answers.pop() if len(answers) == 1 else None,
        value=fact.values[subject],
        bar=held[0][1],
        margin=min(margins),
    )
