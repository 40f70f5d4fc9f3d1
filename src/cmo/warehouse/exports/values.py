"""Numbers and days as people and tools write them."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal as Number

from cmo.warehouse.dialect import Decimal, Marks, Order
from cmo.warehouse.exports.headers import SIGNS, words_of
from cmo.warehouse.reading import BLANKS

MAX_DIGITS = 18
"""No amount has more: what has is damaged."""

_GROUP = r"[ '’]"  # NFKC makes all hard and narrow spaces plain ones
_SHAPES: dict[Decimal | None, re.Pattern[str]] = {
    ".": re.compile(rf"[+-]?(\d+|\d{{1,3}}((,|{_GROUP})\d{{3}})+|\d*)(\.\d*)?", re.ASCII),
    ",": re.compile(rf"[+-]?(\d+|\d{{1,3}}((\.|{_GROUP})\d{{3}})+|\d*)(,\d*)?", re.ASCII),
    None: re.compile(rf"[+-]?(\d+|\d{{1,3}}({_GROUP}\d{{3}})+)", re.ASCII),
}
_MONEY = re.compile(r"^([+-]?)\s*(?:[A-Z]{3}|(?:US|CA|A)?\$|[€£¥])\s*|\s*(?:[A-Z]{3}|[€£¥]|(?:US|CA|A)?\$)$")
_CODE = re.compile(r"(?<![A-Za-z])([A-Z]{3}|[€£¥])(?![A-Za-z])")
_DOLLARS = frozenset(("USD", "CAD", "AUD", "NZD", "SGD", "HKD", "TWD", "MXN", "ARS", "CLP", "COP", "XCD"))
_MONTHS = (
    ("jan",), ("feb", "fev"), ("mar",), ("apr", "avr"), ("may", "mai"), ("jun", "juin"), ("jul", "juil"),
    ("aug", "aou"), ("sep",), ("oct",), ("nov",), ("dec",),
)  # fmt: skip
_ISO = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?!\d)")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?!\d)")
_NUMERIC = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})(?!\d)")
_NAMED = re.compile(
    r"(?:[^\W\d]+\.?,? )?(\d{1,2})(?:er|st|nd|rd|th)?[ -]([^\W\d]{3,9})\.?,?[ -](\d{4})(?!\d)", re.IGNORECASE
)
_NAMED_FIRST = re.compile(r"(?:[^\W\d]{3,9},? )?([^\W\d]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})(?!\d)")
_TIME = re.compile(
    r"[T ,]*(?:at |à )?(\d{1,2})[:h](\d{2})(?::(\d{2})(?:\.\d+)?)?\s*([AaPp]\.?[Mm]\.?)?\s*"
    r"(Z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2})?"
)


def is_blank(text: str | None) -> bool:
    """Whether nothing was reported, as -- says it."""
    return text is None or text.strip().lower() in BLANKS


def number(text: str, mark: Decimal | None) -> Number:
    """A number written with a decimal mark; of whole numbers the mark may be unknown.

    Raises:
        ValueError: It is no number, or not written so.
    """
    plain = unicodedata.normalize("NFKC", text).strip().replace("−", "-")
    if plain.startswith("(") and plain.endswith(")"):
        plain = "-" + plain[1:-1].strip()
    plain = _MONEY.sub(r"\1", plain).strip()
    if plain.endswith("-") and not plain.startswith("-"):
        plain = "-" + plain[:-1]
    if not re.search("[0-9]", plain) or not _SHAPES[mark].fullmatch(plain):
        raise ValueError(text)
    if sum(sign.isdigit() for sign in plain) > MAX_DIGITS:
        raise ValueError(text[:80])
    plain = re.sub(_GROUP, "", plain)
    plain = plain.replace(".", "").replace(",", ".") if mark == "," else plain.replace(",", "")
    return Number(plain)


def other_currency(text: str, ours: str) -> bool:
    """Whether an amount is in another currency than the company's: 12 € is in EUR, a lone € in none."""
    plain = unicodedata.normalize("NFKC", text)
    if not re.search("[0-9]", plain):
        return False
    if "$" in plain and ours not in _DOLLARS:
        return True
    found = _CODE.search(plain)
    return found is not None and SIGNS.get(found[1], found[1]) != ours


