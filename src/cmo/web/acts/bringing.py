"""Files that were brought: answered about, taken as a batch, or dropped."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from cmo.briefs.answers import Answer
from cmo.measures import Problem
from cmo.web.acts.act import Asked, Doer, done
from cmo.web.acts.working import job_answer
from cmo.web.jobs.queue import Kind, ask_job
from cmo.web.models import Upload, UploadState
from cmo.web.uploads import close, files_of

Word = Annotated[str, Field(max_length=200)]


class OfUpload(Asked):
    """Which files."""

    upload: Annotated[UUID, Field(description="Its id.")]


class Look(OfUpload):
    """What is said about files."""

    answers: Annotated[
        dict[Word, Word],
        Field(description="Answers by the key of their question.", max_length=200, default_factory=dict),
    ]


def looked(doer: Doer, asked: Look) -> Answer:
    """Look at files again, with what is said about them."""
    upload = upload_of(asked.upload)
    files_of(upload)
    upload.answers = {**upload.answers, **{key: said for key, said in asked.answers.items() if said}}
    upload.save(update_fields=["answers"])
    given = {"upload": str(upload.pk), "answers": upload.answers}
    return job_answer(ask_job(Kind.LOOK, by=doer.user, language=doer.language, arguments=given), doer)


def taken(doer: Doer, asked: OfUpload) -> Answer:
    """Take files as a batch, all of it or nothing, and review."""
    upload = upload_of(asked.upload)
    files_of(upload)
    doer.note("take files", kind="upload", key=str(upload.pk), details={"files": upload.names})
    given = {"upload": str(upload.pk)}
    return job_answer(ask_job(Kind.TAKE, by=doer.user, language=doer.language, arguments=given), doer)


def dropped(doer: Doer, asked: OfUpload) -> Answer:
    """Drop files."""
    upload = upload_of(asked.upload)
    files_of(upload)
    close(upload, UploadState.DROPPED)
    doer.note("drop files", kind="upload", key=str(upload.pk))
    return done(
        "Dropped: nothing of it was kept.",
        "Abandonné : rien n'en a été gardé.",
        doer=doer,
        upload=str(upload.pk),
    )


def upload_of(number: UUID) -> Upload:
    """Files that were brought.

    Raises:
        Problem: There are none of that number.
    """
    upload = Upload.objects.filter(pk=number).first()
    if upload is None:
        raise Problem(f"no files were brought as {number}")
    return upload
