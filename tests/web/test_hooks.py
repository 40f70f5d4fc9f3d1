"""Messages to programs elsewhere: signed, never into one's own network, tried until they arrive."""

import json
import os
import signal
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from time import monotonic, sleep
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar
from standardwebhooks import Webhook

from cmo.measures import Problem
from cmo.web.hooks.address import ALLOWED, target_of
from cmo.web.hooks.sending import send
from cmo.web.hooks.signing import signed, written

_LONG = 90.0


class Receiver:
    """A program elsewhere: keeps what it is told, and answers as it is told to."""

    def __init__(self) -> None:
        self.told: list[tuple[dict[str, str], bytes]] = []
        self.answers = 200
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.told.append(({name.lower(): value for name, value in self.headers.items()}, body))
                self.send_response(receiver.answers)
                self.send_header("Location", "http://127.0.0.1:1/")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/told"
        self.thread = Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    one = Receiver()
    yield one
    one.server.shutdown()
    one.server.server_close()


def until(true: Any) -> Any:
    end = monotonic() + _LONG
    while monotonic() < end:
        if found := true():
            return found
        sleep(0.2)
    raise AssertionError("it did not happen in time")


@given(
    body=st.dictionaries(st.text(), st.text()),
    secrets=st.lists(st.binary(min_size=24), min_size=1, max_size=2),
)
def test_a_receiver_with_either_secret_knows_that_it_is_us(
    body: dict[str, str], secrets: list[bytes]
) -> None:
    said = json.dumps(body).encode()
    headers = signed("msg_1", said, at=datetime.now(tz=UTC), secrets=secrets)
    for secret in secrets:
        assert Webhook(written(secret)).verify(said, headers) == body


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.0.0.8", "172.16.3.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",  # noqa: S104
        "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fd00::1", "::ffff:10.0.0.1", "ff02::1",
        "64:ff9b::a00:1", "2002:a00:1::", "2001::1",
    ],
)  # fmt: skip
def test_no_message_goes_into_the_network_we_stand_in(address: str) -> None:
    with pytest.raises(Problem, match=ALLOWED):
        target_of("https://inside.example/", look=lambda _host, _port: [address])
    with pytest.raises(Problem, match=ALLOWED):
        target_of("https://both.example/", look=lambda _host, _port: ["93.184.216.34", address])


