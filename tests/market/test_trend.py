from pathlib import Path
from runpy import run_path

import numpy as np
import pytest

from cmo.market.learned import VOLUMES, radars
from cmo.market.trend import FEATURES, features, fit_radar, growth_ahead

MONTHS = 36
RADAR = radars()[VOLUMES]


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


def test_growth_ahead_is_held_against_the_last_three_months() -> None:
    total = np.full(MONTHS, 100.0)
    mentions = np.ones((3, MONTHS))
    mentions[1, 20:] = 1.6
    mentions[2, :20] = 0.0
    assert growth_ahead(mentions, total, month=15) == pytest.approx([1.0, 1.6, np.inf])
    with pytest.raises(ValueError, match="needs 17 months"):
        growth_ahead(mentions, total, month=20)


def test_coefficients_are_recovered() -> None:
    rng = np.random.default_rng(4)
    known = rng.standard_normal((4000, len(FEATURES)))
    true = np.linspace(-1, 1, len(FEATURES))
    outcome = rng.uniform(size=4000) < 1 / (1 + np.exp(1 - known @ true))
    radar = fit_radar(known, np.where(outcome, 2.0, 1.0), ridge=1e-3, rises=(1.5,))
    found = radar.coefficients[0, 1:] / radar.scale
    error = np.sqrt((radar.roots[0] ** 2).sum(axis=1)[1:]) / radar.scale
    assert np.mean(np.abs(found - true) < 3 * error) == 1


def test_what_is_known_of_a_month_does_not_look_ahead() -> None:
    rng = np.random.default_rng(5)
    mentions = rng.poisson(12, size=(4, 60)).astype(float)
    total = rng.poisson(500, size=60).astype(float)
    then = features(mentions[:, :40], total[:40], shared=True)
    other = mentions.copy()
    other[:, 40:] *= 9
    assert np.array_equal(features(other[:, :40], total[:40], shared=True), then)
    assert then.shape == (4, len(FEATURES))
    assert np.isfinite(then).all()


def test_the_unit_of_the_total_tells_nothing() -> None:
    mentions = np.random.default_rng(6).poisson(20, size=(3, 48)).astype(float)
    total = np.full(48, 700.0)
    assert features(mentions, total) == pytest.approx(features(mentions, 50 * total))
    assert features(mentions, None) == pytest.approx(features(mentions, np.ones(48)))


@pytest.mark.shared
def test_more_than_half_of_the_first_five_rise(shared: Path) -> None:
    """On terms of job advertisements, each quarter learned from what was over by then."""
    bench = run_path(str(Path(__file__).parents[2] / "benchmarks/market_trend.py"))
    _, mentions, posts = bench["read"](shared / "data/market/hn_hiring_terms.csv")
    quarters = [
        bench["at"](mentions, posts, month, shared=True) for month in range(20, posts.size - bench["LAST"], 3)
    ]
    hits = [bench["top_five"](chance, now.growth >= 1.5) for now, _, chance in bench["walked"](quarters)]
    assert np.mean(hits) >= 0.54


def test_a_short_past_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 15"):
        features(np.ones((1, 10)), np.ones(10))
