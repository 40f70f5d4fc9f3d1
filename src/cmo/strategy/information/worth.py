"""Which tests pay: the value of what each would tell, less its cost and the time it takes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from cmo.experiments.feasible import Feasible, Form
from cmo.measures import Text, Unit
from cmo.strategy.decisions.curves import Curves
from cmo.strategy.decisions.ground import Ground
from cmo.strategy.information.candidates import candidates
from cmo.strategy.information.sample_information import (
    REPEATS,
    Worth,
    chance_worth,
    sample_information,
    with_noise,
)

Floats = npt.NDArray[np.float64]

USED_FOR: Final = 365
"""Days for which what a test tells is of use, the test itself included."""
HOURS: Final = {Form.GEO: 20.0, Form.ON_OFF: 12.0, Form.SPLIT: 16.0}
_OTHER_HOURS: Final = 16.0
_SELDOM: Final = 0.02
"""Probability of changing a decision below which a test is not worth telling of."""
_ABOVE_CHANCE: Final = 3.0
_TELLS: Final = 0.01
"""Part of the spread of a reading that must come from the truth for it to be worth thinking of."""
_USUAL_SPREAD: Final = 0.1
"""Spread of the effects of new actions on customers, before the company's own tests."""
_AS_MANY_TESTS: Final = 8
"""How many tests of its own weigh as much as that."""
_A_QUARTER: Final = 91.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Candidate:
    """A test with what it is worth.

    Attributes:
        design: What would be done.
        draws: Value, less cost, as it could turn out, shape (draws,): what the choice gains at each signal.
        value: Expected value of what it tells over a year from now, in money.
        cost: Money and hours that it costs, in money.
        hours: Hours of work.
        changes: Probability that it changes a decision.
        says: What is tried, in a sentence.
        why: What it would decide, with figures.
    """

    design: Feasible
    draws: Floats
    value: float
    cost: float
    hours: float
    changes: float
    says: Text
    why: Text

    @property
    def net_value(self) -> float:
        """Value less cost."""
        return self.value - self.cost


def worthwhile(
    ground: Ground, designs: Sequence[Feasible], *, rng: np.random.Generator
) -> tuple[Candidate, ...]:
    """The tests that are worth more than they cost, best first, one for each channel or audience.

    Args:
        ground: What is known.
        designs: Tests that could be run.
        rng: Draws what they would tell.
    """
    found: list[Candidate] = []
    seed = int(rng.integers(2**63))  # the same noise for all: they are compared with one another
    curves = ground.curves
    if curves is not None:
        divisions = candidates(curves, current=ground.current, bounds=ground.bounds)
        profits = np.stack([curves.profit(money) for money in divisions], axis=1)
        for design in _undominated([one for one in designs if one.subject in curves.channels]):
            alike = np.random.default_rng(seed)
            found += _of_channel(ground, curves, design, profits=profits, rng=alike)
    for design in designs:
        if design.form is Form.SPLIT and design.metric == "revenue":
            found += _of_audience(ground, design, rng=np.random.default_rng(seed))
    best: dict[str, Candidate] = {}
    for one in sorted(found, key=lambda candidate: -candidate.net_value):
        if one.net_value > 0:
            best.setdefault(one.design.subject, one)
    return tuple(best.values())


def _of_channel(
    ground: Ground, curves: Curves, design: Feasible, *, profits: Floats, rng: np.random.Generator
) -> list[Candidate]:
    error = design.return_error
    if error is None or ground.margin is None:
        return []
    truth, noise = _return_on_change(ground, curves, design), error * float(ground.margin.mean())
    if truth.var() < _TELLS * (truth.var() + noise**2):
        return []
    signals = with_noise(truth, noise, rng=rng)
    repeated = np.tile(profits, (REPEATS, 1))
    worth = sample_information(repeated, signals)
    periods = max(USED_FOR - 7 * design.weeks, 0) / curves.horizon.days
    found = _candidate(ground, design, worth, times=periods)
    if worth.changes < _SELDOM or found.net_value <= 0:
        return []
    floor = chance_worth(repeated, signals, rng=rng)
    return [found] if worth.value > _ABOVE_CHANCE * floor else []


def _undominated(designs: Sequence[Feasible]) -> list[Feasible]:
    """Designs than which no other on the same channel is surer, shorter and cheaper all at once."""

    def burden(one: Feasible) -> tuple[float, int, float]:
        return (one.return_error or np.inf, one.weeks, one.cost)

    return [
        one
        for one in designs
        if one.return_error is not None
        and not any(
            other.subject == one.subject
            and burden(other) != burden(one)
            and all(a <= b for a, b in zip(burden(other), burden(one), strict=True))
            for other in designs
        )
    ]


