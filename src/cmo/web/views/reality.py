"""Reality check: where we are fooling ourselves, and what is answered to it."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cmo.briefs import beliefs
from cmo.briefs.document import Audience
from cmo.briefs.facts import Facts
from cmo.briefs.readings import READINGS
from cmo.briefs.voice import Voice
from cmo.ledger.challenges import open_challenges
from cmo.measures import Problem
from cmo.strategy.challenge import ChallengeState
from cmo.web.acts.page import acted
from cmo.web.paper import Draft
from cmo.web.tongue import spoken
from cmo.web.views.errors import told
from cmo.web.views.shown import screen

CHOICES = (
    (ChallengeState.ACCEPTED.value, gettext_lazy("Accept: we let the belief go")),
    (ChallengeState.TEST.value, gettext_lazy("Test it before deciding")),
    (ChallengeState.REJECTED.value, gettext_lazy("Reject: we keep the belief, and say why")),
)


class AnswerForm(forms.Form):
    """The answer to a challenge."""

    state = forms.ChoiceField(choices=CHOICES)
    words = forms.CharField(required=False, max_length=2000)


def page(request: HttpRequest) -> HttpResponse:
    """All beliefs against the field, and the challenges that wait."""
    voice = Voice(spoken())
    waiting = [
        {
            "number": one.number,
            "says": voice.read(one.says),
            "owner": one.owner,
            "observation": voice.read(one.observation),
            "due": voice.day(one.due_on),
        }
        for one in open_challenges()
    ]
    return screen(
        request,
        "reality",
        write=_write,
        title=_("Reality check"),
        template="web/reality.html",
        more={"challenges": waiting, "choices": CHOICES},
    )


def answer(request: HttpRequest, number: int) -> HttpResponse:
    """Keep an answer to a challenge."""
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return told(request, Problem(_("Choose one of the three answers.")))
    acted(request, "answer_challenge", number=number, **form.cleaned_data)
    messages.success(request, _("Your answer is kept."))
    return redirect("reality")


def _write(facts: Facts, voice: Voice) -> Draft:
    spoken_of = {one.measure for one in facts.verdicts}
    return Draft(
        headline=READINGS[Audience.BOARD].headline(facts, voice),
        answer=" ".join(part for part in (beliefs.counts(facts, voice), beliefs.worst(facts, voice)) if part),
        opening=(beliefs.verdicts_illustration(facts, voice),),
        sections=(
            beliefs.fell(facts, voice),
            beliefs.still_open(facts, voice),
            beliefs.holds(facts, voice),
            beliefs.unmeasurable(facts, voice),
            beliefs.changes(facts, voice),
        ),
        sources=tuple(one for one in facts.estimates if one.measure in spoken_of),
    )
