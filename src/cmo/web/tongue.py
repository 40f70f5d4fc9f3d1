"""The language of a page: the person's own; before they sign in, what their browser asks for."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import translation

from cmo.measures import LANGUAGES, Language


def spoken() -> Language:
    """The language in force."""
    known = (translation.get_language() or "")[:2]
    return known if known in LANGUAGES else "en"


class LanguageMiddleware:
    """Speaks to each person in their language."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer in the language of who asks."""
        user = request.user
        language = user.language if user.is_authenticated else translation.get_language_from_request(request)
        with translation.override(language):
            request.LANGUAGE_CODE = spoken()
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", spoken())
        if not user.is_authenticated:
            response.headers["Vary"] = "Accept-Language, Cookie"
        return response
