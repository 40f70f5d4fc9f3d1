"""Reading what is new in all sources of a workspace, in one step that is done or not done."""

import importlib
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from pathlib import Path
from types import MappingProxyType
from typing import Any, Protocol

import pyarrow.parquet as pq

from cmo.measures import Problem, Text
from cmo.warehouse.databases import open_sqlite, resolved
from cmo.warehouse.importing import Importing, Outcome, import_file, import_opened
from cmo.warehouse.manifest import Imported, Manifest, Part, sweep
from cmo.warehouse.opened import LEFT_OUT
from cmo.warehouse.opening import Custom
from cmo.warehouse.restating import restated
from cmo.warehouse.sources import Declared, declared, files_of, sqlite_file
from cmo.warehouse.survey import survey
from cmo.warehouse.tables import TABLES
from cmo.workspace import Workspace

RULES: Mapping[str, Text] = MappingProxyType(
    {
        "missing": Text(en="a value is required", fr="une valeur est obligatoire"),
        "number": Text(en="a number was expected", fr="un nombre était attendu"),
        "day": Text(en="a date from 1900 to 2199 was expected", fr="une date de 1900 à 2199 était attendue"),
        "instant": Text(
            en="a date from 1900 to 2199 was expected", fr="une date de 1900 à 2199 était attendue"
        ),
        "flag": Text(en="yes or no was expected", fr="oui ou non était attendu"),
        "finite": Text(en="a finite number was expected", fr="un nombre fini était attendu"),
        "at_least": Text(en="at least {bound} was expected", fr="au moins {bound} était attendu"),
        "at_most": Text(en="at most {bound} was expected", fr="au plus {bound} était attendu"),
        "exceeds": Text(en="no more than {bound} was expected", fr="pas plus que {bound} était attendu"),
        "cells": Text(
            en="as many cells as in the header were expected", fr="il faut autant de cellules que l'en-tête"
        ),
        "object": Text(en="a JSON object was expected", fr="un objet JSON était attendu"),
        "currency": Text(
            en="an amount in {bound} was expected; cmo converts no currency",
            fr="un montant en {bound} était attendu ; cmo ne convertit aucune devise",
        ),
        "order": Text(
            en="a row of its order with the order's own fields was expected",
            fr="il manque la ligne qui porte les champs de la commande",
        ),
        "preamble": Text(en="left out: a line before the header", fr="écartée : ligne avant l'en-tête"),
        "total": Text(en="left out: a total of other rows", fr="écartée : total d'autres lignes"),
        "cancelled": Text(en="left out: a cancelled order", fr="écartée : commande annulée"),
        "unpaid": Text(en="left out: never paid", fr="écartée : jamais payée"),
        "trial": Text(en="left out: a payment in test mode", fr="écartée : paiement en mode test"),
        "open": Text(en="left out: a deal that is not won", fr="écartée : affaire non gagnée"),
        "repeated": Text(
            en="left out: the same figures in another table", fr="écartée : mêmes chiffres que plus haut"
        ),
    }
)
"""What each rule says, by the code that refused rows carry (what follows a colon there is the bound)."""


