"""Lifts of tests that are decided on more than a plain mean of units: ratios, quantiles, groups, strata."""

from collections.abc import Mapping
from math import isfinite, sqrt
from typing import Any

import numpy as np

from cmo.experiments.early import Moment
from cmo.experiments.findings import Reading
from cmo.experiments.registration import Kind, Registration
from cmo.experiments.unit_analysis import unit_checks, unit_readings
from cmo.experiments.unit_evidence import counted_units
from cmo.experiments.unit_reading import UnitReading, Withheld
from cmo.measures import Doubt, Problem, Text
from cmo.warehouse.field import Field

_SHARED = 0.5
"""Correlation of the errors of two variants of like size that are held against one control."""


def by_its_promise(told: Mapping[str, Any], columns: tuple[str, ...]) -> bool:
    """Whether a test must be read as it was promised, since moments of single units do not tell it.

    Args:
        told: The test, as the strategy tells it.
        columns: Columns of `experiment_units`.
    """
    metric = str(told.get("metric") or "")
    written = metric not in columns and ("/" in metric or "(" in metric)
    return bool(told.get("cluster") or told.get("strata") or written)


def promised_reading(
    field: Field, told: Mapping[str, Any], *, n: int, rng: np.random.Generator
) -> UnitReading | Withheld:
    """Read one test as it was promised.

    Args:
        field: The company's tables.
        told: The test, as the strategy tells it.
        n: Draws.
        rng: Source of randomness.
    """
    test = str(told["id"])
    shares = tuple(sorted((told.get("shares") or {}).items()))
    promise = Registration(
        test=test,
        kind=Kind.UNITS,
        hypothesis="",
        metric=str(told.get("metric") or ""),
        control=str(told.get("control") or ""),
        shares=shares if told.get("control") in dict(shares) else (),
        starts_on=told["start"],
        ends_on=told["end"],
        cluster=told.get("cluster"),
        strata=told.get("strata"),
    )
    units = field.table("experiment_units")
    try:
        counted, promise = counted_units(field, units.filter(units["experiment"] == test), promise)
        checks = unit_checks(counted, promise, planned=bool(promise.shares))
        broken = next((check for check in checks if check.vital and check.passed is False), None)
        if broken is not None:
            return Withheld(test=test, reason=Text(f"{test}: {broken.says.en}", f"{test} : {broken.says.fr}"))
        whole = Moment(elapsed=1.0, look=1, looks=1, last=promise.ends_on)
        found, _ = unit_readings(counted, promise, whole, metric=promise.metric)
    except (Problem, ValueError) as error:
        why = str(error)
        return Withheld(
            test=test, reason=Text(f"{test} cannot be read: {why}.", f"{test} est illisible : {why}.")
        )
    weak = [one for one in found if not isfinite(one.effect.low) or abs(one.control) == 0.0]
    if not found or weak:
        says = Text(
            f"{test} cannot be read: its control cannot be told from zero.",
            f"{test} est illisible : son témoin se confond avec zéro.",
        )
        return Withheld(test=test, reason=says)
    several = len(found) > 1
    return UnitReading(
        test=test,
        names=tuple(f"{test}:{one.variant}" if several else test for one in found),
        draws=_joint(found, n=n, rng=rng),
        more_names=(),
        more=np.empty((n, 0)),
        doubts=tuple(
            Doubt(code=check.code, says=Text(f"{test}: {check.says.en}", f"{test} : {check.says.fr}"))
            for check in checks
            if check.passed is False
        ),
    )


def _joint(found: tuple[Reading, ...], *, n: int, rng: np.random.Generator) -> np.ndarray[Any, Any]:
    """Draws of the effects, shape (n, variants); variants share their control."""
    shared = rng.standard_normal(n)
    columns = []
    for one in found:
        own = sqrt(_SHARED) * shared + sqrt(1.0 - _SHARED) * rng.standard_normal(n)
        df = one.effect.df
        tail = np.sqrt(df / rng.chisquare(df, n)) if isfinite(df) else np.ones(n)
        columns.append(one.effect.estimate + one.effect.se * own * tail)
    return np.column_stack(columns)
