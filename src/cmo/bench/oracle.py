"""The oracle: who knows the world to come and divides the same money as well as can be found."""

import numpy as np
import numpy.typing as npt

from cmo.bench.model import Mind
from cmo.bench.steering import QUARTERS, WEEKS, Move, Seen, live_quarter, spend_of, usual_spend
from cmo.simulation import Episode

Floats = npt.NDArray[np.float64]

BLOCK = 4
"""Quarters that share one division: a year."""
ROUNDS = 4
STEP = 0.3
LEAST = 0.01
"""Smallest share from which a channel is tried upward."""


def oracle(seen: Seen, mind: Mind, rng: np.random.Generator) -> Move:  # noqa: ARG001 - every policy is asked alike
    """Divide the quarter's money by shares found by living the years to come again and again.

    Shares are held for a year at a time and raised or lowered, channel by channel, while the profit of all
    that is left of the twelve quarters rises; they are found again at the first quarter of each year.
    """
    shares = best_shares(seen) if seen.quarter % BLOCK == 0 else seen.last / seen.last.sum()
    if seen.quarter % BLOCK and not np.array_equal(seen.exists, seen.last > 0):
        shares = best_shares(seen)
    return Move(money=seen.budget * shares)


def best_shares(seen: Seen) -> Floats:
    """Shares of the money by channel, from the present quarter on, shape (C,)."""
    start = seen.last if seen.last.sum() > 0 else seen.usual
    shares = np.where(seen.exists, np.maximum(start / start.sum(), LEAST), 0.0)
    shares /= shares.sum()
    best, step = profit_of(seen, shares), STEP
    for _ in range(ROUNDS):
        improved = False
        for channel in np.flatnonzero(seen.exists):
            for factor in (1 + step, 1 / (1 + step)):
                tried = shares.copy()
                tried[channel] *= factor
                tried /= tried.sum()
                found = profit_of(seen, tried)
                if found > best:
                    best, shares, improved = found, tried, True
                    break
        step = step if improved else step / 2
    return shares


def profit_of(seen: Seen, shares: Floats) -> float:
    """Profit of the quarters left if all were divided so."""
    episode = seen.episode.copy()
    before = len(episode.lived)
    for _ in range(seen.quarter, QUARTERS):
        weeks = range(episode.state.week, episode.state.week + WEEKS)
        budget = float(usual_spend(seen.market, seen.plan, weeks).sum())
        spend = spend_of(seen.market, seen.plan, Move(money=budget * shares), weeks)
        live_quarter(episode, seen.plan, spend)
    return profit_in(episode, before)


def profit_in(episode: Episode, first: int) -> float:
    """Expected margin less spend of the weeks lived from a number on."""
    return float(sum(w.margin.sum() - w.actions.spend.sum() for w in episode.lived[first:]))