def _return_on_change(ground: Ground, curves: Curves, design: Feasible) -> Floats:
    """Draws of the margin per money of the spend that the test moves, at the plan's pace."""
    c = curves.column(design.subject)
    pace = max(float(ground.current[c]), 1.0)
    changed = ground.current.copy()
    changed[c] = pace * (1.0 if design.change is None else design.change)
    moved = curves.brought(ground.current)[:, c] - curves.brought(changed)[:, c]
    return np.asarray(moved / (ground.current[c] - changed[c] or 1.0), dtype=np.float64)


def _of_audience(ground: Ground, design: Feasible, *, rng: np.random.Generator) -> list[Candidate]:
    """A new action for customers: kept if it sells more, dropped if not."""
    margin = ground.margin
    lifts = [one for one in ground.evidence.of("experiments.lift") if one.grade.value == "A"]
    if margin is None:
        return []
    known = np.concatenate([one.location for one in lifts]) if lifts else np.zeros(0)
    square = (np.square(known).sum() + _AS_MANY_TESTS * _USUAL_SPREAD**2) / (len(known) + _AS_MANY_TESTS)
    effect = float(np.sqrt(square)) * rng.standard_normal(len(margin))
    # Half of the audience makes the outcome of the test's treated arm: all of it, over a quarter, is more.
    base = 2.0 * design.outcome * _A_QUARTER / (7.0 * design.weeks)
    hours = HOURS.get(design.form, _OTHER_HOURS)
    adopted = base * margin * effect - hours * ground.hour
    profits = np.tile(np.stack([np.zeros_like(adopted), adopted], axis=1), (REPEATS, 1))
    worth = sample_information(profits, with_noise(effect, design.standard_error, rng=rng))
    if worth.changes < _SELDOM:
        return []
    return [_candidate(ground, design, worth, times=1.0)]


def _candidate(ground: Ground, design: Feasible, worth: Worth, *, times: float) -> Candidate:
    hours = HOURS.get(design.form, _OTHER_HOURS)
    cost = design.cost + hours * ground.hour
    value = worth.value * times
    changes = round(10 * worth.changes) or 1
    told, paid = ground.amount(value), ground.amount(cost)
    share = Unit("share")
    return Candidate(
        design=design,
        draws=worth.gains[: len(worth.gains) // REPEATS] * times - cost,
        value=value,
        cost=cost,
        hours=hours,
        changes=worth.changes,
        says=_says(design),
        why=Text(
            f"It would change what we do in {changes} cases out of 10. Worth {told.en} over a year, for a "
            f"cost "
            f"of {paid.en}; an effect of {share.write(design.mde, 'en')} would be seen.",
            f"Il changerait ce que nous faisons dans {changes} cas sur 10. Il vaut {told.fr} sur un an, "
            f"pour un "
            f"coût de {paid.fr} ; un effet de {share.write(design.mde, 'fr')} se verrait.",
        ),
    )


def _says(design: Feasible) -> Text:
    weeks, subject = design.weeks, design.subject
    if design.form is Form.GEO:
        regions = ", ".join(design.treated)
        if (design.change or 0.0) < 1.0:
            return Text(
                f"Pause {subject} for {weeks} weeks in {regions}.",
                f"Suspendre {subject} pendant {weeks} semaines dans ces régions : {regions}.",
            )
        times = design.change or 2.0
        return Text(
            f"Spend {times:g} times as much on {subject} for {weeks} weeks in {regions}.",
            f"Multiplier {subject} par {times:g} pendant {weeks} semaines dans ces régions : {regions}.",
        )
    if design.form is Form.ON_OFF:
        return Text(
            f"Switch {subject} on and off, two weeks at a time, for {weeks} weeks.",
            f"Allumer et couper {subject} par périodes de deux semaines, pendant {weeks} semaines.",
        )
    if subject == "customers":
        return Text(
            f"Try a new action on half of the customers for {weeks} weeks.",
            f"Essayer une nouvelle action sur la moitié des clients pendant {weeks} semaines.",
        )
    return Text(
        f"Try a new version on half of the visitors, as in {subject}, for {weeks} weeks.",
        f"Essayer une nouvelle version sur la moitié des visiteurs, comme dans {subject}, pendant {weeks} "
        "semaines.",
    )
