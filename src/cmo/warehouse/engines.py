"""The engines that count: DuckDB, embedded, or Spark through Spark Connect. Both read the same parts."""

import importlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import ibis
import ibis.expr.types as ir

from cmo.measures import Problem, Window
from cmo.warehouse.channel_names import with_channels
from cmo.warehouse.field import Field, Shelf, Stated, in_canonical_types
from cmo.warehouse.importing import fingerprint_of
from cmo.warehouse.manifest import Imported, Manifest, Part
from cmo.warehouse.parts import shut
from cmo.warehouse.tables import TABLES
from cmo.workspace import Workspace

MEMORY = "1500MB"

Opener = Callable[[str, Sequence[Path]], ir.Table]
"""Shows parquet files of one schema as a table of that name."""


def open_field(workspace: Workspace, *, strategy: Stated | None = None) -> Field:
    """The field of a workspace, as it was last read.

    Args:
        workspace: The workspace.
        strategy: What the strategy states that a model may use.

    Raises:
        Problem: Nothing was read yet, or the engine cannot be reached.
    """
    warehouse = workspace.cmo / "warehouse"
    manifest = Manifest.read(warehouse)
    tables = {name: imports for name, imports in manifest.tables.items() if name in workspace.config.sources}
    if not tables:
        raise Problem(f"{workspace.folder}: no source was read yet; run cmo review")
    engine = workspace.config.engine
    opener = _duckdb(warehouse) if engine == "duckdb" else _spark(engine)
    shelves = {
        name: _shelf(name, imports, warehouse=warehouse, opener=opener) for name, imports in tables.items()
    }
    return Field(
        company=workspace.config.company,
        shelves=with_channels(shelves, workspace.config.channels),
        strategy=strategy or Stated(),
        until=None if any(shelf.span for shelf in shelves.values()) else _written(tables.values()),
    )


def _written(tables: Iterable[Sequence[Imported]]) -> date:
    """The day on which the newest file was written: all there is to date answers that bear no day."""
    newest = max(one.mtime_ns for imports in tables for one in imports)
    return datetime.fromtimestamp(newest / 1e9, tz=UTC).date()


def _shelf(name: str, imports: Sequence[Imported], *, warehouse: Path, opener: Opener) -> Shelf:
    groups: dict[tuple[tuple[str, str], ...], list[Part]] = {}
    for part in (part for one in imports for part in one.parts):
        groups.setdefault(part.shown_columns, []).append(part)
    types = _common_types(groups)
    tables = []
    for at, (columns, parts) in enumerate(groups.items()):
        table = opener(f"{name}_{at}", [warehouse / part.shown for part in parts])
        has = dict(columns)
        tables.append(
            table.select(
                **{
                    column: (table[column] if column in has else ibis.null()).cast(kind)
                    if has.get(column) != kind
                    else table[column]
                    for column, kind in types.items()
                }
            )
        )
    whole = ibis.union(*tables) if len(tables) > 1 else tables[0]
    return Shelf(
        table=in_canonical_types(whole, TABLES[name]) if len(tables) > 1 else whole,
        fingerprint=" ".join(fingerprint_of(one) for one in imports),
        span=_span(part for one in imports for part in one.parts),
    )


def _common_types(groups: Iterable[tuple[tuple[str, str], ...]]) -> Mapping[str, str]:
    """The type of each column over all parts: text where they differ, unless all are numbers."""
    found: dict[str, set[str]] = {}
    for columns in groups:
        for name, kind in columns:
            found.setdefault(name, set()).add(kind)
    return {
        name: kinds.pop() if len(kinds) == 1 else "float64" if kinds == {"int64", "float64"} else "string"
        for name, kinds in found.items()
    }


def _span(parts: Iterable[Part]) -> Window | None:
    days: list[date] = [day for part in parts for day in (part.first, part.last) if day is not None]
    return Window(start=min(days), end=max(days)) if days else None


def _duckdb(warehouse: Path) -> Opener:
    connection = duckdb.connect()
    spill = str(warehouse / "spill").replace("'", "''")
    connection.execute(f"SET memory_limit = '{MEMORY}'; SET temp_directory = '{spill}'; SET TimeZone = 'UTC'")
    connection.execute("SET preserve_insertion_order = false")
    backend = ibis.duckdb.from_connection(connection)
    shut(connection, (), folders=[warehouse], locked=False)

    def show(name: str, files: Sequence[Path]) -> ir.Table:
        listed = ", ".join("'" + str(path).replace("'", "''") + "'" for path in files)
        connection.execute(f'CREATE OR REPLACE VIEW "{name}" AS SELECT * FROM read_parquet([{listed}])')
        return backend.table(name)

    return show


def _spark(url: str) -> Opener:
    try:
        spark = importlib.import_module("cmo.warehouse.spark")
    except ImportError as error:
        needed = "pip install 'chief-marketing-officer[spark]'"
        raise Problem(f"engine {url}: Spark needs its client; {needed}") from error
    opener: Opener = spark.opener(url)
    return opener
