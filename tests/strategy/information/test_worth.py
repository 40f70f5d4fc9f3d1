from collections.abc import Callable

import numpy as np
import pytest

from cmo.experiments.feasible import Feasible, Form
from cmo.measures import Estimate
from cmo.strategy.decisions.ground import Ground
from cmo.strategy.decisions.trials import trials
from cmo.strategy.information.candidates import candidates
from cmo.strategy.information.worth import worthwhile


@pytest.fixture
def unsure(
    ground: Callable[..., Ground], response: Callable[..., Estimate], sales: tuple[Estimate, ...]
) -> Ground:
    return ground(*sales, response({"tv": (1.0, 0.7), "radio": (1.0, 0.7)}))


def value(case: Ground, *designs: Feasible) -> dict[str, float]:
    found = worthwhile(case, designs, rng=np.random.default_rng(0))
    return {one.design.id: one.value for one in found}


def test_a_test_of_what_decides_pays(unsure: Ground, design: Callable[..., Feasible]) -> None:
    (found,) = worthwhile(unsure, [design("tv")], rng=np.random.default_rng(0))
    assert found.net_value == pytest.approx(found.value - found.cost)
    assert found.cost == pytest.approx(100 + 20 * 50)
    assert 0.1 < found.changes <= 1.0
    assert found.draws.mean() == pytest.approx(found.net_value, rel=0.2)


def test_a_blunt_test_is_worth_less_and_a_hopeless_one_is_not_told(
    unsure: Ground, design: Callable[..., Feasible]
) -> None:
    sharp = value(unsure, design("tv", error=0.005))["geo-tv"]
    blunt = value(unsure, design("tv", error=0.03))["geo-tv"]
    assert blunt < sharp
    assert value(unsure, design("tv", error=5.0)) == {}


def test_a_test_that_cannot_change_a_decision_is_never_told(
    ground: Callable[..., Ground],
    response: Callable[..., Estimate],
    sales: tuple[Estimate, ...],
    design: Callable[..., Feasible],
) -> None:
    known = ground(*sales, response({"tv": (3.0, 0.01), "radio": (1.0, 0.01)}))
    assert value(known, design("tv"), design("radio")) == {}


def test_a_dear_test_is_not_told(unsure: Ground, design: Callable[..., Feasible]) -> None:
    assert value(unsure, design("tv", cost=1e6)) == {}


def test_of_designs_on_one_channel_the_best_is_told(unsure: Ground, design: Callable[..., Feasible]) -> None:
    found = worthwhile(
        unsure, [design("tv"), design("tv", error=0.02), design("radio")], rng=np.random.default_rng(0)
    )
    assert sorted(one.design.subject for one in found) == ["radio", "tv"]
    assert all(one.design.standard_error == 0.01 for one in found)


def test_an_action_on_customers_is_worth_trying(unsure: Ground, design: Callable[..., Feasible]) -> None:
    split = design("customers", form=Form.SPLIT, error=0.05)
    (found,) = worthwhile(unsure, [split], rng=np.random.default_rng(0))
    assert found.value > found.cost
    assert "customers" in found.says.en


def test_tests_of_channels_are_one_decision(unsure: Ground, design: Callable[..., Feasible]) -> None:
    found = worthwhile(unsure, [design("tv"), design("radio")], rng=np.random.default_rng(0))
    assert len(trials(unsure, found)) == 1
    (none,) = trials(unsure, ())
    assert "worth more" in none.why.en


def test_candidates_hold_the_plan_and_keep_its_total(unsure: Ground) -> None:
    curves = unsure.curves
    assert curves is not None
    found = candidates(curves, current=unsure.current, bounds=unsure.bounds)
    assert (found == unsure.current).all(axis=1).any()
    assert found.sum(axis=1) == pytest.approx(20_000)
    assert len(found) > 3
