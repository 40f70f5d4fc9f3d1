"""What the company's own tests say: `experiments.lift` and `experiments.win_rate`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import ibis.expr.types as ir
import numpy as np

from cmo.experiments.counting import MOST_BINARY, Count, count_moments, read_moments
from cmo.experiments.geo_evidence import IROAS, geo_estimates, geo_tests, too_early
from cmo.experiments.moments import Floats
from cmo.experiments.promised_evidence import by_its_promise, promised_reading
from cmo.experiments.unit_evidence import binary_columns
from cmo.experiments.unit_reading import (
    PAST_TESTS,
    Promised,
    UnitReading,
    Withheld,
    drawn_together,
    unit_reading,
)
from cmo.measures import DRAWS, Doubt, Estimate, Grade, Text, Unanswered, Window
from cmo.warehouse.field import Field

LIFT, WIN_RATE = "experiments.lift", "experiments.win_rate"
POOL = 10 * DRAWS
"""Draws under a flat prior, of which those that past tests make likely are kept."""
FEW_TESTS = 5

_UNITS = Text(
    "Randomised test of units: relative difference of means, adjusted for what was known before (CUPED).",
    "Test aléatoire sur des unités : différence relative des moyennes, ajustée de ce qui était connu avant.",
)
_TAUGHT = Text(
    " Drawn toward what the company's tests show.", " Ramenée vers ce que montrent les tests maison."
)
_WINS = Text(
    "Share of the tests whose treatment truly does better, in each joint draw of their lifts.",
    "Part des tests dont le traitement fait vraiment mieux, dans chaque tirage conjoint des effets.",
)


def evidence(field: Field, *, rng: np.random.Generator) -> list[Estimate | Unanswered]:
    """`experiments.lift` of every test that can be believed, `experiments.iroas` and `experiments.win_rate`.

    Args:
        field: The company's tables.
        rng: Source of randomness.

    Returns:
        Lifts of unit tests (grade A; other metrics apart) and of geo tests (grade B), what each unit of money
        brought that a geo test moved, the share of wins, and why a test is withheld.
    """
    readings, window, withheld = _unit_tests(field, rng=rng)
    regions, unread = geo_tests(field, rng=rng)
    out: list[Estimate | Unanswered] = []
    if readings:
        method = (
            Text(_UNITS.en + _TAUGHT.en, _UNITS.fr + _TAUGHT.fr) if len(readings) >= PAST_TESTS else _UNITS
        )
        doubts = tuple(doubt for reading in readings for doubt in reading.doubts)
        whole = _Told(field=field, window=window, grade=Grade.A, tables=("experiment_units",), doubts=doubts)
        names = tuple(name for reading in readings for name in reading.names)
        draws = np.hstack([reading.draws for reading in readings])
        out.append(whole.estimate(LIFT, draws, subjects=names, by="test", method=method))
        more = tuple(name for reading in readings for name in reading.more_names)
        if more:
            others = np.hstack([reading.more for reading in readings])
            out.append(whole.estimate(LIFT, others, subjects=more, by="metric", method=method))
        out.append(_win_rate(whole, draws))
    out += geo_estimates(field, regions)
    out += [Unanswered(measure=LIFT, reason=one.reason) for one in (*withheld, *unread)]
    if not any(one.money is not None for one in regions):
        reason = Text(
            "No geo test moved the spend of a channel that is known by region.",
            "Aucun test géographique n’a fait varier la dépense d’un canal connue par région.",
        )
        out.append(Unanswered(measure=IROAS, reason=reason, unlock=("media", "outcomes")))
    if not readings:
        reason = Text("No test of units can be read.", "Aucun test sur des unités ne peut être lu.")
        gaps = (WIN_RATE,) if regions or withheld or unread else (LIFT, WIN_RATE)
        out += [Unanswered(measure=name, reason=reason, unlock=("experiment_units",)) for name in gaps]
    return out


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """What every estimate of one kind of test shares."""

    field: Field
    window: Window
    grade: Grade
    tables: tuple[str, ...]
    doubts: tuple[Doubt, ...]

    def estimate(
        self, measure: str, draws: Floats, *, subjects: tuple[str, ...], by: str, method: Text
    ) -> Estimate:
        return Estimate.of_draws(
            measure,
            draws,
            subjects=subjects,
            by=by,
            unit="share",
            window=self.window,
            as_of=self.field.as_of,
            method=method,
            grade=self.grade,
            tables=self.tables,
            doubts=self.doubts,
        )


def _win_rate(whole: _Told, draws: Floats) -> Estimate:
    few = Doubt(
        code="few_tests",
        says=Text(f"Only {draws.shape[1]} lifts are known.", f"Seuls {draws.shape[1]} effets sont connus."),
    )
    doubts = (few,) if draws.shape[1] < FEW_TESTS else ()
    told = _Told(
        field=whole.field, window=whole.window, grade=whole.grade, tables=whole.tables, doubts=doubts
    )
    wins = (draws > 0.0).mean(axis=1, keepdims=True)
    return told.estimate(WIN_RATE, wins, subjects=("total",), by="total", method=_WINS)


def _unit_tests(
    field: Field, *, rng: np.random.Generator
) -> tuple[list[UnitReading], Window, list[Withheld]]:
    nothing = Window(start=date.min, end=date.min)
    if "experiment_units" not in field.tables:
        return [], nothing, []
    units = field.table("experiment_units")
    numeric = [name for name, kind in units.schema().items() if kind.is_numeric() or kind.is_boolean()]
    metrics = [name for name in numeric if not name.startswith("pre_")]
    covariates = [name for name in numeric if name.startswith("pre_")]
    day = "assigned_at" if "assigned_at" in units.columns else None
    values = (*metrics, *covariates)
    binary = binary_columns(field, values)[:MOST_BINARY]
    count = Count(arm="variant", values=values, stratum="experiment", day=day, binary=binary)
    rows = field.collect(count_moments(units, count)).to_pylist()
    if not rows:
        return [], nothing, []
    table = read_moments(rows, count)
    repeated = _repeated(field, units)
    readings, withheld = [], []
    stated = {str(test["id"]): test for test in field.strategy.tests}
    for test in table.strata:
        told = stated.get(test, {})
        early = too_early(told, field.as_of)
        if early is not None:
            withheld.append(early)
            continue
        if by_its_promise(told, units.columns):
            found = promised_reading(field, told, n=POOL, rng=rng)
        else:
            found = unit_reading(
                test,
                table.of_stratum(test),
                metrics=_deciding_first(metrics, told),
                repeated=repeated.get(test, 0),
                promised=Promised(control=told.get("control"), shares=told.get("shares") or {}),
                n=POOL,
                rng=rng,
            )
        if isinstance(found, Withheld):
            withheld.append(found)
        else:
            readings.append(found)
    known = [of for of in table.days if of != date.min]
    window = Window(start=known[0], end=known[-1]) if known else _stated_window(field)
    return drawn_together(readings, n=DRAWS, rng=rng), window, withheld


def _deciding_first(metrics: Sequence[str], told: Mapping[str, Any]) -> list[str]:
    """The metric that was said to decide first; the table's order otherwise."""
    return sorted(metrics, key=lambda name: name != told.get("metric"))


def _repeated(field: Field, units: ir.Table) -> dict[str, int]:
    """Rows that repeat a unit, by test."""
    counted = units.group_by("experiment").aggregate(rows=units.count(), units=units["unit_id"].nunique())
    return {str(row["experiment"]): row["rows"] - row["units"] for row in field.collect(counted).to_pylist()}


def _stated_window(field: Field) -> Window:
    days = [day for test in field.strategy.tests for day in (test.get("start"), test.get("end")) if day]
    return Window(start=min(days), end=max(days)) if days else Window(start=field.as_of, end=field.as_of)
