"""Hours of each week, and the weeks that work may take."""

from datetime import date

import pytest

from cmo.measures import Window
from cmo.team.weeks import Weeks

WEDNESDAY = date(2026, 11, 25)
WEEKS = Weeks(first=WEDNESDAY, n=3)


def test_days_that_are_over_give_no_hours() -> None:
    assert WEEKS.hours(35) == (21.0, 35.0, 35.0)


def test_absences_take_working_days_only() -> None:
    away = Window(start=date(2026, 11, 28), end=date(2026, 12, 1))  # Saturday to Tuesday
    assert WEEKS.hours(35, absences=[away]) == (21.0, 21.0, 35.0)


def test_an_absence_that_never_ends_leaves_nothing() -> None:
    away = Window(start=date(2020, 1, 1), end=date(2099, 1, 1))
    assert WEEKS.hours(35, absences=[away]) == (0.0, 0.0, 0.0)


@pytest.mark.parametrize(
    ("due", "week"),
    [
        (date(2026, 11, 1), 0),  # overdue
        (date(2026, 11, 27), 0),  # a Friday
        (date(2026, 12, 2), 0),  # before its Friday: the week before
        (date(2026, 12, 4), 1),
        (date(2027, 6, 1), 2),  # after the plan
    ],
)
def test_the_last_week_that_counts(due: date, week: int) -> None:
    assert WEEKS.end(due) == week


def test_weeks_until_a_day() -> None:
    assert Weeks.until(date(2026, 12, 6), first=WEDNESDAY).n == 2
    assert Weeks.until(date(2026, 11, 1), first=WEDNESDAY).n == 1
    assert Weeks.until(date(2036, 11, 1), first=WEDNESDAY).n == 52
    with pytest.raises(ValueError, match="must be at least 1"):
        Weeks(first=WEDNESDAY, n=0)
