"""Streams of connectors, imported: what is new since last time, and what may have been restated."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cmo.measures import Problem
from cmo.warehouse.connectors.landing import land, later
from cmo.warehouse.connectors.protocol import Connector, Stream, since_of
from cmo.warehouse.connectors.sql import SqlConnector, place_of
from cmo.warehouse.credentials import Credentials
from cmo.warehouse.importing import Importing, Outcome, import_whole, unread
from cmo.warehouse.journal import brought
from cmo.warehouse.manifest import Imported, Version
from cmo.warehouse.mapping import find, mapped
from cmo.warehouse.opened import Opened
from cmo.warehouse.opening import open_file
from cmo.warehouse.parts import Imports
from cmo.warehouse.sources import Declared
from cmo.warehouse.survey import format_of, survey
from cmo.workspace.streams import Reading


def sql_stream(one: Declared, url: str, *, shown: str, credentials: Credentials) -> SqlConnector:
    """The connector of a table of a database.

    Args:
        one: The source.
        url: With its credentials.
        shown: The URL as the journal may show it.
        credentials: What no sentence may show.
    """
    table = one.source.table or ""
    return SqlConnector(
        url=url,
        table=table,
        stream=stream_of(one, name=f"table {table} at {place_of(shown)}", suffix=".csv"),
        where=one.where,
        credentials=credentials,
    )


def stream_of(one: Declared, *, name: str, suffix: str) -> Stream:
    """A source as a stream.

    Args:
        one: The source.
        name: What the journal calls it.
        suffix: How its pages are written.
    """
    read = one.source.read or Reading()
    return Stream(
        name=name,
        suffix=suffix,
        key=read.key,
        cursor=read.cursor,
        lookback=timedelta(days=read.lookback_days),
        start=None if read.start is None else read.start.isoformat(),
        timezone=read.timezone,
        currency=read.currency,
    )


def import_stream(
    connector: Connector,
    one: Declared,
    *,
    before: Imported | None,
    by: Importing,
    credentials: Credentials,
) -> Outcome:
    """Imports what is new of a stream.

    A stream whose last batch was taken back is not read until that batch is put back.

    Args:
        connector: The connector.
        one: The source that declares it.
        before: What was imported of it before in the same way, or None.
        by: What an import needs to know.
        credentials: What may not be written to a file.

    Raises:
        Problem: It cannot be read, or is not as it must be.
    """
    (stream,) = connector.streams()
    if before is not None and before.is_on_hold:
        return unread(before)
    _refuse_other_money(stream, one, by=by)
    state = before.state if before is not None and before.parts else None
    landed = land(
        connector,
        stream,
        since=since_of(stream, state, where=one.where, now=datetime.now(tz=UTC)),
        specification=one.specification,
        warehouse=by.warehouse,
        credentials=credentials,
    )
    reached = state if landed.cursor is None else later(landed.cursor, state)
    digest = survey(landed.path).digest if landed.path.stat().st_size else ""
    known = None if before is None else before.model_copy(update={"digest": digest, "state": reached})
    if before is not None and known is not None and (not digest or digest == before.digest):
        return unread(known)
    if not digest:
        raise Problem(f"{one.where}: {stream.name} gave no row; check what it is asked for")
    imports, key = _imported(landed.path, stream, one, by=by)
    version = Version(batch=by.batch, digest=digest, whole=state is None, part=imports.part, state=reached)
    found = Outcome(
        imported=Imported(
            origin=stream.name,
            specification=one.specification,
            size=0,
            mtime_ns=0,
            seen_ns=0,
            digest=digest,
            key=key,
            state=reached,
            versions=(*(before.versions if before else ()), version),
        ),
        state="new" if before is None else "appended" if state is not None else "changed",
        rows_read=imports.part.rows_in,
    )
    return _settled(found, known, one, by=by)


def _settled(found: Outcome, known: Imported | None, one: Declared, *, by: Importing) -> Outcome:
    """The outcome, or that there is nothing new where each row was there before just so."""
    told = brought(found, one.table, before=(known,) if known else (), warehouse=by.warehouse)
    version = found.imported.versions[-1]
    if known is not None and known.parts and told.existing == told.valid and not told.invalid:
        same = not version.whole or known.total("rows_kept") == told.valid
        if same and version.part is not None:
            for file in version.part.files():
                (by.warehouse / file).unlink(missing_ok=True)
            return unread(known)
    if not (found.imported.key and told.duplicate and version.part is not None):
        return found
    part = version.part.model_copy(update={"rows_repeated": told.duplicate})
    return replace(found, imported=found.imported.with_parts({part.file: part}))


def _imported(path: Path, stream: Stream, one: Declared, *, by: Importing) -> tuple[Imports, tuple[str, ...]]:
    # pages are written in one way
    written = one.source.model_copy(update={"decimal": ".", "delimiter": ",", "encoding": "utf-8"})
    one = replace(one, source=written)
    opened, _ = open_file(path, format_of(path), survey(path), one, custom=by.custom)
    opened.name = stream.name
    return import_whole(opened, one, by=by), _key(opened, stream, one)


def _key(opened: Opened, stream: Stream, one: Declared) -> tuple[str, ...]:
    """The columns of the table by which a row read later replaces one read before."""
    if stream.cursor is None:
        return ()
    if not stream.key:
        if one.table.key:
            return one.table.key
        raise Problem(
            f"{one.where}: {one.table.name} has no key of its own, and rows are read again from "
            f"{stream.cursor} on; add key: and the columns that tell one row from another under read:"
        )
    columns = mapped(
        one.table, opened.columns, given=one.source.columns, where=one.columns_where, source=opened.name
    )
    names = {
        column.at: column.name
        for column in reversed((*columns.known, *columns.attributes))
        if column.at is not None
    }
    found: list[str] = []
    for name in stream.key:
        at = find(name, opened.columns)
        if at is None or at not in names:
            raise Problem(
                f"{one.where}: {stream.name} has no column {name} to tell its rows apart; correct key"
            )
        found.append(names[at])
    return tuple(found)


def _refuse_other_money(stream: Stream, one: Declared, *, by: Importing) -> None:
    if stream.currency not in {None, by.custom.currency}:
        raise Problem(
            f"{one.where}: the amounts are in {stream.currency} and the company counts in "
            f"{by.custom.currency}; cmo converts no currency, give a view that does"
        )
