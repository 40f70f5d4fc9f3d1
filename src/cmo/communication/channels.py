"""Channels with the limits that each sets to a piece, counted as the channel counts.

Limits are those of the networks' own rules as publishing tools apply them (Postiz, BrightBean); an SMS is
counted in septets of the GSM alphabet or in the 16-bit units it falls back to (3GPP TS 23.038).
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from cmo.measures import Text

LINK: Final = re.compile(r"https?://[^\s<>\"]+")
_GSM: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_TWICE: Final = frozenset("^{}\\[~]|€\f")
_JOINER, _MODIFIERS = "\N{ZERO WIDTH JOINER}", range(0x1F3FB, 0x1F400)
_FLAGS: Final = range(0x1F1E6, 0x1F200)
_TAGS: Final = range(0xE0020, 0xE0080)


class Count(StrEnum):
    """What a channel counts."""

    CHARACTERS = "characters"
    GRAPHEMES = "graphemes"
    SMS = "sms"
    WORDS = "words"


class Way(StrEnum):
    """How a piece gets onto a channel."""

    MAIL = "mail"
    NATIVE = "native"
    WEBHOOK = "webhook"
    SITE = "site"
    HAND = "hand"


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """A place where the company speaks.

    Attributes:
        name: Its name in data and plans.
        label: Its name for people.
        way: How a piece gets there.
        medium: Value of utm_medium for its links.
        most: Most of what it counts in a body.
        least: Least of it.
        count: What it counts.
        link: What any link counts for, where the channel shortens them; none where it counts as written.
        title: Most characters of a title or subject; 0 where there is none.
        address: Where a person posts by hand; empty where `cmo` posts.
    """

    name: str
    label: Text
    way: Way
    medium: str
    most: int
    least: int = 1
    count: Count = Count.CHARACTERS
    link: int | None = None
    title: int = 0
    address: str = ""


def _hand(name: str, most: int, address: str, *, title: int = 0, medium: str = "social") -> Channel:
    label = Text.same({"x": "X", "youtube": "YouTube", "tiktok": "TikTok"}.get(name, name.title()))
    return Channel(
        name=name, label=label, way=Way.HAND, medium=medium, most=most, title=title, address=address
    )


_CHANNELS: Final = (
    Channel(
        name="email", label=Text("E-mail", "E-mail"), way=Way.MAIL, medium="email", most=20_000, title=78
    ),
    Channel(
        name="mastodon",
        label=Text.same("Mastodon"),
        way=Way.NATIVE,
        medium="social",
        most=500,
        link=23,
    ),
    Channel(
        name="bluesky",
        label=Text.same("Bluesky"),
        way=Way.NATIVE,
        medium="social",
        most=300,
        count=Count.GRAPHEMES,
    ),
    Channel(
        name="webhook", label=Text("Webhook", "Webhook"), way=Way.WEBHOOK, medium="referral", most=20_000
    ),
    Channel(
        name="newsroom",
        label=Text("Newsroom", "Espace presse"),
        way=Way.SITE,
        medium="referral",
        most=800,
        least=300,
        count=Count.WORDS,
        title=120,
    ),
    Channel(
        name="sms",
        label=Text.same("SMS"),
        way=Way.HAND,
        medium="sms",
        most=160,
        count=Count.SMS,
        address="https://",
    ),
    _hand("linkedin", 3000, "https://www.linkedin.com/feed/"),
    _hand("x", 280, "https://x.com/compose/post"),
    _hand("threads", 500, "https://www.threads.com/"),
    _hand("facebook", 63_206, "https://www.facebook.com/"),
    _hand("instagram", 2200, "https://www.instagram.com/"),
    _hand("tiktok", 2000, "https://www.tiktok.com/upload", medium="video"),
    _hand("youtube", 5000, "https://studio.youtube.com/", title=100, medium="video"),
    _hand("pinterest", 500, "https://www.pinterest.com/pin-creation-tool/", title=100),
    _hand("reddit", 10_000, "https://www.reddit.com/submit", title=300),
)
CHANNELS: Final[Mapping[str, Channel]] = MappingProxyType({one.name: one for one in _CHANNELS})
"""The channels by name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much a text takes on a channel.

    Attributes:
        used: What it takes.
        most: What there is.
        unit: What is counted, in words.
    """

    used: int
    most: int
    unit: Text

    @property
    def fits(self) -> bool:
        """Whether it fits."""
        return self.used <= self.most


_UNITS: Final = {
    Count.CHARACTERS: Text("characters", "signes"),
    Count.GRAPHEMES: Text("visible characters", "caractères visibles"),
    Count.SMS: Text("places of one SMS", "places d'un SMS"),
    Count.WORDS: Text("words", "mots"),
}


def size_on(channel: Channel, text: str) -> Size:
    """How much of a channel a text takes, links counted as the channel counts them."""
    if channel.count is Count.WORDS:
        return Size(used=len(text.split()), most=channel.most, unit=_UNITS[Count.WORDS])
    if channel.count is Count.SMS:
        used, most = sms_places(text)
        return Size(used=used, most=most, unit=_UNITS[Count.SMS])
    if channel.link is not None:
        text = LINK.sub("x" * channel.link, text)
    used = graphemes(text) if channel.count is Count.GRAPHEMES else len(text)
    return Size(used=used, most=channel.most, unit=_UNITS[channel.count])


def sms_places(text: str) -> tuple[int, int]:
    """Places that a text takes of one SMS, and how many there are: 160 septets, or 70 units of 16 bits."""
    if all(sign in _GSM or sign in _GSM_TWICE for sign in text):
        return sum(2 if sign in _GSM_TWICE else 1 for sign in text), 160
    return len(text.encode("utf-16-le")) // 2, 70


def in_gsm(text: str) -> str:
    """The text in signs of the GSM alphabet: others would more than halve the place; ê becomes e."""
    text = text.translate({0x202F: " ", 0xA0: " ", 0x2019: "'", 0x2026: "...", 0xAB: '"', 0xBB: '"'})
    return "".join(
        sign if sign in _GSM or sign in _GSM_TWICE else unicodedata.normalize("NFKD", sign)[:1]
        for sign in text
    )


def graphemes(text: str) -> int:
    """Characters as a reader counts them: letters with their accents, emoji with all their parts.

    The rules of Unicode's extended grapheme clusters that occur in texts of Europe and in emoji (UAX #29).
    """
    n, flags, joined, before = 0, 0, False, ""
    for sign in unicodedata.normalize("NFC", text):
        code = ord(sign)
        follows = (
            joined
            or unicodedata.category(sign) in {"Mn", "Me", "Mc"}
            or sign == _JOINER
            or code in _MODIFIERS
            or code in _TAGS
            or (before == "\r" and sign == "\n")
        )
        flags = flags + 1 if code in _FLAGS else 0
        n += not (follows or (flags and flags % 2 == 0))
        joined, before = sign == _JOINER, sign
    return n
