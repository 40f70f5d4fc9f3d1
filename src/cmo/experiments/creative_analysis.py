"""A creative test by batches: what past creatives make likely, what to send next, what it found."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf, sqrt

import numpy as np

from cmo.experiments.bandit import adaptive_rate
from cmo.experiments.contrast import Effect, Inference, tested
from cmo.experiments.creatives import learnt_creatives, trait_model
from cmo.experiments.moments import Floats

LEAST_TESTS = 3
"""Past tests from which on they tell how unlike creatives are."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Shown:
    """What was seen of a creative, batch by batch.

    Attributes:
        name: Its name.
        units: Times it was shown, shape (batches,).
        successes: How often it was answered, shape (batches,).
    """

    name: str
    units: Floats
    successes: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Taught:
    """What past creatives teach of new ones.

    Attributes:
        rates: Expected rate of each new creative, in their order.
        concentration: Units of experience that this is worth.
        tests: Past tests it was learnt from.
        traits: How much each trait matters: standard deviation of its effects on the log-odds.
    """

    rates: tuple[float, ...]
    concentration: float
    tests: int
    traits: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """A creative of the past, as it is learnt from.

    Attributes:
        test: Its test.
        units: Times it was shown, > 0.
        successes: How often it was answered.
        traits: What it was like.
    """

    test: str
    units: int
    successes: int
    traits: Mapping[str, str]


def taught(past: Sequence[Before], traits: Sequence[Mapping[str, str]]) -> Taught | None:
    """What past tests make likely of new creatives, by their traits; none from fewer than three tests.

    Tests are a trait themselves, so that what audiences differ by is not taken for what creatives do.

    Args:
        past: Creatives of past tests.
        traits: Traits of each new creative.
    """
    shown = [one for one in past if one.units > 0]
    names = sorted({one.test for one in shown})
    several = [name for name in names if sum(one.test == name for one in shown) > 1]
    if len(several) < LEAST_TESTS:
        return None
    model = trait_model(
        [one.successes for one in shown],
        [one.units for one in shown],
        traits=[{**one.traits, "test": one.test} for one in shown],
    )
    most = max(sum(one.test == name for one in shown) for name in several)
    won, seen = np.zeros((len(several), most)), np.zeros((len(several), most))
    for i, name in enumerate(several):
        own = [one for one in shown if one.test == name]
        won[i, : len(own)] = [one.successes for one in own]
        seen[i, : len(own)] = [one.units for one in own]
    history = learnt_creatives(won, seen)
    experience = float(np.exp(history.weight @ np.log(history.concentration)))
    return Taught(
        rates=tuple(min(max(model.rate(of), 1e-6), 1.0 - 1e-6) for of in traits),
        concentration=experience,
        tests=len(several),
        traits={name: spread for name, spread in model.spread.items() if name != "test"},
    )


def adaptive_effects(
    shown: Sequence[Shown], *, control: str, inference: Inference
) -> dict[str, tuple[float, float, Effect]]:
    """Relative effect of each creative against one of them, freed of the favour that lucky ones were shown.

    Args:
        shown: Every creative, batch by batch.
        control: The creative that the others are held against.
        inference: The test to invert; creatives share its error evenly.

    Returns:
        For each other creative the rate of the control, its own, and the effect.

    Raises:
        ValueError: The control was never shown, or nobody answered it.
    """
    rates = {one.name: adaptive_rate(one.successes, one.units) for one in shown if one.units.sum() > 0.0}
    if control not in rates or rates[control].estimate <= 0.0:
        raise ValueError(f"{control} was never shown or never answered: nothing can be held against it")
    base = rates[control]
    others = [name for name in rates if name != control]
    each = Inference(level=1.0 - (1.0 - inference.level) / max(len(others), 1))
    out = {}
    for name in others:
        own = rates[name]
        ratio = own.estimate / base.estimate
        error = sqrt(own.se**2 + (ratio * base.se) ** 2) / base.estimate
        units = float(sum(one.units.sum() for one in shown if one.name in {name, control}))
        out[name] = (base.estimate, own.estimate, tested(ratio - 1.0, error, df=inf, n=units, inference=each))
    return out
