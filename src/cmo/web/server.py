"""`cmo serve`: pages and worker, each in processes of its own, kept running and stopped together."""

import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Event
from time import monotonic, sleep
from typing import Final

from cmo.measures import Problem
from cmo.web.start import configure, gathered, opened, reached_at, refuse_in_the_clear

PATIENCE: Final = 15.0
"""Seconds that pages and worker have to end by themselves."""
_STARTING: Final = 180.0
_BETWEEN_STARTS: Final = 1.0


def serve(folder: Path, *, host: str, port: int, say: Callable[[str], None]) -> None:
    """Serve the office of a workspace until told to stop.

    Args:
        folder: The company's folder.
        host: Address to listen at; this machine alone by default.
        port: Port to listen at.
        say: Told where the office is, and the one-time link of the first start.

    Raises:
        Problem: The folder is no workspace, its ledger cannot be opened, or the port is taken.
    """
    workspace = configure(folder)
    refuse_in_the_clear(host)
    _refuse_taken(host, port)
    opened(workspace)
    gathered()
    address = reached_at(host, port)
    link = _first_way_in()
    stopping = Event()
    for one in (signal.SIGTERM, signal.SIGINT):
        signal.signal(one, lambda *_: stopping.set())
    commands = {
        "pages": [sys.executable, "-m", "cmo.web.pages", str(workspace.folder), host, str(port)],
        "worker": [sys.executable, "-m", "cmo.web.jobs", str(workspace.folder)],
    }
    running = {name: subprocess.Popen(command) for name, command in commands.items()}  # noqa: S603 - our own
    try:
        _wait_for_pages(host, port, pages=running["pages"], stopping=stopping)
        say(f"{workspace.config.company.name}: {address}/")
        if link is not None:
            say(f"First start. Open this link once to make the owner's account: {address}{link}")
        while not stopping.wait(_BETWEEN_STARTS):
            for name, process in running.items():
                if process.poll() is not None:
                    running[name] = subprocess.Popen(commands[name])  # noqa: S603 - our own module
    finally:
        _end(list(running.values()))


def _first_way_in() -> str | None:
    """The path of the link that makes the owner's account, as long as there is no owner."""
    from cmo.web.acts.sharing import make_invitation
    from cmo.web.models import Invitation, User
    from cmo.web.rights import Role

    if User.objects.filter(role=Role.OWNER, is_active=True).exists():
        return None
    Invitation.objects.filter(role=Role.OWNER, used_at=None, invited_by=None).delete()
    return make_invitation(Role.OWNER, email="", by="first start")


def _refuse_taken(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise Problem(
                f"port {port} of {host} cannot be used ({error.strerror}); choose another with --port"
            ) from error


def _wait_for_pages(host: str, port: int, *, pages: "subprocess.Popen[bytes]", stopping: Event) -> None:
    until = monotonic() + _STARTING
    while monotonic() < until and not stopping.is_set():
        if pages.poll() is not None:
            raise Problem(f"the pages ended at once with code {pages.returncode}; look at what stands above")
        try:
            with socket.create_connection((host, port), timeout=1):
                return
        except OSError:
            sleep(0.1)


def _end(processes: "list[subprocess.Popen[bytes]]") -> None:
    for process in processes:
        if process.poll() is None:
            process.terminate()
    until = monotonic() + PATIENCE
    for process in processes:
        try:
            process.wait(max(until - monotonic(), 0.1))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
