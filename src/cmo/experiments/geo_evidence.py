"""What tests of regions say: `experiments.lift` of each, and `experiments.iroas` where spend was moved."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import isfinite
from typing import Any

import numpy as np

from cmo.experiments.findings import Money
from cmo.experiments.geo_cells import cell_findings
from cmo.experiments.moments import Floats
from cmo.experiments.panel_evidence import panel_of
from cmo.experiments.past import Panel
from cmo.experiments.registration import Kind, Registration
from cmo.experiments.series_analysis import LOOK_BACK, SeriesFindings, geo_findings, lot_findings
from cmo.experiments.unit_reading import Withheld
from cmo.measures import DRAWS, Doubt, Estimate, Grade, Text, Window
from cmo.warehouse.field import Field

LIFT, IROAS = "experiments.lift", "experiments.iroas"
_GEO = Text(
    "Treated regions against what the others say they would have done; the error is stretched by what the "
    "same method finds in regions left alone.",
    "Régions traitées face à ce que les autres laissaient prévoir ; l’erreur est étirée de ce que la même "
    "méthode trouve dans les régions laissées en paix.",
)
_LOT = Text(
    "Regions drawn by lot among their likes; their changes against those of the others.",
    "Régions tirées au sort parmi leurs semblables ; leur évolution face à celle des autres.",
)
_RETURN = Text(
    "What the treated regions brought beyond what the others say they would have, for each unit of money "
    "that was moved there.",
    "Ce que les régions traitées ont apporté au-delà de ce que les autres laissaient prévoir, par unité de "
    "dépense qui y a varié.",
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Region:
    """A geo test that was read.

    Attributes:
        test: Its identifier.
        lift: Relative effect.
        error: Its standard error.
        draws: Draws of its relative effect, shape (draws,).
        window: Its days.
        doubts: Reasons for care.
        money: What the spend that it moved brought; none where none is known to have moved.
        grade: A where the regions were drawn by lot, B otherwise.
    """

    test: str
    lift: float
    error: float
    draws: Floats
    window: Window
    doubts: tuple[Doubt, ...]
    money: Money | None
    grade: Grade = Grade.B


def geo_tests(field: Field, *, rng: np.random.Generator) -> tuple[list[Region], list[Withheld]]:
    """Every geo test that has begun, read or withheld with the reason.

    Args:
        field: The company's tables; the strategy states the tests.
        rng: Source of randomness.
    """
    told = [test for test in field.strategy.tests if test.get("kind") == "geo" and test.get("treated")]
    begun = [test for test in told if test["start"] <= field.as_of]
    if not begun:
        return [], []
    panel = panel_of(field)
    regions: list[Region] = []
    unread: list[Withheld] = []
    for test in begun:
        early = too_early(test, field.as_of)
        found = early or _read(test, panel, begun, as_of=field.as_of, rng=rng)
        if isinstance(found, Withheld):
            unread.append(found)
        else:
            regions += found
    return regions, unread


def geo_estimates(field: Field, regions: Sequence[Region]) -> list[Estimate]:
    """`experiments.lift` of all geo tests, and `experiments.iroas` of those that moved spend."""
    if not regions:
        return []
    currency = field.company.currency
    out = []
    for grade, method in ((Grade.A, _LOT), (Grade.B, _GEO)):
        alike = [of for of in regions if of.grade is grade]
        if alike:
            lifts = np.column_stack([of.draws for of in alike])
            out.append(
                _estimate(field, alike, LIFT, lifts, unit="share", method=method, tables=("outcomes",))
            )
        moved = [of for of in alike if of.money is not None]
        if moved:
            returns = np.column_stack([_returns(of) for of in moved])
            unit, tables = f"{currency}/{currency}", ("outcomes", "media")
            out.append(_estimate(field, moved, IROAS, returns, unit=unit, method=_RETURN, tables=tables))
    return out


def too_early(test: Mapping[str, Any], as_of: date) -> Withheld | None:
    """Why a running test is not told: its rule says when it may be read."""
    end = test.get("end")
    if test.get("rule") not in {"at_the_end", "planned_looks"} or end is None or as_of >= end:
        return None
    name = str(test["id"])
    return Withheld(
        test=name,
        reason=Text(
            f"{name} runs until {end} and is not read before, as promised.",
            f"{name} court jusqu’au {end} et ne se lit pas avant, comme promis.",
        ),
    )


def _estimate(
    field: Field,
    regions: Sequence[Region],
    measure: str,
    draws: Floats,
    *,
    unit: str,
    method: Text,
    tables: tuple[str, ...],
) -> Estimate:
    return Estimate.of_draws(
        measure,
        draws,
        subjects=tuple(of.test for of in regions),
        by="test",
        unit=unit,
        window=Window(start=min(of.window.start for of in regions), end=max(of.window.end for of in regions)),
        as_of=field.as_of,
        method=method,
        grade=regions[0].grade,
        tables=tables,
        doubts=tuple(doubt for of in regions for doubt in of.doubts),
    )


def _returns(region: Region) -> Floats:
    """Draws of the return on the money moved: the same draws as the lift, in money."""
    if region.money is None:
        raise ValueError(f"{region.test} moved no money")
    # The relative effect is the lift over the outcome expected: their ratio is one number.
    scale = region.money.standard_error / region.error / region.money.spend
    return np.asarray(region.draws * scale, dtype=np.float64)


def _touched(test: Mapping[str, Any], begun: Sequence[Mapping[str, Any]]) -> set[str]:
    """Regions that other tests treated while this one ran or learnt: they tell of no quiet past."""
    others = [
        other
        for other in begun
        if other is not test and other["start"] <= test["end"] and test["start"] - LOOK_BACK <= other["end"]
    ]
    return {region for other in others for region in other["treated"]} - set(test["treated"])


def _read(
    test: Mapping[str, Any],
    panel: Panel | None,
    begun: Sequence[Mapping[str, Any]],
    *,
    as_of: date,
    rng: np.random.Generator,
) -> list[Region] | Withheld:
    if panel is None:
        return _unread(test, Text("outcomes are not known by region", "les résultats par région manquent"))
    lost = [name for name in test["treated"] if name not in panel.regions]
    if lost:
        told = Text(f"{lost[0]} has no full series of outcomes", f"{lost[0]} n’a pas de série complète")
        return _unread(test, told)
    try:
        promise = _promised(test)
        touched = sorted(_touched(test, begun))
        found = _findings(panel, promise, last=as_of, touched=touched, rng=rng)
    except ValueError:
        too_little = Text(
            "too little is known before or during it, or too few regions were left alone",
            "trop peu est connu avant ou pendant, ou trop peu de régions sont restées à part",
        )
        return _unread(test, too_little)
    return [
        Region(
            test=name,
            lift=one.effect.estimate,
            error=one.effect.se,
            draws=np.maximum(_drawn(one, rng=rng), -1.0),
            window=Window(start=test["start"], end=min(test["end"], as_of)),
            doubts=_doubts(name, promise.channel, panel, one, running=as_of < test["end"]),
            money=one.money,
            grade=Grade.A if promise.lot else Grade.B,
        )
        for name, one in found.items()
    ]


def _promised(test: Mapping[str, Any]) -> Registration:
    """What the strategy tells of a test, in the form of a promise."""
    return Registration(
        test=str(test["id"]),
        kind=Kind.GEO,
        hypothesis="",
        metric="revenue",
        control="others",
        treated=tuple(test["treated"]),
        starts_on=test["start"],
        ends_on=test["end"],
        channel=test.get("channel"),
        cells=tuple((name, tuple(regions)) for name, regions in (test.get("cells") or {}).items()),
        lot=tuple(tuple(group) for group in test.get("lot") or ()),
    )


def _findings(
    panel: Panel, promise: Registration, *, last: date, touched: Sequence[str], rng: np.random.Generator
) -> dict[str, SeriesFindings]:
    """The reading of the test, or of each of its cells, by name."""
    if promise.cells:
        cells = cell_findings(panel, promise, last=last, touched=touched)
        return {f"{promise.test}:{name}": one for name, one in cells.items()}
    if promise.lot:
        return {promise.test: lot_findings(panel, promise, last=last, rng=rng, touched=touched)}
    return {promise.test: geo_findings(panel, promise, last=last, touched=touched)}


def _drawn(found: SeriesFindings, *, rng: np.random.Generator) -> Floats:
    noise = (
        rng.standard_t(found.effect.df, DRAWS) if isfinite(found.effect.df) else rng.standard_normal(DRAWS)
    )
    return np.asarray(found.effect.estimate + found.effect.se * noise, dtype=np.float64)


def _doubts(
    test: str, channel: str | None, panel: Panel, found: SeriesFindings, *, running: bool
) -> tuple[Doubt, ...]:
    doubts = []
    if found.lift is not None and found.lift.stretch > 1.5:
        told = f"{found.lift.stretch:.1f}"
        says = Text(
            f"{test}: in regions left alone the method strays {told} times as far as it admits.",
            f"{test} : dans les régions à part, la méthode s’égare {told.replace('.', ',')} fois plus "
            "qu’elle ne l’avoue.",
        )
        doubts.append(Doubt(code="placebo_stretch", says=says))
    if running:
        says = Text(f"{test} is still running.", f"{test} est encore en cours.")
        doubts.append(Doubt(code="still_running", says=says))
    if channel in panel.spend and found.money is None:
        says = Text(
            f"{test}: spend on {channel} hardly moved in the treated regions next to the others.",
            f"{test} : la dépense en {channel} n’a guère bougé dans les régions traitées face aux autres.",
        )
        doubts.append(Doubt(code="spend_unchanged", says=says))
    return tuple(doubts)


def _unread(test: Mapping[str, Any], why: Text) -> Withheld:
    name = str(test["id"])
    return Withheld(
        test=name, reason=Text(f"{name} cannot be read: {why.en}.", f"{name} est illisible : {why.fr}.")
    )
