"""The field: what the company's data says, as the areas of knowledge may ask for it."""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from types import MappingProxyType
from typing import Any, Self, TypeVar, cast

import duckdb
import ibis
import ibis.expr.types as ir
import pyarrow as pa

from cmo.measures import Problem, Window
from cmo.warehouse.channels import Renamed
from cmo.warehouse.tables import TABLES, CanonicalTable, Kind
from cmo.workspace.company import Company

Made = TypeVar("Made")
ENGINE_TYPES: Mapping[Kind, str] = MappingProxyType(
    {
        Kind.TEXT: "string",
        Kind.NUMBER: "float64",
        Kind.DAY: "date",
        Kind.INSTANT: "timestamp",
        Kind.FLAG: "boolean",
    }
)
"""The Ibis type every engine shows a column of that kind in."""

AHEAD = frozenset({"events", "context"})
"""Tables that may speak of days to come, and so do not say how far the field reaches."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """The parts of the strategy that a model may use as input.

    Attributes:
        plan: The plan in force (period, budget, channels), or None.
        tests: The tests that were run or registered, each a plain mapping.
    """

    plan: Mapping[str, Any] | None = None
    tests: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """A canonical table at hand on an engine.

    Attributes:
        table: Its rows, canonical names and types, attributes last.
        fingerprint: Digest of its content.
        span: First and last day of its time column, or None where it has none or is empty.
        renamed: Names of channels that are shown as another, since cmo.yaml says so.
    """

    table: ir.Table
    fingerprint: str
    span: Window | None
    renamed: tuple[Renamed, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """The canonical tables of a company, on the engine where they lie.

    Attributes:
        company: Whose data it is.
        shelves: The tables by canonical name.
        strategy: What the strategy states that a model may use.
        window: Days the tables are cut to, or None for all.
        until: Last day the field is taken to reach where no table says so earlier, or None.
        made: What was worked out of this very field, by name, see `once`; it goes when the field goes.
    """

    company: Company
    shelves: Mapping[str, Shelf]
    strategy: Stated = field(default_factory=Stated)
    window: Window | None = None
    until: date | None = None
    made: dict[str, object] = field(default_factory=dict, init=False, repr=False, compare=False)

    @classmethod
    def of_tables(
        cls,
        tables: Mapping[str, pa.Table],
        *,
        company: Company | None = None,
        strategy: Stated | None = None,
        as_of: date | None = None,
    ) -> Self:
        """A field of small tables in memory, as a test wants it.

        Args:
            tables: Canonical name to rows. Columns are cast to their canonical types; others are kept as
                they are.
            company: Whose data it is; a nameless English one by default.
            strategy: What the strategy states.
            as_of: Last day the field reaches; by default the last day of the tables.

        Raises:
            Problem: A table is not canonical, lacks a required column or cannot be cast.
        """
        connection = duckdb.connect()
        connection.execute("SET TimeZone = 'UTC'")
        engine = ibis.duckdb.from_connection(connection)
        shelves: dict[str, Shelf] = {}
        for name, rows in tables.items():
            canonical = canonical_table(name)
            missing = [column for column in canonical.required if column not in rows.column_names]
            if missing:
                raise Problem(f"{name}: the required column {missing[0]} is missing; give it")
            table = in_canonical_types(engine.create_table(f"{name}_given", rows), canonical)
            try:
                table = engine.create_table(name, table)
            except duckdb.ConversionException as error:
                raise Problem(f"{name}: a value does not have its column's type; {error}") from error
            shelves[name] = Shelf(
                table=table, fingerprint=_digest_of_rows(rows), span=span_of(table, canonical)
            )
        return cls(
            company=company or Company(name="Company"),
            shelves=shelves,
            strategy=strategy or Stated(),
            until=as_of,
        )

    @property
    def tables(self) -> frozenset[str]:
        """Names of the canonical tables the company has."""
        return frozenset(self.shelves)

    @property
    def as_of(self) -> date:
        """The last day the field reaches.

        Tables that speak of days to come (events, context) do not count while others have days.

        Raises:
            Problem: No table has a day and none was given.
        """
        if self.until is not None:
            return self.until if self.window is None else min(self.until, self.window.end)
        spans = {name: span for name in self.shelves if (span := self._span(name)) is not None}
        days = [span.end for name, span in spans.items() if name not in AHEAD] or [
            s.end for s in spans.values()
        ]
        if not days:
            if self.window is not None:
                return self.window.end
            raise Problem("no table has a date, so the field's last day is unknown; give as_of")
        return max(days)

    def table(self, name: str) -> ir.Table:
        """A canonical table, cut to the field's window.

        Raises:
            Problem: The company does not have it.
        """
        shelf = self._shelf(name)
        return (
            shelf.table
            if self.window is None
            else _cut(shelf.table, canonical_table(name), window=self.window)
        )

    def columns(self, name: str) -> tuple[str, ...]:
        """Names of the columns a table has, canonical and extra.

        Raises:
            Problem: The company does not have the table.
        """
        return tuple(self._shelf(name).table.columns)

    def span(self, name: str) -> Window:
        """First and last day of a table's time column, within the field's window.

        Raises:
            Problem: The company does not have the table, it has no time column, or no row is left.
        """
        span = self._span(name)
        if span is None:
            raise Problem(
                f"{name} has no dated row here, so it has no first and last day; test for rows first"
            )
        return span

    def collect(self, expression: ir.Expr) -> pa.Table:
        """Runs an expression where the data lies.

        Args:
            expression: An Ibis expression over this field's tables. Only sufficient statistics may come back.

        Returns:
            Its rows; a single row for a scalar.
        """
        whole = expression if isinstance(expression, ir.Table) else expression.as_table()
        result = whole.to_pyarrow()
        if not isinstance(result, pa.Table):
            raise TypeError(f"an engine answered with {type(result).__name__}, a pyarrow.Table was expected")
        return result

    def once(self, name: str, make: Callable[[], Made]) -> Made:
        """What costs much and follows from this field alone, worked out the first time that it is asked for.

        Args:
            name: What it is; one name, one meaning.
            make: Works it out.
        """
        if name not in self.made:
            self.made[name] = make()
        return cast("Made", self.made[name])

    def during(self, window: Window) -> Self:
        """The same field, its tables cut to a window (within the present one, if any).

        Raises:
            Problem: The two windows have no day in common.
        """
        if self.window is not None:
            if window.start > self.window.end or window.end < self.window.start:
                raise Problem(
                    f"{window.start} to {window.end} lies outside {self.window.start} to {self.window.end}"
                )
            window = Window(start=max(window.start, self.window.start), end=min(window.end, self.window.end))
        return type(self)(
            company=self.company,
            shelves=self.shelves,
            strategy=self.strategy,
            window=window,
            until=self.until,
        )

    @property
    def with_past(self) -> Self:
        """The same field with all before its window too: it tells who is new from who was there."""
        if self.window is None:
            return self
        return type(self)(
            company=self.company,
            shelves=self.shelves,
            strategy=self.strategy,
            window=Window(start=date.min, end=self.window.end),
            until=self.until,
        )

    def stating(self, strategy: Stated) -> Self:
        """The same field, with another strategy stated."""
        return type(self)(
            company=self.company,
            shelves=self.shelves,
            strategy=strategy,
            window=self.window,
            until=self.until,
        )

    def fingerprint(self, tables: Iterable[str]) -> str:
        """Digest of the content of some tables and of the window they are cut to.

        Raises:
            Problem: The company does not have one of them.
        """
        digest = hashlib.blake2b(digest_size=16)
        for name in sorted(set(tables)):
            digest.update(f"{name}={self._shelf(name).fingerprint};".encode())
        if self.window is not None:
            digest.update(f"{self.window.start}..{self.window.end}".encode())
        return digest.hexdigest()

    def _shelf(self, name: str) -> Shelf:
        if name not in self.shelves:
            has = ", ".join(sorted(self.shelves)) or "none"
            raise Problem(f"the table {name} was asked for and the company does not have it (it has: {has})")
        return self.shelves[name]

    def _span(self, name: str) -> Window | None:
        shelf = self._shelf(name)
        if self.window is None or shelf.span is None:
            return shelf.span
        if self.window.start <= shelf.span.start and shelf.span.end <= self.window.end:
            return shelf.span
        return span_of(self.table(name), canonical_table(name))


def canonical_table(name: str) -> CanonicalTable:
    """The canonical table of that name.

    Raises:
        Problem: There is none.
    """
    if name not in TABLES:
        raise Problem(f"{name} is not a canonical table; the tables are {', '.join(TABLES)}")
    return TABLES[name]


def in_canonical_types(table: ir.Table, canonical: CanonicalTable) -> ir.Table:
    """The same rows: canonical columns first and in their types, then the attributes."""
    known = [column for column in canonical.columns if column.name in table.columns]
    named = {column.name for column in known}
    typed = {column.name: table[column.name].cast(ENGINE_TYPES[column.kind]) for column in known}
    return table.select(**typed, **{name: table[name] for name in table.columns if name not in named})


def span_of(table: ir.Table, canonical: CanonicalTable) -> Window | None:
    """First and last day of the table's time column, or None where there is none."""
    if canonical.time is None or canonical.time not in table.columns:
        return None
    time_of = table[canonical.time]
    row = table.aggregate(first=time_of.min(), last=time_of.max()).to_pyarrow().to_pylist()[0]
    if row["first"] is None:
        return None
    return Window(start=_day(row["first"]), end=_day(row["last"]))


def _day(value: date | datetime) -> date:
    return value.date() if isinstance(value, datetime) else value


def _cut(table: ir.Table, canonical: CanonicalTable, *, window: Window) -> ir.Table:
    if canonical.time is None or canonical.time not in table.columns:
        return table
    column = canonical.column(canonical.time)
    begins = table[canonical.time]
    bound: Callable[[date], ir.Value] = _midnight if column and column.kind is Kind.INSTANT else ibis.literal
    ends = begins if canonical.until not in table.columns else table[canonical.until].fill_null(begins)
    return table.filter(ends >= bound(window.start), begins < bound(window.end + timedelta(days=1)))


def _midnight(day: date) -> ir.Value:
    return ibis.literal(datetime.combine(day, time.min), type="timestamp")


def _digest_of_rows(rows: pa.Table) -> str:
    digest = hashlib.blake2b(digest_size=16)
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, rows.schema) as stream:
        stream.write_table(rows.combine_chunks())
    digest.update(sink.getvalue())
    return digest.hexdigest()
