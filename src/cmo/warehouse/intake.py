"""Reading what is new in all sources of a workspace, in one step that is done or not done."""

import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Protocol

from cmo.measures import Problem
from cmo.warehouse.batches import Batch
from cmo.warehouse.connectors.landing import clear
from cmo.warehouse.credentials import Credentials
from cmo.warehouse.errors import errors_of, write_errors
from cmo.warehouse.importing import Importing, Outcome
from cmo.warehouse.journal import brought, redone, settled, undone, without
from cmo.warehouse.manifest import Imported, Manifest, Part, published, sweep
from cmo.warehouse.opening import Custom
from cmo.warehouse.places import places
from cmo.warehouse.readout import Read, ReadReport
from cmo.warehouse.refusals import Refusal, refused_rows
from cmo.warehouse.sources import Declared, declared
from cmo.workspace import Workspace

UNREAD = frozenset(("unchanged", "undone"))


class Progress(Protocol):
    """Told how far the reading is."""

    def __call__(self, origin: str, rows: int) -> None:
        """Rows read so far of a file or table."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Got:
    """What became of a source, and how long it took."""

    outcome: Outcome
    one: Declared
    seconds: float


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
        got: list[_Got] = []
        problems: list[str] = []
        credentials = Credentials.of(workspace)
        for one in declared(workspace):
            try:
                got.extend(_read(one, workspace, before=before, credentials=credentials, progress=progress))
            except Problem as problem:
                problems.extend(problem.sentences)
        if problems:
            sweep(warehouse, before)
            raise Problem(*(" ".join(sentence.split()) for sentence in problems))  # names may hold line ends
        now, batch = _kept(got, before=before, workspace=workspace)
        clear(warehouse)
    return _report(got, now, batch=batch, workspace=workspace, seconds=time.perf_counter() - begun)


def take_back(workspace: Workspace, number: int) -> Batch:
    """Takes a batch back: what it brought no longer counts, and what it replaced counts again.

    Done or not done, like a reading. Its sources are not read again until they change, or it is put back.

    Args:
        workspace: The workspace; its lock is held meanwhile.
        number: Number of the batch.

    Raises:
        Problem: There is no such batch, or it cannot be taken back.
    """
    warehouse = workspace.cmo / "warehouse"
    with workspace.writing():
        before = Manifest.read(warehouse)
        sweep(warehouse, before)
        now = undone(before, number, at=datetime.now(tz=UTC))
        return _changed(now, number, before=before, warehouse=warehouse)


def put_back(workspace: Workspace, number: int) -> Batch:
    """Puts a batch back that was taken back.

    Args:
        workspace: The workspace; its lock is held meanwhile.
        number: Number of the batch.

    Raises:
        Problem: There is no such batch, or it was not taken back.
    """
    warehouse = workspace.cmo / "warehouse"
    with workspace.writing():
        before = Manifest.read(warehouse)
        sweep(warehouse, before)
        return _changed(redone(before, number), number, before=before, warehouse=warehouse)


def _changed(now: Manifest, number: int, *, before: Manifest, warehouse: Path) -> Batch:
    now = published(settled(now, warehouse=warehouse, since=0), before=before, warehouse=warehouse)
    return next(batch for batch in now.batches if batch.number == number)


def _kept(got: list[_Got], *, before: Manifest, workspace: Workspace) -> tuple[Manifest, Batch | None]:
    """Makes what was read the content of the warehouse, and enters it in the journal."""
    warehouse, number = workspace.cmo / "warehouse", before.last_batch + 1
    held: dict[str, list[Imported]] = defaultdict(list)
    for one in got:
        held[one.one.table.name].append(one.outcome.imported)
    sources, lost = without(before.sources, held, batch=number)
    told = [
        brought(
            one.outcome,
            one.one.table,
            before=before.sources.get(one.one.table.name, ()),
            warehouse=warehouse,
        )
        for one in got
        if one.outcome.state not in UNREAD
    ]
    now = before.model_copy(update={"sources": sources})
    if told or lost:
        batch = Batch(number=number, at=datetime.now(tz=UTC), brought=(*told, *lost))
        now = now.model_copy(update={"batches": (*before.batches, batch)})
    now = settled(now, warehouse=warehouse, since=number)
    if not told and not lost:
        return published(now, before=before, warehouse=warehouse), None
    batch = _with_withheld(batch, now)
    now = now.model_copy(update={"batches": (*before.batches, batch)})
    parts = [
        (one.outcome.imported.origin, one.one.table.name, part)
        for one in got
        if one.outcome.state not in UNREAD and (part := one.outcome.imported.versions[-1].part) is not None
    ]
    write_errors(errors_of(workspace.cmo, number), parts, warehouse=warehouse)
    return published(now, before=before, warehouse=warehouse), batch


def _with_withheld(batch: Batch, now: Manifest) -> Batch:
    """The batch with the consents that were not raised, known once all is restated."""
    withheld = {
        (name, one.origin, one.specification): version.part.rows_withheld
        for name, imports in now.sources.items()
        for one in imports
        for version in one.versions
        if version.batch == batch.number and version.part is not None
    }
    return batch.model_copy(
        update={
            "brought": tuple(
                one.model_copy(
                    update={"withheld": withheld.get((one.table, one.origin, one.specification), 0)}
                )
                for one in batch.brought
            )
        }
    )


def _read(
    one: Declared,
    workspace: Workspace,
    *,
    before: Manifest,
    credentials: Credentials,
    progress: Progress,
) -> Iterator[_Got]:
    """Reads one source, file by file."""
    warehouse = workspace.cmo / "warehouse"
    # a file may fill a table in several ways, each told by its specification
    known = {
        imported.origin: imported
        for imported in before.sources.get(one.table.name, ())
        if imported.specification == one.specification
    }

    def by(origin: str) -> Importing:
        company = workspace.config.company
        return Importing(
            warehouse=warehouse,
            batch=before.last_batch + 1,
            custom=Custom(currency=company.currency, timezone=company.timezone),
            progress=partial(progress, origin),
        )

    read: list[Outcome] = []
    for place in places(one, workspace, credentials=credentials):
        begun = time.perf_counter()
        outcome = place(known, by)
        read.append(outcome)
        yield _Got(outcome=outcome, one=one, seconds=time.perf_counter() - begun)
    rows_in = sum(outcome.imported.total("rows_in") for outcome in read)
    refused = [part for outcome in read for part in outcome.imported.parts if part.rows_refused]
    if refused and not any(outcome.imported.total("rows_kept") for outcome in read):
        raise _none_kept(one, refused, warehouse=warehouse, n_rows=rows_in)
    if not rows_in and not any(outcome.state == "undone" for outcome in read):
        raise Problem(
            f"{one.where}: {one.source.path or one.source.table or read[0].imported.origin} has a header and "
            f"no row; export it again"
        )


def _none_kept(one: Declared, refused: list[Part], *, warehouse: Path, n_rows: int) -> Problem:
    """A sentence for a source without one good row: the first row shows what is generally amiss."""
    named = one.source.path or one.source.table or "the answer"
    row = next(refused_rows(warehouse / str(refused[0].refused), limit=1))
    told = {key: row[key] for key in ("row", "column", "value", "rule")}
    refusal = Refusal(origin=str(named), table=one.table.name, **told)
    shown = f", {refusal.column}: {str(refusal.value)[:60]!r}" if refusal.column else ""
    return Problem(
        f"{one.where}: none of the {n_rows} rows of {named} can be kept; "
        f"row {refusal.row}{shown}, {refusal.says.en}"
    )


def _report(
    got: list[_Got], now: Manifest, *, batch: Batch | None, workspace: Workspace, seconds: float
) -> ReadReport:
    warehouse = workspace.cmo / "warehouse"
    shown = {
        (table, one.origin, one.specification): one
        for table, imports in now.sources.items()
        for one in imports
    }
    counting = [version for one in shown.values() for version in one.counting]
    refusing = {one.batch for one in counting if one.part is not None and one.part.rows_refused}
    lists = [errors_of(workspace.cmo, number) for number in sorted(refusing)]
    return ReadReport(
        sources=tuple(
            _told(one, shown[one.one.table.name, *_name(one.outcome.imported)], warehouse=warehouse)
            for one in got
        ),
        seconds=seconds,
        batch=batch,
        errors=tuple(path for path in lists if path.exists()),
    )


def _name(one: Imported) -> tuple[str, str]:
    return one.origin, one.specification


def _told(got: _Got, one: Imported, *, warehouse: Path) -> Read:
    return Read(
        table=got.one.table.name,
        origin=one.origin,
        state=got.outcome.state,
        rows_in=one.total("rows_in"),
        rows_kept=one.total("rows_kept"),
        rows_refused=one.total("rows_refused"),
        rows_left_out=one.total("rows_left_out"),
        rows_restated=one.total("rows_restated"),
        rows_read=got.outcome.rows_read,
        seconds=got.seconds,
        refused=tuple(warehouse / part.refused for part in one.parts if part.refused),
    )
