"""Showing a sheet: most screens are one, and all do it alike."""

from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from cmo.briefs.facts import Facts
from cmo.briefs.voice import Voice
from cmo.web.knowledge import known, workspace
from cmo.web.paper import Draft, sheet
from cmo.web.tongue import spoken

Extra = Callable[[], Mapping[str, Any]]


def beginning(request: HttpRequest, title: str) -> HttpResponse:
    """What to bring, before there is anything to show."""
    context = {"title": title, "empty": not workspace().config.sources}
    return render(request, "web/start.html", context)


def screen(
    request: HttpRequest,
    name: str,
    *,
    write: Callable[[Facts, Voice], Draft],
    title: str,
    template: str = "web/sheet.html",
    more: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """Answer with a sheet, or with the page that says how to begin.

    Args:
        request: Who asks.
        name: Name of the sheet; it is written once for each version of what is known.
        write: Writes it.
        title: Name of the screen.
        template: Template that shows it.
        more: What else the template needs.
    """
    now = known()
    page = sheet(now, name, language=spoken(), write=write)
    if page is None:
        return beginning(request, title)
    facts = now.facts
    day = "" if facts is None else Voice(spoken()).day(facts.reviewed_on)
    context = {"title": title, "sheet": page, "known": now, "reviewed_on": day, **(more or {})}
    return render(request, template, context)
