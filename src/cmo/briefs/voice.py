"""The voice of a brief: one language, its typography, and sentences that hold no figure of their own.

A sentence is a pair of templates, English and French, whose blanks are filled with facts already written
out. The templates themselves hold no digit (a test reads the source of this room to make sure), so every
digit a reader meets comes from a fact.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from babel.dates import format_date
from babel.numbers import format_decimal

from cmo.measures import Figure, Grade, Language, Text, Window
from cmo.measures.text import french

_LOCALE: Final = {"en": "en_GB", "fr": "fr_FR"}
_NARROW: Final = "\N{NARROW NO-BREAK SPACE}"
_BARE_PERCENT: Final = re.compile(r"(?<=\d)(?=%)")
_HYPHEN_AS_MINUS: Final = re.compile(r"(?<![\w\-])-(?=\d)")
_APOSTROPHE: Final = re.compile(r"(?<=[^\W\d_])'(?=\w)")
_ROUND_FROM: Final = 1_000
_SHARP: Final = 0.02
"""Width of an interval, as a share of the value, up to which every digit is kept: a count stays a count."""
_STEPS: Final = 20
"""Steps of the rounding that fit into the interval, at least."""
_CHANCES: Final = (
    Text("one chance in ten", "une chance sur dix"),
    Text("two chances in ten", "deux chances sur dix"),
    Text("three chances in ten", "trois chances sur dix"),
    Text("four chances in ten", "quatre chances sur dix"),
    Text("one chance in two", "une chance sur deux"),
    Text("six chances in ten", "six chances sur dix"),
    Text("seven chances in ten", "sept chances sur dix"),
    Text("eight chances in ten", "huit chances sur dix"),
    Text("nine chances in ten", "neuf chances sur dix"),
)


def typeset(sentence: str, language: Language) -> str:
    """The sentence as a printer sets it: no-break spaces in French, apostrophes and minus signs in both."""
    sentence = _HYPHEN_AS_MINUS.sub("\N{MINUS SIGN}", sentence)
    sentence = _APOSTROPHE.sub("\N{RIGHT SINGLE QUOTATION MARK}", sentence)
    if language == "en":
        return sentence
    sentence = french(sentence)
    return _BARE_PERCENT.sub(_NARROW, sentence)


@dataclass(frozen=True, slots=True)
class Voice:
    """Writes facts and sentences in one language."""

    language: Language

    def say(self, english: str, french_: str, **facts: str) -> str:
        """The template of this language with its blanks filled, typeset."""
        template = english if self.language == "en" else french_
        return typeset(template.format_map(facts), self.language)

    def read(self, text: Text) -> str:
        """A bilingual text in this language, typeset."""
        return typeset(text.in_(self.language), self.language)

    def quote(self, text: Text) -> str:
        """The words of somebody, between this language's quotation marks."""
        words = self.read(text).rstrip(".")
        return f"“{words}”" if self.language == "en" else f"«{_NARROW}{words}{_NARROW}»"

    def choose(self, n: int, one: Text, many: Text) -> str:
        """The singular or the plural that goes with `n` things; French keeps the singular for none."""
        singular = n == 1 or (n == 0 and self.language == "fr")
        return self.read(one if singular else many)

    def count(self, n: int) -> str:
        """A number of things: `1,234` / `1 234`."""
        return str(format_decimal(n, format="#,##0", locale=_LOCALE[self.language]))

    def percent(self, share: float) -> str:
        """A share or a stated confidence, without decimals: `90%`; a little never reads as none."""
        if 0 < share < 0.005:
            return f"<{_NARROW}{self._whole_percent(0.01)}"
        return self._whole_percent(share)

    def found(self, probability: float) -> str:
        """A probability that draws gave: `3%`; it never reads as impossible or certain."""
        if probability < 0.01:
            return f"<{_NARROW}{self._whole_percent(0.01)}"
        if probability > 0.99:
            return f">{_NARROW}{self._whole_percent(0.99)}"
        return self._whole_percent(probability)

    def chances(self, probability: float) -> str:
        """A probability in words: `nine chances in ten`."""
        if probability < 0.005:
            return self.say("less than one chance in two hundred", "moins d’une chance sur deux cents")
        if probability < 0.05:
            return self.say("less than one chance in twenty", "moins d’une chance sur vingt")
        if probability >= 0.995:
            return self.say("practically every chance", "pratiquement toutes les chances")
        if probability >= 0.95:
            return self.say("more than nineteen chances in twenty", "plus de dix-neuf chances sur vingt")
        return self.say(
            "about {n}", "environ {n}", n=self.read(_CHANCES[min(max(round(10 * probability), 1), 9) - 1])
        )

    def points(self, difference: float) -> str:
        """A difference of two probabilities in points, without sign: `86 points`."""
        n = round(abs(100 * difference))
        return f"{self.count(n)}\N{NO-BREAK SPACE}{self.choose(n, Text.same('point'), Text.same('points'))}"

    def value(self, figure: Figure) -> str:
        """The middle value alone, for a place that shows the interval beside it."""
        return self._written(figure.value, figure)

    def ends(self, figure: Figure) -> tuple[str, str]:
        """Both ends of the interval."""
        return self._written(figure.low, figure), self._written(figure.high, figure)

    def interval(self, figure: Figure) -> str:
        """The interval alone, `1.10 to 1.80`; empty where it is narrower than the rounding."""
        low, high = self.ends(figure)
        return "" if low == high else self.say("{low} to {high}", "{low} à {high}", low=low, high=high)

    def figure(self, figure: Figure) -> str:
        """The middle value with its interval."""
        value, interval = self.value(figure), self.interval(figure)
        return f"{value} ({interval})" if interval else value

    def day(self, day: date) -> str:
        """`1 November 2026` / `1er novembre 2026`."""
        written = str(format_date(day, format="d MMMM y", locale=_LOCALE[self.language]))
        if self.language == "fr" and day.day == 1:
            written = written.replace("1", "1er", 1)
        return written.replace(" ", "\N{NO-BREAK SPACE}")

    def month(self, day: date) -> str:
        """`November 2026` / `novembre 2026`."""
        return str(format_date(day, format="MMMM y", locale=_LOCALE[self.language]))

    def window(self, window: Window) -> str:
        """`1 January 2024 to 31 October 2026` / `du 1er janvier 2024 au 31 octobre 2026`."""
        start, end = self.day(window.start), self.day(window.end)
        return self.say("{start} to {end}", "du {start} au {end}", start=start, end=end)

    def listing(self, names: Sequence[str]) -> str:
        """`a, b and c` / `a, b et c`."""
        if len(names) < 2:
            return "".join(names)
        return self.say("{head} and {last}", "{head} et {last}", head=", ".join(names[:-1]), last=names[-1])

    def sentence(self, words: str) -> str:
        """The words with a capital first letter and a full stop if they have no end."""
        words = words[:1].upper() + words[1:]
        return words if words.endswith((".", "!", "?", "…")) else f"{words}."

    def _whole_percent(self, share: float) -> str:
        n = self.count(round(100 * share))
        return f"{n}%" if self.language == "en" else f"{n}{_NARROW}%"

    def _written(self, number: float, figure: Figure) -> str:
        """A number of a figure with the digits that the data bear; a count keeps all of its own."""
        width = figure.high - figure.low
        counted = figure.grade is Grade.D and number == figure.value
        if not counted and abs(figure.value) >= _ROUND_FROM and width > _SHARP * abs(figure.value):
            number = round(number, -math.floor(math.log10(width / _STEPS)))
        return typeset(figure.unit.write(number, self.language, beside=figure.value), self.language)
