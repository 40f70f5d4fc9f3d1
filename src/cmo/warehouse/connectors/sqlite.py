"""SQLite, read only."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

from cmo.warehouse.connectors.protocol import Page, Stream
from cmo.warehouse.connectors.sql import Database, Refused, pages_of, zone_of


class Sqlite:
    """SQLite, with the driver of the standard library. The URL's path is absolute."""

    def pages(self, url: str, table: Sequence[str], stream: Stream, *, since: str | None) -> Iterator[Page]:
        """A table as pages of csv, the last one with the largest value of the cursor."""
        source = ".".join(_quoted(name) for name in table)
        cursor = None if stream.cursor is None else _quoted(stream.cursor)
        written = Path(url.removeprefix("sqlite://")).as_posix().replace("?", "%3f").replace("#", "%23")
        limit = ""
        values: tuple[object, ...] = ()
        if cursor is not None and since is not None:
            limit, values = f" WHERE {cursor} >= ? OR {cursor} IS NULL", (_number(since),)
        try:
            with closing(sqlite3.connect(f"file:{written}?mode=ro", uri=True)) as connection:
                connection.text_factory = lambda data: data.decode("utf-8", "replace")
                connection.execute("BEGIN")
                found = connection.execute(f"SELECT * FROM {source}{limit}", values)
                names = [str(described[0]) for described in found.description]
                if stream.cursor is not None and stream.cursor not in names:
                    # SQLite takes a name in quotes that is no column for a text
                    raise Refused(f"no such column: {stream.cursor}")
                yield from pages_of(names, found, zone=zone_of(stream))
                if cursor is not None:
                    largest = connection.execute(f"SELECT max({cursor}) FROM {source}").fetchone()[0]
                    yield Page(data=b"", cursor=None if largest is None else str(largest))
        except sqlite3.Error as error:
            raise Refused(str(error)) from None


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _number(value: str) -> object:
    """A whole number as such: SQLite keeps numbers and texts apart."""
    return int(value) if value.lstrip("-").isdigit() else value


DATABASE: Database = Sqlite()
