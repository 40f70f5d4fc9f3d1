"""The end of a campaign: results read in, its test decided as it was promised, a learning written."""

from pathlib import Path

from cmo.briefs.answers import Answer
from cmo.communication.campaign import Stage, of_mapping
from cmo.experiments.registration import Stage as TestStage
from cmo.ledger.tests import life_of
from cmo.ledger.works import take_work_step
from cmo.loop.campaigns import known, stage_of
from cmo.loop.living import Lesson, decide, learn, stop
from cmo.loop.observing import Progress, observe
from cmo.loop.results import keep_results
from cmo.loop.standing import opened
from cmo.loop.testing import today_of
from cmo.measures import Language, Problem


def learnt(
    folder: Path,
    name: str,
    lesson: Lesson,
    *,
    words: str,
    by: str,
    progress: Progress,
    language: Language | None,
) -> Answer:
    """Close a campaign that was sent: its test ends, is decided by its promise, and teaches.

    The next review holds the belief against it: `cmo review`.

    Args:
        folder: The company's folder.
        name: The campaign.
        lesson: What was learnt.
        words: What is decided on it.
        by: Who says so.
        progress: Told what is being done.
        language: Language of the answer.

    Raises:
        Problem: It was not sent, had one arm only, or its test cannot be read yet.
    """
    workspace = opened(folder)
    found = known(name)
    if stage_of(found) not in {Stage.SENT, Stage.LEARNT}:
        raise Problem(f"{name} is {stage_of(found).value}: it teaches once it was sent")
    campaign = of_mapping(found.content)
    life = life_of(campaign.test)
    if life is None:
        raise Problem(f"{name} went out in one version only: there is nothing to compare")
    keep_results(workspace)
    with workspace.writing():
        observe(workspace, progress=progress)
    today = today_of(workspace)
    if life.stage is TestStage.RUNNING and life.design is not None:
        if today <= life.design.registration.ends_on:
            stop(folder, campaign.test, why=f"campaign {name} was sent", by=by, on=today, language=language)
        life = life_of(campaign.test) or life
    told: tuple[str, ...] = ()
    if life.stage in {TestStage.RUNNING, TestStage.ANALYSING}:
        answer = decide(folder, campaign.test, words, by=by, invalid="", progress=progress, language=language)
        told = answer.lines
    done = learn(folder, campaign.test, lesson, by=by, language=language)
    if stage_of(found) is Stage.SENT:
        take_work_step(found, Stage.LEARNT.value, by=by, words=lesson.id)
    return Answer(
        data={"campaign": name, **done.data}, lines=(*told, *done.lines), head=done.head, body=done.body
    )
