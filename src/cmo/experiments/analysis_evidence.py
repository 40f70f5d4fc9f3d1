"""A test analysed as it was promised, on the company's tables."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import ibis
import numpy as np

from cmo.experiments.asked import Asked, framed
from cmo.experiments.contrast import Inference
from cmo.experiments.creative_evidence import batched
from cmo.experiments.early import Moment, look_of, moment_of
from cmo.experiments.findings import Findings, Look, Reading
from cmo.experiments.geo_cells import between_cells, cell_findings, cell_promise
from cmo.experiments.guardrails import guarded, together
from cmo.experiments.panel_evidence import nation_of, panel_of
from cmo.experiments.registration import Kind, concluded
from cmo.experiments.series_analysis import (
    SeriesFindings,
    before_after_findings,
    geo_findings,
    lot_findings,
    switchback_findings,
)
from cmo.experiments.series_checks import series_checks
from cmo.experiments.unit_analysis import (
    Units,
    by_segment,
    heavy_tails,
    reading,
    unit_checks,
    unit_readings,
)
from cmo.experiments.unit_evidence import counted_units
from cmo.measures import Problem, Text
from cmo.warehouse.field import Field


def analysed(field: Field, asked: Asked, *, rng: np.random.Generator) -> Findings:
    """Analyse a test as it was promised.

    Args:
        field: The company's tables.
        asked: The promise and what else is known.
        rng: Source of randomness.

    Raises:
        Problem: The data do not hold the test, or cannot bear its analysis.
    """
    promise = asked.registration
    if promise.starts_on > field.as_of:
        raise Problem(f"{promise.test} starts on {promise.starts_on}, after the last day of the data")
    if promise.kind is Kind.CREATIVE:
        return batched(field, asked, rng=rng)
    if promise.kind is Kind.UNITS:
        return _units(field, asked)
    moment = moment_of(promise, as_of=field.as_of, ended_on=asked.ended_on)
    look = look_of(promise, moment, stopped=asked.ended_on is not None)
    if promise.cells:
        return _cells(field, asked, last=moment.last, look=look)
    try:
        found = _series(field, asked, last=moment.last, rng=rng)
    except ValueError as error:
        raise Problem(f"{promise.test} cannot be analysed: {error}") from error
    return _told_series(field, asked, found, look=look)


def _units(field: Field, asked: Asked) -> Findings:
    promise = asked.registration
    if "experiment_units" not in field.tables:
        raise Problem(
            f"{promise.test} draws units, and the table experiment_units is not there: give it one row per "
            "unit with experiment, unit_id, variant and the metrics"
        )
    whole = field.table("experiment_units")
    rows = whole.filter(whole["experiment"] == promise.test)
    moment = moment_of(promise, as_of=field.as_of, ended_on=asked.ended_on)
    dated = "assigned_at" in rows.columns
    if dated:
        after = datetime.combine(moment.last + timedelta(days=1), time.min)
        rows = rows.filter(rows["assigned_at"] < ibis.literal(after, type="timestamp"))
    units, promise = counted_units(field, rows, promise, segment=asked.segment_column)
    asked = replace(asked, registration=promise)
    look = look_of(promise, moment, stopped=asked.ended_on is not None)
    planned = bool(asked.registration.shares) and asked.registered
    try:
        checks = list(unit_checks(units, promise, planned=planned))
    except ValueError as error:
        raise Problem(f"{promise.test} cannot be analysed: {error}") from error
    findings = framed(field, asked, look=look, checks=checks, end=moment.last)
    if not look.told or not findings.valid:
        invalid = look.decides and not findings.valid
        ended = concluded(promise, low=0.0, high=0.0, valid=False) if invalid else None
        return replace(findings, conclusion=ended)
    return _read_units(findings, asked, units, moment=moment)


def _read_units(findings: Findings, asked: Asked, units: Units, *, moment: Moment) -> Findings:
    promise = asked.registration
    try:
        effects, ended = unit_readings(units, promise, moment, metric=promise.metric, history=asked.history)
        others: list[Reading] = []
        for name in units.metrics:
            if name != promise.metric:
                others += unit_readings(units, promise, moment, metric=name)[0]
        others = list(together(others))
    except ValueError as error:
        raise Problem(f"{promise.test} cannot be analysed: {error}") from error
    checks, tails, segments = [*findings.checks, *guarded(promise, others)], None, {}
    cut = heavy_tails(units, promise)
    if cut is not None:
        tails, check = cut
        checks.append(check)
    differing = by_segment(units, promise)
    if differing is not None:
        segments, check = dict(differing[0]), differing[1]
        checks.append(check)
    decides = findings.look.decides or ended
    best = max(effects, key=lambda one: one.effect.estimate, default=None)
    conclusion = None
    if decides and best is not None:
        conclusion = concluded(
            promise, low=best.effect.low, high=best.effect.high, valid=True, ended_on=asked.ended_on
        )
    return replace(
        findings,
        look=replace(findings.look, decides=decides),
        effects=effects,
        others=tuple(others),
        checks=tuple(checks),
        conclusion=conclusion,
        tails=tails,
        segments=segments,
    )


def _series(field: Field, asked: Asked, *, last: date, rng: np.random.Generator) -> SeriesFindings:
    promise = asked.registration
    panel = panel_of(field) if promise.kind is Kind.GEO else nation_of(field)
    if panel is None:
        missing = "by region " if promise.kind is Kind.GEO else ""
        raise Problem(f"{promise.test} is read on outcomes {missing}and they are not there: give outcomes")
    if promise.lot:
        return lot_findings(panel, promise, last=last, rng=rng, touched=asked.touched)
    if promise.kind is Kind.GEO:
        return geo_findings(panel, promise, last=last, touched=asked.touched)
    if promise.kind is Kind.SWITCHBACK:
        return switchback_findings(panel, promise, last=last, rng=rng)
    return before_after_findings(panel, promise, last=last)


def _told_series(field: Field, asked: Asked, found: SeriesFindings, *, look: Look) -> Findings:
    promise = asked.registration
    checks = series_checks(promise, found)
    findings = framed(field, asked, look=look, checks=checks, end=found.end)
    if not look.told:
        return findings
    variant = ", ".join(promise.treated) or promise.channel or promise.test
    told = reading(
        variant,
        promise.metric,
        control=found.expected,
        treated=found.observed,
        effect=found.effect,
        history=asked.history,
    )
    conclusion = None
    if look.decides:
        conclusion = concluded(
            promise,
            low=found.effect.low,
            high=found.effect.high,
            valid=findings.valid,
            ended_on=asked.ended_on,
        )
    return replace(
        findings,
        effects=(told,),
        conclusion=conclusion,
        money=found.money,
        course=found.course,
        seconds=found.others,
    )


def _cells(field: Field, asked: Asked, *, last: date, look: Look) -> Findings:
    """A geo test of several cells: an effect for each, and their differences beside."""
    promise = asked.registration
    panel = panel_of(field)
    if panel is None:
        raise Problem(f"{promise.test} is read on outcomes by region and they are not there: give outcomes")
    try:
        found = cell_findings(panel, promise, last=last, touched=asked.touched)
    except ValueError as error:
        raise Problem(f"{promise.test} cannot be analysed: {error}") from error
    checks = []
    for name, one in found.items():
        checks += [
            replace(check, says=Text(f"{name}: {check.says.en}", f"{name} : {check.says.fr}"))
            for check in series_checks(cell_promise(promise, name), one)
        ]
    findings = framed(field, asked, look=look, checks=checks, end=min(one.end for one in found.values()))
    if not look.told:
        return findings
    effects = tuple(
        reading(
            name,
            promise.metric,
            control=one.expected,
            treated=one.observed,
            effect=one.effect,
            history=asked.history,
        )
        for name, one in found.items()
    )
    inference = Inference(level=promise.level)
    others = tuple(
        reading(
            f"{left} − {right}",
            promise.metric,
            control=found[right].effect.estimate,
            treated=found[left].effect.estimate,
            effect=effect,
        )
        for (left, right), effect in between_cells(found, inference=inference).items()
    )
    best = max(effects, key=lambda one: one.effect.estimate)
    conclusion = None
    if look.decides:
        low, high, ended = best.effect.low, best.effect.high, asked.ended_on
        conclusion = concluded(promise, low=low, high=high, valid=findings.valid, ended_on=ended)
    return replace(
        findings,
        effects=effects,
        others=others,
        conclusion=conclusion,
        courses={name: one.course for name, one in found.items()},
        moneys={name: one.money for name, one in found.items() if one.money is not None},
    )
