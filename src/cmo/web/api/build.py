"""The API: every question and every listing is a GET, every act a POST. Nothing is listed twice."""

import json
from collections.abc import Callable
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any, Final, Literal

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from ninja import Body, File, NinjaAPI, Query, UploadedFile
from ninja import Path as InPath
from pydantic import BaseModel, Field

from cmo.briefs.answers import Answer
from cmo.briefs.document import Audience
from cmo.loop.briefing import brief_to
from cmo.loop.questions import QUESTIONS, Question
from cmo.web.acts.act import Act, Doer
from cmo.web.acts.bringing import Look
from cmo.web.acts.table import ACTS
from cmo.web.api.door import Bearer, Denied, Rate
from cmo.web.api.lists import LISTINGS, Listing, Page, page_of
from cmo.web.api.once import HEADER, once
from cmo.web.api.problems import ProblemDetails, tell_problems
from cmo.web.rights import Action
from cmo.web.uploads import received

TITLE: Final = "cmo"
VERSION: Final = "1.0.0"
DESCRIPTION: Final = (
    "What the office knows and does, for programs. Send `Authorization: Bearer …` with a key of *Data & "
    "settings*. `Accept-Language` (fr or en) chooses the language of sentences. Reads carry an `ETag`; "
    "writes take an `Idempotency-Key`, and what was done once with a key is only told again. Problems have "
    "the shape of RFC 9457."
)
_FAILS: Final = {(401, 403, 404, 409, 422, 429): ProblemDetails}
_KEY: Final = {
    "parameters": [
        {
            "in": "header",
            "name": HEADER,
            "required": False,
            "schema": {"type": "string", "maxLength": 255},
            "description": "Any text of yours: the same write with the same key is done once.",
        }
    ]
}


class Told(BaseModel):
    """An answer: the data, the same as the command line gives with --json, and its sentences."""

    data: dict[str, Any]
    lines: list[str]


class Listed(BaseModel):
    """A page of a list."""

    items: list[dict[str, Any]]
    next: Annotated[str | None, Field(description="The cursor of the next page; none on the last.")]


def built() -> NinjaAPI:
    """The API with all that can be asked and done."""
    see = Bearer(Action.SEE)
    api = NinjaAPI(
        title=TITLE,
        version=VERSION,
        description=DESCRIPTION,
        auth=see,
        throttle=Rate(),
        urls_namespace="api",
        docs_decorator=_signed_in,
    )
    tell_problems(api)
    for name, question in QUESTIONS.items():
        api.get(
            f"/{name}",
            response={200: Told, **_FAILS},
            operation_id=name,
            summary=question.says.en,
            tags=["questions"],
        )(_asking(question))
    for name, listing in LISTINGS.items():
        api.get(
            f"/lists/{name}",
            response={200: Listed, **_FAILS},
            operation_id=f"list_{name}",
            summary=listing.says.en,
            tags=["lists"],
            auth=Bearer(listing.asks),
        )(_listing(listing))
    for name, act in ACTS.items():
        api.post(
            f"/acts/{name}",
            response={200: Told, **_FAILS},
            operation_id=name,
            summary=act.says.en,
            description=f"Asks the permission `{act.asks.value}`.",
            tags=["acts"],
            auth=Bearer(act.asks),
            openapi_extra=_KEY,
        )(_acting(act))
    api.post(
        "/uploads",
        response={200: Told, **_FAILS},
        operation_id="bring_files",
        summary="Bring files; they are looked at, and taken only when that is asked.",
        description="Asks the permission `run`. Then see `look_at_upload`, `take_upload` and the job.",
        tags=["acts"],
        auth=Bearer(Action.RUN),
    )(_bring)
    api.get(
        "/briefs/{audience}.{language}.{ending}",
        operation_id="brief",
        summary="One reading as a file.",
        tags=["briefs"],
        response={200: None, **_FAILS},
        openapi_extra={"responses": {200: {"content": {"*/*": {}}}}},
    )(_brief)
    return api


