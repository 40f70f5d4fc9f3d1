import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from cmo.customers.counts.concentration import concentration, top_shares

TOPS = np.array([0.01, 0.05, 0.1, 0.2])


def test_a_hundred_customers_are_ranked_by_hand() -> None:
    spend = np.r_[np.full(10, 50.0), np.full(90, 5.5555555555)]
    shares = top_shares(np.ones(100), spend, top=np.array([0.05, 0.1, 0.2]))
    np.testing.assert_allclose(shares, [0.25, 0.5, 0.5 + 10 / 180], rtol=1e-6)


@given(arrays(np.float64, st.integers(2, 40), elements=st.floats(0.01, 1e5)))
def test_more_customers_bring_more_and_at_least_their_number(spend: np.ndarray) -> None:
    ordered = np.sort(spend)[::-1]
    shares = top_shares(np.ones(spend.size), ordered, top=TOPS)
    assert np.all(np.diff(shares) >= -1e-12)
    assert np.all(shares >= TOPS - 1e-9)
    assert np.all(shares <= 1 + 1e-12)


def test_narrow_cells_change_next_to_nothing() -> None:
    rng = np.random.default_rng(0)
    spend = np.sort(rng.pareto(1.5, 20_000) + 1)[::-1]
    cell = np.floor(np.log(spend) / 0.05).astype(int)
    order, place = np.unique(-cell, return_inverse=True)
    number = np.bincount(place, minlength=order.size).astype(float)
    money = np.bincount(place, weights=spend)
    exact = top_shares(np.ones(spend.size), spend, top=TOPS)
    np.testing.assert_allclose(top_shares(number, money, top=TOPS), exact, atol=5e-4)


def test_draws_lie_around_what_was_counted_and_hang_together() -> None:
    rng = np.random.default_rng(1)
    spend = np.exp(np.linspace(0, 6, 120))
    number = np.round(np.linspace(400, 2, 120))
    draws, exact = concentration(number, spend * number, top=TOPS, rng=rng, draws=1000)
    assert draws.shape == (1000, 4)
    np.testing.assert_allclose(draws.mean(axis=0), exact, rtol=0.03)
    assert np.all(np.diff(draws, axis=1) > 0)


def test_customers_who_spent_nothing_are_refused() -> None:
    with pytest.raises(ValueError, match="spend > 0"):
        concentration(np.ones(2), np.array([1.0, 0.0]), top=TOPS, rng=np.random.default_rng(0), draws=1)


def test_a_top_that_is_everybody_is_refused() -> None:
    with pytest.raises(ValueError, match=r"must lie in \(0, 1\)"):
        top_shares(np.ones(2), np.ones(2), top=np.array([1.0]))
