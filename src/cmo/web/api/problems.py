"""What goes wrong, in one shape (RFC 9457): a title, the sentences, and a status."""

from collections.abc import Callable, Sequence
from typing import Annotated, Any, Final

from django.http import Http404, HttpRequest, JsonResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, Throttled, ValidationError
from pydantic import BaseModel, Field

from cmo.measures import Language, Problem, Text
from cmo.web.acts.act import Doer
from cmo.web.api.door import Denied
from cmo.web.rights import Action
from cmo.web.tongue import spoken

KIND: Final = "application/problem+json"
_TITLES: Final = {
    400: Text("This request cannot be read", "Cette requête est illisible"),
    401: Text("No token that opens anything was given", "Aucun jeton valable n’a été donné"),
    403: Text("This is not yours to do", "Ce n’est pas permis"),
    404: Text("There is nothing here", "Il n’y a rien ici"),
    405: Text("This cannot be asked so", "Cela ne se demande pas ainsi"),
    409: Text("This key was used for something else", "Cette clé a servi à autre chose"),
    413: Text("This is too large", "C’est trop volumineux"),
    422: Text("This cannot be done as it stands", "Ceci ne peut être fait en l’état"),
    429: Text("Too many calls", "Trop d’appels"),
}


class Conflict(Exception):  # noqa: N818 - it is told as a refusal
    """A key of a write was given before, with another write."""


class ProblemDetails(BaseModel):
    """What went wrong (RFC 9457)."""

    type: Annotated[str, Field(description="What kind of problem; about:blank, the status says it.")]
    title: Annotated[str, Field(description="What the status means.")]
    status: Annotated[int, Field(description="The status.")]
    detail: Annotated[str, Field(description="What is wrong and what to do, in sentences.")]
    instance: Annotated[str, Field(description="The address that was asked.")]
    errors: Annotated[list[str], Field(description="The sentences, one by one.")]


def told(request: HttpRequest, status: int, sentences: Sequence[str]) -> JsonResponse:
    """A problem as an answer."""
    doer = getattr(request, "auth", None)
    language = doer.language if isinstance(doer, Doer) else spoken()
    title = _TITLES[status].in_(language)
    said = [one for one in sentences if one] or [title]
    found = ProblemDetails(
        type="about:blank",
        title=title,
        status=status,
        detail="\n".join(said),
        instance=request.path,
        errors=said,
    )
    response = JsonResponse(
        found.model_dump(), status=status, content_type=KIND, json_dumps_params={"ensure_ascii": False}
    )
    response.headers["Content-Language"] = language
    if status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def tell_problems(api: NinjaAPI) -> None:
    """Have an API tell all that goes wrong in this shape."""
    said: dict[type[Exception], tuple[int | None, Callable[[Any], Sequence[str]]]] = {
        Problem: (422, lambda error: error.sentences),
        ValidationError: (422, lambda error: [_wrong(one) for one in error.errors]),
        Denied: (403, lambda error: (_lacks(error.action, error.language),)),
        Conflict: (409, lambda error: (str(error),)),
        Http404: (404, lambda error: (str(error),)),
        Throttled: (429, lambda _error: ()),
        AuthenticationError: (401, lambda _error: ()),
        HttpError: (None, lambda error: (str(error),)),
    }

    def tell(request: HttpRequest, error: Any) -> JsonResponse:
        status, sentences = next(said[kind] for kind in type(error).__mro__ if kind in said)
        return told(request, status or error.status_code, sentences(error))

    for kind in said:
        api.add_exception_handler(kind, tell)


def _lacks(action: Action, language: Language) -> str:
    return Text(
        f"The role of the key's owner and the key itself must both include: {action.says.en} ({action}).",
        f"Le rôle du propriétaire et la clé doivent tous deux inclure : {action.says.fr} ({action}).",
    ).in_(language)


def _wrong(one: dict[str, Any]) -> str:
    where = ".".join(
        str(part) for part in one.get("loc", ()) if part not in {"query", "body", "path", "asked"}
    )
    return f"{where}: {one.get('msg', '')}" if where else str(one.get("msg", ""))
