"""Doors for those who receive what the company says.

A link followed, a letter left or confirmed, one asked for.
"""

from typing import Any, Final

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt

from cmo.loop import consenting
from cmo.loop.clicks import follow
from cmo.measures import Text
from cmo.web.knowledge import workspace
from cmo.web.tongue import spoken

_SAID: Final = {
    "gone": (
        Text("This link leads nowhere any more", "Ce lien ne mène plus nulle part"),
        Text("It may have been shortened on its way.", "Il a peut-être été coupé en chemin."),
    ),
    "leave": (
        Text("Stop receiving this letter?", "Ne plus recevoir cette lettre ?"),
        Text(
            "One press of the button, and no other question.", "Un appui sur le bouton, sans autre question."
        ),
    ),
    "left": (
        Text("You will not receive this letter any more", "Vous ne recevrez plus cette lettre"),
        Text("It takes effect now.", "C'est effectif dès maintenant."),
    ),
    "confirm": (
        Text("Do you want to receive this?", "Voulez-vous le recevoir ?"),
        Text(
            "You can withdraw at any time with one click.",
            "Vous pourrez vous retirer à tout moment en un clic.",
        ),
    ),
    "confirmed": (
        Text("Thank you, it is confirmed", "Merci, c'est confirmé"),
        Text(
            "You can withdraw at any time with one click.",
            "Vous pourrez vous retirer à tout moment en un clic.",
        ),
    ),
    "asked": (
        Text("Please look into your mailbox", "Regardez votre boîte de réception"),
        Text(
            "A mail is on its way: nothing is sent to you before you confirm.",
            "Un courriel est en route : rien ne vous est envoyé avant votre confirmation.",
        ),
    ),
    "join": (
        Text("Receive our letter", "Recevoir notre lettre"),
        Text("Nothing is sent before you confirm.", "Rien n'est envoyé avant votre confirmation."),
    ),
}
_BUTTONS: Final = {
    "leave": Text("Unsubscribe", "Se désinscrire"),
    "confirm": Text("Confirm", "Confirmer"),
    "join": Text("Ask for it", "Demander"),
}
_PRIVATE: Final = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex"}


class JoinForm(forms.Form):
    """What somebody gives who asks to be written to; a field that people do not see catches machines."""

    address = forms.EmailField(max_length=254, widget=forms.EmailInput({"autocomplete": "email"}))
    name = forms.CharField(
        max_length=120, required=False, widget=forms.TextInput({"autocomplete": "given-name"})
    )
    agreed = forms.BooleanField()
    website = forms.CharField(required=False)


def through(request: HttpRequest, token: str, number: int) -> HttpResponse:
    """Lead to where a link of a message goes."""
    asked = request.headers.get("Sec-Purpose") or request.headers.get("Purpose", "")
    to = follow(
        token,
        number,
        method=request.method or "",
        agent=request.headers.get("User-Agent", ""),
        purpose=asked,
    )
    if to is None:
        return _page(request, "gone", status=410)
    response = HttpResponseRedirect(to)
    for name, value in _PRIVATE.items():
        response.headers[name] = value
    return response


@csrf_exempt
def leave(request: HttpRequest, token: str) -> HttpResponse:
    """Unsubscribe by POST, from a mailbox (RFC 8058) or the page.

    GET only shows the page, as scanners follow links.
    """
    if request.method != "POST":
        return _page(request, "leave" if consenting.received(token) else "gone", status=200)
    one_click = request.POST.get("List-Unsubscribe") == "One-Click"
    known = consenting.leave(token, source="one-click" if one_click else "page")
    return _page(request, "left" if known else "gone", status=200 if known else 410)


@csrf_exempt
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Confirm by POST what was asked for; GET only shows the page."""
    purpose = consenting.confirmable(token)
    if purpose is None:
        return _page(request, "gone", status=410)
    if request.method != "POST":
        words = consenting.wording(workspace(), purpose, spoken())
        return _page(request, "confirm", more={"words": words})
    done = consenting.confirm(token)
    return _page(request, "confirmed" if done else "gone", status=200 if done else 410)


def join(request: HttpRequest) -> HttpResponse:
    """Ask for the letter: a form whose box nobody ticked beforehand."""
    here, language = workspace(), spoken()
    words = consenting.wording(here, consenting.NEWSLETTER, language)
    form = JoinForm(request.POST) if request.method == "POST" else JoinForm()
    if request.method == "POST" and form.is_valid():
        if not form.cleaned_data["website"]:
            asking = consenting.Asking(
                address=form.cleaned_data["address"],
                name=form.cleaned_data["name"],
                purpose=consenting.NEWSLETTER,
                source="/open/join/",
            )
            consenting.ask(here, asking, language=language)
        return _page(request, "asked")
    return _page(request, "join", more={"form": form, "words": words, "fields": _fields()})


def _fields() -> dict[str, str]:
    language = spoken()
    return {
        "address": Text("E-mail address", "Adresse e-mail").in_(language),
        "name": Text("First name, if you like", "Prénom, si vous voulez").in_(language),
        "website": Text("Leave this field empty", "Laisser ce champ vide").in_(language),
    }


def _page(
    request: HttpRequest, name: str, *, status: int = 200, more: dict[str, Any] | None = None
) -> HttpResponse:
    title, says = _SAID[name]
    button = _BUTTONS.get(name)
    context = {
        "title": title.in_(spoken()),
        "says": says.in_(spoken()),
        "button": "" if button is None else button.in_(spoken()),
        "name": name,
        **(more or {}),
    }
    response = render(request, "web/open.html", context, status=status)
    for header, value in _PRIVATE.items():
        response.headers[header] = value
    return response
