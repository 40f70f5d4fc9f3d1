import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmo.market.bursts import Burst, bursts


@pytest.mark.shared
def test_published_bursts(shared: Path) -> None:
    """Kleinberg's automaton as the R package `bursts` runs it."""
    for case in json.loads((shared / "cases/value/burst.json").read_text())["cases"]:
        found = bursts(np.array(case["offsets"], dtype=float), ratio=case["s"], cost=case["gamma"])
        assert [[one.level, one.start, one.end] for one in found] == case["bursts"]


def test_even_events_are_one_stretch() -> None:
    assert bursts(np.arange(20.0)) == (Burst(level=1, start=0.0, end=19.0),)


@given(st.integers(1, 6), st.floats(0.5, 50.0))
def test_dearer_climbing_finds_no_more(seed: int, scale: float) -> None:
    at = scale * np.cumsum(np.random.default_rng(seed).exponential(1.0, 40) + 0.01)
    assert len(bursts(at, cost=2.0)) <= len(bursts(at, cost=0.5))


@pytest.mark.parametrize("at", [[1.0], [1.0, 1.0, 2.0]])
def test_what_cannot_burst_is_refused(at: list[float]) -> None:
    with pytest.raises(ValueError, match="at least two events"):
        bursts(np.array(at))
