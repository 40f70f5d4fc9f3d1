"""Asking for a job, seeing how far it is, and calling it off."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from django.db import transaction
from django.utils import timezone
from django_tasks import task

from cmo.ledger.audit import note
from cmo.measures import Language, Problem, Text
from cmo.web.models import Job, JobState, User


class Kind(StrEnum):
    """What a job does."""

    REVIEW = "review"
    CHECK = "check"
    PLAN = "plan"
    DEMO = "demo"
    SEND = "send"
    LOOK = "look"
    TAKE = "take"

    @property
    def says(self) -> Text:
        """Its name for people."""
        return _KINDS[self]


_KINDS: Final = {
    Kind.REVIEW: Text("Review", "Revue"),
    Kind.CHECK: Text("Check of the data", "Contrôle des données"),
    Kind.PLAN: Text("Scenario", "Scénario"),
    Kind.DEMO: Text("Demo company", "Société de démonstration"),
    Kind.SEND: Text("Sending", "Envoi"),
    Kind.LOOK: Text("A look at files", "Examen de fichiers"),
    Kind.TAKE: Text("Import and review", "Import et revue"),
}


def ask_job(
    kind: Kind, *, by: User, language: Language, arguments: Mapping[str, object] | None = None
) -> Job:
    """Have something done in the background; the same job that still waits or runs is not asked twice.

    Args:
        kind: What to do.
        by: Who asks.
        language: Language of what it tells.
        arguments: What it needs to know.
    """
    given = dict(arguments or {})
    with transaction.atomic():
        going = Job.objects.filter(
            kind=kind, arguments=given, state__in=(JobState.WAITING, JobState.RUNNING)
        ).first()
        if going is not None:
            return going
        job = Job.objects.create(kind=kind, arguments=given, language=language, asked_by=by)
        perform.enqueue(str(job.pk))
    note("start job", by=by.email, kind="job", key=str(job.pk), details={"kind": kind.value})
    return job


def cancel_job(job: Job, *, by: User) -> None:
    """Call a job off: one that waits is dropped, one that runs is stopped and leaves all as it was.

    Raises:
        Problem: It is over already.
    """
    dropped = Job.objects.filter(pk=job.pk, state=JobState.WAITING).update(
        state=JobState.CANCELLED, finished_at=timezone.now(), cancel_asked=True
    )
    stopping = Job.objects.filter(pk=job.pk, state=JobState.RUNNING).update(cancel_asked=True)
    if not dropped and not stopping:
        raise Problem("this job is over already: there is nothing to call off")
    note("cancel job", by=by.email, kind="job", key=str(job.pk))


@task()
def perform(job: str) -> None:
    """Do a job, in a process of its own that can be stopped without harm."""
    from cmo.web.jobs.worker import carry_out

    carry_out(job)
