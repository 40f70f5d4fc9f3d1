"""Looks at a test before its end: told only as promised, at an error that is kept."""

from dataclasses import replace
from datetime import date
from math import inf

import numpy as np
import pytest

from cmo.experiments.contrast import Effect
from cmo.experiments.early import as_promised, look_of, moment_of, to_expect, widened_by
from cmo.experiments.registration import Kind, Registration, Stopping

PROMISE = Registration(
    test="mail",
    kind=Kind.UNITS,
    hypothesis="It sells",
    metric="orders",
    control="a",
    shares=(("a", 0.5), ("b", 0.5)),
    starts_on=date(2026, 3, 2),
    ends_on=date(2026, 3, 29),
)
LOOKS = replace(PROMISE, stopping=Stopping.PLANNED_LOOKS, looks=4)


def effect(z: float, *, n: float = 1000.0) -> Effect:
    return Effect(estimate=z * 0.01, se=0.01, low=-inf, high=inf, p=0.5, df=inf, n=n)


@pytest.mark.parametrize(
    ("promise", "day", "told", "decides"),
    [
        (PROMISE, date(2026, 3, 20), False, False),
        (PROMISE, date(2026, 3, 29), True, True),
        (LOOKS, date(2026, 3, 7), False, False),
        (LOOKS, date(2026, 3, 8), True, False),
        (LOOKS, date(2026, 4, 20), True, True),
        (replace(PROMISE, stopping=Stopping.ANY_TIME), date(2026, 3, 3), True, False),
    ],
)
def test_an_effect_is_told_when_it_was_promised(
    promise: Registration, day: date, *, told: bool, decides: bool
) -> None:
    look = look_of(promise, moment_of(promise, as_of=day))
    assert (look.told, look.decides) == (told, decides)


def test_between_looks_only_the_data_of_the_last_one_count() -> None:
    moment = moment_of(LOOKS, as_of=date(2026, 3, 20))
    assert (moment.look, moment.last) == (2, date(2026, 3, 15))


def test_a_test_that_was_stopped_is_read_to_its_last_day() -> None:
    moment = moment_of(PROMISE, as_of=date(2026, 4, 20), ended_on=date(2026, 3, 10))
    assert moment.last == date(2026, 3, 10)
    assert look_of(PROMISE, moment, stopped=True).decides


def test_nothing_is_found_too_often_over_all_looks() -> None:
    rng = np.random.default_rng(2)
    paths = rng.normal(size=(2000, 4)).cumsum(axis=1) / np.sqrt(np.arange(1, 5))
    days = [date(2026, 3, 8), date(2026, 3, 15), date(2026, 3, 22), date(2026, 3, 29)]
    bounds = []
    for day in days:
        moment = moment_of(LOOKS, as_of=day)
        inside = [z for z in np.linspace(0.0, 6.0, 121) if not as_promised(effect(z), LOOKS, moment)[1]]
        bounds.append(max(inside))
    wrong = float(np.mean((np.abs(paths) > np.array(bounds) + 0.05).any(axis=1)))
    assert wrong < 0.05 + 3 * np.sqrt(0.05 * 0.95 / 2000)
    assert bounds == sorted(bounds, reverse=True)


@pytest.mark.parametrize("stopping", list(Stopping))
def test_interval_and_p_value_are_one_test(stopping: Stopping) -> None:
    promise = LOOKS if stopping is Stopping.PLANNED_LOOKS else replace(PROMISE, stopping=stopping)
    moment = moment_of(promise, as_of=date(2026, 3, 29))
    for z in (0.5, 1.5, 1.9, 2.1, 3.0, 4.5):
        told, _ = as_promised(effect(z), promise, moment)
        assert (told.p < 0.05) is (told.low > 0.0), (stopping, z)


def test_variants_share_the_error() -> None:
    moment = moment_of(PROMISE, as_of=date(2026, 3, 29))
    alone, _ = as_promised(effect(2.1), PROMISE, moment)
    three, _ = as_promised(effect(2.1), PROMISE, moment, variants=3)
    assert alone.low > 0.0 > three.low
    assert three.p == pytest.approx(3 * alone.p)


def test_what_stopped_a_test_early_is_expected_to_be_less() -> None:
    moment = moment_of(LOOKS, as_of=date(2026, 3, 15))
    stopped = effect(4.0)
    assert as_promised(stopped, LOOKS, moment)[1]
    assert 0.0 < to_expect(stopped, LOOKS, moment) < stopped.estimate


def test_looking_early_costs_power() -> None:
    assert widened_by(Stopping.AT_THE_END, 1) == 1.0
    assert 1.0 < widened_by(Stopping.PLANNED_LOOKS, 4) < 1.03
    assert 1.3 < widened_by(Stopping.ANY_TIME, 1) < 1.6
