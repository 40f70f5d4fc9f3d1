"""Choices of a panel laid out for simulation: every alternative as its difference from the chosen one."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cmo.value.choice import Choices, Floats

CACHED = 100_000  # numbers of one array worked on at a time, so that work stays in the processor's cache


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """Some persons, each with the tasks they answered.

    Attributes:
        apart: Attributes less those of the chosen alternative, shape (persons, tasks, others, attributes);
            rows that fill up are zero.
        real: Whether a row is an alternative that was shown, shape (persons, tasks, others); None where all
            are.
        weight: Weight of each person, shape (persons,).
        persons: Positions of these persons among all.
    """

    apart: Floats
    real: npt.NDArray[np.bool_] | None
    weight: Floats
    persons: npt.NDArray[np.intp]


def panels(choices: Choices, *, draws: int | None) -> tuple[Panel, ...]:
    """Persons with like numbers of tasks together, in pieces that fit the cache.

    Args:
        choices: The tasks; all tasks of a person weigh alike.
        draws: Number of draws per person that will be made at a time; None puts everybody in one piece.

    Raises:
        ValueError: Tasks of one person have different weights.
    """
    _, who = np.unique(choices.person, return_inverse=True)
    counts = np.bincount(who)
    weight = np.bincount(who, weights=choices.weight) / counts
    if not np.allclose(weight[who], choices.weight):
        raise ValueError("weight differs between tasks of one person, must be one weight a person")
    order = np.argsort(counts, kind="stable")
    tasks = np.argsort(who, kind="stable")
    first = np.concatenate([[0], np.cumsum(counts)[:-1]])
    turn = np.empty(who.size, dtype=np.intp)
    turn[tasks] = np.arange(who.size) - np.repeat(first, counts)
    others = ~choices.chosen
    row_task = choices.task[others]
    seat = _seats(row_task)
    apart = (choices.attributes - choices.attributes[choices.chosen][choices.task])[others]
    place = np.empty(counts.size, dtype=np.intp)
    place[order] = np.arange(counts.size)
    row_place = place[who[row_task]]
    by_place = np.argsort(row_place, kind="stable")
    bounds = np.concatenate([[0], np.cumsum(np.bincount(row_place, minlength=counts.size))])
    widest = int(seat.max(initial=0)) + 1
    made = []
    for start, stop in _pieces(counts[order], widest=widest, draws=draws):
        rows = by_place[bounds[start] : bounds[stop]]
        shape = (stop - start, int(counts[order[stop - 1]]), widest)
        at = (row_place[rows] - start, turn[row_task[rows]], seat[rows])
        cells = np.zeros((*shape, apart.shape[1]))
        cells[at] = apart[rows]
        real = np.zeros(shape, dtype=bool)
        real[at] = True
        made.append(
            Panel(
                apart=cells,
                real=None if real.all() else real,
                weight=weight[order[start:stop]],
                persons=order[start:stop],
            )
        )
    return tuple(made)


def _seats(task: npt.NDArray[np.int64]) -> npt.NDArray[np.intp]:
    """Position of each row among those of its task, which lie together."""
    new = np.diff(task, prepend=-1) != 0
    starts = np.flatnonzero(new)
    return np.arange(task.size) - np.repeat(starts, np.diff(np.append(starts, task.size)))


def _pieces(counts: npt.NDArray[np.intp], *, widest: int, draws: int | None) -> Iterator[tuple[int, int]]:
    """Cuts of the persons, who are sorted by their number of tasks."""
    start = 0
    while start < counts.size:
        room = counts.size if draws is None else max(1, CACHED // (int(counts[start]) * widest * draws))
        stop = min(counts.size, start + room)
        yield start, stop
        start = stop
