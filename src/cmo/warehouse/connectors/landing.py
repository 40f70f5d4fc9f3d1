"""Where pages land before they are imported: a reading that is cut off goes on from its last whole page."""

import hashlib
import os
import time
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from cmo.warehouse.connectors.protocol import Connector, Stream
from cmo.warehouse.credentials import Credentials

FOLDER = "landing"
STALE = 6 * 3600.0
"""Seconds after which a reading that was cut off begins again: pages move while it waits."""


class _Mark(BaseModel):
    """How far a reading has come."""

    model_config = ConfigDict(frozen=True)

    since: str | None
    size: int
    cursor: str | None
    resume: str
    at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Landed:
    """A stream, landed.

    Attributes:
        path: Its rows.
        cursor: Largest value of the cursor, or None where there was no row.
        resumed: Whether an earlier reading was gone on with.
    """

    path: Path
    cursor: str | None
    resumed: bool


def land(
    connector: Connector,
    stream: Stream,
    *,
    since: str | None,
    specification: str,
    warehouse: Path,
    credentials: Credentials,
) -> Landed:
    """Reads a stream into a file, page by page.

    Args:
        connector: The connector.
        stream: Its stream.
        since: Value of the cursor to read from.
        specification: Digest of all that says how it is read.
        warehouse: Folder of the warehouse.
        credentials: What may not be written to a file.

    Raises:
        Problem: It cannot be read to its end; what has landed is gone on with next time.
    """
    folder = warehouse / FOLDER
    folder.mkdir(exist_ok=True)
    name = hashlib.blake2b(f"{stream.name}|{specification}".encode(), digest_size=8).hexdigest()
    path, marks = folder / f"{name}{stream.suffix}", folder / f"{name}.json"
    mark = _mark(marks, path, since=since)
    cursor = mark.cursor if mark else None
    resume = credentials.restored(mark.resume) if mark else None
    with path.open("r+b" if mark else "wb") as file:
        if mark:
            file.truncate(mark.size)
            file.seek(mark.size)
        for page in connector.read(stream, since=since, resume=resume):
            file.write(page.data)
            cursor = page.cursor if cursor is None else later(cursor, page.cursor)
            if page.resume is not None:
                file.flush()
                os.fsync(file.fileno())
                reached = _Mark(
                    since=since,
                    size=file.tell(),
                    cursor=cursor,
                    resume=credentials.named(page.resume),
                    at=time.time(),
                )
                draft = marks.with_suffix(".json.new")
                draft.write_text(reached.model_dump_json(), encoding="utf-8")
                draft.replace(marks)
    marks.unlink(missing_ok=True)
    return Landed(path=path, cursor=cursor, resumed=mark is not None)


def clear(warehouse: Path) -> None:
    """Removes what has landed whole; what was cut off stays for the next reading."""
    for path in (warehouse / FOLDER).glob("*"):
        if path.suffix not in {".json", ".new"} and not path.with_suffix(".json").exists():
            path.unlink(missing_ok=True)


def _mark(marks: Path, path: Path, *, since: str | None) -> _Mark | None:
    try:
        mark = _Mark.model_validate_json(marks.read_bytes())
        whole = path.stat().st_size >= mark.size
    except (OSError, ValidationError):
        return None
    fits = whole and mark.since == since and 0 <= time.time() - mark.at < STALE
    return mark if fits else None


def later(one: str, other: str | None) -> str:
    """The larger of two values of a cursor: as numbers where both are, else as they are written."""
    if other is None:
        return one
    try:
        return max(one, other, key=float)
    except ValueError:
        return max(one, other)
