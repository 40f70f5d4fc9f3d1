import csv
import gzip
import subprocess
import sys
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from cmo.sales.forecast import FEWEST_MONTHS, error_paths, forecast
from cmo.sales.forecasters import FORECASTERS, adjusted_theta, last_year_grown, seasonal_naive

Floats = npt.NDArray[np.float64]
SEASON = np.array([0.8, 0.8, 0.9, 1.0, 1.0, 1.0, 0.9, 0.9, 1.0, 1.1, 1.2, 1.4])


def shop(months: int, *, noise: float = 0.0, growth: float = 0.0, seed: int = 0) -> Floats:
    t = np.arange(months)
    luck = np.random.default_rng(seed).standard_normal(months)
    return np.asarray(1000 * SEASON[t % 12] * np.exp(growth * t + noise * luck))


@pytest.mark.parametrize("name", FORECASTERS)
@pytest.mark.parametrize("months", [6, 8, 13, 24, 40])
def test_every_method_gives_a_finite_month_for_every_month(name: str, months: int) -> None:
    found = FORECASTERS[name](shop(months, noise=0.1), 12)
    assert found.shape == (12,)
    assert np.isfinite(found).all() or (np.isnan(found).all() and name == "ets" and months < 13)


@pytest.mark.parametrize(
    "series",
    [np.full(8, 100.0), np.full(30, 100.0), np.zeros(15), shop(8), shop(26), np.r_[np.zeros(20), 5.0]],
    ids=["constant", "long constant", "nothing", "no noise", "two years without noise", "one sale"],
)
def test_a_series_that_models_refuse_is_forecast_all_the_same(series: Floats) -> None:
    found = forecast(series, horizon=13, rng=np.random.default_rng(0), draws=50)
    assert found.draws.shape == (50, 13)
    assert np.isfinite(found.draws).all()


def test_last_year_is_repeated_month_by_month() -> None:
    np.testing.assert_allclose(seasonal_naive(shop(30), 24), shop(54)[30:])


def test_growth_is_carried_on_by_half() -> None:
    series = np.r_[np.full(12, 100.0), np.full(12, 144.0)]
    np.testing.assert_allclose(last_year_grown(series, 3), 144 * 1.2)


def test_two_christmases_are_enough_to_expect_a_third() -> None:
    np.testing.assert_allclose(adjusted_theta(shop(24), 12), shop(36)[24:], rtol=0.02)


@pytest.mark.parametrize("months", [24, 48])
def test_a_season_is_foreseen(months: int) -> None:
    truth = shop(months + 12, noise=0.03, seed=5)
    found = forecast(truth[:months], horizon=12, rng=np.random.default_rng(0), draws=400)
    middle = np.median(found.draws, axis=0)
    assert np.mean(np.abs(np.log(middle / truth[months:]))) < 0.06
    assert found.baseline_error > 0
    assert found.n_past == 12


def test_rescaling_the_money_rescales_the_forecast() -> None:
    series = shop(24, noise=0.1)
    euros = forecast(series, horizon=12, rng=np.random.default_rng(1), draws=50)
    cents = forecast(100 * series, horizon=12, rng=np.random.default_rng(1), draws=50)
    assert cents.chosen == euros.chosen
    np.testing.assert_allclose(cents.draws, 100 * euros.draws, rtol=1e-3)


def test_a_series_above_zero_stays_above_zero() -> None:
    found = forecast(shop(14, noise=1.0), horizon=12, rng=np.random.default_rng(1), draws=500)
    assert found.draws.min() > 0


def test_months_of_refunds_alone_are_forecast_too() -> None:
    series = shop(20, noise=0.1)
    series[7] = -50.0
    found = forecast(series, horizon=12, rng=np.random.default_rng(1), draws=500)
    assert np.isfinite(found.draws).all()
    low, high = np.quantile(found.draws[:, 0], [0.05, 0.95])
    assert low < 900 < high


def test_too_short_a_series_is_refused() -> None:
    with pytest.raises(ValueError, match="5 months, at least 6"):
        forecast(shop(FEWEST_MONTHS - 1), horizon=12, rng=np.random.default_rng(0), draws=10)


def test_errors_of_neighbouring_months_hang_together_and_grow() -> None:
    paths = error_paths(0.1, horizon=12, rng=np.random.default_rng(0), draws=20_000)
    assert paths[:, 11].std() > 1.5 * paths[:, 0].std()
    assert np.corrcoef(paths[:, 10], paths[:, 11])[0, 1] > 0.6


@pytest.mark.shared
@pytest.mark.slow
def test_intervals_hold_on_series_of_the_m3_competition(shared: Path) -> None:
    held, years = [], []
    for history, future in m3(shared / "data/market/m3.csv.gz", n=10):
        draws = forecast(history[-30:], horizon=12, rng=np.random.default_rng(0), draws=1000).draws
        low, high = np.quantile(draws, [0.05, 0.95], axis=0)
        held.append(np.mean((low <= future) & (future <= high)))
        first, last = np.quantile(draws.sum(axis=1), [0.05, 0.95])
        years.append(first <= future.sum() <= last)
    assert np.mean(held) >= 0.8
    assert np.mean(years) >= 0.7


def m3(path: Path, *, n: int) -> list[tuple[Floats, Floats]]:
    """History and first future year of `n` monthly series, drawn at random but always the same."""
    found: dict[str, dict[str, Floats]] = {}
    with gzip.open(path, "rt") as lines:
        for row in csv.DictReader(lines):
            if row["period"] == "MONTHLY":
                values = np.array([float(value) for value in row["values"].split()])
                found.setdefault(row["sn"], {})[row["set"]] = values
    names = np.random.default_rng(2026).choice(sorted(found), n, replace=False)
    return [(found[name]["x"], found[name]["xx"][:12]) for name in names]


def test_reading_the_evidence_does_not_pay_for_the_library() -> None:
    asked = "import sys, cmo.sales.evidence; print('statsforecast' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "False"
