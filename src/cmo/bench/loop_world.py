"""One world of the loop bench: every policy steers it for twelve quarters through the same luck."""

import time
from typing import Any

import numpy as np

from cmo.bench.model import Mind
from cmo.bench.oracle import profit_in
from cmo.bench.policies import POLICIES, Policy
from cmo.bench.steering import (
    QUARTERS,
    TEST_COST,
    WEEKS,
    Seen,
    live_quarter,
    opened,
    spend_of,
    steered_world,
    usual_spend,
)
from cmo.simulation import Episode, Market, Observation, Plan
from cmo.simulation.episode import observe
from cmo.simulation.living import appears_in, exists

FOUND = 0.01
"""Part of the budget from which a new channel counts as found."""


def steered(number: int, seed: int) -> dict[str, Any]:
    """Let each policy steer a world.

    Returns:
        A record: mechanisms at work; when something new appears; by policy the cumulative profit after each
        quarter, the shares of the money, the quarters until the new was found, tests run; CPU seconds.
    """
    begun = time.process_time()
    world = steered_world(number, seed)
    market, plan, start = opened(world)
    new = [c for c, channel in enumerate(world.company.channels) if channel.appears >= 1]
    appears = (appears_in(market, new[0]) - world.past - world.weeks) // WEEKS if new else None
    told = {}
    for name, policy in POLICIES.items():
        told[name] = _steer(market, plan, start.copy(), policy, new=new, seeds=(seed, number))
    return {
        "world": number,
        "mechanisms": world.mechanisms.at_work(),
        "channels": world.company.channel_keys,
        "appears": appears,
        "policies": told,
        "seconds": round(time.process_time() - begun, 1),
    }


def _steer(
    market: Market, plan: Plan, episode: Episode, policy: Policy, *, new: list[int], seeds: tuple[int, int]
) -> dict[str, Any]:
    past: list[Observation] = [observe(market, week) for week in episode.lived[market.world.past :]]
    mind = Mind()
    first, profit, tests, found = len(episode.lived), [], 0, None
    last = _spent(episode)[-WEEKS:].sum(axis=0)
    shares = []
    for quarter in range(QUARTERS):
        weeks = range(episode.state.week, episode.state.week + WEEKS)
        seen = seen_now(market, plan, episode, past=past, quarter=quarter, last=last)
        move = policy(seen, mind, np.random.default_rng([*seeds, quarter]))
        spend = spend_of(market, plan, move, weeks)
        past += live_quarter(episode, plan, spend)
        tests += len(move.trials)
        last = spend.sum(axis=(0, 2))
        shares.append([round(float(share), 4) for share in last / last.sum()])
        if found is None and new and last[new[0]] > FOUND * last.sum():
            found = quarter
        profit.append(round(profit_in(episode, first) - TEST_COST * tests, 1))
    return {"profit": profit, "shares": shares, "tests": tests, "found": found}


def _spent(episode: Episode) -> np.ndarray[Any, np.dtype[np.float64]]:
    past = episode.market.world.past
    return np.array([week.actions.spend.sum(axis=1) for week in episode.lived[past:]])


def seen_now(
    market: Market,
    plan: Plan,
    episode: Episode,
    *,
    past: list[Observation],
    quarter: int,
    last: np.ndarray[Any, np.dtype[np.float64]],
) -> Seen:
    """What a policy may know when a quarter begins."""
    weeks = range(episode.state.week, episode.state.week + WEEKS)
    usual = usual_spend(market, plan, weeks).sum(axis=0)
    books = episode.lived[-52:]
    return Seen(
        quarter=quarter,
        market=market,
        plan=plan,
        episode=episode,
        past=tuple(past),
        spend=_spent(episode),
        budget=float(usual.sum()),
        usual=usual,
        last=last,
        exists=exists(market, episode.state.week),
        margin=float(sum(w.margin.sum() for w in books) / sum(w.revenue.sum() for w in books)),
    )
