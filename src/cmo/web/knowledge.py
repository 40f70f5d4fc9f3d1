"""What is known now, kept in memory until a review, an apply or an import changes it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from threading import RLock
from typing import TypeVar, cast

from django.conf import settings

from cmo.briefs.facts import Facts
from cmo.ledger.reviews import last_review
from cmo.ledger.strategy import last_revision_number, remembered_strategy
from cmo.loop.facts import facts_of
from cmo.strategy.document import Strategy
from cmo.workspace import Workspace

Version = tuple[object, ...]
Made = TypeVar("Made")
_making = RLock()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Known:
    """All that pages are written from.

    Attributes:
        version: Changes when anything of it changes.
        workspace: The company's folder.
        facts: What the last review found; none before the first.
        strategy: The strategy in force.
        review: Number of the last review, 0 before the first.
    """

    version: Version
    workspace: Workspace
    facts: Facts | None
    strategy: Strategy
    review: int


def workspace() -> Workspace:
    """The company's folder; cmo.yaml is read again only when it changed.

    Raises:
        Problem: cmo.yaml is not as expected any more.
    """
    folder: Path = settings.CMO_FOLDER
    return _workspace(folder, _changed_at(folder / "cmo.yaml"))


def known() -> Known:
    """What is known now.

    Raises:
        Problem: cmo.yaml or what is remembered is not as expected.
    """
    here = workspace()
    review = last_review()
    files = (here.cmo / "warehouse" / "manifest.json", here.cmo / "health.json")
    version = (
        here.folder,
        _changed_at(here.folder / "cmo.yaml"),
        0 if review is None else review.number,
        last_revision_number(),
        *(_changed_at(file) for file in files),
    )
    return remembered(version, "known", lambda: _read(version, here))


def remembered(version: Version, name: str, make: Callable[[], Made]) -> Made:
    """What is made of a version of the known, under a name.

    It is made once; what was made of versions before the last two is forgotten.

    Args:
        version: Of `Known`.
        name: Distinguishes what is made, and always names the same kind of thing.
        make: Makes it.
    """
    made = _shelf(version)
    if name not in made:
        with _making:
            if name not in made:
                made[name] = make()
    return cast("Made", made[name])


@lru_cache(maxsize=2)
def _shelf(_version: Version) -> dict[str, object]:
    return {}


def _read(version: Version, here: Workspace) -> Known:
    review = last_review()
    return Known(
        version=version,
        workspace=here,
        facts=None if review is None else facts_of(here),
        strategy=remembered_strategy(),
        review=0 if review is None else review.number,
    )


@lru_cache(maxsize=4)
def _workspace(folder: Path, _changed: int) -> Workspace:
    return Workspace.open(folder)


def _changed_at(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0
