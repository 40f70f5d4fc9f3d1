import numpy as np
import pytest

from cmo.customers.purchases.beta_geometric import BG_NBD
from cmo.customers.purchases.cells import Cells, cells_of, merged
from cmo.customers.purchases.covariates import fit_with_covariates
from cmo.customers.purchases.fitting import PurchaseModel, fit
from cmo.customers.purchases.pareto_nbd import PARETO_NBD
from cmo.customers.purchases.prior import flat


def base(n: int, *, faster: float, sooner: float, rng: np.random.Generator) -> Cells:
    """BG/NBD customers who buy `faster` times as often and whose first parameter of leaving is `sooner`."""
    rate, leaving = rng.gamma(0.9, faster / 60.0, n), rng.beta(0.8 * sooner, 4.0, n)
    age = rng.uniform(200, 730, n)
    at, last, x = np.zeros(n), np.zeros(n), np.zeros(n)
    living = np.arange(n)
    while living.size:
        at[living] += rng.exponential(1 / np.maximum(rate[living], 1e-12))
        living = living[at[living] < age[living]]
        x[living] += 1
        last[living] = at[living]
        living = living[rng.random(living.size) >= leaving[living]]
    return cells_of(x, np.round(last), age=np.maximum(np.round(age), np.round(last)))


@pytest.fixture(scope="module")
def two() -> list[Cells]:
    rng = np.random.default_rng(12)
    return [base(6_000, faster=1.0, sooner=1.0, rng=rng), base(6_000, faster=1.5, sooner=1.6, rng=rng)]


@pytest.mark.parametrize("model", [BG_NBD, PARETO_NBD])
def test_a_covariate_that_moves_everything_is_a_model_of_its_own(
    two: list[Cells], model: PurchaseModel
) -> None:
    start = model.prior(merged(two).mean_age).location
    apart = [fit(model, cells, prior=flat(start)) for cells in two]
    found = fit_with_covariates(
        model,
        two,
        covariates=np.array([[0.0], [1.0]]),
        moved=model.names,
        prior=flat(start),
        usual_effect=np.inf,
    )
    assert found.log_likelihood == pytest.approx(sum(one.log_likelihood for one in apart), abs=1e-5)
    for cells_at, one in enumerate(apart):
        assert found.theta_of(np.array([float(cells_at)])) == pytest.approx(one.theta, abs=2e-3)


def test_what_sets_customers_apart_is_found_within_its_error(two: list[Cells]) -> None:
    found = fit_with_covariates(BG_NBD, two, covariates=np.array([[0.0], [1.0]]), moved=("alpha", "a"))
    apart = (found.effect[:, 0] - [-np.log(1.5), np.log(1.6)]) / found.error[:, 0]
    assert np.all(np.abs(apart) < 2.5)
    assert np.all(found.error < 0.2)


def test_errors_are_as_wide_as_effects_stray() -> None:
    inside = 0
    for seed in range(24):
        rng = np.random.default_rng(seed)
        groups = [base(700, faster=1.0, sooner=1.0, rng=rng), base(700, faster=1.3, sooner=1.0, rng=rng)]
        found = fit_with_covariates(BG_NBD, groups, covariates=np.array([[0.0], [1.0]]), moved=("alpha",))
        inside += abs(found.effect[0, 0] + np.log(1.3)) < 1.645 * found.error[0, 0]
    assert 18 <= inside <= 24


def test_a_covariate_nobody_differs_in_stays_what_it_was_believed(two: list[Cells]) -> None:
    alike = fit_with_covariates(BG_NBD, two, covariates=np.zeros((2, 1)), moved=("alpha",))
    assert alike.effect[0, 0] == pytest.approx(0.0, abs=1e-9)
    assert alike.error[0, 0] == pytest.approx(1.0, abs=1e-6)


def test_what_does_not_match_is_refused(two: list[Cells]) -> None:
    with pytest.raises(ValueError, match="one row each"):
        fit_with_covariates(BG_NBD, two, covariates=np.zeros((3, 1)), moved=("alpha",))
    with pytest.raises(ValueError, match="parameters of the model"):
        fit_with_covariates(BG_NBD, two, covariates=np.zeros((2, 1)), moved=("beta",))
