import numpy as np
import pytest

from cmo.sales.revenue import compound_poisson, given_total


def test_draws_spread_as_a_simulated_shop_does() -> None:
    rng = np.random.default_rng(1)
    amounts = rng.lognormal(3, 1, 400)
    worlds = np.array([rng.choice(amounts, rng.poisson(amounts.size)).sum() for _ in range(4000)])
    sums, squares = np.array([[amounts.sum()]]), np.array([[np.square(amounts).sum()]])
    draws = compound_poisson(sums, squares, rng=rng, draws=4000)
    assert draws.std() == pytest.approx(worlds.std(), rel=0.05)
    assert draws.mean() == pytest.approx(worlds.mean(), rel=0.01)


def test_parts_add_up_to_the_total_in_every_draw() -> None:
    rng = np.random.default_rng(2)
    squares = np.array([[1.0, 4.0, 0.0], [2.0, 2.0, 9.0]])
    parts = compound_poisson(np.ones((2, 3)), squares, rng=rng, draws=50)
    total = compound_poisson(np.full((2, 1), 3.0), squares.sum(axis=1, keepdims=True), rng=rng, draws=50)
    joined = given_total(parts, squares, total=total[:, :, 0])
    np.testing.assert_allclose(joined.sum(axis=2), total[:, :, 0])
    assert np.all(joined[:, 0, 2] == 1.0), "what does not vary is left alone"


def test_parts_keep_their_own_spread() -> None:
    rng = np.random.default_rng(3)
    squares = np.array([[1.0, 8.0]])
    parts = compound_poisson(np.zeros((1, 2)), squares, rng=rng, draws=20_000)
    total = 3.0 * rng.standard_normal((20_000, 1))
    np.testing.assert_allclose(given_total(parts, squares, total=total).var(axis=0), squares, rtol=0.05)


def test_a_negative_sum_of_squares_is_refused() -> None:
    with pytest.raises(ValueError, match=r"squares.min\(\) == -1.0, must be >= 0"):
        compound_poisson(np.ones((1, 1)), np.full((1, 1), -1.0), rng=np.random.default_rng(0), draws=1)


def test_shapes_that_differ_are_refused() -> None:
    with pytest.raises(ValueError, match="must be the same"):
        compound_poisson(np.ones((1, 2)), np.ones((2, 1)), rng=np.random.default_rng(0), draws=1)
