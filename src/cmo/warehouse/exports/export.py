"""What is known of an export: its columns by role, and what its rows become."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal as Number
from decimal import localcontext

from cmo.measures import Problem
from cmo.warehouse.dialect import Decimal, Order
from cmo.warehouse.exports.headers import Heading
from cmo.warehouse.exports.values import day_of, instant_of, is_blank, number, other_currency
from cmo.warehouse.tables import TABLES

Given = Mapping[str, str | None]
"""Canonical column to its text: ISO dates, decimal points, None where nothing was reported."""

_TOTAL = re.compile(r"^\W*(grand |sub)?(totals?|totaux|sum|somme)\b", re.IGNORECASE)


class Refused(Exception):  # noqa: N818 - no error: a row breaks a rule and is set aside
    """A row that breaks a rule."""

    def __init__(self, rule: str, *, role: str | None = None, value: str | None = None) -> None:
        super().__init__(rule)
        self.rule, self.role, self.value = rule, role, value


class LeftOut(Exception):  # noqa: N818 - no error: a row is no row of the table
    """A row that is none of the table."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """The days that an export says it is about."""

    first: date
    last: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """An export that was recognised in a file.

    Attributes:
        name: What errors call the file.
        file: The file's own name, which may tell what it holds.
        export: The export.
        at: Position of the header among the records, from 0.
        header: The column names, as written.
        headings: The same in one way of writing.
        places: Position of each role's column.
        preamble: The records before the header.
        period: The days it says it is about, or None.
        custom_currency: The company's currency.
        decimal: The decimal mark, or None while numbers are whole.
        orders: The order of day and month by role.
        broken: Whether its texts were read in a wrong encoding before they came here.
    """

    name: str
    file: str
    export: "Export"
    at: int
    header: tuple[str, ...]
    headings: tuple[Heading, ...]
    places: Mapping[str, int]
    preamble: Sequence[Sequence[str]] = ()
    period: Period | None = None
    custom_currency: str = "EUR"
    decimal: Decimal | None = None
    orders: Mapping[str, Order] = field(default_factory=dict)
    broken: bool = False

    def has(self, *roles: str) -> bool:
        """Whether the file has a column of one of the roles."""
        return any(role in self.places for role in roles)

    def row(self, at: int, cells: Sequence[str]) -> "Row":
        """One of its rows."""
        return Row(number=at, cells=cells, found=self)

    def refuse(self, why: str) -> Problem:
        """A sentence for an export that cannot be taken."""
        return Problem(f"{self.name}: this is a {self.export.says}; {why}")


@dataclass(slots=True, kw_only=True)
class Row:
    """A row of an export, its cells by role.

    Attributes:
        number: Its number; the first line of the file is row 1.
        cells: Its cells.
        found: The export.
    """

    number: int
    cells: Sequence[str]
    found: Found

    def raw(self, role: str) -> str | None:
        """The text of a role's cell, or None where nothing was reported."""
        at = self.found.places.get(role)
        if at is None or at >= len(self.cells):
            return None
        cell = self.cells[at].strip()
        return None if is_blank(cell) else cell

    def text(self, *roles: str) -> str | None:
        """The first text among some roles; a mark that keeps a spreadsheet from calculating is taken off."""
        for role in roles:
            cell = self.raw(role)
            if cell is not None and (cell := cell.removeprefix("'").strip()):
                return cell
        return None

    def amount(self, role: str) -> Number | None:
        """A number, or None where nothing was reported.

        Raises:
            Refused: It is written, and no number; or it is in another currency than the company's.
        """
        cell = self.raw(role)
        if cell is None:
            return None
        cell = cell.removeprefix("'")
        try:
            read = number(cell, self.found.decimal)
        except ValueError:
            raise Refused("number", role=role, value=cell) from None
        if other_currency(cell, self.found.custom_currency):
            raise Refused(f"currency:{self.found.custom_currency}", role=role, value=cell)
        return read

    def written(self, role: str) -> str | None:
        """A number as canonical text."""
        read = self.amount(role)
        return None if read is None else format(read, "f")

    def day(self, role: str) -> date | None:
        """A day, or None where nothing was reported.

        Raises:
            Refused: It is written, and no day.
        """
        cell = self.raw(role)
        if cell is None:
            return None
        try:
            return day_of(cell, self.found.orders.get(role)).day
        except ValueError:
            raise Refused("day", role=role, value=cell) from None

    def instant(self, role: str, *, zone: str = "") -> str | None:
        """An instant in ISO 8601, or None where nothing was reported.

        Raises:
            Refused: It is written, and no instant.
        """
        cell = self.raw(role)
        if cell is None:
            return None
        try:
            return instant_of(cell, self.found.orders.get(role), zone=zone)
        except ValueError:
            raise Refused("instant", role=role, value=cell) from None

    def in_company_currency(self, role: str = "currency") -> None:
        """Refuses the row where its own column names another currency.

        Raises:
            Refused: It does.
        """
        code = self.raw(role)
        if code is not None and code.upper() != self.found.custom_currency:
            raise Refused(f"currency:{self.found.custom_currency}", role=role, value=code)

    def is_total(self, *dimensions: str) -> bool:
        """Whether it sums other rows: it says so, or names nothing that it would be about."""
        there = [role for role in dimensions if role in self.found.places]
        if there and all(self.raw(role) is None for role in there):
            return True
        return self.says_total()

    def says_total(self) -> bool:
        """Whether its first text says that it is a total."""
        first = next((cell.strip() for cell in self.cells[:4] if not is_blank(cell)), "")
        return _TOTAL.match(first) is not None


