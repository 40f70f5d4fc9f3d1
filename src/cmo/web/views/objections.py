"""Objections in the office: what audiences hold against us, answered with facts; questions to the facts."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from cmo.briefs.voice import Voice, typeset
from cmo.ledger.audit import note
from cmo.ledger.objections import AUDIENCES, objections
from cmo.loop.objections import answered, asked, noted, objections_told
from cmo.measures import Text
from cmo.web.gate import signed_in
from cmo.web.knowledge import known
from cmo.web.tongue import spoken

_NAMES = {
    "board": Text("the board", "le conseil"),
    "sales": Text("sales", "les commerciaux"),
    "product": Text("product", "le produit"),
    "customers": Text("customers", "les clients"),
    "developers": Text("developers", "les développeurs"),
    "press": Text("the press", "la presse"),
}


def page(request: HttpRequest) -> HttpResponse:
    """Objections with their answers, and an answer to what is asked."""
    now, voice = known(), Voice(spoken())
    found = objections()
    told = objections_told(found, voice.language).data["objections"]
    rows = [
        {
            **row,
            "audience": voice.read(_NAMES[row["audience"]]),
            "answer": typeset(row["answer"] or "", voice.language),
        }
        for row in (told if isinstance(told, list) else [])
    ]
    question = request.GET.get("q", "").strip()[:200]
    facts: tuple[str, ...] = ()
    if question and now.facts is not None:
        facts = asked(now.workspace.folder, question, language=voice.language).lines
    context = {
        "title": voice.say("Objections", "Objections"),
        "headline": _headline(len(found), sum(one.answer is None for one in found), voice),
        "objections": rows,
        "audiences": [(value, voice.read(_NAMES[value])) for value in AUDIENCES],
        "question": question,
        "facts": [typeset(one, voice.language) for one in facts],
        "words": _words(voice),
    }
    return render(request, "web/objections.html", context)


def _headline(total: int, waiting: int, voice: Voice) -> str:
    if not total:
        return voice.say("What do people object?", "Que vous oppose-t-on ?")
    return voice.say(
        "Objections without an answer: {n} of {total}",
        "Objections sans réponse : {n} sur {total}",
        n=voice.count(waiting),
        total=voice.count(total),
    )


def add(request: HttpRequest) -> HttpResponse:
    """Note an objection."""
    form, by = request.POST, signed_in(request).email
    noted(
        known().workspace.folder,
        form.get("audience", ""),
        form.get("says", "")[:2000],
        segment=form.get("segment", "")[:80],
        raised_by=form.get("raised_by", "")[:120],
        by=by,
        language=spoken(),
    )
    note("note an objection", by=by, kind="objection", key=form.get("audience", "")[:20])
    messages.success(request, _("Kept."))
    return redirect("objections")


def answer(request: HttpRequest, number: int) -> HttpResponse:
    """Answer an objection; a typed figure is refused."""
    form, by = request.POST, signed_in(request).email
    en, fr = form.get("en", "").strip()[:4000], form.get("fr", "").strip()[:4000]
    answered(known().workspace.folder, number, Text(en or fr, fr or en), by=by, language=spoken())
    note("answer an objection", by=by, kind="objection", key=str(number))
    messages.success(request, _("Kept."))
    return redirect("objections")


def _words(voice: Voice) -> dict[str, str]:
    said = {
        "ask": ("Ask the facts", "Interroger les faits"),
        "question": ("Your question", "Votre question"),
        "go": ("Ask", "Demander"),
        "none": ("No objection was noted.", "Aucune objection n’est notée."),
        "waits": ("No answer yet.", "Pas encore de réponse."),
        "answer": ("Answer", "Répondre"),
        "en": ("In English", "En anglais"),
        "fr": ("In French", "En français"),
        "how": (
            "A figure is the name of a fact in double braces, as media.roi:tv; typed ones are refused.",
            "Un chiffre est le nom d’un fait entre doubles accolades ; les chiffres tapés sont refusés.",
        ),
        "add": ("Note an objection", "Noter une objection"),
        "audience": ("Who holds it", "Qui l’oppose"),
        "says": ("In their words", "Dans leurs mots"),
        "segment": ("Segment", "Segment"),
        "raised_by": ("Raised by", "Soulevée par"),
        "keep": ("Keep", "Garder"),
    }
    return {name: voice.say(en, fr) for name, (en, fr) in said.items()}
