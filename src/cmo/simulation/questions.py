"""Claims drawn around a known truth, on either side and at any distance: what a calibration bench asks."""

from collections.abc import Mapping

import numpy as np

from cmo.simulation.beliefs import Judgement, judge
from cmo.simulation.facts import Fact

DISTANCE = 0.5  # standard deviation of the logarithm of a threshold around the true value
SHIFT = 0.35  # the same for shares, on the scale of log-odds


def _threshold(value: float, rng: np.random.Generator) -> float:
    noise = float(rng.standard_normal())
    if 0.0 < value < 1.0:
        odds = value / (1 - value) * np.exp(SHIFT * noise)
        return float(odds / (1 + odds))
    return (
        float(value * np.exp(DISTANCE * noise)) if value > 0 else float(value + abs(value) * DISTANCE * noise)
    )


def _claim(name: str, fact: Fact, rng: np.random.Generator) -> dict[str, object]:
    subjects = sorted(subject for subject, value in fact.values.items() if np.isfinite(value))
    if name == "sales.revenue":
        return {"measure": name, ("rising", "falling")[int(rng.integers(2))]: True}
    ranked = [subject for subject in subjects if subject != "total"]
    subject = str(rng.choice(subjects))
    claim: dict[str, object] = {"measure": name} if subject == "total" else {"measure": name, "of": subject}
    form = int(rng.integers(5)) if subject != "total" and len(ranked) > 1 else int(rng.integers(2))
    if form == 0:
        return claim | {"at_least": _threshold(fact.values[subject], rng)}
    if form == 1:
        return claim | {"at_most": _threshold(fact.values[subject], rng)}
    if form == 2:
        return claim | {"is": ("highest", "lowest")[int(rng.integers(2))]}
    if form == 3:
        return claim | {"top": int(rng.integers(1, len(ranked)))}
    return claim | {"above": {"of": str(rng.choice([other for other in ranked if other != subject]))}}


def draw_claims(
    facts: Mapping[str, Fact], rng: np.random.Generator, *, count: int
) -> list[tuple[dict[str, object], Judgement]]:
    """Draw claims on known measures, each with its judgement; about half of them hold.

    Args:
        facts: The truth of a company.
        rng: Source of chance.
        count: Claims wanted; those on which readings of a measure disagree, and ties, are drawn again.

    Returns:
        Claims in the grammar of strategy.yaml, with whether they are true.
    """
    names = sorted(facts)
    drawn: list[tuple[dict[str, object], Judgement]] = []
    while len(drawn) < count:
        name = str(rng.choice(names))
        claim = _claim(name, facts[name], rng)
        judged = judge(claim, facts)
        if judged.true is not None and judged.margin:
            drawn.append((claim, judged))
    return drawn
