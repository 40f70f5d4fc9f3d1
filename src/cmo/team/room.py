"""How full everybody's weeks are, and whether one more piece of work fits in.

Work can be spread over the weeks between its first and its last. Hours fit in if and only if, in every
stretch of weeks, what must be done within it is no more than the hours it has (Horn 1974), so that a plan
need not say the hours of each week while it is sought.

References:
    Horn (1974), "Some simple scheduling algorithms", Naval Research Logistics Quarterly 21(1).
"""

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from cmo.team.options import Option
from cmo.team.people import Person
from cmo.team.work import Span

Floats = npt.NDArray[np.float64]
TINY = 1e-7


class Room:
    """Hours that are free and hours that are taken, by person and stretch of weeks.

    Attributes:
        free: Hours of each stretch, shape (people, first week, last week); no hours where last < first.
        taken: Hours of the work that must be done within each stretch, same shape.
        share: Hours taken per hour free, same shape; 0 where neither is.
        peak: The fullest stretch of each person, shape (people,).
    """

    def __init__(self, people: Sequence[Person], n_weeks: int) -> None:
        hours = np.array([one.free for one in people], dtype=np.float64).reshape(len(people), n_weeks)
        sums = np.concatenate([np.zeros((len(people), 1)), np.cumsum(hours, axis=1)], axis=1)
        first, last = np.triu_indices(n_weeks)
        self.free: Floats = np.zeros((len(people), n_weeks, n_weeks))
        self.free[:, first, last] = sums[:, last + 1] - sums[:, first]
        self._per_hour = np.divide(
            1.0, self.free, out=np.full_like(self.free, np.inf), where=self.free > TINY
        )
        self.taken: Floats = np.zeros_like(self.free)
        self.share: Floats = np.zeros_like(self.free)
        self.peak: Floats = np.zeros(len(people))

    def put(self, option: Option, span: Span, *, times: float = 1.0) -> None:
        """Take hours for a piece of work, or give them back with `times` -1."""
        for place, hours in option.loads:
            part = (place, slice(0, span.first + 1), slice(span.last, None))
            self.taken[part] += times * hours
            self.taken[part][np.abs(self.taken[part]) < TINY] = 0.0
            busy = self.taken[part] > 0
            self.share[part] = np.where(busy, self.taken[part] * np.where(busy, self._per_hour[part], 0), 0)
            self.peak[place] = self.share[place].max()

    def peak_with(self, option: Option, span: Span) -> float:
        """The fullest stretch of whoever an option would occupy, once it did."""
        return max(self._with(place, hours, span) for place, hours in option.loads)

    def _with(self, place: int, hours: float, span: Span) -> float:
        part = (place, slice(0, span.first + 1), slice(span.last, None))
        fullest = ((self.taken[part] + hours) * self._per_hour[part]).max()
        return max(float(fullest), float(self.peak[place]))

    def fullest(self, place: int) -> tuple[int, int]:
        """The stretch in which somebody is most taken: its first and last week."""
        first, last = np.unravel_index(int(self.share[place].argmax()), self.share[place].shape)
        return int(first), int(last)


def week_by_week(
    person: Person, work: Iterable[tuple[str, float, Span]], *, level: float
) -> dict[str, tuple[float, ...]]:
    """Spread somebody's work over the weeks, what is due first first.

    Args:
        person: Who does it.
        work: Name, hours and weeks of each piece.
        level: Share of each week's free hours that may be used; the person's peak spreads it most evenly.

    Returns:
        Hours by week of each piece.
    """
    left = {name: hours for name, hours, _ in work}
    spans = {name: span for name, _, span in work}
    given = {name: [0.0] * len(person.free) for name in left}
    order = sorted(left, key=lambda name: (spans[name].last, spans[name].first, name))
    for week, free in enumerate(person.free):
        room = free * level
        for name in order:
            if spans[name].first <= week <= spans[name].last and room > 0:
                now = min(room, left[name])
                given[name][week] += now
                left[name] -= now
                room -= now
    return {name: tuple(hours) for name, hours in given.items()}
