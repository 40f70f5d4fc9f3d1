"""A source, opened: its columns, a look at its first rows, and its rows in order."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import duckdb
import numpy as np
import pyarrow as pa

from cmo.warehouse.dialect import Decimal

ROW = "_row"
"""Name of the column with a row's number: the header is row 1, as a spreadsheet shows it."""


LEFT_OUT = frozenset(("preamble", "total", "cancelled", "unpaid", "trial", "open", "repeated"))
"""Reasons why a sound row is none of the table: such rows are counted apart from refused ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """A row that did not reach the table: it could not be taken apart, or is no row of the table.

    Attributes:
        row: Its number.
        text: What it holds.
        rule: Code of the rule it breaks, or of the reason it is left out.
        column: The column of the table at fault, or None for the whole row.
        value: The text at fault, or None for the whole row.
    """

    row: int
    text: str
    rule: str
    column: str | None = None
    value: str | None = None


class Opened(Protocol):
    """A source, opened.

    Attributes:
        name: What errors call it.
        columns: Its column names, as written.
        held: DuckDB's type of each column; VARCHAR for written text.
        files: Files that the engine itself has to read.
        decimal: The decimal mark its numbers have by the nature of the format, or None.
        unread: The rows that could not be taken apart, known once the rows were read.
        failed: What stopped the rows, if something did.
    """

    name: str
    columns: tuple[str, ...]
    decimal: Decimal | None
    unread: list[Unread]
    failed: Exception | None

    @property
    def held(self) -> tuple[str, ...]:
        """DuckDB's type of each column."""

    @property
    def files(self) -> tuple[Path, ...]:
        """Files that the engine itself has to read."""

    def head(self, at: int) -> Sequence[str | None]:
        """The first texts of a column."""

    def whole(self, at: int) -> Iterator[Sequence[str | None]]:
        """All texts of a column, a batch at a time."""

    def attach(self, connection: duckdb.DuckDBPyConnection) -> str:
        """SQL of the rows, to be read once: columns c0, c1 … and the row's number."""


@dataclass(slots=True, kw_only=True)
class Written:
    """A source whose cells are text.

    Attributes:
        name: What errors call it.
        columns: Its column names.
        decimal: The decimal mark by the nature of the format, or None.
        first: Its first rows, for a look.
        rows: Starts reading: batches of text columns c0, c1 … and the row's number; unread rows go to
            the list.
        unread: See `Opened`.
        failed: See `Opened`.
    """

    name: str
    columns: tuple[str, ...]
    first: Sequence[Sequence[str | None]]
    rows: Callable[[list[Unread]], Iterator[pa.RecordBatch]]
    decimal: Decimal | None = None
    unread: list[Unread] = field(default_factory=list)
    failed: Exception | None = None

    @property
    def held(self) -> tuple[str, ...]:
        """Text, in every column."""
        return ("VARCHAR",) * len(self.columns)

    @property
    def files(self) -> tuple[Path, ...]:
        """None: the engine is handed the rows."""
        return ()

    def head(self, at: int) -> Sequence[str | None]:
        """The first texts of a column."""
        return [row[at] for row in self.first if at < len(row)]

    def whole(self, at: int) -> Iterator[Sequence[str | None]]:
        """All texts of a column, a batch at a time."""
        for batch in self.rows([]):
            yield batch.column(at).to_pylist()

    def attach(self, connection: duckdb.DuckDBPyConnection) -> str:
        """SQL of the rows, to be read once."""
        self.unread.clear()
        reader = pa.RecordBatchReader.from_batches(written_schema(len(self.columns)), self._watched())
        connection.register("source", reader)
        return "source"

    def _watched(self) -> Iterator[pa.RecordBatch]:
        """The rows; an error is remembered, since it loses its kind on the way through the engine."""
        try:
            yield from self.rows(self.unread)
        except Exception as error:
            self.failed = error
            raise


def written_schema(n_columns: int) -> pa.Schema:
    """The schema of batches of text cells."""
    return pa.schema([*((f"c{at}", pa.string()) for at in range(n_columns)), (ROW, pa.int64())])


def batch_of(
    cells: Sequence[Sequence[str | None]], *, n_columns: int, numbers: Sequence[int]
) -> pa.RecordBatch:
    """A batch of rows given as lists of cells; short rows are filled with nothing."""
    filled = [[*row, *([None] * (n_columns - len(row)))] if len(row) < n_columns else row for row in cells]
    columns = [pa.array([row[at] or None for row in filled], pa.string()) for at in range(n_columns)]
    return pa.RecordBatch.from_arrays(
        [*columns, pa.array(numbers, pa.int64())], schema=written_schema(n_columns)
    )


@dataclass(slots=True, kw_only=True)
class Counter:
    """Gives rows their numbers, leaving out the numbers of rows that were not taken apart."""

    at: int
    unread: list[Unread]

    def take(self, n_rows: int) -> pa.Array:
        """Numbers of the next rows."""
        skipped = np.array([one.row for one in self.unread if one.row >= self.at], dtype=np.int64)
        candidates = np.arange(self.at, self.at + n_rows + len(skipped), dtype=np.int64)
        numbers = candidates[~np.isin(candidates, skipped)][:n_rows] if len(skipped) else candidates
        if n_rows:
            self.at = int(numbers[-1]) + 1
        return pa.array(numbers)


def without_names(columns: Sequence[str]) -> tuple[str, ...]:
    """Column names with spaces at the ends cut; a column without a name is called by its position."""
    return tuple(name.strip().lstrip("\ufeff") or f"column {at + 1}" for at, name in enumerate(columns))
