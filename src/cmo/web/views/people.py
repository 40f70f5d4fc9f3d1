"""People: who is in the office, in which role, and what they did."""

from datetime import timedelta
from typing import Final

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cmo.ledger.audit import broken_at, entries, note
from cmo.measures import Problem
from cmo.web.gate import signed_in
from cmo.web.models import LANGUAGES, Invitation, User
from cmo.web.rights import RIGHTS, Action, Role
from cmo.web.tokens import digest_of, new_token
from cmo.web.tongue import spoken
from cmo.web.views.errors import told

INVITATION_DAYS: Final = 7
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
    by = request.user.get_username()
    link = make_invitation(Role(form.cleaned_data["role"]), email=form.cleaned_data["email"], by=by)
    request.session["fresh_invitation"] = request.build_absolute_uri(link)
    return redirect("people")


def make_invitation(role: Role, *, email: str, by: str) -> str:
    """The path of a fresh invitation."""
    token = new_token()
    Invitation.objects.create(
        digest=digest_of(token),
        role=role.value,
        email=email,
        invited_by=User.objects.filter(email=by).first(),
        expires_at=timezone.now() + timedelta(days=INVITATION_DAYS),
    )
    note("invite", by=by, kind="person", key=email, details={"role": role.value})
    return f"/welcome/{token}/"


def change(request: HttpRequest, person: int) -> HttpResponse:
    """Change somebody's role, or close their account; there is always an owner."""
    role, closed = request.POST.get("role", ""), request.POST.get("closed") == "yes"
    if role not in tuple(Role):
        raise Http404(role)
    with transaction.atomic():
        row = User.objects.select_for_update().filter(pk=person).first()
        if row is None:
            raise Http404(str(person))
        owners = User.objects.filter(role=Role.OWNER, is_active=True).exclude(pk=person)
        if (closed or role != Role.OWNER) and not owners.exists():
            raise Problem(_("Somebody must own this office: make another owner first."))
        row.role, row.is_active = role, not closed
        row.save(update_fields=["role", "is_active"])
    note(
        "change person",
        by=request.user.get_username(),
        kind="person",
        key=row.email,
        details={"role": role, "closed": closed},
    )
    messages.success(request, _("Changed."))
    return redirect("people")


def new_password(request: HttpRequest, person: int) -> HttpResponse:
    """Make a link with which somebody sets a new password; it ends with its first use."""
    row = User.objects.filter(pk=person, is_active=True).first()
    if row is None:
        raise Http404(str(person))
    named = {"uidb36": user_pk_to_url_str(row), "key": default_token_generator.make_token(row)}
    link = reverse("account_reset_password_from_key", kwargs=named)
    note("new password", by=request.user.get_username(), kind="person", key=row.email)
    request.session["fresh_invitation"] = request.build_absolute_uri(link)
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
    context = {"title": _("My account"), "form": form, "languages": LANGUAGES}
    return render(request, "web/me.html", context)
