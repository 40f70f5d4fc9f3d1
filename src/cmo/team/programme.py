"""A plan of work as a linear programme, whole or relaxed, solved by HiGHS."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from cmo.team.options import Option
from cmo.team.people import Person
from cmo.team.room import Room
from cmo.team.work import Item, Span

Floats = npt.NDArray[np.float64]
SLACK: Final = 1e-6
"""Relative leeway by which an aim that is met may be missed for the next: less than people could notice."""
_TIDY: Final = 1e-9
TIGHT: Final = 1e-6
ROUNDS: Final = 2
CLOSE: Final = 1e-4
"""Share of its hours by which a stretch may be overfilled before it is taken in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Solved:
    """What was found.

    Attributes:
        chosen: For each piece of work the place of the option taken; none where nobody does it.
        bound: The fullest stretch cannot be less full.
        proven: Whether no better plan exists.
    """

    chosen: tuple[int | None, ...]
    bound: float
    proven: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Relaxed:
    """The best plan, were work divisible.

    Attributes:
        shares: For each piece of work, the share of each of its options, in [0, 1].
        bound: The fullest stretch of any plan that leaves as little undone is at least so full.
    """

    shares: tuple[tuple[float, ...], ...]
    bound: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Programme:
    """One column for each option, one for each piece of work left undone, one for the fullest stretch.

    Attributes:
        weights: What it is worth to have each piece of work done, >= 0, shape (items,).
        owner: The piece of work of each option's column, shape (options,).
        fit: Hours that count for who owns, knows or grows, shape (options,).
        once: Each piece of work is done once or left undone: rows over all columns.
        stretches: Hours of each stretch, less the free hours at the level of the last column: rows, <= 0.
        person: Place of the person whose stretch it is, the longest stretch of each first, shape (rows,).
    """

    weights: Floats
    owner: npt.NDArray[np.int64]
    fit: Floats
    once: Any
    stretches: Any
    person: npt.NDArray[np.int64]

    @classmethod
    def of(
        cls,
        items: Sequence[Item],
        offered: Sequence[Sequence[Option]],
        *,
        spans: Sequence[Span],
        people: Sequence[Person],
        n_weeks: int,
    ) -> "Programme":
        """The programme of a plan."""
        columns = [(i, option) for i, ways in enumerate(offered) for option in ways]
        owner = np.array([i for i, _ in columns], dtype=np.int64)
        n, m = len(columns), len(items)
        undone = np.arange(m)
        once = csr_array(
            (
                np.ones(n + m),
                (np.concatenate([owner, undone]), np.concatenate([np.arange(n), n + undone])),
            ),
            shape=(m, n + m + 1),
        )
        free = Room(people, n_weeks).free
        stretches, person = _stretches(columns, spans, free=free, n_columns=n + m + 1)
        return cls(
            weights=np.array([one.weight for one in items], dtype=np.float64),
            owner=owner,
            fit=np.array([option.fit for _, option in columns], dtype=np.float64),
            once=once,
            stretches=stretches,
            person=person,
        )

    def solve(self, *, give: float, seconds: float) -> Solved | None:
        """Solve it whole, one aim after the other; none where a limit of time is met.

        Args:
            give: How much fuller the fullest stretch may get for the last aim.
            seconds: Limit for each aim.
        """
        n, m = len(self.owner), len(self.weights)
        if not n:
            return Solved(chosen=(None,) * m, bound=0.0, proven=True)
        undone = np.concatenate([np.zeros(n), self.weights / max(self.weights.max(), _TIDY), [0.0]])
        level = np.concatenate([np.zeros(n + m), [1.0]])
        fit = np.concatenate([-self.fit / max(self.fit.max(), _TIDY), np.zeros(m + 1)])
        top = np.ones(n + m + 1)
        rows: list[tuple[Floats, float]] = []
        found, bound = np.zeros(n + m + 1), 0.0
        for aim, leeway in ((undone, SLACK), (level, give), (fit, 0.0)):
            best = self._best(aim, rows, top=top, seconds=seconds)
            if best is None:
                return None
            found = best
            rows.append((aim, float(aim @ found) + leeway))
            if aim is level:
                bound = float(found[-1])
        return Solved(chosen=self._chosen(found), bound=bound, proven=True)

    def undone(self, chosen: Sequence[int | None]) -> float:
        """What it is worth to have the work done that a plan leaves undone."""
        return float(sum(w for w, one in zip(self.weights, chosen, strict=True) if one is None))

    def divisible(self, *, seconds: float) -> tuple[tuple[float, ...], ...]:
        """The plan that leaves least undone, were work divisible: the share of each option, in [0, 1]."""
        n, m = len(self.owner), len(self.weights)
        if not n:
            return ((),) * m
        undone = np.concatenate([np.zeros(n), self.weights / self.weights.mean(), [0.0]])
        top = np.ones(n + m + 1)
        return self._shares(self._best(undone, (), top=top, seconds=seconds, divisible=True))

    def least_full(self, done: Sequence[bool], *, seconds: float) -> Relaxed:
        """How full the fullest stretch must be at least, where just this work is done and is divisible.

        Few stretches decide. The programme begins with the longest of each person and takes in those that its
        answer overfills most, until there are none or a few rounds are over: the answer is a bound all the
        while.

        Args:
            done: Whether each piece of work is done.
            seconds: Limit of time for a round.
        """
        n, m = len(self.owner), len(self.weights)
        top = np.concatenate([np.ones(n), 1.0 - np.asarray(done, dtype=np.float64), [1.0]])
        level = np.concatenate([np.zeros(n + m), [1.0]])
        free = np.maximum(-self.stretches[:, [-1]].toarray().ravel(), TIGHT)
        active = np.zeros(len(free), dtype=bool)
        active[np.unique(self.person, return_index=True)[1]] = True
        found, bound = None, 0.0
        for _ in range(ROUNDS):
            part = replace(self, stretches=self.stretches[np.flatnonzero(active)])
            now = part._best(level, (), top=top, seconds=seconds, divisible=True)  # noqa: SLF001 - its own kind
            if now is None:
                break
            found, bound = now, max(float(now[-1]), bound)
            over = (self.stretches @ now) / free
            worst = _worst_of_each(over, self.person)
            worst = worst[(over[worst] > CLOSE) & ~active[worst]]
            if not len(worst):
                break
            active[worst] = True
        return Relaxed(shares=self._shares(found), bound=bound)

    def _best(
        self,
        aim: Floats,
        rows: Sequence[tuple[Floats, float]],
        *,
        top: Floats,
        seconds: float,
        divisible: bool = False,
    ) -> Floats | None:
        """The columns that serve an aim best; none where a limit of time is met."""
        kept = [LinearConstraint(self.once, 1.0, 1.0), LinearConstraint(self.stretches, -np.inf, 0.0)]
        kept += [LinearConstraint(csr_array(row[None]), -np.inf, most) for row, most in rows]
        whole = np.concatenate([np.full(len(aim) - 1, 0.0 if divisible else 1.0), [0.0]])
        done = milp(
            aim,
            constraints=kept,
            integrality=whole,
            bounds=Bounds(0.0, top),
            options={"time_limit": seconds, "mip_rel_gap": 0.0},
        )
        return None if done.status != 0 or done.x is None else np.asarray(done.x, dtype=np.float64)

    def _shares(self, found: Floats | None) -> tuple[tuple[float, ...], ...]:
        shares: list[list[float]] = [[] for _ in range(len(self.weights))]
        columns = np.zeros(len(self.owner)) if found is None else found
        for column, i in enumerate(self.owner):
            shares[i].append(float(columns[column]))
        return tuple(map(tuple, shares))

    def _chosen(self, found: Floats) -> tuple[int | None, ...]:
        chosen: list[int | None] = [None] * len(self.weights)
        starts = np.searchsorted(self.owner, np.arange(len(self.weights)))
        for column in np.flatnonzero(found[: len(self.owner)] > 0.5):
            i = int(self.owner[column])
            chosen[i] = int(column - starts[i])
        return tuple(chosen)


