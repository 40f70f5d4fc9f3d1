import numpy as np
import pytest

from cmo.sales.revenue import compound_poisson, given_total, variances


def test_draws_spread_as_a_simulated_shop_does() -> None:
    rng = np.random.default_rng(1)
    amounts = rng.lognormal(3, 1, 400)
    worlds = np.array([rng.choice(amounts, rng.poisson(amounts.size)).sum() for _ in range(4000)])
    sums, squares = np.array([[amounts.sum()]]), np.array([[np.square(amounts).sum()]])
    draws = compound_poisson(sums, squares, over_all=squares[0], rng=rng, draws=4000)
    assert draws.std() == pytest.approx(worlds.std(), rel=0.05)
    assert draws.mean() == pytest.approx(worlds.mean(), rel=0.01)


def test_customers_who_come_again_move_all_periods_together() -> None:
    rng = np.random.default_rng(4)
    monthly = rng.gamma(2.0, 10.0, size=(300, 1)) * rng.poisson(1.5, size=(300, 6))
    worlds = np.array([monthly[rng.integers(0, 300, rng.poisson(300))].sum(axis=0) for _ in range(4000)])
    sums, squares = monthly.sum(axis=0)[:, None], np.square(monthly).sum(axis=0)[:, None]
    over_all = np.array([np.square(monthly.sum(axis=1)).sum()])
    draws = compound_poisson(sums, squares, over_all=over_all, rng=rng, draws=4000)
    assert draws.sum(axis=1).std() == pytest.approx(worlds.sum(axis=1).std(), rel=0.05)
    assert draws.sum(axis=1).var() == pytest.approx(over_all[0], rel=0.1)
    np.testing.assert_allclose(draws.var(axis=0), variances(sums, squares, over_all=over_all), rtol=0.1)


def test_parts_add_up_to_the_total_in_every_draw() -> None:
    rng = np.random.default_rng(2)
    squares = np.array([[1.0, 4.0, 0.0], [2.0, 2.0, 9.0]])
    parts = compound_poisson(np.ones((2, 3)), squares, over_all=squares.sum(axis=0), rng=rng, draws=50)
    total = rng.normal(3.0, np.sqrt(squares.sum(axis=1)), (50, 2))[:, :, None]
    joined = given_total(parts, squares, total=total[:, :, 0])
    np.testing.assert_allclose(joined.sum(axis=2), total[:, :, 0])
    assert np.all(joined[:, 0, 2] == 1.0), "what does not vary is left alone"


def test_parts_keep_their_own_spread() -> None:
    rng = np.random.default_rng(3)
    squares = np.array([[1.0, 8.0]])
    parts = compound_poisson(np.zeros((1, 2)), squares, over_all=squares[0], rng=rng, draws=20_000)
    total = 3.0 * rng.standard_normal((20_000, 1))
    np.testing.assert_allclose(given_total(parts, squares, total=total).var(axis=0), squares, rtol=0.05)


def test_a_negative_sum_of_squares_is_refused() -> None:
    with pytest.raises(ValueError, match=r"squares.min\(\) == -1.0, must be >= 0"):
        compound_poisson(
            np.ones((1, 1)), np.full((1, 1), -1.0), over_all=np.ones(1), rng=np.random.default_rng(0), draws=1
        )


def test_shapes_that_differ_are_refused() -> None:
    with pytest.raises(ValueError, match="must be the same"):
        compound_poisson(
            np.ones((1, 2)), np.ones((2, 1)), over_all=np.ones(1), rng=np.random.default_rng(0), draws=1
        )
