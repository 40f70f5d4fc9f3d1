"""Entrances: an invitation, a guest's link, the language of the door."""

from typing import Final

from allauth.account.models import EmailAddress
from django import forms
from django.conf import settings
from django.contrib.auth import login, password_validation
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.utils import timezone, translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cmo.briefs.document import Audience
from cmo.briefs.voice import Voice
from cmo.ledger.audit import note
from cmo.measures import LANGUAGES
from cmo.web.knowledge import known
from cmo.web.models import LANGUAGES as NAMED
from cmo.web.models import GuestLink, Invitation, User
from cmo.web.tokens import digest_of
from cmo.web.tongue import spoken
from cmo.web.views.reports import brief_sheet

_BACKEND: Final = "allauth.account.auth_backends.AuthenticationBackend"


class WelcomeForm(forms.Form):
    """The account that an invitation makes."""

    name = forms.CharField(
        max_length=120, label=gettext_lazy("Name"), widget=forms.TextInput({"autocomplete": "name"})
    )
    email = forms.EmailField(
        label=gettext_lazy("E-mail"), widget=forms.EmailInput({"autocomplete": "username"})
    )
    password = forms.CharField(
        label=gettext_lazy("Password (twelve characters or more)"),
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
        strip=False,
    )
    language = forms.ChoiceField(choices=NAMED, label=gettext_lazy("Language"))

    def clean_email(self) -> str:
        """The address in small letters; one account each."""
        email = str(self.cleaned_data["email"]).strip().lower()
        if User.objects.filter(email=email).exists():
            raise forms.ValidationError(_("Somebody has this address already: sign in with it."))
        return email

    def clean(self) -> dict[str, object]:
        """Refuse passwords that are easily guessed."""
        given = super().clean() or {}
        password = given.get("password")
        if password:
            somebody = User(email=given.get("email", ""), name=given.get("name", ""))
            try:
                password_validation.validate_password(str(password), somebody)
            except forms.ValidationError as error:
                self.add_error("password", error)
        return given


def welcome(request: HttpRequest, token: str) -> HttpResponse:
    """Make the account that an invitation is for."""
    row = _invitation(token)
    if row is None:
        return render(request, "web/expired.html", {"title": _("This link is used up")}, status=410)
    form = WelcomeForm(request.POST or None, initial={"email": row.email, "language": spoken()})
    if request.method != "POST" or not form.is_valid():
        context = {"title": _("Welcome"), "form": form, "role": row.role}
        return render(request, "web/welcome.html", context)
    with transaction.atomic():
        taken = Invitation.objects.filter(pk=row.pk, used_at=None).update(used_at=timezone.now())
        if not taken:
            return render(request, "web/expired.html", {"title": _("This link is used up")}, status=410)
        given = form.cleaned_data
        user = User.objects.create_user(
            given["email"],
            given["password"],
            name=given["name"],
            role=row.role,
            language=given["language"],
        )
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    note("join", by=user.email, kind="person", key=user.email, details={"role": row.role})
    login(request, user, backend=_BACKEND)
    return redirect("today")


def forgotten(request: HttpRequest) -> HttpResponse:
    """What to do without one's password; the office sends no mail, and pretends none."""
    return render(request, "web/forgotten.html", {"title": _("A forgotten password")})


def guest(request: HttpRequest, token: str) -> HttpResponse:
    """Show a guest the one object of their link."""
    link = GuestLink.objects.filter(
        digest=digest_of(token), ended_at=None, expires_at__gt=timezone.now()
    ).first()
    if link is None:
        return render(
            request, "web/expired.html", {"title": _("This link opens nothing any more")}, status=410
        )
    link.n_opened += 1
    link.save(update_fields=["n_opened"])
    note("guest opened", by=f"guest link {link.pk}", kind=link.kind, key=link.key)
    language = next(one for one in LANGUAGES if one == link.language)
    with translation.override(language):
        sheet = brief_sheet(known(), Audience(link.key), language=language)
        until = Voice(language).day(link.expires_at.date())
        context = {"title": sheet.headline, "sheet": sheet, "until": until, "LANGUAGE_CODE": language}
        return render(request, "web/guest.html", context)


def language(request: HttpRequest) -> HttpResponse:
    """Choose the language of the pages: one's own, or this browser's before sign-in."""
    chosen, back = request.POST.get("language", ""), request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}):
        back = "/"
    response = HttpResponseRedirect(back)
    if chosen in LANGUAGES:
        if request.user.is_authenticated:
            request.user.language = chosen
            request.user.save(update_fields=["language"])
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            chosen,
            samesite="Lax",
            secure=settings.LANGUAGE_COOKIE_SECURE,
            max_age=365 * 86_400,
        )
    return response


def health(request: HttpRequest) -> HttpResponse:
    """Whether the office answers; for whoever watches over it."""
    Invitation.objects.exists()
    return HttpResponse("ok\n", content_type="text/plain")


def icon(request: HttpRequest) -> HttpResponse:
    """Where browsers look for an icon."""
    return HttpResponseRedirect(static("web/icon.svg"))


def _invitation(token: str) -> Invitation | None:
    live = Invitation.objects.filter(used_at=None, expires_at__gt=timezone.now())
    return live.filter(digest=digest_of(token)).first()
