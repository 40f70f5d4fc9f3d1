"""One randomised test of units, from its moments to lifts that may be believed, or the reason why not."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Self

import numpy as np
import numpy.typing as npt

from cmo.experiments.checks import Check, balance, duplicates, nearest_plan, novelty, sample_ratio
from cmo.experiments.lifts import lifts, taught
from cmo.experiments.metric import Mean
from cmo.experiments.moments import Floats, Moments, MomentTable
from cmo.experiments.shrinkage import learnt
from cmo.measures import Doubt, Text

CONTROLS = ("control", "témoin", "temoin", "baseline", "holdout", "none", "off", "a", "0")
"""Names of variants that are the control without saying so."""
PAST_TESTS = 8
"""From so many tests on, their lifts teach what to expect of one."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class UnitReading:
    """The lifts of one test.

    Attributes:
        test: Its identifier.
        names: Subjects of its deciding metric: the test, or test:variant where there are several.
        draws: Joint draws of them, shape (draws, names).
        more_names: Subjects of its other metrics, test:variant:metric.
        more: Joint draws of those, shape (draws, more_names).
        doubts: Reasons for care.
    """

    test: str
    names: tuple[str, ...]
    draws: Floats
    more_names: tuple[str, ...]
    more: Floats
    doubts: tuple[Doubt, ...]

    def rows(self, chosen: npt.NDArray[np.intp]) -> Self:
        """The same reading on some of its draws."""
        return replace(self, draws=self.draws[chosen], more=self.more[chosen])


@dataclass(frozen=True, slots=True, kw_only=True)
class Promised:
    """What was said of a test before it is read.

    Attributes:
        control: Name of the control; guessed where nobody said.
        shares: Planned share of each variant; the nearest even or round split where nobody said.
    """

    control: str | None = None
    shares: Mapping[str, float] = field(default_factory=dict)


UNSAID = Promised()


@dataclass(frozen=True, slots=True, kw_only=True)
class Withheld:
    """A test whose result is not told.

    Attributes:
        test: Its identifier.
        reason: Why, in a sentence.
    """

    test: str
    reason: Text


def unit_reading(
    test: str,
    table: MomentTable,
    *,
    metrics: Sequence[str],
    repeated: int,
    promised: Promised = UNSAID,
    n: int,
    rng: np.random.Generator,
) -> UnitReading | Withheld:
    """Read one test: vital checks first, then lifts of every variant and metric.

    Args:
        test: Its identifier.
        table: Its moments, by arm and day.
        metrics: Columns compared, the deciding one first; the other columns are covariates.
        repeated: Rows that repeat a unit.
        promised: What was said before.
        n: Draws.
        rng: Source of randomness.
    """
    arms = {name: part for name, part in table.by_arm().items() if part.n >= 2}
    if len(arms) < 2:
        return _withheld(test, Text("it has fewer than two variants", "il a moins de deux variantes"))
    live, covariates = _varying(arms, metrics)
    if not live:
        return _withheld(test, Text("no metric varies between units", "aucune mesure ne varie entre unités"))
    said = promised.control in arms
    control = promised.control if said and promised.control is not None else guessed_control(arms)
    checks = _checks(arms, covariates, control=control, repeated=repeated, shares=promised.shares)
    broken = next((check for check in checks if check.vital and check.passed is False), None)
    if broken is not None:
        return Withheld(test=test, reason=Text(f"{test}: {broken.says.en}", f"{test} : {broken.says.fr}"))
    found = lifts(arms, live, covariates=covariates, control=control, n=n, rng=rng)
    if not found.metrics:
        return _withheld(
            test, Text("its control cannot be told from zero", "son témoin se confond avec zéro")
        )
    deciding = Mean(found.metrics[0])
    checks += [
        novelty(table.by_day(), deciding, control=control, treated=variant) for variant in found.variants
    ]
    others = [(v, m) for v in range(len(found.variants)) for m in range(1, len(found.metrics))]
    several = len(found.variants) > 1
    return UnitReading(
        test=test,
        names=tuple(f"{test}:{variant}" if several else test for variant in found.variants),
        draws=found.draws[:, :, 0],
        more_names=tuple(f"{test}:{found.variants[v]}:{found.metrics[m]}" for v, m in others),
        more=found.draws[:, [v for v, _ in others], [m for _, m in others]],
        doubts=_doubts(test, checks, control=None if said else control),
    )


def drawn_together(readings: Sequence[UnitReading], *, n: int, rng: np.random.Generator) -> list[UnitReading]:
    """Readings cut to n draws, under the prior that the company's own tests teach where there are enough.

    Args:
        readings: With more draws than n.
        n: Draws to keep.
        rng: Source of randomness.
    """
    if len(readings) < PAST_TESTS:
        return [reading.rows(np.arange(n)) for reading in readings]
    first = [reading.draws[:, 0] for reading in readings]
    history = learnt([draws.mean() for draws in first], [draws.std() for draws in first])
    return [reading.rows(taught(reading.draws, history, n=n, rng=rng)) for reading in readings]


def _varying(arms: Mapping[str, Moments], metrics: Sequence[str]) -> tuple[list[str], list[str]]:
    """Metrics and covariates that vary at all in this test: others belong to other tests."""
    pooled = Moments.pooled(arms.values())
    varying = [name for i, name in enumerate(pooled.columns) if pooled.scatter[i, i] > 0.0]
    return [name for name in metrics if name in varying], [name for name in varying if name not in metrics]


def guessed_control(arms: Iterable[str]) -> str:
    """The variant that is the control where nobody said which: by its name, else the first.

    Args:
        arms: Names of the variants, at least one.
    """
    names = sorted(arms)
    known = {name.strip().lower(): name for name in names}
    return next((known[name] for name in CONTROLS if name in known), names[0])


def _checks(
    arms: Mapping[str, Moments],
    covariates: Sequence[str],
    *,
    control: str,
    repeated: int,
    shares: Mapping[str, float],
) -> list[Check]:
    counts = dict.fromkeys(shares, 0.0) | {name: part.n for name, part in arms.items()}
    rows = round(sum(counts.values()))
    return [
        sample_ratio(counts, shares or nearest_plan(counts)),
        duplicates(rows, rows - repeated),
        balance(arms, covariates, control=control),
    ]


def _doubts(test: str, checks: Sequence[Check], *, control: str | None) -> tuple[Doubt, ...]:
    found = [
        Doubt(code=check.code, says=Text(f"{test}: {check.says.en}", f"{test} : {check.says.fr}"))
        for check in checks
        if check.passed is False
    ]
    if control is not None and control.strip().lower() not in CONTROLS:
        says = Text(
            f"{test}: no variant is called control; {control} was taken as such.",
            f"{test} : aucune variante ne s’appelle témoin ; {control} en tient lieu.",
        )
        found.append(Doubt(code="control_guessed", says=says))
    return tuple(found)


def _withheld(test: str, why: Text) -> Withheld:
    return Withheld(
        test=test, reason=Text(f"{test} cannot be read: {why.en}.", f"{test} est illisible : {why.fr}.")
    )
