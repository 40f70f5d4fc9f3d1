import numpy as np
import pytest

from cmo.brand.loudness import monthly_shares, share_over_periods


def test_steady_shares_have_no_interval() -> None:
    amounts = np.outer(np.array([10.0, 20.0, 5.0]), np.array([0.2, 0.8]))
    drawn = share_over_periods(amounts, rng=np.random.default_rng(1), draws=50)
    assert np.allclose(drawn, [0.2, 0.8])


def test_shares_add_up_and_units_do_not_matter() -> None:
    amounts = np.random.default_rng(2).gamma(2.0, size=(12, 4))
    drawn = share_over_periods(amounts, rng=np.random.default_rng(1), draws=50)
    again = share_over_periods(1000 * amounts, rng=np.random.default_rng(1), draws=50)
    assert np.allclose(drawn.sum(axis=1), 1)
    assert np.allclose(drawn, again)


def test_intervals_cover_a_share_that_swings() -> None:
    rng = np.random.default_rng(3)
    held = 0
    for _ in range(200):
        mine = rng.lognormal(0.0, 0.3, size=(12, 1))
        drawn = share_over_periods(np.hstack([mine, np.full((12, 1), 3.0)]), rng=rng, draws=400)[:, 0]
        low, high = np.quantile(drawn, [0.05, 0.95])
        held += low <= np.exp(0.045) / (np.exp(0.045) + 3) <= high
    assert 0.8 <= held / 200 <= 0.95


@pytest.mark.parametrize("amounts", [np.ones((1, 2)), np.array([[1.0, 1.0], [0.0, 0.0]])])
def test_too_little_is_refused(amounts: np.ndarray) -> None:
    with pytest.raises(ValueError, match="at least two are needed"):
        share_over_periods(amounts, rng=np.random.default_rng(1), draws=5)


def test_past_months_carry_the_noise_of_a_month() -> None:
    rng = np.random.default_rng(5)
    amounts = np.column_stack([rng.normal(100, 5, 40), np.full(40, 300.0)])
    drawn = monthly_shares(amounts, rng=rng, draws=2000)
    assert drawn.shape == (2000, 40, 2)
    assert drawn[:, 0, 0].std() == pytest.approx((amounts[:, 0] / amounts.sum(axis=1)).std(), rel=0.4)
