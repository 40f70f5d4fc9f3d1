"""Six ways to steer the same company, each a function of what was seen to a quarter's move."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np
import numpy.typing as npt

from cmo.bench.model import Mind, Thought
from cmo.bench.oracle import oracle
from cmo.bench.steering import (
    GROUPS,
    QUARTERS,
    TEST_COST,
    WEEKS,
    Move,
    Seen,
    Trial,
    lift_noise,
    part_of,
    regions_of,
)
from cmo.strategy.decisions.curves import Bounds
from cmo.strategy.information.candidates import candidates
from cmo.strategy.information.sample_information import REPEATS, sample_information, with_noise
from cmo.strategy.portfolio import FirstMover, Opening, pilot, prior_return

Floats = npt.NDArray[np.float64]
Policy = Callable[[Seen, Mind, np.random.Generator], Move]

KEPT: Final = 0.5
"""Part of a quarter's division that last-click keeps from the quarter before."""
TRIED: Final = 0.05
"""Part of the budget with which everything new is tried by who tests everything."""
RISING: Final = 0.5
"""Probability that a new channel's audience is on the rise, when nothing is known of it."""
AHEAD: Final = 8
"""Quarters for which what a test tells is of use, at most; half-way through them money has moved on."""
MOST_TESTS: Final = 2
FAR: Final = 2
"""Quarters of moves that are weighed when the worth of a test is reckoned."""
STRENGTH: Final = 0.1
"""Part of the budget by which a test raises a channel."""
LEAST_TIMES, MOST_TIMES = 2.0, 10.0
"""Spend where a test runs, as a multiple of what it would be."""
ROUND: Final = 2
"""Channels tested in a quarter by who tests everything."""


def status_quo(seen: Seen, mind: Mind, rng: np.random.Generator) -> Move:  # noqa: ARG001 - every policy is asked alike
    """The company goes on as it always did."""
    return Move(money=seen.usual)


def last_click(seen: Seen, mind: Mind, rng: np.random.Generator) -> Move:  # noqa: ARG001 - every policy is asked alike
    """Money follows the orders that platforms claimed the quarter before."""
    claimed = np.sum([one.claimed.sum(axis=1) for one in seen.past[-WEEKS:]], axis=0)
    if claimed.sum() <= 0:
        return Move(money=seen.usual)
    share = KEPT * seen.last / seen.last.sum() + (1 - KEPT) * claimed / claimed.sum()
    return Move(money=seen.budget * share / share.sum())


def model_alone(seen: Seen, mind: Mind, rng: np.random.Generator) -> Move:
    """The same media model and the same planning as cmo's, never a test, never anything new."""
    thought = mind.ask(seen, rng=rng)
    return Move(money=_divided(seen, thought, seen.budget))


def test_everything(seen: Seen, mind: Mind, rng: np.random.Generator) -> Move:
    """The same model, every channel tested in turn and everything new tried at once."""
    thought = mind.ask(seen, rng=rng)
    fresh = _untried(seen)
    money = _divided(seen, thought, seen.budget * (1 - TRIED * len(fresh)))
    for channel in fresh:
        money[channel] = TRIED * seen.budget
    trials = [Trial(channel=channel, group=n % GROUPS, times=None) for n, channel in enumerate(fresh)]
    for n in range(max(ROUND - len(trials), 0)):
        channel = thought.columns[(ROUND * seen.quarter + n) % len(thought.columns)]
        trials.append(_test(seen, channel, float(money[channel]), group=len(trials) % GROUPS))
    return Move(money=money, trials=tuple(trials[:GROUPS]))


def cmo(seen: Seen, mind: Mind, rng: np.random.Generator) -> Move:
    """Posterior, plan, and only the tests and pilots whose information is worth more than they cost."""
    thought = mind.ask(seen, rng=rng)
    pilots = _pilots(seen, thought, rng=rng)
    money = _divided(seen, thought, seen.budget - sum(pilots.values()))
    for channel, amount in pilots.items():
        money[channel] = amount
    trials = [Trial(channel=channel, group=n, times=None) for n, channel in enumerate(pilots)]
    for channel in _worth_testing(seen, thought, money, rng=rng)[: MOST_TESTS - len(trials)]:
        trials.append(_test(seen, channel, float(money[channel]), group=len(trials)))
    return Move(money=money, trials=tuple(trials))


