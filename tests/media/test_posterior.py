from collections.abc import Callable

import numpy as np
import pytest

from cmo.media.baseline import Baseline
from cmo.media.design import LiftTest, Mix
from cmo.media.fit import Fit, exact_media, fit_mix
from cmo.media.posterior import Returns
from cmo.media.sampler import Schedule
from cmo.media.witness import Baselines


def with_test(mix: Mix, *, lift: float, error: float) -> Mix:
    test = LiftTest(
        id="t",
        channel="c1",
        start=mix.weeks[50],
        end=mix.weeks[57],
        read_until=mix.weeks[65],
        factor=0.0,
        lift=lift,
        error=error,
    )
    return Mix(
        weeks=mix.weeks, outcome=mix.outcome, channels=mix.channels, controls=mix.controls, tests=(test,)
    )


def test_gradient_is_the_difference_of_the_density(make_mix: Callable[..., Mix], quick: Schedule) -> None:
    told = with_test(make_mix(), lift=900.0, error=200.0)
    posterior = fit_mix(told, schedule=quick, rng=np.random.default_rng(0)).posterior
    points = 0.6 * np.random.default_rng(0).standard_normal((4, posterior.dimension))
    points[:, -1] -= 1
    _, gradient = posterior.density(points)
    step = 1e-5 * np.eye(posterior.dimension)
    for i in range(posterior.dimension):
        up, down = posterior.density(points + step[i])[0], posterior.density(points - step[i])[0]
        np.testing.assert_allclose(gradient[:, i], (up - down) / 2e-5, rtol=1e-5, atol=1e-4)


def test_collapsed_likelihood_is_the_dense_gaussian(small_fit: Fit) -> None:
    posterior, mix = small_fit.posterior, small_fit.mix
    points = small_fit.points[:5]
    coordinates, roi, noise = posterior.split(points)
    media = np.einsum("nc,ncrt->nt", roi * posterior.spend, exact_media(mix, coordinates))
    slope = np.array([0.0, np.log(mix.outcome.mean() / mix.outcome).sum()])
    expected = np.empty((5, 2))
    for at, link in enumerate(small_fit.links):
        level = (link.level(mix.outcome, mean=small_fit.centre) - small_fit.centre) / small_fit.unit
        dense = np.full((5, len(small_fit.candidates)), -np.inf)
        for k, blocks in enumerate(small_fit.candidates):
            Z = np.concatenate([block.columns for block in blocks], axis=1)
            for n in range(5):
                covariance = Z @ Z.T + noise[n] ** 2 * np.eye(mix.n_weeks)
                _, log_determinant = np.linalg.slogdet(covariance)
                residual = level - media[n]
                dense[n, k] = -0.5 * (residual @ np.linalg.solve(covariance, residual) + log_determinant)
        mixed = np.logaddexp.reduce(dense, axis=1) - np.log(len(small_fit.candidates))
        expected[:, at] = mixed + slope[at]
    np.testing.assert_allclose(posterior.by_link(points), expected, atol=0.3)


def test_returns_are_the_mixture_they_say() -> None:
    returns = Returns.pooled(
        np.array([0.3, -0.2]),
        common=np.array([0.5, 0.5]),
        scale=np.array([0.6, 0.6]),
        spread=np.array([0.3, 0.3]),
    )
    draws = np.log(returns.draw(200_000, rng=np.random.default_rng(0)))
    np.testing.assert_allclose(draws.mean(axis=0), [0.3, -0.2], atol=0.01)
    assert np.cov(draws.T)[0, 1] == pytest.approx(0.25, abs=0.01)
    points = np.array([[0.1, 0.4], [-1.0, 0.5]])
    _, gradient = returns.density(points)
    for i in range(2):
        step = 1e-6 * np.eye(2)[i]
        slope = (returns.density(points + step)[0] - returns.density(points - step)[0]) / 2e-6
        np.testing.assert_allclose(gradient[:, i], slope, rtol=1e-6)


def test_baselines_keep_the_covariance_of_their_columns() -> None:
    Z = np.random.default_rng(0).standard_normal((30, 4))
    baselines = Baselines.of_columns((Z, Z[:, :2]), weights=np.array([3.0, 1.0]))
    for k, columns in enumerate((Z, Z[:, :2])):
        Q = baselines.vectors[k]
        np.testing.assert_allclose((Q * baselines.variances[k]) @ Q.T, columns @ columns.T, atol=1e-10)
    np.testing.assert_allclose(np.exp(baselines.log_weights), [0.75, 0.25])


def test_every_candidate_baseline_has_the_fixed_blocks(make_mix: Callable[..., Mix]) -> None:
    candidates = Baseline(slow=(0.1, 0.3), demand=(0.1,)).candidates(make_mix())
    assert len(candidates) == 2
    assert [block.name for block in candidates[0]] == ["trend", "season", "control:control", "slow"]
