"""Pages for what goes wrong, each with what to do."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from cmo.measures import Problem


def told(request: HttpRequest, problem: Problem) -> HttpResponse:
    """What is wrong with what was given, one sentence each."""
    title = _("This cannot be done as it stands")
    return _page(request, title, problem.sentences, status=422)


def denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Not allowed."""
    sentence = _("Your role does not include this. Whoever owns this office can change it.")
    return _page(request, _("This is not yours to open"), (sentence,), status=403)


def missing(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Nothing there."""
    if request.path.startswith("/api/"):
        from cmo.web.api.problems import told as told_to_programs

        return told_to_programs(request, 404, ())
    sentence = _("The address may be old or mistyped. The menu leads to everything there is.")
    return _page(request, _("There is nothing here"), (sentence,), status=404)


def broken(request: HttpRequest) -> HttpResponse:
    """Our fault."""
    sentence = _("Nothing you did was lost. Try again; if it comes back, look at the log of cmo serve.")
    return _page(request, _("Something broke on our side"), (sentence,), status=500)


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that did not come from a page of ours, or from one that is too old."""
    sentence = _(
        "The form was too old, or did not come from this office. Go back, reload, and send it again."
    )
    return _page(request, _("This form was not accepted"), (sentence,), status=403)


def _page(request: HttpRequest, title: str, sentences: tuple[str, ...], *, status: int) -> HttpResponse:
    return render(request, "web/error.html", {"title": title, "sentences": sentences}, status=status)