def _asking(question: Question) -> Callable[..., HttpResponseBase]:
    def answer(request: HttpRequest, asked: Any) -> HttpResponse:
        doer = _doer(request)
        return _read(request, doer, lambda: _told(question.ask(doer.folder, asked, doer.language)))

    def plain(request: HttpRequest) -> HttpResponse:
        return answer(request, question.asked())

    answer.__annotations__["asked"] = Query[question.asked]  # type: ignore[misc, name-defined] # of the question
    return answer if question.asked.model_fields else plain


def _listing(listing: Listing) -> Callable[..., HttpResponseBase]:
    def answer(request: HttpRequest, asked: Query[Page]) -> HttpResponse:
        doer = _doer(request)
        return _read(request, doer, lambda: page_of(listing, asked))

    return answer


def _acting(act: Act) -> Callable[..., HttpResponseBase]:
    def answer(request: HttpRequest, asked: Any) -> HttpResponse:
        doer = _doer(request)
        with translation.override(doer.language):
            told, again = once(request, doer, lambda: _told(act.do(doer, asked)))
        response = JsonResponse(told, json_dumps_params={"ensure_ascii": False})
        response.headers["Content-Language"] = doer.language
        if again:
            response.headers["Idempotency-Replayed"] = "true"
        return response

    answer.__annotations__["asked"] = Body[act.asked]  # type: ignore[misc, name-defined] # of the act
    return answer


def _bring(request: HttpRequest, files: Annotated[list[UploadedFile], File()]) -> HttpResponse:
    doer = _doer(request)
    with translation.override(doer.language):
        upload = received(files, by=doer.user, language=doer.language)
        answer = ACTS["look_at_upload"].do(doer, Look(upload=upload.pk, answers={}))
    told = {"data": {"upload": str(upload.pk), "job": answer.data}, "lines": upload.names}
    return JsonResponse(told, json_dumps_params={"ensure_ascii": False})


def _brief(
    request: HttpRequest,
    audience: Annotated[Audience, InPath()],
    language: Annotated[Literal["en", "fr"], InPath()],
    ending: Annotated[Literal["pdf", "html", "md"], InPath()],
) -> HttpResponseBase:
    doer = _doer(request)
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"{audience.value}.{ending}"
        brief_to(doer.folder, audience.value, to=path, language=language)
        content = path.read_bytes()
    doer.note("download report", kind="brief", key=f"{audience.value}.{language}.{ending}")
    kinds = {"pdf": "application/pdf", "html": "text/html", "md": "text/markdown"}
    return FileResponse(BytesIO(content), as_attachment=True, filename=path.name, content_type=kinds[ending])


def _doer(request: HttpRequest) -> Doer:
    doer: Doer = request.auth  # type: ignore[attr-defined] # ninja puts it there
    return doer


def _read(request: HttpRequest, doer: Doer, ask: Callable[[], dict[str, Any]]) -> HttpResponse:
    """A read with its tag; who has it already is told so."""
    with translation.override(doer.language):
        content = json.dumps(ask(), ensure_ascii=False).encode()
    tag = f'"{sha256(content).hexdigest()[:32]}"'
    known = {one.strip().removeprefix("W/") for one in request.headers.get("If-None-Match", "").split(",")}
    response = HttpResponse(status=304) if known & {tag, "*"} else HttpResponse(content, "application/json")
    response.headers["ETag"] = tag
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Content-Language"] = doer.language
    patch_vary_headers(response, ("Authorization", "Accept-Language"))
    return response


def _told(answer: Answer) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(json.dumps(answer.data, ensure_ascii=False, default=str))
    return {"data": told, "lines": list(answer.lines)}


def _signed_in(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """What the API can do is shown to people of the office, and to programs with a token."""

    def answer(request: HttpRequest, **given: Any) -> HttpResponseBase:
        from django.contrib.auth.views import redirect_to_login

        try:
            known = request.user.is_authenticated or Bearer(Action.SEE)(request) is not None
        except Denied:
            known = False
        return view(request, **given) if known else redirect_to_login(request.get_full_path())

    return answer
