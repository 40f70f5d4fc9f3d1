"""MySQL and MariaDB, with the driver of the optional extra `mysql`."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from urllib.parse import unquote, urlsplit

import pymysql
import pymysql.cursors
from pymysql.constants import FIELD_TYPE

from cmo.warehouse.connectors.protocol import Page, Stream
from cmo.warehouse.connectors.sql import Database, Refused, pages_of, zone_of


class MySql:
    """MySQL or MariaDB: one read-only transaction that sees one state of the table."""

    def pages(self, url: str, table: Sequence[str], stream: Stream, *, since: str | None) -> Iterator[Page]:
        """A table as pages of csv, the last one with the largest value of the cursor."""
        source = ".".join(_quoted(name) for name in table)
        cursor = None if stream.cursor is None else _quoted(stream.cursor)
        limit = ""
        values: tuple[object, ...] = ()
        if cursor is not None and since is not None:
            limit, values = f" WHERE {cursor} >= %s OR {cursor} IS NULL", (since,)
        try:
            with _connected(url) as connection:
                for statement in (
                    "SET time_zone = '+00:00'",
                    "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ",
                    "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY",
                ):
                    _first(connection, statement)
                with connection.cursor(pymysql.cursors.SSCursor) as found:
                    found.execute(f"SELECT * FROM {source}{limit}", values)
                    names = [str(described[0]) for described in found.description]
                    kinds = [described[1] for described in found.description]
                    stamps = [at for at, kind in enumerate(kinds) if kind == FIELD_TYPE.TIMESTAMP]
                    yield from pages_of(names, _in_utc(found, stamps), zone=zone_of(stream))
                if cursor is not None:
                    row = _first(connection, f"SELECT CAST(MAX({cursor}) AS CHAR) FROM {source}")
                    yield Page(data=b"", cursor=None if row is None or row[0] is None else str(row[0]))
        except (pymysql.Error, OSError, RuntimeError) as error:
            raise Refused(str(error.args[-1] if error.args else error)) from None


def _in_utc(rows: Iterator[Sequence[object]], stamps: Sequence[int]) -> Iterator[Sequence[object]]:
    """Rows whose TIMESTAMP columns, which the session reads in UTC, say so; DATETIME has no zone."""
    for row in rows:
        cells = list(row)
        for at in stamps:
            value = cells[at]
            if isinstance(value, datetime):
                cells[at] = value.replace(tzinfo=UTC)
        yield cells


def _connected(url: str) -> "pymysql.Connection":
    place = urlsplit(url)
    return pymysql.connect(
        host=place.hostname or "localhost",
        port=place.port or 3306,
        user=unquote(place.username or ""),
        password=unquote(place.password or ""),
        database=unquote(place.path.lstrip("/")),
        charset="utf8mb4",
        connect_timeout=10,
        read_timeout=300,
    )


def _first(connection: "pymysql.Connection", statement: str) -> Sequence[object] | None:
    with connection.cursor() as asked:
        asked.execute(statement, ())
        row: Sequence[object] | None = asked.fetchone()
        return row


def _quoted(name: str) -> str:
    # the driver puts values where a statement has %s, so that a plain % is written twice
    return "`" + name.replace("`", "``").replace("%", "%%") + "`"


DATABASE: Database = MySql()
