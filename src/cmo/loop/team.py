"""Use cases of the team: people and load, who does what, gaps, work, requests, diversity."""

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from cmo.briefs.answers import Answer
from cmo.briefs.team_answers import (
    diversity_answer,
    gaps_answer,
    people_answer,
    staffing_answer,
    work_answer,
)
from cmo.ledger.declarations import declare, shown_tables
from cmo.ledger.strategy import remembered_strategy
from cmo.ledger.tasks import Task, ask_for, assign, take_step
from cmo.loop.standing import opened, user
from cmo.loop.team_evidence import LOAD, learnt_overrun, team_estimates
from cmo.loop.testing import today_of
from cmo.loop.workforce import Workforce, take_up, workforce
from cmo.measures import Language, Problem, Text
from cmo.strategy.document import Strategy
from cmo.strategy.part import nearest
from cmo.team.coverage import coverage, single_points
from cmo.team.lacking import lacks
from cmo.team.work import ALIVE, Item, State
from cmo.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """The team of a company as it stands today.

    Attributes:
        workspace: The company's folder; its ledger is open.
        strategy: The strategy in force.
        force: Who works, on what, and who does what when.
        language: Language to speak.
    """

    workspace: Workspace
    strategy: Strategy
    force: Workforce
    language: Language


def team_of(folder: Path, language: Language | None) -> Team:
    """The team as it stands today.

    Raises:
        Problem: The folder is no workspace.
    """
    workspace = opened(folder)
    strategy = remembered_strategy()
    return Team(
        workspace=workspace,
        strategy=strategy,
        force=workforce(strategy, today=today_of(workspace)),
        language=language or workspace.config.company.language,
    )


def people(folder: Path, *, language: Language | None) -> Answer:
    """Everybody with role, skills, hours and load."""
    return people_told(team_of(folder, language))


def people_told(now: Team) -> Answer:
    """The same, of a team that is known."""
    force = now.force
    found = team_estimates(force, learnt_overrun(), as_of=force.today)
    loads = {subject: one.figure(subject) for one in found if one.measure == LOAD for subject in one.subjects}
    return people_answer(
        force.people,
        loads,
        roles={one.id: one.role for one in now.strategy.team if one.role is not None},
        away={
            one.id: [f"{each.start} – {each.end}" for each in one.absences if each.end >= force.today]
            for one in now.strategy.team
        },
        language=now.language,
    )


def staffing(folder: Path, *, keep: bool, language: Language | None) -> Answer:
    """Who does what in which week.

    Args:
        folder: The company's folder.
        keep: Whether the work is given to them.
        language: Language of the answer.
    """
    now = team_of(folder, language)
    told = staffing_told(now)
    if not keep:
        return told
    with now.workspace.writing():
        take_up(now.strategy, by=user())
        kept = assign({one.item: one.who for one in now.force.plan.assignments}, by=user())
    said = Text(f"Kept: {kept} given anew.", f"Gardé : {kept} attribués à nouveau.")
    return replace(told, data={**told.data, "kept": kept}, lines=(*told.lines, said.in_(now.language)))


def staffing_told(now: Team) -> Answer:
    """The same, of a team that is known."""
    force = now.force
    origins = dict.fromkeys(one.origin for one in force.items if one.origin)
    return staffing_answer(
        force.plan,
        force.items,
        force.people,
        weeks=force.weeks,
        costs={origin: force.cost_of(origin) for origin in origins},
        currency=now.workspace.config.company.currency,
        language=now.language,
    )


def gaps(folder: Path, *, language: Language | None) -> Answer:
    """What is lacking, what would help and its price; skills against needs; who cannot fall ill."""
    return gaps_told(team_of(folder, language))


def gaps_told(now: Team) -> Answer:
    """The same, of a team that is known."""
    force = now.force
    found = lacks(
        force.plan,
        force.items,
        force.people,
        weeks=force.weeks,
        suppliers=now.strategy.suppliers,
        currency=now.workspace.config.company.currency,
    )
    return gaps_answer(
        found,
        coverage(force.items, force.people, force.plan),
        single_points(force.items, force.people),
        people=force.people,
        language=now.language,
    )


def work(folder: Path, *, every: bool, language: Language | None) -> Answer:
    """Work with its state: what is to be done, or all of it."""
    now = team_of(folder, language)
    shown = [one for one in now.force.tasks.values() if every or one.state in ALIVE]
    return work_answer([row_of(one) for one in shown], language=now.language)


