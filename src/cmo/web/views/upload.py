"""Bringing files: drop them, see what they are taken for and what would be refused, take them or not."""

from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from cmo.briefs.voice import Voice
from cmo.briefs.wording import table_of
from cmo.measures import Problem
from cmo.web.acts.page import acted
from cmo.web.gate import signed_in
from cmo.web.jobs.queue import Kind
from cmo.web.models import Job, JobState, Upload, UploadState
from cmo.web.tongue import spoken
from cmo.web.uploads import ENDINGS, MOST_BYTES, MOST_FILES, received
from cmo.web.views.errors import told

_SAID: Final = "said:"
"""Begins the names of fields that answer a question."""


def page(request: HttpRequest) -> HttpResponse:
    """Where files are dropped, and those that wait."""
    context = {
        "title": _("Bring data"),
        "waiting": Upload.objects.filter(state=UploadState.OPEN).select_related("by"),
        "endings": ",".join((*ENDINGS, ".gz")),
        "most": MOST_FILES,
        "size": MOST_BYTES // 1_000_000,
    }
    return render(request, "web/upload.html", context)


def bring(request: HttpRequest) -> HttpResponse:
    """Keep the files apart and have them looked at."""
    if int(request.headers.get("Content-Length") or 0) > MOST_BYTES:
        sentence = _("Together the files are larger than %(size)s MB: bring them one by one.")
        return told(request, Problem(sentence % {"size": MOST_BYTES // 1_000_000}))
    upload = received(request.FILES.getlist("files"), by=signed_in(request), language=spoken())
    acted(request, "look_at_upload", upload=upload.pk)
    return redirect("upload_one", upload=upload.pk)


def one(request: HttpRequest, upload: UUID) -> HttpResponse:
    """What the files are taken for; asked again until the look is done."""
    row = Upload.objects.filter(pk=upload).first()
    if row is None:
        raise Http404(str(upload))
    looks = Job.objects.filter(kind=Kind.LOOK, arguments__upload=str(upload))
    job = looks.select_related("asked_by").first()
    voice = Voice(spoken())
    found = {} if job is None or job.found is None else job.found
    context = {
        "title": _("Bring data"),
        "upload": row,
        "job": job,
        "found": found,
        "sources": [
            {
                **source,
                "label": table_of(source["table"], voice=voice),
                "rows": {name: voice.count(source[f"rows_{name}"]) for name in ("in", "kept", "refused")},
            }
            for source in found.get("sources", ())
        ],
        "ready": job is not None
        and job.state == JobState.DONE
        and not found["questions"]
        and not found["refused"],
        "over": row.state != UploadState.OPEN,
    }
    return render(request, "web/upload_one.html", context)


def answer(request: HttpRequest, upload: UUID) -> HttpResponse:
    """Look again, with what was answered."""
    said = {
        name.removeprefix(_SAID): str(value) for name, value in request.POST.items() if name.startswith(_SAID)
    }
    acted(request, "look_at_upload", upload=upload, answers=said)
    return redirect("upload_one", upload=upload)


def take(request: HttpRequest, upload: UUID) -> HttpResponse:
    """Take them, and review."""
    return redirect("job", job=acted(request, "take_upload", upload=upload).data["id"])


def drop(request: HttpRequest, upload: UUID) -> HttpResponse:
    """Drop them."""
    messages.success(request, acted(request, "drop_upload", upload=upload).lines[0])
    return redirect("upload")
