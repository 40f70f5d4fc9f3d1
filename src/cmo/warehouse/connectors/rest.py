"""REST services that answer with JSON, through dlt (optional extra `rest`): pages, limits, retries."""

import json
import os
from collections.abc import Generator, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

os.environ.setdefault("RUNTIME__DLTHUB_TELEMETRY", "false")  # before dlt looks for it

from dlt.sources.helpers.requests import Client
from dlt.sources.helpers.rest_client.auth import APIKeyAuth, AuthConfigBase, BearerTokenAuth, HttpBasicAuth
from dlt.sources.helpers.rest_client.client import PageData, RESTClient
from dlt.sources.helpers.rest_client.paginators import (
    BasePaginator,
    HeaderLinkPaginator,
    JSONLinkPaginator,
    JSONResponseCursorPaginator,
    OffsetPaginator,
    PageNumberPaginator,
    SinglePagePaginator,
)
from requests import HTTPError, RequestException

from cmo.measures import Problem
from cmo.warehouse.connectors.protocol import Page, Stream
from cmo.warehouse.credentials import Credentials
from cmo.workspace.streams import Auth, Pages, Rest

_SECRET_PARAMS: Final = ("token", "key", "secret", "sig", "auth", "password")


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long a service is waited for.

    Attributes:
        attempts: How often a request is tried when the service is busy, fails or breaks off.
        first: Seconds before the second attempt; each next wait is twice as long.
        longest: Seconds of the longest wait, also of one the service asks for.
        answer: Seconds until an answer must come.
    """

    attempts: int = 6
    first: float = 1.0
    longest: float = 300.0
    answer: float = 60.0


PATIENCE: Final = Patience()


@dataclass(frozen=True, slots=True, kw_only=True)
class RestConnector:
    """A REST service.

    Attributes:
        rest: What cmo.yaml says of it.
        stream: Its records as a stream.
        where: Beginning of an error's sentence.
        credentials: Where ${NAME} comes from, and what no sentence may show.
    """

    rest: Rest
    stream: Stream
    where: str
    credentials: Credentials

    @staticmethod
    def spec() -> Mapping[str, Any]:
        """JSON Schema of what cmo.yaml says of such a source."""
        return Rest.model_json_schema()

    def check(self) -> None:
        """Asks for the first page.

        Raises:
            Problem: It cannot be reached, or refuses.
        """
        next(self.read(self.stream, since=self.stream.start, resume=None), None)

    def streams(self) -> tuple[Stream, ...]:
        """The service's records."""
        return (self.stream,)

    def read(self, stream: Stream, *, since: str | None, resume: str | None) -> Iterator[Page]:
        """Reads the records page by page.

        Raises:
            Problem: The service refuses, does not answer in time, or answers with something else.
        """
        at = json.loads(resume) if resume is not None else None
        try:
            with closing(self._pages(since=since, at=at)) as pages:
                for page in pages:
                    yield self._page(page, stream)
        except HTTPError as error:
            status = 0
            if error.response is not None:
                status = error.response.status_code
                error.response.close()
            raise Problem(f"{self.where}: {stream.name} answered with {_says(status)}") from None
        except RequestException as error:
            said = self.credentials.hidden(type(error).__name__)
            raise Problem(
                f"{self.where}: {stream.name} cannot be read to the end ({said}); what came so far is kept, "
                f"run cmo again to go on"
            ) from None
        except ValueError as error:
            said = self.credentials.hidden(" ".join(str(error).split()))[:120]
            raise Problem(
                f"{self.where}: {stream.name} gave no answer that can be read ({said}); "
                f"check url, records and pages"
            ) from None

    def _pages(
        self, *, since: str | None, at: Mapping[str, Any] | None
    ) -> Generator[PageData[Any], None, None]:
        params: dict[str, Any] = dict(self.rest.params)
        if since is not None and self.rest.since is not None:
            params[self.rest.since] = since
        with Client(
            raise_for_status=False,
            request_timeout=PATIENCE.answer,
            request_max_attempts=PATIENCE.attempts,
            request_backoff_factor=PATIENCE.first,
            request_max_retry_delay=PATIENCE.longest,
        ).session as session:
            client = RESTClient(
                base_url=self.credentials.resolved(self.rest.url, where=self.where),
                headers={
                    name: self.credentials.resolved(value, where=self.where)
                    for name, value in self.rest.headers.items()
                },
                auth=_auth(self.rest.auth, self.credentials, where=self.where),
                session=session,
            )
            yield from client.paginate(
                path=at["url"] if at else "",
                params=at["params"] if at else params,
                paginator=_paginator(self.rest.pages, at=at),
                data_selector=self.rest.records,
            )

    def _page(self, page: PageData[Any], stream: Stream) -> Page:
        records = [one for one in page if isinstance(one, dict)]
        if len(records) < len(page):
            raise ValueError("objects were expected as records")
        found = [_at(one, stream.cursor) for one in records] if stream.cursor is not None else []
        values = [value for value in found if value is not None]
        return Page(
            data="".join(json.dumps(_flat(one), ensure_ascii=False) + "\n" for one in records).encode(),
            cursor=_largest(values),
            resume=self._resume(page) if page.paginator.has_next_page else None,
        )

    def _resume(self, page: PageData[Any]) -> str | None:
        """The next request, unless its address carries a secret of the service's own."""
        url = str(page.request.url)
        for name, value in parse_qsl(urlsplit(url).query):
            if any(word in name.lower() for word in _SECRET_PARAMS) and value not in self._own():
                return None
        return json.dumps({"url": url, "params": page.request.params})

    def _own(self) -> frozenset[str]:
        return frozenset(self.credentials.used.values())


