import numpy as np
import pytest

from cmo.customers.lifetimes.equity import spending_posterior
from cmo.customers.lifetimes.value import Values, customer_values, fit_spending
from cmo.customers.purchases import gamma_gamma
from cmo.customers.purchases.beta_geometric import BG_NBD, MBG_NBD, BetaGeometric
from cmo.customers.purchases.cells import cells_of
from cmo.customers.purchases.fitting import PurchaseModel, Unsupported, fit
from cmo.customers.purchases.newton import log_slopes
from cmo.customers.purchases.pareto_nbd import PARETO_NBD
from cmo.customers.purchases.prediction import Customers, horizon_of


def amounts(orders: np.ndarray, taste: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    return np.where(orders > 0, rng.gamma(6.0 * np.maximum(orders, 1.0)) / taste, 0.0)


@pytest.fixture(scope="module")
def shop(base: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Histories, amounts of repeat purchases, amounts of next year."""
    rng = np.random.default_rng(3)
    taste = rng.gamma(4.0, 1 / 15.0, base.shape[0])
    return base, amounts(base[:, 0], taste, rng), amounts(base[:, 3], taste, rng)


def valued(
    rows: np.ndarray,
    total: np.ndarray,
    *,
    model: PurchaseModel = BG_NBD,
    unit: float = 1.0,
    rate: float = 0.1,
) -> Values:
    x, t_x, age, _ = rows.T
    cells = cells_of(x, t_x * unit, age=age * unit)
    return customer_values(
        fit(model, cells),
        fit_spending(gamma_gamma.spending_of(x, total)),
        customers=Customers(frequency=x, recency=t_x * unit, age=age * unit),
        total=total,
        horizon=horizon_of(365.0 * unit, years=1.0, annual_rate=rate),
    )


def test_value_and_its_spread_are_those_of_the_next_year(
    shop: tuple[np.ndarray, np.ndarray, np.ndarray],
) -> None:
    rows, total, later = shop
    values = valued(rows, total, rate=0.0)
    surprise = later - values.value
    assert abs(surprise.sum()) < 3 * np.sqrt(np.sum(values.spread**2) + (values.error.sum()) ** 2)
    assert np.mean(surprise**2) == pytest.approx(np.mean(values.spread**2), rel=0.25)
    assert np.mean(values.buys) == pytest.approx(np.mean(rows[:, 3] > 0), abs=0.02)
    assert np.all((values.error > 0) & (values.error < values.value))


@pytest.mark.parametrize("unit", [1 / 7, 24.0])
@pytest.mark.parametrize("model", [BG_NBD, MBG_NBD, PARETO_NBD], ids=lambda model: model.name)
def test_value_is_the_same_in_days_weeks_and_hours(
    model: PurchaseModel, unit: float, shop: tuple[np.ndarray, np.ndarray, np.ndarray]
) -> None:
    rows, total, _ = (part[:800] for part in shop)
    days, other = valued(rows, total, model=model), valued(rows, total, model=model, unit=unit)
    np.testing.assert_allclose(other.value, days.value, rtol=1e-6)
    np.testing.assert_allclose(other.error, days.error, rtol=1e-5)


def test_value_in_cents_is_a_hundred_times_value_in_euros(
    shop: tuple[np.ndarray, np.ndarray, np.ndarray],
) -> None:
    rows, total, _ = (part[:800] for part in shop)
    np.testing.assert_allclose(valued(rows, 100 * total).value, 100 * valued(rows, total).value, rtol=1e-6)


@pytest.mark.parametrize(
    "model", [BG_NBD, MBG_NBD, PARETO_NBD, BetaGeometric(regularity=2)], ids=lambda model: model.name
)
def test_slopes_of_being_alive_are_exact(model: PurchaseModel, base: np.ndarray) -> None:
    x, t_x, age, _ = base[:60].T
    theta = np.array([-0.2, 3.5, 0.1, 1.2])
    found = model.alive_slopes(theta, x, recency=t_x, age=age)
    by_difference = log_slopes(lambda at: model.alive(at, x, recency=t_x, age=age), theta)
    np.testing.assert_allclose(found, by_difference, atol=1e-6)


def test_amounts_that_have_no_mean_are_refused(rng: np.random.Generator) -> None:
    x = np.full(400, 3.0)
    with pytest.raises(Unsupported, match="erratic"):
        fit_spending(gamma_gamma.spending_of(x, np.exp(6 * rng.standard_normal(400))))


def test_no_positive_amount_is_refused() -> None:
    with pytest.raises(ValueError, match="positive amount"):
        gamma_gamma.spending_of([0, 1], [0, -3])
    with pytest.raises(ValueError, match="must be > 1"):
        gamma_gamma.expected_amount(np.log([3.0, 0.5, 10.0]), np.ones(1), np.ones(1))


def test_spending_recovers_its_parameters_also_in_bins(rng: np.random.Generator) -> None:
    x = rng.integers(1, 9, 20_000).astype(float)
    total = rng.gamma(6.25 * x) / rng.gamma(3.74, 1 / 15.44, x.size)
    exact, binned = (fit_spending(gamma_gamma.spending_of(x, total, width=w)) for w in (0.0, 0.02))
    np.testing.assert_allclose(np.exp(exact.theta), [6.25, 3.74, 15.44], rtol=0.06)
    np.testing.assert_allclose(binned.theta, exact.theta, atol=2e-4)


def test_one_price_is_not_erratic() -> None:
    spending = gamma_gamma.spending_of([1.0, 3.0, 8.0] * 20, [29.9, 89.7, 239.2] * 20)
    found = fit_spending(spending)
    assert found.steady
    assert gamma_gamma.expected_amount(found.theta, np.array([0.0, 5.0]), np.array([0.0, 149.5])) == (
        pytest.approx(np.full(2, 29.9), rel=1e-3)
    )
    drawn = spending_posterior(found, spending, rng=np.random.default_rng(1), n_draws=500)
    p, q, v = np.exp(drawn.draws.T)
    assert (p * v / (q - 1.0)).std() < 0.2
