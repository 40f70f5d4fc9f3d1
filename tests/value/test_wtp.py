"""Intervals of what a level is worth in money."""

import numpy as np
import pytest

from cmo.value.wtp import worth

SPREAD = np.array([[0.04, -0.001], [-0.001, 0.0004]])


def test_the_three_intervals_agree_where_the_price_is_well_known() -> None:
    found = worth(np.array([1.0, -0.2]), SPREAD / 25, rng=np.random.default_rng(1))
    assert found.value == pytest.approx(5.0)
    for interval in (found.draws, found.fieller):
        assert interval == pytest.approx(found.delta, rel=0.03)
    assert found.bounded


def test_fieller_covers_where_the_delta_method_does_not() -> None:
    rng = np.random.default_rng(2)
    truth, mean = 1.0 / 0.06, np.array([1.0, -0.06])
    drawn = rng.multivariate_normal(mean, SPREAD, size=1500)
    held = {"delta": 0, "fieller": 0}
    for one in drawn:
        found = worth(one, SPREAD, rng=rng, draws=10)
        for name in held:
            low, high = getattr(found, name)
            held[name] += bool(low <= truth <= high)
    assert 0.885 < held["fieller"] / 1500 < 0.95  # above 0.9 by what it leaves unbounded
    assert held["delta"] < held["fieller"]


def test_a_price_that_may_not_deter_bounds_nothing() -> None:
    found = worth(np.array([1.0, -0.01]), SPREAD, rng=np.random.default_rng(3))
    assert not found.bounded
    assert found.fieller == (-np.inf, np.inf)


def test_a_price_without_effect_is_refused() -> None:
    with pytest.raises(ValueError, match="nothing can be put in money"):
        worth(np.array([1.0, 0.0]), SPREAD, rng=np.random.default_rng(3))
