"""Tables of SQLite files, read whole."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import unquote

import pyarrow as pa

from cmo.measures import Problem
from cmo.warehouse.opened import Unread, Written, batch_of, without_names
from cmo.workspace import nearest
from cmo.workspace.place import files_at

_BATCH = 20_000
_LOOK = 2000


def database_file(url: str, *, folder: Path) -> Path | None:
    """The file of an SQLite URL, or None for another database.

    Raises:
        Problem: There is no such file, or it lies outside the workspace.
    """
    if not url.startswith("sqlite:"):
        return None
    written = unquote(url.removeprefix("sqlite:").removeprefix("//").split("?")[0])
    # sqlite:///name is relative to the workspace, sqlite:////name is absolute, as elsewhere
    written = written.removeprefix("/")
    return files_at(written, folder=folder)[0]


def open_sqlite(path: Path, table: str) -> Written:
    """Opens a table of an SQLite file, for reading only.

    Raises:
        Problem: It is no database, or has no such table.
    """
    name = f"{path}, table {table}"
    try:
        with closing(_connected(path)) as connection:
            tables = [
                row[0]
                for row in connection.execute(
                    "SELECT name FROM sqlite_master WHERE type IN ('table', 'view')"
                )
            ]
            if table not in tables:
                raise Problem(f"{path}: there is no table {table}.{nearest(table, tables)}")
            cursor = connection.execute(f"SELECT * FROM {_quoted(table)}")
            columns = [str(described[0]) for described in cursor.description]
            first = [[_text_of(value) for value in row] for row in cursor.fetchmany(_LOOK)]
    except sqlite3.Error as error:
        raise Problem(f"{name}: SQLite cannot read it ({error}); check the file") from error

    def read(unread: list[Unread]) -> Iterator[pa.RecordBatch]:
        del unread  # every row of a table has all its cells
        with closing(_connected(path)) as connection:
            cursor = connection.execute(f"SELECT * FROM {_quoted(table)}")
            number = 1
            while rows := cursor.fetchmany(_BATCH):
                cells = [[_text_of(value) for value in row] for row in rows]
                yield batch_of(cells, n_columns=len(columns), numbers=range(number, number + len(cells)))
                number += len(cells)

    return Written(name=name, columns=without_names(columns), first=first, rows=read, decimal=".")


def _connected(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(
        f"file:{path.absolute().as_posix().replace('?', '%3f').replace('#', '%23')}?mode=ro", uri=True
    )
    connection.text_factory = lambda data: data.decode("utf-8", "replace")
    return connection


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _text_of(value: object) -> str | None:
    if value is None:
        return None
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, bytes):
        return value.hex()
    return str(value)
