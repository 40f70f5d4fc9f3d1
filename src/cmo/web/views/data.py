"""Data: which tables there are, how fresh and healthy, what was refused, what more would unlock."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from cmo.briefs.voice import Voice
from cmo.briefs.wording import table_of
from cmo.loop.health import remembered_health
from cmo.loop.refused import remembered_refusals
from cmo.measures import MEASURES
from cmo.warehouse.health import Health
from cmo.warehouse.tables import TABLES
from cmo.web.knowledge import Known, known
from cmo.web.models import Job
from cmo.web.tongue import spoken
from cmo.workspace import Source

_MOST = 200


def page(request: HttpRequest) -> HttpResponse:
    """All tables: those at hand, and what those that are missing would answer."""
    now, voice = known(), Voice(spoken())
    tables = remembered_health(now.workspace)
    at_hand = {one.table for one in tables}
    rows = [_row(one, now, voice) for one in tables]
    missing = [
        {"name": name, "label": table_of(name, voice=voice), "unlocks": _unlocked(name, voice)}
        for name in TABLES
        if name not in at_hand
    ]
    context = {
        "title": _("Data & settings"),
        "headline": _headline(rows, voice),
        "tables": rows,
        "missing": [one for one in missing if one["unlocks"]],
        "jobs": Job.objects.select_related("asked_by")[:5],
    }
    return render(request, "web/data.html", context)


def table(request: HttpRequest, table: str) -> HttpResponse:
    """One table: its source, its health, and the rows that were refused with their reasons."""
    now, voice = known(), Voice(spoken())
    health = next((one for one in remembered_health(now.workspace) if one.table == table), None)
    source = now.workspace.config.sources.get(table, ())
    if health is None and not source:
        raise Http404(table)
    refused = [
        {
            "origin": one.origin,
            "row": one.row,
            "column": one.column,
            "value": one.value,
            "says": voice.read(one.says),
        }
        for one in remembered_refusals(now.workspace, table, most=_MOST)
    ]
    context = {
        "title": table_of(table, voice=voice),
        "name": table,
        "source": _source(source),
        "row": None if health is None else _row(health, now, voice),
        "refused": refused,
        "most": _MOST,
        "measures": [
            {"name": name, "label": voice.read(one.label)}
            for name, one in MEASURES.items()
            if table in one.tables
        ],
    }
    return render(request, "web/table.html", context)


def _headline(rows: list[dict[str, Any]], voice: Voice) -> str:
    if not rows:
        return voice.say("No data has been read yet", "Aucune donnée n’a encore été lue")
    warned = sum(bool(row["findings"]) for row in rows)
    named = {"n": voice.count(len(rows)), "warned": voice.count(warned)}
    if warned:
        return voice.say(
            "{n} tables are read; {warned} call for a look",
            "{n} tables sont lues ; {warned} méritent un regard",
            **named,
        )
    return voice.say(
        "{n} tables are read, all in good health", "{n} tables sont lues, toutes saines", **named
    )


def _row(one: Health, now: Known, voice: Voice) -> dict[str, Any]:
    reading = (
        next((each for each in now.facts.readings if each.table == one.table), None) if now.facts else None
    )
    source = now.workspace.config.sources.get(one.table, ())
    return {
        "name": one.table,
        "label": table_of(one.table, voice=voice),
        "rows": voice.count(one.rows),
        "refused": None if reading is None else voice.count(reading.n_refused),
        "span": None if one.span is None else voice.window(one.span),
        "age": None
        if one.span is None or now.facts is None
        else _age(one.span.end, now.facts.reviewed_on, voice),
        "findings": [
            {"says": voice.read(found.says), "severity": found.severity.value} for found in one.findings
        ],
        "source": _source(source),
    }


def _age(end: date, today: date, voice: Voice) -> str:
    days = (today - end).days
    if days <= 1:
        return voice.say("up to date", "à jour")
    return voice.say("{n} days old", "{n} jours", n=voice.count(days))


def _source(declared: Iterable[Source]) -> str:
    return ", ".join(one.path or one.table or "" for one in declared)


def _unlocked(table: str, voice: Voice) -> list[str]:
    return [voice.read(one.label) for one in MEASURES.values() if table in one.tables]
