"""The life of a campaign.

Approval by somebody else, a day, a test that is registered before anything leaves.
"""

from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from cmo.briefs.answers import Answer
from cmo.communication.campaign import Campaign, Stage, as_mapping, checked, of_mapping
from cmo.experiments.life import Figures
from cmo.experiments.registration import Kind, Registration, Stopping
from cmo.experiments.registration import Stage as TestStage
from cmo.ledger.approvals import (
    ApprovalState,
    answer_approval,
    approvals,
    ask_approval,
    state_of,
    waiting_approvals,
)
from cmo.ledger.audit import note
from cmo.ledger.opening import writing
from cmo.ledger.outbox import halt
from cmo.ledger.tests import keep_design, life_of
from cmo.ledger.tests import take_step as take_test_step
from cmo.ledger.works import Work, keep_work, take_work_step
from cmo.loop.campaigns import KIND, changeable, known, shown, stage_of
from cmo.loop.standing import opened
from cmo.loop.testing import today_of
from cmo.measures import Language, Problem, Text
from cmo.workspace import Workspace

METRIC = "clicked"
"""What the arms are compared on when nothing else is promised: whether a person followed a link."""
LASTS = timedelta(days=7)
"""How long clicks are waited for."""


def ask(folder: Path, name: str, *, by: str, language: Language | None) -> Answer:
    """Ask for approval of a campaign as it is now.

    Raises:
        Problem: Something stops it: a limit, a forbidden word, a claim without proof; or it was asked
            already.
    """
    workspace = opened(folder)
    spoken = language or workspace.config.company.language
    found = changeable(name)
    refuse_stopped(found, today_of(workspace), spoken)
    campaign = of_mapping(found.content)
    says = Text(f"Campaign {name}: {campaign.title}", f"Campagne {name} : {campaign.title}").in_(spoken)
    ask_approval(KIND, name, content=found.digest, says=says, by=by)
    note("ask approval", by=by, kind=KIND, key=name)
    return shown(folder, name, language=spoken)


def approve(
    folder: Path, name: str, *, approved: bool, words: str, by: str, language: Language | None
) -> Answer:
    """Approve a campaign, or refuse it with a reason; never by somebody who wrote a word of it.

    Raises:
        Problem: Nobody asked, it was changed since, or its own author answers.
    """
    workspace = opened(folder)
    spoken = language or workspace.config.company.language
    found = known(name)
    waiting = next((one for one in waiting_approvals() if (one.kind, one.key) == (KIND, name)), None)
    if waiting is None or waiting.content != found.digest:
        raise Problem(f"nobody asked for approval of {name} as it is now: cmo campaigns ask {name}")
    if approved and by in found.authors:
        raise Problem(f"{by} wrote part of {name}: somebody else must approve it")
    answer_approval(waiting.number, approved=approved, words=words, by=by)
    note("approve" if approved else "refuse", by=by, kind=KIND, key=name)
    return shown(folder, name, language=spoken)


def schedule(
    folder: Path, name: str, *, on: date, embargo: datetime | None, by: str, language: Language | None
) -> Answer:
    """Give a campaign its day; its test is registered now. The day is no change that asks for approval anew.

    Raises:
        Problem: It is not approved as it is, the day is past, or the embargo ends later.
    """
    workspace = opened(folder)
    found = changeable(name)
    today = today_of(workspace)
    if state_of(KIND, name, content=found.digest) is not ApprovalState.APPROVED:
        raise Problem(
            f"{name} is not approved as it is now: cmo campaigns ask {name}, then somebody approves it"
        )
    refuse_stopped(found, today, language or workspace.config.company.language)
    if on < today:
        raise Problem(f"{on} is past, and today is {today}: give a day to come")
    if embargo is not None and embargo.date() > on:
        raise Problem(f"the embargo ends on {embargo.date()}, after {on}: give a later day")
    approver = next((one for one in _approvers(name) if one), by)
    if approver in found.authors:
        raise Problem(f"{approver} approved {name} and wrote part of it: somebody else must approve it")
    with writing():
        _register(of_mapping(found.content), on=on, by=found.made_by, approver=approver)
        details = {"on": on.isoformat(), "embargo": None if embargo is None else embargo.isoformat()}
        take_work_step(found, Stage.SCHEDULED.value, by=by, details=details)
    note("schedule", by=by, kind=KIND, key=name, details={"on": on.isoformat()})
    return shown(folder, name, language=language)


