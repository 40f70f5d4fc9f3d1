"""PostgreSQL, with the driver of the optional extra `postgres`. The server writes the csv itself."""

from collections.abc import Iterator, Sequence

import psycopg
from psycopg import sql

from cmo.warehouse.connectors.protocol import Page, Stream
from cmo.warehouse.connectors.sql import Database, Refused

_OPTIONS = "-c timezone=UTC -c datestyle=ISO"
_TIMESTAMP = 1114
"""The server's number for an instant without an offset."""


class Postgres:
    """PostgreSQL: one read-only transaction that sees one state of the table."""

    def pages(self, url: str, table: Sequence[str], stream: Stream, *, since: str | None) -> Iterator[Page]:
        """A table as pages of csv, the last one with the largest value of the cursor."""
        source = sql.Identifier(*table)
        cursor = None if stream.cursor is None else sql.Identifier(stream.cursor)
        limit: sql.Composable = sql.SQL("")
        if cursor is not None and since is not None:
            limit = sql.SQL(" WHERE {at} >= {since} OR {at} IS NULL").format(
                at=cursor, since=sql.Literal(since)
            )
        try:
            with psycopg.connect(url, connect_timeout=10, options=_OPTIONS) as connection:
                connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
                connection.read_only = True
                chosen = _columns(connection, source, zone=stream.timezone)
                rows = sql.SQL("COPY (SELECT {} FROM {}{}) TO STDOUT (FORMAT csv, HEADER)").format(
                    chosen, source, limit
                )
                with connection.cursor() as asked, asked.copy(rows) as copy:
                    for block in copy:
                        yield Page(data=bytes(block))
                if cursor is not None:
                    largest = sql.SQL("SELECT max({})::text FROM {}").format(cursor, source)
                    row = connection.execute(largest).fetchone()
                    yield Page(data=b"", cursor=None if row is None else row[0])
        except psycopg.Error as error:
            raise Refused(str(error)) from None


def _columns(
    connection: "psycopg.Connection[tuple[str, ...]]", source: sql.Identifier, *, zone: str | None
) -> sql.Composable:
    """All columns; instants without an offset in the zone that is told of them."""
    if zone is None:
        return sql.SQL("*")
    found = connection.execute(sql.SQL("SELECT * FROM {} LIMIT 0").format(source)).description or ()
    return sql.SQL(", ").join(
        sql.SQL("{0} AT TIME ZONE {1} AS {0}").format(sql.Identifier(column.name), sql.Literal(zone))
        if column.type_code == _TIMESTAMP
        else sql.Identifier(column.name)
        for column in found
    )


DATABASE: Database = Postgres()
