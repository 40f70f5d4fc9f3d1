"""Tests of regions, of weeks on and off, of one change: what was put in is found."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from cmo.experiments.past import Panel
from cmo.experiments.registration import Kind, Registration
from cmo.experiments.series_analysis import before_after_findings, geo_findings, switchback_findings

START = date(2026, 3, 2)  # week 113 of the panel
PROMISE = Registration(
    test="t",
    kind=Kind.GEO,
    hypothesis="h",
    metric="revenue",
    control="others",
    treated=("region-c", "region-h"),
    starts_on=START,
    ends_on=START + timedelta(days=41),
    channel="tv",
)


def inside(panel: Panel, days: int) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    return np.array([START <= day < START + timedelta(days=days) for day in panel.days])


def test_a_geo_test_finds_lift_and_return(panel: Callable[..., Panel]) -> None:
    quiet = panel(0.02)
    during, treated = inside(quiet, 42), quiet.index(PROMISE.treated)
    outcomes, spend = quiet.outcomes.copy(), quiet.spend["tv"].copy()
    outcomes[np.ix_(during, treated)] *= 1.2
    spend[np.ix_(during, treated)] *= 4.0
    found = geo_findings(
        replace(quiet, outcomes=outcomes, spend={"tv": spend}), PROMISE, last=date(2026, 6, 1)
    )
    assert found.effect.low < 0.2 < found.effect.high
    assert found.money is not None
    moved = 3.0 * 10.0 * 2 * during.sum()
    assert found.money.spend == pytest.approx(moved)
    assert found.money.factor == pytest.approx(0.25)
    assert found.money.national_factor == pytest.approx(1.0 - moved / spend[during].sum())
    true = quiet.outcomes[np.ix_(during, treated)].sum() * 0.2
    assert abs(found.money.lift - true) < 3.0 * found.money.standard_error
    assert found.money.low < true / moved < found.money.high
    assert found.course.observed[found.course.pre] == pytest.approx(outcomes[during][0, treated].sum())


def test_regions_that_another_test_touched_are_left_out(panel: Callable[..., Panel]) -> None:
    quiet = panel(0.02)
    outcomes = quiet.outcomes.copy()
    outcomes[np.ix_(inside(quiet, 42), quiet.index(["region-j"]))] *= 3.0
    shaken = replace(quiet, outcomes=outcomes)
    told = geo_findings(shaken, PROMISE, last=date(2026, 6, 1), touched=("region-j",))
    assert told.effect.low < 0.0 < told.effect.high
    assert told.lift is not None
    assert told.lift.n_placebos == 7


def test_a_test_without_enough_around_it_is_refused(panel: Callable[..., Panel]) -> None:
    with pytest.raises(ValueError, match="no period of the test"):
        geo_findings(panel(0.02), PROMISE, last=START - timedelta(days=1))
    many = replace(PROMISE, treated=tuple(f"region-{letter}" for letter in "abcdefg"))
    with pytest.raises(ValueError, match="need at least"):
        geo_findings(panel(0.02), many, last=date(2026, 6, 1))


def test_weeks_on_and_off_are_told_apart(panel: Callable[..., Panel]) -> None:
    quiet = panel(0.01)
    order = (True, False, False, True, True, False, True, False)
    promise = replace(
        PROMISE,
        kind=Kind.SWITCHBACK,
        treated=(),
        order=order,
        block_days=14,
        ends_on=START + timedelta(days=111),
    )
    total, tv = quiet.outcomes.sum(axis=1, keepdims=True), quiet.spend["tv"].sum(axis=1, keepdims=True)
    block = np.array([(day - START).days // 14 for day in quiet.days])
    on = np.array([0 <= b < 8 and order[b] for b in block])
    total[on] *= 1.5
    tv[~on & (block >= 0)] = 0.0
    nation = replace(quiet, regions=("all",), outcomes=total, spend={"tv": tv})
    rng = np.random.default_rng(1)
    found = switchback_findings(nation, promise, last=date(2026, 7, 1), rng=rng)
    assert found.effect.low < 0.5 < found.effect.high
    assert found.effect.low > 0.0
    assert found.money is not None
    assert found.money.spend == pytest.approx(100.0 * on.sum())


def test_one_change_is_held_against_trend_and_season(panel: Callable[..., Panel]) -> None:
    quiet = panel(0.01)
    total = quiet.outcomes.sum(axis=1, keepdims=True)
    total[np.array([day >= START for day in quiet.days])] *= 1.3
    nation = replace(quiet, regions=("all",), outcomes=total, spend={})
    promise = replace(PROMISE, kind=Kind.BEFORE_AFTER, treated=(), channel=None)
    found = before_after_findings(nation, promise, last=date(2026, 6, 1))
    assert found.effect.low < 0.3 < found.effect.high
    assert found.effect.low > 0.1
