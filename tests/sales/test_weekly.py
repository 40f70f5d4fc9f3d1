import numpy as np
import pytest

from cmo.sales.weekly import weekly_centre, weekly_forecast


def weeks(n: int, *, season: float = 0.0, seed: int = 1) -> np.ndarray:
    rng = np.random.default_rng(seed)
    time = np.arange(n)
    return 100 * np.exp(season * np.sin(2 * np.pi * time / 52) + 0.03 * rng.standard_normal(n))


def test_a_season_of_the_year_is_carried_forward() -> None:
    series = weeks(52 * 4 + 13, season=0.4)
    told = weekly_centre(series[:-13], 13)
    assert np.abs(np.log(told / series[-13:])).mean() < 0.12


def test_draws_lie_around_what_comes() -> None:
    series = weeks(100)
    drawn = weekly_forecast(series[:-8], horizon=8, rng=np.random.default_rng(2), draws=400)
    low, high = np.quantile(drawn, (0.01, 0.99), axis=0)
    assert drawn.shape == (400, 8)
    assert np.mean((low <= series[-8:]) & (series[-8:] <= high)) >= 0.7
    assert (drawn > 0).all()


@pytest.mark.parametrize("series", [np.ones(10), np.zeros(60)])
def test_what_cannot_be_forecast_is_refused(series: np.ndarray) -> None:
    with pytest.raises(ValueError, match="30 are needed"):
        weekly_forecast(series, horizon=2, rng=np.random.default_rng(3), draws=10)
