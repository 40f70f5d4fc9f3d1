"""Channels that truly differ, partially pooled; equity with its uncertainty."""

from collections.abc import Callable

import numpy as np
import pytest

from cmo.customers.lifetimes.equity import (
    Holdings,
    Worth,
    coarse_holdings,
    quadratic,
    spending_posterior,
    worth_draws,
    worth_of_cells,
)
from cmo.customers.lifetimes.pooling import learned_prior
from cmo.customers.lifetimes.posterior import posterior
from cmo.customers.lifetimes.value import SpendingFit, customer_values, fit_spending
from cmo.customers.purchases import gamma_gamma
from cmo.customers.purchases.beta_geometric import BG_NBD
from cmo.customers.purchases.cells import Cells, cells_of
from cmo.customers.purchases.fitting import Fit, fit_within
from cmo.customers.purchases.newton import Surface
from cmo.customers.purchases.prediction import Customers, expected_orders, horizon_of
from cmo.customers.purchases.prior import flat

YEAR = horizon_of(365.0, years=1.0, annual_rate=0.1)


@pytest.fixture(scope="module")
def shop(base: np.ndarray) -> tuple[Fit, SpendingFit, gamma_gamma.Spending, Cells, Holdings]:
    x, t_x, age, _ = np.floor(base[:1_500]).T
    rng = np.random.default_rng(3)
    total = np.where(x > 0, rng.gamma(6.0 * np.maximum(x, 1)) / rng.gamma(4.0, 1 / 15.0, x.size), 0.0)
    cells, amounts = cells_of(x, t_x, age=age), gamma_gamma.spending_of(x, total)
    held = Holdings(
        customers=Customers(frequency=x, recency=t_x, age=age), total=total, weight=np.ones(x.size)
    )
    fitted = fit_within(BG_NBD, cells, prior=BG_NBD.prior(cells.mean_age))
    return fitted, fit_spending(amounts), amounts, cells, held


def worth(shop: tuple[Fit, SpendingFit, gamma_gamma.Spending, Cells, Holdings], held: Holdings) -> Worth:
    fitted, spending, *_ = shop
    return worth_of_cells(fitted.theta, spending.theta, fitted=fitted, held=held, horizon=YEAR)


def test_equity_is_the_sum_of_the_customers(
    shop: tuple[Fit, SpendingFit, gamma_gamma.Spending, Cells, Holdings],
) -> None:
    fitted, spending, _, _, held = shop
    values = customer_values(fitted, spending, customers=held.customers, total=held.total, horizon=YEAR)
    whole = worth(shop, held).equity.sum()
    assert whole == pytest.approx(values.value.sum(), rel=1e-9)
    coarse = coarse_holdings(held, n_cells=500)
    assert coarse.weight.size <= 500
    assert coarse.weight.sum() == pytest.approx(held.weight.sum())
    assert coarse.total.sum() == pytest.approx(held.total.sum())
    assert worth(shop, coarse).equity.sum() == pytest.approx(whole, rel=0.02)


def test_who_is_still_there_and_what_is_at_stake_add_up_to_everybody(
    shop: tuple[Fit, SpendingFit, gamma_gamma.Spending, Cells, Holdings],
) -> None:
    held = shop[-1]
    found = worth(shop, held)
    assert np.all((found.alive >= 0) & (found.alive <= held.weight))
    certain = found.equity / found.alive  # what those who came once are worth if they are all still there
    np.testing.assert_allclose(found.equity + found.at_stake, certain, rtol=1e-9)


def test_draws_of_equity_are_those_of_exact_valuations(
    shop: tuple[Fit, SpendingFit, gamma_gamma.Spending, Cells, Holdings], rng: np.random.Generator
) -> None:
    fitted, spending, amounts, cells, held = shop
    held = coarse_holdings(held, n_cells=500)
    orders = posterior(fitted, cells, rng=rng, n_draws=300)
    spent = spending_posterior(spending, amounts, rng=rng, n_draws=300)
    found = worth_draws(fitted, spending, held=held, horizon=YEAR, draws=(orders, spent), rng=rng)
    for i in range(12):
        one = worth_of_cells(orders.draws[i], spent.draws[i], fitted=fitted, held=held, horizon=YEAR)
        assert found.equity[i] == pytest.approx(one.equity.sum(), rel=5e-3)
        assert found.alive[i] == pytest.approx(one.alive.sum(), rel=5e-3)
        assert found.at_stake[i] == pytest.approx(one.at_stake.sum(), rel=1e-2)
    assert 0.005 < found.equity.std() / found.equity.mean() < 0.1


def test_a_quadratic_is_found_from_few_points(rng: np.random.Generator) -> None:
    draws = rng.normal([1.0, -2.0], 0.3, size=(500, 2))

    def function(at: np.ndarray) -> np.ndarray:
        return np.array([2.0 + at[0] - 3 * at[0] * at[1] + at[1] ** 2, at[0]])

    found = quadratic(function, np.array([1.0, -2.0]), draws=draws, n_exact=10, rng=rng)
    np.testing.assert_allclose(found, [function(at) for at in draws], rtol=1e-8)


def normal(mean: float, error: float) -> Callable[[np.ndarray], Surface]:
    def surface(theta: np.ndarray) -> Surface:
        apart = (theta - mean) / error
        return Surface(
            value=float(-0.5 * apart @ apart), gradient=-apart / error, hessian=-np.eye(theta.size) / error**2
        )

    return surface


def test_the_common_mean_and_spread_of_many_groups_are_learned(rng: np.random.Generator) -> None:
    means = rng.normal(1.5, 0.4, 200)
    shared = learned_prior([normal(mean + rng.normal(0, 0.2), 0.2) for mean in means], flat(np.zeros(1)))
    assert shared.location[0] == pytest.approx(1.5, abs=0.1)
    assert shared.spread[0] == pytest.approx(0.4, abs=0.1)


def test_one_group_has_nobody_to_learn_from() -> None:
    prior = BG_NBD.prior(100.0)
    assert learned_prior([normal(0.0, 1.0)], prior) is prior


def test_every_channel_is_valued_by_its_own_customers(
    histories: Callable[..., np.ndarray], rng: np.random.Generator
) -> None:
    truth = {
        "search": (0.8, 35.0, 0.8, 4.0),
        "social": (0.45, 35.0, 1.2, 2.5),
        "referral": (1.1, 35.0, 0.6, 6.0),
    }
    rows = {name: histories(6_000, parameters, rng) for name, parameters in truth.items()}
    cells = {
        name: cells_of(x, t_x, age=age) for name, (x, t_x, age, _) in ((n, r.T) for n, r in rows.items())
    }
    shared = learned_prior(
        [lambda theta, of=of: BG_NBD.surface(theta, of) for of in cells.values()], BG_NBD.prior(365.0)
    )
    for name, of in cells.items():
        x, t_x, age, later = rows[name].T
        customers = Customers(frequency=x, recency=t_x, age=age)
        own = fit_within(BG_NBD, of, prior=shared).theta
        expected = expected_orders(BG_NBD, own, customers=customers, horizon=365.0).sum()
        known = expected_orders(BG_NBD, np.log(truth[name]), customers=customers, horizon=365.0).sum()
        assert expected == pytest.approx(known, rel=0.04)
        assert expected == pytest.approx(later.sum(), rel=0.08)
