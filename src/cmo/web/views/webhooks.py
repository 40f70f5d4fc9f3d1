"""Addresses elsewhere that are told what happens: who, of what, and whether it arrived."""

from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from cmo.ledger.happenings import KINDS
from cmo.web.acts.page import acted
from cmo.web.models import Delivery, Subscription

_MOST: Final = 50


def page(request: HttpRequest) -> HttpResponse:
    """All addresses with their latest deliveries."""
    context = {
        "title": _("Messages to programs elsewhere"),
        "subscriptions": Subscription.objects.order_by("ended_at", "-pk"),
        "deliveries": Delivery.objects.select_related("event", "subscription")[:_MOST],
        "kinds": KINDS,
        "fresh": request.session.pop("fresh_secret", None),
    }
    return render(request, "web/webhooks.html", context)


def make(request: HttpRequest) -> HttpResponse:
    """Tell an address."""
    made = acted(
        request,
        "subscribe_webhook",
        url=request.POST.get("url", ""),
        kinds=tuple(request.POST.getlist("kinds")),
    )
    request.session["fresh_secret"] = made.data["secret"]
    return redirect("webhooks")


def rotate(request: HttpRequest, webhook: int) -> HttpResponse:
    """Give it a new secret."""
    request.session["fresh_secret"] = acted(request, "rotate_webhook", webhook=webhook).data["secret"]
    return redirect("webhooks")


def end(request: HttpRequest, webhook: int) -> HttpResponse:
    """Tell it no more."""
    messages.success(request, acted(request, "end_webhook", webhook=webhook).lines[0])
    return redirect("webhooks")


def replay(request: HttpRequest, delivery: int) -> HttpResponse:
    """Send a message again."""
    messages.success(request, acted(request, "replay_delivery", delivery=delivery).lines[0])
    return redirect("webhooks")
