"""Radar and channels: the market, its trends, our brand in it, and the channels we sell through."""

from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from cmo.briefs import figures
from cmo.briefs.facts import Facts
from cmo.briefs.horizon import radar_section, stages_section
from cmo.briefs.voice import Voice
from cmo.briefs.wording import subject_of
from cmo.ledger.channels import channel_steps
from cmo.loop.radar import on_radar
from cmo.web.knowledge import workspace
from cmo.web.paper import Draft
from cmo.web.views.areas import gaps, named
from cmo.web.views.shown import screen

_AREAS = ("market", "brand", "distribution", "content")


def page(request: HttpRequest) -> HttpResponse:
    """What rises outside, and through which channels we reach people."""
    sky, steps = on_radar(workspace()), channel_steps()

    def write(facts: Facts, voice: Voice) -> Draft:
        draft = _write(facts, voice)
        watched = (radar_section(sky, voice=voice), stages_section(steps, voice=voice))
        return replace(draft, sections=(*watched, *draft.sections))

    name = f"radar {len(sky.moves)} {len(steps)}"  # a move is shown at once, without a review
    return screen(request, name, write=write, title=_("Radar & channels"))


def _write(facts: Facts, voice: Voice) -> Draft:
    titles = {
        "market": voice.say("The market and what rises in it", "Le marché et ce qui y monte"),
        "brand": voice.say("Our brand in it", "Notre marque dans ce marché"),
        "distribution": voice.say("The channels we sell through", "Les canaux par lesquels nous vendons"),
        "content": voice.say("What engages", "Ce qui fait réagir"),
    }
    sections = tuple(
        named(figures.breakdowns(facts, (area,), voice=voice), area, title) for area, title in titles.items()
    )
    return Draft(
        headline=_headline(facts, voice),
        sections=(*sections, gaps(facts, _AREAS, voice=voice)),
        sources=tuple(
            one
            for one in facts.estimates
            if one.measure.partition(".")[0] in _AREAS and len(one.subjects) == 1
        ),
    )


def _headline(facts: Facts, voice: Voice) -> str:
    trend = facts.estimate("market.trend")
    if trend is None:
        return voice.say("The market is not watched yet", "Le marché n’est pas encore observé")
    first = max(trend.subjects, key=lambda subject: trend.figure(subject).value)
    return voice.say(
        "What rises fastest: {topic}, {figure}",
        "Ce qui monte le plus vite : {topic}, {figure}",
        topic=subject_of(first, voice=voice),
        figure=voice.figure(trend.figure(first)),
    )