Rows = Callable[[], Iterator[Row]]
"""Starts reading the rows; may be called again."""

Told = Callable[[Row], Given]
"""What one row becomes; raises Refused or LeftOut."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """An export that a tool hands out.

    Attributes:
        name: Its name in cmo.yaml.
        family: The tool, which is also allowed there.
        says: What it is, in a sentence: this is a …
        table: The canonical table it fills.
        roles: What columns mean, each with the names it may have.
        needs: Of each set one role must be there.
        telling: Roles that only this export has.
        n_telling: How many of them must be there for it to be recognised.
        title: What a line before the header may say instead of that.
        never: Words of columns that only files of other makers have.
        share: Share of the columns that must have a role, where the names are anybody's.
        money: Roles of amounts, which tell the decimal mark.
        whole: Roles of counts, which are never fractions.
        days: Roles of days and instants.
        order: The order of day and month that the tool always writes, or None.
        many_tables: Whether one file may hold several tables.
        gives: Canonical column to the roles it comes from, the first one there being used. It is given where
            one of them is there, where none is needed, and where the table requires it.
        told: Made from a file's rows before the first is told, what tells one row.
        check: Refuses a file that is this export and cannot be taken.
    """

    name: str
    family: str
    says: str
    table: str
    roles: Mapping[str, tuple[str, ...]]
    needs: tuple[frozenset[str], ...]
    telling: frozenset[str]
    n_telling: int = 1
    title: re.Pattern[str] | None = None
    never: frozenset[str] = frozenset()
    share: float = 0.0
    money: tuple[str, ...] = ()
    whole: tuple[str, ...] = ()
    days: tuple[str, ...] = ()
    order: Order | None = None
    many_tables: bool = False
    gives: Mapping[str, tuple[str, ...]]
    told: Callable[[Found, Rows], Told]
    check: Callable[[Found], None] = lambda found: None  # noqa: ARG005 - most can always be taken

    def given(self, found: Found) -> tuple[str, ...]:
        """The canonical columns that a file gives."""
        required = TABLES[self.table].required
        return tuple(
            name for name, roles in self.gives.items() if not roles or name in required or found.has(*roles)
        )

    def used(self, found: Found) -> frozenset[int]:
        """Positions of the columns that canonical columns come from."""
        firsts = (next((role for role in roles if found.has(role)), None) for roles in self.gives.values())
        return frozenset(found.places[role] for role in firsts if role is not None)

    def canonical(self, role: str | None) -> str | None:
        """The canonical column that a role gives, for errors."""
        return next((name for name, roles in self.gives.items() if role in roles), role)


def one_of(*roles: str) -> frozenset[str]:
    """Roles of which one must be there."""
    return frozenset(roles)


def iso(day: date | None) -> str | None:
    """A day as text."""
    return None if day is None else day.isoformat()


def cents(amounts: Sequence[Number], whole: Number) -> list[Number]:
    """Divides an amount in proportion to others, so that the parts make it to the cent.

    Args:
        amounts: What the parts are proportional to.
        whole: What is divided.
    """
    total, so_far, given = sum(amounts, Number(0)), Number(0), Number(0)
    if not amounts:
        return []
    if total == 0:
        return [whole, *(Number(0) for _ in amounts[1:])]
    unit = Number(1).scaleb(min(-2, int(whole.normalize().as_tuple().exponent)))
    parts = []
    with localcontext(prec=80):
        for amount in amounts:
            so_far += amount
            reached = (whole * so_far / total).quantize(unit)
            parts.append(reached - given)
            given = reached
    return parts