class Progress(Protocol):
    """Told how far the reading is."""

    def __call__(self, origin: str, rows: int) -> None:
        """Rows read so far of a file or table."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What was read of one file, or one table of a database.

    Attributes:
        table: The canonical table it fills.
        origin: Its path, or the database's table.
        state: unchanged, appended, changed or new.
        rows_in: Rows it has.
        rows_kept: Rows kept.
        rows_refused: Rows refused.
        rows_left_out: Rows that are none of the table, such as totals; kept, refused and left out make the
            rows it has.
        rows_restated: Kept rows that a later file replaces.
        rows_read: Rows that had to be read this time.
        seconds: Time it took.
        refused: Files of the refused rows.
    """

    table: str
    origin: str
    state: str
    rows_in: int
    rows_kept: int
    rows_refused: int
    rows_left_out: int
    rows_restated: int
    rows_read: int
    seconds: float
    refused: tuple[Path, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A refused row.

    Attributes:
        origin: File or table it stands in.
        table: The canonical table.
        row: Its number; the header is row 1.
        column: The canonical column at fault, or None for the whole row.
        value: The text at fault, or None.
        rule: Code of the rule it breaks.
    """

    origin: str
    table: str
    row: int
    column: str | None
    value: str | None
    rule: str

    @property
    def says(self) -> Text:
        """What was expected."""
        code, _, bound = self.rule.partition(":")
        text = RULES[code]
        return Text(en=text.en.replace("{bound}", bound), fr=text.fr.replace("{bound}", bound))


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadReport:
    """What reading all sources of a workspace gave.

    Attributes:
        sources: File by file, table by table, in the order of cmo.yaml.
        seconds: Time it took.
    """

    sources: tuple[Read, ...]
    seconds: float

    @property
    def is_new(self) -> bool:
        """Whether anything was read."""
        return any(one.state != "unchanged" for one in self.sources)

    def total(self, what: str, *, table: str | None = None) -> int:
        """Sum of a count (`rows_in`, `rows_kept` …) over all sources, or over those of a table."""
        return sum(getattr(one, what) for one in self.sources if table in {None, one.table})

    def refusals(self, *, limit: int = 1000) -> Iterator[Refusal]:
        """Refused rows, at most `limit` of each source."""
        for one in self.sources:
            left = limit
            for path in one.refused:
                for row in _refused(path, limit=left):
                    left -= 1
                    yield Refusal(
                        origin=one.origin,
                        table=one.table,
                        row=row["row"],
                        column=row["column"],
                        value=row["value"],
                        rule=row["rule"],
                    )

    def left_out(self, table: str) -> Mapping[str, int]:
        """How many rows of a table's sources are none of its rows, by code of the reason."""
        tally: Counter[str] = Counter()
        for path in (path for one in self.sources if one.table == table for path in one.refused):
            rules = pq.read_table(path, columns=["rule"]).column("rule").to_pylist()
            tally.update(rule for rule in rules if rule in LEFT_OUT)
        return tally


def _refused(path: Path, *, limit: int) -> Iterator[dict[str, Any]]:
    """The first refused rows of a part, without those that are left out."""
    rows = (row for batch in pq.ParquetFile(path).iter_batches(1000) for row in batch.to_pylist())
    return islice((row for row in rows if row["rule"] not in LEFT_OUT), max(limit, 0))


def _silent(origin: str, rows: int) -> None:
    """Nobody is told."""


def read_sources(workspace: Workspace, *, progress: Progress = _silent) -> ReadReport:
    """Reads what is new in all sources of a workspace.

    Either all of it becomes what the warehouse holds, or nothing does: a run that is killed, or that ends
    with a problem, leaves the warehouse as it was.

    Args:
        workspace: The workspace; its lock is held meanwhile.
        progress: Told how far the reading is.

    Raises:
        Problem: A source cannot be read, or another process is writing.
    """
    begun = time.perf_counter()
    warehouse = workspace.cmo / "warehouse"
    with workspace.writing():
        warehouse.mkdir(exist_ok=True)
        before = Manifest.read(warehouse)
        sweep(warehouse, before)
        held: dict[str, list[Imported]] = defaultdict(list)
        outcomes: list[tuple[Outcome, str, float]] = []
        problems: list[str] = []
        for one in declared(workspace):
            try:
                for outcome, seconds in _read(
                    one, workspace, before=before, warehouse=warehouse, progress=progress
                ):
                    held[one.table.name].append(outcome.imported)
                    outcomes.append((outcome, one.table.name, seconds))
            except Problem as problem:
                problems.extend(problem.sentences)
        if problems:
            sweep(warehouse, before)
            raise Problem(*(" ".join(sentence.split()) for sentence in problems))  # names may hold line ends
        now = _published(held, before=before, warehouse=warehouse)
    return _report(outcomes, now, warehouse=warehouse, seconds=time.perf_counter() - begun)


def _published(held: Mapping[str, list[Imported]], *, before: Manifest, warehouse: Path) -> Manifest:
    tables = {
        name: restated(imports, table=TABLES[name], warehouse=warehouse) for name, imports in held.items()
    }
    now = Manifest(tables=tables)
    gone = set(before.files()) - set(now.files())
    if gone or set(now.files()) != set(before.files()):
        now = now.model_copy(update={"retired": tuple(sorted(gone))})
    else:
        now = now.model_copy(update={"retired": before.retired})
    if now != before:
        now.write(warehouse)
    return now


def _read(
    one: Declared, workspace: Workspace, *, before: Manifest, warehouse: Path, progress: Progress
) -> Iterator[tuple[Outcome, float]]:
    """Reads one source, file by file."""
    # a file may fill a table in several ways, each told by its specification
    known = {
        imported.origin: imported
        for imported in before.tables.get(one.table.name, ())
        if imported.specification == one.specification
    }

    def by(origin: str) -> Importing:
        company = workspace.config.company
        custom = Custom(currency=company.currency, timezone=company.timezone)
        return Importing(warehouse=warehouse, custom=custom, progress=partial(progress, origin))

    read: list[Imported] = []
    for place in _places(one, workspace, warehouse=warehouse):
        begun = time.perf_counter()
        outcome = place(known, by)
        read.append(outcome.imported)
        yield outcome, time.perf_counter() - begun
    rows_in = sum(imported.total("rows_in") for imported in read)
    refused = [part for imported in read for part in imported.parts if part.rows_refused]
    if refused and not any(imported.total("rows_kept") for imported in read):
        raise _none_kept(one, refused, warehouse=warehouse, n_rows=rows_in)
    if not rows_in:
        raise Problem(
            f"{one.where}: {one.source.path or one.source.table} has a header and no row; export it again"
        )


class _Place(Protocol):
    def __call__(self, known: Mapping[str, Imported], by: "_By") -> Outcome: ...


class _By(Protocol):
    def __call__(self, origin: str) -> Importing: ...


def _places(one: Declared, workspace: Workspace, *, warehouse: Path) -> Iterator[_Place]:
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


def _from_file(one: Declared, path: Path, known: Mapping[str, Imported], by: _By) -> Outcome:
    return import_file(path, one, before=known.get(str(path)), by=by(str(path)))


def _from_sqlite(one: Declared, path: Path, known: Mapping[str, Imported], by: _By) -> Outcome:
    opened = open_sqlite(path, one.source.table or "")
    log = path.with_name(f"{path.name}-wal")
    digest = survey(path).digest + (survey(log).digest if log.exists() else "")
    return import_opened(opened, one, before=known.get(opened.name), digest=digest, by=by(opened.name))


def _from_postgres(
    one: Declared, url: str, warehouse: Path, known: Mapping[str, Imported], by: _By
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


def _none_kept(one: Declared, refused: list[Part], *, warehouse: Path, n_rows: int) -> Problem:
    """A sentence for a source without one good row: the first row shows what is generally amiss."""
    named = one.source.path or one.source.table
    row = next(_refused(warehouse / str(refused[0].refused), limit=1))
    told = {key: row[key] for key in ("row", "column", "value", "rule")}
    refusal = Refusal(origin=str(named), table=one.table.name, **told)
    shown = f", {refusal.column}: {str(refusal.value)[:60]!r}" if refusal.column else ""
    return Problem(
        f"{one.where}: none of the {n_rows} rows of {named} can be kept; "
        f"row {refusal.row}{shown}, {refusal.says.en}"
    )


def _report(
    outcomes: list[tuple[Outcome, str, float]], now: Manifest, *, warehouse: Path, seconds: float
) -> ReadReport:
    shown = {
        (table, one.origin, one.specification): one
        for table, imports in now.tables.items()
        for one in imports
    }
    return ReadReport(
        sources=tuple(
            Read(
                table=table,
                origin=outcome.imported.origin,
                state=outcome.state,
                rows_in=outcome.imported.total("rows_in"),
                rows_kept=outcome.imported.total("rows_kept"),
                rows_refused=outcome.imported.total("rows_refused"),
                rows_left_out=outcome.imported.total("rows_left_out"),
                rows_restated=shown[table, outcome.imported.origin, outcome.imported.specification].total(
                    "rows_restated"
                ),
                rows_read=outcome.rows_read,
                seconds=taken,
                refused=tuple(warehouse / part.refused for part in outcome.imported.parts if part.refused),
            )
            for outcome, table, taken in outcomes
        ),
        seconds=seconds,
    )
