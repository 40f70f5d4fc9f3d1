"""Tables and views of SQL databases: PostgreSQL, MySQL and MariaDB, SQLite."""

import csv
import importlib
import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, Protocol
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict

from cmo.measures import Problem
from cmo.warehouse.connectors.protocol import Page, Stream
from cmo.warehouse.credentials import Credentials
from cmo.workspace.streams import Name, Reading

BATCH = 20_000
DRIVERS: Mapping[str, tuple[str, str]] = {
    "postgresql": ("cmo.warehouse.connectors.postgres", "postgres"),
    "postgres": ("cmo.warehouse.connectors.postgres", "postgres"),
    "mysql": ("cmo.warehouse.connectors.mysql", "mysql"),
    "mariadb": ("cmo.warehouse.connectors.mysql", "mysql"),
    "sqlite": ("cmo.warehouse.connectors.sqlite", ""),
}
"""Scheme of a URL to the module that speaks to such a database, and the extra that brings its driver."""

_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?")


class SqlSource(BaseModel):
    """What cmo.yaml says of a table of a database.

    Attributes:
        table: The table or view, with its schema where it needs one.
        url: sqlite:///file, postgresql://user:${PASSWORD}@host/database or mysql://…
        read: What is read anew, and what its values mean.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    table: Name
    url: Name
    read: Reading | None = None


class Refused(Exception):  # noqa: N818 - what a database answered, without its driver's own kinds
    """A database refused; says why."""


class Database(Protocol):
    """A kind of database."""

    def pages(self, url: str, table: Sequence[str], stream: Stream, *, since: str | None) -> Iterator[Page]:
        """A table as pages of csv, the last one with the largest value of the cursor.

        All of it is one look at the table: what is written meanwhile is in none of it. Rows whose cursor is
        blank are always read.

        Raises:
            Refused: The database refuses.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class SqlConnector:
    """A table of a database.

    Attributes:
        url: With its credentials.
        table: Name, with its schema where it needs one.
        stream: The table as a stream.
        where: Beginning of an error's sentence.
        credentials: What no sentence may show.
    """

    url: str
    table: str
    stream: Stream
    where: str
    credentials: Credentials

    @staticmethod
    def spec() -> Mapping[str, Any]:
        """JSON Schema of what cmo.yaml says of such a source."""
        return SqlSource.model_json_schema()

    def check(self) -> None:
        """Looks at the table's beginning.

        Raises:
            Problem: It cannot be reached, or refuses.
        """
        next(self.read(self.stream, since=None, resume=None))

    def streams(self) -> tuple[Stream, ...]:
        """The table."""
        return (self.stream,)

    def read(self, stream: Stream, *, since: str | None, resume: str | None) -> Iterator[Page]:
        """Reads the table, from a value of the cursor on.

        Raises:
            Problem: The database refuses.
        """
        del resume  # a look at a table that was cut off begins again
        database = _database(self.url, where=self.where)
        try:
            yield from database.pages(self.url, self.table.split("."), stream, since=since)
        except Refused as refused:
            said = self.credentials.hidden(" ".join(str(refused).split()))[:300]
            raise Problem(f"{self.where}: the database refused table {self.table} ({said})") from None


def pages_of(
    names: Sequence[str], rows: Iterator[Sequence[object]], *, zone: ZoneInfo | None
) -> Iterator[Page]:
    """Rows as pages of csv.

    Args:
        names: Names of the columns.
        rows: The rows.
        zone: Time zone of instants without an offset, where it is told.
    """
    yield Page(data=_written([names]))
    while batch := [[text_of(value, zone=zone) for value in row] for row in islice(rows, BATCH)]:
        yield Page(data=_written(batch))


def zone_of(stream: Stream) -> ZoneInfo | None:
    """The time zone of a stream's instants without an offset, where it is told."""
    return None if stream.timezone is None else ZoneInfo(stream.timezone)


def text_of(value: object, *, zone: ZoneInfo | None) -> str | None:
    """A value of a database as text: ISO dates, a decimal point, instants with their offset where known."""
    match value:
        case None | str():
            text = _with_offset(value, zone)
        case bool():
            text = "true" if value else "false"
        case datetime():
            local = value if value.tzinfo or zone is None else value.replace(tzinfo=zone)
            text = local.isoformat(sep=" ")
        case float() if value.is_integer() and abs(value) < 1e15:
            text = str(int(value))
        case float():
            text = repr(value)
        case bytes():
            text = value.hex()
        case dict() | list():
            text = json.dumps(value, ensure_ascii=False, default=str)
        case _:
            text = str(value)
    return text


def _with_offset(text: str | None, zone: ZoneInfo | None) -> str | None:
    if text is None or zone is None or not _INSTANT.fullmatch(text):
        return text
    return datetime.fromisoformat(text).replace(tzinfo=zone).isoformat(sep=" ")


def _written(rows: Sequence[Sequence[object]]) -> bytes:
    sink = io.StringIO()
    csv.writer(sink, lineterminator="\n").writerows(rows)
    return sink.getvalue().encode()


def place_of(url: str) -> str:
    """Host and database of a URL, without who asks."""
    parts = urlsplit(url)
    port = f":{parts.port}" if parts.port else ""
    return f"{parts.hostname or ''}{port}{parts.path}"


def _database(url: str, *, where: str) -> Database:
    scheme = url.partition(":")[0]
    if scheme not in DRIVERS:
        known = ", ".join(DRIVERS)
        raise Problem(f"{where}: the url begins with {scheme[:20]}, one of {known} was expected")
    module, extra = DRIVERS[scheme]
    try:
        database: Database = importlib.import_module(module).DATABASE
    except ImportError as error:
        needed = f"pip install 'chief-marketing-officer[{extra}]'"
        raise Problem(f"{where}: this database needs its driver; {needed}") from error
    return database
