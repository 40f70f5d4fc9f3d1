"""Who could do a piece of work: alone, or to grow, with somebody who accompanies them."""

from collections.abc import Sequence
from dataclasses import dataclass
from heapq import nsmallest
from typing import Final

from cmo.team.people import Person
from cmo.team.work import Item, Span

SHORT: Final = 1.0
"""How many levels somebody who wishes to grow may be short of what the work needs."""
COMPANY: Final = 0.25
"""Hours of who accompanies, for each hour of who grows."""
OWNS, KNOWS, GROWS = 1.0, 0.5, 1.5
"""What an hour counts for that the owner of the channel, who knows the market, or who wishes to grow does."""
MOST_PAIRS: Final = 12
"""Pairs that are weighed for one piece of work, those with most free time first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """A way to do a piece of work.

    Attributes:
        doer: Place of who does it among the people.
        mentor: Place of who accompanies them; none where they do it alone.
        hours: Hours of who does it.
        accompanied: Hours of who accompanies.
        fit: Hours that count for who owns, who knows and who grows; more is better.
    """

    doer: int
    mentor: int | None
    hours: float
    accompanied: float
    fit: float

    @property
    def loads(self) -> tuple[tuple[int, float], ...]:
        """Hours by place of the people."""
        if self.mentor is None:
            return ((self.doer, self.hours),)
        return ((self.doer, self.hours), (self.mentor, self.accompanied))


def options(item: Item, people: Sequence[Person], span: Span) -> tuple[Option, ...]:
    """All ways in which a piece of work could be done by these people, whatever else they do.

    Args:
        item: The piece of work; who has it already keeps it.
        people: Those who could.
        span: The weeks in which it may be done.

    Returns:
        Those who are skilled enough and have the hours; then pairs in which somebody who wishes to grow in a
        skill, and is one level short of it, is accompanied by somebody who is skilled enough.
    """
    if item.who is not None:
        kept = [i for i, one in enumerate(people) if one.id == item.who]
        return tuple(_alone(item, people[i], i) for i in kept if _free(people[i], span) >= item.hours)
    apt = [i for i, one in enumerate(people) if one.speaks(item.language)]
    able = [i for i in apt if is_able(item, people[i])]
    alone = tuple(_alone(item, people[i], i) for i in able if _free(people[i], span) >= item.hours)
    extra = COMPANY * item.hours
    mentors = [i for i in able if not people[i].outside and _free(people[i], span) >= extra]
    growing = [i for i in apt if grows(item, people[i]) and _free(people[i], span) >= item.hours]
    pairs = [(i, j) for i in growing for j in mentors if i != j]
    if len(pairs) > MOST_PAIRS:
        pairs = nsmallest(MOST_PAIRS, pairs, key=lambda pair: -sum(_free(people[i], span) for i in pair))
    together = (
        Option(
            doer=i,
            mentor=j,
            hours=item.hours,
            accompanied=extra,
            fit=item.hours * (GROWS + _affinity(item, people[i])),
        )
        for i, j in pairs
    )
    return (*alone, *together)


def is_able(item: Item, person: Person) -> bool:
    """Whether somebody has all the skills that a piece of work needs."""
    return all(person.level(skill) >= level for skill, level in item.skills.items())


def grows(item: Item, person: Person) -> bool:
    """Whether somebody is short of a skill they wish to grow in, by one level at most, and of no other."""
    short = {skill for skill, level in item.skills.items() if person.level(skill) < level}
    return (
        bool(short)
        and not person.outside
        and short <= person.wishes
        and all(item.skills[skill] - person.level(skill) <= SHORT for skill in short)
    )


def _alone(item: Item, person: Person, place: int) -> Option:
    fit = item.hours * _affinity(item, person)
    return Option(doer=place, mentor=None, hours=item.hours, accompanied=0.0, fit=fit)


def _affinity(item: Item, person: Person) -> float:
    owns = item.channel is not None and item.channel in person.channels
    knows = item.market is not None and item.market in person.markets
    return OWNS * owns + KNOWS * knows


def _free(person: Person, span: Span) -> float:
    return sum(person.free[span.first : span.last + 1])
