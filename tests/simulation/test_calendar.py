from datetime import date

import numpy as np
import pytest

from cmo.simulation.calendar import (
    black_friday,
    easter,
    is_sales_period,
    mondays,
    mothers_day,
    peak_heights,
    season,
)


@pytest.mark.parametrize(
    ("year", "on"),
    [
        (2000, date(2000, 4, 23)),
        (2023, date(2023, 4, 9)),
        (2024, date(2024, 3, 31)),
        (2025, date(2025, 4, 20)),
        (2038, date(2038, 4, 25)),
    ],
)
def test_easter_falls_as_the_church_says(year: int, on: date) -> None:
    assert easter(year) == on


@pytest.mark.parametrize(
    ("year", "on"),
    [
        (2023, date(2023, 6, 4)),  # the last Sunday of May was Pentecost
        (2024, date(2024, 5, 26)),
        (2025, date(2025, 5, 25)),
        (2026, date(2026, 5, 31)),
    ],
)
def test_mothers_day_gives_way_to_pentecost(year: int, on: date) -> None:
    assert mothers_day(year) == on


@pytest.mark.parametrize(
    ("year", "on"), [(2023, date(2023, 11, 24)), (2024, date(2024, 11, 29)), (2025, date(2025, 11, 28))]
)
def test_black_friday_follows_thanksgiving(year: int, on: date) -> None:
    assert black_friday(year) == on


def test_gifts_peak_in_the_last_full_week_before_christmas() -> None:
    weeks = mondays(date(2025, 1, 6), 51)
    heights = [peak_heights(week)[0] for week in weeks]
    assert weeks[int(np.argmax(heights))] == date(2025, 12, 15)


def test_sales_last_four_weeks_twice_a_year() -> None:
    assert sum(is_sales_period(week) for week in mondays(date(2025, 1, 6), 52)) == 8


def test_the_season_averages_about_one() -> None:
    assert season(mondays(date(2024, 1, 1), 52)).mean() == pytest.approx(1.0, abs=0.02)
