"""Tokens: keys with which one's own programs act in one's name, made and taken back here alone."""

from datetime import timedelta
from typing import Final

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cmo.ledger.audit import note
from cmo.measures import Problem
from cmo.web.gate import signed_in
from cmo.web.models import Token
from cmo.web.rights import Action
from cmo.web.tokens import digest_of, new_token
from cmo.web.tongue import spoken
from cmo.web.views.errors import told

PREFIX: Final = "cmo_"
"""Begins every token, so that one that leaked is recognised."""
DAYS: Final = ((30, "30"), (90, "90"), (365, "365"))
MOST: Final = 50


class TokenForm(forms.Form):
    """What a token is for, what it may do, and until when."""

    name = forms.CharField(max_length=80, label=gettext_lazy("What it is for"))
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("What it may do"), widget=forms.CheckboxSelectMultiple
    )
    days = forms.TypedChoiceField(choices=DAYS, coerce=int, initial=90, label=gettext_lazy("Days it lasts"))

    def __init__(self, *args: object, scopes: tuple[Action, ...], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type] # Django's signature, passed on
        language = spoken()
        self.fields["scopes"].choices = [(one.value, one.says.in_(language)) for one in scopes]  # type: ignore[attr-defined] # a ChoiceField


def page(request: HttpRequest) -> HttpResponse:
    """One's own tokens; a fresh one is shown once."""
    mine = signed_in(request)
    rows = Token.objects.filter(owner=mine, ended_at=None)
    said = {one.value: one.says.in_(spoken()) for one in Action}
    context = {
        "title": _("Keys for programs"),
        "form": TokenForm(scopes=_scopes(request), initial={"scopes": [Action.SEE.value], "days": 90}),
        "tokens": [(row, [said[one] for one in row.scopes], row.expires_at < timezone.now()) for row in rows],
        "fresh": request.session.pop("fresh_token", None),
    }
    return render(request, "web/tokens.html", context)


def make(request: HttpRequest) -> HttpResponse:
    """Make a token; its letters are shown once, and only their digest is kept."""
    mine = signed_in(request)
    form = TokenForm(request.POST, scopes=_scopes(request))
    if not form.is_valid():
        return told(request, Problem(_("Say what the key is for, and choose what it may do.")))
    if Token.objects.filter(owner=mine, ended_at=None).count() >= MOST:
        return told(request, Problem(_("You have many keys: take back one that is not used.")))
    letters, given = PREFIX + new_token(), form.cleaned_data
    row = Token.objects.create(
        digest=digest_of(letters),
        name=given["name"],
        owner=mine,
        scopes=given["scopes"],
        expires_at=timezone.now() + timedelta(days=given["days"]),
    )
    note("make token", by=mine.email, kind="token", key=str(row.pk), details={"scopes": row.scopes})
    request.session["fresh_token"] = letters
    return redirect("tokens")


def end(request: HttpRequest, key: int) -> HttpResponse:
    """Take one of one's own tokens back."""
    mine = signed_in(request)
    if not Token.objects.filter(pk=key, owner=mine, ended_at=None).update(ended_at=timezone.now()):
        raise Http404(str(key))
    note("end token", by=mine.email, kind="token", key=str(key))
    messages.success(request, _("The key opens nothing any more."))
    return redirect("tokens")


def _scopes(request: HttpRequest) -> tuple[Action, ...]:
    mine = signed_in(request)
    return tuple(one for one in Action if mine.may(one))
