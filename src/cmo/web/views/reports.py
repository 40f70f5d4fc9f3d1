"""Reports: four readings of one fact base, to read, to print, to share with a guest."""

from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from cmo.briefs.document import Audience, Brief
from cmo.briefs.readings import READINGS, compose
from cmo.briefs.voice import Voice
from cmo.briefs.write import write_brief
from cmo.ledger.audit import note
from cmo.measures import LANGUAGES, Language
from cmo.web.acts.page import acted
from cmo.web.acts.sharing import BRIEF, GUEST_DAYS
from cmo.web.knowledge import Known, known, remembered
from cmo.web.models import GuestLink, Reading
from cmo.web.paper import Part, Sheet, blocks, part
from cmo.web.tongue import spoken
from cmo.web.views.shown import beginning

ENDINGS: Final = {"pdf": "application/pdf", "html": "text/html", "md": "text/markdown"}


def page(request: HttpRequest) -> HttpResponse:
    """The four readings, who read them, and the links that guests hold."""
    now, voice = known(), Voice(spoken())
    if now.facts is None:
        return beginning(request, _("Reports"))
    readers: dict[str, list[str]] = {}
    for row in Reading.objects.filter(review=now.review).select_related("reader"):
        readers.setdefault(row.audience, []).append(str(row.reader))
    readings = [
        {
            "audience": audience.value,
            "title": voice.sentence(voice.read(READINGS[audience].title)).rstrip("."),
            "headline": READINGS[audience].headline(now.facts, voice),
            "readers": voice.listing(readers.get(audience.value, [])),
        }
        for audience in Audience
    ]
    live = GuestLink.objects.filter(ended_at=None, expires_at__gt=timezone.now()).select_related("made_by")
    context = {
        "title": _("Reports"),
        "readings": readings,
        "objections": voice.say(
            "Objections, and questions to the facts", "Objections, et questions aux faits"
        ),
        "languages": LANGUAGES,
        "endings": tuple(ENDINGS),
        "links": live,
        "days": GUEST_DAYS,
        "fresh": request.session.pop("fresh_link", None),
    }
    return render(request, "web/reports.html", context)


def read(request: HttpRequest, audience: str) -> HttpResponse:
    """One reading as a page."""
    now = known()
    if now.facts is None:
        return beginning(request, _("Reports"))
    sheet = brief_sheet(now, _audience(audience), language=spoken())
    if request.user.is_authenticated:
        Reading.objects.get_or_create(review=now.review, audience=audience, reader=request.user)
    return render(request, "web/report.html", {"title": _("Reports"), "sheet": sheet, "audience": audience})


def download(request: HttpRequest, audience: str, language: str, ending: str) -> FileResponse:
    """One reading as a file."""
    now, chosen = known(), _audience(audience)
    if now.facts is None or language not in LANGUAGES or ending not in ENDINGS:
        raise Http404(audience)
    facts, tongue = now.facts, next(one for one in LANGUAGES if one == language)
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"{audience}.{ending}"
        write_brief(facts, audience=chosen, language=tongue, to=path)
        content = path.read_bytes()
    note("download report", by=request.user.get_username(), kind=BRIEF, key=f"{audience}.{language}.{ending}")
    name = f"{audience}-{facts.reviewed_on}.{language}.{ending}"
    return FileResponse(BytesIO(content), as_attachment=True, filename=name, content_type=ENDINGS[ending])


def share(request: HttpRequest, audience: str) -> HttpResponse:
    """Make a link that shows this reading to a guest for a while."""
    chosen, language = _audience(audience), request.POST.get("language", spoken())
    if language not in LANGUAGES:
        raise Http404(language)
    made = acted(request, "share_brief", audience=chosen, language=language)
    request.session["fresh_link"] = made.data["url"]
    return redirect("reports")


def end_link(request: HttpRequest, link: int) -> HttpResponse:
    """Take a guest's link back."""
    if not GuestLink.objects.filter(pk=link).exists():
        raise Http404(str(link))
    messages.success(request, acted(request, "end_link", link=link).lines[0])
    return redirect("reports")


def brief_sheet(now: Known, audience: Audience, *, language: Language) -> Sheet:
    """A reading as a sheet, its charts drawn."""

    def make() -> Sheet:
        facts = now.facts
        if facts is None:
            raise Http404(audience.value)
        brief: Brief = compose(facts, audience=audience, language=language)
        parts: tuple[Part, ...] = tuple(part(one, known=now, language=language) for one in brief.sections)
        opening = blocks(brief.opening, known=now, language=language)
        return Sheet(headline=brief.headline, answer=brief.answer, opening=opening, parts=parts)

    return remembered(now.version, f"brief {audience} {language}", make)


def _audience(name: str) -> Audience:
    if name not in tuple(Audience):
        raise Http404(name)
    return Audience(name)
