"""The team's work remembered: what was asked for, who has it, what it took, where it was handed over to."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from cmo.ledger import models
from cmo.ledger.opening import writing
from cmo.measures import Problem, Text
from cmo.team.work import FOLLOWS, Item, State


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A piece of work with its life so far.

    Attributes:
        item: What is to be done; `who` is who has it now.
        state: How far it has come.
        taken: Hours that it took, once it is done.
        words: What was said with the last step.
        elsewhere: Its address in a tracker; empty where it was not handed over.
        asked_by: Who asked for it.
        asked_at: When.
        done_on: The day it was done.
    """

    item: Item
    state: State
    taken: float | None
    words: str
    elsewhere: str
    asked_by: str
    asked_at: datetime
    done_on: date | None


def ask_for(items: Iterable[Item], *, by: str) -> int:
    """Remember work that is not remembered yet.

    Args:
        items: The work; one that is known by its name stays as it was asked for.
        by: Who asks.

    Returns:
        How many pieces are new.
    """
    with writing():
        wanted = {one.id: one for one in items}
        known = set(models.Task.rows.filter(key__in=wanted).values_list("key", flat=True))
        new = [one for name, one in wanted.items() if name not in known]
        for one in new:
            models.Task(
                key=one.id, content=_content(one), origin=one.origin, asked_by=by, asked_at=timezone.now()
            ).save()
    return len(new)


def tasks() -> tuple[Task, ...]:
    """All work that was ever asked for, in the order it was asked for."""
    steps: dict[str, list[models.TaskStep]] = {}
    for step in models.TaskStep.rows.order_by("position"):
        steps.setdefault(step.key, []).append(step)
    return tuple(_task(row, steps.get(row.key, [])) for row in models.Task.rows.order_by("pk"))


def task(name: str) -> Task:
    """A piece of work.

    Raises:
        Problem: There is none of that name.
    """
    row = models.Task.rows.filter(key=name).first()
    if row is None:
        raise Problem(f"no work is called {name}: cmo team work lists it")
    return _task(row, list(models.TaskStep.rows.filter(key=name).order_by("position")))


def take_step(
    name: str,
    *,
    state: State,
    by: str,
    who: str = "",
    hours: float | None = None,
    words: str = "",
    elsewhere: str = "",
) -> Task:
    """Take a piece of work one step further.

    Args:
        name: Which.
        state: What it becomes; the same state again says who has it, or where it was handed over to.
        by: Who says so.
        who: Id of who has it; as before where empty.
        hours: Hours that it took, for what is done.
        words: What there is to say; a refusal needs a reason.
        elsewhere: Its address in a tracker.

    Raises:
        Problem: There is no such work, the step does not follow from where it stands, or the reason or the
            hours are missing.
    """
    if state is State.DECLINED and not words.strip():
        raise Problem("a request is declined with a reason: say why")
    if hours is not None and hours <= 0:
        raise Problem(f"hours == {hours:g}, must be above 0")
    with writing():
        now = task(name)
        if state is not now.state and now.state not in FOLLOWS[state]:
            raise Problem(f"{name} is {now.state.value}, and cannot be {state.value} after that")
        models.TaskStep(
            key=name,
            position=models.TaskStep.rows.filter(key=name).count(),
            state=state.value,
            who=who or now.item.who or "",
            hours=hours,
            words=words.strip(),
            elsewhere=elsewhere or now.elsewhere,
            taken_by=by,
            taken_at=timezone.now(),
        ).save()
    return task(name)


def assign(given: Mapping[str, str], *, by: str) -> int:
    """Give work to people, as a plan would have it.

    Args:
        given: Id of a person by name of a piece of work.
        by: Who gives it.

    Returns:
        How many pieces changed hands.
    """
    changed = 0
    with writing():
        for name, who in given.items():
            now = task(name)
            if now.item.who != who:
                take_step(name, state=now.state, who=who, by=by)
                changed += 1
    return changed


def digest_of_tasks() -> str:
    """What tells whether anything about the work has changed."""
    return f"{models.Task.rows.count()}.{models.TaskStep.rows.count()}"


def _content(item: Item) -> dict[str, Any]:
    said = {
        "says": item.says.as_mapping(),
        "hours": item.hours,
        "by": item.by.isoformat(),
        "skills": dict(item.skills),
        "start": None if item.start is None else item.start.isoformat(),
        "language": item.language,
        "market": item.market,
        "channel": item.channel,
        "after": list(item.after),
        "worth": item.worth,
        "department": item.department,
        "who": item.who,
    }
    return json.loads(json.dumps({name: one for name, one in said.items() if one not in (None, [], {})}))  # type: ignore[no-any-return]  # it is what was given


def _item(row: models.Task) -> Item:
    said = row.content
    return Item(
        id=row.key,
        says=Text.of_mapping(said["says"]),
        hours=said["hours"],
        by=date.fromisoformat(said["by"]),
        skills=said.get("skills", {}),
        start=None if "start" not in said else date.fromisoformat(said["start"]),
        language=said.get("language"),
        market=said.get("market"),
        channel=said.get("channel"),
        after=tuple(said.get("after", ())),
        worth=said.get("worth", 0.0),
        department=said.get("department"),
        origin=row.origin,
        who=said.get("who"),
    )


def _task(row: models.Task, steps: list[models.TaskStep]) -> Task:
    last = steps[-1] if steps else None
    done = next((one for one in reversed(steps) if one.state == State.DONE), None)
    item = _item(row)
    return Task(
        item=item if last is None or not last.who else replace(item, who=last.who),
        state=State.OPEN if last is None else State(last.state),
        taken=None if done is None else done.hours,
        words="" if last is None else last.words,
        elsewhere="" if last is None else last.elsewhere,
        asked_by=row.asked_by,
        asked_at=row.asked_at,
        done_on=None if done is None else done.taken_at.date(),
    )
