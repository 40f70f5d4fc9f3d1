"""What the company's own tests say: `experiments.lift` and `experiments.win_rate`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import ibis.expr.types as ir
import numpy as np

from cmo.experiments.counting import Count, count_moments, read_moments
from cmo.experiments.geo_reading import LEAST_PERIODS, GeoLift, geo_lift
from cmo.experiments.moments import Floats
from cmo.experiments.unit_reading import PAST_TESTS, UnitReading, Withheld, drawn_together, unit_reading
from cmo.measures import DRAWS, Doubt, Estimate, Grade, Text, Unanswered, Window
from cmo.warehouse.field import Field

LIFT, WIN_RATE = "experiments.lift", "experiments.win_rate"
POOL = 10 * DRAWS
"""Draws under a flat prior, of which those that past tests make likely are kept."""
LOOK_BACK = timedelta(days=365)
"""The past that a counterfactual is learnt from."""
FEW_TESTS = 5
LEAST_MOVE = 1.1
"""Spend in treated regions must rise or fall by this ratio next to the others for a test to have been one."""

_UNITS = Text(
    "Randomised test of units: relative difference of means, adjusted for what was known before (CUPED).",
    "Test aléatoire sur des unités : différence relative des moyennes, ajustée de ce qui était connu avant.",
)
_TAUGHT = Text(
    " Drawn toward what the company's tests show.", " Ramenée vers ce que montrent les tests maison."
)
_GEO = Text(
    "Treated regions against what the others say they would have done; the error is stretched by what the "
    "same method finds in regions left alone.",
    "Régions traitées face à ce que les autres laissaient prévoir ; l’erreur est étirée de ce que la même "
    "méthode trouve dans les régions laissées en paix.",
)
_WINS = Text(
    "Share of the tests whose treatment truly does better, in each joint draw of their lifts.",
    "Part des tests dont le traitement fait vraiment mieux, dans chaque tirage conjoint des effets.",
)


def evidence(field: Field, *, rng: np.random.Generator) -> list[Estimate | Unanswered]:
    """`experiments.lift` of every test that can be believed, and `experiments.win_rate`.

    Args:
        field: The company's tables.
        rng: Source of randomness.

    Returns:
        Lifts of unit tests (grade A; other metrics apart) and of geo tests (grade B), the share of wins, and
        why a test is withheld.
    """
    readings, window, withheld = _unit_tests(field, rng=rng)
    regions, unread = _geo_tests(field, rng=rng)
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
    if regions:
        out.append(_geo_estimate(field, regions))
    out += [Unanswered(measure=LIFT, reason=one.reason) for one in (*withheld, *unread)]
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
    count = Count(arm="variant", values=(*metrics, *covariates), stratum="experiment", day=day)
    rows = field.collect(count_moments(units, count)).to_pylist()
    if not rows:
        return [], nothing, []
    table = read_moments(rows, count)
    repeated = _repeated(field, units)
    readings, withheld = [], []
    for test in table.strata:
        of = table.of_stratum(test)
        found = unit_reading(test, of, metrics=metrics, repeated=repeated.get(test, 0), n=POOL, rng=rng)
        if isinstance(found, Withheld):
            withheld.append(found)
        else:
            readings.append(found)
    known = [of for of in table.days if of != date.min]
    window = Window(start=known[0], end=known[-1]) if known else _stated_window(field)
    return drawn_together(readings, n=DRAWS, rng=rng), window, withheld


def _repeated(field: Field, units: ir.Table) -> dict[str, int]:
    """Rows that repeat a unit, by test."""
    counted = units.group_by("experiment").aggregate(rows=units.count(), units=units["unit_id"].nunique())
    return {str(row["experiment"]): row["rows"] - row["units"] for row in field.collect(counted).to_pylist()}


def _stated_window(field: Field) -> Window:
    days = [day for test in field.strategy.tests for day in (test.get("start"), test.get("end")) if day]
    return Window(start=min(days), end=max(days)) if days else Window(start=field.as_of, end=field.as_of)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Region:
    """A geo test that was read."""

    test: str
    lift: GeoLift
    draws: Floats
    window: Window
    doubts: tuple[Doubt, ...]


def _geo_tests(field: Field, *, rng: np.random.Generator) -> tuple[list[_Region], list[Withheld]]:
    stated = [test for test in field.strategy.tests if test.get("kind") == "geo" and test.get("treated")]
    begun = [test for test in stated if test["start"] <= field.as_of]
    if not begun:
        return [], []
    if "outcomes" not in field.tables or "region" not in field.columns("outcomes"):
        reason = Text("outcomes are not known by region", "les résultats par région manquent")
        return [], [_unread(test, reason) for test in begun]
    days, names, outcomes = _panel(field)
    regions: list[_Region] = []
    unread: list[Withheld] = []
    for test in begun:
        kept = [i for i, name in enumerate(names) if name not in _touched(test, begun)]
        left = [names[i] for i in kept]
        found = _geo_test(test, days, left, outcomes=outcomes[:, kept], as_of=field.as_of, rng=rng)
        if isinstance(found, Withheld):
            unread.append(found)
        else:
            regions.append(replace(found, doubts=(*found.doubts, *_spend_doubts(field, test))))
    return regions, unread


def _spend_doubts(field: Field, test: Mapping[str, Any]) -> tuple[Doubt, ...]:
    """Whether the channel's spend moved in the treated regions at all, next to the others."""
    channel = test.get("channel")
    if channel is None or "media" not in field.tables or "region" not in field.columns("media"):
        return ()
    rows = field.table("media")
    rows = rows.filter(rows["channel"] == channel, rows["region"].notnull())
    rows = rows.filter(rows["date"] >= test["start"] - LOOK_BACK, rows["date"] <= test["end"])
    rows = rows.mutate(during=rows["date"] >= test["start"])
    summed = rows.group_by(["region", "during"]).aggregate(
        spend=rows["spend"].sum(), days=rows["date"].nunique()
    )
    rate = {(True, True): 0.0, (True, False): 0.0, (False, True): 0.0, (False, False): 0.0}
    for row in field.collect(summed).to_pylist():
        rate[row["region"] in test["treated"], row["during"]] += row["spend"] / row["days"]
    moved = rate[True, True] * rate[False, False]
    still = rate[True, False] * rate[False, True]
    if still <= 0.0 or abs(np.log(max(moved, 1e-12) / still)) >= np.log(LEAST_MOVE):
        return ()
    name = str(test["id"])
    says = Text(
        f"{name}: spend on {channel} hardly moved in the treated regions next to the others.",
        f"{name} : la dépense en {channel} n’a guère bougé dans les régions traitées face aux autres.",
    )
    return (Doubt(code="spend_unchanged", says=says),)


