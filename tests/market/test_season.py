import numpy as np
import pytest

from cmo.market.season import as_counts, without_season

TIME = np.arange(48)


def test_a_season_is_taken_out() -> None:
    seasonal = (200 * np.exp(0.8 * np.sin(2 * np.pi * TIME / 12)))[None, :]
    noisy = np.random.default_rng(1).poisson(seasonal).astype(float)
    adjusted = without_season(noisy)
    assert np.log(adjusted).std() < 0.25 * np.log(noisy).std()
    assert adjusted.sum() == pytest.approx(noisy.sum())


def test_a_topic_without_season_is_hardly_touched() -> None:
    volumes = np.random.default_rng(2).poisson(100, size=(20, 48)).astype(float)
    assert np.abs(np.log(without_season(volumes) / volumes)).mean() < 0.04


def test_a_rise_stays_a_rise() -> None:
    rising = (50 * 1.04**TIME)[None, :]
    adjusted = without_season(rising)
    assert adjusted[0, -3:].mean() / adjusted[0, :3].mean() == pytest.approx(1.04**45, rel=0.1)


def test_less_than_two_years_are_left_alone() -> None:
    volumes = np.ones((1, 20))
    assert without_season(volumes) is volumes


def test_units_become_those_of_counts() -> None:
    counts = np.random.default_rng(3).poisson(80, size=(30, 60)).astype(float)
    assert as_counts(1000 * counts).mean() == pytest.approx(counts.mean(), rel=0.25)
