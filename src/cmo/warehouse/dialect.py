"""How a source writes its numbers and dates, told from what it wrote, or asked for.

A mark or an order that the values do not settle is never guessed: 1,234 and 03/04/2026 are read only when
other values of the source, or a line of cmo.yaml, say how.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from cmo.measures import Problem


class Undecided(Problem):
    """What a source leaves open, and a line of cmo.yaml can say.

    Attributes:
        key: The key of that line.
        choices: What it may say.
        example: A value that may be read in either way.
    """

    def __init__(self, sentence: str, *, key: str, choices: tuple[str, ...], example: str) -> None:
        super().__init__(sentence)
        self.key, self.choices, self.example = key, choices, example


Decimal = Literal[",", "."]
Order = Literal["day_first", "month_first"]

MAJORITY = 0.95
"""Share of the telling values that must agree; the rest are refused row by row."""

_SPACES = "[ \u00a0\u202f'’]"
_LEAD = r"^[^\d,.]*"
_TRAIL = r"[^\d,.]*$"


def _mark_shown(mark: str, other: str) -> re.Pattern[str]:
    """Values that only a decimal `mark` can have written."""
    mark, other = re.escape(mark), re.escape(other)
    return re.compile(
        rf"{_LEAD}(?:"
        rf"\d*{mark}(?:\d{{1,2}}|\d{{4,}})"  # two decimals, or four and more
        rf"|(?:0|\d{{4,}}){mark}\d{{3}}"  # nothing or too much stands before a group
        rf"|\d{{1,3}}(?:{other}\d{{3}})+{mark}\d*"  # both marks, the last is decimal
        rf"|\d{{1,3}}(?:{_SPACES}\d{{3}})+{mark}\d+"  # groups are parted by spaces
        rf"|\d{{1,3}}(?:{other}\d{{3}}){{2,}}"  # several groups
        rf"){_TRAIL}"
    )


_SHOWS: Mapping[Decimal, re.Pattern[str]] = {",": _mark_shown(",", "."), ".": _mark_shown(".", ",")}
_EITHER = re.compile(rf"{_LEAD}\d{{1,3}}[.,]\d{{3}}{_TRAIL}")
_PLAIN = re.compile(r"^\s*[+-]?\d+\s*$")
_ORDERED = re.compile(r"^\s*(\d{1,2})(?:([/.-])(\d{1,2})\2\d{4}|([/.])(\d{1,2})\4\d{2})(?:\D|$)")
"""A year of two digits is read after / and . only: 26-09-01 may begin with its year."""


@dataclass(slots=True, kw_only=True)
class Marks:
    """What the numbers seen so far say of the decimal mark.

    Attributes:
        shown: How many values only that mark can have written.
        example: A value that either mark can have written.
        example_of: A value that only that mark can have written.
    """

    shown: dict[Decimal, int] = field(default_factory=lambda: {",": 0, ".": 0})
    example: str | None = None
    example_of: dict[Decimal, str] = field(default_factory=dict)

    def see(self, values: Iterable[str | None]) -> None:
        """Takes values into account."""
        for value in values:
            if not value or _PLAIN.match(value):
                continue
            for mark, pattern in _SHOWS.items():
                if pattern.match(value):
                    self.shown[mark] += 1
                    self.example_of.setdefault(mark, value)
                    break
            else:
                if self.example is None and _EITHER.match(value):
                    self.example = value

    def told(self, *, where: str) -> Decimal | None:
        """The decimal mark, or None while whole numbers are all there is.

        Raises:
            Problem: The values contradict one another, or either mark is possible.
        """
        comma, dot = self.shown[","], self.shown["."]
        if comma + dot == 0:
            if self.example is None:
                return None
            raise Undecided(
                f"{where}: {self.example!r} may have a decimal comma or a decimal point, and no "
                f"other value tells; add decimal: ',' or decimal: '.' to this source",
                key="decimal",
                choices=(",", "."),
                example=self.example,
            )
        if max(comma, dot) < MAJORITY * (comma + dot):
            raise Problem(
                f"{where}: {self.example_of[',']!r} has a decimal comma and {self.example_of['.']!r} a "
                f"decimal point; add decimal: ',' or decimal: '.', and the other values will be refused"
            )
        return "," if comma > dot else "."


@dataclass(slots=True, kw_only=True)
class Orders:
    """What the dates of a column seen so far say of the order of day and month.

    Attributes:
        shown: How many values only that order can have written.
        example: A value that either order can have written.
        example_of: A value that only that order can have written.
    """

    shown: dict[Order, int] = field(default_factory=lambda: {"day_first": 0, "month_first": 0})
    example: str | None = None
    example_of: dict[Order, str] = field(default_factory=dict)

    def see(self, values: Iterable[str | None]) -> None:
        """Takes values into account."""
        for value in values:
            found = _ORDERED.match(value) if value else None
            if found is None or value is None:
                continue
            first, mark, second = int(found[1]), found[2] or found[4], int(found[3] or found[5])
            order: Order | None = None
            if mark == "." or (first > 12 >= second):
                order = "day_first"  # dots are only ever used day first
            elif second > 12 >= first:
                order = "month_first"
            if order is not None:
                self.shown[order] += 1
                self.example_of.setdefault(order, value)
            elif self.example is None and first != second:
                self.example = value

    def told(self, *, where: str) -> Order | None:
        """The order, or None while no date needs one.

        Raises:
            Problem: The values contradict one another, or either order is possible.
        """
        days, months = self.shown["day_first"], self.shown["month_first"]
        if days + months == 0:
            if self.example is None:
                return None
            raise Undecided(
                f"{where}: {self.example!r} may begin with the day or with the month, and no other value "
                f"tells; add dates: day_first or dates: month_first to this source",
                key="dates",
                choices=("day_first", "month_first"),
                example=self.example,
            )
        if max(days, months) < MAJORITY * (days + months):
            raise Problem(
                f"{where}: {self.example_of['day_first']!r} begins with the day and "
                f"{self.example_of['month_first']!r} with the month; "
                f"add dates: day_first or month_first to this source, and the other values will be refused"
            )
        return "day_first" if days > months else "month_first"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """How a source writes numbers and dates.

    Attributes:
        decimal: The decimal mark; None where the numbers are whole.
        orders: The order of day and month by source column, where its dates need one.
        timezone: Time zone that instants with an offset are turned to.
    """

    decimal: Decimal | None = None
    orders: Mapping[str, Order] = field(default_factory=dict)
    timezone: str = "UTC"