def _touched(test: Mapping[str, Any], begun: Sequence[Mapping[str, Any]]) -> set[str]:
    """Regions that other tests treated while this one ran or learnt: they tell of no quiet past."""
    others = [
        other
        for other in begun
        if other is not test and other["start"] <= test["end"] and test["start"] - LOOK_BACK <= other["end"]
    ]
    return {region for other in others for region in other["treated"]} - set(test["treated"])


def _panel(field: Field) -> tuple[list[date], list[str], Floats]:
    """Outcomes by day and region, of the kind that revenue is told in where there are several."""
    rows = field.table("outcomes")
    rows = rows.filter(rows["region"].notnull())
    keys = ["date", "region"] + (["kpi"] if "kpi" in rows.columns else [])
    found = field.collect(rows.group_by(keys).aggregate(value=rows["value"].sum())).to_pylist()
    kinds = sorted({str(row.get("kpi") or "revenue") for row in found})
    kind = "revenue" if "revenue" in kinds or not kinds else kinds[0]
    found = [row for row in found if str(row.get("kpi") or "revenue") == kind]
    days = sorted({row["date"] for row in found})
    names = sorted({str(row["region"]) for row in found})
    outcomes = np.full((len(days), len(names)), np.nan)
    for row in found:
        outcomes[days.index(row["date"]), names.index(str(row["region"]))] = row["value"]
    whole = np.isfinite(outcomes).all(axis=0)
    return days, [name for name, kept in zip(names, whole, strict=True) if kept], outcomes[:, whole]


def _geo_test(
    test: Mapping[str, Any],
    days: Sequence[date],
    names: Sequence[str],
    *,
    outcomes: Floats,
    as_of: date,
    rng: np.random.Generator,
) -> _Region | Withheld:
    lost = [name for name in test["treated"] if name not in names]
    if lost:
        told = Text(f"{lost[0]} has no full series of outcomes", f"{lost[0]} n’a pas de série complète")
        return _unread(test, told)
    inside = [i for i, day in enumerate(days) if test["start"] - LOOK_BACK <= day <= test["end"]]
    pre = sum(days[i] < test["start"] for i in inside)
    if pre < LEAST_PERIODS or pre == len(inside):
        told = Text("too little is known before or during it", "trop peu est connu avant ou pendant")
        return _unread(test, told)
    treated = np.array([names.index(name) for name in test["treated"]], dtype=np.intp)
    try:
        lift = geo_lift(outcomes[inside], treated, pre=pre)
    except ValueError:
        return _unread(
            test, Text("too few regions were left alone", "trop peu de régions sont restées à part")
        )
    draws = lift.estimate + lift.se * rng.standard_t(lift.df, DRAWS)
    end = min(test["end"], as_of)
    return _Region(
        test=str(test["id"]),
        lift=lift,
        draws=np.maximum(draws, -1.0),
        window=Window(start=test["start"], end=end),
        doubts=_geo_doubts(str(test["id"]), lift, running=as_of < test["end"]),
    )


def _geo_doubts(test: str, lift: GeoLift, *, running: bool) -> tuple[Doubt, ...]:
    doubts = []
    if lift.stretch > 1.5:
        told = f"{lift.stretch:.1f}"
        says = Text(
            f"{test}: in regions left alone the method strays {told} times as far as it admits.",
            f"{test} : dans les régions à part, la méthode s’égare {told.replace('.', ',')} fois plus "
            "qu’elle ne l’avoue.",
        )
        doubts.append(Doubt(code="placebo_stretch", says=says))
    if running:
        says = Text(f"{test} is still running.", f"{test} est encore en cours.")
        doubts.append(Doubt(code="still_running", says=says))
    return tuple(doubts)


def _geo_estimate(field: Field, regions: Sequence[_Region]) -> Estimate:
    window = Window(start=min(of.window.start for of in regions), end=max(of.window.end for of in regions))
    told = _Told(
        field=field,
        window=window,
        grade=Grade.B,
        tables=("outcomes",),
        doubts=tuple(doubt for of in regions for doubt in of.doubts),
    )
    draws = np.column_stack([of.draws for of in regions])
    return told.estimate(LIFT, draws, subjects=tuple(of.test for of in regions), by="test", method=_GEO)


def _unread(test: Mapping[str, Any], why: Text) -> Withheld:
    name = str(test["id"])
    return Withheld(
        test=name, reason=Text(f"{name} cannot be read: {why.en}.", f"{name} est illisible : {why.fr}.")
    )
