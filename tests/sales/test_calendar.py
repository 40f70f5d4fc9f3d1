from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmo.sales.calendar import complete_months, month_name, month_number, month_window


@given(st.dates(min_value=date.fromisoformat("0001-02-01"), max_value=date.fromisoformat("9998-12-31")))
def test_a_day_lies_in_the_window_of_its_month(day: date) -> None:
    window = month_window(month_number(day))
    assert day in window
    assert window.start.day == 1
    assert (window.end + timedelta(days=1)).day == 1


def test_a_month_is_named_as_people_write_it() -> None:
    assert month_name(month_number(date.fromisoformat("2026-12-31"))) == "2026-12"


def every_day(start: str, end: str, *, without: frozenset[int] = frozenset()) -> list[date]:
    first, last = date.fromisoformat(start), date.fromisoformat(end)
    days = [first + timedelta(days=i) for i in range((last - first).days + 1)]
    return [day for day in days if day.weekday() not in without]


SUNDAYS, WEEKENDS = frozenset({6}), frozenset({5, 6})


@pytest.mark.parametrize(
    ("days", "first", "last"),
    [
        (every_day("2026-01-01", "2026-03-31"), "2026-01", "2026-03"),
        (every_day("2026-01-01", "2026-03-30"), "2026-01", "2026-02"),
        (every_day("2026-01-02", "2026-03-31"), "2026-02", "2026-03"),
        # 31 May 2026 is a Sunday, 1 March 2026 too
        (every_day("2026-03-02", "2026-05-30", without=SUNDAYS), "2026-03", "2026-05"),
        (every_day("2026-03-02", "2026-05-29", without=WEEKENDS), "2026-03", "2026-05"),
        (every_day("2026-03-02", "2026-05-28", without=WEEKENDS), "2026-03", "2026-04"),
    ],
)
def test_a_month_is_complete_when_only_days_of_rest_are_lacking(
    days: list[date], first: str, last: str
) -> None:
    covered = complete_months(days)
    assert (month_name(covered[0]), month_name(covered[-1])) == (first, last)


@pytest.mark.parametrize(
    "days", [[], every_day("2026-01-10", "2026-01-20"), every_day("2026-01-10", "2026-02-10")]
)
def test_books_that_span_no_whole_month_have_none(days: list[date]) -> None:
    assert len(complete_months(days)) == 0
