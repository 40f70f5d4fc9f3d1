"""Going to see the customers: what is expected of each, who went, and whom nobody has heard for long."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from cmo.strategy.staff import Member

EXPECTED: Final = 2
"""Contacts a month that are expected of everybody of whom nothing else is said, executives too."""
LONG: Final = 60
"""Days after which a segment that nobody has heard is told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Met:
    """That somebody spoke with a customer.

    Attributes:
        who: Id of who spoke with them.
        on: The day.
        segment: Segment of the customer; empty where it is not known.
    """

    who: str
    on: date
    segment: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Quota:
    """How far somebody is with their contacts of the month.

    Attributes:
        who: Their id.
        expected: Contacts that are expected in a month.
        met: Contacts of this month.
        before: Contacts of the month before.
        streak: Months in a row, up to the last whole one, in which they did what was expected.
        executive: Whether they lead the company.
    """

    who: str
    expected: int
    met: int
    before: int
    streak: int
    executive: bool

    @property
    def owes(self) -> int:
        """Contacts that are still to come this month."""
        return max(self.expected - self.met, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """When a segment was last heard.

    Attributes:
        segment: Its name.
        last: The day; none where nobody ever spoke with it.
        days: Days since; none likewise.
        n: Contacts of the last twelve months.
    """

    segment: str
    last: date | None
    days: int | None
    n: int

    @property
    def long_ago(self) -> bool:
        """Whether it should be heard again."""
        return self.days is None or self.days > LONG


def quotas(team: Sequence[Member], contacts: Iterable[Met], *, today: date) -> tuple[Quota, ...]:
    """Where everybody stands this month, executives too; those who owe most first."""
    kept = list(contacts)
    found = []
    for member in team:
        expected = EXPECTED if member.contacts_per_month is None else member.contacts_per_month
        months = [_month(one.on) for one in kept if one.who == member.id and one.on <= today]
        now = _month(today)
        streak = 0
        while expected and months.count(now - 1 - streak) >= expected:
            streak += 1
        found.append(
            Quota(
                who=member.id,
                expected=expected,
                met=months.count(now),
                before=months.count(now - 1),
                streak=streak,
                executive=bool(member.executive),
            )
        )
    return tuple(sorted(found, key=lambda one: (-one.owes, one.who)))


def heard(segments: Sequence[str], contacts: Iterable[Met], *, today: date) -> tuple[Heard, ...]:
    """When each segment was last heard: those never heard first, then the longest ago.

    Args:
        segments: Segments of the company; others that contacts name are added.
        contacts: Who spoke with whom.
        today: The day it is.
    """
    kept = [one for one in contacts if one.on <= today]
    names = dict.fromkeys([*segments, *(one.segment for one in kept if one.segment)])
    found = []
    for name in names:
        days = [one.on for one in kept if one.segment == name]
        last = max(days, default=None)
        found.append(
            Heard(
                segment=name,
                last=last,
                days=None if last is None else (today - last).days,
                n=sum((today - day).days <= 365 for day in days),
            )
        )
    return tuple(sorted(found, key=lambda one: (one.last is not None, -(one.days or 0), one.segment)))


def _month(day: date) -> int:
    return day.year * 12 + day.month
