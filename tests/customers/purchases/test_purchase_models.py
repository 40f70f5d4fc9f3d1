"""Laws that every purchase model obeys: exact derivatives, coherent futures, no unit of time."""

from collections.abc import Callable

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import beta, gamma

from cmo.customers.purchases.beta_geometric import BG_NBD, MBG_NBD, BetaGeometric
from cmo.customers.purchases.bgbb import BG_BB
from cmo.customers.purchases.cells import Cells, cells_of, rescaled
from cmo.customers.purchases.fitting import PurchaseModel, fit
from cmo.customers.purchases.geometric_future import GeometricFuture
from cmo.customers.purchases.pareto_nbd import PARETO_NBD

CONTINUOUS = [BG_NBD, MBG_NBD, BetaGeometric(regularity=3), PARETO_NBD]
MODELS = [*CONTINUOUS, BetaGeometric(regularity=2, dropout_at_start=True), BG_BB]
THETA = np.array([-0.3, 3.0, 0.1, 0.7])


def base_of(model: PurchaseModel, cells: Cells) -> Cells:
    if model is not BG_BB:
        return cells
    age = np.ceil(cells.age / 40)
    recency = np.where(cells.frequency > 0, np.minimum(np.maximum(np.ceil(cells.recency / 40), 1), age), 0)
    return cells_of(np.minimum(cells.frequency, recency), recency, age=age, weight=cells.weight)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_derivatives_are_exact(model: PurchaseModel, base_cells: Cells) -> None:
    cells, step = base_of(model, base_cells), 1e-5
    here = model.surface(THETA, cells)
    assert here.value == pytest.approx(model.log_likelihood(THETA, cells), rel=1e-12)
    for axis, direction in enumerate(np.eye(4) * step):
        up, down = model.surface(THETA + direction, cells), model.surface(THETA - direction, cells)
        slope = (up.value - down.value) / (2 * step)
        assert here.gradient[axis] == pytest.approx(slope, rel=1e-5, abs=1e-5 * abs(here.value))
        bend = (up.gradient - down.gradient) / (2 * step)
        np.testing.assert_allclose(here.hessian[axis], bend, atol=1e-7 * np.abs(here.hessian).max())


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_the_future_is_coherent(model: PurchaseModel) -> None:
    x, t_x, age = np.array([0.0, 1, 4, 30]), np.array([0.0, 3, 20, 39]), np.array([40.0, 40, 21, 40])
    alive = model.alive(THETA, x, recency=t_x, age=age)
    assert np.all((alive > 0) & (alive <= 1))
    future, horizon = model.future(THETA, x, recency=t_x, age=age), 12.0
    beyond = np.stack([future.at_least(n, horizon=horizon) for n in range(200)])
    assert np.all(np.diff(beyond, axis=0) <= 1e-12)
    np.testing.assert_allclose(beyond[0], 1.0)
    closed = 1e-6 if model.needs_recency else 1e-9
    np.testing.assert_allclose(future.mean(horizon), beyond[1:].sum(axis=0), rtol=closed)
    pairs = (2.0 * np.arange(200)[:, None] * np.vstack([beyond[1:], np.zeros(4)])).sum(axis=0)
    np.testing.assert_allclose(future.second_factorial(horizon), pairs, rtol=1e-3)
    stays, newcomer = model.newcomer(THETA)
    assert 0 < stays <= 1
    assert newcomer.mean(horizon)[0] > 0
    assert future.mean(0.0) == pytest.approx(0.0)


@pytest.mark.parametrize("model", CONTINUOUS, ids=lambda model: model.name)
@pytest.mark.parametrize("factor", [1 / 7, 24.0, 86_400.0])
def test_expected_orders_have_no_unit_of_time(model: PurchaseModel, factor: float, base_cells: Cells) -> None:
    def orders(cells: Cells, horizon: float) -> np.ndarray:
        theta = fit(model, cells).theta
        history = {"recency": cells.recency, "age": cells.age}
        living = model.future(theta, cells.frequency, **history).mean(horizon)
        return model.alive(theta, cells.frequency, **history) * living

    few = cells_of(base_cells.frequency[::6], base_cells.recency[::6], age=base_cells.age[::6])
    np.testing.assert_allclose(
        orders(rescaled(few, factor=factor), 364 * factor), orders(few, 364.0), rtol=1e-6
    )


