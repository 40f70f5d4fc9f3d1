import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmo.media.adstock import Adstock, Delayed, Geometric, Weibull, carryover, half_life

FAMILIES: list[Adstock] = [Geometric(), Delayed(), Weibull()]


@pytest.mark.parametrize("family", FAMILIES)
@given(z=st.lists(st.floats(-4, 4), min_size=2, max_size=2))
def test_weights_are_shares_of_one_effect(family: Adstock, z: list[float]) -> None:
    values = np.array([prior.quantile(np.array(z[i])) for i, prior in enumerate(family.priors)])
    weights = family.weights(values)
    assert weights.shape == (family.lags,)
    assert (weights >= 0).all()
    assert weights.sum() == pytest.approx(1.0)


def test_geometric_weights_fall_by_the_retention() -> None:
    weights = Geometric(lags=6).weights(np.array([0.6]))
    np.testing.assert_allclose(weights[1:] / weights[:-1], 0.6, rtol=1e-9)


def test_delayed_weights_peak_where_they_are_told_to() -> None:
    assert Delayed().weights(np.array([0.7, 3.0])).argmax() == 3


def test_weibull_of_shape_one_is_geometric() -> None:
    weights = Weibull(lags=40).weights(np.array([1.0, 2.0]))
    np.testing.assert_allclose(weights[1:10] / weights[:9], np.exp(-0.5), rtol=1e-6)


def test_carryover_is_the_convolution_with_nothing_before_the_first_week() -> None:
    x = np.array([4.0, 0.0, 2.0, 0.0])
    np.testing.assert_allclose(carryover(x, np.array([0.5, 0.3, 0.2])), [2.0, 1.2, 1.8, 0.6])


@given(st.integers(1, 8), st.floats(0.01, 0.9))
def test_carryover_moves_and_never_makes(n: int, kept: float) -> None:
    exposure = np.concatenate([np.arange(1.0, n + 1), np.zeros(13)])
    weights = Geometric().weights(np.array([[kept], [kept / 2]]))
    np.testing.assert_allclose(carryover(exposure, weights).sum(axis=1), exposure.sum())


def test_half_life_of_an_immediate_effect_is_half_a_week() -> None:
    np.testing.assert_allclose(half_life(np.array([[1.0, 0.0], [0.5, 0.5], [0.25, 0.75]])), [0.5, 1.0, 4 / 3])
