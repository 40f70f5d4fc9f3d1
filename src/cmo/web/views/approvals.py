"""Approvals: what others propose, approved or refused by somebody else."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from cmo.ledger import approvals
from cmo.web.acts.page import acted


def page(request: HttpRequest) -> HttpResponse:
    """What waits, and what was answered."""
    context = {
        "title": _("Approvals"),
        "requests": approvals.waiting_approvals(),
        "answered": [one for one in approvals.approvals(most=20) if one.answered_by is not None],
        "me": request.user.get_username(),
    }
    return render(request, "web/approvals.html", context)


def answer(request: HttpRequest, number: int) -> HttpResponse:
    """Approve or refuse."""
    approved, words = request.POST.get("approved") == "yes", request.POST.get("words", "")[:2000]
    acted(request, "answer_approval", number=number, approved=approved, words=words)
    messages.success(request, _("Approved.") if approved else _("Refused, with your reason."))
    return redirect("approvals")
