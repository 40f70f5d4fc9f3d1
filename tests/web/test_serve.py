"""`cmo serve`: the first way in, jobs that survive a kill, jobs that are called off."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from time import monotonic, sleep
from typing import Any

CMO = Path(sys.executable).with_name("cmo")
_LONG = 180.0


def processes(folder: Path, what: str) -> list[int]:
    """Processes of the office in a folder whose command names something."""
    listing = subprocess.run(
        ["ps", "-ww", "-eo", "pid,args"], capture_output=True, text=True, check=True
    ).stdout
    lines = (line.split(maxsplit=1) for line in listing.splitlines()[1:])
    return [int(pid) for pid, args in lines if what in args and str(folder) in args]


def until(true: Any) -> Any:
    """Wait for something to hold; what it gave."""
    end = monotonic() + _LONG
    while monotonic() < end:
        if found := true():
            return found
        sleep(0.1)
    raise AssertionError("it did not happen in time")


def started(office: Any, role: str = "owner") -> str:
    """A check of the data that is asked for; its address."""
    answer = office.ask("/data/jobs/start/", role=role, form={"kind": "check"})
    assert answer.status == 302
    return str(answer.headers["location"])


def state(office: Any, path: str) -> str:
    told = re.search(r"<strong>([^<]*)</strong>", office.ask(path, role="owner", HX_Request="true").text)
    assert told is not None
    return told[1]


def test_a_job_whose_processes_are_killed_is_done_all_the_same(office: Any) -> None:
    until(lambda: not processes(office.folder, "cmo.web.jobs.perform"))
    path = started(office)
    children = until(lambda: processes(office.folder, "cmo.web.jobs.perform"))
    workers = [one for one in processes(office.folder, "cmo.web.jobs") if one not in children]
    for one in (*workers, *children):
        os.kill(one, signal.SIGKILL)
    until(lambda: state(office, path) == "done")
    assert "started 2 times" in office.ask(path, role="owner").text
    log = office.ask("/data/jobs/", role="owner").text
    assert log.count(path) == 1


def test_a_job_outlives_its_worker_and_is_not_done_twice(office: Any) -> None:
    path = started(office)
    children = until(lambda: processes(office.folder, "cmo.web.jobs.perform"))
    workers = [one for one in processes(office.folder, "cmo.web.jobs") if one not in children]
    for one in workers:
        os.kill(one, signal.SIGKILL)
    until(lambda: state(office, path) == "done")
    assert "started 2 times" not in office.ask(path, role="owner").text


def test_a_job_that_is_called_off_stops_and_changes_nothing(office: Any) -> None:
    path = started(office)
    assert office.ask(f"{path}cancel/", role="owner", form={}).status == 302
    until(lambda: state(office, path) == "called off")
    assert not processes(office.folder, path.split("/")[3])
    assert office.ask(f"{path}cancel/", role="owner", form={}).status == 422


def test_the_same_job_is_not_asked_twice_while_it_waits(office: Any) -> None:
    first, second = started(office), started(office, "analyst")
    assert first == second
    until(lambda: state(office, first) == "done")


def test_other_addresses_want_https(office: Any) -> None:
    command = [CMO, "serve", "-w", office.folder, "--host", "0.0.0.0"]  # noqa: S104 - what is refused
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "CMO_URL" in done.stderr


def test_a_port_that_is_taken_is_told(office: Any) -> None:
    command = [CMO, "serve", "-w", office.folder, "--port", str(office.port)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert f"port {office.port}" in done.stderr
