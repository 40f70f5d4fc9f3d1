"""Weeks to plan, and the hours that somebody has in each of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from cmo.measures import Window

WORKING_DAYS: Final = 5
FRIDAY: Final = 4
_WEEK: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Weeks:
    """Consecutive weeks, Monday to Sunday.

    Attributes:
        first: The day the plan begins; its week is the first, and only its days to come count.
        n: Number of weeks, >= 1.
    """

    first: date
    n: int

    def __post_init__(self) -> None:
        """Refuse a plan without a week."""
        if self.n < 1:
            raise ValueError(f"n == {self.n}, must be at least 1")

    @classmethod
    def until(cls, last: date, *, first: date, most: int = 52) -> "Weeks":
        """The weeks from a day to another, at most so many."""
        n = (_monday(last) - _monday(first)).days // 7 + 1
        return cls(first=first, n=min(max(n, 1), most))

    def monday(self, week: int) -> date:
        """First day of a week."""
        return _monday(self.first) + week * _WEEK

    def week_of(self, day: date) -> int:
        """Number of the week that a day falls into; below 0 or from n on where it is outside."""
        return (_monday(day) - _monday(self.first)).days // 7

    def begin(self, day: date | None) -> int:
        """The first week in which something can be done that cannot begin before a day."""
        return 0 if day is None else max(self.week_of(day), 0)

    def end(self, by: date) -> int:
        """The last week that counts for what is due on a day.

        A week counts where the day is its Friday or later; what is overdue is due in the first week, what
        is due after the plan in the last.
        """
        week = self.week_of(by) - (by.weekday() < FRIDAY)
        return min(max(week, 0), self.n - 1)

    def hours(self, per_week: float, *, absences: Iterable[Window] = ()) -> tuple[float, ...]:
        """Hours that somebody has in each week, days of absence and days gone by taken off.

        Args:
            per_week: Hours of a whole week.
            absences: Days away.
        """
        away = {
            day
            for window in absences
            for i in range(max((min(window.end, self.monday(self.n)) - window.start).days + 1, 0))
            if (day := window.start + timedelta(days=i)).weekday() < WORKING_DAYS
        }
        found = []
        for week in range(self.n):
            days = (self.monday(week) + timedelta(days=i) for i in range(WORKING_DAYS))
            there = sum(day >= self.first and day not in away for day in days)
            found.append(per_week * there / WORKING_DAYS)
        return tuple(found)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
