"""The newsroom and the pages of events: open to everybody, in the language of what they show."""

import json
from typing import Any, Final

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed

from cmo.briefs.voice import Voice
from cmo.communication.gathering import as_ical
from cmo.communication.press import as_json_ld, as_text, paragraphs
from cmo.loop import gatherings, press
from cmo.loop.consenting import wording
from cmo.measures import Problem, Text
from cmo.web.knowledge import workspace
from cmo.web.tongue import spoken

_WORDS: Final = {
    "newsroom": Text("Newsroom", "Espace presse"),
    "none": Text("Nothing was published yet", "Rien n'a encore été publié"),
    "kit": Text("Press kit (PDF)", "Dossier de presse (PDF)"),
    "text": Text("As plain text", "En texte simple"),
    "contact": Text("Press contact", "Contact presse"),
    "pictures": Text("Pictures", "Images"),
    "facts": Text("Facts and sources", "Faits et sources"),
    "name": Text("Name", "Nom"),
    "address": Text("E-mail address", "Adresse e-mail"),
    "register": Text("Register", "S'inscrire"),
    "registered": Text("You are registered", "Vous êtes inscrit"),
    "own": Text("Into my calendar (iCal)", "Dans mon agenda (iCal)"),
    "place": Text("Where", "Où"),
    "when": Text("When", "Quand"),
}


class GuestForm(forms.Form):
    """Who comes.

    The consent is a box of its own, which nobody ticked beforehand and which is not asked for.
    """

    name = forms.CharField(max_length=120)
    address = forms.EmailField(max_length=254)
    agreed = forms.BooleanField(required=False)


def index(request: HttpRequest) -> HttpResponse:
    """All releases that may be read."""
    w = _words()
    context = {
        "title": w["newsroom"],
        "w": w,
        "releases": [
            (one.key, one.release, Voice(spoken()).day(one.published.at.date())) for one in press.newsroom()
        ],
    }
    return render(request, "web/newsroom.html", context)


def one(request: HttpRequest, campaign: str) -> HttpResponse:
    """One release: page, with its data for search engines."""
    found = _found(campaign)
    if found is None:
        return _gone()
    here = workspace()
    url = request.build_absolute_uri()
    said = as_json_ld(found.release, found.published, company=here.config.company.name, url=url)
    context = {
        "title": found.release.title,
        "w": _words(),
        "key": found.key,
        "release": found.release,
        "paragraphs": paragraphs(found.release, found.published),
        "data": json.dumps(said, ensure_ascii=False).replace("<", "\\u003c"),
    }
    return render(request, "web/release.html", context)


def text(_request: HttpRequest, campaign: str) -> HttpResponse:
    """One release as plain text."""
    found = _found(campaign)
    if found is None:
        return _gone()
    return HttpResponse(as_text(found.release, found.published), content_type="text/plain; charset=utf-8")


def kit(_request: HttpRequest, campaign: str) -> HttpResponse:
    """The press kit."""
    found = _found(campaign)
    if found is None:
        return _gone()
    written = press.kit_of(found.release, found.published, workspace())
    return HttpResponse(written, content_type="application/pdf")


def feed(request: HttpRequest) -> HttpResponse:
    """All releases as Atom."""
    here = workspace()
    site = request.build_absolute_uri(reverse("newsroom"))
    made = Atom1Feed(
        title=here.config.company.name,
        link=site,
        description="",
        feed_url=request.build_absolute_uri(),
        language=here.config.company.language,
    )
    for found in press.newsroom():
        url = request.build_absolute_uri(reverse("release", args=[found.key]))
        made.add_item(
            title=found.release.title,
            link=url,
            description=found.release.lead,
            unique_id=url,
            pubdate=found.published.at,
            updateddate=found.published.corrected_at or found.published.at,
        )
    return HttpResponse(made.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")


def event(request: HttpRequest, campaign: str) -> HttpResponse:
    """An event with its registration."""
    try:
        _, found = gatherings.known(campaign)
    except Problem:
        return _gone()
    here, language = workspace(), spoken()
    form = GuestForm(request.POST) if request.method == "POST" else GuestForm()
    done, wrong = False, ""
    if request.method == "POST" and form.is_valid():
        given: dict[str, Any] = form.cleaned_data
        try:
            gatherings.register(
                here,
                campaign,
                address=given["address"],
                guest=given["name"],
                agreed=given["agreed"],
                language=language,
            )
            done = True
        except Problem as problem:
            wrong = problem.sentences[0]
    clock = here.config.company.clock
    context = {
        "title": found.title,
        "w": _words(),
        "event": found,
        "key": campaign,
        "on": f"{Voice(language).day(found.on.astimezone(clock).date())}, {found.on.astimezone(clock):%H:%M}",
        "form": form,
        "done": done,
        "wrong": wrong,
        "consent": wording(here, "events", language),
    }
    return render(request, "web/event.html", context)


def ical(request: HttpRequest, campaign: str) -> HttpResponse:
    """An event for one's own calendar."""
    try:
        work, found = gatherings.known(campaign)
    except Problem:
        return _gone()
    url = request.build_absolute_uri(reverse("event", args=[campaign]))
    written = as_ical(campaign, found, url=url, version=work.number)
    return HttpResponse(written, content_type="text/calendar; charset=utf-8")


def _found(key: str) -> press.Out | None:
    return next((one for one in press.newsroom() if one.key == key), None)


def _gone() -> HttpResponse:
    return HttpResponse(status=410)


def _words() -> dict[str, str]:
    voice = Voice(spoken())
    return {name: voice.read(said) for name, said in _WORDS.items()}
