from collections.abc import Callable

import numpy as np
import pytest
from scipy.stats import genpareto

from cmo.customers.lifetimes.importance import effective_size, pareto_k, resampled
from cmo.customers.lifetimes.metropolis import sampled
from cmo.customers.lifetimes.posterior import drawn_from, posterior
from cmo.customers.purchases.beta_geometric import BG_NBD
from cmo.customers.purchases.cells import Cells, cells_of
from cmo.customers.purchases.fitting import Unsupported, fit


@pytest.mark.parametrize("k", [0.2, 0.6, 1.0])
def test_the_tail_of_the_weights_is_recognised(k: float, rng: np.random.Generator) -> None:
    found = [pareto_k(np.log(genpareto.rvs(k, size=4_000, random_state=rng))) for _ in range(10)]
    assert np.mean(found) == pytest.approx(k, abs=0.1)


def test_equal_weights_are_worth_their_number() -> None:
    assert effective_size(np.zeros(100)) == pytest.approx(100)
    assert pareto_k(np.zeros(100)) == 0.0
    with pytest.raises(ValueError, match="at least 25"):
        pareto_k(np.zeros(10))


def test_resampling_keeps_the_weights(rng: np.random.Generator) -> None:
    at = resampled(np.log([0.7, 0.2, 0.1]), n_draws=1_000, rng=rng)
    np.testing.assert_allclose(np.bincount(at), [700, 200, 100], atol=1)


def test_a_normal_density_is_drawn_as_it_is(rng: np.random.Generator) -> None:
    drawn = drawn_from(lambda z: float(-0.5 * z @ z), size=3, rng=rng)
    assert drawn.by == "importance sampling"
    assert drawn.pareto_k < 0.5
    np.testing.assert_allclose(np.cov(drawn.draws.T), np.eye(3), atol=0.15)


def test_chains_agree_on_a_skewed_density(rng: np.random.Generator) -> None:
    chains = sampled(lambda z: float(2 * z[0] - 2 * np.exp(z[0]) - 0.5 * z[1] ** 2), np.zeros(2), rng=rng)
    assert chains.r_hat < 1.05
    assert chains.effective > 400
    assert np.exp(chains.draws[:, 0]).mean() == pytest.approx(1.0, abs=0.06)  # exp(z) is Gamma(2, 2)


def test_a_density_without_end_is_refused(rng: np.random.Generator) -> None:
    with pytest.raises(Unsupported, match="almost free"):
        drawn_from(lambda z: float(-0.55 * np.log1p(z @ z)), size=2, rng=rng)


def test_the_posterior_is_that_of_long_chains(base_cells: Cells, rng: np.random.Generator) -> None:
    few = cells_of(base_cells.frequency[::20], base_cells.recency[::20], age=base_cells.age[::20])
    fitted = fit(BG_NBD, few)
    found = posterior(fitted, few, rng=rng)
    assert found.effective > 500
    spread = np.linalg.cholesky(fitted.covariance)

    def density(z: np.ndarray) -> float:
        theta = fitted.theta + spread @ z
        return BG_NBD.log_likelihood(theta, few) + fitted.prior.surface(theta).value

    chains = sampled(density, np.zeros(4), rng=rng, n_steps=2_000)
    truth = fitted.theta + chains.draws @ spread.T
    error = truth.std(axis=0)
    np.testing.assert_allclose(found.draws.mean(axis=0), truth.mean(axis=0), atol=0.2 * error.max())
    np.testing.assert_allclose(found.draws.std(axis=0) / error, 1.0, atol=0.15)


def test_intervals_of_parameters_hold_what_they_promise(histories: Callable[..., np.ndarray]) -> None:
    truth, held = np.log([0.8, 60.0, 0.9, 3.0]), []
    for seed in range(4):
        rng = np.random.default_rng(seed)
        x, t_x, age, _ = histories(800, tuple(np.exp(truth)), rng).T
        cells = cells_of(x, t_x, age=age)
        draws = posterior(fit(BG_NBD, cells), cells, rng=rng).draws
        low, high = np.quantile(draws, [0.05, 0.95], axis=0)
        held.append((low < truth) & (truth < high))
    assert np.mean(held) >= 0.6  # a broken interval shows; the exact share is measured in benchmarks
