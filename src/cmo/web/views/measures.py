"""All figures, and the page of each measure: where does this come from, down to the rows."""

import csv
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from cmo.briefs.document import Block
from cmo.briefs.figures import subjects_illustration
from cmo.briefs.over_time import history_illustration
from cmo.briefs.voice import Voice
from cmo.briefs.wording import label_by, label_of, table_of
from cmo.loop.catalogue import PROVIDERS
from cmo.measures import MEASURES, Estimate, Grade, Text
from cmo.web.knowledge import Known, known, remembered
from cmo.web.paper import blocks, source_of, sources
from cmo.web.tongue import spoken
from cmo.web.views.shown import beginning

_AREAS: Final = {
    "sales": Text("Sales", "Ventes"),
    "customers": Text("Customers", "Clients"),
    "value": Text("Perceived value", "Valeur perçue"),
    "brand": Text("Brand", "Marque"),
    "market": Text("Market", "Marché"),
    "content": Text("Content", "Contenus"),
    "distribution": Text("Distribution", "Distribution"),
    "media": Text("Marketing channels", "Canaux marketing"),
    "experiments": Text("Tests", "Tests"),
    "communication": Text("Communication", "Communication"),
    "team": Text("Team", "Équipe"),
}


def index(request: HttpRequest) -> HttpResponse:
    """Every measure: what it stands at, or why it cannot be said."""
    now, voice = known(), Voice(spoken())
    if now.facts is None:
        return beginning(request, _("All figures"))
    areas = remembered(now.version, f"measures {voice.language}", lambda: _areas(now, voice))
    n_known = len({one.measure for one in now.facts.estimates})
    context = {
        "title": _("All figures"),
        "areas": areas,
        "headline": voice.say(
            "{n} of {total} figures can be said today",
            "{n} grandeurs sur {total} peuvent être dites aujourd’hui",
            n=voice.count(n_known),
            total=voice.count(len(MEASURES)),
        ),
        "grades": [(grade.value, voice.read(grade.says)) for grade in Grade],
    }
    return render(request, "web/measures.html", context)


def page(request: HttpRequest, name: str) -> HttpResponse:
    """One measure: its estimates, charts, method, window, tables, doubts."""
    if name not in MEASURES:
        raise Http404(name)
    now, voice = known(), Voice(spoken())
    if now.facts is None:
        return beginning(request, label_of(name, voice=voice))
    context = remembered(now.version, f"measure {name} {voice.language}", lambda: _page(now, name, voice))
    return render(request, "web/measure.html", context)


def table(request: HttpRequest, name: str) -> HttpResponse:
    """The estimates of a measure as a table for a spreadsheet."""
    now = known()
    if name not in MEASURES or now.facts is None:
        raise Http404(name)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    rows = csv.writer(response)
    rows.writerow(
        ("measure", "by", "subject", "mean", "median", "q05", "q95", "unit", "start", "end", "as_of", "grade")
    )
    for one in _estimates(now, name):
        span = one.window.as_list()
        for said in one.summary():
            numbers = (said["mean"], said["median"], said["q05"], said["q95"])
            subject = str(said["subject"])
            safe = f"'{subject}" if subject[:1] in {"=", "+", "-", "@", "\t", "\r"} else subject
            rows.writerow((name, one.by, safe, *numbers, one.unit.name, *span, one.as_of, one.grade.value))
    return response


def _estimates(now: Known, name: str) -> tuple[Estimate, ...]:
    facts = now.facts
    return () if facts is None else tuple(one for one in facts.estimates if one.measure == name)


def _areas(now: Known, voice: Voice) -> list[dict[str, Any]]:
    facts = now.facts
    found: dict[str, list[dict[str, Any]]] = {}
    for name, measure in MEASURES.items():
        estimate = None if facts is None else facts.estimate(name)
        gap = next((one for one in facts.unanswered if one.measure == name), None) if facts else None
        source = None
        if estimate is not None:
            source = source_of(estimate, estimate.whole or estimate.subjects[0], voice=voice)
        row = {
            "name": name,
            "label": voice.read(measure.label),
            "source": source,
            "n": 0 if estimate is None else len(estimate.subjects),
            "why_not": "" if gap is None or estimate else voice.read(gap.reason),
        }
        found.setdefault(measure.area, []).append(row)
    return [
        {"name": area, "label": voice.read(_AREAS.get(area, Text.same(area))), "rows": rows}
        for area, rows in found.items()
    ]


def _page(now: Known, name: str, voice: Voice) -> dict[str, Any]:
    measure, estimates = MEASURES[name], _estimates(now, name)
    facts = now.facts
    gap = next((one for one in facts.unanswered if one.measure == name), None) if facts else None
    tables = estimates[0].tables if estimates else measure.tables
    readings = {one.table: one for one in facts.readings} if facts else {}
    return {
        "title": label_of(name, voice=voice),
        "name": name,
        "says": voice.read(measure.says),
        "why_not": "" if gap is None or estimates else voice.read(gap.reason),
        "estimates": [_told(one, now=now, voice=voice) for one in estimates],
        "headline": _headline(estimates, name, voice),
        "area": next((area for area, one in PROVIDERS.items() if name in one.provides), ""),
        "tables": [
            {
                "name": one,
                "label": table_of(one, voice=voice),
                "rows": voice.count(readings[one].n_read) if one in readings else None,
                "refused": voice.count(readings[one].n_refused) if one in readings else None,
            }
            for one in tables
        ],
        "concerns": [voice.read(one.says) for one in facts.concerns if one.table in tables] if facts else [],
        "believed": [
            {"says": voice.read(one.says), "why": voice.read(one.why), "stance": one.stance.value}
            for one in (facts.verdicts if facts else ())
            if one.measure == name
        ],
    }


def _headline(estimates: tuple[Estimate, ...], name: str, voice: Voice) -> str:
    label = label_of(name, voice=voice)
    for one in estimates:
        if one.whole is not None:
            figure = one.figure(one.whole)
            return voice.say(
                "{label}: {figure}", "{label} : {figure}", label=label, figure=voice.figure(figure)
            )
    if estimates:
        return label
    return voice.say("{label}: not known yet", "{label} : pas encore connu", label=label)


def _told(estimate: Estimate, *, now: Known, voice: Voice) -> dict[str, Any]:
    drawn: list[Block | None] = []
    if len(estimate.subjects) > 1:
        drawn.append(subjects_illustration(estimate, voice=voice))
    if estimate.whole is not None:
        drawn.append(history_illustration(estimate, estimate.whole, voice=voice))
    return {
        "label": label_by(estimate, voice=voice),
        "by": estimate.by,
        "drawn": blocks(drawn, known=now, language=voice.language),
        "sources": sources(estimate, voice=voice),
        "period": voice.window(estimate.window),
        "as_of": voice.day(estimate.as_of),
        "method": voice.read(estimate.method),
        "grade": estimate.grade.value,
        "meaning": voice.read(estimate.grade.says),
        "doubts": [voice.read(doubt.says) for doubt in estimate.doubts],
    }
