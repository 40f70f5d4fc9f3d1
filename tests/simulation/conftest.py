"""A small world, lived once for all tests of the room."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from cmo.simulation import Simulated, World, live_by_habit, world_ending
from cmo.simulation.simulate import write_company
from cmo.simulation.workspace import History

END = date(2026, 11, 18)


@pytest.fixture(scope="session")
def small_world() -> World:
    return replace(world_ending(END, seed=5, years=3, scale=0.3), habits=3)


@pytest.fixture(scope="session")
def history(small_world: World) -> History:
    return live_by_habit(small_world)


@pytest.fixture(scope="session")
def simulated(small_world: World, tmp_path_factory: pytest.TempPathFactory) -> Simulated:
    place: Path = tmp_path_factory.mktemp("simulated")
    return write_company(small_world, place / "lumen")
