"""Team: who can do what, who does what when, what is lacking, what others are asked for."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from cmo.briefs.document import Paragraph, Section, Tone
from cmo.briefs.facts import Facts
from cmo.briefs.team_answers import STATES, work_answer
from cmo.briefs.voice import Voice
from cmo.ledger.audit import note
from cmo.ledger.calendars import end_calendars_of, keep_calendar, owner_of_calendar
from cmo.ledger.tasks import digest_of_tasks
from cmo.loop.field_diary import quota
from cmo.loop.team import (
    Team,
    add_work,
    diversity,
    gaps_told,
    new_item,
    people_told,
    row_of,
    staffing_told,
    step,
)
from cmo.loop.team_calendar import calendar_of
from cmo.loop.testing import today_of
from cmo.loop.workforce import workforce
from cmo.measures import Problem
from cmo.strategy.document import Strategy
from cmo.team.work import ALIVE, State
from cmo.web.answered import section_of
from cmo.web.gate import signed_in
from cmo.web.knowledge import Known, known, remembered
from cmo.web.paper import Draft, Part, part
from cmo.web.tokens import digest_of, new_token
from cmo.web.tongue import spoken
from cmo.web.views.areas import gaps
from cmo.web.views.shown import screen

_STEPS = (State.UNDER_WAY, State.DONE, State.DROPPED, State.ACCEPTED, State.DECLINED)


def page(request: HttpRequest) -> HttpResponse:
    """The people of the strategy, their work, and what is lacking."""
    now, voice = known(), Voice(spoken())
    more: dict[str, Any] = {"fresh": request.session.pop("fresh_calendar", None)}
    if now.facts is not None:
        more |= _doing(now, voice)
    return screen(
        request,
        "team",
        write=lambda facts, voice: _write(facts, voice, now.strategy),
        title=_("Team"),
        template="web/team.html",
        more=more,
    )


def do(request: HttpRequest) -> HttpResponse:
    """Take a piece of work one step further, or give it to somebody."""
    form, now = request.POST, known()
    chosen, hours = form.get("state", ""), form.get("hours", "").replace(",", ".")
    if chosen and chosen not in tuple(State):
        raise Http404(chosen)
    step(
        now.workspace.folder,
        form.get("work", ""),
        state=State(chosen) if chosen else None,
        who=form.get("who", ""),
        hours=_number(hours) if hours else None,
        words=form.get("words", "")[:2000],
        by=signed_in(request).email,
        language=spoken(),
    )
    note("work", by=signed_in(request).email, kind="work", key=form.get("work", "")[:100])
    messages.success(request, _("Kept."))
    return redirect("team")


def ask(request: HttpRequest) -> HttpResponse:
    """Ask for a piece of work, of the team or of another department."""
    form, now = request.POST, known()
    skill, name = form.get("skill", "").strip(), form.get("work", "").strip()
    if not name or not form.get("says", "").strip():
        raise Problem("say what is to be done, and give it a short name")
    item = new_item(
        name[:64],
        form.get("says", "")[:500],
        hours=_number(form.get("hours", "")),
        by=_day(form.get("due", "")),
        skills={skill: _number(form.get("level", "") or "1")} if skill else {},
        department=form.get("department", "").strip() or None,
    )
    add_work(now.workspace.folder, item, by=signed_in(request).email, language=spoken())
    note("ask for work", by=signed_in(request).email, kind="work", key=item.id)
    messages.success(request, _("Kept."))
    return redirect("team")


def link(request: HttpRequest) -> HttpResponse:
    """Make a link to somebody's calendar; those before open nothing any more."""
    who = request.POST.get("who", "")
    if who not in {one.id for one in known().strategy.team}:
        raise Http404(who)
    token = new_token()
    end_calendars_of(who)
    keep_calendar(digest_of(token), who=who)
    note("make a calendar link", by=signed_in(request).email, kind="calendar", key=who)
    request.session["fresh_calendar"] = request.build_absolute_uri(f"/feeds/work/{token}.ics")
    return redirect("team")


def calendar(request: HttpRequest, token: str) -> HttpResponse:
    """Somebody's work as a calendar, to whoever holds the link."""
    who, now = owner_of_calendar(digest_of(token)), known()
    if who is None or who not in {one.id for one in now.strategy.team}:
        return HttpResponse(status=410)
    content = calendar_of(_team(now, Voice(now.workspace.config.company.language)), who)
    answer = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = f'inline; filename="{who}.ics"'
    return answer


def _team(now: Known, voice: Voice) -> Team:
    """The team as it stands today, staffed once for each state of its work."""
    today = today_of(now.workspace)
    name = f"workforce {digest_of_tasks()} {today}"
    force = remembered(now.version, name, lambda: workforce(now.strategy, today=today))
    return Team(workspace=now.workspace, strategy=now.strategy, force=force, language=voice.language)


