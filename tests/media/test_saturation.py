import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmo.media.saturation import Hill, Logistic, Saturation


@pytest.mark.parametrize(("family", "parameters"), [(Hill(), [1.5, 2.0]), (Logistic(), [0.8])])
def test_response_starts_at_zero_never_falls_and_stays_below_one(
    family: Saturation, parameters: list[float]
) -> None:
    response = family.response(np.linspace(0, 30, 200), np.array(parameters))
    assert response[0] == 0
    assert (np.diff(response) >= 0).all()
    assert response[-1] <= 1


@given(st.floats(0.1, 5), st.floats(0.4, 3))
def test_half_of_the_response_comes_at_the_half_saturation_point(half: float, slope: float) -> None:
    assert Hill().response(np.array([half]), np.array([half, slope]))[0] == pytest.approx(0.5)


def test_logistic_is_the_formula_of_its_name() -> None:
    x = np.array([0.0, 0.5, 2.0])
    expected = (1 - np.exp(-0.7 * x)) / (1 + np.exp(-0.7 * x))
    np.testing.assert_allclose(Logistic().response(x, np.array([0.7])), expected)
