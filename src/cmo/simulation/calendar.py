"""The French year as shoppers live it: seasons, feasts and sales periods, week by week."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Feast:
    """A day that moves sales: its names, the height of its peak and the days of shopping before it."""

    key: str
    fr: str
    en: str
    on: date
    height: float
    days_before: int
    gift: bool


def easter(year: int) -> date:
    """Easter Sunday of a Gregorian year (Meeus, Jones and Butcher)."""
    a, b, c = year % 19, year // 100, year % 100
    h = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    k = (32 + 2 * (b % 4) + 2 * (c // 4) - h - c % 4) % 7
    m = (a + 11 * h + 22 * k) // 451
    month, day = divmod(h + k - 7 * m + 114, 31)
    return date(year, month, day + 1)


def _last_sunday(year: int, month: int) -> date:
    last = date(year, month + 1, 1) - timedelta(days=1)
    return last - timedelta(days=(last.weekday() + 1) % 7)


def mothers_day(year: int) -> date:
    """French Mother's Day: last Sunday of May, a week later when that is Pentecost."""
    sunday = _last_sunday(year, 5)
    return sunday + timedelta(days=7) if sunday == easter(year) + timedelta(days=49) else sunday


def black_friday(year: int) -> date:
    """The Friday after the fourth Thursday of November."""
    first = date(year, 11, 1)
    return first + timedelta(days=(3 - first.weekday()) % 7 + 22)


def feasts(year: int) -> tuple[Feast, ...]:
    """The days that move cosmetics in a year."""
    return (
        Feast(
            key="valentine",
            fr="Saint-Valentin",
            en="Saint Valentine's Day",
            on=date(year, 2, 14),
            height=0.30,
            days_before=10,
            gift=True,
        ),
        Feast(
            key="mothers_day",
            fr="Fête des mères",
            en="Mother's Day",
            on=mothers_day(year),
            height=0.45,
            days_before=13,
            gift=True,
        ),
        Feast(
            key="black_friday",
            fr="Black Friday",
            en="Black Friday",
            on=black_friday(year),
            height=0.25,
            days_before=5,
            gift=False,
        ),
        Feast(
            key="christmas",
            fr="Noël",
            en="Christmas",
            on=date(year, 12, 24),
            height=0.85,
            days_before=24,
            gift=True,
        ),
    )


def mondays(start: date, weeks: int) -> list[date]:
    """The first days of consecutive weeks."""
    return [start + timedelta(days=7 * week) for week in range(weeks)]


def peak_heights(week: date) -> tuple[float, float]:
    """Height of the gift peaks and of the other peaks in the week that begins on a Monday.

    Shopping grows linearly towards the feast, and stops the day after it.
    """
    heights = {True: 0.0, False: 0.0}
    for feast in feasts(week.year):
        for offset in range(7):
            before = (feast.on - (week + timedelta(days=offset))).days
            if 0 <= before <= feast.days_before:
                heights[feast.gift] += 2.0 * feast.height * (1.0 - before / (feast.days_before + 1)) / 7.0
    return heights[True], heights[False]


def is_sales_period(week: date) -> bool:
    """True in the French winter and summer sales: four weeks from early January and from late June."""
    winter, summer = date(week.year, 1, 8), date(week.year, 6, 22)
    return any(0 <= (week - first).days < 28 for first in (winter, summer))


def season(weeks: list[date]) -> Floats:
    """Yearly wave of the category's need, mean about 1; shape (weeks,)."""
    day = np.array([week.timetuple().tm_yday for week in weeks])
    angle = 2 * np.pi * day / 365.25
    wave = 1 + 0.05 * np.cos(angle - 5.9) + 0.04 * np.cos(2 * angle - 2.2)
    august = np.exp(-0.5 * ((day - 222) / 12.0) ** 2)
    return np.asarray(wave - 0.10 * august, dtype=np.float64)
