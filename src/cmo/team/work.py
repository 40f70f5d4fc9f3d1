"""Pieces of work: what they take, when they can be done, and in which order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from math import floor
from types import MappingProxyType
from typing import Final

from cmo.measures import Text
from cmo.team.weeks import Weeks

HOUR: Final = 50.0
"""What an hour is counted at where nobody says what one costs."""


class State(StrEnum):
    """How far a piece of work has come; another department accepts or declines what it is asked for."""

    OPEN = "open"
    UNDER_WAY = "under_way"
    DONE = "done"
    DROPPED = "dropped"
    ACCEPTED = "accepted"
    DECLINED = "declined"


FOLLOWS: Final[Mapping[State, frozenset[State]]] = MappingProxyType(
    {
        State.UNDER_WAY: frozenset({State.OPEN, State.ACCEPTED, State.UNDER_WAY}),
        State.DONE: frozenset({State.OPEN, State.UNDER_WAY, State.ACCEPTED}),
        State.DROPPED: frozenset({State.OPEN, State.UNDER_WAY, State.ACCEPTED, State.DECLINED}),
        State.OPEN: frozenset({State.UNDER_WAY, State.DROPPED, State.DONE, State.DECLINED}),
        State.ACCEPTED: frozenset({State.OPEN, State.DECLINED}),
        State.DECLINED: frozenset({State.OPEN, State.ACCEPTED}),
    }
)
"""For each state, those it may follow."""
ALIVE: Final = frozenset({State.OPEN, State.UNDER_WAY, State.ACCEPTED, State.DECLINED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A piece of work.

    Attributes:
        id: Its name.
        says: What is to be done.
        hours: Hours it is thought to take, > 0.
        by: The last day on which it may be done.
        skills: Least level of each skill that who does it must have.
        start: The first day on which it can be begun.
        language: Language in which it is done.
        market: Market that who does it should know.
        channel: Channel it belongs to.
        after: Names of work that must be done before.
        worth: Money that depends on it, >= 0.
        department: Who does it, where it is not ours to do.
        origin: What asked for it, as `decision:stop-tv`; empty where a person did.
        who: Id of who has it already; none while nobody has.
    """

    id: str
    says: Text
    hours: float
    by: date
    skills: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    start: date | None = None
    language: str | None = None
    market: str | None = None
    channel: str | None = None
    after: tuple[str, ...] = ()
    worth: float = 0.0
    department: str | None = None
    origin: str = ""
    who: str | None = None

    @property
    def weight(self) -> float:
        """What it is worth to have it done: the money that depends on it, and its hours' own."""
        return self.worth + HOUR * self.hours


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """The weeks in which a piece of work may be done.

    Attributes:
        first: First week.
        last: Last week, >= first.
    """

    first: int
    last: int


def spans(items: Sequence[Item], weeks: Weeks) -> tuple[Span, ...]:
    """When each piece of work may be done.

    Work that waits for other work begins in the week after it at the earliest. Where a chain shares a stretch
    of time, each link gets a part of it in proportion to its hours, so that the order holds whoever does
    them. A chain longer than its time has links that share weeks.

    Args:
        items: Pieces of work; what one waits for and is not among them is done.
        weeks: The weeks to plan.

    Returns:
        A span for each, in the same order.
    """
    known = {one.id: one for one in items}
    before = {one.id: [known[name] for name in one.after if name in known] for one in items}
    after: dict[str, list[Item]] = {one.id: [] for one in items}
    for one in items:
        for earlier in before[one.id]:
            after[earlier.id].append(one)
    order = _in_order(items, before)
    tails = _tails(order, after, weeks)
    found: dict[str, Span] = {}
    for one in order:
        tail = tails[one.id]
        first = max([weeks.begin(one.start), *(found[each.id].last + 1 for each in before[one.id])])
        last = tail.due
        if after[one.id]:
            share = (tail.end - first + 1) * one.hours / (one.hours + tail.hours)
            last = min(last, first + max(floor(share), 1) - 1)
        last = min(max(last, 0), weeks.n - 1)
        found[one.id] = Span(first=min(first, last), last=last)
    return tuple(found[one.id] for one in items)


def released(items: Sequence[Item], done: frozenset[str]) -> tuple[Item, ...]:
    """The items with what they waited for and is done taken away."""
    return tuple(replace(one, after=tuple(name for name in one.after if name not in done)) for one in items)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tail:
    """What follows a piece of work: hours of its longest chain, its last week, and the week this is due."""

    hours: float
    end: int
    due: int


def _tails(order: Sequence[Item], after: Mapping[str, Sequence[Item]], weeks: Weeks) -> dict[str, _Tail]:
    found: dict[str, _Tail] = {}
    for one in reversed(order):
        own = weeks.end(one.by)
        behind = [(found[each.id].hours + each.hours, found[each.id].end) for each in after[one.id]]
        hours, end = max(behind, default=(0.0, own))
        due = min([own, *(found[each.id].due - 1 for each in after[one.id])])
        found[one.id] = _Tail(hours=hours, end=end, due=due)
    return found


def _in_order(items: Sequence[Item], before: Mapping[str, Sequence[Item]]) -> list[Item]:
    """Each after those it waits for; a circle is cut where it is met again."""
    found: dict[str, Item] = {}
    entered: set[str] = set()
    for start in items:
        ahead: list[tuple[Item, bool]] = [(start, False)]
        while ahead:
            one, left = ahead.pop()
            if left:
                found.setdefault(one.id, one)
            elif one.id not in entered:
                entered.add(one.id)
                ahead.append((one, True))
                ahead.extend((each, False) for each in before[one.id])
    return list(found.values())
