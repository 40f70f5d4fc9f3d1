"""How fast the office answers fifty people at once.

`python benchmarks/web_load.py FOLDER [--users 50] [--seconds 60] [--pause 2]` copies a reviewed workspace,
opens its office, warms every page, and lets people open pages at random, each pausing about as long as it
takes to look at one. It prints the time to answer, page by page.
"""

import argparse
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections import defaultdict
from http.client import HTTPConnection
from pathlib import Path
from threading import Thread
from time import monotonic, process_time, sleep

import numpy as np

PAGES = [
    "/",
    "/strategy/",
    "/customers/",
    "/reality/",
    "/money/",
    "/tests/",
    "/radar/",
    "/team/",
    "/reports/",
    "/reports/board/",
    "/measures/",
    "/measures/media.roi/",
    "/measures/sales.revenue/",
    "/data/",
    "/data/table/orders/",
    "/data/jobs/",
    "/approvals/",
    "/data/me/",
]
SESSION = """
import sys
from pathlib import Path
from cmo.web.start import configure, opened
opened(configure(Path(sys.argv[1])))
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from cmo.web.models import User
for i in range(int(sys.argv[2])):
    language = "fr" if i % 2 else "en"
    user = User.objects.create_user(f"load{i}@example.org", None, role="cmo", language=language)
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    print(session.session_key)
"""


def ask(connection: HTTPConnection, path: str, session: str) -> float:
    """Open a page; the seconds it took."""
    began = monotonic()
    connection.request("GET", path, headers={"Cookie": f"cmo_session={session}", "Host": "localhost"})
    answer = connection.getresponse()
    answer.read()
    if answer.status != 200:
        raise RuntimeError(f"{path} answered {answer.status}")
    return monotonic() - began


def person(port: int, session: str, *, until: float, pause: float, took: dict[str, list[float]]) -> None:
    """Open pages at random."""
    rng = random.Random(session)
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    sleep(rng.uniform(0, pause))
    while monotonic() < until:
        path = rng.choice(PAGES)
        took[path].append(ask(connection, path, session))
        sleep(rng.expovariate(1 / pause) if pause else 0)


def main() -> None:
    given = argparse.ArgumentParser()
    given.add_argument("folder", type=Path)
    given.add_argument("--users", type=int, default=50)
    given.add_argument("--seconds", type=float, default=60)
    given.add_argument("--pause", type=float, default=2.0)
    asked = given.parse_args()
    with tempfile.TemporaryDirectory() as place, socket.socket() as probe:
        folder = Path(place) / "office"
        shutil.copytree(asked.folder, folder, ignore=shutil.ignore_patterns("data"))
        script = [sys.executable, "-c", SESSION, str(folder), str(asked.users)]
        sessions = subprocess.run(script, capture_output=True, text=True, check=True).stdout.split()
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        command = [Path(sys.executable).with_name("cmo"), "serve", "-w", folder, "--port", str(port)]
        server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        server.stdout.readline()
        try:
            walk(port, sessions, asked)
            print("server CPU seconds:", round(cpu_of(server.pid), 1), " client:", round(process_time(), 1))
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(30)


def walk(port: int, sessions: list[str], asked: argparse.Namespace) -> None:
    began = monotonic()
    for session in sessions[:8]:
        connection = HTTPConnection("127.0.0.1", port, timeout=300)
        for path in PAGES:
            ask(connection, path, session)
        connection.close()
    print(f"warmed in {monotonic() - began:.1f} s")
    took: dict[str, list[float]] = defaultdict(list)
    until = monotonic() + asked.seconds
    crowd = [
        Thread(target=person, args=(port, one), kwargs={"until": until, "pause": asked.pause, "took": took})
        for one in sessions
    ]
    for one in crowd:
        one.start()
    for one in crowd:
        one.join()
    for path in PAGES:
        print(f"{path:26} n {len(took[path]):5}  " + written(took[path]))
    every = [each for some in took.values() for each in some]
    print(f"{'all':26} n {len(every):5}  {written(every)}  {len(every) / asked.seconds:.1f} a second")


def written(took: list[float]) -> str:
    middle, high, top = 1000 * np.quantile(took or [np.nan], [0.5, 0.95, 0.99])
    return f"p50 {middle:6.0f} ms  p95 {high:6.0f} ms  p99 {top:6.0f} ms"


def cpu_of(process: int) -> float:
    """CPU seconds of a process and all that it started and still runs."""
    told = subprocess.run(
        ["ps", "-eo", "pid,ppid,cputimes"], capture_output=True, text=True, check=True
    ).stdout
    rows = [tuple(map(int, line.split())) for line in told.splitlines()[1:] if re.fullmatch(r"[\d\s]+", line)]
    family, before = {process}, 0
    while len(family) != before:
        before = len(family)
        family |= {pid for pid, parent, _ in rows if parent in family}
    return float(sum(seconds for pid, _, seconds in rows if pid in family))


if __name__ == "__main__":
    os.environ.pop("CMO_DATABASE_URL", None)
    main()
