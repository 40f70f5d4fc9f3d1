"""Designs worked out from what is wanted and from the past."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from cmo.experiments.feasible import Form
from cmo.experiments.past import Audience, Panel, Past
from cmo.experiments.planning import planned
from cmo.experiments.registration import Kind, Stopping
from cmo.experiments.wanted import Known, Wanted
from cmo.measures import Problem

WANTED = Wanted(test="t", form=Form.GEO, starts_on=date(2026, 9, 7), hypothesis="It pays", channel="tv")


def known(regions: Panel) -> Known:
    nation = replace(
        regions,
        regions=("all",),
        outcomes=regions.outcomes.sum(axis=1, keepdims=True),
        spend={name: of.sum(axis=1, keepdims=True) for name, of in regions.spend.items()},
    )
    audiences = tuple(
        Audience(
            name="customers", metric="converted", weeks=weeks, units=8000.0, mean=0.05 * weeks, variance=0.2
        )
        for weeks in (2, 4, 8)
    )
    past = Past(panel=regions, nation=nation, audiences=audiences, as_of=date(2026, 8, 1), currency="EUR")
    return Known(past=past, returns={"tv": (4.0, 1.0)}, typical=0.1)


def test_a_geo_design_promises_regions_and_the_change(panel: Callable[..., Panel]) -> None:
    plan = planned(WANTED, known(panel(0.03)))
    promise = plan.registration
    assert promise.kind is Kind.GEO
    assert promise.treated == plan.choices[0].regions
    assert (promise.channel, promise.change) == ("tv", 0.0)
    assert (promise.ends_on - promise.starts_on).days == 41
    assert plan.figures.spend_change < 0.0
    # 4 for each unit of money kept back is what is expected to be lost.
    assert plan.figures.expected_effect < 0.0
    assert "channel:tv" in plan.population
    assert plan.figures.value is not None


def test_regions_that_are_named_are_taken(panel: Callable[..., Panel]) -> None:
    plan = planned(replace(WANTED, regions=("region-b", "region-e")), known(panel(0.03)))
    assert plan.registration.treated == ("region-b", "region-e")


def test_weeks_on_and_off_are_drawn_once_for_all(panel: Callable[..., Panel]) -> None:
    wanted = replace(WANTED, form=Form.ON_OFF)
    one, two = (planned(wanted, known(panel(0.03))).registration for _ in range(2))
    assert one.order == two.order
    assert len(one.order) == 6
    assert sum(one.order) == 3
    assert one.block_days == 14


def test_a_split_is_as_short_as_sees_the_effect(panel: Callable[..., Panel]) -> None:
    wanted = replace(WANTED, form=Form.EMAIL, channel=None, stopping=Stopping.ANY_TIME)
    short = planned(replace(wanted, effect=0.5), known(panel(0.03)))
    long = planned(replace(wanted, effect=0.05), known(panel(0.03)))
    assert short.registration.kind is Kind.UNITS
    assert short.figures.weeks < long.figures.weeks
    assert short.population == ("segment:all",)


def test_one_change_on_one_day_needs_two_years_before(panel: Callable[..., Panel]) -> None:
    wanted = replace(WANTED, form=Form.BEFORE_AFTER)
    assert planned(wanted, known(panel(0.03))).population == ("region:*",)
    with pytest.raises(Problem, match="two years"):
        planned(wanted, known(panel(0.03, weeks=90)))


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"hypothesis": ""}, "say what is expected"),
        ({"channel": None}, "say which"),
        ({"channel": "radio"}, "no spend is known of radio"),
        ({"regions": ("Atlantis",)}, "has no outcomes"),
        ({"weeks": 52}, "no choice of regions"),
        ({"form": Form.ON_OFF, "weeks": 6}, "at least four blocks"),
        ({"form": Form.AB, "arms": (("a", 0.5), ("b", 0.6))}, "must sum to 1"),
    ],
)
def test_what_is_missing_is_said(panel: Callable[..., Panel], changes: dict[str, object], why: str) -> None:
    with pytest.raises(Problem, match=why):
        planned(replace(WANTED, **changes), known(panel(0.03)))
