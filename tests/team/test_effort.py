"""What work takes: learnt from finished work, and as uncertain as it shows."""

from collections.abc import Callable
from datetime import date

import numpy as np
import pytest

from cmo.team.effort import coverage_draws, load_draws, overrun
from cmo.team.people import Person
from cmo.team.staffing import staff
from cmo.team.weeks import Weeks
from cmo.team.work import Item


def test_finished_work_teaches_by_how_much_hours_are_over() -> None:
    rng = np.random.default_rng(5)
    taken = 10 * np.exp(rng.normal(0.5, 0.2, 200))
    learnt = overrun([(10.0, float(one)) for one in taken])
    assert learnt.mean == pytest.approx(0.5, abs=0.05)
    assert learnt.spread == pytest.approx(0.2, abs=0.04)
    assert learnt.sd < 0.03


def test_without_finished_work_the_spread_is_wide() -> None:
    ratio = overrun([]).draws(1, rng=np.random.default_rng(1))
    low, high = np.quantile(ratio, [0.05, 0.95])
    assert low < 0.6
    assert high > 2


def test_intervals_hold_what_work_takes_nine_times_in_ten() -> None:
    rng, held = np.random.default_rng(2), 0
    for _ in range(300):
        lean, spread = rng.normal(0.1, 0.25), 0.4
        past = 10 * np.exp(rng.normal(lean, spread, 12))
        ratio = overrun([(10.0, float(one)) for one in past]).draws(1, rng=rng)
        low, high = np.quantile(ratio, [0.05, 0.95])
        held += low <= np.exp(rng.normal(lean, spread)) <= high
    assert 0.86 <= held / 300 <= 0.95


def test_load_counts_bets_and_coverage_ends_at_one(
    person: Callable[..., Person], item: Callable[..., Item]
) -> None:
    people = [person("awa", {"sea": 3}, (20.0, 20.0), free=(10.0, 10.0)), person("off", {}, (0.0, 0.0))]
    items = [item("ads", 10, last=1, skills={"sea": 3}), item("film", 5, last=1, skills={"video": 3})]
    plan = staff(items, people, Weeks(first=date(2026, 11, 23), n=2))
    ratio = np.ones((2000, 2))
    assert load_draws(plan, items, people, ratio=ratio)[0].tolist() == [0.75, 0.0]
    covered = coverage_draws(plan, items, ("sea", "video"), spare=(10.0, 0.0), ratio=ratio)
    assert covered[0].tolist() == [1.0, 0.0]
