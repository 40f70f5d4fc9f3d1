"""Where a path written in cmo.yaml leads."""

import glob
import os
from pathlib import Path

from cmo.measures import Problem


def files_at(written: str, *, folder: Path) -> tuple[Path, ...]:
    """The files a path or pattern leads to, in the order of their names.

    An absolute path may lead anywhere, since the person who wrote it said so. A relative one stays in the
    workspace, links followed, so that a workspace one was sent cannot reach for files elsewhere.

    Args:
        written: A path or a pattern (*, ?, [ab], **).
        folder: The workspace.

    Raises:
        Problem: It leads out of the workspace, to nothing, or to what is not a regular file.
    """
    if "\x00" in written:
        raise Problem(f"{written[:60]!r}: a path cannot hold a NUL character; remove it")
    absolute = Path(written).expanduser().is_absolute()
    path = Path(written).expanduser() if absolute else folder / written
    if not absolute:
        _refuse_outside(path, written=written, folder=folder)
    try:
        found = _matches(path, written=written)
    except (OSError, ValueError) as error:
        raise Problem(f"{written[:200]}: this path cannot be read ({error}); correct it") from error
    if not found:
        raise Problem(f"{written}: no file there; correct the path, or put the file in place")
    for file in found:
        if not absolute:
            _refuse_outside(file, written=str(file.relative_to(folder)), folder=folder)
        if file.is_dir():
            raise Problem(
                f"{written}: this is a folder; name its files, for example {written.rstrip('/')}/*.csv"
            )
        if not file.is_file():
            raise Problem(f"{written}: this is not a regular file; copy its content into one")
    return found


def _matches(path: Path, *, written: str) -> tuple[Path, ...]:
    if path.exists() or not glob.has_magic(written):
        return (path,) if path.exists() else ()
    names = sorted(glob.glob(str(path), recursive=True))  # noqa: PTH207 - Path.glob refuses absolute patterns
    return tuple(Path(name) for name in names if not Path(name).is_dir() and ".cmo" not in Path(name).parts)


def _refuse_outside(path: Path, *, written: str, folder: Path) -> None:
    home = os.path.realpath(folder)
    climbs = Path(os.path.normpath(written)).parts[:1] == ("..",)
    if climbs or os.path.commonpath([home, os.path.realpath(path)]) != home:
        raise Problem(f"{written}: this leads out of the workspace; write the absolute path if that is meant")
