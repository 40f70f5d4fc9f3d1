import numpy as np

from cmo.media.diagnostics import effective_size, r_hat
from cmo.media.sampler import Schedule, draw_chains, find_mode

COVARIANCE = np.array([[1.0, 0.9, 0.0], [0.9, 1.2, -0.1], [0.0, -0.1, 0.05]])
CENTRE = np.array([0.5, -1.0, 0.2])


def normal(points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    pushed = (points - CENTRE) @ np.linalg.inv(COVARIANCE)
    return -0.5 * (pushed * (points - CENTRE)).sum(axis=1), -pushed


def skewed(points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Logarithm of a Gamma(3, 1) variable, and a standard normal beside it."""
    x, z = points[:, 0], points[:, 1]
    return 3 * x - np.exp(x) - 0.5 * z * z, np.stack([3 - np.exp(x), -z], axis=1)


def test_the_mode_and_its_curvature_are_found_from_anywhere() -> None:
    mode = find_mode(normal, np.array([[3.0, 3.0, 3.0], [-4.0, 0.0, 1.0]]))
    np.testing.assert_allclose(mode.points, np.tile(CENTRE, (2, 1)), atol=1e-3)
    np.testing.assert_allclose(mode.factor @ mode.factor.T, COVARIANCE, atol=1e-4)


def test_draws_have_the_moments_of_a_normal() -> None:
    rng = np.random.default_rng(0)
    start = CENTRE + rng.standard_normal((32, 3))
    chains = draw_chains(normal, start, factor=np.eye(3), schedule=Schedule(), rng=rng)
    draws = chains.points.reshape(-1, 3)
    np.testing.assert_allclose(draws.mean(axis=0), CENTRE, atol=0.06)
    np.testing.assert_allclose(np.cov(draws.T), COVARIANCE, atol=0.08)
    assert r_hat(chains.points).max() < 1.01
    assert effective_size(chains.points).min() > 3000
    assert chains.divergences == 0


def test_draws_have_the_moments_of_a_skewed_law() -> None:
    rng = np.random.default_rng(1)
    chains = draw_chains(skewed, rng.standard_normal((32, 2)), factor=np.eye(2), schedule=Schedule(), rng=rng)
    gamma = np.exp(chains.points[..., 0]).ravel()
    assert abs(gamma.mean() - 3) < 0.1
    assert abs(gamma.var() - 3) < 0.3
