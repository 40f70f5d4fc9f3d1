"""Decisions: what to change, best first, taken further by people who may."""

from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from cmo.briefs.decisions import (
    ALIGNMENTS,
    KINDS,
    REVERSIBLE,
    STATES,
    amount,
    calibration_sentences,
    roughly,
    spread,
)
from cmo.briefs.voice import Voice, typeset
from cmo.ledger.decisions import last_deliberation, standing_decisions
from cmo.ledger.forecasts import calibrated
from cmo.measures import Text
from cmo.strategy.decisions.life import FOLLOWS, OPEN, Standing, State
from cmo.web.acts.page import acted
from cmo.web.acts.table import ACTS
from cmo.web.gate import View, signed_in
from cmo.web.knowledge import Known, known
from cmo.web.tongue import spoken

_ONE: Final = Text(
    "{n} decision to take; it should bring {total}", "{n} décision à prendre ; elle devrait rapporter {total}"
)
_MANY: Final = Text(
    "{n} decisions to take; together they should bring {total}",
    "{n} décisions à prendre ; ensemble, elles devraient rapporter {total}",
)
STEPS: Final = {
    State.CHALLENGED: "challenge_decision",
    State.APPROVED: "approve_decision",
    State.REJECTED: "reject_decision",
    State.EXECUTED: "execute_decision",
}
"""The act that each step is."""
ASKS: Final = {state: ACTS[name].asks for state, name in STEPS.items()}
"""The permission that each step asks; to carry out a decision is to commit its money."""


def page(request: HttpRequest) -> HttpResponse:
    """What to change, best first, and what could not be decided."""
    now, voice = known(), Voice(spoken())
    found, last = standing_decisions(), last_deliberation()
    withheld = () if last is None else last.withheld
    currency = now.workspace.config.company.currency
    mine = signed_in(request)
    context = {
        "title": _("Decisions"),
        "headline": _headline(found, currency, voice),
        "decisions": [_told(one, now=now, voice=voice) for one in found],
        "withheld": [(voice.read(KINDS[one.kind]), voice.read(one.why)) for one in withheld],
        "kept": [voice.read(one) for one in calibration_sentences(calibrated(), currency=currency)],
        "may": {state.value: mine.may(action) for state, action in ASKS.items()},
    }
    return render(request, "web/decisions.html", context)


def step(state: State) -> View:
    """The view that takes a decision one step further."""

    def taken(request: HttpRequest, number: int) -> HttpResponse:
        """Take the step, in the name of who asks."""
        acted(request, STEPS[state], number=number, words=request.POST.get("words", "")[:2000])
        messages.success(request, _("Kept."))
        return redirect("decisions")

    return taken


def _headline(found: tuple[Standing, ...], currency: str, voice: Voice) -> str:
    waiting = [one for one in found if one.state in OPEN]
    if not waiting:
        return voice.say("No decision is asked for now", "Aucune décision n’est demandée pour l’instant")
    total = roughly(sum(one.packet.adds.mean for one in waiting))
    words = voice.choose(len(waiting), _ONE, _MANY)
    return words.format(n=voice.count(len(waiting)), total=amount(total, currency, voice.language))


def _told(one: Standing, *, now: Known, voice: Voice) -> dict[str, Any]:
    packet, currency = one.packet, now.workspace.config.company.currency
    people = {member.id: member.name for member in now.strategy.team}
    return {
        "number": one.number,
        "id": packet.id,
        "says": voice.read(packet.says),
        "why": voice.read(packet.why),
        "kind": voice.read(KINDS[packet.kind]),
        "state": voice.read(STATES[one.state]),
        "expected": typeset(spread(packet.expected, currency, voice.language), voice.language),
        "adds": typeset(spread(packet.adds, currency, voice.language), voice.language),
        "money": amount(packet.money, currency, voice.language),
        "hours": voice.count(round(packet.hours)),
        "period": voice.window(packet.period),
        "grade": packet.grade.value,
        "meaning": voice.read(packet.grade.says),
        "owner": people.get(packet.owner or "", packet.owner or ""),
        "alignment": voice.read(ALIGNMENTS[packet.alignment]),
        "reversibility": voice.read(REVERSIBLE[packet.reversibility]),
        "stop": voice.read(packet.stop_rule),
        "review_on": voice.day(packet.review_on),
        "measures": packet.measures,
        "steps": [(voice.read(STATES[each.state]), each.taken_by, each.words) for each in one.steps],
        "next": [state.value for state in ASKS if one.state in FOLLOWS[state]],
    }
