from collections.abc import Callable

import numpy as np
import pytest

from cmo.customers.purchases.beta_geometric import BG_NBD, MBG_NBD, BetaGeometric
from cmo.customers.purchases.cells import Cells, cells_of
from cmo.customers.purchases.fitting import PurchaseModel, Unsupported, fit, for_ever, refuse_unseen_dropout
from cmo.customers.purchases.newton import Surface, maximised
from cmo.customers.purchases.pareto_nbd import PARETO_NBD
from cmo.customers.purchases.prior import flat


def test_newton_finds_a_maximum_from_where_the_surface_is_not_curved() -> None:
    def bell(at: np.ndarray) -> Surface:
        density = np.exp(-0.5 * at @ at)
        return Surface(
            value=float(density), gradient=-at * density, hessian=(np.outer(at, at) - np.eye(2)) * density
        )

    top = maximised(bell, np.array([2.5, -1.0]), tolerance=1e-14)
    assert top.converged
    np.testing.assert_allclose(top.at, 0.0, atol=1e-6)


def test_a_plane_has_no_maximum() -> None:
    plane = maximised(
        lambda at: Surface(value=float(at[0]), gradient=np.ones(1), hessian=np.zeros((1, 1))), np.zeros(1)
    )
    assert not plane.converged


def test_a_fit_takes_few_passes(base_cells: Cells) -> None:
    fitted = fit(BG_NBD, base_cells)
    assert fitted.n_evaluations[1] <= 12
    assert set(fitted.parameters) == {"r", "alpha", "a", "b"}
    assert fitted.standard_errors["r"] == pytest.approx(
        fitted.parameters["r"] * fitted.covariance[0, 0] ** 0.5
    )


@pytest.mark.parametrize(
    ("x", "reason"),
    [(np.ones(5), "too few"), (np.r_[np.ones(4), np.zeros(400)], "Only 4 of 404")],
)
def test_a_base_that_says_nothing_is_refused(x: np.ndarray, reason: str) -> None:
    with pytest.raises(Unsupported, match=reason) as refusal:
        fit(BG_NBD, cells_of(x, 5 * x, age=np.full(x.size, 30.0)))
    assert refusal.value.reason.fr != refusal.value.reason.en


def test_customers_who_never_leave_support_no_probability_of_being_alive(
    histories: Callable[..., np.ndarray], rng: np.random.Generator
) -> None:
    x, t_x, age, _ = histories(600, (1.5, 40.0, 1e-3, 10.0), rng).T
    cells = cells_of(x, t_x, age=age)
    fitted = fit(BG_NBD, cells)
    with pytest.raises(Unsupported, match="No customer can be seen to leave"):
        refuse_unseen_dropout(fitted, cells)


@pytest.mark.parametrize(
    "model", [BG_NBD, MBG_NBD, PARETO_NBD, BetaGeometric(regularity=2)], ids=lambda model: model.name
)
def test_dropout_that_is_there_is_seen(model: PurchaseModel, base_cells: Cells) -> None:
    fitted = fit(model, base_cells)
    refuse_unseen_dropout(fitted, base_cells)
    assert fitted.log_likelihood > for_ever(fitted, base_cells) + 20


@pytest.mark.parametrize("model", [BG_NBD, MBG_NBD, PARETO_NBD], ids=lambda model: model.name)
@pytest.mark.parametrize("ages", [np.full(400, 0.0), np.full(400, 1e-3), np.full(400, 3e8)])
def test_strange_ages_are_fitted_or_refused_in_a_sentence(
    model: object, ages: np.ndarray, rng: np.random.Generator
) -> None:
    x = rng.poisson(0.7, 400).astype(float)
    cells = cells_of(x, np.where(x > 0, ages * 0.6, 0.0), age=ages)
    try:
        found = fit(model, cells).theta
    except Unsupported:
        return
    assert np.all(np.isfinite(found))


def test_many_cells_start_from_fewer(histories: Callable[..., np.ndarray], rng: np.random.Generator) -> None:
    x, t_x, age, _ = histories(90_000, (0.8, 60.0, 0.9, 3.0), rng).T
    cells = cells_of(x, t_x, age=age)
    fitted = fit(BG_NBD, cells)
    assert fitted.n_evaluations[0] > 0
    assert fitted.n_evaluations[1] <= 5
    exact = fit(BG_NBD, cells, prior=flat(fitted.theta))
    np.testing.assert_allclose(fitted.theta, exact.theta, atol=2e-3)
