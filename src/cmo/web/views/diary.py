"""The field diary in the office: log a contact on a phone, see whom nobody has heard for long."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from cmo.briefs.field_answers import BEARS, KINDS
from cmo.briefs.voice import Voice, typeset
from cmo.customers.segmentation.segments import SEGMENTS
from cmo.ledger.audit import note
from cmo.ledger.diary import Contact, Said, contacts
from cmo.loop.field_diary import erased, heard_lately, logged, quota, row_of
from cmo.measures import Problem
from cmo.web.answered import section_of
from cmo.web.gate import signed_in
from cmo.web.knowledge import known
from cmo.web.paper import part
from cmo.web.rights import Action
from cmo.web.tongue import spoken

_SHOWN = 50


def page(request: HttpRequest) -> HttpResponse:
    """Contacts, the latest first, the form to log one, and who is to be heard again."""
    now, voice = known(), Voice(spoken())
    folder, strategy = now.workspace.folder, now.strategy
    personal = signed_in(request).may(Action.SEE_PERSONAL)
    heard = heard_lately(folder, language=voice.language)
    sections = (
        section_of(
            heard,
            name="heard",
            title=voice.say("Who was heard when", "Qui a été entendu, et quand"),
            voice=voice,
        ),
        section_of(
            quota(folder, language=voice.language),
            name="quota",
            title=voice.say("Who has heard customers", "Qui a entendu des clients"),
            voice=voice,
        ),
    )
    names = {one.id: one.name for one in strategy.team}
    context = {
        "title": voice.say("Field diary", "Carnet de terrain"),
        "headline": typeset(heard.lines[0].rstrip("."), voice.language),
        "parts": [part(one, known=now, language=voice.language) for one in sections if one is not None],
        "contacts": [_told(one, names, voice, personal=personal) for one in contacts()[:_SHOWN]],
        "members": list(names.items()),
        "kinds": [(value, voice.read(says)) for value, says in KINDS.items()],
        "bears": [(value, voice.read(says)) for value, says in BEARS.items()],
        "segments": [(one.name, voice.read(one.label)) for one in SEGMENTS],
        "beliefs": [(one.id, voice.read(one.says)) for one in strategy.beliefs],
        "today": timezone.localdate().isoformat(),
        "personal": personal,
        "words": _words(voice),
    }
    return render(request, "web/diary.html", context)


def log(request: HttpRequest) -> HttpResponse:
    """Log a contact."""
    form, by = request.POST, signed_in(request).email
    words = form.get("said", "").strip()[:4000]
    belief = form.get("belief", "")
    if not words and not form.get("note", "").strip():
        raise Problem("say what the customer said, or what there is to note")
    contact = Contact(
        on=_day(form.get("on", "")),
        who=form.get("who", "") or by,
        kind=form.get("kind", ""),
        segment=form.get("segment", "")[:80],
        channel=form.get("channel", "")[:80],
        customer=form.get("customer", "")[:120],
        language=spoken(),
        consent=form.get("consent") == "yes",
        note=form.get("note", "")[:2000],
        said=(Said(words=words, belief=belief, bears=form.get("bears", "") if belief else ""),)
        if words
        else (),
    )
    logged(known().workspace.folder, contact, by=by, language=spoken())
    note("log a contact", by=by, kind="contact", key=contact.kind)
    messages.success(request, _("Kept."))
    return redirect("diary")


def erase(request: HttpRequest, number: int) -> HttpResponse:
    """Take the words and the name out of a contact."""
    by = signed_in(request).email
    erased(known().workspace.folder, customer=None, contact=number, language=spoken())
    note("erase a contact", by=by, kind="contact", key=str(number))
    messages.success(request, _("Kept."))
    return redirect("diary")


def _told(one: Contact, names: dict[str, str], voice: Voice, *, personal: bool) -> dict[str, Any]:
    row = row_of(one)
    return {
        "number": one.number,
        "day": voice.day(one.on),
        "who": names.get(one.who, one.who),
        "kind": voice.read(KINDS[one.kind]),
        "segment": one.segment,
        "customer": one.customer if personal else "",
        "note": one.note,
        "said": [
            (each["words"], voice.read(BEARS[each["bears"]]) if each["belief"] else "", each["belief"])
            for each in row["said"]
        ],
    }


def _words(voice: Voice) -> dict[str, str]:
    said = {
        "log": ("Log a contact", "Noter un contact"),
        "who": ("Who spoke with them", "Qui leur a parlé"),
        "kind": ("How", "Comment"),
        "on": ("Day", "Jour"),
        "segment": ("Segment", "Segment"),
        "unknown": ("not known", "inconnu"),
        "channel": ("Where", "Où"),
        "customer": ("Customer’s id, if known", "Identifiant du client, si connu"),
        "said": ("In the customer’s words", "Dans les mots du client"),
        "belief": ("These words speak", "Ces mots parlent"),
        "none": ("of no belief", "d’aucune conviction"),
        "consent": (
            "They agreed to be quoted and counted",
            "La personne accepte d’être citée et comptée",
        ),
        "note": ("Note", "Note"),
        "keep": ("Keep", "Garder"),
        "latest": ("The latest contacts", "Les derniers contacts"),
        "empty": ("Nobody has spoken with a customer yet.", "Personne n’a encore parlé à un client."),
        "erase": ("Erase the words and the name", "Effacer paroles et nom"),
        "beside": (
            "Words of customers stand beside verdicts; they move no probability.",
            "Les paroles de clients figurent à côté des verdicts ; elles ne changent aucune probabilité.",
        ),
    }
    return {name: voice.say(en, fr) for name, (en, fr) in said.items()}


def _day(said: str) -> date:
    try:
        return date.fromisoformat(said)
    except ValueError:
        raise Problem(f"{said[:20] or 'nothing'} is no day: write it as 2027-12-31") from None
