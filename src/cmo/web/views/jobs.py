"""Jobs: what is being done, how far it is, what it found."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from cmo.briefs.voice import typeset
from cmo.measures import Text
from cmo.web.acts.page import acted
from cmo.web.jobs.queue import Kind
from cmo.web.models import Job, JobState
from cmo.web.tongue import spoken

_MOST = 50


def page(request: HttpRequest) -> HttpResponse:
    """The log of jobs, the latest first."""
    jobs = Job.objects.select_related("asked_by")[:_MOST]
    return render(request, "web/jobs.html", {"title": _("Jobs"), "jobs": jobs})


def one(request: HttpRequest, job: UUID) -> HttpResponse:
    """One job; the part of the page that changes is asked for alone while it runs."""
    row = _job(job)
    step = Text(row.step_en, row.step_fr).in_(spoken())
    context = {
        "title": Kind(row.kind).says.in_(spoken()),
        "job": row,
        "step": typeset(step, spoken()),
        "looked_at": row.arguments.get("upload") if row.kind == Kind.LOOK else None,
        "is_plan": row.kind == Kind.PLAN and row.state == JobState.DONE,
    }
    template = "web/job_state.html" if getattr(request, "htmx", False) else "web/job.html"
    return render(request, template, context)


def start(request: HttpRequest) -> HttpResponse:
    """Start a review or a check."""
    kind = request.POST.get("kind", "")
    if kind not in {Kind.REVIEW.value, Kind.CHECK.value}:
        raise Http404(kind)
    return redirect("job", job=acted(request, "start_job", kind=kind).data["id"])


def demo(request: HttpRequest) -> HttpResponse:
    """Fill an empty workspace with the demo company."""
    return redirect("job", job=acted(request, "start_demo").data["id"])


def cancel(request: HttpRequest, job: UUID) -> HttpResponse:
    """Call a job off."""
    acted(request, "cancel_job", job=_job(job).pk)
    messages.success(request, _("Called off. Everything stays as it was."))
    return redirect("job", job=job)


def _job(number: UUID) -> Job:
    row = Job.objects.select_related("asked_by").filter(pk=number).first()
    if row is None:
        raise Http404(str(number))
    return row