def _stretches(
    columns: Sequence[tuple[int, Option]], spans: Sequence[Span], *, free: Floats, n_columns: int
) -> tuple[Any, npt.NDArray[np.int64]]:
    """A row for each person and stretch of weeks in which some work must lie whole, and whose row it is."""
    begins = sorted({span.first for span in spans})
    ends = sorted({span.last for span in spans})
    places: dict[int, list[tuple[int, float, Span]]] = {}
    for column, (i, option) in enumerate(columns):
        for place, hours in option.loads:
            places.setdefault(place, []).append((column, hours, spans[i]))
    data: list[float] = []
    row_of: list[int] = []
    column_of: list[int] = []
    whose: list[int] = []
    for place, loads in sorted(places.items()):
        for first in begins:
            for last in reversed(ends):
                inside = [(c, hours) for c, hours, span in loads if first <= span.first and span.last <= last]
                key = tuple(c for c, _ in inside)
                if first > last or not inside:
                    continue
                row_of += [len(whose)] * (len(inside) + 1)
                column_of += [*key, n_columns - 1]
                data += [*(hours for _, hours in inside), -float(free[place, first, last])]
                whose.append(place)
    rows = csr_array((data, (row_of, column_of)), shape=(len(whose), n_columns))
    return rows, np.array(whose, dtype=np.int64)


def _worst_of_each(over: Floats, person: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """The row of each person that is largest."""
    order = np.lexsort((-over, person))
    return order[np.unique(person[order], return_index=True)[1]]