@pytest.mark.parametrize("model", [BG_NBD, MBG_NBD], ids=lambda model: model.name)
def test_parameters_are_recovered(
    model: PurchaseModel, base_cells: Cells, base: np.ndarray, histories: Callable[..., np.ndarray]
) -> None:
    fitted = fit(model, base_cells)
    x, t_x, age, later = base.T
    orders = model.alive(fitted.theta, x, recency=t_x, age=age)
    orders = orders * model.future(fitted.theta, x, recency=t_x, age=age).mean(365.0)
    assert orders.sum() == pytest.approx(later.sum(), rel=0.1)
    if model is BG_NBD:
        error = np.sqrt(np.diag(fitted.covariance))
        np.testing.assert_array_less(np.abs(fitted.theta - np.log([0.8, 60, 0.9, 3.0])), 3.5 * error)


@pytest.mark.parametrize(
    ("shape", "rate", "a", "b", "horizon"),
    [
        (0.24, 4.4, 0.793, 2.4, 52.0),
        (20.2, 35.0, 0.793, 22.4, 52.0),
        (2.0, 30.0, 1.0, 3.0, 364.0),  # the pole of the closed form
        (2.0, 30.0, 1.00003, 3.0, 364.0),
        (1_200.0, 700.0, 0.8, 1_202.0, 364.0),  # where the series overflows
        (0.5, 30.0, 900.0, 90_000.0, 364.0),  # all customers alike
        (0.3, 1e6, 0.5, 2.0, 1e-3),  # a horizon of nothing
        (5.0, 50.0, 0.02, 0.05, 100.0),
    ],
)
def test_expected_orders_are_those_of_the_integral(
    shape: float, rate: float, a: float, b: float, horizon: float
) -> None:
    future = GeometricFuture(
        shape=np.array([[shape]]), rate=np.array([rate]), a=a, b=np.array([b]), phase_weight=np.ones((1, 1))
    )

    def orders(p: float) -> float:
        return float(-np.expm1(-shape * np.log1p(p * horizon / rate)) / p)

    def by_quantile(share: float) -> float:
        return orders(max(float(beta.ppf(share, a, b)), 1e-300))

    expected = sum(quad(by_quantile, low, low + 0.1, limit=300)[0] for low in np.arange(10) / 10)
    assert future.mean(horizon)[0] == pytest.approx(expected, rel=2e-6)


def test_a_lifetime_without_spread_is_exponential() -> None:
    theta = np.log([1.0, 10.0, 1.0, 50.0])  # s = 1: the pole of the closed form of the Pareto
    mean = PARETO_NBD.newcomer(theta)[1].mean(30.0)[0]

    def living(t: float) -> float:
        return 0.1 * quad(lambda mu: np.exp(-mu * t) * gamma.pdf(mu, 1.0, scale=1 / 50), 0, np.inf)[0]

    assert mean == pytest.approx(quad(living, 0, 30)[0], rel=1e-6)


def test_regularity_lets_a_buyer_who_is_late_be_missed_sooner() -> None:
    x, t_x, age = np.array([12.0]), np.array([12.0]), np.array([14.5])
    theta = np.log([20.0, 20.0, 1.0, 8.0])
    loose = BG_NBD.alive(theta, x, recency=t_x, age=age)[0]
    regular = BetaGeometric(regularity=4).alive(theta + np.log([1, 0.25, 1, 1]), x, recency=t_x, age=age)[0]
    assert regular < loose


def test_a_customer_seen_once_is_alive_by_construction_only_without_early_dropout() -> None:
    once = {"recency": np.array([0.0]), "age": np.array([400.0])}
    assert BG_NBD.alive(THETA, np.array([0.0]), **once)[0] == 1.0
    assert MBG_NBD.alive(THETA, np.array([0.0]), **once)[0] < 0.9


def test_impossible_settings_are_refused() -> None:
    with pytest.raises(ValueError, match="regularity == 0"):
        BetaGeometric(regularity=0)
    with pytest.raises(ValueError, match="opportunities without a purchase"):
        BG_BB.log_likelihood(THETA, cells_of([0], [0], age=[5_000]))
