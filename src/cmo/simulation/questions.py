"""Claims on measures whose truth is known, drawn by somebody who does not know it.

Whoever draws claims around the truth makes the best judge look wrong: that a claim lies near a threshold then
says where the truth is, and no evidence knew. So thresholds are drawn around guesses (an estimate, the figure
of another company), subjects at random, and whether a claim holds plays no part in its being asked.
"""

from collections.abc import Mapping

import numpy as np

from cmo.simulation.beliefs import WHOLES, Judgement, judge
from cmo.simulation.facts import Fact

DISTANCES = (0.02, 0.1, 0.5)  # standard deviations of the logarithm of a threshold around the guess
SHIFT = 1.4  # the same for shares, as a multiple of the above on the scale of log-odds
TRIES = 20  # per claim wanted: of some measures little is known

Guesses = Mapping[str, Mapping[str, float]]
"""A value for each subject of each measure."""


def _threshold(value: float, rng: np.random.Generator) -> float:
    noise = float(rng.choice(DISTANCES) * rng.standard_normal())
    if 0.0 < value < 1.0:
        odds = value / (1 - value) * np.exp(SHIFT * noise)
        return float(odds / (1 + odds))
    return float(value * np.exp(noise)) if value > 0 else float(value + abs(value) * noise)


def _alone(value: float, rng: np.random.Generator) -> dict[str, object]:
    """What can be said of one subject by itself."""
    form = int(rng.integers(3))
    if form == 2:
        return {"between": sorted((_threshold(value, rng), _threshold(value, rng)))}
    return {("at_least", "at_most")[form]: _threshold(value, rng)}


def _among(subject: str, guesses: Mapping[str, float], rng: np.random.Generator) -> dict[str, object]:
    """What can be said of one subject among others."""
    form = int(rng.integers(4))
    if form == 0:
        return {"is": ("highest", "lowest")[int(rng.integers(2))]}
    if form == 1:
        return {"top": int(rng.integers(1, len(guesses)))}
    other = str(rng.choice([name for name in guesses if name != subject]))
    side = ("above", "below")[int(rng.integers(2))]
    if form == 2 or not (guesses[other] > 0 and guesses[subject] > 0):
        return {side: {"of": other}}
    return {side: {"of": other, "times": _threshold(guesses[subject] / guesses[other], rng)}}


def _claim(
    name: str, guesses: Mapping[str, float], rng: np.random.Generator, *, grows: bool
) -> dict[str, object]:
    if grows and rng.random() < 0.5:
        return {"measure": name, ("rising", "falling")[int(rng.integers(2))]: True}
    ranked = {subject: value for subject, value in guesses.items() if subject not in WHOLES}
    subject = str(rng.choice(sorted(guesses)))
    claim: dict[str, object] = {"measure": name} if subject == "total" else {"measure": name, "of": subject}
    if subject in ranked and len(ranked) > 1 and rng.random() < 0.5:
        return claim | _among(subject, ranked, rng)
    return claim | _alone(guesses[subject], rng)


def draw_claims(
    facts: Mapping[str, Fact], guesses: Guesses, rng: np.random.Generator, *, count: int
) -> list[tuple[dict[str, object], Judgement]]:
    """Draw claims on known measures, each with its judgement.

    Args:
        facts: The truth of a company: it judges, and does not draw.
        guesses: What thresholds are drawn around; claims are on its measures and subjects that have a fact.
        rng: Source of chance.
        count: Claims wanted; those on which readings of a measure disagree, and ties, are left out, so that
            fewer may come.

    Returns:
        Claims in the grammar of strategy.yaml, with whether they are true.
    """
    known = {
        name: {s: v for s, v in sorted(guesses[name].items()) if np.isfinite(fact.values.get(s, np.nan))}
        for name, fact in sorted(facts.items())
        if name in guesses
    }
    names = [name for name, subjects in known.items() if subjects]
    drawn: list[tuple[dict[str, object], Judgement]] = []
    for _ in range(TRIES * count if names else 0):
        name = str(rng.choice(names))
        claim = _claim(name, known[name], rng, grows=np.isfinite(facts[name].values.get("growth", np.nan)))
        judged = judge(claim, facts)
        if judged.true is not None and judged.margin:
            drawn.append((claim, judged))
        if len(drawn) == count:
            break
    return drawn
