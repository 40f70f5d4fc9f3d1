"""What work really takes: the hours that were thought of, with what finished work tells of their error.

References:
    Jørgensen (2004), "A review of studies on expert estimation of software development effort", Journal of
    Systems and Software 70: hours are overrun by about a third on average, and vary widely.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from cmo.measures import DRAWS
from cmo.team.people import Person
from cmo.team.staffing import Staffing
from cmo.team.work import Item

Floats = npt.NDArray[np.float64]
LEAN: Final = 0.1
"""Mean of log(hours taken / hours thought of) before any work is finished."""
LEAN_SD: Final = 0.25
SPREAD: Final = 0.4
"""Standard deviation of the same from one piece of work to another."""
WORTH: Final = 6.0
"""Pieces of finished work that the spread above counts for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Overrun:
    """How hours taken relate to hours thought of: log-normal.

    Attributes:
        mean: Posterior mean of the log of the ratio.
        sd: How sure that is.
        spread: Standard deviation from one piece to another.
        n: Finished pieces it was learnt from.
    """

    mean: float
    sd: float
    spread: float
    n: int

    def draws(self, n_items: int, *, rng: np.random.Generator) -> Floats:
        """Joint draws of the ratio of each piece of work, shape (draws, items)."""
        lean = rng.normal(self.mean, self.sd, size=(DRAWS, 1))
        return np.asarray(np.exp(lean + rng.normal(0.0, self.spread, size=(DRAWS, n_items))))


def overrun(finished: Sequence[tuple[float, float]]) -> Overrun:
    """Learn from finished work.

    Args:
        finished: Hours thought of and hours taken of each piece, both > 0.
    """
    logs = np.log([taken / thought for thought, taken in finished])
    n = len(logs)
    around = float(((logs - logs.mean()) ** 2).sum()) if n > 1 else 0.0
    spread = np.sqrt((WORTH * SPREAD**2 + around) / (WORTH + max(n - 1, 0)))
    precision = 1 / LEAN_SD**2 + n / spread**2
    mean = (LEAN / LEAN_SD**2 + float(logs.sum()) / spread**2) / precision
    return Overrun(mean=float(mean), sd=float(precision**-0.5), spread=float(spread), n=n)


def load_draws(plan: Staffing, items: Sequence[Item], people: Sequence[Person], *, ratio: Floats) -> Floats:
    """Hours given to each person per hour they have, as the hours may turn out.

    Args:
        plan: Who does what.
        items: The work.
        people: Those who do it; hours staked on bets count as given.
        ratio: Draws of hours taken per hour thought of, shape (draws, items).

    Returns:
        Shape (draws, people); 0 for who has no hours at all.
    """
    given = np.zeros((len(items), len(people)))
    places = {one.id: i for i, one in enumerate(people)}
    rows = {one.id: i for i, one in enumerate(items)}
    for each in plan.assignments:
        given[rows[each.item], places[each.who]] += sum(each.hours)
        if each.mentor is not None:
            given[rows[each.item], places[each.mentor]] += sum(each.mentored)
    hours = np.array([sum(one.hours) for one in people])
    staked = hours - np.array([sum(one.free) for one in people])
    there = np.maximum(hours, 1e-9)
    return np.where(hours > 0, (ratio @ given + staked) / there, 0.0)


def coverage_draws(
    plan: Staffing, items: Sequence[Item], skills: Sequence[str], *, spare: Sequence[float], ratio: Floats
) -> Floats:
    """Share of the hours that each skill needs which the team has, as the hours may turn out.

    What the plan staffs is covered by its hours and, where all of it is staffed, by what the able have to
    spare.

    Args:
        plan: Who does what.
        items: The work.
        skills: The skills spoken of.
        spare: Hours that those who are able have left, for each skill.
        ratio: Draws of hours taken per hour thought of, shape (draws, items).

    Returns:
        Shape (draws, skills), in [0, 1].
    """
    found = np.ones((len(ratio), len(skills)))
    for j, skill in enumerate(skills):
        rows = [i for i, one in enumerate(items) if skill in one.skills]
        needed = ratio[:, rows] @ np.array([items[i].hours for i in rows])
        staffed = [i for i in rows if items[i].id not in plan.unstaffed]
        had = sum(items[i].hours for i in staffed) + (spare[j] if len(staffed) == len(rows) else 0.0)
        found[:, j] = np.minimum(had / needed, 1.0)
    return found
