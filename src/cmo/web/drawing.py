"""Drawing all charts once a review is done, so that nobody waits for the first look at a page."""

from collections.abc import Iterator

from django.http import HttpRequest
from django.test import RequestFactory
from django.utils import translation

from cmo.briefs.document import Audience
from cmo.measures import LANGUAGES, Language
from cmo.web.gate import Route
from cmo.web.knowledge import known
from cmo.web.models import User
from cmo.web.rights import Action
from cmo.web.routes import ROUTES
from cmo.web.views.reports import brief_sheet


def draw_all(by: User) -> int:
    """Show every page that all may see, in both languages, to nobody; what it draws is kept in files.

    Args:
        by: In whose name the pages are shown; nothing is written down of it.

    Returns:
        How many pages were shown.
    """
    shown = 0
    for language in LANGUAGES:
        with translation.override(language):
            for route, given in _pages():
                route.view(_request(by, language), **given)
                shown += 1
            for audience in Audience if known().facts is not None else ():
                brief_sheet(known(), audience, language=language)
                shown += 1
    return shown


def _pages() -> Iterator[tuple[Route, dict[str, str]]]:
    for route in ROUTES:
        if route.asks is Action.SEE and route.shows and "<" not in route.at:
            yield route, {}
    facts, measure = known().facts, next(route for route in ROUTES if route.name == "measure")
    for name in () if facts is None else dict.fromkeys(one.measure for one in facts.estimates):
        yield measure, {"name": name}


def _request(by: User, language: Language) -> HttpRequest:
    request = RequestFactory().get("/")
    request.LANGUAGE_CODE = language
    request.user = by
    request.session = {}  # type: ignore[assignment] # nothing is kept of this visit
    request.htmx = False  # type: ignore[attr-defined] # as the middleware would say
    return request
