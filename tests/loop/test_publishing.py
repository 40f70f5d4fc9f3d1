"""Publishing against servers that behave as the real ones do, on loopback."""

import base64
import hmac
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from standardwebhooks import Webhook

from cmo.communication.networks import record_key, signature
from cmo.ledger import outbox
from cmo.ledger.opening import close_ledger
from cmo.loop import campaign_life, campaigns
from cmo.loop.gatherings import write as write_event
from cmo.loop.press import approve as approve_release
from cmo.loop.press import ask as ask_release
from cmo.loop.press import kit, known, newsroom, state
from cmo.loop.press import publish as publish_release
from cmo.loop.press import write as write_release
from cmo.loop.publishing import hand_over, pack, pasted, publish
from cmo.loop.publishing_calendar import calendar
from cmo.loop.standing import opened
from cmo.measures import Problem

SECRET = "whsec_" + base64.b64encode(b"k" * 24).decode()
TODAY = date.today()  # noqa: DTZ011 - the company's day is that of this machine


@dataclass
class World:
    """What the servers elsewhere know."""

    posts: dict[str, dict[str, Any]] = field(default_factory=dict)
    calls: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    failing: int = 0
    url: str = ""


def handler(world: World) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            world.calls.append((self.path, headers, body))
            if world.failing:
                world.failing -= 1
                self._answer(503, {})
                return
            self._answer(*answered(world, self.path, headers, body))

        def _answer(self, status: int, said: dict[str, Any]) -> None:
            written = json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(written)))
            self.end_headers()
            self.wfile.write(written)

        def log_message(self, *_: object) -> None:
            """Stay silent."""

    return Handler


def answered(  # noqa: PLR0911 - one answer for each service
    world: World, path: str, headers: dict[str, str], body: bytes
) -> tuple[int, dict[str, Any]]:
    said = json.loads(body) if body else {}
    if path == "/api/v1/statuses":
        if headers["authorization"] != "Bearer token":
            return 401, {"error": "The access token is invalid"}
        if len(said["status"]) > 5000:
            return 422, {"error": "Validation failed"}
        key = headers["idempotency-key"]
        world.posts.setdefault(key, {"id": str(len(world.posts) + 1), "text": said["status"]})
        return 200, {"id": world.posts[key]["id"], "url": f"https://social.example/{world.posts[key]['id']}"}
    if path == "/xrpc/com.atproto.server.createSession":
        ok = said == {"identifier": "lumen.example", "password": "token"}
        return (200, {"accessJwt": "jwt", "did": "did:plc:lumen"}) if ok else (401, {"error": "AuthFactor"})
    if path == "/xrpc/com.atproto.repo.putRecord":
        if headers["authorization"] != "Bearer jwt":
            return 401, {"error": "ExpiredToken"}
        world.posts[said["rkey"]] = said["record"]
        return 200, {"uri": f"at://did:plc:lumen/app.bsky.feed.post/{said['rkey']}", "cid": "c"}
    if path == "/hook":
        Webhook(SECRET).verify(body, headers)
        world.posts[headers["webhook-id"]] = said
        return 200, {}
    if path == "/api/subscribers":
        known_before = said["email"] in world.posts
        world.posts[said["email"]] = said
        return (409, {"message": "E-mail already exists."}) if known_before else (200, {"data": {"id": 1}})
    return 200, {"data": {"id": 7}}


