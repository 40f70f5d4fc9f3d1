"""One job, in a process of its own: `python -m cmo.web.jobs.perform FOLDER JOB`."""

import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import Any, Final

from django.db import OperationalError

from cmo.measures import Language, Problem, Text
from cmo.web.start import configure, opened

_BETWEEN: Final = 0.5
"""Seconds between two steps that are written down."""


def main(folder: Path, number: str) -> None:
    """Do a job and write down what it found, or why it could not."""
    opened(configure(folder))
    from django.utils import timezone

    from cmo.web.models import Job, JobState

    job = Job.objects.get(pk=number)
    tongue: Language = "fr" if job.language == "fr" else "en"
    last = 0.0

    def progress(step: Text) -> None:
        nonlocal last
        if monotonic() - last < _BETWEEN:
            return
        last = monotonic()
        try:
            Job.objects.filter(pk=number).update(step_en=step.en, step_fr=step.fr, n_steps=job.n_steps + 1)
        except OperationalError:
            return  # somebody else writes for long; the next step will be told
        job.n_steps += 1

    try:
        answer = _WORK[job.kind](folder, job.arguments, progress=progress, language=tongue)
    except Problem as problem:
        told, found, state = list(problem.sentences), None, JobState.FAILED
    else:
        told, found, state = list(answer.lines), answer.data, JobState.DONE
    Job.objects.filter(pk=number, state=JobState.RUNNING).update(
        state=state, told=told, found=found, finished_at=timezone.now()
    )
    if state == JobState.DONE and job.kind in _SHOWN_AFTER and job.asked_by is not None:
        from cmo.web.drawing import draw_all
        from cmo.web.start import gathered_already

        if gathered_already():
            os.nice(10)
            draw_all(job.asked_by)


def _review(
    folder: Path, _arguments: dict[str, Any], *, progress: Callable[[Text], None], language: Language
) -> Any:
    from cmo.briefs.answers import Answer
    from cmo.loop.unchanged import last_answer_or_news

    found = last_answer_or_news(folder, progress=progress, language=language)
    if isinstance(found, Answer):
        return found
    from cmo.loop.review import review

    return review(folder, found, progress=progress, language=language)


def _check(
    folder: Path, _arguments: dict[str, Any], *, progress: Callable[[Text], None], language: Language
) -> Any:
    from cmo.loop.checking import check

    return check(folder, progress=progress, language=language)


def _plan(
    folder: Path, arguments: dict[str, Any], *, progress: Callable[[Text], None], language: Language
) -> Any:
    from cmo.loop.planning import plan

    return plan(folder, budget=arguments.get("budget"), progress=progress, language=language)


def _demo(
    folder: Path, _arguments: dict[str, Any], *, progress: Callable[[Text], None], language: Language
) -> Any:
    """Fill an empty workspace with a simulated company and review it; done again, it gives the same."""
    from cmo.simulation.simulate import simulate
    from cmo.workspace import Workspace

    workspace, today = Workspace.open(folder), datetime.now(tz=UTC).date()
    begun = workspace.cmo / "demo"
    if workspace.config.sources and not begun.exists():
        raise Problem("this workspace has sources of its own: the demo company would take their place")
    begun.touch()
    progress(Text("simulating three years of a company", "simulation de trois ans d'une entreprise"))
    simulate(folder, seed=1, end=today, language=language)
    return _review(folder, _arguments, progress=progress, language=language)


def _look(
    folder: Path, arguments: dict[str, Any], *, progress: Callable[[Text], None], language: Language
) -> Any:
    from cmo.loop.taking import looked_at
    from cmo.web.models import Upload
    from cmo.web.uploads import files_of

    upload = Upload.objects.get(pk=arguments["upload"])
    progress(Text("looking at the files", "examen des fichiers"))
    return looked_at(folder, files_of(upload), answers=upload.answers, language=language)


def _take(
    folder: Path, arguments: dict[str, Any], *, progress: Callable[[Text], None], language: Language
) -> Any:
    """Take the files of an upload as a batch, then review; done again, it gives the same."""
    from cmo.briefs.answers import Answer
    from cmo.loop.taking import taken
    from cmo.web.models import Upload, UploadState
    from cmo.web.uploads import close, files_of

    upload, before = Upload.objects.get(pk=arguments["upload"]), tuple[str, ...]()
    if upload.state == UploadState.OPEN:
        told = taken(folder, files_of(upload), answers=upload.answers, progress=progress, language=language)
        close(upload, UploadState.TAKEN)
        before = told.lines
    found = _review(folder, {}, progress=progress, language=language)
    return Answer(data=found.data, lines=(*before, *found.lines))


_SHOWN_AFTER: Final = frozenset({"review", "demo", "take"})
"""Kinds of jobs after which all pages are new."""


def _send(
    folder: Path, arguments: dict[str, Any], *, progress: Callable[[Text], None], language: Language
) -> Any:
    from cmo.loop.sending import send

    return send(folder, arguments["campaign"], by=arguments["by"], progress=progress, language=language)


_WORK: Final = {
    "review": _review,
    "check": _check,
    "plan": _plan,
    "demo": _demo,
    "send": _send,
    "look": _look,
    "take": _take,
}

if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
