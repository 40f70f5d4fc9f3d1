"""Who does what: held against trying everything, laws, and cases one can do by hand."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cmo.measures import Text
from cmo.team.options import options
from cmo.team.people import Person
from cmo.team.staffing import GIVE, Staffing, staff
from cmo.team.weeks import Weeks
from cmo.team.work import Item, spans

SKILLS = ("sea", "video")
MONDAY = date(2026, 11, 23)


def person(name: str, skills: Mapping[str, float], hours: tuple[float, ...], **more: Any) -> Person:
    groups = {key: frozenset(more.pop(key, ())) for key in ("languages", "markets", "channels", "wishes")}
    free = more.pop("free", hours)
    return Person(id=name, name=name.title(), skills=skills, hours=hours, free=free, **groups, **more)


def item(name: str, hours: float, *, last: int, first: int = 0, **more: Any) -> Item:
    """A piece of work that may be done from one week to another."""
    return Item(
        id=name,
        says=Text.same(name),
        hours=hours,
        start=MONDAY + timedelta(weeks=first),
        by=MONDAY + timedelta(weeks=last, days=4),
        **more,
    )


@st.composite
def plans(draw: st.DrawFn) -> tuple[list[Item], list[Person], Weeks]:
    """Up to four pieces of work for up to three people over up to three weeks."""
    n_weeks = draw(st.integers(1, 3))
    people = [
        person(
            f"p{i}",
            {skill: draw(st.integers(0, 4)) for skill in SKILLS},
            tuple(float(draw(st.sampled_from([0, 10, 20]))) for _ in range(n_weeks)),
            wishes=draw(st.sets(st.sampled_from(SKILLS))),
            channels=draw(st.sets(st.just("tv"))),
        )
        for i in range(draw(st.integers(1, 3)))
    ]
    items = []
    for i in range(draw(st.integers(1, 4))):
        first = draw(st.integers(0, n_weeks - 1))
        items.append(
            item(
                f"w{i}",
                float(draw(st.sampled_from([4, 8, 15, 25]))),
                first=first,
                last=draw(st.integers(first, n_weeks - 1)),
                skills={draw(st.sampled_from(SKILLS)): draw(st.integers(1, 4))},
                channel=draw(st.sampled_from([None, "tv"])),
                worth=float(draw(st.sampled_from([0, 1000, 5000]))),
            )
        )
    return items, people, Weeks(first=MONDAY, n=n_weeks)


def fullest(loads: Sequence[tuple[float, int, int]], free: tuple[float, ...]) -> float:
    """The fullest stretch of one person, stretch by stretch."""
    found = 0.0
    for first in range(len(free)):
        for last in range(first, len(free)):
            inside = sum(hours for hours, begin, end in loads if first <= begin and end <= last)
            hours = sum(free[first : last + 1])
            if inside:
                found = max(found, inside / hours if hours else np.inf)
    return found


def tried(items: list[Item], people: list[Person], weeks: Weeks) -> tuple[float, float, float]:
    """Every plan there is: least weight undone, then least full, then best fit within what may be given."""
    within = spans(items, weeks)
    ways = [options(one, people, span) for one, span in zip(items, within, strict=True)]
    plans: list[tuple[float, float, float]] = []
    for chosen in product(*([None, *range(len(way))] for way in ways)):
        loads: list[list[tuple[float, int, int]]] = [[] for _ in people]
        undone = fit = 0.0
        for i, j in enumerate(chosen):
            if j is None:
                undone += items[i].weight
                continue
            fit += ways[i][j].fit
            for place, hours in ways[i][j].loads:
                loads[place].append((hours, within[i].first, within[i].last))
        peak = max(fullest(load, one.free) for load, one in zip(loads, people, strict=True))
        if peak <= 1 + 1e-9:
            plans.append((undone, peak, fit))
    undone = min(one[0] for one in plans)
    peak = min(one[1] for one in plans if one[0] <= undone + 1e-6)
    fit = max(one[2] for one in plans if one[0] <= undone + 1e-6 and one[1] <= peak + GIVE + 1e-9)
    return undone, peak, fit


def fit_of(plan: Staffing, items: list[Item], people: list[Person], weeks: Weeks) -> float:
    total = 0.0
    places = {one.id: i for i, one in enumerate(people)}
    within = dict(zip((one.id for one in items), spans(items, weeks), strict=True))
    for one in plan.assignments:
        piece = next(each for each in items if each.id == one.item)
        mentor = None if one.mentor is None else places[one.mentor]
        total += next(
            way.fit
            for way in options(piece, people, within[piece.id])
            if (way.doer, way.mentor) == (places[one.who], mentor)
        )
    return total


@settings(max_examples=60, deadline=None)
@given(plans())
def test_a_small_plan_is_the_best_of_all_plans(given_: tuple[list[Item], list[Person], Weeks]) -> None:
    items, people, weeks = given_
    undone, peak, fit = tried(items, people, weeks)
    plan = staff(items, people, weeks)
    assert plan.proven
    assert sum(one.weight for one in items if one.id in plan.unstaffed) == pytest.approx(undone, abs=0.1)
    assert plan.bound == pytest.approx(peak, abs=1e-5)
    assert plan.peak <= peak + GIVE + 1e-5
    assert fit_of(plan, items, people, weeks) == pytest.approx(fit, abs=1e-4)


@settings(max_examples=60, deadline=None)
@given(plans())
def test_hours_add_up_and_stay_within_everybodys_weeks(
    given_: tuple[list[Item], list[Person], Weeks],
) -> None:
    items, people, weeks = given_
    plan = staff(items, people, weeks)
    within = dict(zip((one.id for one in items), spans(items, weeks), strict=True))
    taken = {one.id: np.zeros(weeks.n) for one in people}
    for one in plan.assignments:
        hours = next(each.hours for each in items if each.id == one.item)
        assert sum(one.hours) == pytest.approx(hours, rel=1e-6)
        span = within[one.item]
        assert all(not h or span.first <= week <= span.last for week, h in enumerate(one.hours))
        taken[one.who] += one.hours
        if one.mentor is not None:
            taken[one.mentor] += one.mentored
    for one in people:
        assert (taken[one.id] <= np.array(one.free) + 1e-6).all()
    assert {one.item for one in plan.assignments} | set(plan.unstaffed) == {one.id for one in items}


def test_a_large_plan_is_near_its_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(3)
    names = ("sea", "video", "copy", "seo")
    people = [
        person(
            f"p{i}",
            {name: int(level) for name, level in zip(names, rng.integers(1, 5, 4), strict=True)},
            tuple(rng.choice([0.0, 28.0, 35.0], 6, p=[0.1, 0.3, 0.6])),
        )
        for i in range(12)
    ]
    items = [
        item(
            f"w{i}",
            float(rng.gamma(3, 4)),
            first=(first := int(rng.integers(0, 5))),
            last=int(rng.integers(first, 6)),
            skills={str(rng.choice(names)): int(rng.integers(1, 4))},
        )
        for i in range(90)
    ]
    weeks = Weeks(first=MONDAY, n=6)
    exact = staff(items, people, weeks)
    monkeypatch.setattr("cmo.team.staffing.SMALL", 0)
    monkeypatch.setattr("cmo.team.staffing.PATIENCE", 1.0)
    large = staff(items, people, weeks)
    assert not large.proven
    assert large.unstaffed == exact.unstaffed == ()
    assert large.bound <= exact.bound + 1e-6
    assert large.peak <= exact.bound + GIVE + 0.02


def test_somebody_who_wishes_to_grow_is_accompanied() -> None:
    people = [
        person("expert", {"sea": 4}, (35.0, 35.0)),
        person("learner", {"sea": 2}, (35.0, 35.0), wishes={"sea"}),
    ]
    plan = staff([item("ads", 10, last=1, skills={"sea": 3})], people, Weeks(first=MONDAY, n=2))
    (one,) = plan.assignments
    assert (one.who, one.mentor) == ("learner", "expert")
    assert sum(one.mentored) == pytest.approx(2.5)


def test_work_that_waits_for_other_work_comes_after_it() -> None:
    people = [person("one", {}, (20.0,) * 4), person("two", {}, (20.0,) * 4)]
    items = [item("cut", 10, last=3, after=("film",)), item("film", 30, last=3)]
    weeks = Weeks(first=MONDAY, n=4)
    cut, film = spans(items, weeks)
    assert (film.first, film.last, cut.first, cut.last) == (0, 2, 3, 3)
    plan = staff(items, people, weeks)
    assert plan.unstaffed == ()


def test_what_money_depends_on_comes_first() -> None:
    people = [person("one", {"sea": 3}, (10.0,))]
    items = [
        item("long", 10, last=0, skills={"sea": 3}),
        item("dear", 8, last=0, skills={"sea": 3}, worth=5000.0),
    ]
    assert staff(items, people, Weeks(first=MONDAY, n=1)).unstaffed == ("long",)


def test_who_has_work_already_keeps_it() -> None:
    people = [person("one", {"sea": 3}, (10.0,)), person("two", {"sea": 3}, (40.0,))]
    plan = staff([item("ads", 8, last=0, skills={"sea": 3}, who="one")], people, Weeks(first=MONDAY, n=1))
    assert plan.assignments[0].who == "one"


def test_nobody_to_do_anything_leaves_all_undone() -> None:
    plan = staff([item("ads", 8, last=0)], [], Weeks(first=MONDAY, n=1))
    assert (plan.unstaffed, plan.peak) == (("ads",), 0.0)
