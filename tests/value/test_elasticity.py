"""How sales answer to prices, in worlds whose truth is known."""

import numpy as np
import pytest

from cmo.value.elasticity import Weekly, best_price, elasticities, moves_with_others, tells


def weeks(elasticity: float, *, seed: int, n: int = 104, promoted: float = 0.2) -> Weekly:
    rng = np.random.default_rng(seed)
    season = 0.3 * np.sin(2 * np.pi * np.arange(n) / 52.18)
    price = 40 * np.where(rng.random(n) < promoted, 0.8, 1.0) * np.exp(0.005 * rng.standard_normal(n))
    sold = 100 * (price / 40) ** elasticity * np.exp(season + 0.08 * rng.standard_normal(n))
    return Weekly(product=f"p{seed}", quantity=sold, price=price, week=np.arange(n), cost=15.0)


def test_known_elasticities_are_covered() -> None:
    truth = np.array([-1.2, -1.6, -2.0, -2.4, -2.8] * 12)
    made = tuple(weeks(one, seed=at) for at, one in enumerate(truth))
    found = elasticities(made, rng=np.random.default_rng(1), draws=1000)
    held = [
        np.quantile(one.draws, 0.05) < real < np.quantile(one.draws, 0.95)
        for one, real in zip(found, truth, strict=True)
    ]
    assert sum(held) >= 48
    assert np.corrcoef([one.draws.mean() for one in found], truth)[0, 1] > 0.9


def test_the_best_price_is_that_of_constant_elasticity() -> None:
    (found,) = elasticities((weeks(-2.0, seed=3),), rng=np.random.default_rng(1), draws=500)
    best = best_price(found)
    assert best is not None
    assert found.lowest <= best.price <= found.highest
    assert best.price == pytest.approx(min(30 + 0.0, found.highest), abs=2.5) or best.at_edge
    assert best.gain.mean() >= 0


def test_a_price_that_stands_still_tells_nothing() -> None:
    assert tells(weeks(-2.0, seed=1, promoted=0.0)) == "price_stands_still"
    assert tells(weeks(-2.0, seed=1, n=20)) == "few_weeks"
    assert tells(weeks(-2.0, seed=1)) is None


def test_without_a_cost_there_is_no_best_price() -> None:
    one = weeks(-2.0, seed=1)
    bare = Weekly(product="p", quantity=one.quantity, price=one.price, week=one.week, cost=None)
    (found,) = elasticities((bare,), rng=np.random.default_rng(1), draws=10)
    assert best_price(found) is None


def test_prices_that_move_together_are_seen() -> None:
    one, other = weeks(-2.0, seed=1), weeks(-2.0, seed=2)
    assert not moves_with_others((one, other))
    assert moves_with_others((one, one))
