"""Calendar months as whole numbers, and which of them the books cover completely."""

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np

from cmo.measures import Window


def month_number(day: date) -> int:
    """Months since year 0: 12 × year + month − 1."""
    return 12 * day.year + day.month - 1


def month_window(number: int) -> Window:
    """The days of the month of that number."""
    year, month = divmod(number, 12)
    following = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    return Window(start=date(year, month + 1, 1), end=following - timedelta(days=1))


def month_name(number: int) -> str:
    """`2027-01`."""
    year, month = divmod(number, 12)
    return f"{year:04d}-{month + 1:02d}"


def complete_months(days: Sequence[date]) -> range:
    """The months that the books cover from beginning to end.

    A month is taken as complete when no more days are lacking at its edge than the shop usually rests: one
    that closes on Sundays has finished November when the 30th is a Sunday.

    Args:
        days: Days with at least one order, ascending, without repeats.

    Returns:
        Consecutive month numbers, possibly none.
    """
    if not days:
        return range(0)
    rest = _usual_rest(days)
    first, last = month_number(days[0]), month_number(days[-1])
    if (days[0] - month_window(first).start).days > rest:
        first += 1
    if (month_window(last).end - days[-1]).days > rest:
        last -= 1
    return range(first, max(first, last + 1))


def _usual_rest(days: Sequence[date]) -> int:
    if len(days) < 2:
        return 0
    pauses = np.diff([day.toordinal() for day in days])
    return int(np.quantile(pauses, 0.9)) - 1
