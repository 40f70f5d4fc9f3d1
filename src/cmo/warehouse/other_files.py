"""Parquet files, workbooks and JSON lines."""

import datetime as dt
import json
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import python_calamine

from cmo.measures import Problem
from cmo.warehouse.dialect import Decimal
from cmo.warehouse.opened import ROW, Unread, Written, batch_of, without_names
from cmo.warehouse.text_files import TextFile, header_of, open_bytes

MAX_LINE = 4 << 20
MAX_DOCUMENT = 200 << 20
_BATCH = 20_000
_LOOK = 2000


@dataclass(slots=True, kw_only=True)
class Parquet:
    """A parquet file, which DuckDB reads with the types it has. See `Opened`."""

    name: str
    path: Path
    columns: tuple[str, ...]
    held: tuple[str, ...]
    texts: dict[int, list[str | None]]
    decimal: Decimal | None = None
    unread: list[Unread] = field(default_factory=list)
    failed: Exception | None = None

    @property
    def files(self) -> tuple[Path, ...]:
        """The file itself."""
        return (self.path,)

    def head(self, at: int) -> Sequence[str | None]:
        """The first texts of a column."""
        return self.texts.get(at, [])

    def whole(self, at: int) -> Iterator[Sequence[str | None]]:
        """All texts of a column, a batch at a time."""
        with duckdb.connect() as connection:
            reader = connection.execute(
                f"SELECT {_quoted(self.columns[at])} FROM {_scan(self.path)}"
            ).to_arrow_reader(_BATCH)
            for batch in reader:
                yield batch.column(0).to_pylist()

    def attach(self, connection: duckdb.DuckDBPyConnection) -> str:  # noqa: ARG002 - the scan needs no registering
        """SQL of the rows."""
        cells = "".join(f"{_quoted(column)} AS c{at}, " for at, column in enumerate(self.columns))
        return f"(SELECT {cells}file_row_number + 2 AS {ROW} FROM {_scan(self.path)})"


def open_parquet(path: Path) -> Parquet:
    """Opens a parquet file.

    Raises:
        Problem: It is damaged.
    """
    try:
        with duckdb.connect() as connection:
            described = connection.execute(
                f"DESCRIBE SELECT * EXCLUDE (file_row_number) FROM {_scan(path)}"
            ).fetchall()
            columns, held = tuple(str(row[0]) for row in described), tuple(str(row[1]) for row in described)
            texts = [at for at, kind in enumerate(held) if kind == "VARCHAR"]
            chosen = ", ".join(_quoted(columns[at]) for at in texts) or "1"
            rows = connection.execute(f"SELECT {chosen} FROM {_scan(path)} LIMIT {_LOOK}").fetchall()
    except duckdb.Error as error:
        said = " ".join(str(error).split())[:160]
        raise Problem(f"{path}: this is no sound parquet file ({said}); export it again") from error
    return Parquet(
        name=str(path),
        path=path,
        columns=columns,
        held=held,
        texts={at: [row[position] for row in rows] for position, at in enumerate(texts)},
    )


def _scan(path: Path) -> str:
    quoted = _one_file(path).replace("'", "''")
    return f"read_parquet('{quoted}', file_row_number = true)"


def _one_file(path: Path) -> str:
    """A path as a pattern that only that file fits."""
    return re.sub(r"([\[*?])", r"[\1]", str(path))


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


Cells = list[list[str | None]]


def sheet_cells(path: Path, *, sheet: str | None) -> tuple[Cells, bool]:
    """The cells of a sheet of a workbook (xlsx, xls, xlsb, ods) as text, and whether some are numbers.

    Raises:
        Problem: It is damaged, protected, or has no such sheet; or the sheet is empty.
    """
    if zipfile.is_zipfile(path) and not _is_workbook(path):
        raise Problem(f"{path}: this is a zip archive; unpack it and name the files that are in it")
    try:
        with python_calamine.CalamineWorkbook.from_path(str(path)) as workbook:
            names = workbook.sheet_names
            if sheet is not None and sheet not in names:
                raise Problem(f"{path}: there is no sheet {sheet}; its sheets are {', '.join(names)}")
            rows = workbook.get_sheet_by_name(sheet or names[0]).to_python(skip_empty_area=False)
    except (python_calamine.CalamineError, OSError, ValueError, IndexError) as error:
        said = " ".join(str(error).split())[:120]
        raise Problem(
            f"{path}: this is no workbook that can be read ({said}); save it as xlsx or csv"
        ) from error
    cells = [[_text_of_cell(cell) for cell in row] for row in rows]
    if not any(any(row) for row in cells):
        raise Problem(f"{path}: the sheet {sheet or names[0]} is empty; name the right one with sheet:")
    return cells, any(isinstance(cell, float | int) for row in rows[:_LOOK] for cell in row)


