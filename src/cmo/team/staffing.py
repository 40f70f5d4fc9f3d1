"""Staffing: who does what in which week, so that most is done, nobody is swamped, and people grow.

Three aims, one after the other: the weight of the work that nobody does is least; then the fullest stretch
of anybody's weeks is least full; then, as long as it gets no fuller than a little, most hours go to who owns
the channel, knows the market or wishes to grow. A small plan is solved to proven optimality as a
mixed-integer programme; a large one is rounded from its linear relaxation and improved by moves, and the
relaxation says how far from the best it can be at most.

References:
    Huangfu & Hall (2018), "Parallelizing the dual revised simplex method", Mathematical Programming
    Computation 10 (HiGHS).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from cmo.team.local_search import improved, placed
from cmo.team.options import Option, options
from cmo.team.people import Person
from cmo.team.programme import Programme, Solved
from cmo.team.room import Room, week_by_week
from cmo.team.weeks import Weeks
from cmo.team.work import Item, Span, spans

SMALL: Final = 2_500
"""Options up to which a plan is solved as a mixed-integer programme."""
GIVE: Final = 0.05
"""How much fuller the fullest stretch may get for the sake of who owns, knows or grows."""
PATIENCE: Final = 30.0
"""Seconds for one programme, and for the improvement of a large plan."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """Who does a piece of work, and when.

    Attributes:
        item: Its name.
        who: Id of who does it.
        hours: Hours in each week.
        mentor: Id of who accompanies them; none where they do it alone.
        mentored: Hours of who accompanies, in each week; empty where nobody does.
    """

    item: str
    who: str
    hours: tuple[float, ...]
    mentor: str | None = None
    mentored: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Staffing:
    """A plan of work.

    Attributes:
        assignments: Who does what, in the order of the work.
        unstaffed: Names of the work that nobody can do in time.
        peaks: Share of the free hours that are taken in the fullest stretch of each person, by id.
        peak: The largest of them.
        bound: No plan that does as much has a fullest stretch below this.
        proven: Whether no better plan exists.
    """

    assignments: tuple[Assignment, ...]
    unstaffed: tuple[str, ...]
    peaks: dict[str, float]
    peak: float
    bound: float
    proven: bool

    @property
    def gap(self) -> float:
        """How far the fullest stretch may be from the best, relative to the best; 0 where it is proven."""
        return 0.0 if self.proven or self.bound <= 0 else max(self.peak / self.bound - 1, 0.0)


def staff(items: Sequence[Item], people: Sequence[Person], weeks: Weeks) -> Staffing:
    """Find out who does what.

    Args:
        items: Pieces of work, each with a name of its own.
        people: Those who could do it; hours of each in each week.
        weeks: The weeks to plan.

    Returns:
        The plan; the same input gives the same plan, unless a limit of time is met.
    """
    within = spans(items, weeks)
    offered = tuple(options(item, people, span) for item, span in zip(items, within, strict=True))
    programme = Programme.of(items, offered, spans=within, people=people, n_weeks=weeks.n)
    solved = _solved(programme, offered, within, people=people, weeks=weeks)
    return _told(solved, items, offered, spans=within, people=people, n_weeks=weeks.n)


def _solved(
    programme: Programme,
    offered: Sequence[Sequence[Option]],
    within: Sequence[Span],
    *,
    people: Sequence[Person],
    weeks: Weeks,
) -> Solved:
    if sum(map(len, offered)) <= SMALL:
        solved = programme.solve(give=GIVE, seconds=PATIENCE)
        if solved is not None:
            return solved
    wished = programme.divisible(seconds=PATIENCE)
    room = Room(people, weeks.n)
    chosen = placed(offered, within, room=room, weights=programme.weights, wished=wished)
    relaxed = programme.least_full([one is not None for one in chosen], seconds=PATIENCE)
    other = Room(people, weeks.n)
    again = placed(offered, within, room=other, weights=programme.weights, wished=relaxed.shares)
    if (programme.undone(again), other.peak.max()) < (programme.undone(chosen), room.peak.max()):
        chosen, room = again, other
    chosen = improved(chosen, offered, within, room=room, give=GIVE)
    alone = _alone(chosen, offered, within, room=Room(people, weeks.n))
    return Solved(chosen=chosen, bound=max(relaxed.bound, alone), proven=False)


def _alone(
    chosen: Sequence[int | None], offered: Sequence[Sequence[Option]], within: Sequence[Span], *, room: Room
) -> float:
    """How full somebody gets by one piece of work alone, whoever does it: a piece cannot be divided."""
    done = (i for i, one in enumerate(chosen) if one is not None)
    return max((min(room.peak_with(option, within[i]) for option in offered[i]) for i in done), default=0.0)


def _told(
    solved: Solved,
    items: Sequence[Item],
    offered: Sequence[Sequence[Option]],
    *,
    spans: Sequence[Span],
    people: Sequence[Person],
    n_weeks: int,
) -> Staffing:
    room = Room(people, n_weeks)
    work: dict[int, list[tuple[str, float, Span]]] = {}
    taken = {i: offered[i][choice] for i, choice in enumerate(solved.chosen) if choice is not None}
    for i, option in taken.items():
        room.put(option, spans[i])
        for place, hours in option.loads:
            work.setdefault(place, []).append((items[i].id, hours, spans[i]))
    peaks = {person.id: float(room.peak[place]) for place, person in enumerate(people)}
    spread = {
        place: week_by_week(people[place], given, level=min(peaks[people[place].id] + 1e-9, 1.0))
        for place, given in work.items()
    }
    assignments = tuple(
        Assignment(
            item=items[i].id,
            who=people[option.doer].id,
            hours=spread[option.doer][items[i].id],
            mentor=None if option.mentor is None else people[option.mentor].id,
            mentored=() if option.mentor is None else spread[option.mentor][items[i].id],
        )
        for i, option in taken.items()
    )
    peak = max(peaks.values(), default=0.0)
    return Staffing(
        assignments=assignments,
        unstaffed=tuple(one.id for i, one in enumerate(items) if i not in taken),
        peaks=peaks,
        peak=peak,
        bound=min(solved.bound, peak),
        proven=solved.proven,
    )
