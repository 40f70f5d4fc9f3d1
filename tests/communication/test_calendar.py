from datetime import UTC, date, datetime

import pytest

from cmo.communication.calendar import Clash, Entry, Limits, conflicts, easter, holidays


@pytest.mark.parametrize(
    ("year", "sunday"),
    [
        (2000, date(2000, 4, 23)),
        (2024, date(2024, 3, 31)),
        (2026, date(2026, 4, 5)),
        (2038, date(2038, 4, 25)),
    ],
)
def test_easter(year: int, sunday: date) -> None:
    assert easter(year) == sunday


def test_there_are_eleven_public_holidays() -> None:
    assert len(holidays(2026)) == 11
    assert holidays(2026)[date(2026, 5, 14)].fr == "Ascension"
    assert holidays(2026)[date(2026, 5, 25)].fr == "lundi de Pentecôte"


def entry(name: str, day: int, **more: object) -> Entry:
    said: dict[str, object] = {"direct": True, "segment": "overdue", "channel": "email"} | more
    return Entry(id=name, title=name, on=date(2026, 12, day), **said)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("entries", "clashes"),
    [
        ([entry("a", 1), entry("b", 2)], [Clash.SEGMENT]),
        ([entry("a", 1), entry("b", 4)], []),
        ([entry("a", 1), entry("b", 2, segment="once")], []),
        ([entry("a", 1), entry("b", 2, segment="")], [Clash.SEGMENT]),
        ([entry("a", 1), entry("b", 2, direct=False)], []),
        ([entry("a", 25)], [Clash.HOLIDAY]),
        ([entry("a", 1, embargo=datetime(2026, 12, 3, tzinfo=UTC))], [Clash.EMBARGO]),
        ([entry("a", 3, embargo=datetime(2026, 12, 3, tzinfo=UTC))], []),
        ([entry("a", 7, hours=6.0), entry("b", 11, hours=6.0)], [Clash.CAPACITY]),
        ([entry("a", 7, hours=6.0), entry("b", 14, hours=6.0)], []),
    ],
)
def test_what_gets_in_the_way_is_told(entries: list[Entry], clashes: list[Clash]) -> None:
    assert [one.clash for one in conflicts(entries, Limits(hours=10.0))] == clashes
