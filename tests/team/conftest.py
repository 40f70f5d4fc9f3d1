"""People and work for tests."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

import pytest

from cmo.measures import Text
from cmo.team.people import Person
from cmo.team.work import Item

MONDAY = date(2026, 11, 23)


def _person(name: str, skills: Mapping[str, float], hours: tuple[float, ...], **more: Any) -> Person:
    groups = {key: frozenset(more.pop(key, ())) for key in ("languages", "markets", "channels", "wishes")}
    free = more.pop("free", hours)
    return Person(id=name, name=name.title(), skills=skills, hours=hours, free=free, **groups, **more)


def _item(name: str, hours: float, *, last: int, first: int = 0, **more: Any) -> Item:
    """A piece of work that may be done from one week to another."""
    return Item(
        id=name,
        says=Text.same(name),
        hours=hours,
        start=MONDAY + timedelta(weeks=first),
        by=MONDAY + timedelta(weeks=last, days=4),
        **more,
    )


@pytest.fixture(scope="session")
def person() -> Callable[..., Person]:
    return _person


@pytest.fixture(scope="session")
def item() -> Callable[..., Item]:
    return _item
