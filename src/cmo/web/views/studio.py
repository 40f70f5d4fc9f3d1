"""The studio: what goes out, whether it is approved, on message and provable; and what it brought."""

from datetime import date
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from cmo.briefs.answers import Answer
from cmo.briefs.campaigns import APPROVALS, Shown
from cmo.briefs.voice import Voice
from cmo.communication.campaign import Plan, Stage
from cmo.communication.channels import CHANNELS, Way, size_on
from cmo.communication.claims import Proof
from cmo.communication.concepts import distances
from cmo.communication.facts import filled
from cmo.communication.pieces import values
from cmo.customers.segmentation.segments import NAMED
from cmo.ledger.decisions import standing_decisions
from cmo.ledger.strategy import remembered_strategy
from cmo.ledger.works import works
from cmo.loop import campaign_life, campaigns
from cmo.loop.recipients import SUBSCRIBERS
from cmo.loop.testing import today_of
from cmo.measures import Problem, Text
from cmo.web.gate import signed_in
from cmo.web.jobs.queue import Kind, ask_job
from cmo.web.knowledge import workspace
from cmo.web.rights import Action
from cmo.web.tongue import spoken

_WORDS: Final = {
    "title": Text("Studio", "Studio"),
    "none": Text("No campaign yet", "Encore aucune campagne"),
    "new": Text("Draft a campaign", "Préparer une campagne"),
    "name": Text("Its name in links", "Son nom dans les liens"),
    "goal": Text("What shall be different afterwards", "Ce qui doit avoir changé ensuite"),
    "decision": Text("The decision it carries out", "La décision qu'elle met en œuvre"),
    "segment": Text("For whom", "Pour qui"),
    "message": Text(
        "The single message; empty: what the positioning promises",
        "Le message unique ; vide : ce que promet le positionnement",
    ),
    "link": Text("Where its links lead", "Où mènent ses liens"),
    "belief": Text("The belief that its test judges", "La conviction que son test met à l'épreuve"),
    "channels": Text("Channels", "Canaux"),
    "draft": Text("Draft it", "Préparer"),
    "brief": Text("The brief", "Le brief"),
    "concepts": Text("Concepts", "Concepts"),
    "pieces": Text("Pieces", "Versions"),
    "claims": Text("Claims and proofs", "Affirmations et preuves"),
    "no_claims": Text("It claims nothing that needs a proof.", "Rien n'y demande de preuve."),
    "stops": Text("What holds it back", "Ce qui la retient"),
    "results": Text("What came back", "Ce qui est revenu"),
    "life": Text("Its life", "Sa vie"),
    "proof": Text("What proves it", "Ce qui le prouve"),
    "source": Text("Where that stands", "Où cela se trouve"),
    "prove": Text("Give the proof", "Donner la preuve"),
    "subject": Text("Subject or title", "Objet ou titre"),
    "preheader": Text("Beside the subject", "À côté de l'objet"),
    "body": Text("Words", "Texte"),
    "change": Text("Change", "Modifier"),
    "ask": Text("Ask for approval", "Demander l'approbation"),
    "approve": Text("Approve", "Approuver"),
    "refuse": Text("Refuse", "Refuser"),
    "words": Text("In your words (a refusal needs its reason)", "En quelques mots (un refus se motive)"),
    "on": Text("Its day", "Son jour"),
    "schedule": Text("Give it its day", "Fixer le jour"),
    "send": Text("Send the next batch", "Envoyer la prochaine vague"),
    "why": Text("Why it is stopped", "Pourquoi l'arrêter"),
    "stop": Text("Stop it", "Arrêter"),
    "everybody": Text("everybody", "tout le monde"),
    "edit": Text("Edit", "Modifier le texte"),
    "distance": Text("Distance", "Distance"),
    "channel": Text("Channel", "Canal"),
    "variant": Text("Variant", "Variante"),
    "batch": Text("Batch", "Vague"),
    "sent": Text("Sent", "Envoyés"),
    "clicked": Text("Clicked by people", "Cliqués par des personnes"),
    "robots": Text("By machines alone", "Par des machines seules"),
    "choose": Text("none", "aucune"),
    "calendar": Text("Calendar", "Calendrier"),
}
_HEAD: Final = Text("{n} campaigns; {open_} on their way", "{n} campagnes ; {open_} en route")


def words() -> dict[str, str]:
    """The words of the page in the language in force."""
    voice = Voice(spoken())
    return {name: voice.read(text) for name, text in _WORDS.items()}


