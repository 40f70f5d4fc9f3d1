"""The worker: one process per workspace takes jobs from the queue and does each in a process of its own.

A lock on a file says who works here; a job's process holds it too. When the lock is free nobody works, so
whatever is then written down as running was cut off, and is done again. That is safe: every job gives the
same result when it is done twice, and keeps it whole or not at all.
"""

import fcntl
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import sleep
from typing import Final

from django.conf import settings
from django.db.models import F
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from cmo.web.hooks.round import start_rounds
from cmo.web.jobs.queue import perform
from cmo.web.models import Job, JobState

BEAT: Final = 0.25
"""Seconds between two looks at the queue, and at a running job."""
PATIENCE: Final = 5.0
"""Seconds a job has to stop by itself."""
_LOCK_VARIABLE: Final = "CMO_WORKER_LOCK"


def work(folder: Path) -> None:
    """Take jobs until told to stop; then let the job at hand stop too, to be done again at the next start.

    Args:
        folder: The company's folder; the office is open in this process.
    """
    with _only_one(folder / ".cmo" / "worker.lock"):
        _take_up_again()
        start_rounds()
        worker = Worker(
            queue_names=["default"],
            interval=BEAT,
            batch=False,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=f"cmo-{os.getpid()}",
            excluded_queue_names=[],
        )
        _stop_when_told(worker)
        worker.run()


def carry_out(number: str) -> None:
    """Do one job in a process of its own; stop it when it is called off."""
    claimed = Job.objects.filter(pk=number, state=JobState.WAITING).update(
        state=JobState.RUNNING, started_at=timezone.now(), n_starts=F("n_starts") + 1
    )
    if not claimed:
        return
    held = int(os.environ.get(_LOCK_VARIABLE, "-1"))
    child = subprocess.Popen(  # noqa: S603 - our own module, in our own interpreter
        [sys.executable, "-m", "cmo.web.jobs.perform", str(settings.CMO_FOLDER), number],
        pass_fds=(held,) if held >= 0 else (),
        start_new_session=True,
    )
    try:
        while child.poll() is None:
            sleep(BEAT)
            if Job.objects.filter(pk=number, cancel_asked=True).exists():
                _stop(child)
    except BaseException:
        _stop(child)
        Job.objects.filter(pk=number, state=JobState.RUNNING).update(state=JobState.WAITING)
        raise
    _settle(number, code=child.returncode)


def _settle(number: str, *, code: int) -> None:
    """Write down what became of a job whose process ended without saying it."""
    job = Job.objects.get(pk=number)
    if job.is_over:
        return
    job.finished_at = timezone.now()
    if job.cancel_asked:
        job.state = JobState.CANCELLED
    else:
        job.state = JobState.FAILED
        job.told = [f"the process of this job ended with code {code}; the last review stands as it was"]
    job.save(update_fields=["state", "finished_at", "told"])


def _stop(child: "subprocess.Popen[bytes]") -> None:
    child.terminate()
    try:
        child.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def _take_up_again() -> None:
    """Put what was cut off back into the queue."""
    Job.objects.filter(state=JobState.RUNNING, cancel_asked=True).update(
        state=JobState.CANCELLED, finished_at=timezone.now()
    )
    Job.objects.filter(state=JobState.RUNNING).update(state=JobState.WAITING)
    DBTaskResult.objects.exclude(status=TaskResultStatus.READY).delete()
    queued = {tuple(row.args_kwargs["args"]) for row in DBTaskResult.objects.all()}
    for job in Job.objects.filter(state=JobState.WAITING).order_by("asked_at"):
        if (str(job.pk),) not in queued:
            perform.enqueue(str(job.pk))


@contextmanager
def _only_one(path: Path) -> Iterator[None]:
    """Wait until nobody else works here, and tell the processes of jobs to hold the place as well."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        os.environ[_LOCK_VARIABLE] = str(handle)
        yield
    finally:
        os.close(handle)


def _stop_when_told(worker: Worker) -> None:
    """End at once on a signal; the job at hand is stopped and waits for the next start."""

    def stop(*_: object) -> None:
        worker.running = False
        sys.exit(0)

    for one in (signal.SIGTERM, signal.SIGINT):
        signal.signal(one, stop)
