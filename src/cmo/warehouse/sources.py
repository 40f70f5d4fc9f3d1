"""What cmo.yaml declares as sources, held against the canonical tables and found on the disk."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cmo.measures import Problem
from cmo.warehouse.databases import database_file
from cmo.warehouse.exports.known import FORMATS
from cmo.warehouse.tables import TABLES, CanonicalTable
from cmo.workspace import Source, Workspace, nearest
from cmo.workspace.place import files_at

IMPORTER = "2"
"""Raised when the same file would be read differently than before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """A source as cmo.yaml declares it.

    Attributes:
        table: The canonical table it fills.
        source: What cmo.yaml says.
        where: Beginning of an error's sentence: file, line, key.
        columns_where: The same, of its mapping.
        specification: Digest of all that says how it is read.
    """

    table: CanonicalTable
    source: Source
    where: str
    columns_where: str
    specification: str


def declared(workspace: Workspace) -> tuple[Declared, ...]:
    """The sources of a workspace, in the order of cmo.yaml.

    Raises:
        Problem: A table is not canonical, or the company has no source at all.
    """
    problems: list[str] = []
    found: list[Declared] = []
    for name, sources in workspace.config.sources.items():
        place: tuple[str | int, ...] = ("sources", name)
        if name not in TABLES:
            where = workspace.document.where(place)
            problems.append(
                f"{where}: {name} is not a table; the tables are {', '.join(TABLES)}.{nearest(name, TABLES)}"
            )
            continue
        told = (workspace.document.data.get("sources") or {}).get(name, [])
        for at, source in enumerate(sources):
            if at >= (len(told) if isinstance(told, list) else 1):
                found.append(_own(name, source, workspace))
                continue
            here = (*place, at) if isinstance(told, list) else place
            if source.format is not None:
                problems += _wrong_format(
                    source.format, name, where=workspace.document.where((*here, "format"))
                )
            found.append(
                Declared(
                    table=TABLES[name],
                    source=source,
                    where=workspace.document.where(here),
                    columns_where=workspace.document.where((*here, "columns")),
                    specification=_specification(name, source, workspace),
                )
            )
    if problems:
        raise Problem(*problems)
    if not found:
        raise Problem(
            f"{workspace.document.where(('sources',))}: there is no source yet; add one, such as orders"
        )
    return tuple(found)


def _own(name: str, source: Source, workspace: Workspace) -> Declared:
    """A source that cmo wrote itself."""
    where = str(source.path)
    return Declared(
        table=TABLES[name],
        source=source,
        where=where,
        columns_where=where,
        specification=_specification(name, source, workspace),
    )


def _wrong_format(written: str, table: str, *, where: str) -> Iterator[str]:
    """A sentence where a format is not known, or fills another table."""
    exports = FORMATS.get(written)
    if exports is None:
        yield (
            f"{where}: {written} is no known export; those known are {', '.join(FORMATS)}."
            f"{nearest(written, FORMATS)}"
        )
    elif all(export.table != table for export in exports):
        fills = " or ".join(dict.fromkeys(export.table for export in exports))
        yield f"{where}: {written} fills the table {fills}, not {table}; move this source there"


def files_of(one: Declared, *, folder: Path) -> Iterator[Path]:
    """The files of a source, in the order of their names.

    Raises:
        Problem: There is none, or it lies where it may not.
    """
    if one.source.path is None:
        raise Problem(f"{one.where}: this source is a table of a database and has no file")
    try:
        yield from files_at(one.source.path, folder=folder)
    except Problem as problem:
        raise Problem(*(f"{one.where}: {sentence}" for sentence in problem.sentences)) from problem


def sqlite_file(one: Declared, url: str, *, folder: Path) -> Path | None:
    """The file of an SQLite source, or None for another database.

    Raises:
        Problem: There is no such file.
    """
    try:
        return database_file(url, folder=folder)
    except Problem as problem:
        raise Problem(*(f"{one.where}: {sentence}" for sentence in problem.sentences)) from problem


def _specification(name: str, source: Source, workspace: Workspace) -> str:
    said = source.model_dump_json(exclude={"path", "url"})
    whole = f"{IMPORTER}|{name}|{said}|{workspace.config.company.timezone}|"
    whole += workspace.config.company.currency
    return hashlib.blake2b(whole.encode(), digest_size=16).hexdigest()
