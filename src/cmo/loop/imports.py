"""The journal of imports: what each reading brought, and taking one back."""

from pathlib import Path
from typing import Final

from cmo.briefs.answers import Answer, Data
from cmo.measures import Language, Text, Unit
from cmo.warehouse.batches import Batch, Brought, shown
from cmo.warehouse.errors import errors_of
from cmo.warehouse.intake import put_back, take_back
from cmo.warehouse.manifest import Manifest
from cmo.workspace import Workspace

COUNTS: Final = (
    ("total", Text("read", "lues")),
    ("valid", Text("kept", "retenues")),
    ("invalid", Text("refused", "refusées")),
    ("left_out", Text("left out", "écartées")),
    ("duplicate", Text("repeated", "répétées")),
    ("existing", Text("there before", "déjà là")),
    ("restated", Text("restated", "corrigées")),
    ("withheld", Text("with their consent held back", "au consentement non relevé")),
)
"""Counts of a batch in the order they are told, and what they are called."""

STATES: Final = {
    "new": Text("new", "nouveau"),
    "appended": Text("grew", "allongé"),
    "changed": Text("changed", "modifié"),
    "gone": Text("gone", "disparu"),
}


def imports(folder: Path, *, language: Language | None) -> Answer:
    """All batches, the last one first.

    Raises:
        Problem: The folder is no workspace.
    """
    workspace = Workspace.open(folder)
    spoken = language or workspace.config.company.language
    batches = Manifest.read(workspace.cmo / "warehouse").batches
    shown = tuple(reversed(batches))
    none = Text("Nothing was read yet; run cmo review.", "Rien n'a encore été lu ; lancer cmo review.")
    lines = [line for one in shown for line in _lines(one, workspace, spoken)]
    return Answer(
        data={"batches": [_batch(one, workspace) for one in shown]},
        lines=tuple(lines) if shown else (none.in_(spoken),),
    )


def undo(folder: Path, number: int, *, language: Language | None) -> Answer:
    """Take a batch back: what it brought no longer counts, what it replaced counts again.

    Raises:
        Problem: There is no such batch, or it cannot be taken back.
    """
    workspace = Workspace.open(folder)
    batch = take_back(workspace, number)
    said = Text(
        f"Batch {number} was taken back; its sources are read again when they change. "
        f"cmo imports redo {number} puts it back; cmo review tells what it means.",
        f"Le lot {number} est annulé ; ses sources seront relues quand elles changeront. "
        f"cmo imports redo {number} le rétablit ; cmo review dit ce que cela change.",
    )
    return _done(batch, said, workspace, language)


def redo(folder: Path, number: int, *, language: Language | None) -> Answer:
    """Put a batch back that was taken back.

    Raises:
        Problem: There is no such batch, or it was not taken back.
    """
    workspace = Workspace.open(folder)
    batch = put_back(workspace, number)
    said = Text(
        f"Batch {number} counts again; cmo review tells what it means.",
        f"Le lot {number} compte de nouveau ; cmo review dit ce que cela change.",
    )
    return _done(batch, said, workspace, language)


def _done(batch: Batch, said: Text, workspace: Workspace, language: Language | None) -> Answer:
    spoken = language or workspace.config.company.language
    return Answer(data={"batch": _batch(batch, workspace)}, lines=(said.in_(spoken),))


def _batch(one: Batch, workspace: Workspace) -> Data:
    errors = _errors(one, workspace)
    return {
        "number": one.number,
        "at": one.at.isoformat(),
        "undone_at": None if one.undone_at is None else one.undone_at.isoformat(),
        **{name: one.total(name) for name, _ in COUNTS},
        "errors": None if errors is None else str(errors),
        "files": [_file(brought) for brought in one.brought],
    }


def _file(one: Brought) -> Data:
    counts = {name: getattr(one, name) for name, _ in COUNTS}
    return {"table": one.table, "origin": one.origin, "state": one.state, **counts}


def _lines(one: Batch, workspace: Workspace, language: Language) -> list[str]:
    at = one.at.astimezone(workspace.config.company.clock).strftime("%Y-%m-%d %H:%M")
    undone = Text(", taken back", ", annulé").in_(language) if one.undone_at else ""
    head = Text(f"batch {one.number}, {at}{undone}", f"lot {one.number}, {at}{undone}").in_(language)
    files = [
        f"  {shown(brought.origin)} ({brought.table}, {STATES[brought.state].in_(language)})"
        f"{_counts(brought, language)}"
        for brought in one.brought
    ]
    path = _errors(one, workspace)
    if path is not None:
        said = Text(f"  rows that were not kept: {path}", f"  lignes non retenues : {path}")
        files.append(said.in_(language))
    return [head, *files, ""]


def _counts(one: Brought, language: Language) -> str:
    count = Unit("count")
    said = [
        f"{count.write(getattr(one, name), language)} {says.in_(language)}"
        for name, says in COUNTS
        if getattr(one, name)
    ]
    return f"{':' if language == 'en' else ' :'} {', '.join(said)}" if said else ""


def _errors(batch: Batch, workspace: Workspace) -> Path | None:
    path = errors_of(workspace.cmo, batch.number)
    return path if path.exists() else None
