"""Spans of days."""

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

_PERIOD = re.compile(r"^(\d{4})(?:-(?:Q([1-4])|(0[1-9]|1[0-2])))?$")


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Window:
    """Whole days from `start` to `end`, both included.

    Raises:
        ValueError: The end lies before the start.
    """

    start: date
    end: date

    def __post_init__(self) -> None:
        """Refuse a window that runs backwards."""
        if self.end < self.start:
            raise ValueError(f"window ends on {self.end}, before it starts on {self.start}")

    @property
    def days(self) -> int:
        """Number of days, >= 1."""
        return (self.end - self.start).days + 1

    def __contains__(self, day: date) -> bool:
        """Whether `day` lies inside."""
        return self.start <= day <= self.end

    def as_list(self) -> list[str]:
        """`["2026-01-01", "2026-03-31"]`, as JSON shows it."""
        return [self.start.isoformat(), self.end.isoformat()]

    @classmethod
    def parse(cls, given: object) -> "Window":
        """Read `2026`, `2026-Q1`, `2026-03`, or a pair of ISO days.

        Raises:
            ValueError: Anything else.
        """
        if isinstance(given, list | tuple) and len(given) == 2:
            return cls(start=_day(given[0]), end=_day(given[1]))
        found = _PERIOD.match(str(given).strip())
        if found is None:
            raise ValueError(
                f"{given!r} is no period: write 2026, 2026-Q1, 2026-03 or [2026-01-01, 2026-03-31]"
            )
        year, quarter, month = int(found[1]), found[2], found[3]
        first, last = 1, 12
        if quarter:
            first, last = 3 * int(quarter) - 2, 3 * int(quarter)
        elif month:
            first = last = int(month)
        end = date(year, last, calendar.monthrange(year, last)[1])
        return cls(start=date(year, first, 1), end=end)

    def last(self, days: int) -> "Window":
        """The last `days` days of this window (the whole of it when it is shorter)."""
        return Window(start=max(self.start, self.end - timedelta(days=days - 1)), end=self.end)


def months(window: Window) -> tuple[Window, ...]:
    """The calendar months that lie wholly inside `window`, in order."""
    found: list[Window] = []
    year, month = window.start.year, window.start.month
    while date(year, month, 1) <= window.end:
        span = Window.parse(f"{year:04d}-{month:02d}")
        if window.start <= span.start and span.end <= window.end:
            found.append(span)
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return tuple(found)


def _day(given: object) -> date:
    if isinstance(given, date):
        return given
    try:
        return date.fromisoformat(str(given))
    except ValueError:
        raise ValueError(f"{given!r} is no day: write it as 2026-03-31") from None
