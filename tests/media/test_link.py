import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmo.media.link import LINKS, Adding, Link, Multiplying, as_push, possible

OUTCOME = np.array([60.0, 90.0, 150.0])


@pytest.mark.parametrize("link", LINKS)
def test_a_level_tells_the_outcome(link: Link) -> None:
    np.testing.assert_allclose(link.outcome(link.level(OUTCOME, mean=100.0), mean=100.0), OUTCOME)


@pytest.mark.parametrize("link", LINKS)
def test_what_a_push_brought_is_what_the_level_loses_without_it(link: Link) -> None:
    push = np.array([10.0, 20.0, 5.0])
    without = link.outcome(link.level(OUTCOME, mean=100.0) - push, mean=100.0)
    np.testing.assert_allclose(link.brought(push, OUTCOME, mean=100.0), OUTCOME - without)


@pytest.mark.parametrize("link", LINKS)
def test_a_small_push_brings_its_worth(link: Link) -> None:
    push = np.full(3, 1e-4)
    found = link.brought(push, OUTCOME, mean=100.0) / push
    np.testing.assert_allclose(found, link.worth(OUTCOME, mean=100.0), rtol=1e-5)


@pytest.mark.parametrize("link", LINKS)
def test_the_slope_is_that_of_the_level(link: Link) -> None:
    step = 1e-6
    slope = (link.level(OUTCOME + step, mean=100.0) - link.level(OUTCOME - step, mean=100.0)) / (2 * step)
    assert link.log_slope(OUTCOME, mean=100.0) == pytest.approx(np.log(slope).sum(), abs=1e-6)


def test_an_outcome_that_often_vanishes_only_adds() -> None:
    assert possible(OUTCOME) == LINKS
    assert possible(np.array([100.0, 0.0, 120.0, 90.0])) == (Adding(),)


@given(lift=st.floats(-50, 80), error=st.floats(0.5, 20))
def test_a_lift_as_a_push_brings_the_lift(lift: float, error: float) -> None:
    push, spread = as_push(lift, error, outcome=100.0, link=Multiplying())
    found = Multiplying().brought(np.array([push]), np.array([100.0]), mean=100.0)
    np.testing.assert_allclose(found, lift, atol=1e-9)
    assert spread > 0
    assert as_push(lift, error, outcome=100.0, link=Adding()) == (lift, error)
