import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cmo.strategy.information.smoothing import basis_of, expected_given, natural_splines


def test_a_smooth_expectation_is_found() -> None:
    rng = np.random.default_rng(0)
    x = rng.standard_normal(4_000)
    y = np.sin(x) + 0.5 * rng.standard_normal(4_000)
    found = expected_given(x, y[:, None])[:, 0]
    inside = np.abs(x) < 2
    assert np.abs(found - np.sin(x))[inside].mean() < 0.03


def test_two_signals_tell_what_their_product_makes() -> None:
    rng = np.random.default_rng(0)
    x = rng.standard_normal((4_000, 2))
    y = x[:, 0] * x[:, 1]
    found = expected_given(x, y[:, None])[:, 0]
    assert np.corrcoef(found, y)[0, 1] > 0.99


@settings(max_examples=25, deadline=None)
@given(st.floats(-1e3, 1e3), st.floats(1e-3, 1e3), st.integers(0, 100))
def test_the_units_of_a_signal_mean_nothing(shift: float, scale: float, seed: int) -> None:
    rng = np.random.default_rng(seed)
    x, y = rng.standard_normal(200), rng.standard_normal((200, 2))
    assert np.allclose(expected_given(x, y), expected_given(shift + scale * x, y), atol=1e-6)


def test_a_signal_that_never_varies_tells_the_mean() -> None:
    values = np.arange(12.0).reshape(6, 2)
    assert natural_splines(np.ones(6)).shape == (6, 1)
    assert expected_given(np.ones(6), values) == pytest.approx(np.tile(values.mean(axis=0), (6, 1)))


def test_few_distinct_values_make_a_line() -> None:
    assert basis_of(np.tile([0.0, 1.0], 50)).shape == (100, 2)
