"""How customers move between segments: where those of a year ago are now, in shares with intervals."""

from dataclasses import dataclass

import numpy as np

from cmo.customers.lifetimes.modelling import Modelled
from cmo.customers.purchases.cells import Floats, Integers
from cmo.customers.purchases.clock import Clock
from cmo.customers.purchases.prediction import Customers, chance_alive
from cmo.customers.segmentation.segments import SEGMENTS, segment_by

_ONCE = np.array([one.name == "once" for one in SEGMENTS])
POSSIBLE = _ONCE[:, None] | ~_ONCE[None, :]
"""Who has bought twice will never have bought once, shape (segment before, segment now)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Since:
    """Customers as they were known on two days; cells of whole days of the log, shapes (cell,).

    Attributes:
        channel: Position of the acquisition channel.
        first: Day of the first occasion, on or before `before`.
        frequency: Repeat occasions up to `before`, and up to the end of the log, shape (2, cell).
        last: Day of the last occasion up to then, shape (2, cell).
        weight: Customers in each cell.
        before: The earlier day.
    """

    channel: Integers
    first: Integers
    frequency: Floats
    last: Integers
    weight: Floats
    before: int


def migration(model: Modelled, since: Since, *, rng: np.random.Generator, draws: int) -> Floats:
    """Shares of the customers of each segment that are in each segment now.

    Both days are told by the model of today, so that what moves is the customer and not the ruler.

    Args:
        model: The base with its models.
        since: Its customers on two days.
        rng: Source of randomness.
        draws: Number of draws.

    Returns:
        Draws, shape (draw, segment before, segment now); not a number for a segment that held nobody, and for
        moves that cannot be.
    """
    days = (since.before, model.base.end)
    parts = [
        segments_on(model, since, day=day, frequency=since.frequency[at], last=since.last[at])
        for at, day in enumerate(days)
    ]
    n = len(SEGMENTS)
    count = np.zeros((n, n))
    np.add.at(count, (parts[0], parts[1]), since.weight)
    share = np.full((draws, n, n), np.nan)
    for before in range(n):
        if count[before].sum() > 0:
            to = np.flatnonzero(POSSIBLE[before])
            drawn = rng.standard_gamma(count[before, to] + 0.5 / n, size=(draws, to.size))
            share[:, before, to] = drawn / drawn.sum(axis=1, keepdims=True)
    return share


def segments_on(model: Modelled, since: Since, *, day: int, frequency: Floats, last: Integers) -> Integers:
    """Position in `SEGMENTS` of each cell on a day, as the model of today tells it.

    Args:
        model: The base with its models.
        since: Whose channels and first days.
        day: The day of the log.
        frequency: Repeat occasions up to it, shape (cell,).
        last: Day of the last occasion up to it, shape (cell,).
    """
    elapsed = _elapsed(model.base.clock, seasonal=model.tested.chosen.seasonal)
    customers = Customers(
        frequency=frequency,
        recency=elapsed[last] - elapsed[since.first],
        age=elapsed[day] - elapsed[since.first],
    )
    alive = np.ones(frequency.size)
    newer = since.first >= model.base.there_before
    for group in model.groups:
        at = np.flatnonzero((since.channel == group.channel) & (newer == group.newer))
        few = Customers(
            frequency=customers.frequency[at], recency=customers.recency[at], age=customers.age[at]
        )
        alive[at] = chance_alive(group.fitted.model, group.fitted.theta, customers=few)
    return segment_by(frequency, alive=alive)


def _elapsed(clock: Clock, *, seasonal: bool) -> Floats:
    return clock.elapsed if seasonal else np.arange(clock.elapsed.size, dtype=np.float64)