def _is_workbook(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return True  # opening it as a workbook says what is wrong
    return any(name.startswith(("xl/", "content.xml", "mimetype", "[Content")) for name in names)


def open_sheet(path: Path, cells: Cells, *, numeric: bool, wanted: Sequence[str]) -> Written:
    """Opens a sheet of a workbook.

    Args:
        path: The workbook.
        cells: The cells of the sheet.
        numeric: Whether some are numbers.
        wanted: Column names that the right header has.
    """
    start = header_of([[cell or "" for cell in row] for row in cells[:_LOOK]], wanted=wanted)
    columns = without_names([cell or "" for cell in cells[start]])
    body = cells[start + 1 :]

    def read(unread: list[Unread]) -> Iterator[pa.RecordBatch]:
        for at, row in enumerate(cells[:start], start=1):
            if any(row):
                unread.append(Unread(row=at, text=" ".join(filter(None, row)), rule="preamble"))
        for first in range(0, len(body), _BATCH):
            some = body[first : first + _BATCH]
            numbers = range(first + start + 2, first + start + 2 + len(some))
            yield batch_of(some, n_columns=len(columns), numbers=numbers)

    decimal: Decimal | None = "." if numeric else None
    return Written(name=str(path), columns=columns, first=body[:_LOOK], rows=read, decimal=decimal)


def _text_of_cell(cell: Any) -> str | None:
    if cell is None or cell == "":
        return None
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, dt.datetime):
        return cell.isoformat(sep=" ")
    return str(cell)


def open_json(file: TextFile) -> Written:
    """Opens JSON lines, or one JSON list of objects.

    Raises:
        Problem: It holds no object.
    """
    columns: dict[str, None] = {}
    look: list[dict[str, str | None]] = []
    for _, row in _objects(file, []):
        columns.update(dict.fromkeys(row))
        if len(look) < _LOOK:
            look.append(row)
    if not columns:
        raise Problem(f"{file.path}: there is no JSON object in it; one object a line was expected")
    names = tuple(columns)

    def read(unread: list[Unread]) -> Iterator[pa.RecordBatch]:
        rows = _objects(file, unread)
        while taken := list(islice(rows, _BATCH)):
            cells = [[row.get(name) for name in names] for _, row in taken]
            yield batch_of(cells, n_columns=len(names), numbers=[number for number, _ in taken])

    first = [[row.get(name) for name in names] for row in look]
    return Written(name=str(file.path), columns=without_names(names), first=first, rows=read, decimal=".")


def is_json(path: Path, look: bytes) -> bool:
    """Whether a text file holds JSON rather than rows with delimiters."""
    start = look.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    listed = start == b"[" and look.partition(b"[")[2].lstrip()[:1] in {b"{", b"["}
    named = any(suffix in {".json", ".jsonl", ".ndjson"} for suffix in path.suffixes)
    return start == b"{" or listed or (named and start == b"[")


def _objects(file: TextFile, unread: list[Unread]) -> Iterator[tuple[int, dict[str, str | None]]]:
    """The objects with their line, their values as text."""
    with open_bytes(file) as source:
        first = source.read(1) or b""
        while first in {b"\n", b" ", b"\r", b"\t"}:
            first = source.read(1) or b""
        if first == b"[":
            yield from _listed(file, first + (source.read(MAX_DOCUMENT) or b""))
            return
        number, rest = 1, first
        while True:
            line = rest + (source.readline(MAX_LINE) or b"")
            rest = b""
            if not line:
                return
            if len(line) >= MAX_LINE:
                raise Problem(
                    f"{file.path}, line {number}: the line has more than {MAX_LINE} bytes; split it"
                )
            if line.strip():
                row = _object(line)
                if row is None:
                    unread.append(
                        Unread(row=number, text=line[:500].decode("utf-8", "replace"), rule="object")
                    )
                else:
                    yield number, row
            number += 1


def _listed(file: TextFile, document: bytes) -> Iterator[tuple[int, dict[str, str | None]]]:
    try:
        rows = json.loads(document, parse_float=str, parse_int=str)
    except (ValueError, RecursionError) as error:
        raise Problem(
            f"{file.path}: the JSON list is damaged or too long; write one object a line"
        ) from error
    for number, row in enumerate(rows, start=1):
        if not isinstance(row, dict):
            raise Problem(
                f"{file.path}, item {number}: an object was expected, such as {{'date': '2026-01-31'}}"
            )
        yield number, _as_texts(row)


def _object(line: bytes) -> dict[str, str | None] | None:
    try:
        row = json.loads(line, parse_float=str, parse_int=str)
    except (ValueError, RecursionError):
        return None
    return _as_texts(row) if isinstance(row, dict) and row else None


def _as_texts(row: dict[str, Any]) -> dict[str, str | None]:
    return {name: _as_text(value) for name, value in row.items()}


def _as_text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)
