"""The calendar over all channels, as a month and as a list; conflicts first.

And as iCal behind a secret address.
"""

from calendar import Calendar as Months
from datetime import date, timedelta
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from cmo.briefs.voice import Voice
from cmo.loop import publishing_calendar as planned
from cmo.loop.testing import today_of
from cmo.measures import Text
from cmo.web.knowledge import workspace
from cmo.web.tongue import spoken

_WORDS: Final = {
    "title": Text("Calendar", "Calendrier"),
    "studio": Text("Studio", "Studio"),
    "clear": Text("Nothing gets in the way this month", "Rien ne se gêne ce mois-ci"),
    "before": Text("Month before", "Mois précédent"),
    "after": Text("Month after", "Mois suivant"),
    "conflicts": Text("Conflicts", "Conflits"),
    "month": Text("The month", "Le mois"),
    "list": Text("As a list", "En liste"),
    "nothing": Text("Nothing is planned in this month.", "Rien n'est prévu ce mois-ci."),
    "day": Text("Day", "Jour"),
    "piece": Text("Piece", "Pièce"),
    "channel": Text("Channel", "Canal"),
    "state": Text("State", "État"),
    "cost": Text("Cost", "Coût"),
    "result": Text("Result", "Résultat"),
    "feed": Text("In your own calendar", "Dans votre agenda"),
}
_WRONG: Final = Text("{n} things get in each other's way", "{n} choses se gênent")


def page(request: HttpRequest) -> HttpResponse:
    """A month."""
    here, voice = workspace(), Voice(spoken())
    first = _first(request.GET.get("month", ""), today_of(here))
    found = planned.entries(spoken())
    mine = [one for one in found if (one.on.year, one.on.month) == (first.year, first.month)]
    wrong = [
        one
        for one in planned.clashes(here, found)
        if any(name in {e.id for e in mine} for name in one.entries)
    ]
    w = {name: voice.read(text) for name, text in _WORDS.items()}
    weeks = [
        [_day(day, mine, first, voice) for day in week]
        for week in Months().monthdatescalendar(first.year, first.month)
    ]
    context = {
        "title": w["title"],
        "w": w,
        "month": voice.month(first),
        "headline": voice.read(_WRONG).format(n=voice.count(len(wrong))) if wrong else w["clear"],
        "conflicts": [voice.read(one.says) for one in wrong],
        "days": [voice.read(one) for one in _DAYS],
        "weeks": weeks,
        "entries": [(voice.day(one.on), one) for one in mine],
        "before": (first - timedelta(days=1)).strftime("%Y-%m"),
        "after": (first + timedelta(days=32)).strftime("%Y-%m"),
        "feed": reverse("calendar_feed", args=[planned.feed_token()]),
    }
    return render(request, "web/calendar.html", context)


def feed(_request: HttpRequest, token: str) -> HttpResponse:
    """The calendar as iCal."""
    here = workspace()
    written = planned.feed(token, name=here.config.company.name, language=here.config.company.language)
    if written is None:
        return HttpResponse(status=410)
    return HttpResponse(written, content_type="text/calendar; charset=utf-8")


_DAYS: Final = (
    Text("Mon", "lun."),
    Text("Tue", "mar."),
    Text("Wed", "mer."),
    Text("Thu", "jeu."),
    Text("Fri", "ven."),
    Text("Sat", "sam."),
    Text("Sun", "dim."),
)


def _day(day: date, mine: list[Any], first: date, voice: Voice) -> dict[str, Any]:
    return {
        "number": day.day,
        "inside": day.month == first.month,
        "holiday": planned.day_name(day, voice.language),
        "entries": [one for one in mine if one.on == day],
    }


def _first(written: str, today: date) -> date:
    try:
        return date.fromisoformat(f"{written}-01")
    except ValueError:
        return today.replace(day=1)
