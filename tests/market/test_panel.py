import numpy as np
import pytest

from cmo.market.panel import monthly_noise, noisy, relative_prices


def figures(rng: np.random.Generator, noise: float) -> np.ndarray:
    time = np.arange(48)
    season = 1 + 0.3 * np.sin(2 * np.pi * time / 12)
    level = np.outer(season * 1.01**time, np.array([100.0, 50.0]))
    return level * np.exp(noise * rng.standard_normal(level.shape))


def test_season_and_trend_are_no_noise() -> None:
    found = [monthly_noise(figures(np.random.default_rng(i), 0.05)) for i in range(40)]
    assert np.mean(found) == pytest.approx(0.05, rel=0.1)


def test_draws_scatter_as_the_noise() -> None:
    drawn = noisy(figures(np.random.default_rng(1), 0.05), rng=np.random.default_rng(2), draws=500)
    assert drawn.shape == (500, 48, 2)
    assert np.log(drawn).std(axis=0).mean() == pytest.approx(0.05, rel=0.3)


@pytest.mark.parametrize("sales", [np.ones((2, 1)), np.zeros((5, 1))])
def test_figures_that_tell_nothing_are_refused(sales: np.ndarray) -> None:
    with pytest.raises(ValueError, match="at least three are needed"):
        monthly_noise(sales)


def test_the_market_has_index_one() -> None:
    prices, sales = np.array([80.0, 120.0]), np.array([3.0, 1.0])
    found = relative_prices(prices, sales)
    assert (found * sales).sum() / sales.sum() == pytest.approx(1)
