import numpy as np
import pytest

from cmo.customers.lifetimes.equity import Holdings
from cmo.customers.lifetimes.natures import natures, spread_out, turned_out
from cmo.customers.lifetimes.value import SpendingFit
from cmo.customers.purchases.beta_geometric import BG_NBD
from cmo.customers.purchases.fitting import Fit
from cmo.customers.purchases.prediction import Customers, horizon_of
from cmo.customers.purchases.prior import flat

R, ALPHA, A, B = 1.2, 60.0, 0.8, 4.0
P, Q, V = 6.0, 4.0, 30.0
FITTED = Fit(
    model=BG_NBD,
    theta=np.log([R, ALPHA, A, B]),
    covariance=np.eye(4) * 1e-6,
    log_likelihood=0.0,
    prior=flat(np.zeros(4)),
    n_customers=1.0,
    n_evaluations=(0, 0),
)
SPENDING = SpendingFit(theta=np.log([P, Q, V]), covariance=np.eye(3) * 1e-6, prior=flat(np.zeros(3)))


def test_the_variance_is_that_of_customers_drawn_from_their_posterior() -> None:
    """Of a customer with three repeats: rate, dropout and taste drawn given alive, and whether she is."""
    who = Customers(frequency=np.array([3.0]), recency=np.array([200.0]), age=np.array([260.0]))
    total, until = 120.0, 365.0
    horizon = horizon_of(until, years=1.0, annual_rate=0.0)
    held = Holdings(customers=who, total=np.array([total]), weight=np.ones(1))
    found = natures(FITTED, SPENDING, held=held, horizon=horizon, level=np.ones(1))
    rng, n = np.random.default_rng(5), 400_000
    alive = float(BG_NBD.alive(FITTED.theta, who.frequency, recency=who.recency, age=who.age)[0])
    rate, leaving = rng.gamma(R + 3, 1 / (ALPHA + 260.0), n), rng.beta(A, B + 3, n)
    orders = -np.expm1(-rate * leaving * until) / leaving
    taste = rng.gamma(P * 3 + Q, 1 / (V + total), n)
    bring = (rng.random(n) < alive) * orders * P / taste
    assert found.alive.sum() == pytest.approx(alive * (1 - alive))
    # that future leaving is chance too is in the first, and not in the draws
    assert bring.var() < found.equity.sum() < 1.35 * bring.var()
    assert found.both.sum() == pytest.approx((1 - alive) * bring.mean(), rel=0.02)


def test_many_customers_are_as_many_times_less_sure_as_they_are_more() -> None:
    who = Customers(frequency=np.array([1.0]), recency=np.array([100.0]), age=np.array([260.0]))
    horizon = horizon_of(365.0, years=1.0, annual_rate=0.1)
    one, many = (
        natures(
            FITTED,
            SPENDING,
            held=Holdings(customers=who, total=np.array([40.0 * n]), weight=np.array([n])),
            horizon=horizon,
            level=np.ones(1),
        )
        for n in (1.0, 100.0)
    )
    assert many.equity == pytest.approx(100.0 * one.equity)
    assert many.at_stake == pytest.approx(100.0 * one.at_stake)


def test_spread_draws_keep_their_mean_and_gain_the_variance() -> None:
    rng = np.random.default_rng(7)
    sums = np.full((40_000, 2), [100.0, 0.0])
    found = spread_out(sums, np.array([400.0, 0.0]), rng=rng)
    assert found.mean(axis=0) == pytest.approx([100.0, 0.0], rel=0.01)
    assert found[:, 0].std() == pytest.approx(20.0, rel=0.03)


def test_who_is_there_and_what_they_bring_go_together() -> None:
    rng = np.random.default_rng(7)
    equity, alive = np.full((40_000, 1), 500.0), np.full((40_000, 1), 30.0)
    variance = np.array([[2_500.0], [16.0], [150.0]])
    bring, there = turned_out(equity, alive, variance=variance, rng=rng)
    assert np.corrcoef(bring[:, 0], there[:, 0])[0, 1] == pytest.approx(0.75, abs=0.02)
    assert there.std() == pytest.approx(4.0, rel=0.03)


def test_a_model_sum_without_customers_stays_nothing() -> None:
    none = np.zeros((50, 1))
    bring, there = turned_out(none, none, variance=np.zeros((3, 1)), rng=np.random.default_rng(1))
    assert not bring.any()
    assert not there.any()
