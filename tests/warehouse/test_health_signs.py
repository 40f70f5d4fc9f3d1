from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmo.warehouse.health_signs import DAY, MONTH, WEEK, far_out, median_of, rhythm, unit_changes

START = date(2026, 1, 5)  # a Monday


def every(step: int, n: int, *, without: frozenset[int] = frozenset()) -> list[date]:
    return [START + timedelta(days=step * i) for i in range(n) if i not in without]


SUNDAYS = frozenset(range(6, 400, 7))


@pytest.mark.parametrize(
    ("days", "step", "missed", "expected"),
    [
        (every(1, 60), DAY, 0, 60),
        (every(1, 60, without=frozenset({10, 11, 12})), DAY, 3, 60),
        (every(1, 63, without=SUNDAYS), DAY, 0, 54),
        (every(1, 63, without=SUNDAYS | {15}), DAY, 1, 54),
        (every(7, 20, without=frozenset({4, 5})), WEEK, 2, 20),
        ([date(2026 + i // 12, i % 12 + 1, 1) for i in range(24) if i != 7], MONTH, 1, 24),
        (every(1, 5), None, 0, 5),
        (every(13, 20), None, 0, 20),
    ],
    ids=["daily", "three days", "rests on Sundays", "a Friday", "weeks", "a month", "too short", "no rhythm"],
)
def test_gaps_are_held_against_the_table_s_own_rhythm(
    days: list[date], step: int | None, missed: int, expected: int
) -> None:
    found = rhythm(days)
    assert (found.step, found.missed, found.expected) == (step, missed, expected)


def test_a_gap_has_its_first_and_last_day() -> None:
    gap = rhythm(every(7, 20, without=frozenset({4, 5}))).gaps[0]
    assert (gap.start, gap.end) == (START + timedelta(days=22), START + timedelta(days=41))


def levels(*parts: tuple[int, float], noise: float = 0.1, seed: int = 0) -> np.ndarray:
    logs = np.concatenate([np.full(n, np.log10(level)) for n, level in parts])
    return np.asarray(10 ** (logs + noise * np.random.default_rng(seed).standard_normal(logs.size)))


@pytest.mark.parametrize(
    ("parts", "factors", "at"),
    [
        (((60, 20.0), (60, 2000.0)), (100.0,), (60,)),
        (((60, 2000.0), (60, 2.0)), (0.001,), (60,)),
        (((60, 20.0), (8, 200.0), (60, 20.0)), (10.0, 0.1), (60, 68)),
        (((60, 20.0), (60, 60.0)), (), ()),
        (((60, 20.0), (60, 20.0)), (), ()),
        (((4, 20.0), (4, 2000.0)), (), ()),
    ],
    ids=["cents", "thousands", "a bad week", "a good year", "nothing", "too short"],
)
def test_a_change_of_unit_is_found_and_growth_is_not_one(
    parts: tuple[tuple[int, float], ...], factors: tuple[float, ...], at: tuple[int, ...]
) -> None:
    medians = levels(*parts)
    days = [START + timedelta(days=i) for i in range(medians.size)]
    found = unit_changes(days, medians)
    assert tuple(change.factor for change in found) == pytest.approx(factors)
    assert tuple((change.since - START).days for change in found) == at


@pytest.mark.parametrize("seed", range(5))
def test_noise_alone_changes_no_unit(seed: int) -> None:
    medians = levels((400, 50.0), noise=0.5, seed=seed)
    assert unit_changes([START + timedelta(days=i) for i in range(400)], medians) == ()


@given(st.lists(st.floats(0.01, 1e6), min_size=1, max_size=50))
def test_the_median_of_a_histogram_is_within_a_cell_of_the_median(values: list[float]) -> None:
    cells, counts = np.unique(np.floor(np.log(values) * 4).astype(int), return_counts=True)
    inside = np.sort(values)[[(len(values) - 1) // 2, len(values) // 2]]
    found = median_of(cells, counts)
    assert inside[0] * np.exp(-0.2501) <= found <= inside[1] * np.exp(0.2501)


def test_only_what_is_far_out_is_far_out() -> None:
    values = np.r_[np.random.default_rng(0).lognormal(3, 0.5, 5000), 1e6]
    cells, counts = np.unique(np.floor(np.log(values) * 4).astype(int), return_counts=True)
    assert counts[far_out(cells, counts)].tolist() == [1]