def page(request: HttpRequest) -> HttpResponse:
    """All campaigns, and the form that drafts another."""
    here, voice = workspace(), Voice(spoken())
    found = [campaigns.shown_of(one, today_of(here)) for one in works(campaigns.KIND)]
    on_way = sum(one.stage in {Stage.DRAFT, Stage.SCHEDULED, Stage.RUNNING} for one in found)
    said = _WORDS["none"].in_(spoken())
    if found:
        said = voice.read(_HEAD).format(n=voice.count(len(found)), open_=voice.count(on_way))
    context = {
        "title": words()["title"],
        "w": words(),
        "headline": said,
        "campaigns": [_line(one, voice) for one in found],
        "segments": [(name, voice.read(one.label)) for name, one in NAMED.items()] + [(SUBSCRIBERS,) * 2],
        "channels": [
            (one.name, voice.read(one.label)) for one in CHANNELS.values() if one.way is not Way.SITE
        ],
        "decisions": _decisions(voice),
        "beliefs": _beliefs(voice),
        "may_edit": signed_in(request).may(Action.EDIT),
    }
    return render(request, "web/studio.html", context)


def draft(request: HttpRequest) -> HttpResponse:
    """Draft a campaign from the form."""
    given = request.POST
    wanted = campaigns.Wanted(
        id=given.get("name", "")[:40],
        decision=given.get("decision", "")[:120],
        goal=given.get("goal", "")[:500],
        segment=given.get("segment", "")[:60],
        message=given.get("message", "")[:300],
        link=given.get("link", "")[:1000],
        channels=tuple(given.getlist("channels")) or ("email",),
        belief=given.get("belief", "")[:64],
        plan=Plan(),
    )
    if not wanted.id:
        raise Problem(words()["name"])
    by = signed_in(request).email
    campaigns.new(workspace().folder, wanted, by=by, language=spoken())
    return redirect("campaign", wanted.id)


def one(request: HttpRequest, campaign: str) -> HttpResponse:
    """One campaign, whole."""
    here, voice = workspace(), Voice(spoken())
    found = campaigns.known(campaign)
    shown = campaigns.shown_of(found, today_of(here))
    me = signed_in(request)
    context = {
        "title": words()["title"],
        "w": words(),
        "name": campaign,
        "campaign": shown.campaign,
        "state": voice.read(shown.stage.says),
        "approval": voice.read(APPROVALS[shown.approval]),
        "brief": _brief(shown, voice),
        "concepts": shown.campaign.concepts,
        "distances": [(a, b, f"{far:.2f}") for (a, b), far in distances(shown.campaign.concepts).items()],
        "pieces": [_piece(shown, piece, voice) for piece in shown.campaign.pieces],
        "claims": _claims(shown, voice),
        "stops": [voice.read(stop) for stop in shown.checked.stops],
        "tallies": shown.tallies,
        "life": [
            (voice.read(Stage(state).says), by, voice.day(day), said) for state, by, day, said in shown.steps
        ],
        "may": {action.value: me.may(action) for action in Action},
        "mine": me.email in found.authors,
        "open": shown.stage in {Stage.DRAFT, Stage.SCHEDULED},
        "asked": shown.approval == "asked",
        "approved": shown.approval == "approved",
        "running": shown.stage in {Stage.SCHEDULED, Stage.RUNNING},
        "drafted": shown.stage is Stage.DRAFT,
        "today": today_of(here).isoformat(),
        "mail": bool(shown.campaign.on("email")),
    }
    return render(request, "web/campaign.html", context)


def edit(request: HttpRequest, campaign: str) -> HttpResponse:
    """Change a piece."""
    given = request.POST
    change = campaigns.Edit(
        piece=given.get("piece", "")[:100],
        title=given.get("title", "")[:500],
        preheader=given.get("preheader", "")[:500],
        body=given.get("body", "").replace("\r\n", "\n")[:20_000],
    )
    campaigns.edit(workspace().folder, campaign, change, by=signed_in(request).email, language=spoken())
    return redirect("campaign", campaign)


def prove(request: HttpRequest, campaign: str) -> HttpResponse:
    """Give the proof of a claim."""
    given = request.POST
    proof = Proof(
        says=given.get("says", "")[:500],
        source=given.get("source", "")[:500],
        given_by=signed_in(request).email,
    )
    campaigns.prove(workspace().folder, campaign, given.get("claim", ""), proof, language=spoken())
    return redirect("campaign", campaign)


def ask(request: HttpRequest, campaign: str) -> HttpResponse:
    """Ask for approval."""
    return _said(
        request, campaign, campaign_life.ask(_folder(), campaign, by=_by(request), language=spoken())
    )


def approve(request: HttpRequest, campaign: str) -> HttpResponse:
    """Approve, or refuse with a reason."""
    answer = campaign_life.approve(
        _folder(),
        campaign,
        approved=request.POST.get("approved") == "yes",
        words=request.POST.get("words", "")[:2000],
        by=_by(request),
        language=spoken(),
    )
    return _said(request, campaign, answer)


