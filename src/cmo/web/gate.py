"""The gate: every address of the office says which permission it asks, and nothing else is answered."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Final

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path

from cmo.measures import Problem
from cmo.web.models import User
from cmo.web.rights import Action

View = Callable[..., HttpResponseBase]

OPEN: Final = (
    "/account/",
    "/static/",
    "/welcome/",
    "/guest/",
    "/open/",
    "/feeds/",
    "/language/",
    "/health/",
    "/api/",
    "/favicon.ico",
)
"""Addresses that answer before sign-in: the doors themselves, and the API, which has its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """An address of the office.

    Attributes:
        at: Its path, as Django writes paths.
        view: What answers.
        name: Its name.
        asks: The permission it asks; none where a link or the sign-in page itself is the door.
        posts: Whether it answers POST; otherwise it only shows.
        shows: Whether it answers GET.
    """

    at: str
    view: View
    name: str
    asks: Action | None
    posts: bool = False
    shows: bool = True

    def pattern(self) -> URLPattern:
        """The address as Django knows it, guarded."""
        return path(self.at, guarded(self), name=self.name)


def guarded(route: Route) -> View:
    """The view behind its permission."""
    methods = [*(["GET", "HEAD"] if route.shows else []), *(["POST"] if route.posts else [])]

    @wraps(route.view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if route.asks is not None:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if not request.user.may(route.asks):
                raise PermissionDenied(route.asks.value)
        if request.method not in methods:
            return HttpResponseNotAllowed(methods)
        return route.view(request, *args, **kwargs)

    return answer


def signed_in(request: HttpRequest) -> User:
    """Who asks, behind a gate that lets only people of the office through.

    Raises:
        PermissionDenied: Nobody is signed in.
    """
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


class GateMiddleware:
    """Nobody without an account gets past the doors, whatever a route forgets; a `Problem` is told."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, or show the door."""
        if not request.user.is_authenticated and not request.path.startswith(OPEN):
            if getattr(request, "htmx", False):
                response = HttpResponse(status=401)
                response.headers["HX-Redirect"] = redirect_to_login(request.get_full_path())["Location"]
                return response
            return redirect_to_login(request.get_full_path())
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Tell what is wrong with what was given, in a page of its own."""
        from cmo.web.views.errors import told

        return told(request, error) if isinstance(error, Problem) else None
