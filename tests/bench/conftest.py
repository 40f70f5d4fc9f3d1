"""A small steered world, opened once."""

from dataclasses import replace

import numpy as np
import pytest

from cmo.bench.loop_world import seen_now
from cmo.bench.steering import Seen, opened, steered_world
from cmo.simulation import Episode, Market, Plan
from cmo.simulation.episode import observe

Opened = tuple[Market, Plan, Episode]


@pytest.fixture(scope="session")
def world() -> Opened:
    drawn = steered_world(3, 1)
    return opened(replace(drawn, habits=1, scale=0.3))


@pytest.fixture
def seen(world: Opened) -> Seen:
    market, plan, episode = world
    past = [observe(market, week) for week in episode.lived[market.world.past :]]
    last = np.array([w.actions.spend.sum(axis=1) for w in episode.lived[-13:]]).sum(axis=0)
    return seen_now(market, plan, episode.copy(), past=past, quarter=0, last=last)
