"""A large plan of work made by hand and improved by moves: the busiest hand something on."""

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from cmo.team.options import Option
from cmo.team.room import Room
from cmo.team.work import Span

Chosen = tuple[int | None, ...]
FULL = 1.0 + 1e-9
STEP = 1e-6
EASY = 0.3
"""Share of the free hours below which nobody needs relief."""
MOVES = 2_000
"""Moves after which a plan is left as it is."""


def placed(
    offered: Sequence[Sequence[Option]],
    spans: Sequence[Span],
    *,
    room: Room,
    weights: npt.NDArray[np.float64],
    wished: Sequence[Sequence[float]],
) -> Chosen:
    """Give each piece of work to somebody, as the relaxed plan would have it, where it fits.

    Args:
        offered: The options of each piece of work.
        spans: The weeks of each.
        room: Free hours, nothing taken yet; what is placed is taken.
        weights: What it is worth to have each done, shape (items,).
        wished: Share of each option in the relaxed plan.
    """
    whole = {i: int(np.argmax(one)) for i, one in enumerate(wished) if one and max(one) > 0.99}
    chosen: list[int | None] = [None] * len(offered)
    dearest = sorted(
        (i for i in range(len(offered)) if offered[i]),
        key=lambda i: (i not in whole, -weights[i] / offered[i][0].hours, len(offered[i])),
    )
    for i in dearest:
        best = whole.get(i)
        if best is None or room.peak_with(offered[i][best], spans[i]) > FULL:
            best = _least_full(offered[i], spans[i], room=room, wished=wished[i])
        if best is not None:
            room.put(offered[i][best], spans[i])
            chosen[i] = best
    return tuple(chosen)


def improved(
    chosen: Chosen,
    offered: Sequence[Sequence[Option]],
    spans: Sequence[Span],
    *,
    room: Room,
    give: float,
) -> Chosen:
    """Let the busiest hand work on, then make place for what is left undone, then let people grow.

    Args:
        chosen: A plan; what it takes is taken in the room.
        offered: The options of each piece of work.
        spans: The weeks of each.
        room: Free and taken hours.
        give: How much fuller it may get for the last aim.
    """
    plan = _Plan(chosen, offered, spans, room=room)
    for i, one in enumerate(plan.chosen):
        if one is None and offered[i]:
            plan.make_place(i)
    stuck: set[int] = set()
    for _ in range(MOVES):
        place = max(
            (i for i in range(len(room.peak)) if i not in stuck), key=room.peak.__getitem__, default=-1
        )
        if place < 0 or room.peak[place] <= EASY:
            break
        if not plan.relieve(place):
            stuck.add(place)
    limit = min(float(room.peak.max(initial=0.0)) + give, FULL)
    for i in range(len(offered)):
        plan.better_fit(i, limit=limit)
    return tuple(plan.chosen)


