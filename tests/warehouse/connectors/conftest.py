"""A REST service on loopback that pages, limits, fails and breaks off as it is told."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest

LIMIT = 10


@dataclass
class Service:
    """The service, and what it was asked.

    Attributes:
        records: What it has, in order of `day`.
        pages: How it pages: offset, number, cursor, link, url or none.
        faults: What the next requests get instead of an answer: a status, "cut" or "drop".
        asked: The parameters of each request it saw.
        token: What it wants to hear; the empty text for nothing.
    """

    records: list[dict[str, Any]]
    pages: str = "none"
    faults: list[int | str] = field(default_factory=list)
    asked: list[dict[str, str]] = field(default_factory=list)
    token: str = ""
    port: int = 0

    @staticmethod
    def record(day: int, *, cost: float | None = None) -> dict[str, Any]:
        """The record of a day of 2026."""
        return record(day, cost=cost)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/report"

    def starts(self) -> list[int]:
        """Number of the first record of each page that was asked for."""
        return [int(one.get("offset", 0)) for one in self.asked]


@contextmanager
def serving(service: Service) -> Iterator[Service]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(service))
    service.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _handler(service: Service) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            given = dict(parse_qsl(urlsplit(self.path).query))
            service.asked.append(given)
            fault = service.faults.pop(0) if service.faults else None
            if isinstance(fault, int):
                self.send_response(fault)
                if fault == 429:
                    self.send_header("Retry-After", "1")
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            if service.token and self.headers.get("Authorization") != f"Bearer {service.token}":
                self.send_response(401)
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            body, link = _answer(service, given)
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            if link:
                self.send_header("Link", f'<{link}>; rel="next"')
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body[: len(body) // 2] if fault == "cut" else body)
            self.close_connection = fault == "cut"

        def log_message(self, *_: object) -> None:
            pass

    return Handler


def _answer(service: Service, given: dict[str, str]) -> tuple[bytes, str | None]:
    since = given.get("since", "")
    records = [one for one in service.records if one["day"] >= since]
    start = {
        "offset": int(given.get("offset", 0)),
        "number": (int(given.get("page", 1)) - 1) * LIMIT,
        "cursor": int(given.get("after", "c0")[1:]),
    }.get(service.pages, int(given.get("start", 0)))
    some = records if service.pages == "none" else records[start : start + LIMIT]
    following = start + LIMIT if start + LIMIT < len(records) else None
    answer: dict[str, Any] = {"data": {"items": some}, "paging": {}}
    link = None
    if following is not None and service.pages in {"link", "url"}:
        link = f"{service.url}?{urlencode({**given, 'start': following})}"
    if service.pages == "url":
        answer["paging"]["next"], link = link, None
    if service.pages == "cursor" and following is not None:
        answer["paging"]["next"] = f"c{following}"
    return json.dumps(answer).encode(), link


def record(day: int, *, cost: float | None = None) -> dict[str, Any]:
    on = (date(2026, 1, 1) + timedelta(days=day)).isoformat()
    return {"day": on, "name": "meta", "metrics": {"cost": day + 0.5 if cost is None else cost}, "id": day}


@pytest.fixture
def service() -> Iterator[Service]:
    """A service with 25 days of records."""
    with serving(Service(records=[record(day) for day in range(25)])) as running:
        yield running
