"""What the warehouse holds: one small file, replaced at once or not at all."""

import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

VERSION = 1
NAME = "manifest.json"


class Part(BaseModel):
    """Rows of a source that were imported together.

    Attributes:
        file: Parquet file of the kept rows, relative to the warehouse.
        refused: Parquet file of the refused rows, or None if there are none.
        columns: Names of its columns and their Ibis types.
        rows_in: Rows read.
        rows_kept: Rows kept.
        rows_refused: Rows refused.
        rows_left_out: Rows that are none of the table, such as totals; kept, refused and left out make the
            rows read.
        first: First day of the table's time column, or None.
        last: Last day of the table's time column, or None.
        live: Parquet file of the rows that no later file replaces, or None where it is all of them.
        rows_restated: Rows that a later file replaces.
        against: Files that `live` was made against.
    """

    model_config = ConfigDict(frozen=True)

    file: str
    refused: str | None = None
    columns: tuple[tuple[str, str], ...]
    rows_in: int
    rows_kept: int
    rows_refused: int
    rows_left_out: int = 0
    first: date | None = None
    last: date | None = None
    live: str | None = None
    rows_restated: int = 0
    against: tuple[str, ...] = ()

    @property
    def shown(self) -> str:
        """The parquet file that a reader of the table reads."""
        return self.live or self.file


class Imported(BaseModel):
    """A file, or a table of a database, that was imported.

    Attributes:
        origin: Its path, or the table's name.
        specification: Digest of all that says how it is read.
        size: Bytes, when it was imported.
        mtime_ns: When it was last written before it was imported.
        seen_ns: When it was imported.
        digest: Digest of its content.
        closed: Whether it ended with the end of a row.
        next_row: Number of the row that would come next.
        layout: How its text is laid out, or None where it is no text.
        readings: How its columns were read.
        parts: Its rows.
    """

    model_config = ConfigDict(frozen=True)

    origin: str
    specification: str
    size: int
    mtime_ns: int
    seen_ns: int
    digest: str
    closed: bool = False
    next_row: int = 0
    layout: str | None = None
    readings: str | None = None
    parts: tuple[Part, ...]

    def total(self, what: str) -> int:
        """Sum of a count over the parts."""
        return sum(getattr(part, what) for part in self.parts)


class Manifest(BaseModel):
    """What the warehouse holds.

    Attributes:
        version: Version of this file's shape.
        tables: Canonical table to what was imported into it, a later one restating an earlier one.
        retired: Files of the manifest before this one, kept for those who still read them.
    """

    model_config = ConfigDict(frozen=True)

    version: int = VERSION
    tables: dict[str, tuple[Imported, ...]] = Field(default_factory=dict)
    retired: tuple[str, ...] = ()

    def files(self) -> Iterator[str]:
        """The files it names."""
        for imports in self.tables.values():
            for part in (part for one in imports for part in one.parts):
                yield from filter(None, (part.file, part.refused, part.live))

    @classmethod
    def read(cls, warehouse: Path) -> "Manifest":
        """The manifest of a warehouse; an empty one where there is none, or none of this version."""
        try:
            manifest = cls.model_validate_json((warehouse / NAME).read_bytes())
        except (OSError, ValidationError):
            return cls()
        whole = all((warehouse / name).is_file() for name in manifest.files())
        return manifest if manifest.version == VERSION and whole else cls()

    def write(self, warehouse: Path) -> None:
        """Puts this manifest in the place of the one before, at once."""
        temporary = warehouse / f"{NAME}.new"
        with temporary.open("wb") as file:
            file.write(self.model_dump_json(indent=1).encode())
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(warehouse / NAME)
        fsync_folder(warehouse)


def fsync_folder(folder: Path) -> None:
    """Makes sure that the names in a folder outlive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sweep(warehouse: Path, manifest: Manifest) -> None:
    """Removes the files that a killed run left, and those that nobody reads any more."""
    known = {*manifest.files(), *manifest.retired}
    for path in warehouse.glob("*/*"):
        if path.is_file() and f"{path.parent.name}/{path.name}" not in known:
            path.unlink(missing_ok=True)
    (warehouse / f"{NAME}.new").unlink(missing_ok=True)