@pytest.mark.parametrize(
    "url",
    [
        "ftp://name.example/", "https:///path", "https://user:word@name.example/", "name.example", "",
        "https://name.example:99999/", "https://name.example/#part", "file:///etc/passwd", "https://[::1",
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(Problem):
        target_of(url, look=lambda _host, _port: ["93.184.216.34"])


def test_in_the_clear_only_where_the_keeper_of_the_office_allows_it(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Problem, match="https alone"):
        target_of("http://name.example/", look=lambda _host, _port: ["93.184.216.34"])
    monkeypatch.setenv(ALLOWED, "10.1.0.0/16")
    found = target_of("http://inside.example/a?b=c", look=lambda _host, _port: ["10.1.2.3"])
    assert (found.address, found.port, found.path, found.secure) == ("10.1.2.3", 80, "/a?b=c", False)
    monkeypatch.setenv(ALLOWED, "everything")
    with pytest.raises(Problem, match="networks such as"):
        target_of("http://inside.example/", look=lambda _host, _port: ["10.1.2.3"])


def test_a_name_that_leads_elsewhere_the_second_time_is_looked_up_once(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(ALLOWED, "127.0.0.1/32")
    looked = []

    def look(host: str, _port: int) -> list[str]:
        looked.append(host)
        return ["127.0.0.1"] if len(looked) == 1 else ["127.0.0.2"]

    url = receiver.url.replace("127.0.0.1", "rebinding.example")
    assert send(url, b"{}", headers={}, look=look).arrived
    assert looked == ["rebinding.example"]


def test_nobody_is_followed_elsewhere(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ALLOWED, "127.0.0.1/32")
    receiver.answers = 302
    outcome = send(receiver.url, b"{}", headers={})
    assert (outcome.arrived, outcome.status) == (False, 302)
    assert len(receiver.told) == 1


def happens(office: Any, says: str) -> None:
    said = {"says": says, "because": "It would tell us something"}
    assert office.ask("/api/v1/acts/propose", key="analyst", said=said).status == 200


def deliveries(office: Any, webhook: int) -> list[dict[str, Any]]:
    told = json.loads(office.ask("/api/v1/lists/deliveries", key="owner").text)["items"]
    return [one for one in told if one["webhook"] == webhook]


def workers(office: Any) -> list[int]:
    listing = subprocess.run(["ps", "-ww", "-eo", "pid,args"], capture_output=True, text=True, check=True)
    found = (line.split(maxsplit=1) for line in listing.stdout.splitlines()[1:])
    return [int(pid) for pid, args in found if "cmo.web.jobs" in args and str(office.folder) in args]


def test_an_address_is_told_what_happens_until_it_is_gone(office: Any, receiver: Receiver) -> None:
    form = {"url": receiver.url, "kinds": "approval.asked"}
    assert office.ask("/data/webhooks/make/", role="owner", form=form).status == 302
    page = office.ask("/data/webhooks/", role="owner").text
    secret = page.partition("<code>whsec_")[2].partition("</code>")[0]
    (number,) = [
        one["webhook"]
        for one in json.loads(office.ask("/api/v1/lists/webhooks", key="owner").text)["items"]
        if one["url"] == receiver.url
    ]
    happens(office, "Try a smaller budget")
    headers, body = until(lambda: receiver.told)[0]
    told = Webhook(f"whsec_{secret}").verify(body, headers)
    assert told["type"] == "approval.asked"
    assert told["data"]["says"].startswith("Try a smaller budget")
    until(lambda: deliveries(office, number)[0]["state"] == "delivered")

    receiver.answers = 500
    rotated = json.loads(
        office.ask("/api/v1/acts/rotate_webhook", key="owner", said={"webhook": number}).text
    )["data"]["secret"]
    happens(office, "Try a larger budget")
    until(lambda: len(receiver.told) == 2)
    headers, body = receiver.told[1]
    assert Webhook(rotated).verify(body, headers) == Webhook(f"whsec_{secret}").verify(body, headers)
    waiting = until(
        lambda: [one for one in deliveries(office, number) if one["tries"] == 1 and one["state"] == "waiting"]
    )

    receiver.answers = 204
    for one in workers(office):
        os.kill(one, signal.SIGKILL)
    said = {"delivery": waiting[0]["delivery"]}
    assert office.ask("/api/v1/acts/replay_delivery", key="owner", said=said).status == 200
    until(lambda: len(receiver.told) == 3)
    assert receiver.told[2][0]["webhook-id"] == receiver.told[1][0]["webhook-id"]
    until(lambda: all(one["state"] == "delivered" for one in deliveries(office, number)))

    receiver.answers = 410
    happens(office, "Try no budget at all")
    ended = until(
        lambda: [
            one
            for one in json.loads(office.ask("/api/v1/lists/webhooks", key="owner").text)["items"]
            if one["webhook"] == number and one["ended"]
        ]
    )
    assert ended[0]["why_ended"].startswith("410")
    happens(office, "Try it again after all")
    sleep(3)
    assert len(receiver.told) == 4


def test_a_calendar_and_a_reader_find_what_concerns_somebody_until_the_link_is_taken_back(
    office: Any,
) -> None:
    assert office.ask("/data/feeds/make/", role="analyst", form={}).status == 302
    page = office.ask("/data/me/", role="analyst").text
    calendar, news = (part.partition("</code>")[0] for part in page.split("<code>")[1:])
    found = office.ask(calendar.removeprefix(office.url))
    assert found.headers["content-type"].startswith("text/calendar")
    entries = Calendar.from_ical(found.text).walk("VEVENT")
    assert entries
    assert len({str(one["UID"]) for one in entries}) == len(entries)
    assert "<feed" in office.ask(news.removeprefix(office.url)).text
    number = page.partition("/data/feeds/")[2].partition("/end/")[0]
    assert office.ask(f"/data/feeds/{number}/end/", role="viewer", form={}).status == 422
    assert office.ask(f"/data/feeds/{number}/end/", role="analyst", form={}).status == 302
    assert office.ask(calendar.removeprefix(office.url)).status == 410
