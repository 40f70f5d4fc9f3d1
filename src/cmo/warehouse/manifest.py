"""What the warehouse holds: one small file, replaced at once or not at all."""

import os
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from cmo.warehouse.batches import Batch

VERSION = 2
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
        live: Parquet file of the rows as a reader sees them, or None where it is all of them as they are.
        live_columns: Columns of `live` where consents were added to them, or None.
        rows_repeated: Of a stream, rows whose key a later row of the same part has.
        rows_restated: Rows that a later file replaces.
        rows_withheld: Rows whose consent a known unsubscription outweighs.
        consents: Digest of what the unsubscriptions changed, or None where they changed nothing.
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
    live_columns: tuple[tuple[str, str], ...] | None = None
    rows_repeated: int = 0
    rows_restated: int = 0
    rows_withheld: int = 0
    consents: str | None = None
    against: tuple[str, ...] = ()

    @property
    def shown(self) -> str:
        """The parquet file that a reader of the table reads."""
        return self.live or self.file

    @property
    def shown_columns(self) -> tuple[tuple[str, str], ...]:
        """Names of the columns a reader sees, and their Ibis types."""
        return self.columns if self.live_columns is None else self.live_columns

    def files(self) -> Iterator[str]:
        """The files it names."""
        yield from filter(None, (self.file, self.refused, self.live))


class Version(BaseModel):
    """A source as one batch found it.

    Attributes:
        batch: Number of the batch.
        digest: Digest of its content then.
        whole: Whether this takes the place of what was read before, rather than going on from there.
        part: Its rows; None where the source was gone.
        state: For a stream, how far it had been read then.
        undone: Whether the batch was taken back.
    """

    model_config = ConfigDict(frozen=True)

    batch: int
    digest: str
    whole: bool
    part: Part | None = None
    state: str | None = None
    undone: bool = False


class Imported(BaseModel):
    """A file, a table of a database or a stream that was imported, with its history.

    Attributes:
        origin: Its path, or the table's name.
        specification: Digest of all that says how it is read.
        size: Bytes, when it was last looked at.
        mtime_ns: When it was last written before that.
        seen_ns: When it was last looked at.
        digest: Digest of its content then.
        closed: Whether it ended with the end of a row.
        next_row: Number of the row that would come next.
        layout: How its text is laid out, or None where it is no text.
        readings: How its columns were read.
        key: Columns by which its later rows replace its earlier ones; empty where none do.
        state: For a stream, how far it has been read.
        versions: What each batch read of it, oldest first.
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
    key: tuple[str, ...] = ()
    state: str | None = None
    versions: tuple[Version, ...]

    @property
    def counting(self) -> tuple[Version, ...]:
        """The versions whose rows count: the last whole one that stands, and what went on from it."""
        counting: list[Version] = []
        for version in self.versions:
            if not version.undone:
                counting = [version] if version.whole else [*counting, version]
        return tuple(counting)

    @property
    def parts(self) -> tuple[Part, ...]:
        """The rows that count."""
        return tuple(version.part for version in self.counting if version.part is not None)

    @property
    def is_on_hold(self) -> bool:
        """Whether what was last read of it was taken back."""
        return bool(self.versions) and self.versions[-1].undone

    def total(self, what: str) -> int:
        """Sum of a count over the rows that count."""
        return sum(getattr(part, what) for part in self.parts)

    def with_parts(self, parts: Mapping[str, Part]) -> "Imported":
        """The same, with other parts in the place of those of the same file."""
        versions = tuple(
            version.model_copy(update={"part": parts.get(version.part.file, version.part)})
            if version.part is not None
            else version
            for version in self.versions
        )
        return self.model_copy(update={"versions": versions})


class Unsubscribed(BaseModel):
    """The customers and addresses of which a batch told first that they unsubscribed.

    Attributes:
        batch: Number of the batch.
        file: Parquet file, relative to the warehouse.
        undone: Whether the batch was taken back.
    """

    model_config = ConfigDict(frozen=True)

    batch: int
    file: str
    undone: bool = False


class Manifest(BaseModel):
    """What the warehouse holds.

    Attributes:
        version: Version of this file's shape.
        sources: Canonical table to what was imported into it, a later one restating an earlier one.
        batches: What each reading brought, oldest first.
        unsubscribed: Who is known to have unsubscribed, by the batch that told it.
        retired: Files of the manifest before this one, kept for those who still read them.
    """

    model_config = ConfigDict(frozen=True)

    version: int = VERSION
    sources: dict[str, tuple[Imported, ...]] = Field(default_factory=dict)
    batches: tuple[Batch, ...] = ()
    unsubscribed: tuple[Unsubscribed, ...] = ()
    retired: tuple[str, ...] = ()

    @property
    def tables(self) -> dict[str, tuple[Imported, ...]]:
        """Canonical table to the sources that have rows in it now."""
        shown = {name: tuple(one for one in imports if one.parts) for name, imports in self.sources.items()}
        return {name: imports for name, imports in shown.items() if imports}

    @property
    def last_batch(self) -> int:
        """Number of the last batch; 0 before the first."""
        return self.batches[-1].number if self.batches else 0

    def files(self) -> Iterator[str]:
        """The files it names."""
        for imports in self.sources.values():
            for version in (version for one in imports for version in one.versions):
                if version.part is not None:
                    yield from version.part.files()
        yield from (one.file for one in self.unsubscribed)

    @classmethod
    def read(cls, warehouse: Path) -> "Manifest":
        """The manifest of a warehouse; an empty one where there is none, or none of this version."""
        try:
            manifest = cls.model_validate_json((warehouse / NAME).read_bytes())
        except (OSError, ValidationError):
            return cls()
        if manifest.version != VERSION:
            return cls()
        if all((warehouse / name).is_file() for name in manifest.files()):
            return manifest
        # the sources are read again, and who unsubscribed is not forgotten
        known = tuple(one for one in manifest.unsubscribed if (warehouse / one.file).is_file())
        return cls(batches=manifest.batches, unsubscribed=known)

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


def published(now: Manifest, *, before: Manifest, warehouse: Path) -> Manifest:
    """Puts a manifest in the place of the one before, unless they say the same.

    The files that only the one before names are kept once more: somebody may be reading them.

    Args:
        now: The new manifest.
        before: The one in its place.
        warehouse: Folder of the warehouse.

    Returns:
        The manifest as written.
    """
    held, had = set(now.files()), set(before.files())
    retired = before.retired if held == had else tuple(sorted(had - held))
    now = now.model_copy(update={"retired": retired})
    if now != before:
        now.write(warehouse)
    return now


def sweep(warehouse: Path, manifest: Manifest, *, keep: str = "landing") -> None:
    """Removes the files that a killed run left, and those that nobody reads any more.

    Args:
        warehouse: Folder of the warehouse.
        manifest: What is read.
        keep: A folder that looks after itself.
    """
    known = {*manifest.files(), *manifest.retired}
    for path in warehouse.glob("*/*"):
        if path.is_file() and path.parent.name != keep and f"{path.parent.name}/{path.name}" not in known:
            path.unlink(missing_ok=True)
    (warehouse / f"{NAME}.new").unlink(missing_ok=True)