@pytest.fixture
def world() -> Iterator[World]:
    made = World()
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler(made))
    made.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield made
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def acme(tmp_path: Path, world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.delenv("CMO_DATABASE_URL", raising=False)
    for name in ("MASTODON", "BLUESKY", "LISTS"):
        monkeypatch.setenv(name, "token")
    monkeypatch.setenv("HOOK", SECRET)
    folder = tmp_path / "acme"
    (folder / "data").mkdir(parents=True)
    account = f"url: {world.url}, secret: "
    (folder / "cmo.yaml").write_text(
        "company: {name: Lumen, language: en}\nsources: {orders: {path: data/orders.csv}}\n"
        "communication:\n  sender: Lumen <hello@lumen.example>\n  office: https://office.example\n"
        "  site: https://lumen.example/\n  hours_per_week: 5\n  accounts:\n"
        f'    mastodon: {{{account}"${{MASTODON}}"}}\n'
        f'    bluesky: {{{account}"${{BLUESKY}}", user: lumen.example}}\n'
        f'    webhook: {{url: {world.url}/hook, secret: "${{HOOK}}"}}\n'
        f'    listmonk: {{{account}"${{LISTS}}", user: cmo, list: 3}}\n'
        f'    mautic: {{{account}"${{LISTS}}", user: cmo, list: 3}}\n'
        f'    brevo: {{{account}"${{LISTS}}", list: 3}}\n',
        encoding="utf-8",
    )
    yield folder
    close_ledger()


def ready(folder: Path, name: str, channels: tuple[str, ...]) -> None:
    wanted = campaigns.Wanted(
        id=name, goal="Tell", message="Every jar has an address", channels=channels, arms=1
    )
    campaigns.new(folder, wanted, by="claire", language="en")
    campaign_life.ask(folder, name, by="claire", language="en")
    campaign_life.approve(folder, name, approved=True, words="", by="bruno", language="en")
    campaign_life.schedule(folder, name, on=TODAY, embargo=None, by="claire", language="en")


def test_pieces_go_out_once_on_each_network(acme: Path, world: World) -> None:
    ready(acme, "jar", ("mastodon", "bluesky", "webhook"))
    told = publish(acme, "jar", by="claire", language="en").data
    assert [one["state"] for one in told["pieces"]] == ["sent"] * 3  # type: ignore[attr-defined]
    assert len(world.posts) == 3
    assert publish(acme, "jar", by="claire", language="en").data == told
    assert len(world.posts) == 3
    post = next(one for one in world.posts.values() if one.get("$type") == "app.bsky.feed.post")
    (facet,) = post["facets"]
    text = post["text"].encode()
    linked = text[facet["index"]["byteStart"] : facet["index"]["byteEnd"]].decode()
    assert linked == facet["features"][0]["uri"]
    assert linked.startswith("https://office.example/open/r/")


def test_a_piece_that_was_leaving_when_its_sender_died_is_known_as_a_repeat(acme: Path, world: World) -> None:
    ready(acme, "jar", ("mastodon",))
    publish(acme, "jar", by="claire", language="en")
    (message,) = outbox.messages("jar")
    from cmo.ledger import models  # noqa: PLC0415 - the test breaks in by another door

    models.Outgoing.objects.filter(pk=message.id).update(state="handed")
    publish(acme, "jar", by="claire", language="en")
    assert len(world.posts) == 1
    assert sum(path == "/api/v1/statuses" for path, _, _ in world.calls) == 2
    assert outbox.messages("jar")[0].state is outbox.State.SENT


def test_a_busy_server_is_asked_again_and_a_refusal_is_told(acme: Path, world: World) -> None:
    ready(acme, "jar", ("mastodon",))
    world.failing = 1
    first = publish(acme, "jar", by="claire", language="en").data["pieces"]
    assert first[0]["state"] == "waiting"  # type: ignore[index]
    second = publish(acme, "jar", by="claire", language="en").data["pieces"]
    assert second[0]["state"] == "sent"  # type: ignore[index]


def test_a_pack_is_published_by_hand_and_its_address_pasted_back(acme: Path, tmp_path: Path) -> None:
    ready(acme, "jar", ("linkedin", "x"))
    told = pack(acme, "jar", to=tmp_path / "pack", by="claire", language="en").data["pieces"]
    assert {one["open"].split("/")[2] for one in told} == {"www.linkedin.com", "x.com"}  # type: ignore[attr-defined]
    piece = told[0]["piece"]  # type: ignore[index]
    assert (
        "https://office.example/open/r/" in (tmp_path / "pack" / f"{piece.replace(':', '-')}.txt").read_text()
    )
    pasted(acme, "jar", piece, "https://www.linkedin.com/feed/1", by="claire", language="en")
    with pytest.raises(Problem, match="no piece"):
        pasted(acme, "jar", "tiktok:plain", "https://example.org/", by="claire", language="en")


def test_a_webhook_is_signed_as_the_standard_says() -> None:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    stamp = str(int(at.timestamp()))
    assert signature(SECRET, "id", stamp, b"{}") == Webhook(SECRET).sign("id", at, "{}")
    plain = hmac.new(b"abc", b"id.1.{}", sha256).digest()
    assert signature("abc", "id", "1", b"{}") == f"v1,{base64.b64encode(plain).decode()}"


def test_a_record_key_has_the_form_that_bluesky_wants_and_stays_the_same() -> None:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    key = record_key(at, "a")
    assert len(key) == 13
    assert set(key) <= set("234567abcdefghijklmnopqrstuvwxyz")
    assert key == record_key(at, "a") != record_key(at, "b")
    assert record_key(datetime(2026, 1, 2, tzinfo=UTC), "a") > key


@pytest.mark.parametrize(
    ("tool", "path"),
    [("listmonk", "/api/campaigns"), ("mautic", "/api/emails/new"), ("brevo", "/v3/emailCampaigns")],
)
def test_a_campaign_is_handed_over_as_a_draft(acme: Path, world: World, tool: str, path: str) -> None:
    (acme / "cmo.yaml").write_text(
        (acme / "cmo.yaml")
        .read_text(encoding="utf-8")
        .replace(
            "sources: {orders: {path: data/orders.csv}}",
            "sources: {orders: {path: data/orders.csv}, customers: {path: data/customers.csv}}",
        ),
        encoding="utf-8",
    )
    (acme / "data" / "orders.csv").write_text("order_id,customer_id,ordered_at,revenue\n1,a,2026-01-05,10\n")
    (acme / "data" / "customers.csv").write_text(
        "customer_id,email,email_consent_at\na,a@example.org,2025-01-01\nb,b@example.org,\n"
    )
    from cmo.loop.observing import observe  # noqa: PLC0415 - only here

    workspace = opened(acme)
    with workspace.writing():
        observe(workspace, progress=lambda _step: None)
    ready(acme, "jar", ("email",))
    told = hand_over(acme, "jar", tool, by="claire", language="en").data
    assert told["people"] == 1
    assert hand_over(acme, "jar", tool, by="claire", language="en").data == told
    asked = [json.loads(body) for called, _, body in world.calls if called == path]
    assert len(asked) == 2
    assert not any(b"b@example.org" in body for _, _, body in world.calls)
    assert {"brevo": "{{ unsubscribe }}", "mautic": "{unsubscribe_url}", "listmonk": "{{ UnsubscribeURL }}"}[
        tool
    ] in json.dumps(asked[0])


RELEASE = """\
title: A jar with an address
city: Lyon
on: {day}
{more}lead: The house shows where each ingredient of its jars was grown, jar by jar, from today on.
body:
  - {words}
quotes: [{{person: Claire Martin, title: Head of content, words: We wanted to show it., approved: true}}]
facts: [{{says: "412 fields", source: "register of suppliers, 2026"}}]
boilerplate: Lumen makes care in Lyon.
contact: press@lumen.example
language: en
"""


def release(folder: Path, name: str = "jar", more: str = "", words: str = "word " * 300) -> Path:
    path = folder / f"{name}.yaml"
    path.write_text(RELEASE.format(day=TODAY, more=more, words=words.strip()), encoding="utf-8")
    return path


def out(folder: Path, name: str = "jar") -> None:
    ask_release(folder, name, by="claire", language="en")
    approve_release(folder, name, refuse="", by="bruno", language="en")
    publish_release(folder, name, by="claire", language="en")


def test_a_release_goes_out_when_it_may_and_is_corrected_in_the_open(acme: Path) -> None:
    write_release(acme, "jar", release(acme), by="claire", language="en")
    assert newsroom() == []
    out(acme)
    assert [one.key for one in newsroom()] == ["jar"]
    kit(acme, "jar", to=acme / "kit.pdf", language="en")
    assert (acme / "kit.pdf").read_bytes().startswith(b"%PDF")
    write_release(acme, "jar", release(acme, words="other " * 300), by="claire", language="en")
    assert "word word" in newsroom()[0].release.body[0]
    with pytest.raises(Problem, match="not approved"):
        publish_release(acme, "jar", by="claire", language="en")
    fixed = release(acme, more="correction: It is other words.\n", words="other " * 300)
    write_release(acme, "jar", fixed, by="claire", language="en")
    out(acme)
    assert state(known("jar")[0]) == "corrected"
    assert "other other" in newsroom()[0].release.body[0]


def test_nothing_under_embargo_can_be_read(acme: Path) -> None:
    path = release(acme, more="embargo: 2099-01-01T08:00:00+01:00\n")
    write_release(acme, "jar", path, by="claire", language="en")
    out(acme)
    assert newsroom() == []
    assert state(known("jar")[0]) == "embargoed"


@pytest.mark.parametrize(
    ("words", "more", "wrong"),
    [
        ("short", "", "300 to 800"),
        ("word " * 300 + "It is the best.", "", "no source among the facts"),
        ("word " * 300 + "There are 412 fields.", "", ""),
    ],
)
def test_what_must_be_put_right_is_told(acme: Path, words: str, more: str, wrong: str) -> None:
    told = write_release(acme, "jar", release(acme, words=words, more=more), by="claire", language="en").data
    assert any(wrong in one for one in told["wrong"]) if wrong else told["wrong"] == []  # type: ignore[attr-defined]


def test_everything_with_a_day_is_in_the_calendar_with_what_gets_in_the_way(acme: Path) -> None:
    ready(acme, "jar", ("mastodon",))
    write_release(acme, "jar", release(acme), by="claire", language="en")
    event = acme / "fair.yaml"
    event.write_text(
        f"title: Fair\non: {TODAY}T18:00:00+01:00\nend: {TODAY}T20:00:00+01:00\nplace: Lyon\nsays: Come.\n"
        "costs: {room: 300}\nhours: 9\n",
        encoding="utf-8",
    )
    write_event(acme, "fair", event, by="claire", language="en")
    told = calendar(acme, month=None, to=acme / "all.ics", language="en").data
    assert {one["channel"] for one in told["entries"]} == {"mastodon", "newsroom", "event"}  # type: ignore[attr-defined]
    assert "capacity" in {one["kind"] for one in told["conflicts"]}  # type: ignore[attr-defined]
    assert (acme / "all.ics").read_bytes().count(b"BEGIN:VEVENT") == 3
