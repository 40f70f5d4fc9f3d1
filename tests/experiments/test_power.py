"""Sample sizes against G*Power's, and the laws they keep."""

from math import inf
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmo.experiments.group_sequential import boundaries, power_spending
from cmo.experiments.power import (
    Arm,
    Requirement,
    achieved_power,
    duration,
    minimum_detectable_effect,
    sample_size,
    sequential_inflation,
    share_arms,
)

HALVES = {"control": Arm(variance=100.0, share=0.5), "treated": Arm(variance=100.0, share=0.5)}


def arms_of(kind: str, design: dict[str, Any]) -> tuple[Arm, Arm]:
    shares = (0.5, 0.25) if "alloc" in kind else (1 / 3, 1 / 3) if "3arms" in kind else (0.5, 0.5)
    if kind.startswith("continuous"):
        variances = (design["variance"], design["variance"])
    else:
        control, treated = share_arms(design["p"], design["mde"])
        variances = (control.variance, treated.variance)
    return Arm(variance=variances[0], share=shares[0]), Arm(variance=variances[1], share=shares[1])


@pytest.mark.shared
def test_sample_sizes_of_gpower(cases: dict[str, Any]) -> None:
    case = cases["sp06_sample_size_gpower"]
    for design, n in zip(case["inputs"]["designs"], case["expected"]["n_total"], strict=True):
        requirement = Requirement(level=1.0 - design.get("alpha", 0.05), power=design.get("power", 0.85))
        control, treated = arms_of(design["kind"], design)
        found = sample_size(design["mde"], control=control, treated=treated, requirement=requirement)
        assert found == pytest.approx(n, rel=0.0015), design


@pytest.mark.shared
def test_achieved_power_of_gpower(cases: dict[str, Any]) -> None:
    case = cases["sp03_achieved_power"]
    arms = [case["inputs"]["us_test2"], case["inputs"]["us_test"]]
    n = np.array([arm["n"] for arm in arms])
    squares = np.array([arm["sum_squares"] - arm["sum"] ** 2 / arm["n"] for arm in arms])
    se = np.sqrt(squares.sum() / (n.sum() - 2) * (1 / n).sum())
    found = achieved_power(case["settings"]["mde"], float(se), df=float(n.sum() - 2))
    assert found == pytest.approx(case["expected"]["power"], rel=0.005)


@given(st.floats(0.01, 10), st.floats(0.5, 0.99), st.floats(0.6, 0.95))
def test_sample_size_effect_and_power_tell_the_same(effect: float, level: float, power: float) -> None:
    requirement = Requirement(level=level, power=power)
    n = sample_size(effect, **HALVES, requirement=requirement)
    assert minimum_detectable_effect(n, **HALVES, requirement=requirement) <= effect * (1 + 1e-12)
    se = (100 / (n / 2) * 2) ** 0.5
    assert achieved_power(effect, se, requirement=requirement) >= power - 1e-9


def test_small_samples_pay_for_their_unknown_variance() -> None:
    assert achieved_power(1.0, 0.35, df=8) < achieved_power(1.0, 0.35, df=inf)


def test_stopping_early_costs_a_few_more_units_at_most() -> None:
    plan = boundaries(np.arange(1, 6) / 5, power_spending(3))
    assert 1.0 < sequential_inflation(plan, requirement=Requirement(power=0.8)) < 1.1


def test_tests_run_in_whole_weeks() -> None:
    week = [10.0, 10.0, 10.0, 10.0, 10.0, 5.0, 5.0]
    found = duration(100.0, week)
    assert found is not None
    assert (found.periods, found.n) == (14, 120.0)
    assert duration(1e9, week) is None
    with pytest.raises(ValueError, match="at least one cycle"):
        duration(10.0, [1.0])


@pytest.mark.parametrize("call", [lambda: sample_size(0.0, **HALVES), lambda: achieved_power(1.0, 0.0)])
def test_questions_without_an_answer_are_refused(call: Any) -> None:
    with pytest.raises(ValueError, match="must"):
        call()
