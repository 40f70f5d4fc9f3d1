"""Where the rows of a source are: files, tables of databases, REST services."""

import importlib
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Protocol

from cmo.measures import Problem
from cmo.warehouse.connectors.protocol import Connector
from cmo.warehouse.credentials import Credentials
from cmo.warehouse.databases import open_sqlite
from cmo.warehouse.importing import Importing, Outcome, import_file, import_opened
from cmo.warehouse.manifest import Imported
from cmo.warehouse.sources import Declared, files_of, sqlite_file
from cmo.warehouse.streams import import_stream, sql_stream, stream_of
from cmo.warehouse.survey import survey
from cmo.workspace import Workspace


class Place(Protocol):
    """Imports what is new at one place of a source."""

    def __call__(self, known: Mapping[str, Imported], by: "By") -> Outcome:
        """What became of it, given what is known by origin and what an import needs by origin."""


class By(Protocol):
    """Tells what an import needs to know."""

    def __call__(self, origin: str) -> Importing:
        """For the source of that origin."""


def places(one: Declared, workspace: Workspace, *, credentials: Credentials) -> Iterator[Place]:
    """The places where a source has rows, in order.

    Args:
        one: The source.
        workspace: The workspace.
        credentials: What ${NAME} stands for.

    Raises:
        Problem: There is none, or none that can be reached.
    """
    if one.source.path is not None:
        for path in files_of(one, folder=workspace.folder):
            yield partial(_from_file, one, path)
        return
    connector = connector_of(one, workspace, credentials=credentials)
    if connector is not None:
        yield partial(_from_stream, one, connector, credentials)
        return
    file = sqlite_file(one, one.source.url or "", folder=workspace.folder)
    if file is not None:
        yield partial(_from_sqlite, one, file)


def connector_of(one: Declared, workspace: Workspace, *, credentials: Credentials) -> Connector | None:
    """The connector of a source, or None for files, and for an SQLite file that is read whole.

    Args:
        one: The source.
        workspace: The workspace.
        credentials: What ${NAME} stands for.

    Raises:
        Problem: A credential is missing, or what the connector needs is not installed.
    """
    if one.source.rest is not None:
        return _rest(one, credentials=credentials)
    if one.source.url is None:
        return None
    url = credentials.resolved(one.source.url, where=one.where)
    file = sqlite_file(one, url, folder=workspace.folder)
    if file is None:
        return sql_stream(one, url, shown=url, credentials=credentials)
    if one.source.read is None or one.source.read.cursor is None:
        return None
    absolute = f"sqlite://{file.absolute().as_posix()}"
    return sql_stream(one, absolute, shown=absolute, credentials=credentials)


def _rest(one: Declared, *, credentials: Credentials) -> Connector:
    try:
        rest = importlib.import_module("cmo.warehouse.connectors.rest")
    except ImportError as error:
        needed = "pip install 'chief-marketing-officer[rest]'"
        raise Problem(f"{one.where}: REST services need dlt; {needed}") from error
    told = one.source.rest
    written = "" if told is None else told.url
    connector: Connector = rest.RestConnector(
        rest=told,
        stream=stream_of(one, name=f"GET {written.partition('?')[0]}", suffix=".jsonl"),
        where=one.where,
        credentials=credentials,
    )
    return connector


def _from_file(one: Declared, path: Path, known: Mapping[str, Imported], by: By) -> Outcome:
    return import_file(path, one, before=known.get(str(path)), by=by(str(path)))


def _from_sqlite(one: Declared, path: Path, known: Mapping[str, Imported], by: By) -> Outcome:
    opened = open_sqlite(path, one.source.table or "")
    log = path.with_name(f"{path.name}-wal")
    digest = survey(path).digest + (survey(log).digest if log.exists() else "")
    return import_opened(opened, one, before=known.get(opened.name), digest=digest, by=by(opened.name))


def _from_stream(
    one: Declared, connector: Connector, credentials: Credentials, known: Mapping[str, Imported], by: By
) -> Outcome:
    (stream,) = connector.streams()
    return import_stream(
        connector, one, before=known.get(stream.name), by=by(stream.name), credentials=credentials
    )
