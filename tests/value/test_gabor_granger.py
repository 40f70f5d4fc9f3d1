"""Demand from yes or no at a price."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmo.value.gabor_granger import gabor_granger

PRICES = np.array([20.0, 30.0, 40.0, 50.0])


def answers(n: int, *, seed: int = 1) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Everybody hears two prices; limits are normal around 35."""
    rng = np.random.default_rng(seed)
    limit = 35 + 10 * rng.standard_normal(n)
    shown = np.stack([rng.choice(PRICES, 2, replace=False) for _ in range(n)])
    return np.repeat(np.arange(n), 2), shown.ravel(), (shown <= limit[:, None]).ravel()


def test_demand_falls_and_covers_the_truth() -> None:
    found = gabor_granger(*answers(600), rng=np.random.default_rng(2), draws=400)
    assert found.inconsistent == 0
    assert np.all(np.diff(found.share, axis=1) <= 1e-12)
    truth = [0.933, 0.691, 0.309, 0.067]
    low, high = np.quantile(found.share, [0.005, 0.995], axis=0)
    assert np.all((low < truth) & (truth < high))
    assert found.prices[found.profit(10.0).mean(axis=0).argmax()] == 30.0


def test_who_refuses_a_price_and_takes_a_higher_one_is_left_out() -> None:
    person, price = np.array([0, 0, 1, 1]), np.array([20.0, 30.0, 20.0, 30.0])
    found = gabor_granger(
        person, price, np.array([False, True, True, False]), rng=np.random.default_rng(1), draws=5
    )
    assert found.inconsistent == 0.5
    assert found.share.tolist() == [[1.0, 0.0]] * 5
    assert found.asked.tolist() == [1, 1]
    with pytest.raises(ValueError, match="hold together"):
        gabor_granger(person[:2], price[:2], np.array([False, True]), rng=np.random.default_rng(1), draws=5)


def test_where_everybody_hears_every_price_the_shares_are_counted() -> None:
    price = np.tile(PRICES, 50)
    limit = np.random.default_rng(3).uniform(15, 55, 50)
    would = limit[:, None] >= PRICES
    found = gabor_granger(
        np.repeat(np.arange(50), 4), price, would.ravel(), rng=np.random.default_rng(1), draws=300
    )
    assert found.share.mean(axis=0) == pytest.approx(would.mean(axis=0), abs=0.02)


@given(st.integers(0, 1000), st.integers(3, 40))
def test_demand_never_rises_with_the_price(seed: int, n: int) -> None:
    found = gabor_granger(*answers(n, seed=seed), rng=np.random.default_rng(1), draws=3)
    assert np.all(np.diff(found.share, axis=1) <= 1e-12)
    assert np.all((found.share >= 0) & (found.share <= 1))
