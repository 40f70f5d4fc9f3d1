"""Where the rows of a source are: files, or tables of a database."""

import importlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Protocol

from cmo.measures import Problem
from cmo.warehouse.databases import open_sqlite, resolved
from cmo.warehouse.importing import Importing, Outcome, import_file, import_opened
from cmo.warehouse.manifest import Imported
from cmo.warehouse.sources import Declared, files_of, sqlite_file
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


def places(one: Declared, workspace: Workspace, *, warehouse: Path) -> Iterator[Place]:
    """The places where a source has rows, in order.

    Args:
        one: The source.
        workspace: The workspace.
        warehouse: Folder of the warehouse.

    Raises:
        Problem: There is none, or none that can be reached.
    """
    if one.source.path is not None:
        for path in files_of(one, folder=workspace.folder):
            yield partial(_from_file, one, path)
        return
    url = resolved(one.source.url or "", where=one.where)
    file = sqlite_file(one, url, folder=workspace.folder)
    if file is not None:
        yield partial(_from_sqlite, one, file)
    elif url.startswith(("postgresql:", "postgres:")):
        yield partial(_from_postgres, one, url, warehouse)
    else:
        raise Problem(
            f"{one.where}: the url begins with {url.partition(':')[0]}, sqlite or postgresql was expected"
        )


def _from_file(one: Declared, path: Path, known: Mapping[str, Imported], by: By) -> Outcome:
    return import_file(path, one, before=known.get(str(path)), by=by(str(path)))


def _from_sqlite(one: Declared, path: Path, known: Mapping[str, Imported], by: By) -> Outcome:
    opened = open_sqlite(path, one.source.table or "")
    log = path.with_name(f"{path.name}-wal")
    digest = survey(path).digest + (survey(log).digest if log.exists() else "")
    return import_opened(opened, one, before=known.get(opened.name), digest=digest, by=by(opened.name))


def _from_postgres(
    one: Declared, url: str, warehouse: Path, known: Mapping[str, Imported], by: By
) -> Outcome:
    origin = f"table {one.source.table}"
    # the server writes csv in one way
    written = one.source.model_copy(update={"decimal": ".", "delimiter": ",", "encoding": "utf-8"})
    one = replace(one, source=written)
    with _copied(one, url, warehouse) as path:
        outcome = import_file(path, one, before=known.get(origin), by=by(origin))
    return Outcome(
        imported=outcome.imported.model_copy(update={"origin": origin}),
        state=outcome.state,
        rows_read=outcome.rows_read,
    )


@contextmanager
def _copied(one: Declared, url: str, warehouse: Path) -> Iterator[Path]:
    try:
        postgres = importlib.import_module("cmo.warehouse.postgres")
    except ImportError as error:
        needed = "pip install 'chief-marketing-officer[postgres]'"
        raise Problem(f"{one.where}: PostgreSQL needs its driver; {needed}") from error
    folder = warehouse / "copies"
    folder.mkdir(exist_ok=True)
    path: Path = postgres.copy_table(url, one.source.table, where=one.where, folder=folder)
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)
