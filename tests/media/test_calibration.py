from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from cmo.media.calibration import compare, lifts_of
from cmo.media.design import LiftTest, Mix
from cmo.media.effects import measure_effects
from cmo.media.fit import Fit, fit_mix
from cmo.media.sampler import Schedule


def lift_test(mix: Mix, *, lift: float, error: float) -> LiftTest:
    return LiftTest(
        id="t",
        channel="c1",
        start=mix.weeks[50],
        end=mix.weeks[57] + timedelta(days=6),
        read_until=mix.weeks[66],
        factor=0.0,
        lift=lift,
        error=error,
    )


def test_a_test_that_tells_the_truth_agrees_and_a_lying_one_is_reported(small_fit: Fit) -> None:
    honest, lying = (
        compare(small_fit, (lift_test(small_fit.mix, lift=lift, error=120.0),))[0]
        for lift in (800.0, -2500.0)
    )
    assert not honest.conflicts
    assert lying.conflicts
    assert lying.surprise < -2


@pytest.mark.parametrize("lift", [200.0, 1600.0])
def test_a_sharp_test_moves_the_model_to_what_it_measured(
    make_mix: Callable[..., Mix], quick: Schedule, lift: float
) -> None:
    mix = make_mix()
    told = replace(mix, tests=(lift_test(mix, lift=lift, error=20.0),))
    fit = fit_mix(told, schedule=quick, rng=np.random.default_rng(0))
    predicted = compare(fit, told.tests)[0].predicted
    assert predicted.mean() == pytest.approx(lift, abs=60)
    assert measure_effects(fit).roi[:, 1].std() < 0.5


def test_the_strategy_tests_that_were_read_are_lifts(small_fit: Fit) -> None:
    mix = small_fit.mix
    read = {
        "id": "a",
        "kind": "holdout",
        "channel": "c0",
        "start": mix.weeks[10].isoformat(),
        "end": mix.weeks[14],
        "lift": 120.0,
        "standard_error": 30.0,
    }
    unread = {"id": "b", "kind": "geo", "channel": "c0", "start": mix.weeks[10], "end": mix.weeks[14]}
    elsewhere = {**read, "id": "c", "channel": "radio"}
    found = lifts_of((read, unread, elsewhere), mix)
    assert [test.id for test in found] == ["a"]
    assert found[0].read_until == mix.weeks[14] + timedelta(weeks=8)


@pytest.mark.parametrize("error", [0.0, -1.0])
def test_a_lift_without_uncertainty_is_refused(small_fit: Fit, error: float) -> None:
    with pytest.raises(ValueError, match="error"):
        lift_test(small_fit.mix, lift=1.0, error=error)


def test_a_test_read_on_the_same_outcomes_speaks_to_a_national_mix_alone(small_fit: Fit) -> None:
    mix = small_fit.mix
    read = {
        "id": "geo",
        "channel": "c0",
        "treated": ["north"],
        "start": mix.weeks[10],
        "end": mix.weeks[14],
        "lift": 120.0,
        "standard_error": 30.0,
        "factor": 0.5,
        "national_factor": 0.9,
        "from_outcomes": True,
    }
    national = lifts_of([read], mix)
    assert [(test.factor, test.regions) for test in national] == [(0.9, ("north",))]
    assert small_fit.mix.regions is None
