import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmo.customers.counts.counting import resampled, share


def test_ratios_spread_as_resampled_customers_do() -> None:
    rng = np.random.default_rng(1)
    spend = rng.lognormal(3, 1, 300)
    orders = rng.integers(1, 6, 300).astype(float)
    totals = resampled(np.ones(300), np.column_stack([spend, orders]), rng=rng, draws=4000)
    weights = rng.dirichlet(np.ones(300), 4000)
    expected = (weights @ spend) / (weights @ orders)
    found = totals.values[:, 0] / totals.values[:, 1]
    assert found.std() == pytest.approx(expected.std(), rel=0.08)
    assert found.mean() == pytest.approx(expected.mean(), rel=0.01)
    np.testing.assert_allclose(totals.exact, [spend.sum(), orders.sum()])


def test_customers_alike_may_be_counted_together() -> None:
    apart = resampled(np.ones(50), np.ones((50, 1)), rng=np.random.default_rng(2), draws=20_000)
    together = resampled(np.array([50.0]), np.array([[50.0]]), rng=np.random.default_rng(3), draws=20_000)
    quantiles = [0.05, 0.5, 0.95]
    np.testing.assert_allclose(
        np.quantile(apart.values, quantiles), np.quantile(together.values, quantiles), rtol=0.01
    )


def test_many_cells_are_drawn_in_blocks_of_the_asked_number() -> None:
    totals = resampled(np.ones(5000), np.ones((5000, 2)), rng=np.random.default_rng(4), draws=1500)
    assert totals.values.shape == (1500, 2)


def test_a_share_follows_its_conjugate_posterior() -> None:
    rng = np.random.default_rng(5)
    did, could = 30.0, 100.0
    amounts = np.array([[did, did], [0.0, could - did]])
    totals = resampled(np.array([did, could - did]), amounts, rng=rng, draws=40_000)
    found = share(totals.values[:, 0], totals.values[:, 1], rng=rng)
    expected = rng.beta(did + 0.5, could - did + 0.5, 40_000)
    quantiles = [0.01, 0.05, 0.5, 0.95, 0.99]
    np.testing.assert_allclose(np.quantile(found, quantiles), np.quantile(expected, quantiles), atol=0.005)


@given(st.floats(0, 1e6), st.floats(0, 1e6))
def test_a_share_lies_between_nobody_and_everybody(did: float, did_not: float) -> None:
    found = share(np.full(20, did), np.full(20, did + did_not), rng=np.random.default_rng(6))
    assert np.all((found >= 0) & (found <= 1))
