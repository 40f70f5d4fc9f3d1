import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmo.market.changes import levels


def test_a_step_is_found_where_it_is() -> None:
    series = np.random.default_rng(1).standard_normal(80)
    series[50:] += 4
    found = levels(series)
    assert found.starts == (50,)
    assert found.means == pytest.approx([0.0, 4.0], abs=0.5)
    assert found.noise == pytest.approx(1.0, rel=0.3)


def test_noise_alone_changes_nothing() -> None:
    rng = np.random.default_rng(2)
    assert sum(len(levels(rng.standard_normal(100)).starts) for _ in range(50)) <= 2


def test_a_wandering_series_is_not_taken_for_steps() -> None:
    rng = np.random.default_rng(3)
    counts = []
    for _ in range(20):
        shocks, series = rng.standard_normal(150), np.zeros(150)
        for i in range(1, 150):
            series[i] = 0.8 * series[i - 1] + shocks[i]
        counts.append(len(levels(series).starts))
    assert np.mean(counts) < 0.5


@given(st.floats(-1e3, 1e3), st.floats(0.01, 100.0))
def test_the_unit_changes_nothing(shift: float, scale: float) -> None:
    series = np.random.default_rng(4).standard_normal(40)
    series[20:] += 5
    assert levels(scale * series + shift).starts == levels(series).starts


def test_a_short_series_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 6"):
        levels(np.ones(4))


@pytest.mark.shared
def test_the_nile_fell_in_1899(shared: Path) -> None:
    case = json.loads((shared / "cases/value/tcpd/nile.json").read_text())
    found = levels(np.array(case["values"], dtype=float))
    assert [case["time"][start] for start in found.starts] == ["1899"]