class _Plan:
    """A plan that is being changed, with what each person does."""

    def __init__(
        self, chosen: Chosen, offered: Sequence[Sequence[Option]], spans: Sequence[Span], *, room: Room
    ) -> None:
        self.chosen = list(chosen)
        self.offered, self.spans, self.room = offered, spans, room
        self.work: list[set[int]] = [set() for _ in range(len(room.peak))]
        for i, one in enumerate(chosen):
            if one is not None:
                self._note(i, offered[i][one])

    def relieve(self, place: int) -> bool:
        """Take some work off somebody's fullest stretch, by handing it on or by an exchange."""
        peak = float(self.room.peak[place])
        first, last = self.room.fullest(place)
        inside = [i for i in self.work[place] if first <= self.spans[i].first and self.spans[i].last <= last]
        return self._hand_on(inside, place, below=peak - STEP) or self._exchange(
            inside, place, below=peak - STEP
        )

    def make_place(self, i: int) -> bool:
        """Do a piece of work that nobody does, by moving one other piece elsewhere."""
        for j, option in enumerate(self.offered[i]):
            for other in sorted(self.work[option.doer]):
                before = self.chosen[other]
                if before is None:
                    continue
                self._take_away(other)
                fits = self.room.peak_with(option, self.spans[i]) <= FULL
                if fits:
                    self._give(i, j)
                    best = _least_full(self.offered[other], self.spans[other], room=self.room)
                    if best is not None:
                        self._give(other, best)
                        return True
                    self._take_away(i)
                self._give(other, before)
        return False

    def better_fit(self, i: int, *, limit: float) -> None:
        """Give a piece of work to who owns, knows or grows, where nobody gets fuller than the limit."""
        now = self.chosen[i]
        if now is None:
            return
        fit = self.offered[i][now].fit
        better = [j for j, one in enumerate(self.offered[i]) if one.fit > fit]
        self._take_away(i)
        able = [j for j in better if self.room.peak_with(self.offered[i][j], self.spans[i]) <= limit]
        best = max(able, key=lambda j: self.offered[i][j].fit, default=now)
        self._give(i, best)

    def _hand_on(self, inside: Sequence[int], place: int, *, below: float) -> bool:
        for i in sorted(inside, key=lambda i: -self._hours(i, place)):
            before = self.chosen[i]
            if before is None:
                continue
            self._take_away(i)
            best, peak = None, below
            for j, option in enumerate(self.offered[i]):
                with_it = self.room.peak_with(option, self.spans[i])
                if j != before and with_it < peak:
                    best, peak = j, with_it
            self._give(i, before if best is None else best)
            if best is not None:
                return True
        return False

    def _exchange(self, inside: Sequence[int], place: int, *, below: float) -> bool:
        for i, j, other, back in self._pairs(inside, place):
            mine, theirs = self.chosen[i], self.chosen[other]
            if mine is None or theirs is None:
                continue
            self._take_away(i)
            self._take_away(other)
            if self.room.peak_with(self.offered[i][j], self.spans[i]) < below:
                self._give(i, j)
                if self.room.peak_with(self.offered[other][back], self.spans[other]) < below:
                    self._give(other, back)
                    return True
                self._take_away(i)
            self._give(i, mine)
            self._give(other, theirs)
        return False

    def _pairs(self, inside: Sequence[int], place: int) -> Iterator[tuple[int, int, int, int]]:
        """Exchanges in which the busiest gives a piece of work and gets a shorter one."""
        for i in sorted(inside):
            for j, option in enumerate(self.offered[i]):
                if option.doer == place or option.mentor is not None:
                    continue
                for other in sorted(self.work[option.doer]):
                    if other == i or self._hours(other, option.doer) >= self._hours(i, place):
                        continue
                    for back, one in enumerate(self.offered[other]):
                        if one.doer == place and one.mentor is None:
                            yield i, j, other, back

    def _hours(self, i: int, place: int) -> float:
        one = self.chosen[i]
        return 0.0 if one is None else dict(self.offered[i][one].loads).get(place, 0.0)

    def _take_away(self, i: int) -> None:
        one = self.chosen[i]
        if one is not None:
            option = self.offered[i][one]
            self.room.put(option, self.spans[i], times=-1.0)
            for place, _ in option.loads:
                self.work[place].discard(i)
            self.chosen[i] = None

    def _give(self, i: int, j: int) -> None:
        option = self.offered[i][j]
        self.room.put(option, self.spans[i])
        self.chosen[i] = j
        self._note(i, option)

    def _note(self, i: int, option: Option) -> None:
        for place, _ in option.loads:
            self.work[place].add(i)


def _least_full(
    offered: Sequence[Option], span: Span, *, room: Room, wished: Sequence[float] | None = None
) -> int | None:
    """The option that leaves whoever it occupies least full, leaning to the relaxed plan's."""
    peaks = [room.peak_with(option, span) for option in offered]
    shares = wished or [0.0] * len(peaks)
    able = [j for j, peak in enumerate(peaks) if peak <= FULL]
    return min(able, key=lambda j: (peaks[j] - 0.2 * shares[j], j), default=None)
