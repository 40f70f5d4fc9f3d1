"""Tests worth thinking of: their cost, length and error."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from cmo.experiments.feasible import Form, feasible_designs, split
from cmo.experiments.past import Audience, Panel, Past
from cmo.experiments.registration import Kind

AUDIENCE = Audience(
    name="customers", metric="converted", weeks=4, units=10_000.0, mean=0.1, variance=0.09, explained=0.0
)


def past_of(regions: Panel) -> Past:
    nation = replace(
        regions,
        regions=("all",),
        outcomes=regions.outcomes.sum(axis=1, keepdims=True),
        spend={name: of.sum(axis=1, keepdims=True) for name, of in regions.spend.items()},
    )
    return Past(panel=regions, nation=nation, audiences=(AUDIENCE,), as_of=date(2026, 6, 1), currency="EUR")


def test_every_way_to_test_is_offered_with_what_it_costs(panel: Callable[..., Panel]) -> None:
    found = feasible_designs(past_of(panel(0.05)), rng=np.random.default_rng(1), returns={"tv": 3.0})
    assert {one.form for one in found} == {Form.GEO, Form.ON_OFF, Form.SPLIT}
    assert len({one.id for one in found}) == len(found)
    for one in found:
        assert one.standard_error > 0.0
        assert one.cost >= 0.0
        assert one.power(one.mde) == pytest.approx(0.8, abs=0.001)
    holdout = next(one for one in found if one.form is Form.GEO and one.change == 0.0)
    # ten a week in each region, kept back: each unit of money would have brought three
    kept_back = 10.0 * len(holdout.treated) * holdout.weeks
    assert holdout.spend_change == pytest.approx(-kept_back)
    assert holdout.cost == pytest.approx(2.0 * kept_back)
    assert holdout.return_error == pytest.approx(holdout.standard_error * holdout.outcome / kept_back)


def test_a_small_channel_is_raised_manyfold_and_a_large_one_is_not(panel: Callable[..., Panel]) -> None:
    regions = panel(0.05)
    spend = {"small": 0.1 * regions.spend["tv"], "large": 10.0 * regions.spend["tv"]}
    found = feasible_designs(past_of(replace(regions, spend=spend)), rng=np.random.default_rng(1))
    changes = {
        name: {one.change for one in found if one.subject == name and one.form is Form.GEO} for name in spend
    }
    assert changes["small"] == {0.0, 2.0, 4.0, 8.0}
    assert changes["large"] == {0.0, 2.0}


def test_a_split_is_as_sure_as_its_units() -> None:
    even = split(AUDIENCE)
    assert even.standard_error == pytest.approx(np.sqrt(0.09 * 4.0 / 10_000.0) / 0.1)
    uneven = split(AUDIENCE, shares=(0.1, 0.9))
    assert uneven.standard_error > even.standard_error
    told = split(replace(AUDIENCE, explained=0.75))
    assert told.standard_error == pytest.approx(even.standard_error / 2.0)


def test_marketers_words_say_what_is_randomised() -> None:
    assert Form("email").kind is Kind.UNITS
    assert Form("geo").kind is Kind.GEO
    assert Form("on_off").kind is Kind.SWITCHBACK
    assert Form("before_after").kind is Kind.BEFORE_AFTER
