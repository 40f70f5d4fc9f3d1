"""Windows of days."""

from datetime import date

import pytest

from cmo.measures import Window, months


@pytest.mark.parametrize(
    ("given", "start", "end"),
    [
        ("2024", date(2024, 1, 1), date(2024, 12, 31)),
        (2024, date(2024, 1, 1), date(2024, 12, 31)),
        ("2024-Q1", date(2024, 1, 1), date(2024, 3, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        (["2024-02-03", "2024-02-03"], date(2024, 2, 3), date(2024, 2, 3)),
    ],
)
def test_periods_are_read_as_people_write_them(given: object, start: date, end: date) -> None:
    assert Window.parse(given) == Window(start=start, end=end)


@pytest.mark.parametrize(
    "given", ["2024-13", "2024-Q5", "spring", ["2024-01-01"], ["2024-02-01", "2024-01-01"], None]
)
def test_anything_else_is_refused(given: object) -> None:
    with pytest.raises(ValueError, match=r"period|day|before"):
        Window.parse(given)


def test_only_whole_months_are_counted_as_months() -> None:
    found = months(Window(start=date(2024, 11, 2), end=date(2025, 2, 28)))
    assert [window.start for window in found] == [date(2024, 12, 1), date(2025, 1, 1), date(2025, 2, 1)]
