import numpy as np
import pytest

from cmo.market.first_mover import Launch, bonus_of, common_draws


def launch(extra: float, *, seed: int, half: float = 10.0, weeks: int = 70, name: str = "podcast") -> Launch:
    """A channel whose results per effort start `extra` above what they become."""
    rng = np.random.default_rng(seed)
    age, effort = np.arange(float(weeks)), np.full(weeks, 100.0)
    usual = np.exp(0.2 * np.sin(age / 8))
    level = 0.8 * usual * (1 + extra * 0.5 ** (age / half))
    return Launch(
        name=name,
        kind="media",
        weeks=age,
        results=rng.poisson(level * effort).astype(float),
        effort=effort,
        usual=usual,
    )


def test_a_bonus_is_found_and_fades() -> None:
    found = bonus_of([launch(0.8, seed=i) for i in range(3)], rng=np.random.default_rng(1))
    assert found is not None
    true = np.mean(0.8 * 0.5 ** (np.arange(13) / 10.0))
    assert found.mean == pytest.approx(true, abs=0.15)
    assert found.low < true < found.high
    assert found.pays > 0.95
    assert 6 < found.half_life < 20
    assert all(one.cost < 1.0 for one in found.launches)


def test_no_bonus_is_not_invented() -> None:
    found = bonus_of([launch(0.0, seed=i) for i in range(3)], rng=np.random.default_rng(2))
    assert found is not None
    assert found.low < 0 < found.high
    assert 0.05 < found.pays < 0.95


def test_intervals_hold_the_truth() -> None:
    true = np.mean(0.4 * 0.5 ** (np.arange(13) / 10.0))
    held = []
    for seed in range(40):
        found = bonus_of([launch(0.4, seed=seed)], rng=np.random.default_rng(seed))
        assert found is not None
        held.append(found.launches[0].low < true < found.launches[0].high)
    assert np.mean(held) >= 0.75


def test_without_a_launch_nothing_is_said() -> None:
    assert bonus_of([], rng=np.random.default_rng(3)) is None


def test_common_draws_are_the_bonus() -> None:
    launches = [launch(0.5, seed=4), launch(0.5, seed=5)]
    drawn = common_draws(launches, rng=np.random.default_rng(6), draws=2000)
    found = bonus_of(launches, rng=np.random.default_rng(6))
    assert found is not None
    assert drawn.shape == (2000,)
    assert np.median(drawn) == pytest.approx(found.mean, abs=0.05)
