"""Team: who can do what, and with how much time."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from cmo.briefs.document import Block, Column, Paragraph, Section, Table, Tone
from cmo.briefs.facts import Facts
from cmo.briefs.voice import Voice
from cmo.strategy.document import Strategy
from cmo.web.knowledge import known
from cmo.web.paper import Draft
from cmo.web.views.areas import gaps
from cmo.web.views.shown import screen


def page(request: HttpRequest) -> HttpResponse:
    """The people of the strategy."""
    strategy = known().strategy
    return screen(request, "team", write=lambda facts, voice: _write(facts, voice, strategy), title=_("Team"))


def _write(facts: Facts, voice: Voice, strategy: Strategy) -> Draft:
    hours = sum(one.hours_per_week or 0 for one in strategy.team)
    headline = (
        voice.say("No team is written down yet", "Aucune équipe n’est encore décrite")
        if not strategy.team
        else voice.say(
            "{n} people, {hours} hours a week",
            "{n} personnes, {hours} heures par semaine",
            n=voice.count(len(strategy.team)),
            hours=voice.count(round(hours)),
        )
    )
    return Draft(
        headline=headline,
        sections=(_people(facts, voice, strategy), gaps(facts, ("team",), voice=voice)),
        sources=tuple(one for one in facts.estimates if one.measure.startswith("team.")),
    )


def _people(facts: Facts, voice: Voice, strategy: Strategy) -> Section:
    title = voice.say("Who can do what", "Qui sait faire quoi")
    if not strategy.team:
        empty = voice.say(
            "Write the team into strategy.yaml, each with role, skills and hours per week: the page then "
            "shows who can carry the plan.",
            "Décrivez l’équipe dans strategy.yaml, avec rôle, compétences et heures par semaine : la page "
            "montrera qui peut porter le plan.",
        )
        blocks: tuple[Block, ...] = (Paragraph(text=empty, tone=Tone.NOTE),)
        return Section(name="people", title=title, blocks=blocks)
    held = dict.fromkeys(facts.people, 0)
    for one in facts.verdicts:
        if one.owner in held:
            held[one.owner] += 1
    table = Table(
        caption=voice.say("The team", "L’équipe"),
        columns=(
            Column(label=voice.say("Name", "Nom")),
            Column(label=voice.say("Role", "Rôle")),
            Column(label=voice.say("Skills", "Compétences")),
            Column(label=voice.say("Hours a week", "Heures par semaine"), numeric=True),
            Column(label=voice.say("Beliefs held", "Convictions portées"), numeric=True),
        ),
        rows=tuple(
            (
                one.name,
                one.role or "–",
                ", ".join(one.skills) or "–",
                "–" if one.hours_per_week is None else voice.count(round(one.hours_per_week)),
                voice.count(held.get(one.id, 0)),
            )
            for one in strategy.team
        ),
    )
    return Section(name="people", title=title, blocks=(table,))
