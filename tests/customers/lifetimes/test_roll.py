"""Every customer's own interval, against what simulated customers then do."""

from collections.abc import Callable

import numpy as np
import pytest

from cmo.customers.lifetimes.lattice import lattice
from cmo.customers.lifetimes.modelling import Amounts, Base, Group, Modelled
from cmo.customers.lifetimes.roll import Histories, roll_of
from cmo.customers.lifetimes.value import customer_values, fit_spending
from cmo.customers.purchases import gamma_gamma
from cmo.customers.purchases.backtest import Backtest, Candidate
from cmo.customers.purchases.beta_geometric import BG_NBD
from cmo.customers.purchases.cells import cells_of
from cmo.customers.purchases.clock import even_clock
from cmo.customers.purchases.correction import N_CLASSES, Correction
from cmo.customers.purchases.fitting import fit
from cmo.customers.purchases.prediction import Customers, horizon_of, order_interval
from cmo.customers.purchases.tails import tails
from cmo.customers.segmentation.migration import Since, migration
from cmo.customers.segmentation.segments import SEGMENTS

END = 730


@pytest.fixture(scope="module")
def world(histories: Callable[..., np.ndarray]) -> tuple[Modelled, Histories, np.ndarray, np.ndarray]:
    """A modelled base of 3,000, each customer a cell; what each ordered and spent in the year after."""
    rng = np.random.default_rng(5)
    x, t_x, age, later = histories(3_000, (0.8, 60.0, 0.9, 3.0), rng).T
    t_x, age = np.floor(t_x), np.floor(age)
    taste = rng.gamma(4.0, 1 / 15.0, x.size)
    total = np.where(x > 0, rng.gamma(6.0 * np.maximum(x, 1)) / taste, 0.0)
    spent = np.where(later > 0, rng.gamma(6.0 * np.maximum(later, 1)) / taste, 0.0)
    cells, spending = cells_of(x, t_x, age=age), gamma_gamma.spending_of(x, total)
    first = (END - age).astype(np.int64)
    base = Base(
        channels=("all",),
        channel=np.zeros(x.size, dtype=np.int64),
        frequency=x,
        first=first,
        last=first + t_x.astype(np.int64),
        weight=np.ones(x.size),
        total=total,
        first_total=np.ones(x.size),
        spending=(spending,),
        end=END,
        clock=even_clock(END + 367),
        there_before=0,
    )
    tested = Backtest(
        chosen=Candidate(model=BG_NBD, seasonal=False),
        scores={},
        carried=(),
        correction=1.0,
        correction_error=0.02,
        corrected=Correction(
            factor=np.ones(N_CLASSES),
            error=0.02,
            apart=np.zeros(N_CLASSES),
            share=np.ones(N_CLASSES) / 3,
            n_cuts=4,
        ),
    )
    model = Modelled(
        base=base,
        tested=tested,
        customers=Customers(frequency=x, recency=t_x, age=age),
        horizon=horizon_of(365.0, years=1.0, annual_rate=0.1),
        groups=(Group(channel=0, newer=True, at=np.arange(x.size), cells=cells, fitted=fit(BG_NBD, cells)),),
        amounts=(Amounts(spending=spending, fitted=fit_spending(spending)),),
        accounts=0.0,
    )
    who = Histories(channel=base.channel, frequency=x, first=first, last=base.last, total=total)
    return model, who, later, spent


def test_intervals_of_customers_hold_what_they_then_do(
    world: tuple[Modelled, Histories, np.ndarray, np.ndarray],
) -> None:
    model, who, later, spent = world
    found = roll_of(model).entries(who)
    assert np.mean((found.orders_low <= later) & (later <= found.orders_high)) >= 0.9
    assert np.mean(later > found.orders_high) == pytest.approx(0.03, abs=0.025)
    above = np.mean(spent > found.value_high)
    assert above == pytest.approx(0.05, abs=0.025)
    assert found.orders.sum() == pytest.approx(later.sum(), rel=0.06)
    assert found.value.sum() == pytest.approx(spent.sum(), rel=0.12)
    assert np.abs(found.orders_median - later).mean() <= np.abs(found.orders - later).mean()


def test_entries_are_the_values_of_customers(
    world: tuple[Modelled, Histories, np.ndarray, np.ndarray],
) -> None:
    model, who, _, _ = world
    found = roll_of(model).entries(who)
    fitted, spending = model.groups[0].fitted, model.amounts[0].fitted
    values = customer_values(
        fitted, spending, customers=model.customers, total=who.total, horizon=model.horizon
    )
    np.testing.assert_allclose(found.value, values.value, rtol=1e-12)
    np.testing.assert_allclose(found.alive, values.alive, rtol=1e-12)
    assert np.all(found.value_error >= values.error)


def test_quantiles_are_those_of_the_exact_distribution(
    world: tuple[Modelled, Histories, np.ndarray, np.ndarray],
) -> None:
    model, who, _, _ = world
    few = np.arange(0, 3_000, 100)
    part = Customers(
        frequency=who.frequency[few], recency=model.customers.recency[few], age=model.customers.age[few]
    )
    fitted = model.groups[0].fitted
    low, high = order_interval(BG_NBD, fitted.theta, customers=part, horizon=365.0, level=0.9)
    found = roll_of(model).entries(who)
    np.testing.assert_array_equal(found.orders_low[few], low)
    np.testing.assert_array_equal(found.orders_high[few], high)


def test_a_level_beyond_the_tails_is_refused(
    world: tuple[Modelled, Histories, np.ndarray, np.ndarray],
) -> None:
    model, _, _, _ = world
    one = Customers(frequency=np.array([3.0]), recency=np.array([90.0]), age=np.array([100.0]))
    known = tails(BG_NBD, model.groups[0].fitted.theta, kinds=one, horizon=365.0)
    with pytest.raises(ValueError, match=r"0\.99"):
        known.quantile(0.99, kind=np.array([0]), alive=np.array([0.5]))


def test_customers_who_fell_silent_moved_to_the_lost(
    world: tuple[Modelled, Histories, np.ndarray, np.ndarray], rng: np.random.Generator
) -> None:
    model, _, _, _ = world
    since = Since(
        channel=np.zeros(2, dtype=np.int64),
        first=np.array([0, 0]),
        frequency=np.array([[12.0, 12.0], [12.0, 24.0]]),
        last=np.array([[350, 350], [350, 720]]),
        weight=np.array([300.0, 700.0]),
        before=365,
    )
    share = migration(model, since, rng=rng, draws=200).mean(axis=0)
    name = [one.name for one in SEGMENTS]
    champions, lost = name.index("champions"), name.index("lost")
    assert share[champions, champions] == pytest.approx(0.7, abs=0.01)
    assert share[champions, lost] == pytest.approx(0.3, abs=0.01)
    assert np.isnan(share[name.index("once")]).all()
    assert np.isnan(share[champions, name.index("once")])


def test_a_lattice_is_even_in_every_dimension(rng: np.random.Generator) -> None:
    points = lattice(256, 5, rng=rng)
    for column in points.T:
        assert np.bincount((column * 16).astype(int), minlength=16).tolist() == [16] * 16
    with pytest.raises(ValueError, match="9 dimensions"):
        lattice(16, 9, rng=rng)
