import numpy as np
import pytest

from cmo.market.learned import RADAR
from cmo.market.trend import FEATURES, features, fit_radar, rose

MONTHS = 36


def topics(*paths: np.ndarray) -> np.ndarray:
    return np.stack(paths)


def test_a_topic_that_takes_off_is_ranked_first() -> None:
    time = np.arange(MONTHS)
    rng = np.random.default_rng(1)
    taking_off = 20 * np.exp(np.maximum(time - 24, 0) * 0.12)
    mentions = rng.poisson(topics(np.full(MONTHS, 60.0), taking_off, 80 * 0.97**time)).astype(float)
    chance = RADAR.chance(features(mentions, np.full(MONTHS, 1000.0)))
    assert chance.argmax() == 1
    assert chance[1] > 4 * chance[0]


def test_draws_lie_around_the_best_chance() -> None:
    mentions = np.random.default_rng(2).poisson(30, size=(6, MONTHS)).astype(float)
    known = features(mentions, np.full(MONTHS, 500.0))
    drawn = RADAR.chances(known, rng=np.random.default_rng(3), draws=2000)
    assert drawn.shape == (2000, 6)
    assert np.median(drawn, axis=0) == pytest.approx(RADAR.chance(known), rel=0.1)


def test_an_outcome_is_half_again_as_much() -> None:
    total = np.full(MONTHS, 100.0)
    mentions = np.ones((2, MONTHS))
    mentions[1, 20:] = 1.6
    assert rose(mentions, total, month=15).tolist() == [False, True]
    with pytest.raises(ValueError, match="needs 17 months"):
        rose(mentions, total, month=20)


def test_coefficients_are_recovered() -> None:
    rng = np.random.default_rng(4)
    known = rng.standard_normal((4000, len(FEATURES)))
    true = np.linspace(-1, 1, len(FEATURES))
    outcome = rng.uniform(size=4000) < 1 / (1 + np.exp(1 - known @ true))
    radar = fit_radar(known, outcome, ridge=1e-3)
    found = radar.coefficients[1:] / radar.scale
    error = np.sqrt(np.diag(radar.covariance)[1:]) / radar.scale
    assert np.mean(np.abs(found - true) < 3 * error) == 1


def test_a_short_past_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 15"):
        features(np.ones((1, 10)), np.ones(10))
