"""The processes that answer pages: `python -m cmo.web.pages FOLDER HOST PORT`."""

import os
import sys
from pathlib import Path
from typing import Any, Final

from django.core.wsgi import get_wsgi_application
from gunicorn.app.base import BaseApplication

from cmo.web.orphan import leave_with_parent
from cmo.web.start import configure

_MOST_PROCESSES: Final = 4
_THREADS: Final = 4


class Pages(BaseApplication):  # type: ignore[misc] # gunicorn has no types
    """The office under gunicorn."""

    def __init__(self, folder: Path, *, host: str, port: int) -> None:
        self.folder, self.address = folder, f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        super().__init__()

    def load_config(self) -> None:
        """How many processes, where, and how quietly."""
        given: dict[str, Any] = {
            "bind": self.address,
            "workers": min(max(os.cpu_count() or 1, 2), _MOST_PROCESSES),
            "threads": _THREADS,
            "worker_class": "gthread",
            "timeout": 60,
            "graceful_timeout": 10,
            "keepalive": 5,
            "loglevel": "warning",
            "preload_app": True,
            "control_socket_disable": True,
            "limit_request_line": 4094,
            "forwarded_allow_ips": "127.0.0.1,::1",
            "worker_exit": _leave_at_once,
        }
        for name, value in given.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """The application, read once and shared by all processes."""
        configure(self.folder)
        from cmo.ledger.opening import close_ledger, open_ledger
        from cmo.web import urls  # noqa: F401 - read before the processes part

        open_ledger(self.folder / ".cmo")
        close_ledger()  # no connection is shared by processes
        return get_wsgi_application()


def _leave_at_once(_arbiter: object, _worker: object) -> None:
    """End without unwinding: the engine that draws charts aborts when its threads are torn down late."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


if __name__ == "__main__":
    leave_with_parent()
    Pages(Path(sys.argv[1]), host=sys.argv[2], port=int(sys.argv[3])).run()
