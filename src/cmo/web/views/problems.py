"""Customers' problems: what they say, what is at stake, and where it stands with the product's makers."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from cmo.briefs.voice import Voice
from cmo.briefs.voice_answers import (
    drift_line,
    effect_line,
    graded,
    named,
    quoted,
    rising_line,
    segment_name,
    span,
    stage_name,
)
from cmo.loop.problems import known_problems
from cmo.loop.standing import Standing, standing
from cmo.loop.voice import quiet
from cmo.loop.voice_kept import kept_voice
from cmo.measures import Problem, Unit
from cmo.value.backlog import Stage
from cmo.web.acts.page import acted
from cmo.web.acts.table import ACTS
from cmo.web.gate import signed_in
from cmo.web.knowledge import workspace
from cmo.web.tongue import spoken

ACT = "take_problem"


def page(request: HttpRequest) -> HttpResponse:
    """What customers suffer from, with quotes, and where it stands."""
    voice = Voice(spoken())
    context: dict[str, Any] = {"title": _("Customers' problems"), "problems": [], "said": []}
    try:
        now = standing(workspace().folder, spoken())
        context |= _told(now, voice)
    except Problem as why:
        context["headline"] = _("Nothing is known of customers' problems yet")
        context["said"] = list(why.sentences)
    context["may"] = signed_in(request).may(ACTS[ACT].asks)
    return render(request, "web/problems.html", context)


def take(request: HttpRequest, problem: str) -> HttpResponse:
    """Take a problem one stage further, in the name of who asks."""
    state, words = request.POST.get("state", ""), request.POST.get("words", "")
    acted(request, ACT, problem=problem, state=state, words=words)
    messages.success(request, _("Kept."))
    return redirect("problems")


def _told(now: Standing, voice: Voice) -> dict[str, Any]:
    told = kept_voice(now.workspace, progress=quiet).told
    found = known_problems(now)
    unit = Unit(now.workspace.config.company.currency)
    first = named(found[0]["id"], voice) if found else "–"
    drift = [] if told["drift"] is None else [drift_line(told["drift"], voice)]
    return {
        "headline": voice.say("What weighs most: {aspect}", "Ce qui pèse le plus : {aspect}", aspect=first),
        "said": [*(rising_line(one, voice) for one in told["rising"]), *drift, graded(voice)],
        "problems": [_one(one, voice, unit) for one in found],
    }


def _one(one: dict[str, Any], voice: Voice, unit: Unit) -> dict[str, Any]:
    stake = one["stake"]["money"] if one["stake"] else None
    return {
        "id": one["id"],
        "name": voice.sentence(named(one["id"], voice)).rstrip("."),
        "state": stage_name(one, voice),
        "frequency": span(one["frequency"], voice),
        "bearing": span(one["bearing"], voice),
        "stake": span(stake, voice, unit=unit),
        "segments": [
            (segment_name(name, voice), voice.percent(share)) for name, share, _n in one["segments"]
        ],
        "worth": [(level, span(points, voice, unit=unit)) for level, points in one["willing_to_pay"]],
        "quotes": [quoted(words, voice) for words in one["quotes"]],
        "steps": [
            (step["at"][:10], voice.read(Stage(step["state"]).says), step["by"], step["words"])
            for step in one["steps"]
        ],
        "effect": effect_line(one["effect"], voice) if one["effect"] else "",
        "next": [(stage, voice.read(Stage(stage).says)) for stage in one["next"]],
    }