POLICIES: Final[Mapping[str, Policy]] = MappingProxyType(
    {
        "status quo": status_quo,
        "last click": last_click,
        "model without tests": model_alone,
        "test everything": test_everything,
        "cmo": cmo,
        "oracle": oracle,
    }
)


def _divided(seen: Seen, thought: Thought, budget: float) -> Floats:
    """The best division among the channels that the model knows, shape (C,); the others keep their money."""
    columns = list(thought.columns)
    money = seen.last.copy()
    money[columns] = 0.0
    money[columns] = thought.best(budget - float(money.sum()), last=seen.last[columns])
    return money


def _untried(seen: Seen) -> list[int]:
    return np.flatnonzero(seen.exists & (seen.spend.sum(axis=0) <= 0)).tolist()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Money:
    """Margin per money elsewhere at the plan, and draws of the channels' own, shape (draws, known)."""

    elsewhere: float
    known: Floats


def _returns(seen: Seen, thought: Thought) -> _Money:
    columns = list(thought.columns)
    last = np.maximum(seen.last[columns], 1.0)
    curves = thought.curves
    average = curves.brought(last) / last
    more = curves.brought(1.1 * last)
    marginal = (more - curves.brought(last)) / (0.1 * last)
    return _Money(
        elsewhere=float(marginal.mean(axis=0) @ (last / last.sum())), known=np.maximum(average, 0.0)
    )


def _pilots(seen: Seen, thought: Thought, *, rng: np.random.Generator) -> dict[int, float]:
    """Money of the pilots that are worth it: a new channel must beat what the money brings elsewhere."""
    fresh, returns = _untried(seen), _returns(seen, thought)
    keys = seen.market.world.company.channel_keys
    scale = 4 * float(np.median(seen.last[list(thought.columns)]))
    found = {}
    for n, channel in enumerate(fresh[:GROUPS]):
        noise = seen.margin * lift_noise(seen.outcomes, regions_of(seen.market, n)) / returns.elsewhere
        tried = pilot(
            Opening(name=keys[channel], scale=scale, rising=RISING, hours=0.0),
            prior_return(returns.known, rng=rng) / returns.elsewhere,
            noise=noise,
            weeks=WEEKS,
            mover=FirstMover(),
            hour=0.0,
            rng=rng,
        )
        if tried is not None and tried.value * returns.elsewhere > TEST_COST:
            found[channel] = tried.money
    return found


def _worth_testing(seen: Seen, thought: Thought, money: Floats, *, rng: np.random.Generator) -> list[int]:
    """Channels whose test is worth more than it costs, best first."""
    columns, curves = list(thought.columns), thought.curves
    plan = money[columns]
    low, high = thought.limits(float(plan.sum()), last=seen.last[columns], quarters=FAR)
    divisions = candidates(curves, current=plan, bounds=Bounds(low=low, high=high))
    profits = np.tile(np.stack([curves.profit(one) for one in divisions], axis=1), (REPEATS, 1))
    noise = seen.margin * lift_noise(seen.outcomes, regions_of(seen.market, 0))
    quarters = min(AHEAD, QUARTERS - 1 - seen.quarter)
    worth = {}
    for place, channel in enumerate(columns):
        more = plan.copy()
        times = _test(seen, channel, float(plan[place]), group=0).times or 1.0
        more[place] += (times - 1) * part_of(seen.market, 0) * plan[place]
        truth = (curves.brought(more) - curves.brought(plan))[:, place]
        found = sample_information(profits, with_noise(truth, noise, rng=rng))
        worth[channel] = found.value * quarters - TEST_COST
    return sorted((c for c, value in worth.items() if value > 0), key=lambda c: -worth[c])


def _test(seen: Seen, channel: int, money: float, *, group: int) -> Trial:
    """A test that spends a tenth of the budget more on a channel, where it runs."""
    usual = part_of(seen.market, group) * money
    times = 1 + STRENGTH * seen.budget / usual if usual > 0 else MOST_TIMES
    return Trial(channel=channel, group=group, times=float(np.clip(times, LEAST_TIMES, MOST_TIMES)))
