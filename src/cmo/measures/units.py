"""Units of measures and how a value reads in each language."""

from dataclasses import dataclass
from enum import StrEnum

from babel.numbers import format_decimal, get_currency_precision, get_currency_symbol

from cmo.measures.text import Language, Text

_LOCALE = {"en": "en_GB", "fr": "fr_FR"}


class Dimension(StrEnum):
    """What kind of quantity a measure is; it decides how a value is written."""

    MONEY = "money"
    RATIO_OF_MONEY = "money per money"
    SHARE = "share"
    COUNT = "count"
    NUMBER = "number"
    POINTS = "points"
    WEEKS = "weeks"


_NAMED = {
    "share": Dimension.SHARE,
    "count": Dimension.COUNT,
    "points": Dimension.POINTS,
    "weeks": Dimension.WEEKS,
}
_SUFFIX = {
    Dimension.WEEKS: Text(" weeks", " semaines"),
    Dimension.POINTS: Text(" points", " points"),
}


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as it is shown in JSON: `EUR`, `EUR/EUR`, `share`, `count`, `points`, `weeks`, or a word."""

    name: str

    @property
    def dimension(self) -> Dimension:
        """The kind of quantity, read off the name."""
        if self.name in _NAMED:
            return _NAMED[self.name]
        head, _, tail = self.name.partition("/")
        if _is_currency(head):
            return Dimension.RATIO_OF_MONEY if _is_currency(tail) else Dimension.MONEY
        return Dimension.NUMBER

    def write(self, value: float, language: Language, *, beside: float | None = None) -> str:
        """`value` as a person reads it, to about three digits: `1.42`, `12,3 %`, `1 234 €`.

        Decimals follow the size of `beside` where it is given, so that both ends of an interval match.
        """
        size = abs(value if beside is None else beside)
        locale = _LOCALE[language]
        match self.dimension:
            case Dimension.MONEY:
                return _money(value, self.name, locale, size=size)
            case Dimension.RATIO_OF_MONEY:
                return _decimal(value, locale, digits=2)
            case Dimension.SHARE:
                number = _decimal(100 * value, locale, digits=1 if size < 0.995 else 0)
                return f"{number}\N{NARROW NO-BREAK SPACE}%" if language == "fr" else f"{number}%"
            case Dimension.COUNT:
                return _decimal(value, locale, digits=0 if size >= 20 or value == round(value) else 1)
            case dimension:
                suffix = _SUFFIX.get(dimension, Text.same("")).in_(language)
                return _decimal(value, locale, digits=_digits(size)) + suffix


def _is_currency(name: str) -> bool:
    return len(name) == 3 and name.isalpha() and name.isupper()


def _digits(size: float) -> int:
    return 0 if size >= 100 else 1 if size >= 10 else 2


def _decimal(value: float, locale: str, *, digits: int) -> str:
    if round(value, digits) == 0:
        value = 0.0
    pattern = "#,##0" + ("." + "0" * digits if digits else "")
    return format_decimal(value, format=pattern, locale=locale)


def _money(value: float, unit: str, locale: str, *, size: float) -> str:
    currency, _, per = unit.partition("/")
    digits = get_currency_precision(currency) if size < 100 else 0
    symbol, amount = get_currency_symbol(currency, locale="en"), _decimal(abs(value), locale, digits=digits)
    sign = "-" if round(value, digits) < 0 else ""
    french = locale.startswith("fr")
    written = f"{sign}{amount}\N{NO-BREAK SPACE}{symbol}" if french else f"{sign}{symbol}{amount}"
    return f"{written}/{per}" if per else written
