"""Creatives counted where the units lie: those of a running test by day, those of past tests with traits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import ibis.expr.types as ir
import numpy as np

from cmo.experiments.asked import Asked, framed
from cmo.experiments.batches import Batch, Horizon, Variant, standing
from cmo.experiments.contrast import Inference
from cmo.experiments.creative_analysis import Before, Shown, Taught, adaptive_effects, taught
from cmo.experiments.early import moment_of
from cmo.experiments.findings import Findings, Look
from cmo.experiments.registration import Conclusion
from cmo.experiments.unit_analysis import PRE, reading
from cmo.measures import Problem, Text
from cmo.warehouse.field import Field

_NAMES = frozenset({"experiment", "unit_id", "variant"})


@dataclass(frozen=True, slots=True, kw_only=True)
class PastCreative:
    """A creative of a past test.

    Attributes:
        test: Its test.
        name: Its name.
        units: Times it was shown.
        successes: How often it was answered.
        traits: What it was like: format, topic, segment …
    """

    test: str
    name: str
    units: int
    successes: int
    traits: Mapping[str, str]


def successes_of(field: Field, metric: str | None) -> str:
    """The column of successes that a test by batches is steered by.

    Args:
        field: The company's tables.
        metric: What was promised; the only such column where nobody says.

    Raises:
        Problem: There is no such column, or it holds more than 0 and 1.
    """
    if "experiment_units" not in field.tables:
        raise Problem("experiment_units is not there: give one row per unit shown, with what came of it")
    units = field.table("experiment_units")
    numeric = [
        name
        for name, kind in units.schema().items()
        if (kind.is_numeric() or kind.is_boolean()) and not name.startswith(PRE)
    ]
    values = {name: units[name].cast("float64") for name in numeric}
    other = {f"c_{i}": ((of != 0.0) & (of != 1.0)).sum() for i, of in enumerate(values.values())}
    found = field.collect(units.aggregate(**other)).to_pylist()[0] if numeric else {}
    binary = [name for i, name in enumerate(numeric) if not found[f"c_{i}"]]
    chosen = metric or next(iter(binary), "")
    if chosen not in binary:
        raise Problem(
            f"batches are divided by a metric of 0 and 1, and {chosen or 'none'} is not: experiment_units "
            f"has {', '.join(binary) or 'no such column'}"
        )
    return chosen


def shown_of(field: Field, test: str, *, metric: str, names: Sequence[str]) -> tuple[Shown, ...]:
    """What was shown of each creative of a test, batch by batch: a batch is a day of assignment.

    Args:
        field: The company's tables.
        test: Which test.
        metric: Column of successes.
        names: Creatives that were promised; others that were shown come after.
    """
    units = field.table("experiment_units")
    rows = units.filter(units["experiment"] == test)
    dated = "assigned_at" in rows.columns
    keys = {"variant": rows["variant"].cast("string")}
    if dated:
        keys["day"] = rows["assigned_at"].cast("date")
    told = rows.select(**keys, won=rows[metric].cast("float64"))
    summed = told.group_by(list(keys)).aggregate(units=told.count(), won=told["won"].sum())
    found = [row for row in field.collect(summed).to_pylist() if row["variant"] is not None]
    days = sorted({row["day"] for row in found}) if dated else [None]
    every = [*names, *sorted({row["variant"] for row in found} - set(names))]
    counts: dict[tuple[str, Any], tuple[float, float]] = {
        (row["variant"], row.get("day")): (float(row["units"]), float(row["won"] or 0.0)) for row in found
    }
    return tuple(
        Shown(
            name=name,
            units=np.array([counts.get((name, day), (0.0, 0.0))[0] for day in days]),
            successes=np.array([counts.get((name, day), (0.0, 0.0))[1] for day in days]),
        )
        for name in every
    )


def traits_of(field: Field, *, metric: str) -> tuple[PastCreative, ...]:
    """Every creative that a test ever showed, with its traits: texts that are one and the same for it.

    Args:
        field: The company's tables.
        metric: Column of successes.
    """
    units = field.table("experiment_units")
    texts = [name for name, kind in units.schema().items() if kind.is_string() and name not in _NAMES]
    told = units.mutate(won=units[metric].cast("float64"))
    sums: dict[str, ir.Value] = {"units": told.count(), "won": told["won"].sum()}
    for i, name in enumerate(texts):
        sums |= {f"low_{i}": told[name].min(), f"high_{i}": told[name].max()}
    found = field.collect(told.group_by(["experiment", "variant"]).aggregate(**sums)).to_pylist()
    return tuple(
        PastCreative(
            test=str(row["experiment"]),
            name=str(row["variant"]),
            units=int(row["units"]),
            successes=round(row["won"] or 0.0),
            traits={
                name: str(row[f"low_{i}"])
                for i, name in enumerate(texts)
                if row[f"low_{i}"] is not None and row[f"low_{i}"] == row[f"high_{i}"]
            },
        )
        for row in sorted(found, key=lambda row: (str(row["experiment"]), str(row["variant"])))
    )


def variants_of(
    field: Field, shown: Sequence[Shown], test: str, *, metric: str, said: Mapping[str, Mapping[str, str]]
) -> tuple[tuple[Variant, ...], Taught | None]:
    """Creatives of a test with what was seen of them, and what past tests make likely before.

    Args:
        field: The company's tables.
        shown: What was seen.
        test: Which test.
        metric: Column of successes.
        said: Traits of creatives as somebody says them; what the table tells of the others.
    """
    every = traits_of(field, metric=metric)
    own = {one.name: one.traits for one in every if one.test == test}
    past = [
        Before(test=one.test, units=one.units, successes=one.successes, traits=one.traits)
        for one in every
        if one.test != test
    ]
    traits = [{**own.get(one.name, {}), **said.get(one.name, {})} for one in shown]
    lesson = taught(past, traits)
    variants = tuple(
        Variant(
            name=one.name,
            units=round(one.units.sum()),
            successes=round(one.successes.sum()),
            expected=None if lesson is None else lesson.rates[i],
        )
        for i, one in enumerate(shown)
    )
    return variants, lesson


def batched(field: Field, asked: Asked, *, rng: np.random.Generator) -> Findings:
    """A test by batches analysed: a winner only with its probability and loss, effects freed of favour.

    Args:
        field: The company's tables.
        asked: The promise.
        rng: Draws beliefs.

    Raises:
        Problem: Its data are not there, or hold fewer than two creatives.
    """
    promise = asked.registration
    metric = successes_of(field, promise.metric or None)
    names = [name for name, _ in promise.shares]
    shown = shown_of(field, promise.test, metric=metric, names=names)
    if sum(one.units.sum() > 0.0 for one in shown) < 2:
        raise Problem(f"{promise.test} has shown fewer than two creatives: experiment_units carries its name")
    variants, lesson = variants_of(field, shown, promise.test, metric=metric, said={})
    horizon = Horizon(batch=1, to_come=1)
    if lesson is not None:
        horizon = replace(horizon, concentration=lesson.concentration)
    state = standing(variants, horizon, rng=rng)
    moment = moment_of(promise, as_of=field.as_of, ended_on=asked.ended_on)
    over = moment.elapsed >= 1.0 or asked.ended_on is not None
    look = Look(told=True, decides=over or state.winner is not None, elapsed=moment.elapsed, says=_RULE)
    control = promise.control or shown[0].name
    promise = replace(promise, metric=metric, control=control)
    findings = framed(field, replace(asked, registration=promise), look=look, checks=(), end=moment.last)
    try:
        found = adaptive_effects(shown, control=control, inference=Inference(level=promise.level))
    except ValueError as error:
        raise Problem(f"{promise.test} cannot be analysed: {error}") from error
    effects = tuple(
        reading(name, metric, control=base, treated=own, effect=effect, history=asked.history)
        for name, (base, own, effect) in found.items()
    )
    return replace(
        findings,
        effects=effects,
        batch=state,
        conclusion=_ended(state, control) if look.decides else None,
    )


def _ended(state: Batch, control: str) -> Conclusion:
    if state.winner is None:
        return Conclusion.INCONCLUSIVE
    return Conclusion.LOST if state.winner == control else Conclusion.WON


_RULE = Text(
    "It is steered batch by batch: a winner is called once it is the best with 95% probability and taking it "
    "would lose less than 1% of its rate.",
    "Il se conduit lot par lot : un gagnant n’est nommé que s’il est le meilleur à 95 % et que le retenir "
    "coûterait moins de 1 % de son taux.",
)
