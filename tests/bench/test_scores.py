import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmo.bench.scores import blame, brier, calibration_error, curve, error_by_chance, share_of

probabilities = st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=2, max_size=60)


@given(probabilities)
def test_the_brier_score_is_the_sum_of_its_parts_up_to_the_spread_inside_bins(
    cases: list[tuple[float, bool]],
) -> None:
    said, held = (np.array(values, dtype=np.float64) for values in zip(*cases, strict=True))
    parts = brier(said, held)
    assert parts.score == pytest.approx(
        parts.reliability - parts.resolution + parts.uncertainty, abs=2 * 0.1 * 0.5 + 0.01
    )
    assert parts.score >= 0


def test_murphy_s_parts_are_exact_where_each_bin_says_one_thing() -> None:
    said = np.repeat([0.1, 0.4, 0.8], [10, 20, 10])
    held = np.concatenate([np.repeat([1, 0], n) for n in ((2, 8), (8, 12), (7, 3))]).astype(np.float64)
    parts = brier(said, held)
    assert parts.score == pytest.approx(parts.reliability - parts.resolution + parts.uncertainty)
    assert calibration_error(said, held) == pytest.approx((0.1 * 10 + 0.0 * 20 + 0.1 * 10) / 40)


def test_a_perfect_judge_errs_as_chance_does_and_a_boaster_more() -> None:
    rng = np.random.default_rng(1)
    said = rng.random(3000)
    held = (rng.random(3000) < said).astype(np.float64)
    chance = error_by_chance(said, rng)
    assert calibration_error(said, held) < 2 * chance
    boast = np.where(said > 0.5, 0.99, 0.01)
    assert calibration_error(boast, held) > 0.2


def test_the_interval_of_a_share_knows_that_worlds_fail_whole() -> None:
    worlds = np.repeat(np.arange(20), 50)
    together = np.repeat(np.arange(20) % 2, 50).astype(np.float64)
    apart = np.tile([0.0, 1.0], 500)
    wide, narrow = (share_of(cases, worlds, np.random.default_rng(1)) for cases in (together, apart))
    assert wide.value == narrow.value == 0.5
    assert wide.high - wide.low > 0.25
    assert narrow.high - narrow.low < 0.02


def test_the_curve_leaves_out_empty_bins() -> None:
    said, held = np.array([0.05, 0.07, 0.95]), np.array([0.0, 1.0, 1.0])
    bins = curve(said, held, np.array([1, 2, 3]), np.random.default_rng(1))
    assert [one.count for one in bins] == [2, 1]
    assert bins[0].held == 0.5


def test_the_mechanism_at_fault_is_named_first() -> None:
    rng = np.random.default_rng(1)
    at_work = rng.integers(0, 2, (120, 4)).astype(np.float64)
    misses = 0.1 + 0.3 * at_work[:, 2] + 0.05 * rng.standard_normal(120)
    told = blame(misses, at_work, ("a", "b", "c", "d"))
    assert told[0].mechanism == "c"
    assert told[0].low < 0.3 < told[0].high


def test_too_few_worlds_blame_nothing() -> None:
    assert blame(np.ones(5), np.eye(5), ("a", "b", "c", "d", "e")) == ()
