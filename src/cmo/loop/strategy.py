"""strategy.yaml against what is remembered: shown, applied, exported."""

from pathlib import Path

from cmo.briefs.answers import Answer, Data
from cmo.ledger.strategy import apply_strategy, export_strategy
from cmo.ledger.strategy import difference as compared
from cmo.loop.standing import STRATEGY, opened, user
from cmo.measures import Language, Text
from cmo.strategy.changes import Change, Conflict, Merge


def difference(folder: Path, *, language: Language | None) -> Answer:
    """What applying strategy.yaml would change, and what is in conflict.

    Raises:
        Problem: There is no workspace, or the file is not as it must be.
    """
    workspace = opened(folder)
    merged = compared(workspace.folder / STRATEGY)
    return told(merged, language or workspace.config.company.language)


def applied(folder: Path, *, language: Language | None) -> Answer:
    """Remember strategy.yaml: all of it, or nothing where there is a conflict.

    Raises:
        Problem: The file is not as it must be, or an item was changed elsewhere too, and differently.
    """
    workspace = opened(folder)
    with workspace.writing():
        merged = apply_strategy(workspace.folder / STRATEGY, by=user())
    return told(merged, language or workspace.config.company.language)


def exported(folder: Path, *, language: Language | None) -> Answer:
    """Write what is remembered back to strategy.yaml.

    Raises:
        Problem: The file holds changes that were not applied, or cannot be written.
    """
    workspace = opened(folder)
    path = workspace.folder / STRATEGY
    with workspace.writing():
        changed = export_strategy(path)
    wrote = Text(f"{path} was written.", f"{path} a été écrit.")
    same = Text(f"{path} says what is remembered already.", f"{path} dit déjà ce qui est retenu.")
    spoken = language or workspace.config.company.language
    return Answer(
        data={"file": str(path), "changed": changed}, lines=((wrote if changed else same).in_(spoken),)
    )


def told(merged: Merge, language: Language) -> Answer:
    """What a merge changed, kept, and could not bring together."""
    data: Data = {
        "changes": [_change(change, language) for change in merged.changes],
        "elsewhere": [_change(change, language) for change in merged.elsewhere],
        "conflicts": [_conflict(conflict, language) for conflict in merged.conflicts],
    }
    kept = Text("Changed elsewhere, and kept: ", "Changé ailleurs, et gardé : ").in_(language)
    lines = [
        *(change.says.in_(language) for change in merged.changes),
        *(kept + change.says.in_(language) for change in merged.elsewhere),
        *(conflict.says.in_(language) for conflict in merged.conflicts),
    ]
    nothing = Text(
        "Nothing to change: the file says what is remembered.",
        "Rien à changer : le fichier dit ce qui est retenu.",
    )
    return Answer(data=data, lines=tuple(lines) or (nothing.in_(language),))


def _change(change: Change, language: Language) -> Data:
    return {
        "section": change.name.section,
        "id": change.name.key or None,
        "kind": change.kind.value,
        "before": change.before,
        "after": change.after,
        "says": change.says.in_(language),
    }


def _conflict(conflict: Conflict, language: Language) -> Data:
    return {
        "section": conflict.here.name.section,
        "id": conflict.here.name.key or None,
        "says": conflict.says.in_(language),
    }