def whole_marks(values: Iterable[str], *, marks: Marks) -> None:
    """Takes counts into account: what groups a whole number is not its decimal mark."""
    for value in values:
        found = re.fullmatch(r"\s*\d{1,3}([.,])\d{3}\s*", value)
        if found is not None:
            mark: Decimal = "." if found[1] == "," else ","
            marks.shown[mark] += 1
            marks.example_of.setdefault(mark, value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A day that was read.

    Attributes:
        day: The day.
        rest: What follows it.
    """

    day: date
    rest: str


def day_of(text: str, order: Order | None) -> Day:
    """The day at the beginning of a text.

    Args:
        text: Such as 2026-09-01, 20260901, 01/09/2026, 1 sept. 2026, Sep 1, 2026.
        order: Whether the day or the month stands first in 01/09/2026; None refuses it.

    Raises:
        ValueError: It is no day, or it needs an order.
    """
    plain = re.sub(r"\s+", " ", unicodedata.normalize("NFKC", text)).strip()
    for shape in (_ISO, _COMPACT):
        if found := shape.match(plain):
            year, month, day = found[1], found[3] if shape is _ISO else found[2], found[found.lastindex or 0]
            return Day(day=date(int(year), int(month), int(day)), rest=plain[found.end() :])
    if found := _NUMERIC.match(plain):
        return Day(day=_ordered(found, order), rest=plain[found.end() :])
    if found := _NAMED.match(plain):
        return Day(day=date(int(found[3]), _month(found[2]), int(found[1])), rest=plain[found.end() :])
    if found := _NAMED_FIRST.match(plain):
        return Day(day=date(int(found[3]), _month(found[1]), int(found[2])), rest=plain[found.end() :])
    raise ValueError(text)


def _ordered(found: re.Match[str], order: Order | None) -> date:
    first, second, year = int(found[1]), int(found[3]), int(found[4])
    if len(found[4]) == 2:
        if found[2] == "-":
            raise ValueError("26-09-01 may begin or end with its year")
        year += 2000 if year < 69 else 1900
    if order is None and first != second:
        raise ValueError("the order of day and month is not known")
    return date(year, second, first) if order != "month_first" else date(year, first, second)


def _month(name: str) -> int:
    plain = words_of(name)
    for number_of, begins in enumerate(_MONTHS, start=1):
        if plain.startswith(begins):
            return number_of
    raise ValueError(name)


def instant_of(text: str, order: Order | None, *, zone: str = "") -> str:
    """An instant in ISO 8601, with the offset it was written with.

    Args:
        text: A day, perhaps with a time.
        order: Of day and month.
        zone: Offset of times that are written without one; empty for the company's own clock.

    Raises:
        ValueError: It is no instant.
    """
    found = day_of(text, order)
    if not found.rest.strip(" ,"):
        return f"{found.day.isoformat()}T00:00:00{zone}" if zone else found.day.isoformat()
    time = _TIME.fullmatch(found.rest.strip())
    if time is None:
        raise ValueError(text)
    hour = int(time[1])
    if time[4]:
        hour = hour % 12 + (12 if time[4][0] in "Pp" else 0)
    if hour > 23 or int(time[2]) > 59 or int(time[3] or 0) > 59:
        raise ValueError(text)
    offset = time[5] or zone
    offset = "+00:00" if offset in {"Z", "UTC", "GMT"} else offset
    if re.fullmatch(r"[+-]\d{2}", offset):
        offset += ":00"
    if re.fullmatch(r"[+-]\d{4}", offset):
        offset = f"{offset[:3]}:{offset[3:]}"
    return f"{found.day.isoformat()} {hour:02d}:{time[2]}:{time[3] or '00'}{offset}"
