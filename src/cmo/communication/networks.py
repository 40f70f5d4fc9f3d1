"""Posting elsewhere, as requests and answers: Mastodon, Bluesky and signed webhooks. No line is opened here.

Each request carries a key that is the same for the same post, so that one sent again is known as a repeat:
the header Idempotency-Key (Mastodon), the key of the record (Bluesky), webhook-id (Standard Webhooks 1.0).
"""

import hmac
import json
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

from cmo.communication.channels import LINK
from cmo.measures import Language

_SORTED: Final = "234567abcdefghijklmnopqrstuvwxyz"
"""Alphabet of a Bluesky record key (TID): its order is that of its numbers."""
BUSY: Final = frozenset({408, 409, 425, 429, 500, 502, 503, 504})
"""Answers that ask to come back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What to ask another machine.

    Attributes:
        method: HTTP method.
        url: Address.
        headers: Headers; secrets are in them.
        body: Body.
    """

    method: str
    url: str
    headers: Mapping[str, str] = field(repr=False)
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """What the other side calls a post.

    Attributes:
        external: Its name there.
        url: Where it can be seen.
    """

    external: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """A post.

    Attributes:
        text: Its words, links in them.
        language: Their language.
        key: Its identity, the same however often it is sent.
        made_at: When it was made.
    """

    text: str
    language: Language
    key: str
    made_at: datetime


def as_json(method: str, url: str, said: object, headers: Mapping[str, str]) -> Request:
    """A request with a JSON body."""
    body = json.dumps(said, ensure_ascii=False).encode()
    return Request(
        method=method,
        url=url,
        headers={"Content-Type": "application/json", "Accept": "application/json", **headers},
        body=body,
    )


def mastodon(server: str, token: str, words: Words) -> Request:
    """A status for Mastodon."""
    said = {"status": words.text, "language": words.language, "visibility": "public"}
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": words.key}
    return as_json("POST", f"{server}/api/v1/statuses", said, headers)


def mastodon_posted(body: bytes) -> Posted:
    """What Mastodon calls the status it took."""
    said = _read(body)
    return Posted(external=str(said.get("id", "")), url=str(said.get("url") or said.get("uri") or ""))


def bluesky_session(server: str, handle: str, password: str) -> Request:
    """Sign-in with an app password: a session lasts hours, so one is opened for each run."""
    said = {"identifier": handle, "password": password}
    return as_json("POST", f"{server}/xrpc/com.atproto.server.createSession", said, {})


def bluesky(server: str, session: Mapping[str, Any], words: Words) -> Request:
    """A post for Bluesky, put under its own key: put again, it is the same record."""
    record = {
        "$type": "app.bsky.feed.post",
        "text": words.text,
        "createdAt": words.made_at.isoformat().replace("+00:00", "Z"),
        "langs": [words.language],
        "facets": _facets(words.text),
    }
    said = {
        "repo": session["did"],
        "collection": "app.bsky.feed.post",
        "rkey": record_key(words.made_at, words.key),
        "record": record,
    }
    headers = {"Authorization": f"Bearer {session['accessJwt']}"}
    return as_json("POST", f"{server}/xrpc/com.atproto.repo.putRecord", said, headers)


def bluesky_posted(body: bytes, handle: str) -> Posted:
    """What Bluesky calls the post it took."""
    uri = str(_read(body).get("uri", ""))
    return Posted(external=uri, url=f"https://bsky.app/profile/{handle}/post/{uri.rpartition('/')[2]}")


def record_key(made_at: datetime, key: str) -> str:
    """A record key of Bluesky (TID).

    Microseconds of its making, and a number that follows from its identity.
    """
    number = (int(made_at.timestamp() * 1_000_000) << 10) | (
        int.from_bytes(sha256(key.encode()).digest()[:2]) & 0x3FF
    )
    signs = []
    for _ in range(13):
        signs.append(_SORTED[number & 31])
        number >>= 5
    return "".join(reversed(signs))


def webhook(url: str, secret: str, said: Mapping[str, object], *, key: str, at: datetime) -> Request:
    """A signed message for whoever listens (Standard Webhooks 1.0)."""
    body = json.dumps(said, ensure_ascii=False).encode()
    stamp = str(int(at.timestamp()))
    headers = {
        "Content-Type": "application/json",
        "webhook-id": key,
        "webhook-timestamp": stamp,
        "webhook-signature": signature(secret, key, stamp, body),
    }
    return Request(method="POST", url=url, headers=headers, body=body)


def signature(secret: str, key: str, stamp: str, body: bytes) -> str:
    """The signature of a message; the secret is `whsec_` and base64, or plain text."""
    raw = b64decode(secret.removeprefix("whsec_")) if secret.startswith("whsec_") else secret.encode()
    signed = hmac.new(raw, f"{key}.{stamp}.".encode() + body, sha256).digest()
    return f"v1,{b64encode(signed).decode()}"


def _facets(text: str) -> list[dict[str, object]]:
    """Where links stand in a text, in bytes, as Bluesky wants it."""
    found: list[dict[str, object]] = []
    for match in LINK.finditer(text):
        start = len(text[: match.start()].encode())
        index = {"byteStart": start, "byteEnd": start + len(match[0].encode())}
        feature = {"$type": "app.bsky.richtext.facet#link", "uri": match[0]}
        found.append({"index": index, "features": [feature]})
    return found


def _read(body: bytes) -> Mapping[str, Any]:
    try:
        said = json.loads(body)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}
