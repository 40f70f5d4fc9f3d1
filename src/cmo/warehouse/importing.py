"""What is new in a source is imported; what was imported before and did not change costs nothing."""

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter

from cmo.measures import Problem
from cmo.warehouse.currency import refuse_other_currency
from cmo.warehouse.manifest import Imported, Version
from cmo.warehouse.mapping import Columns, mapped
from cmo.warehouse.opened import Opened
from cmo.warehouse.opening import Custom, open_file
from cmo.warehouse.parts import Imports, import_rows
from cmo.warehouse.reading import Readings, readings
from cmo.warehouse.sources import Declared
from cmo.warehouse.survey import Format, Survey, format_of, survey
from cmo.warehouse.text_files import Layout, TextFile, open_tail
from cmo.workspace import Source

RECENT_NS = 2_000_000_000
"""A file written this shortly before it was read may have been written again with the same time."""

_LAYOUT = TypeAdapter(Layout)
_READINGS = TypeAdapter(Readings)


@dataclass(frozen=True, slots=True, kw_only=True)
class Importing:
    """What an import needs to know beside the source.

    Attributes:
        warehouse: Folder of the warehouse.
        batch: Number of the batch that is being read.
        custom: What the company takes for granted.
        progress: Told the rows read so far.
    """

    warehouse: Path
    batch: int
    custom: Custom
    progress: Callable[[int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one file or table.

    Attributes:
        imported: What the warehouse now holds of it.
        state: unchanged, undone (its last batch was taken back), appended, changed or new.
        rows_read: Rows that were read now.
    """

    imported: Imported
    state: str
    rows_read: int


def import_file(path: Path, one: Declared, *, before: Imported | None, by: Importing) -> Outcome:
    """Imports what is new of a file.

    Args:
        path: The file.
        one: The source that declares it.
        before: What was imported of it before in the same way, or None.
        by: What an import needs to know.

    Raises:
        Problem: It cannot be read.
    """
    kind = format_of(path)
    if before is not None and _untouched(path, before):
        return unread(before)
    seen = time.time_ns()
    surveyed = survey(path, prefix=before.size if before else None)
    if before is not None and surveyed.digest == before.digest:
        same = before.model_copy(update={"mtime_ns": surveyed.mtime_ns, "seen_ns": seen})
        return unread(same)
    if before is not None and _only_grew(before, surveyed) and kind is Format.TEXT:
        appended = _import_tail(path, one, before=before, surveyed=surveyed, by=by)
        if appended is not None:
            return appended
    opened, layout = open_file(path, kind, surveyed, one, custom=by.custom)
    imports = import_whole(opened, one, by=by)
    imported = Imported(
        origin=str(path),
        specification=one.specification,
        size=surveyed.size,
        mtime_ns=surveyed.mtime_ns,
        seen_ns=seen,
        digest=surveyed.digest,
        closed=surveyed.closed,
        next_row=imports.next_row,
        layout=_LAYOUT.dump_json(layout).decode() if layout else None,
        readings=_READINGS.dump_json(imports.readings).decode(),
        versions=(
            *(before.versions if before else ()),
            Version(batch=by.batch, digest=surveyed.digest, whole=True, part=imports.part),
        ),
    )
    return Outcome(imported=imported, state="changed" if before else "new", rows_read=imports.part.rows_in)


def unread(before: Imported) -> Outcome:
    """What becomes of a source in which there is nothing new."""
    return Outcome(imported=before, state="undone" if before.is_on_hold else "unchanged", rows_read=0)


def import_opened(
    opened: Opened, one: Declared, *, before: Imported | None, digest: str, by: Importing
) -> Outcome:
    """Imports a table of a database, whose content has a digest.

    Args:
        opened: The table.
        one: The source that declares it.
        before: What was imported of it before in the same way, or None.
        digest: Digest of its content; empty where it cannot be had without reading.
        by: What an import needs to know.
    """
    if before is not None and digest and before.digest == digest:
        return unread(before)
    imports = import_whole(opened, one, by=by)
    imported = Imported(
        origin=opened.name,
        specification=one.specification,
        size=0,
        mtime_ns=0,
        seen_ns=time.time_ns(),
        digest=digest,
        versions=(
            *(before.versions if before else ()),
            Version(batch=by.batch, digest=digest, whole=True, part=imports.part),
        ),
    )
    return Outcome(imported=imported, state="changed" if before else "new", rows_read=imports.part.rows_in)


def fingerprint_of(one: Imported) -> str:
    """Digest of the rows that count and of how they are read; the same however many times they were read."""
    counting = one.counting
    last = counting[-1] if counting else None
    since = one.versions.index(counting[0]) if counting and counting[0].whole else 0
    until = one.versions.index(last) if last else 0
    pieces = one.versions[since : until + 1]
    # a text read in pieces has the digest of the whole, unless a piece was taken back or pieces replace rows
    in_pieces = one.key or any(piece.undone for piece in pieces)
    content = (
        " ".join(f"{piece.digest}{'-' if piece.undone else '+'}" for piece in pieces)
        if in_pieces
        else last.digest
        if last
        else ""
    )
    consents = " ".join(part.consents for part in one.parts if part.consents)
    return hashlib.blake2b(f"{content}|{one.specification}|{consents}".encode(), digest_size=16).hexdigest()


def _untouched(path: Path, before: Imported) -> bool:
    status = path.stat()
    recent = before.seen_ns - status.st_mtime_ns < RECENT_NS
    return (status.st_size, status.st_mtime_ns) == (before.size, before.mtime_ns) and not recent


def _only_grew(before: Imported, surveyed: Survey) -> bool:
    return (
        before.closed and before.layout is not None and surveyed.prefix == before.digest and before.size > 0
    )


def import_whole(opened: Opened, one: Declared, *, by: Importing) -> Imports:
    """Imports all rows of an opened source.

    Raises:
        Problem: It cannot be read.
    """
    columns = mapped(
        one.table, opened.columns, given=one.source.columns, where=one.columns_where, source=opened.name
    )

    refuse_other_currency(opened, columns, currency=by.custom.currency)

    def told(*, settle: bool) -> Readings:
        return _readings(opened, columns, one.source, one, by=by, settle=settle)

    return import_rows(
        opened,
        columns,
        table=one.table,
        readings=told(settle=False),
        settle=lambda: told(settle=True),
        warehouse=by.warehouse,
        progress=by.progress,
    )


def _readings(
    opened: Opened, columns: Columns, source: Source, one: Declared, *, by: Importing, settle: bool
) -> Readings:
    """Readings from the first rows; from all rows where the first ones leave them open."""
    table, timezone = one.table, by.custom.timezone
    try:
        return readings(opened, columns, table=table, source=source, timezone=timezone, settle=settle)
    except Problem:
        if settle:
            raise
        return readings(opened, columns, table=table, source=source, timezone=timezone, settle=True)


class _MustReread(Exception):  # noqa: N818 - no error: the new rows are not written as the old ones
    pass


def _import_tail(
    path: Path, one: Declared, *, before: Imported, surveyed: Survey, by: Importing
) -> Outcome | None:
    """Imports the rows that were added to a text file, or None if all must be read again."""
    layout = _LAYOUT.validate_json(before.layout or "")
    if layout.encoding == "utf-8" and not surveyed.utf8:
        return None
    file = TextFile(path=path, packed=False, survey=surveyed)
    opened = open_tail(file, layout, start=before.size, number=before.next_row)
    columns = mapped(
        one.table, opened.columns, given=one.source.columns, where=one.columns_where, source=opened.name
    )

    def reread() -> Readings:
        raise _MustReread

    told = _READINGS.validate_json(before.readings or "")
    try:
        imports = import_rows(
            opened,
            columns,
            table=one.table,
            readings=told,
            settle=reread,
            warehouse=by.warehouse,
            progress=by.progress,
        )
    except _MustReread:
        return None
    if imports.readings != told:
        # an attribute turned out to be text: the rows before must say so too
        (by.warehouse / imports.part.file).unlink(missing_ok=True)
        return None
    imported = before.model_copy(
        update={
            "size": surveyed.size,
            "mtime_ns": surveyed.mtime_ns,
            "seen_ns": time.time_ns(),
            "digest": surveyed.digest,
            "closed": surveyed.closed,
            "next_row": imports.next_row,
            "versions": (
                *before.versions,
                Version(batch=by.batch, digest=surveyed.digest, whole=False, part=imports.part),
            ),
        }
    )
    return Outcome(imported=imported, state="appended", rows_read=imports.part.rows_in)
