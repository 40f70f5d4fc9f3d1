from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from cmo.simulation import Episode, Habit, World, draw_mechanisms, habitual_plan, open_market, world_ending
from cmo.simulation.episode import rng_of
from cmo.simulation.mechanisms import Mechanisms

WORLD = replace(world_ending(date(2026, 6, 28), seed=4, years=1, scale=0.1), habits=1)


def _revenue(world: World) -> float:
    market = open_market(world)
    policy, episode = (
        Habit(market=market, plan=habitual_plan(market, rng_of(world.seed, 10))),
        Episode(market),
    )
    seen = None
    while not episode.over:
        seen = episode.step(policy(episode.state.week, seen))
    return sum(float(week.revenue.sum()) for week in episode.lived)


@pytest.fixture(scope="module")
def usual() -> float:
    return _revenue(WORLD)


@pytest.mark.parametrize("name", sorted(set(Mechanisms.names()) - {"misbooking"}))
def test_each_mechanism_moves_the_market(name: str, usual: float) -> None:
    other = 1.0 - getattr(Mechanisms(), name)
    switched = replace(WORLD, mechanisms=replace(Mechanisms(), **{name: other}))
    assert _revenue(switched) != pytest.approx(usual, rel=1e-6)


def test_mechanisms_are_switched_independently() -> None:
    rng = np.random.default_rng(1)
    drawn = np.array([list(draw_mechanisms(rng).at_work().values()) for _ in range(400)])
    assert np.abs(np.corrcoef(drawn.T) - np.eye(drawn.shape[1])).max() < 0.2
    assert 0.5 < drawn.mean() < 0.7
