"""The team and its work as they stand: what the strategy, decisions and tests ask for, and who does it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from cmo.experiments.registration import Stage
from cmo.ledger.decisions import all_decisions
from cmo.ledger.tasks import Task, ask_for, tasks
from cmo.ledger.tests import lives
from cmo.strategy.decisions.life import UNDER_WAY
from cmo.strategy.decisions.life import State as Approved
from cmo.strategy.document import Strategy
from cmo.strategy.staff import Work
from cmo.team.duties import work_of_decision, work_of_test
from cmo.team.lacking import LATEST
from cmo.team.people import MARKETING, Person, people_of
from cmo.team.staffing import Staffing, staff
from cmo.team.weeks import Weeks
from cmo.team.work import ALIVE, HOUR, Item, State, released

STRATEGY = "strategy"
_UNREAD = frozenset({Stage.DESIGNED, Stage.APPROVED, Stage.RUNNING})


@dataclass(frozen=True, slots=True, kw_only=True)
class Workforce:
    """Who works, on what, and who does what when.

    Attributes:
        today: The first day of the plan.
        weeks: The weeks that are planned.
        n_busy: How many of them there are until the last work is due.
        people: Those who are given work.
        tasks: All work, done or not, by its name.
        items: Work of ours that is still to be done.
        plan: Who does what.
    """

    today: date
    weeks: Weeks
    n_busy: int
    people: tuple[Person, ...]
    tasks: Mapping[str, Task]
    items: tuple[Item, ...]
    plan: Staffing

    @property
    def requests(self) -> tuple[Task, ...]:
        """What other departments are asked for."""
        return tuple(one for one in self.tasks.values() if not _is_ours(one.item))

    def cost_of(self, origin: str) -> float:
        """What the hours of all work of one origin cost, whoever does them."""
        costs = {one.id: HOUR if one.cost is None else one.cost for one in self.people}
        mean = sum(costs.values()) / len(costs) if costs else HOUR
        doing = {one.item: one for one in self.plan.assignments}
        total = 0.0
        for task in self.tasks.values():
            if task.item.origin == origin and task.state in ALIVE:
                given = doing.get(task.item.id)
                hours = task.item.hours
                total += hours * (mean if given is None else costs[given.who])
                if given is not None and given.mentor is not None:
                    total += sum(given.mentored) * costs[given.mentor]
        return total


def workforce(strategy: Strategy, *, today: date) -> Workforce:
    """The team's work as it stands, staffed.

    Args:
        strategy: The strategy in force; the ledger is open.
        today: The first day to plan.
    """
    found = _tasks(strategy)
    alive = [one.item for one in found.values() if one.state in ALIVE and _is_ours(one.item)]
    done = frozenset(name for name, one in found.items() if one.state not in ALIVE)
    items = released(alive, done)
    last = max((one.by for one in items), default=today)
    weeks = Weeks.until(max(last, today) + timedelta(weeks=LATEST), first=today)
    people = people_of(strategy.team, weeks, staked=_staked(strategy))
    return Workforce(
        today=today,
        weeks=weeks,
        n_busy=min(max(weeks.week_of(last), 0) + 1, weeks.n),
        people=people,
        tasks=found,
        items=items,
        plan=staff(_given(items, people), people, weeks),
    )


def take_up(strategy: Strategy, *, by: str) -> int:
    """Remember the work that the strategy, decisions and tests ask for; how many pieces are new."""
    return ask_for(asked(strategy), by=by)


def asked(strategy: Strategy) -> Iterator[Item]:
    """The work that the strategy, approved decisions and designed tests ask for, remembered or not."""
    known = {skill for one in strategy.team for skill, level in one.skills.items() if level > 0}
    yield from (planned(one) for one in strategy.work)
    for one in all_decisions():
        approved = next((each.taken_at.date() for each in one.steps if each.state is Approved.APPROVED), None)
        if one.state in UNDER_WAY and approved is not None:
            yield from work_of_decision(one.packet, approved_on=approved, known=known)
    for life in lives():
        if life.design is not None and life.stage in _UNREAD:
            promise = life.design.registration
            yield from work_of_test(
                life.test, life.says, starts_on=promise.starts_on, ends_on=promise.ends_on, known=known
            )


def planned(work: Work) -> Item:
    """Work of strategy.yaml as a piece of work."""
    return Item(
        id=work.id,
        says=work.says,
        hours=work.hours,
        by=work.by,
        skills=dict(work.skills),
        start=work.start,
        language=work.language,
        market=work.market,
        channel=work.channel,
        after=work.after,
        worth=work.worth or 0.0,
        department=work.department,
        origin=STRATEGY if work.serves is None else f"{STRATEGY}:{work.serves}",
    )


def _tasks(strategy: Strategy) -> dict[str, Task]:
    """Remembered work, and work that is asked for and not remembered yet; the file's own words count."""
    kept = {one.item.id: one for one in tasks()}
    written = {one.id: planned(one) for one in strategy.work}
    found: dict[str, Task] = {}
    for name, one in kept.items():
        of_file = one.item.origin.partition(":")[0] == STRATEGY
        if of_file and name not in written and one.state in ALIVE:
            continue  # it was taken out of the file
        item = replace(written[name], who=one.item.who) if name in written else one.item
        found[name] = replace(one, item=item)
    for item in asked(strategy):
        if item.id not in found:
            found[item.id] = _new(item)
    return found


def _new(item: Item) -> Task:
    return Task(
        item=item,
        state=State.OPEN,
        taken=None,
        words="",
        elsewhere="",
        asked_by="cmo",
        asked_at=datetime.now(tz=UTC),
        done_on=None,
    )


def _is_ours(item: Item) -> bool:
    return item.department in (None, MARKETING)


def _given(items: tuple[Item, ...], people: tuple[Person, ...]) -> tuple[Item, ...]:
    """Work of somebody who is not of the team any more is given anew."""
    names = {one.id for one in people}
    return tuple(one if one.who in names else replace(one, who=None) for one in items)


def _staked(strategy: Strategy) -> dict[str, float]:
    found: dict[str, float] = {}
    for bet in strategy.bets:
        for who, hours in bet.hours.items():
            found[who] = found.get(who, 0.0) + hours
    return found
