"""Starting and calling off jobs, proposing a scenario, taking an import back."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from cmo.briefs.answers import Answer
from cmo.briefs.voice import Voice
from cmo.ledger.approvals import ask_approval, content_of
from cmo.loop.imports import redo, undo
from cmo.measures import Problem, Unit
from cmo.web.acts.act import Asked, Doer, done
from cmo.web.jobs.queue import Kind, ask_job, cancel_job
from cmo.web.knowledge import workspace
from cmo.web.models import Job, JobState

PLAN = "plan"


class Start(Asked):
    """Which job."""

    kind: Annotated[
        Literal["review", "check"], Field(description="A review, or a check of the data alone.")
    ] = "review"


class Scenario(Asked):
    """A budget to divide."""

    budget: Annotated[
        float | None, Field(description="Money in all; that of the plan in force by default.", gt=0, le=1e15)
    ] = None


class OfJob(Asked):
    """Which job."""

    job: Annotated[UUID, Field(description="Its id.")]


class OfBatch(Asked):
    """Which import."""

    number: Annotated[int, Field(description="Number of the batch.", ge=1, le=2**31)]


def started(doer: Doer, asked: Start) -> Answer:
    """Start a review or a check."""
    return job_answer(ask_job(Kind(asked.kind), by=doer.user, language=doer.language), doer)


def demonstrated(doer: Doer, _asked: Asked) -> Answer:
    """Fill an empty workspace with the demo company."""
    return job_answer(ask_job(Kind.DEMO, by=doer.user, language=doer.language), doer)


def weighed(doer: Doer, asked: Scenario) -> Answer:
    """Have a scenario computed."""
    given = {"budget": asked.budget}
    return job_answer(ask_job(Kind.PLAN, by=doer.user, language=doer.language, arguments=given), doer)


def cancelled(doer: Doer, asked: OfJob) -> Answer:
    """Call a job off."""
    job = Job.objects.filter(pk=asked.job).first()
    if job is None:
        raise Problem(f"there is no job {asked.job}")
    cancel_job(job, by=doer.user)
    job.refresh_from_db()
    return job_answer(job, doer)


def scenario_proposed(doer: Doer, asked: OfJob) -> Answer:
    """Ask for approval of a scenario."""
    job = Job.objects.filter(pk=asked.job, kind=Kind.PLAN, state=JobState.DONE).first()
    if job is None or job.found is None:
        raise Problem(f"there is no scenario {asked.job}")
    says = scenario_said(job.found, Voice(doer.language))
    one = ask_approval(PLAN, str(job.pk), content=content_of(job.found), says=says, by=doer.name)
    doer.note("ask approval", kind=PLAN, key=str(job.pk))
    return done(says, says, doer=doer, approval=one.number, state=one.state.value)


def undone(doer: Doer, asked: OfBatch) -> Answer:
    """Take a batch back."""
    answer = undo(doer.folder, asked.number, language=doer.language)
    doer.note("undo import", kind="batch", key=str(asked.number))
    return answer


def redone(doer: Doer, asked: OfBatch) -> Answer:
    """Put a batch back that was taken back."""
    answer = redo(doer.folder, asked.number, language=doer.language)
    doer.note("redo import", kind="batch", key=str(asked.number))
    return answer


def scenario_said(found: dict[str, Any], voice: Voice) -> str:
    """A scenario in a sentence."""
    unit, gain = Unit(workspace().config.company.currency), found["gain"]
    return voice.say(
        "{budget} divided anew: {gain} of profit, with {chances} of being better than the plan",
        "{budget} répartis autrement : {gain} de profit, avec {chances} de faire mieux que le plan",
        budget=unit.write(found["budget"], voice.language),
        gain=unit.write(gain["mean"], voice.language),
        chances=voice.chances(gain["probability_positive"]),
    )


def job_data(job: Job) -> dict[str, Any]:
    """A job as plain values."""
    return {
        "id": str(job.pk),
        "kind": job.kind,
        "state": job.state,
        "asked_by": None if job.asked_by is None else job.asked_by.email,
        "asked_at": job.asked_at.isoformat(),
        "started_at": None if job.started_at is None else job.started_at.isoformat(),
        "finished_at": None if job.finished_at is None else job.finished_at.isoformat(),
        "step": {"en": job.step_en, "fr": job.step_fr},
        "told": job.told,
    }


def job_answer(job: Job, doer: Doer) -> Answer:
    """A job as an answer."""
    return Answer(data=job_data(job), lines=(Kind(job.kind).says.in_(doer.language),))
