import numpy as np
import pytest

from cmo.customers.purchases.beta_geometric import BG_NBD, MBG_NBD, BetaGeometric
from cmo.customers.purchases.cells import Cells
from cmo.customers.purchases.fitting import PurchaseModel, fit
from cmo.customers.purchases.pareto_nbd import PARETO_NBD
from cmo.customers.purchases.prediction import (
    Customers,
    chance_alive,
    chance_of_at_least,
    discounted_orders,
    distinct,
    expected_orders,
    future_of,
    horizon_of,
    order_chances,
    order_interval,
)

MODELS = [BG_NBD, MBG_NBD, BetaGeometric(regularity=2), PARETO_NBD]
THETA = np.array([-0.3, 3.0, 0.1, 0.7])


@pytest.fixture(scope="module")
def customers(base: np.ndarray) -> Customers:
    x, t_x, age, _ = base[:300].T
    return Customers(frequency=x, recency=t_x, age=age)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_chances_of_orders_add_up_to_one_and_to_the_expectation(
    model: PurchaseModel, customers: Customers
) -> None:
    chances = order_chances(model, THETA, customers=customers, horizon=200.0, most=150)
    np.testing.assert_allclose(chances.sum(axis=0), 1.0, atol=1e-9)
    expected = expected_orders(model, THETA, customers=customers, horizon=200.0)
    np.testing.assert_allclose(np.arange(151) @ chances, expected, rtol=1e-6, atol=1e-9)
    again = chance_of_at_least(1, model, theta=THETA, customers=customers, horizon=200.0)
    np.testing.assert_allclose(again, 1 - chances[0], atol=1e-9)
    assert np.all(again <= chance_alive(model, THETA, customers=customers) + 1e-12)


def test_the_interval_is_that_of_the_chances(customers: Customers) -> None:
    low, high = order_interval(BG_NBD, THETA, customers=customers, horizon=200.0, level=0.8)
    below = np.cumsum(order_chances(BG_NBD, THETA, customers=customers, horizon=200.0, most=300), axis=0)
    np.testing.assert_array_equal(low, (below < 0.1).sum(axis=0))
    np.testing.assert_array_equal(high, (below < 0.9).sum(axis=0))


def test_predictive_distribution_is_calibrated(
    base: np.ndarray, base_cells: Cells, rng: np.random.Generator
) -> None:
    theta = fit(BG_NBD, base_cells).theta
    x, t_x, age, later = base.T
    customers = Customers(frequency=x, recency=t_x, age=age)
    chances = order_chances(BG_NBD, theta, customers=customers, horizon=365.0, most=int(later.max()))
    below = np.cumsum(chances, axis=0)
    one = np.arange(later.size), later.astype(int)
    rank = below[one[1], one[0]] - rng.random(later.size) * chances[one[1], one[0]]
    inside = np.mean((rank > 0.05) & (rank < 0.95))
    assert 0.88 <= inside <= 0.92


def test_discounting_is_the_integral(customers: Customers) -> None:
    future, horizon = (
        future_of(BG_NBD, THETA, customers=customers),
        horizon_of(364.0, years=1.0, annual_rate=0.2),
    )
    grid = np.linspace(0.0, 364.0, 3_001)
    orders = np.diff([future.mean(until) for until in grid], axis=0)
    worth = np.exp(-np.log(1.2) * (grid[1:] + grid[:-1]) / 2 / 364.0)
    np.testing.assert_allclose(discounted_orders(future, horizon), worth @ orders, rtol=1e-5)
    undiscounted = discounted_orders(future, horizon_of(364.0, years=1.0, annual_rate=0.0))
    np.testing.assert_allclose(undiscounted, future.mean(364.0))


def test_customers_of_one_kind_have_one_future(customers: Customers) -> None:
    twice = Customers(
        frequency=np.tile(customers.frequency, 2),
        recency=np.r_[customers.recency, customers.recency / 2],
        age=np.tile(customers.age, 2),
    )
    kinds, kind = distinct(BG_NBD, twice)
    assert kinds.age.size == np.unique(np.stack([customers.frequency, customers.age]), axis=1).shape[1]
    np.testing.assert_array_equal(kinds.age[kind], twice.age)
    kinds, kind = distinct(BetaGeometric(regularity=2), twice)
    np.testing.assert_array_equal(kinds.recency[kind], twice.recency)


@pytest.mark.parametrize(("until", "years", "rate"), [(0.0, 1.0, 0.1), (52.0, 0.0, 0.1), (52.0, 1.0, -0.1)])
def test_a_horizon_without_sense_is_refused(until: float, years: float, rate: float) -> None:
    with pytest.raises(ValueError, match="must be"):
        horizon_of(until, years=years, annual_rate=rate)
