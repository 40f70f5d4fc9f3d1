import numpy as np
import pytest

from cmo.media.diagnostics import effective_size, r_hat, smooth_weights


def chains(persistence: float, *, n: int = 2000) -> np.ndarray:
    shocks = np.random.default_rng(0).standard_normal((4, n, 1))
    for i in range(1, n):
        shocks[:, i] = persistence * shocks[:, i - 1] + np.sqrt(1 - persistence**2) * shocks[:, i]
    return shocks


@pytest.mark.parametrize("persistence", [0.0, 0.5, 0.9, -0.3])
def test_effective_size_of_an_autoregression_is_the_known_one(persistence: float) -> None:
    known = 8000 * (1 - persistence) / (1 + persistence)
    assert effective_size(chains(persistence))[0] == pytest.approx(known, rel=0.25)


def test_chains_that_agree_have_an_r_hat_of_one() -> None:
    assert r_hat(chains(0.0))[0] == pytest.approx(1.0, abs=0.005)


@pytest.mark.parametrize("change", ["moved", "stretched"])
def test_one_chain_apart_is_seen(change: str) -> None:
    draws = chains(0.0)
    draws[0] = draws[0] + 2 if change == "moved" else draws[0] * 4
    assert r_hat(draws)[0] > 1.05


@pytest.mark.parametrize("shape", [0.2, 0.5, 0.9])
def test_the_tail_of_importance_weights_is_measured(shape: float) -> None:
    weights = np.random.default_rng(1).uniform(size=200_000) ** -shape
    assert smooth_weights(np.log(weights)).pareto_k == pytest.approx(shape, abs=0.1)


def test_equal_densities_lose_nothing() -> None:
    smoothed = smooth_weights(np.zeros(500))
    assert smoothed.efficiency == pytest.approx(1.0)
    assert smoothed.pareto_k == 0