def stop(folder: Path, name: str, *, why: str, by: str, language: Language | None) -> Answer:
    """Stop a campaign, with the reason: what has not left stays.

    Raises:
        Problem: No reason is given, or it is over.
    """
    opened(folder)
    found = known(name)
    if not why.strip():
        raise Problem(f"{name}: a campaign is stopped with a reason")
    if stage_of(found) not in {Stage.DRAFT, Stage.SCHEDULED, Stage.RUNNING}:
        raise Problem(f"{name} is {stage_of(found).value}: there is nothing to stop")
    take_work_step(found, Stage.STOPPED.value, by=by, words=why, details={"stayed": halt(name)})
    note("stop", by=by, kind=KIND, key=name)
    return shown(folder, name, language=language)


def due_on(found: Work) -> date | None:
    """The day that a campaign was given; none before."""
    given = [one.details["on"] for one in found.steps if one.state == Stage.SCHEDULED.value]
    return date.fromisoformat(given[-1]) if given else None


def embargo_of(found: Work) -> datetime | None:
    """The instant before which nothing of it may go out; none where there is none."""
    given = [one.details.get("embargo") for one in found.steps if one.state == Stage.SCHEDULED.value]
    return datetime.fromisoformat(given[-1]) if given and given[-1] else None


def refuse_stopped(found: Work, today: date, language: Language) -> None:
    """Refuse a campaign that something stops.

    Raises:
        Problem: A sentence for each reason.
    """
    stops = checked(of_mapping(found.content), today=today).stops
    if stops:
        raise Problem(*(stop.in_(language) for stop in stops))


def ready(workspace: Workspace, name: str, *, stages: AbstractSet[Stage], language: Language) -> Work:
    """A campaign whose pieces may leave today.

    Args:
        workspace: The company's folder; its ledger is open.
        name: Its name.
        stages: Stages in which they may.
        language: Language of what stops it.

    Raises:
        Problem: It has no day yet or not today, is not approved as it is, is stopped, or under embargo.
    """
    found = known(name)
    if stage_of(found) not in stages:
        raise Problem(f"{name} is {stage_of(found).value}: cmo campaigns schedule {name} gives it its day")
    if state_of(KIND, name, content=found.digest) is not ApprovalState.APPROVED:
        raise Problem(f"{name} is not approved as it is now: cmo campaigns ask {name}")
    today = today_of(workspace)
    refuse_stopped(found, today, language)
    on, embargo = due_on(found), embargo_of(found)
    if on is not None and on > today:
        raise Problem(f"{name} is to go out on {on}, and today is {today}")
    if embargo is not None and embargo > datetime.now(tz=UTC):
        raise Problem(f"{name} is under embargo until {embargo.isoformat()}")
    return found


def with_plan(folder: Path, name: str, *, first: float, batch: int, by: str) -> None:
    """Change how a campaign is sent in batches.

    Raises:
        Problem: The shares cannot be, or it is going out already.
    """
    opened(folder)
    found = changeable(name)
    campaign = of_mapping(found.content)
    try:
        plan = replace(campaign.plan, first=first, batch=batch)
    except ValueError as error:
        raise Problem(f"{name}: {error}") from error
    keep_work(KIND, name, as_mapping(replace(campaign, plan=plan)), by=by)


def _approvers(name: str) -> tuple[str, ...]:
    return tuple(
        one.answered_by or ""
        for one in approvals(most=200)
        if (one.kind, one.key, one.state) == (KIND, name, ApprovalState.APPROVED)
    )


def _register(campaign: Campaign, *, on: date, by: str, approver: str) -> None:
    """Promise what the arms will be compared on, before anything leaves.

    A test there already stays as it is.
    """
    arms = tuple(dict.fromkeys(one.arm for one in campaign.on("email")))
    if len(arms) < 2:
        return
    life = life_of(campaign.test)
    if life is not None and life.stage in {TestStage.RUNNING, TestStage.ANALYSING, TestStage.DECIDED}:
        return
    promise = Registration(
        test=campaign.test,
        kind=Kind.UNITS,
        hypothesis=f"{campaign.brief.message} ({' / '.join(arms)})",
        metric=METRIC,
        control=arms[-1],
        shares=tuple((arm, 1.0 / len(arms)) for arm in arms),
        starts_on=on,
        ends_on=on + LASTS,
        stopping=Stopping.ANY_TIME,
        form="email",
        segment=campaign.brief.segment or None,
        belief=campaign.brief.belief or None,
    )
    if life is None or life.design is None or life.design.seal != promise.seal:
        keep_design(
            promise,
            Figures(expected_effect=0.1, weeks=1, cost=campaign.brief.budget),
            population=(f"segment:{campaign.brief.segment or 'all'}",),
            says=Text.same(campaign.title),
            by=by,
        )
        take_test_step(campaign.test, TestStage.APPROVED, by=approver, words=f"campaign {campaign.id}")