def requests(folder: Path, *, language: Language | None) -> Answer:
    """What other departments are asked for, and what they say to it."""
    now = team_of(folder, language)
    return work_answer([row_of(one) for one in now.force.requests], language=now.language)


def add_work(folder: Path, item: Item, *, by: str, language: Language | None) -> Answer:
    """Ask for a piece of work: of the team, or of another department.

    Raises:
        Problem: There is work of that name, or it waits for work that does not exist.
    """
    now = team_of(folder, language)
    if item.id in now.force.tasks:
        raise Problem(f"work called {item.id} is there already: give the new one another name")
    unknown = [name for name in item.after if name not in now.force.tasks]
    if unknown:
        raise Problem(f"{unknown[0]} is no work: {_near(unknown[0], now)}")
    with now.workspace.writing():
        take_up(now.strategy, by=by)
        ask_for([item], by=by)
    return _one(folder, item.id, now.language)


def step(  # noqa: PLR0913 - each is a fact of the step
    folder: Path,
    name: str,
    *,
    state: State | None = None,
    who: str = "",
    hours: float | None = None,
    words: str = "",
    by: str,
    language: Language | None,
) -> Answer:
    """Take a piece of work one step further: begun, done, dropped, accepted, declined, or given to somebody.

    Raises:
        Problem: There is no such work, nobody of that name, or the step does not follow.
    """
    now = team_of(folder, language)
    names = [one.id for one in now.strategy.team]
    if name not in now.force.tasks:
        raise Problem(f"no work is called {name}: {_near(name, now)}")
    if who and who not in names:
        raise Problem(
            f"{who} is nobody of the team: {nearest(who, names) if names else 'there is nobody yet'}"
        )
    asked = now.force.tasks[name]
    if state in (State.ACCEPTED, State.DECLINED) and asked not in now.force.requests:
        raise Problem(f"{name} is asked of no other department: nobody accepts or declines it")
    with now.workspace.writing():
        take_up(now.strategy, by=by)
        take_step(name, state=state or asked.state, who=who, hours=hours, words=words, by=by)
    return _one(folder, name, now.language)


def diversity(folder: Path, *, language: Language | None) -> Answer:
    """Numbers of people by what they say of themselves, five or more each."""
    workspace = opened(folder)
    found = [(one.question, one.table) for one in shown_tables()]
    return diversity_answer(found, language=language or workspace.config.company.language)


def declared(folder: Path, who: str, question: str, value: str, *, language: Language | None) -> Answer:
    """Keep what somebody chooses to say of themselves; an empty value takes it back.

    Raises:
        Problem: They are nobody of the team.
    """
    workspace = opened(folder)
    names = [one.id for one in remembered_strategy().team]
    if who not in names:
        raise Problem(
            f"{who} is nobody of the team: {nearest(who, names) if names else 'there is nobody yet'}"
        )
    with workspace.writing():
        declare(who, question, value, n_team=len(names))
    return diversity(folder, language=language)


def new_item(
    name: str,
    says: str,
    *,
    hours: float,
    by: date,
    skills: dict[str, float],
    department: str | None = None,
    **more: Any,
) -> Item:
    """A piece of work as somebody asks for it.

    Raises:
        Problem: It has no hours, or a level is none.
    """
    if hours <= 0:
        raise Problem(f"hours == {hours:g}, must be above 0")
    for skill, level in skills.items():
        if not 0 <= level <= 5:
            raise Problem(f"{skill} == {level:g}, a level is between 0 and 5")
    return Item(
        id=name, says=Text.same(says), hours=hours, by=by, skills=skills, department=department, **more
    )


def row_of(one: Task) -> dict[str, Any]:
    """A piece of work as a row."""
    item = one.item
    return {
        "id": item.id,
        "says": item.says,
        "state": one.state,
        "who": item.who,
        "department": item.department,
        "skills": dict(item.skills),
        "hours": item.hours,
        "taken": one.taken,
        "by": item.by.isoformat(),
        "after": list(item.after),
        "origin": item.origin,
        "words": one.words,
        "elsewhere": one.elsewhere,
    }


def _one(folder: Path, name: str, language: Language) -> Answer:
    now = team_of(folder, language)
    return work_answer([row_of(now.force.tasks[name])], language=now.language)


def _near(name: str, now: Team) -> str:
    return nearest(name, list(now.force.tasks)) if now.force.tasks else "none is asked for yet"
