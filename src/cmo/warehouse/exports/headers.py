"""Column names as tools write them, brought to one way of writing."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

CURRENCIES = frozenset(
    [
        "AED",
        "ARS",
        "AUD",
        "BGN",
        "BRL",
        "CAD",
        "CHF",
        "CLP",
        "CNY",
        "COP",
        "CZK",
        "DKK",
        "DZD",
        "EGP",
        "EUR",
        "GBP",
        "HKD",
        "HRK",
        "HUF",
        "IDR",
        "ILS",
        "INR",
        "ISK",
        "JPY",
        "KES",
        "KRW",
        "MAD",
        "MXN",
        "MYR",
        "NGN",
        "NOK",
        "NZD",
        "PEN",
        "PHP",
        "PKR",
        "PLN",
        "RON",
        "RSD",
        "RUB",
        "SAR",
        "SEK",
        "SGD",
        "THB",
        "TND",
        "TRY",
        "TWD",
        "UAH",
        "USD",
        "VND",
        "XAF",
        "XOF",
        "XPF",
        "ZAR",
    ]
)
"""ISO 4217 codes that a header's brackets may hold; ALL and TOP are left out, being words."""

SIGNS = {"€": "EUR", "£": "GBP", "¥": "JPY"}
"""Signs that stand for one currency, or nearly; $ stands for too many."""

_BRACKETS = re.compile(r"\(\s*([A-Z]{3}|[€£¥])\s*\)")
_BROKEN = re.compile("[ÃÂâ][\u0080-\u00bf\u0152-\u0178\u02c6\u02dc\u2013-\u2122 ]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A column's name, in one way of writing.

    Attributes:
        words: Its words, small, without accents and punctuation.
        currency: The currency its brackets name, or None.
    """

    words: str
    currency: str | None


@lru_cache(maxsize=4096)
def heading(name: str) -> Heading:
    """A column's name, its accents, apostrophes, spaces and case brought to one way of writing."""
    plain = unicodedata.normalize("NFKC", repaired(name)).replace("’", "'")
    found = _BRACKETS.search(plain)
    currency = None
    if found is not None and (code := SIGNS.get(found[1], found[1])) in CURRENCIES:
        currency = code
        plain = plain[: found.start()] + plain[found.end() :]
    return Heading(words=words_of(plain), currency=currency)


def words_of(text: str) -> str:
    """A text's words, small, without accents and punctuation."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return re.sub(r"[\W_]+", " ", plain).strip()


def headings(names: Sequence[str]) -> tuple[Heading, ...]:
    """The names of several columns."""
    return tuple(heading(name[:300]) for name in names)


def is_broken(text: str) -> bool:
    """Whether a text is UTF-8 that was read as if it were Latin."""
    return _BROKEN.search(text) is not None


def repaired(text: str) -> str:
    """A text without the marks of having been read in the wrong encoding: dÃ©pensÃ© is dépensé."""
    if not is_broken(text):
        return text
    for encoding in ("cp1252", "latin-1"):
        try:
            return text.encode(encoding).decode("utf-8")
        except UnicodeError:
            continue
    return text
