"""What a plan made from the evidence truly earns, beside the plan in force and the best there was."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from cmo.bench.steering import WEEKS, Move, live_quarter, spend_of, usual_spend
from cmo.measures import LEVEL, Estimate
from cmo.simulation import Episode
from cmo.simulation.workspace import History
from cmo.strategy.decisions.curves import Bounds, best_division, curves_of

Floats = npt.NDArray[np.float64]

ROUNDS = 2
STEP = 0.3


def regret(history: History, plan: Mapping[str, Any], response: Estimate | None) -> dict[str, Any] | None:
    """Gains over the plan in force, EUR, of the plan proposed and of the best under the same bounds.

    A quarter is lived with each division and another by habit, so that what carries over counts.

    Args:
        history: The company's life, lived on for half a year at least.
        plan: The plan in force: money, minimum and maximum by channel.
        response: The evidence on what money brings; none where it could not be said.

    Returns:
        Money in all, the true gain of the plan proposed, the gain that was expected with its 90 % interval,
        and the gain of the best division found; none without evidence.
    """
    if response is None:
        return None
    keys, curves = history.market.world.company.channel_keys, curves_of(response)
    told = plan["channels"]
    current = np.array([float(told[key]["spend"]) for key in keys])
    bounds = Bounds(
        low=np.array([float(told[key]["min"]) for key in keys]),
        high=np.array([float(told[key]["max"]) for key in keys]),
    )
    known = [keys.index(name) for name in curves.channels]
    inside = Bounds(low=bounds.low[known], high=bounds.high[known])
    mean = curves.margin.mean(axis=0)
    proposed = current.copy()
    proposed[known] = best_division(
        curves.money, mean, bounds=inside, total=float(current[known].sum()), spend_all=True
    )
    hoped = curves.profit(proposed[known]) - curves.profit(current[known])
    tail = (1 - LEVEL) / 2
    low, high = np.quantile(hoped, [tail, 1 - tail])
    now = _profit(history, current)
    best = _best(history, current, bounds)
    return {
        "money": float(current.sum()),
        "gain": _profit(history, proposed) - now,
        "hoped": [float(low), float(hoped.mean()), float(high)],
        "best": max(_profit(history, best), _profit(history, proposed)) - now,
    }


def _profit(history: History, money: Floats) -> float:
    """True profit of a quarter divided so and of the one after, by habit."""
    market, plan = history.market, history.plan
    episode = Episode(market, history.after[0].state)
    for quarter in range(2):
        weeks = range(episode.state.week, episode.state.week + WEEKS)
        usual = usual_spend(market, plan, weeks).sum(axis=0)
        live_quarter(episode, plan, spend_of(market, plan, Move(money=usual if quarter else money), weeks))
    return float(sum(w.margin.sum() - w.actions.spend.sum() for w in episode.lived))


def _best(history: History, start: Floats, bounds: Bounds) -> Floats:
    """The best division found by moving money between channels while the true profit rises."""
    best, found, step = start, _profit(history, start), STEP
    for _ in range(ROUNDS):
        improved = False
        for giver in range(len(start)):
            for taker in range(len(start)):
                amount = min(
                    step * best[giver], best[giver] - bounds.low[giver], bounds.high[taker] - best[taker]
                )
                if giver == taker or amount <= 0:
                    continue
                tried = best.copy()
                tried[giver] -= amount
                tried[taker] += amount
                reached = _profit(history, tried)
                if reached > found:
                    best, found, improved = tried, reached, True
        step = step if improved else step / 2
    return best