def schedule(request: HttpRequest, campaign: str) -> HttpResponse:
    """Give it its day."""
    given = request.POST.get("on", "")
    try:
        on = date.fromisoformat(given)
    except ValueError:
        raise Problem(f"{given[:20] or '–'}: a day such as 2027-03-01 was expected") from None
    answer = campaign_life.schedule(
        _folder(), campaign, on=on, embargo=None, by=_by(request), language=spoken()
    )
    return _said(request, campaign, answer)


def send(request: HttpRequest, campaign: str) -> HttpResponse:
    """Have the next batch sent in the background."""
    campaigns.known(campaign)
    me = signed_in(request)
    job = ask_job(Kind.SEND, by=me, language=spoken(), arguments={"campaign": campaign, "by": me.email})
    return redirect("job", job.pk)


def stop(request: HttpRequest, campaign: str) -> HttpResponse:
    """Stop it."""
    why = request.POST.get("why", "")[:2000]
    answer = campaign_life.stop(_folder(), campaign, why=why, by=_by(request), language=spoken())
    return _said(request, campaign, answer)


STEPS: Final = {
    "edit": (edit, Action.EDIT),
    "prove": (prove, Action.EDIT),
    "ask": (ask, Action.PROPOSE),
    "approve": (approve, Action.APPROVE),
    "schedule": (schedule, Action.PUBLISH),
    "send": (send, Action.SEND),
    "stop": (stop, Action.PUBLISH),
}
"""What can be done with a campaign, and the permission that it asks."""


def _said(request: HttpRequest, campaign: str, answer: Answer) -> HttpResponse:
    messages.success(request, answer.lines[0])
    return redirect("campaign", campaign)


def _folder() -> Any:
    return workspace().folder


def _by(request: HttpRequest) -> str:
    return signed_in(request).email


def _line(one: Shown, voice: Voice) -> dict[str, str]:
    return {
        "id": one.campaign.id,
        "title": one.campaign.title,
        "segment": one.campaign.brief.segment or words()["everybody"],
        "state": voice.read(one.stage.says),
        "approval": voice.read(APPROVALS[one.approval]),
        "channels": ", ".join(voice.read(CHANNELS[name].label) for name in one.campaign.channels),
    }


def _brief(shown: Shown, voice: Voice) -> list[tuple[str, str]]:
    brief = shown.campaign.brief
    said = [
        (_WORDS["goal"], brief.goal),
        (_WORDS["segment"], brief.segment or words()["everybody"]),
        (Text("Message", "Message"), brief.message),
        (Text("It serves", "Elle sert"), brief.serves),
        (_WORDS["belief"], brief.belief),
        (_WORDS["link"], brief.link),
        (Text("Tone", "Ton"), ", ".join(brief.voice.tone)),
        (Text("Forbidden words", "Mots interdits"), ", ".join(brief.voice.forbidden)),
    ]
    if brief.driver is not None:
        said.append((Text("Value driver", "Levier de valeur"), voice.read(brief.driver.says)))
    if brief.insight is not None:
        quoted = voice.quote(Text.same(brief.insight.verbatim))
        said.append((Text("Insight", "Insight"), f"{quoted} ({brief.insight.source})"))
    said += [(fact.says, f"{fact.written.in_(voice.language)} · {{{{{fact.id}}}}}") for fact in brief.facts]
    return [(voice.read(label), value) for label, value in said if value]


def _piece(shown: Shown, piece: Any, voice: Voice) -> dict[str, Any]:
    channel, brief = CHANNELS[piece.channel], shown.campaign.brief
    blanks = values(brief, link="…", first_name="")
    size = size_on(
        channel, filled(piece.body, values(brief, link="https://example.org/r/abcdefghijklmnopqrstuv/1/"))
    )
    return {
        "id": piece.id,
        "channel": voice.read(channel.label),
        "arm": piece.arm,
        "title": piece.title,
        "preheader": piece.preheader,
        "body": piece.body,
        "shown_title": filled(piece.title, blanks),
        "shown": filled(piece.body, blanks),
        "size": f"{voice.count(size.used)} / {voice.count(size.most)} {voice.read(size.unit)}",
        "has_title": bool(channel.title),
        "has_preheader": channel.way is Way.MAIL,
    }


def _claims(shown: Shown, voice: Voice) -> list[dict[str, Any]]:
    brief = shown.campaign.brief
    blanks = values(brief, link="…")
    found = {claim.id: claim for claims in shown.checked.claims.values() for claim in claims}
    return [
        {
            "id": claim.id,
            "kind": voice.read(claim.kind.says),
            "sentence": filled(claim.sentence, blanks),
            "proof": claim.proof,
        }
        for claim in found.values()
    ]


def _decisions(voice: Voice) -> list[tuple[str, str]]:
    return [(one.packet.id, voice.read(one.packet.says)) for one in standing_decisions()]


def _beliefs(voice: Voice) -> list[tuple[str, str]]:
    return [(one.id, voice.read(one.says)) for one in remembered_strategy().beliefs]
