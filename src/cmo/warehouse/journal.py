"""Keeping the journal of imports: what a batch brought, what is still kept of it, taking it back."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from cmo.measures import Problem
from cmo.warehouse.batches import KEPT, Batch, Brought
from cmo.warehouse.consents import TABLE, learned
from cmo.warehouse.identity import alike, content, days_of, identity, key_of, may_meet, scan
from cmo.warehouse.importing import Outcome
from cmo.warehouse.manifest import Imported, Manifest, Part, Version
from cmo.warehouse.parts import connected
from cmo.warehouse.restating import restated
from cmo.warehouse.tables import TABLES, CanonicalTable

LARGEST = 1_000_000
"""Rows without a natural key up to which repeats are counted at once; beyond, cmo check tells them."""

GONE = ""
"""Digest of a source that is not there."""


def brought(
    outcome: Outcome, table: CanonicalTable, *, before: Sequence[Imported], warehouse: Path
) -> Brought:
    """What the last reading of a source brought, held against what was there before.

    Args:
        outcome: What became of the source.
        table: The canonical table it fills.
        before: What the table held before.
        warehouse: Folder of the warehouse.
    """
    imported = outcome.imported
    told = Brought(
        table=table.name,
        origin=imported.origin,
        specification=imported.specification,
        state=outcome.state,
    )
    part = imported.versions[-1].part
    if part is None:
        return told
    earlier = [
        other for one in before for other in one.parts if may_meet(part, other, table) and other != part
    ]
    rows = _counted(part, earlier, table=table, key=imported.key, warehouse=warehouse)
    return told.model_copy(
        update={
            "total": part.rows_in,
            "valid": part.rows_kept,
            "invalid": part.rows_refused,
            "left_out": part.rows_left_out,
            "duplicate": rows[0],
            "existing": rows[1],
            "restated": rows[2],
        }
    )


def _counted(
    part: Part, earlier: Sequence[Part], *, table: CanonicalTable, key: Sequence[str], warehouse: Path
) -> tuple[int | None, int, int]:
    """Rows that repeat another of the part, that were there just so, that say something else now."""
    if not part.rows_kept:
        return 0, 0, 0
    typed = alike(part, earlier)

    def who(one: Part) -> str:
        return f"hash({', '.join(key_of(key, one) if key else identity(table, one, typed=typed))})"

    def rows_of(one: Part, file: str) -> str:
        return f"SELECT {who(one)} AS k, {content(one, typed=typed)} AS c FROM {scan(warehouse / file)}"

    mine = rows_of(part, part.file)
    with connected(warehouse) as connection:
        n_repeated = None
        if key or table.key or part.rows_kept <= LARGEST:
            row = connection.execute(f"SELECT count(DISTINCT k) FROM ({mine})").fetchone()
            n_repeated = part.rows_kept - (int(row[0]) if row else 0)
        if not earlier:
            return n_repeated, 0, 0
        days = days_of(part, table) if not key else "true"
        theirs = " UNION ALL ".join(f"{rows_of(one, one.shown)} WHERE {days}" for one in earlier)
        row = connection.execute(
            f"WITH mine AS ({mine}), theirs AS ({theirs}) SELECT "
            "(SELECT count(*) FROM mine SEMI JOIN theirs USING (k, c)), "
            "(SELECT count(*) FROM mine SEMI JOIN theirs USING (k))"
        ).fetchone()
    n_same, n_met = (int(row[0]), int(row[1])) if row else (0, 0)
    return n_repeated, n_same, n_met - n_same


def without(
    sources: Mapping[str, Sequence[Imported]], held: Mapping[str, Sequence[Imported]], *, batch: int
) -> tuple[dict[str, tuple[Imported, ...]], list[Brought]]:
    """All sources after a reading: those found stand as they were read, the rows of the others go.

    Args:
        sources: What the warehouse held.
        held: What was found now.
        batch: Number of the batch.

    Returns:
        All sources by table, and what went with those that are gone.
    """
    left: dict[str, tuple[Imported, ...]] = {}
    lost: list[Brought] = []
    for name in dict.fromkeys((*sources, *held)):
        found = held.get(name, ())
        names = {(one.origin, one.specification) for one in found}
        rest = []
        for one in sources.get(name, ()):
            if (one.origin, one.specification) in names or not one.versions:
                continue
            if one.parts and not (one.is_on_hold and one.versions[-1].digest == GONE):
                lost.append(
                    Brought(table=name, origin=one.origin, specification=one.specification, state="gone")
                )
                gone = Version(batch=batch, digest=GONE, whole=True)
                one = one.model_copy(  # noqa: PLW2901 - the source as it is from now on
                    update={
                        "versions": (*one.versions, gone),
                        "digest": GONE,
                        "size": -1,
                        "mtime_ns": 0,
                        "closed": False,
                        "state": None,
                    }
                )
            rest.append(one)
        left[name] = (*rest, *found)
    return left, lost


def settled(manifest: Manifest, *, warehouse: Path, since: int) -> Manifest:
    """The manifest with its rows restated, consents held back, and what nobody can ask for any more let go.

    Args:
        manifest: The manifest with all sources as they were read.
        warehouse: Folder of the warehouse.
        since: First batch whose rows were not looked at for consents yet.
    """
    floor = manifest.last_batch - KEPT
    unsubscribed = learned(
        manifest.sources.get(TABLE, ()), manifest.unsubscribed, warehouse=warehouse, since=since
    )
    files = [one.file for one in unsubscribed if not one.undone]
    sources = {}
    for name, imports in manifest.sources.items():
        kept = [one for one in (_kept(one, floor=floor) for one in imports) if one.versions]
        sources[name] = restated(
            kept, table=TABLES[name], warehouse=warehouse, unsubscribed=files if name == TABLE else ()
        )
    return manifest.model_copy(
        update={
            "sources": {name: imports for name, imports in sources.items() if imports},
            "unsubscribed": unsubscribed,
        }
    )


def _kept(one: Imported, *, floor: int) -> Imported:
    """A source without the rows that only batches from before the floor could bring back."""
    kept: list[Version] = []
    replaced_by = None
    for version in reversed(one.versions):
        if version.undone:
            let_go = version.batch <= floor and version.digest != GONE
            kept.append(version.model_copy(update={"part": None}) if let_go else version)
            continue
        if replaced_by is None or replaced_by > floor:
            kept.append(version)
        if version.whole:
            replaced_by = version.batch
    versions = tuple(reversed(kept))
    if all(version.digest == GONE for version in versions):
        versions = ()
    return one.model_copy(update={"versions": versions})


def undone(manifest: Manifest, number: int, *, at: datetime) -> Manifest:
    """The manifest as if a batch had not been read.

    Args:
        manifest: The manifest.
        number: Number of the batch.
        at: Now.

    Raises:
        Problem: There is no such batch, it was taken back before, or what it replaced is not kept any more.
    """
    batch = _batch(manifest, number)
    if batch.undone_at is not None:
        raise Problem(f"batch {number} was taken back already; cmo imports redo {number} puts it back")
    replaced = any(one.state in {"changed", "gone"} for one in batch.brought)
    if replaced and number <= manifest.last_batch - KEPT:
        raise Problem(
            f"batch {number} replaced what was there before, and that is kept for the last {KEPT} batches "
            f"only; put the file in place that shall count, and run cmo review"
        )
    return _marked(manifest, batch.model_copy(update={"undone_at": at}), undone=True)


def redone(manifest: Manifest, number: int) -> Manifest:
    """The manifest with a batch put back that was taken back.

    Where its rows are not kept any more, the next reading reads its sources again.

    Args:
        manifest: The manifest.
        number: Number of the batch.

    Raises:
        Problem: There is no such batch, or it was not taken back.
    """
    batch = _batch(manifest, number)
    if batch.undone_at is None:
        raise Problem(f"batch {number} stands; there is nothing to put back")
    return _marked(manifest, batch.model_copy(update={"undone_at": None}), undone=False)


def _batch(manifest: Manifest, number: int) -> Batch:
    found = next((one for one in manifest.batches if one.number == number), None)
    if found is None:
        has = f"the batches are 1 to {manifest.last_batch}" if manifest.batches else "nothing was read yet"
        raise Problem(f"there is no batch {number}; {has}")
    return found


def _marked(manifest: Manifest, batch: Batch, *, undone: bool) -> Manifest:
    """The manifest with all that a batch brought taken back, or put back."""

    def marked(one: Imported) -> Imported:
        if all(version.batch != batch.number for version in one.versions):
            return one
        versions = tuple(
            version.model_copy(update={"undone": undone}) if version.batch == batch.number else version
            for version in one.versions
        )
        lost = [version for version in versions if not version.undone and _is_lost(version)]
        if not lost:
            return one.model_copy(update={"versions": versions})
        # its rows are not kept any more: what was seen is forgotten, so that it is read again
        forgotten: dict[str, object] = {"digest": GONE, "size": -1, "mtime_ns": 0, "closed": False}
        state = next((v.state for v in reversed(versions) if not v.undone and v not in lost), None)
        rest = tuple(version for version in versions if version not in lost)
        return one.model_copy(update={**forgotten, "state": state, "versions": rest})

    return manifest.model_copy(
        update={
            "sources": _each(manifest.sources, marked),
            "batches": tuple(batch if one.number == batch.number else one for one in manifest.batches),
            "unsubscribed": tuple(
                one.model_copy(update={"undone": undone}) if one.batch == batch.number else one
                for one in manifest.unsubscribed
            ),
        }
    )


def _each(
    sources: Mapping[str, Sequence[Imported]], change: Callable[[Imported], Imported]
) -> dict[str, tuple[Imported, ...]]:
    return {name: tuple(change(one) for one in imports) for name, imports in sources.items()}


def _is_lost(version: Version) -> bool:
    return version.part is None and version.digest != GONE
