"""How each column of a source is to be read: told from its first rows, or from all of them."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from cmo.warehouse.dialect import Decimal, Dialect, Marks, Order, Orders
from cmo.warehouse.mapping import Columns
from cmo.warehouse.opened import Opened
from cmo.warehouse.tables import CanonicalTable, Kind
from cmo.workspace import Source

BLANKS = frozenset(
    ("", "--", "-", "—", "n/a", "na", "#n/a", "null", "none", "nan", "nil", "(not set)")
)  # as is_blank in casts.sql says it
_NUMBER = re.compile(r"^[-+−(]?\s*[€$£¥]?\s*[-+]?\d[\d.,'’ \u00a0\u202f]*([eE][+-]?\d+)?\s*[€$£¥]?\)?-?$")
_PLAIN_NUMBER = re.compile(r"^[-+]?(0|[1-9]\d{0,14})?([.,]\d+)?([eE][+-]?\d+)?$")
_DATE = re.compile(
    r"^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}.*)?$|^\d{1,2}[/.-]\d{1,2}[/.-]\d{4}(\s.*)?$"
    r"|^\d{1,2}[/.]\d{1,2}[/.]\d{2}(\s.*)?$"
    r"|^([^\W\d]+\.?,? )?\d{1,2}(er|st|nd|rd|th)?[ -][^\W\d]{3,9}\.?,?[ -]\d{4}(\D.*)?$"
    r"|^([^\W\d]+,? )?[^\W\d]{3,9}\.? \d{1,2}(st|nd|rd|th)?,? \d{4}(\D.*)?$"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Readings:
    """How the columns of a source are read.

    Attributes:
        dialect: How numbers and dates are written.
        references: What a column named in an expression holds, by position.
        attributes: What an attribute holds, by position.
        settled: Whether all rows were looked at to settle what the first ones left open.
    """

    dialect: Dialect
    references: Mapping[int, Kind] = field(default_factory=dict)
    attributes: Mapping[int, Kind] = field(default_factory=dict)
    settled: bool = False

    def with_text(self, at: int) -> "Readings":
        """The same, with the attribute at a position read as text."""
        return replace(self, attributes={**self.attributes, at: Kind.TEXT})


@dataclass(frozen=True, slots=True, kw_only=True)
class Uses:
    """What the columns of a source are used for, by position."""

    numbers: frozenset[int]
    dates: frozenset[int]
    references: frozenset[int]


def uses(columns: Columns, table: CanonicalTable) -> Uses:
    """What the columns of a source are used for."""
    kinds = {column.name: column.kind for column in table.columns}
    direct = {one.at: kinds.get(one.name, Kind.TEXT) for one in columns.known if one.at is not None}
    named = {
        at for one in columns.known for reference, at in (one.places or {}).items() if not reference.as_text
    }
    return Uses(
        numbers=frozenset(at for at, kind in direct.items() if kind is Kind.NUMBER),
        dates=frozenset(at for at, kind in direct.items() if kind in {Kind.DAY, Kind.INSTANT}),
        references=frozenset(named),
    )


def readings(
    opened: Opened,
    columns: Columns,
    *,
    table: CanonicalTable,
    source: Source,
    timezone: str,
    settle: bool = False,
) -> Readings:
    """Tells how the columns of a source are read.

    Args:
        opened: The source.
        columns: Where the columns of the table come from.
        table: The canonical table.
        source: What cmo.yaml says of it.
        timezone: The company's time zone.
        settle: Whether to look at all rows, rather than at the first ones.

    Raises:
        Problem: The values leave open how they are meant, or contradict one another.
    """
    used = uses(columns, table)
    written = {at for at, held in enumerate(opened.held) if held == "VARCHAR"}
    references = {at: _kind(opened.head(at)) for at in used.references & written}
    numbers = (used.numbers & written) | {at for at, kind in references.items() if kind is Kind.NUMBER}
    dates = (used.dates & written) | {at for at, kind in references.items() if kind is Kind.INSTANT}
    attributes = {
        one.at: Kind.NUMBER if _is_numeric(opened.head(one.at)) else Kind.TEXT
        for one in columns.attributes
        if one.at is not None and one.at in written
    }
    decimal = source.decimal or opened.decimal
    if decimal is None:
        marks = Marks()
        for at in sorted(numbers):
            for values in _looks(opened, at, settle=settle):
                marks.see(values)
        told = marks.told(where=_where(opened, numbers)) if numbers else None
        decimal = told or _decimal_of(opened, attributes)
    orders: dict[str, Order] = {}
    for at in sorted(dates):
        order = source.dates or _order(opened, at, settle=settle)
        if order is not None:
            orders[opened.columns[at]] = order
    if decimal is None or decimal == ",":
        attributes = _settled_attributes(attributes, opened, decimal=decimal)
    return Readings(
        dialect=Dialect(decimal=decimal, orders=orders, timezone=timezone),
        references=references,
        attributes=attributes,
        settled=settle,
    )


def leaves_open(value: str, kind: Kind) -> bool:
    """Whether a refused value shows that the first rows did not say how it is meant."""
    if kind is Kind.NUMBER:
        return bool(re.search(r"\d", value)) and bool(_NUMBER.match(value.strip()))
    return bool(re.match(r"^\s*\d{1,2}[/.-]\d{1,2}[/.-](\d{4}|\d{2}(\D|$))", value))


def _settled_attributes(kinds: Mapping[int, Kind], opened: Opened, *, decimal: str | None) -> dict[int, Kind]:
    """Attributes written with a point stay numbers only where the source has no other decimal mark."""
    settled = dict(kinds)
    for at, kind in kinds.items():
        marked = [value for value in opened.head(at) if value and ("." in value or "," in value)]
        if kind is Kind.NUMBER and marked and (decimal is None or any("." in value for value in marked)):
            settled[at] = Kind.TEXT
    return settled


def _looks(opened: Opened, at: int, *, settle: bool) -> Iterable[Sequence[str | None]]:
    return opened.whole(at) if settle else [opened.head(at)]


def _decimal_of(opened: Opened, attributes: Mapping[int, Kind]) -> Decimal | None:
    """The decimal mark of a source whose amounts are whole, told from its other numbers."""
    marks = Marks()
    for at in (at for at, kind in attributes.items() if kind is Kind.NUMBER):
        marks.see(opened.head(at))
    comma, dot = marks.shown[","], marks.shown["."]
    return None if (comma > 0) == (dot > 0) else "," if comma else "."


def _order(opened: Opened, at: int, *, settle: bool) -> Order | None:
    orders = Orders()
    for values in _looks(opened, at, settle=settle):
        orders.see(values)
    return orders.told(where=_where(opened, {at}))


def _where(opened: Opened, places: Iterable[int]) -> str:
    return f"{opened.name}, column {', '.join(opened.columns[at] for at in sorted(places))}"


def _said(values: Sequence[str | None]) -> list[str]:
    return [value.strip() for value in values if value is not None and value.strip().lower() not in BLANKS]


def _kind(values: Sequence[str | None]) -> Kind:
    said = _said(values)
    if said and all(_DATE.match(value) for value in said):
        return Kind.INSTANT
    n_numbers = sum(_NUMBER.match(value) is not None for value in said)
    return Kind.NUMBER if 2 * n_numbers >= len(said) else Kind.TEXT


def _is_numeric(values: Sequence[str | None]) -> bool:
    said = _said(values)
    return bool(said) and all(_PLAIN_NUMBER.match(value) and value[-1].isdigit() for value in said)
