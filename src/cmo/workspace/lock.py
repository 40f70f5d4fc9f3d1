"""One writer at a time."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cmo.measures import Problem


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Holds the lock of a workspace while the block runs.

    The kernel lets go of the lock when its holder ends, however it ends, so a killed process blocks nobody.

    Args:
        path: The lock file; made at need, never removed.

    Raises:
        Problem: Another process holds it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = os.pread(handle, 32, 0).decode("ascii", "replace").strip() or "unknown"
            raise Problem(
                f"{path.parent.parent}: another cmo (process {holder}) is writing here; wait for it to end"
            ) from error
        os.ftruncate(handle, 0)
        os.pwrite(handle, f"{os.getpid()}\n".encode(), 0)
        yield
    finally:
        os.close(handle)
