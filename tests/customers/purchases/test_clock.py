from datetime import date

import numpy as np
import pytest

from cmo.customers.purchases.clock import already_there, even_clock, seasonal_clock

START = date(2023, 1, 1)


def months(n_days: int) -> np.ndarray:
    return (np.datetime64(START) + np.arange(n_days)).astype("datetime64[M]").astype(int) % 12


def test_a_known_season_is_recovered() -> None:
    truth = 1 + 0.5 * np.sin(np.arange(12) / 12 * 2 * np.pi)
    clock = seasonal_clock(200 * truth[months(730)], start=START, n_days=1_095)
    np.testing.assert_allclose(clock.index, truth / truth.mean(), rtol=1e-9)
    assert clock.told_apart
    assert clock.n_months == 12


def test_an_even_log_has_the_clock_of_the_calendar() -> None:
    clock = seasonal_clock(np.full(400, 7.0), start=START, n_days=500)
    np.testing.assert_allclose(clock.between(3, 480), 477.0)
    np.testing.assert_allclose(even_clock(500).between(np.array([0, 9]), 20), [20.0, 11.0])


def test_one_year_cannot_tell_season_from_trend() -> None:
    assert not seasonal_clock(np.ones(365), start=START, n_days=730).told_apart


def test_months_never_seen_are_even() -> None:
    clock = seasonal_clock(np.r_[np.full(59, 2.0), np.full(31, 8.0)], start=START, n_days=365)
    assert clock.n_months == 3
    assert clock.index[6] == pytest.approx(clock.index.mean(), rel=0.3)


def test_a_log_that_begins_in_mid_business_is_recognised() -> None:
    steady = np.full(400, 5.0)
    assert already_there(steady) == 0
    assert already_there(np.r_[np.full(60, 20.0), steady]) == 60
    assert already_there(np.full(100, 5.0)) == 0