def _paginator(pages: Pages, *, at: Mapping[str, Any] | None) -> BasePaginator:
    given = (at or {}).get("params") or {}
    match pages.by:
        case "offset":
            param = pages.param or "offset"
            return OffsetPaginator(
                limit=pages.limit,
                offset=int(given.get(param, 0)),
                offset_param=param,
                limit_param=pages.limit_param,
                total_path=None,
            )
        case "number":
            param = pages.param or "page"
            return PageNumberPaginator(
                base_page=pages.first,
                page=int(given.get(param, pages.first)),
                page_param=param,
                total_path=None,
            )
        case "cursor":
            return JSONResponseCursorPaginator(
                cursor_path=pages.next or "", cursor_param=pages.param or "cursor"
            )
        case "link":
            return HeaderLinkPaginator()
        case "url":
            return JSONLinkPaginator(next_url_path=pages.next or "")
        case "none":
            return SinglePagePaginator()


def _auth(auth: Auth | None, credentials: Credentials, *, where: str) -> AuthConfigBase | None:
    if auth is None:
        return None
    if auth.bearer is not None:
        return BearerTokenAuth(token=credentials.resolved(auth.bearer, where=where))
    if auth.user is not None:
        user = credentials.resolved(auth.user, where=where)
        return HttpBasicAuth(user, credentials.resolved(auth.password or "", where=where))
    key = credentials.resolved(auth.key or "", where=where)
    if auth.header is not None:
        return APIKeyAuth(name=auth.header, api_key=key, location="header")
    return APIKeyAuth(name=auth.param or "", api_key=key, location="query")


def _flat(record: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """A record whose inner objects are columns too, named with dots: metrics.cost."""
    flat: dict[str, Any] = {}
    for name, value in record.items():
        if isinstance(value, dict):
            flat |= _flat(value, f"{prefix}{name}.")
        else:
            flat[f"{prefix}{name}"] = value
    return flat


def _at(record: Mapping[str, Any], path: str | None) -> str | None:
    """The value at a dotted path of a record as text."""
    value: Any = record
    for name in (path or "").split("."):
        value = value.get(name) if isinstance(value, dict) else None
    return None if value is None else str(value)


def _largest(values: list[str]) -> str | None:
    if not values:
        return None
    try:
        return max(values, key=float)
    except ValueError:
        return max(values)


def _says(status: int) -> str:
    match status:
        case 401 | 403:
            return f"{status}: it refuses the credentials; check the key and its rights"
        case 404:
            return "404: there is nothing at this address; check url"
        case 429:
            return "429: it is asked too often; what came so far is kept, run cmo again later to go on"
        case _ if status >= 500:
            return f"{status}: it is out of order; what came so far is kept, run cmo again later to go on"
        case _:
            return f"{status}; check url and params"
