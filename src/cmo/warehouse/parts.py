"""One pass over a source's rows: the good ones are kept, the others kept aside with the rule they break."""

import glob
import os
import secrets
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Self

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from cmo.measures import Problem
from cmo.warehouse.casts import MACROS
from cmo.warehouse.manifest import Part
from cmo.warehouse.mapping import Columns
from cmo.warehouse.opened import LEFT_OUT, ROW, Opened
from cmo.warehouse.reading import Readings, leaves_open
from cmo.warehouse.tables import CanonicalTable, Kind
from cmo.warehouse.typed import Typed, typed

BATCH = 122_880
MEMORY = "1GB"

_TYPES = {
    "string": "string",
    "double": "float64",
    "int64": "int64",
    "bool": "boolean",
    "date32[day]": "date",
    "timestamp[us]": "timestamp",
}

REFUSED = pa.schema(
    [
        ("row", pa.int64()),
        ("column", pa.string()),
        ("value", pa.string()),
        ("rule", pa.string()),
        ("cells", pa.list_(pa.string())),
    ]
)
"""Refused rows: number, column of the table, text at fault, code of the rule, and all cells as they were."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Imports:
    """What one pass gave.

    Attributes:
        part: The rows.
        readings: How they were read in the end.
        next_row: Number of the row that would come next.
    """

    part: Part
    readings: Readings
    next_row: int


class _Unsettled(Exception):  # noqa: N818 - no error: a sign to begin again with better readings
    def __init__(self, readings: Callable[[], Readings]) -> None:
        super().__init__()
        self.readings = readings


@dataclass(slots=True, kw_only=True)
class _Tally:
    """What was seen in one pass."""

    rows_in: int = 0
    rows_kept: int = 0
    rows_refused: int = 0
    rows_left_out: int = 0
    last_row: int = 0
    days: list[date] = field(default_factory=list)


def import_rows(
    opened: Opened,
    columns: Columns,
    *,
    table: CanonicalTable,
    readings: Readings,
    settle: Callable[[], Readings],
    warehouse: Path,
    progress: Callable[[int], None],
) -> Imports:
    """Types a source's rows and writes them as a part.

    Args:
        opened: The source.
        columns: Where the table's columns come from.
        table: The canonical table.
        readings: How the source's columns are read, told from the first rows.
        settle: Tells it from all rows; called if a value turns up that the first rows did not settle.
        warehouse: Folder of the warehouse.
        progress: Told how many rows were read so far.

    Raises:
        Problem: The source cannot be read to its end, or leaves open how it is meant.
    """
    while True:
        try:
            return _one_pass(
                opened,
                columns,
                table=table,
                readings=readings,
                settle=settle,
                warehouse=warehouse,
                progress=progress,
            )
        except _Unsettled as unsettled:
            readings = unsettled.readings()


def _one_pass(
    opened: Opened,
    columns: Columns,
    *,
    table: CanonicalTable,
    readings: Readings,
    settle: Callable[[], Readings],
    warehouse: Path,
    progress: Callable[[int], None],
) -> Imports:
    folder = warehouse / table.name
    folder.mkdir(parents=True, exist_ok=True)
    stem = secrets.token_hex(8)
    kept, refused = folder / f"{stem}.parquet", folder / f"{stem}.refused.parquet"
    tally = _Tally()
    try:
        with connected(warehouse) as connection, _Writers(kept, refused) as writers:
            statement = typed(
                opened.attach(connection),
                opened,
                columns,
                table=table,
                readings=readings,
                connection=connection,
            )
            # a name with * or [ is written as a pattern, and DuckDB allows patterns by folder only
            odd = [path.parent for path in opened.files if glob.has_magic(str(path))]
            shut(connection, opened.files, folders=odd)
            reader = connection.execute(statement.sql).to_arrow_reader(BATCH)
            writers.begin(statement.names, reader.schema)
            for batch in reader:
                _sort_rows(
                    batch, statement, tally, readings=readings, settle=settle, writers=writers, table=table
                )
                progress(tally.rows_in)
            _sort_unread(opened, tally, writers=writers)
    except duckdb.Error as error:
        _discard(kept, refused)
        if opened.failed is not None:  # what stopped the rows, rather than what DuckDB makes of it
            raise opened.failed from error
        raise Problem(_unreadable(error, opened)) from error
    except BaseException:
        _discard(kept, refused)
        raise
    aside = tally.rows_refused + tally.rows_left_out
    if tally.rows_in != tally.rows_kept + aside:
        raise AssertionError(f"{opened.name}: {tally.rows_in} rows read, {tally.rows_kept} + {aside} written")
    if not aside:
        refused.unlink(missing_ok=True)
    part = Part(
        columns=tuple((column.name, _TYPES[str(column.type)]) for column in writers.schema),
        file=f"{table.name}/{kept.name}",
        refused=f"{table.name}/{refused.name}" if aside else None,
        rows_in=tally.rows_in,
        rows_kept=tally.rows_kept,
        rows_refused=tally.rows_refused,
        rows_left_out=tally.rows_left_out,
        first=min(tally.days, default=None),
        last=max(tally.days, default=None),
    )
    return Imports(part=part, readings=readings, next_row=tally.last_row + 1)


def connected(warehouse: Path) -> duckdb.DuckDBPyConnection:
    """A DuckDB of bounded memory that knows how to read text."""
    connection = duckdb.connect()
    spill = str(warehouse / "spill").replace("'", "''")
    connection.execute(f"SET memory_limit = '{MEMORY}'; SET temp_directory = '{spill}'; SET TimeZone = 'UTC'")
    connection.execute(MACROS)
    return connection


def shut(
    connection: duckdb.DuckDBPyConnection,
    files: Iterable[Path],
    *,
    folders: Iterable[Path] = (),
    locked: bool = True,
) -> None:
    """Leaves a connection nothing to read but some files and folders; if locked, settings too."""
    connection.execute(f"SET allowed_paths = [{', '.join(_quoted(path) for path in files)}]")
    connection.execute(f"SET allowed_directories = [{', '.join(_quoted(path) for path in folders)}]")
    connection.execute("SET enable_external_access = false")
    if locked:
        connection.execute("SET lock_configuration = true")


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"


class _Writers:
    """The two files of a part, made whole and durable or not at all."""

    def __init__(self, kept: Path, refused: Path) -> None:
        self._paths = (kept, refused)
        self._kept: pq.ParquetWriter | None = None
        self._refused: pq.ParquetWriter | None = None

    def __enter__(self) -> Self:
        return self

    def begin(self, names: tuple[str, ...], schema: pa.Schema) -> None:
        self.schema = pa.schema([schema.field(at).with_name(name) for at, name in enumerate(names)])
        texts = [name for name in names if pa.types.is_string(self.schema.field(name).type)]
        # dictionaries do most of the packing; what a compressor saves beyond costs a seventh of the counting
        self._kept = pq.ParquetWriter(
            self._paths[0],
            self.schema,
            use_dictionary=texts or False,
            store_schema=False,
            compression="none",
        )

    def keep(self, batch: pa.RecordBatch) -> None:
        if self._kept is not None and batch.num_rows:
            self._kept.write_batch(
                pa.RecordBatch.from_arrays(batch.columns[: len(self.schema)], schema=self.schema)
            )

    def refuse(self, batch: pa.RecordBatch) -> None:
        if self._refused is None:
            self._refused = pq.ParquetWriter(self._paths[1], REFUSED, store_schema=False)
        self._refused.write_batch(batch)

    def __exit__(self, *_: object) -> None:
        for writer, path in zip((self._kept, self._refused), self._paths, strict=True):
            if writer is not None:
                writer.close()
                handle = os.open(path, os.O_RDONLY)
                os.fsync(handle)
                os.close(handle)


def _sort_rows(
    batch: pa.RecordBatch,
    statement: Typed,
    tally: _Tally,
    *,
    readings: Readings,
    settle: Callable[[], Readings],
    writers: _Writers,
    table: CanonicalTable,
) -> None:
    problems = batch.column("_problem")
    if not batch.num_rows:
        return
    tally.last_row = max(tally.last_row, pc.max(batch.column(ROW)).as_py())
    bad = pc.greater(problems, 0)
    n_bad = pc.sum(bad).as_py() or 0
    good = batch.filter(pc.invert(bad)) if n_bad else batch
    if n_bad:
        rows = batch.filter(bad)
        rows = rows.filter(pc.invert(pc.equal(_n_cells(rows), 0)))  # an empty line is no row
        _begin_again_if_open(rows, statement, readings=readings, settle=settle)
        if rows.num_rows:
            _set_aside(_refused_rows(rows, statement), tally, writers=writers)
    writers.keep(good)
    tally.rows_in += good.num_rows
    tally.rows_kept += good.num_rows
    if table.time in statement.names:
        bounds = pc.min_max(good.column(statement.names.index(table.time)))
        tally.days += [_day(bounds[end].as_py()) for end in ("min", "max") if bounds[end].is_valid]


def _n_cells(rows: pa.RecordBatch) -> pa.Array:
    """How many cells of each row hold something."""
    cells = rows.column("_cells")
    filled = pc.cast(pc.is_valid(cells.flatten()), pa.int32())
    width = len(filled) // max(rows.num_rows, 1)
    counts = filled.to_numpy(zero_copy_only=False).reshape(rows.num_rows, width).sum(axis=1)
    return pa.array(counts)


def _begin_again_if_open(
    rows: pa.RecordBatch, statement: Typed, *, readings: Readings, settle: Callable[[], Readings]
) -> None:
    """Stops the pass where a value shows that the readings were too narrow."""
    numbers = rows.column("_problem").to_numpy()
    for number, check in enumerate(statement.checks, start=1):
        if check.attribute is None and (readings.settled or check.rule not in {"number", "day", "instant"}):
            continue
        if check.rule == "number" and readings.dialect.decimal is not None:
            continue
        at_fault = numbers == number
        if not at_fault.any():
            continue
        if check.attribute is not None:
            raise _Unsettled(partial(readings.with_text, check.attribute))
        values = rows.column("_value").filter(pa.array(at_fault)).to_pylist()
        if any(leaves_open(value, Kind(check.rule)) for value in values if value):
            raise _Unsettled(settle)


def _refused_rows(rows: pa.RecordBatch, statement: Typed) -> pa.RecordBatch:
    at = pc.subtract(rows.column("_problem"), 1)
    columns = pa.array([check.column or None for check in statement.checks], pa.string())
    rules = pa.array([check.rule for check in statement.checks], pa.string())
    return pa.RecordBatch.from_arrays(
        [
            rows.column(ROW).cast(pa.int64()),
            columns.take(at),
            rows.column("_value"),
            rules.take(at),
            rows.column("_cells").cast(pa.list_(pa.string())),
        ],
        schema=REFUSED,
    )


def _sort_unread(opened: Opened, tally: _Tally, *, writers: _Writers) -> None:
    for batch in _in_batches(opened):
        _set_aside(batch, tally, writers=writers)
    tally.last_row = max([tally.last_row, *(one.row for one in opened.unread)])


def _set_aside(rows: pa.RecordBatch, tally: _Tally, *, writers: _Writers) -> None:
    """Writes rows that are not kept, and counts those refused and those that are none of the table apart."""
    writers.refuse(rows)
    n_left_out = sum(rule in LEFT_OUT for rule in rows.column("rule").to_pylist())
    tally.rows_in += rows.num_rows
    tally.rows_left_out += n_left_out
    tally.rows_refused += rows.num_rows - n_left_out


def _in_batches(opened: Opened) -> Iterator[pa.RecordBatch]:
    unread = [one for one in opened.unread if one.text.strip(' \t",;|')]  # an empty line is no row
    for start in range(0, len(unread), BATCH):
        some = unread[start : start + BATCH]
        yield pa.RecordBatch.from_arrays(
            [
                pa.array([one.row for one in some], pa.int64()),
                pa.array([one.column for one in some], pa.string()),
                pa.array([one.text if one.value is None else one.value for one in some], pa.string()),
                pa.array([one.rule for one in some], pa.string()),
                pa.array([[one.text] for one in some], pa.list_(pa.string())),
            ],
            schema=REFUSED,
        )


def _unreadable(error: duckdb.Error, opened: Opened) -> str:
    """A sentence for what DuckDB could not do."""
    said = " ".join(str(error).split())
    return f"{opened.name}: the rows cannot be read to the end ({said[:200]}); export the file again"


def _discard(*paths: Path) -> None:
    for path in paths:
        path.unlink(missing_ok=True)


def _day(value: date | datetime) -> date:
    return value.date() if isinstance(value, datetime) else value