def _doing(now: Known, voice: Voice) -> dict[str, Any]:
    """What is done, by whom, and what is lacking, as it is at this moment."""
    if not now.strategy.team:
        return {}
    team, folder = _team(now, voice), now.workspace.folder
    alive = [one for one in team.force.tasks.values() if one.state in ALIVE]
    asked = [row_of(one) for one in team.force.requests]
    found = (
        ("people", voice.say("Who can do what", "Qui sait faire quoi"), people_told(team)),
        ("lacking", voice.say("What is lacking", "Ce qui manque"), gaps_told(team)),
        ("plan", voice.say("Who does what, when", "Qui fait quoi, quand"), staffing_told(team)),
        (
            "work",
            voice.say("Work to be done", "Travail à faire"),
            work_answer([row_of(one) for one in alive], language=voice.language),
        ),
        *(
            [
                (
                    "requests",
                    voice.say("Asked of others", "Demandé à d’autres"),
                    work_answer(asked, language=voice.language),
                )
            ]
            if asked
            else []
        ),
        (
            "quota",
            voice.say("Who has heard customers", "Qui a entendu des clients"),
            quota(folder, language=voice.language),
        ),
        (
            "diversity",
            voice.say("Diversity, as people say it", "Diversité, telle que chacun la dit"),
            diversity(folder, language=voice.language),
        ),
    )
    parts: list[Part] = []
    for name, title, answer in found:
        section = section_of(answer, name=name, title=title, voice=voice)
        if section is not None:
            parts.append(part(section, known=now, language=voice.language))
    return {
        "first": parts,
        "works": [(one.item.id, one.item.says.in_(voice.language)) for one in alive],
        "members": [(one.id, one.name) for one in now.strategy.team],
        "steps": [(one.value, STATES[one].in_(voice.language)) for one in _STEPS],
        "words": _words(voice),
        "today": timezone.localdate().isoformat(),
    }


def _words(voice: Voice) -> dict[str, str]:
    said = {
        "do": ("Say how far a piece of work is", "Dire où en est un travail"),
        "work": ("Work", "Travail"),
        "state": ("It is", "Il est"),
        "same": ("as it was", "comme avant"),
        "who": ("Done by", "Fait par"),
        "nobody": ("as it was", "comme avant"),
        "hours": ("Hours it took", "Heures passées"),
        "words": ("Words (a refusal needs its reason)", "Commentaire (un refus veut sa raison)"),
        "keep": ("Keep", "Garder"),
        "ask": ("Ask for work", "Demander un travail"),
        "name": ("Short name", "Nom court"),
        "says": ("What is to be done", "Ce qu’il faut faire"),
        "takes": ("Hours it takes", "Heures nécessaires"),
        "due": ("Last day", "Dernier jour"),
        "skill": ("Skill it needs", "Compétence requise"),
        "level": ("Level, 1 to 5", "Niveau, de 1 à 5"),
        "department": ("Department, if not marketing", "Service, si ce n’est le marketing"),
        "calendar": ("A calendar of one’s own", "Un agenda à soi"),
        "make": (
            "Make a link (the one before opens nothing any more)",
            "Créer un lien (le précédent n’ouvre plus rien)",
        ),
        "fresh": (
            "The link to the calendar. It is shown once: copy it now.",
            "Le lien vers l’agenda. Il n’est montré qu’une fois : copiez-le maintenant.",
        ),
    }
    return {name: voice.say(en, fr) for name, (en, fr) in said.items()}


def _write(facts: Facts, voice: Voice, strategy: Strategy) -> Draft:
    hours = sum(one.hours_per_week or 0 for one in strategy.team)
    if strategy.team:
        headline = voice.say(
            "{n} people, {hours} hours a week",
            "{n} personnes, {hours} heures par semaine",
            n=voice.count(len(strategy.team)),
            hours=voice.count(round(hours)),
        )
    else:
        headline = voice.say("No team is written down yet", "Aucune équipe n’est encore décrite")
    return Draft(
        headline=headline,
        sections=(None if strategy.team else _nobody(voice), gaps(facts, ("team",), voice=voice)),
        sources=tuple(one for one in facts.estimates if one.measure.startswith("team.")),
    )


def _nobody(voice: Voice) -> Section:
    empty = voice.say(
        "Write the team into strategy.yaml, each with role, skills and hours per week: the page then "
        "shows who can carry the plan.",
        "Décrivez l’équipe dans strategy.yaml, avec rôle, compétences et heures par semaine : la page "
        "montrera qui peut porter le plan.",
    )
    title = voice.say("Who can do what", "Qui sait faire quoi")
    return Section(name="people", title=title, blocks=(Paragraph(text=empty, tone=Tone.NOTE),))


def _number(said: str) -> float:
    try:
        return float(said.replace(",", "."))
    except ValueError:
        raise Problem(f"{said[:20] or 'nothing'} is no number") from None


def _day(said: str) -> date:
    try:
        return date.fromisoformat(said)
    except ValueError:
        raise Problem(f"{said[:20] or 'nothing'} is no day: write it as 2027-12-31") from None
