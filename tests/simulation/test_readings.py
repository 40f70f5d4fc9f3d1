from dataclasses import replace
from datetime import date

import pytest

from cmo.simulation import facts_of, live_by_habit, world_ending
from cmo.simulation.facts import Fact
from cmo.simulation.readings import as_stated
from cmo.simulation.workspace import History


@pytest.fixture(scope="module")
def lived_on() -> History:
    world = world_ending(date(2026, 6, 28), seed=11, years=2, scale=1.0)
    return live_by_habit(replace(world, habits=1, after=53))


@pytest.fixture(scope="module")
def facts(lived_on: History) -> dict[str, Fact]:
    return facts_of(lived_on)


@pytest.fixture(scope="module")
def stated(lived_on: History, facts: dict[str, Fact]) -> dict[str, Fact]:
    return as_stated(lived_on, facts)


@pytest.mark.parametrize(
    ("measure", "subject"),
    [
        ("sales.revenue", "total"),
        ("sales.contribution", "total"),
        ("distribution.revenue_share", "site"),
        ("distribution.margin", "marketplace"),
    ],
)
def test_what_was_to_be_expected_is_near_what_was_counted(
    facts: dict[str, Fact], stated: dict[str, Fact], measure: str, subject: str
) -> None:
    assert stated[measure].values[subject] == pytest.approx(facts[measure].values[subject], rel=0.03)


def test_media_are_read_at_once(facts: dict[str, Fact], stated: dict[str, Fact]) -> None:
    assert stated["media.roi"].values == facts["media.roi"].also["at_once"]


def test_a_year_of_a_customer_is_worth_less_than_three_of_a_newcomer(
    facts: dict[str, Fact], stated: dict[str, Fact]
) -> None:
    year, ever = stated["customers.clv"].values, facts["customers.clv"].values
    assert 0 < year["organic"] < ever["organic"]
    assert min(year.values()) <= year["total"] <= max(year.values())


def test_the_months_after_the_data_are_known(facts: dict[str, Fact]) -> None:
    months = facts["sales.forecast"].values
    assert months["next_12_months"] == pytest.approx(
        sum(months[f"2026-{m:02d}"] for m in range(7, 13)) + sum(months[f"2027-{m:02d}"] for m in range(1, 7))
    )
