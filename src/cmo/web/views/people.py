"""People: who is in the office, in which role, and what they did."""

from typing import Final

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cmo.ledger.audit import broken_at, entries
from cmo.measures import Problem
from cmo.web.acts.page import acted
from cmo.web.gate import signed_in
from cmo.web.models import LANGUAGES, FeedLink, Invitation, User
from cmo.web.rights import RIGHTS, Action, Role
from cmo.web.tongue import spoken
from cmo.web.views.errors import told

_PAGE: Final = 100


class MeForm(forms.ModelForm[User]):
    """What somebody says of themselves."""

    class Meta:
        """Name and language; the role is others' to give."""

        model = User
        fields = ("name", "language")
        labels = {"name": gettext_lazy("Name"), "language": gettext_lazy("Language")}  # noqa: RUF012 - Django's way


class InviteForm(forms.Form):
    """For whom an invitation is."""

    email = forms.EmailField(required=False, label=gettext_lazy("E-mail (optional)"))
    role = forms.ChoiceField(label=gettext_lazy("Role"))

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type] # Django's signature, passed on
        self.fields["role"].choices = [(role.value, role.says.in_(spoken())) for role in Role]  # type: ignore[attr-defined] # a ChoiceField


def page(request: HttpRequest) -> HttpResponse:
    """All people, the invitations that are out, and the table of rights."""
    language = spoken()
    context = {
        "title": _("People and rights"),
        "people": User.objects.all(),
        "roles": [(role.value, role.says.in_(language)) for role in Role],
        "form": InviteForm(initial={"role": Role.VIEWER.value}),
        "invitations": Invitation.objects.filter(used_at=None, expires_at__gt=timezone.now()),
        "fresh": request.session.pop("fresh_invitation", None),
        "table": [
            {"says": action.says.in_(language), "cells": [action in RIGHTS[role] for role in Role]}
            for action in Action
        ],
    }
    return render(request, "web/people.html", context)


def invite(request: HttpRequest) -> HttpResponse:
    """Make a link that makes one account."""
    form = InviteForm(request.POST)
    if not form.is_valid():
        return told(request, Problem(_("Choose a role, and give an address that exists or none.")))
    request.session["fresh_invitation"] = acted(request, "invite", **form.cleaned_data).data["url"]
    return redirect("people")


def change(request: HttpRequest, person: int) -> HttpResponse:
    """Change somebody's role, or close their account; there is always an owner."""
    role, closed = request.POST.get("role", ""), request.POST.get("closed") == "yes"
    if role not in tuple(Role):
        raise Http404(role)
    if not User.objects.filter(pk=person).exists():
        raise Http404(str(person))
    answer = acted(request, "change_person", person=person, role=role, closed=closed)
    messages.success(request, answer.lines[0])
    return redirect("people")


def new_password(request: HttpRequest, person: int) -> HttpResponse:
    """Make a link with which somebody sets a new password; it ends with its first use."""
    if not User.objects.filter(pk=person, is_active=True).exists():
        raise Http404(str(person))
    request.session["fresh_invitation"] = acted(request, "new_password", person=person).data["url"]
    return redirect("people")


def audit(request: HttpRequest) -> HttpResponse:
    """The audit log, and whether it is whole."""
    before = request.GET.get("before", "")
    shown = entries(most=_PAGE, before=int(before) if before.isdecimal() else None)
    context = {
        "title": _("Audit log"),
        "entries": shown,
        "broken_at": broken_at(),
        "next": shown[-1].number if len(shown) == _PAGE else None,
    }
    return render(request, "web/audit.html", context)


def me(request: HttpRequest) -> HttpResponse:
    """One's own name and language."""
    form = MeForm(request.POST or None, instance=signed_in(request))
    if request.method == "POST" and form.is_valid():
        form.save()
        return redirect("me")
    context = {
        "title": _("My account"),
        "form": form,
        "languages": LANGUAGES,
        "feeds": FeedLink.objects.filter(owner=signed_in(request), ended_at=None),
        "fresh": request.session.pop("fresh_feed", None),
    }
    return render(request, "web/me.html", context)
