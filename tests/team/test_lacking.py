"""What is lacking is told with its reason, and each remedy that is told is enough."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from cmo.strategy.staff import Supplier
from cmo.team.coverage import coverage, single_points
from cmo.team.lacking import Lack, Means, lacks
from cmo.team.people import Person
from cmo.team.staffing import staff
from cmo.team.weeks import Weeks
from cmo.team.work import Item

MONDAY = date(2026, 11, 23)
WEEKS = Weeks(first=MONDAY, n=10)
STUDIO = Supplier.model_validate(
    {"id": "studio", "says": "A studio", "kind": "agency", "skills": {"video": 4}, "price_per_hour": 90}
)
COURSE = Supplier.model_validate(
    {
        "id": "course",
        "says": "A course",
        "kind": "training",
        "skills": {"video": 3},
        "price": 500,
        "hours": 10,
    }
)


def explained(items: list[Item], people: list[Person], *suppliers: Supplier) -> tuple[Lack, ...]:
    plan = staff(items, people, WEEKS)
    return lacks(plan, items, people, weeks=WEEKS, suppliers=suppliers, currency="EUR")


def test_a_skill_nobody_has_is_named_with_who_comes_nearest(
    person: Callable[..., Person], item: Callable[..., Item]
) -> None:
    people = [person("awa", {"video": 2}, (30.0,) * 10, cost=40.0)]
    (lack,) = explained([item("film", 20, last=3, skills={"video": 3})], people, STUDIO, COURSE)
    assert "Nobody can do video (3), the nearest is Awa (2)" in lack.says.en
    assert {one.means: one.price for one in lack.remedies} == {
        Means.AGENCY: 1800.0,
        Means.TRAINING: 500.0 + 10 * 40.0,
    }


def test_hours_that_are_lacking_are_counted(person: Callable[..., Person], item: Callable[..., Item]) -> None:
    people = [person("awa", {"video": 3}, (10.0,) * 10)]
    items = [item("film", 18, last=1, skills={"video": 3}), item("cut", 12, last=1, skills={"video": 3})]
    (lack,) = explained(items, people)
    assert (lack.items, lack.hours, lack.free) == (("cut",), 12.0, 2.0)
    assert "10 are lacking" in lack.says.en
    assert [one.means for one in lack.remedies] == [Means.LATER]


@pytest.mark.parametrize("suppliers", [(STUDIO,), (COURSE,), ()])
def test_a_remedy_that_is_told_is_enough(
    person: Callable[..., Person], item: Callable[..., Item], suppliers: tuple[Supplier, ...]
) -> None:
    people = [person("awa", {"video": 2}, (12.0,) * 10), person("ines", {"video": 3}, (2.0,) * 10)]
    items = [item("film", 30, last=4, skills={"video": 3}), item("letter", 5, last=1)]
    (lack,) = explained(items, people, *suppliers)
    for one in lack.remedies:
        if one.means is Means.AGENCY:
            others = [*people, person("studio", {"video": 4}, (35.0,) * 10, outside=True)]
            assert staff(items, others, WEEKS).unstaffed == ()
        if one.means is Means.TRAINING:
            raised = replace(people[0], skills={"video": 3.0}, free=(2.0, *people[0].free[1:]))
            assert staff(items, [raised, people[1]], WEEKS).unstaffed == ()
        if one.means is Means.LATER:
            later = [replace(items[0], by=items[0].by + timedelta(weeks=8)), items[1]]
            assert staff(later, people, WEEKS).unstaffed == ()


def test_a_language_nobody_speaks_is_named(person: Callable[..., Person], item: Callable[..., Item]) -> None:
    people = [person("awa", {"video": 4}, (30.0,) * 10, languages={"fr"})]
    (lack,) = explained([item("film", 8, last=3, skills={"video": 3}, language="de")], people)
    assert "in de" in lack.says.en


def test_who_alone_can_do_something_is_told(person: Callable[..., Person], item: Callable[..., Item]) -> None:
    people = [person("awa", {"video": 4}, (30.0,) * 10), person("ines", {"email": 3}, (30.0,) * 10)]
    items = [item("film", 8, last=3, skills={"video": 3}), item("letter", 4, last=3)]
    (single,) = single_points(items, people)
    assert (single.who, single.skill, single.hours) == ("awa", "video", 8.0)
    (covered,) = coverage(items, people, staff(items, people, WEEKS))
    assert (covered.share, covered.levels) == (1.0, {"awa": 4.0})


def test_nothing_is_lacking_where_all_is_done(
    person: Callable[..., Person], item: Callable[..., Item]
) -> None:
    assert explained([item("film", 8, last=3)], [person("awa", {}, (30.0,) * 10)]) == ()
