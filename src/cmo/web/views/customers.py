"""Customers and perceived value: who really pays us, why, and what they think."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from cmo.briefs import customers, figures
from cmo.briefs.document import Audience
from cmo.briefs.facts import Facts
from cmo.briefs.readings import READINGS
from cmo.briefs.voice import Voice
from cmo.web.paper import Draft
from cmo.web.tongue import spoken
from cmo.web.views.areas import gaps, named
from cmo.web.views.shown import screen


def page(request: HttpRequest) -> HttpResponse:
    """Who buys, what they are worth, what they value."""
    voice = Voice(spoken())
    said = voice.say("The field diary: log a contact", "Le carnet de terrain : noter un contact")
    return screen(
        request,
        "customers",
        write=_write,
        title=_("Customers & perceived value"),
        template="web/customers.html",
        more={"diary": said},
    )


def _write(facts: Facts, voice: Voice) -> Draft:
    measures = ("customers.active", "customers.repeat_rate", "customers.clv", "value.nps")
    worth = figures.breakdowns(facts, ("customers",), voice=voice)
    valued = figures.breakdowns(facts, ("value",), voice=voice)
    return Draft(
        headline=READINGS[Audience.PRODUCT].headline(facts, voice),
        answer=customers.repeat(facts, voice),
        opening=(
            figures.tiles(facts, measures, voice=voice),
            customers.retention_illustration(facts, voice),
            customers.concentration_illustration(facts, voice),
        ),
        sections=(
            named(worth, "worth", voice.say("What they are worth", "Ce qu’ils valent")),
            named(valued, "value", voice.say("What they value", "Ce à quoi ils tiennent")),
            gaps(facts, ("customers", "value"), voice=voice),
        ),
        sources=tuple(
            one
            for one in facts.estimates
            if one.measure.startswith(("customers.", "value.")) and len(one.subjects) == 1
        ),
    )
