import numpy as np
import pytest

from cmo.content.pooling import pooled_rates, rate_errors


def world(rng: np.random.Generator, rates: np.ndarray, pieces: int) -> tuple[np.ndarray, ...]:
    """Sums over pieces whose own rates scatter around their group's."""
    own = rates[:, None] * np.exp(0.5 * rng.standard_normal((rates.size, pieces)) - 0.125)
    shown = rng.integers(500, 5000, size=own.shape).astype(float)
    reactions = rng.poisson(own * shown).astype(float)
    rate = (reactions.sum(axis=1) / shown.sum(axis=1))[:, None]
    residual = ((reactions - rate * shown) ** 2).sum(axis=1)
    return reactions.sum(axis=1), shown.sum(axis=1), residual, shown.sum(axis=1) ** 2 / (shown**2).sum(axis=1)


def test_intervals_cover_the_groups_rates() -> None:
    rng = np.random.default_rng(1)
    held, n = 0.0, 0
    for _ in range(120):
        rates = 0.03 * np.exp(0.4 * rng.standard_normal(5))
        reactions, shown, residual, pieces = world(rng, rates, 30)
        found = rate_errors(reactions, shown, residual_squares=residual, pieces=pieces)
        low, high = np.quantile(pooled_rates(*found, rng=rng, draws=500), [0.05, 0.95], axis=0)
        held += float(np.sum((low <= rates) & (rates <= high)))
        n += rates.size
    assert held / n == pytest.approx(0.9, abs=0.04)


def test_a_group_with_one_piece_is_drawn_to_the_others() -> None:
    errors = np.array([0.05, 0.05, 1.0])
    drawn = pooled_rates(np.log([0.02, 0.022, 0.2]), errors, rng=np.random.default_rng(2), draws=4000)
    assert np.median(drawn[:, 2]) < 0.1
    assert np.median(drawn[:, 0]) == pytest.approx(0.02, rel=0.05)


def test_a_single_group_stands_alone() -> None:
    drawn = pooled_rates(np.log([0.05]), np.array([0.1]), rng=np.random.default_rng(3), draws=4000)
    assert np.median(drawn) == pytest.approx(0.05, rel=0.02)
