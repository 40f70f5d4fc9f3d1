"""Money: the plan in force, what each channel brings, and scenarios beside it."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cmo.briefs import figures
from cmo.briefs.document import Column, Section, Table
from cmo.briefs.facts import Facts
from cmo.briefs.voice import Voice
from cmo.ledger.approvals import content_of, state_of
from cmo.measures import Problem, Unit
from cmo.strategy.document import Plan
from cmo.strategy.verdict import Stance
from cmo.web.acts.page import acted
from cmo.web.acts.working import PLAN, scenario_said
from cmo.web.jobs.queue import Kind
from cmo.web.knowledge import Known, known
from cmo.web.models import Job, JobState
from cmo.web.paper import Draft, blocks
from cmo.web.tongue import spoken
from cmo.web.views.errors import told
from cmo.web.views.shown import screen


class ScenarioForm(forms.Form):
    """A budget to be divided."""

    budget = forms.FloatField(min_value=1, max_value=1e12, label=gettext_lazy("Budget in all"))


def page(request: HttpRequest) -> HttpResponse:
    """The plan in force and what the channels bring."""
    now = known()
    plan, currency = now.strategy.plan, now.workspace.config.company.currency
    scenarios = Job.objects.filter(kind=Kind.PLAN, state=JobState.DONE)[:8]
    more = {
        "form": ScenarioForm(initial={"budget": None if plan is None else round(plan.budget)}),
        "currency": currency,
        "scenarios": [_line(job, currency) for job in scenarios],
    }
    return screen(
        request,
        f"money {currency}",
        write=lambda facts, voice: _write(facts, voice, plan=plan, currency=currency),
        title=_("Money"),
        template="web/money.html",
        more=more,
    )


def ask(request: HttpRequest) -> HttpResponse:
    """Have a scenario computed in the background."""
    form = ScenarioForm(request.POST)
    if not form.is_valid():
        return told(request, Problem(_("Give a budget above zero, in figures.")))
    answer = acted(request, "start_scenario", budget=form.cleaned_data["budget"])
    return redirect("job", job=answer.data["id"])


def scenario(request: HttpRequest, job: UUID) -> HttpResponse:
    """A scenario beside the plan in force."""
    now, found, row = known(), *_scenario(job)
    voice, currency = Voice(spoken()), now.workspace.config.company.currency
    context = {
        "title": _("Scenario"),
        "job": row,
        **_compared(found, voice=voice, currency=currency, now=now),
        "approval": state_of(PLAN, str(row.pk), content=content_of(found)).value,
    }
    return render(request, "web/scenario.html", context)


def propose(request: HttpRequest, job: UUID) -> HttpResponse:
    """Ask for approval of a scenario."""
    _found, row = _scenario(job)
    acted(request, "propose_scenario", job=row.pk)
    messages.success(request, _("Proposed. Somebody else has to approve it."))
    return redirect("scenario_page", job=row.pk)


def _scenario(job: UUID) -> tuple[dict[str, Any], Job]:
    row = Job.objects.filter(pk=job, kind=Kind.PLAN, state=JobState.DONE).first()
    if row is None or row.found is None:
        raise Http404(str(job))
    return row.found, row


def _line(job: Job, currency: str) -> dict[str, Any]:
    voice, unit = Voice(spoken()), Unit(currency)
    found = job.found or {}
    gain = found["gain"]
    return {
        "job": job,
        "budget": unit.write(found["budget"], voice.language),
        "gain": unit.write(gain["mean"], voice.language),
        "interval": _between(gain, unit, voice),
        "chances": voice.chances(gain["probability_positive"]),
        "approval": state_of(PLAN, str(job.pk), content=content_of(found)),
    }


def _between(profit: dict[str, float], unit: Unit, voice: Voice) -> str:
    low, high = (unit.write(profit[end], voice.language, beside=profit["mean"]) for end in ("q05", "q95"))
    return voice.say("{low} to {high}", "{low} à {high}", low=low, high=high)


def _compared(found: dict[str, Any], *, voice: Voice, currency: str, now: Known) -> dict[str, Any]:
    unit, ratio, gain = Unit(currency), Unit(f"{currency}/{currency}"), found["gain"]
    rows = tuple(
        (
            str(row["channel"]),
            unit.write(row["current"], voice.language),
            unit.write(row["proposed"], voice.language),
            unit.write(row["proposed"] - row["current"], voice.language),
            ratio.write(row["mroi"]["mean"], voice.language),
            _between(row["mroi"], ratio, voice),
        )
        for row in found["allocation"]
    )
    table = Table(
        caption=voice.say("Channel by channel", "Canal par canal"),
        columns=(
            Column(label=voice.say("Channel", "Canal")),
            Column(label=voice.say("Plan in force", "Plan en vigueur"), numeric=True),
            Column(label=voice.say("Scenario", "Scénario"), numeric=True),
            Column(label=voice.say("Change", "Écart"), numeric=True),
            Column(label=voice.say("Return of one more", "Retour du suivant"), numeric=True),
            Column(label=voice.say("Nine chances in ten", "Neuf chances sur dix"), numeric=True),
        ),
        rows=rows,
    )
    return {
        "headline": scenario_said(found, voice),
        "gain": unit.write(gain["mean"], voice.language),
        "gain_between": _between(gain, unit, voice),
        "proposed": unit.write(found["proposed"]["profit"]["mean"], voice.language),
        "proposed_between": _between(found["proposed"]["profit"], unit, voice),
        "current": unit.write(found["current"]["profit"]["mean"], voice.language),
        "current_between": _between(found["current"]["profit"], unit, voice),
        "start": found["horizon"][0],
        "end": found["horizon"][1],
        "table": blocks((table,), known=now, language=voice.language),
    }


def _write(facts: Facts, voice: Voice, *, plan: Plan | None, currency: str) -> Draft:
    returns = figures.breakdowns(facts, ("media",), voice=voice)
    marginal = facts.estimate("media.mroi")
    return Draft(
        headline=_headline(facts, voice, plan=plan, currency=currency),
        answer=figures.outlook(facts, voice),
        opening=(None if marginal is None else figures.subjects_illustration(marginal, voice=voice),),
        sections=(None if plan is None else _plan(facts, voice, plan=plan, currency=currency), returns),
        sources=tuple(one for one in facts.estimates if one.measure.startswith("media.")),
    )


def _headline(facts: Facts, voice: Voice, *, plan: Plan | None, currency: str) -> str:
    unit = Unit(currency)
    if plan is None:
        return voice.say("No plan is in force yet", "Aucun plan n’est encore en vigueur")
    fallen = {one.belief for one in facts.standing(Stance.REFUTED)}
    at_risk = sum(stake.value for name, stake in facts.stakes.items() if name in fallen)
    total = unit.write(plan.budget, voice.language)
    if not at_risk:
        return voice.say("{total} are planned", "{total} sont engagés dans le plan", total=total)
    return voice.say(
        "Of {total} planned, {money} rest on beliefs the field contradicts",
        "Sur {total} prévus, {money} reposent sur des convictions démenties",
        total=total,
        money=unit.write(at_risk, voice.language),
    )


def _plan(facts: Facts, voice: Voice, *, plan: Plan, currency: str) -> Section:
    unit = Unit(currency)
    roi = facts.estimate("media.roi")

    def brought(channel: str) -> str:
        if roi is None or channel not in roi.subjects:
            return "–"
        return voice.figure(roi.figure(channel))

    table = Table(
        caption=voice.say("The plan from {window}", "Le plan {window}", window=voice.window(plan.period)),
        columns=(
            Column(label=voice.say("Channel", "Canal")),
            Column(label=voice.say("Planned", "Prévu"), numeric=True),
            Column(label=voice.say("Share", "Part"), numeric=True),
            Column(label=voice.say("Return per unit so far", "Retour constaté par unité"), numeric=True),
        ),
        rows=tuple(
            (
                name,
                unit.write(one.spend, voice.language),
                voice.percent(one.spend / plan.budget) if plan.budget else "–",
                brought(name),
            )
            for name, one in plan.channels.items()
        ),
    )
    return Section(name="plan", title=voice.say("The plan in force", "Le plan en vigueur"), blocks=(table,))
