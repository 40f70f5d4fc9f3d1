import numpy as np
import pytest

from cmo.distribution.channels import (
    Takings,
    growth_draws,
    joint_draws,
    margin_rate_draws,
    revenue_draws,
    shares,
)


def test_intervals_cover_the_expected_revenue() -> None:
    rng = np.random.default_rng(1)
    held = 0
    for _ in range(300):
        amounts = rng.lognormal(3.0, 0.8, size=rng.poisson(150))
        takings = Takings(revenue=np.array([amounts.sum()]), revenue_squares=np.array([(amounts**2).sum()]))
        low, high = np.quantile(revenue_draws(takings, rng=rng, draws=500), [0.05, 0.95])
        held += low <= 150 * np.exp(3.0 + 0.32) <= high
    assert 0.85 <= held / 300 <= 0.95


def test_a_channel_without_orders_stays_at_zero() -> None:
    takings = Takings(revenue=np.array([0.0, 100.0]), revenue_squares=np.array([0.0, 900.0]))
    drawn = revenue_draws(takings, rng=np.random.default_rng(1), draws=100)
    assert np.all(drawn[:, 0] == 0)
    assert drawn[:, 1].mean() == pytest.approx(100, rel=0.1)


def test_shares_add_up_to_one() -> None:
    drawn = shares(np.array([[2.0, 6.0], [0.0, 0.0]]))
    assert drawn.tolist() == [[0.25, 0.75], [0.5, 0.5]]


def test_margin_rate_intervals_cover() -> None:
    rng = np.random.default_rng(2)
    held = 0
    for _ in range(300):
        revenue = rng.lognormal(3.0, 0.5, size=200)
        margin = revenue * (0.6 + 0.1 * rng.standard_normal(200))
        rate = margin.sum() / revenue.sum()
        residual = np.array([((margin - rate * revenue) ** 2).sum()])
        drawn = margin_rate_draws(
            np.array([margin.sum()]),
            np.array([revenue.sum()]),
            residual_squares=residual,
            rng=rng,
            draws=500,
        )
        low, high = np.quantile(drawn, [0.05, 0.95])
        held += low <= 0.6 <= high
    assert 0.85 <= held / 300 <= 0.95


def test_joint_draws_vary_as_a_simulated_company_does() -> None:
    rng = np.random.default_rng(3)
    brought = rng.gamma(1.0, 50.0, size=(400, 1)) * rng.dirichlet([6.0, 3.0], size=400)
    worlds = np.array([brought[rng.integers(0, 400, rng.poisson(400))].sum(axis=0) for _ in range(4000)])
    drawn = joint_draws(brought.sum(axis=0), brought.T @ brought, rng=rng, draws=4000)
    np.testing.assert_allclose(np.cov(drawn.T), np.cov(worlds.T), rtol=0.1)
    np.testing.assert_allclose(shares(drawn).std(axis=0), shares(worlds).std(axis=0), rtol=0.1)


def test_growth_knows_that_customers_of_both_years_are_the_same() -> None:
    rng = np.random.default_rng(4)
    brought = rng.gamma(1.0, 50.0, size=(400, 1)) * rng.uniform(0.5, 1.5, size=(400, 2))
    worlds = np.array([brought[rng.integers(0, 400, rng.poisson(400))].sum(axis=0) for _ in range(4000)])
    late, early = brought.T
    squares = (np.array([late @ late]), np.array([early @ early]), np.array([late @ early]))
    drawn = growth_draws(
        np.array([late.sum()]), np.array([early.sum()]), squares=squares, rng=rng, draws=4000
    )
    assert drawn.std() == pytest.approx((worlds[:, 0] / worlds[:, 1]).std(), rel=0.1)
