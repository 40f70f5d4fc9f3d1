"""Checks pass on sound tests and fail on broken ones."""

from datetime import date, timedelta

import numpy as np
import pytest

from cmo.experiments import checks
from cmo.experiments.metric import Mean
from cmo.experiments.moments import Moments


def test_a_sound_split_passes_and_a_broken_one_is_vital() -> None:
    sound = checks.sample_ratio({"a": 5030, "b": 4970}, {"a": 1, "b": 1})
    broken = checks.sample_ratio({"a": 5300, "b": 4700}, {"a": 1, "b": 1})
    assert sound.passed
    assert broken.passed is False
    assert broken.vital
    assert "broken" in broken.says.in_("en")


def test_few_units_are_not_judged() -> None:
    assert checks.sample_ratio({"a": 3, "b": 9}, {"a": 1, "b": 1}).passed is None


def test_planned_shares_must_be_positive() -> None:
    with pytest.raises(ValueError, match="must be positive"):
        checks.sample_ratio_p([5, 5], [1, 0])


def test_looking_every_day_at_the_split_keeps_its_level() -> None:
    rng = np.random.default_rng(1)
    stopped = 0
    for _ in range(400):
        counts = rng.multinomial(100, [0.5, 0.5], size=28).cumsum(axis=0)
        stopped += any(checks.sequential_sample_ratio_p(day, [1, 1]) < 0.05 for day in counts)
    assert stopped / 400 <= 0.05 + 0.02


def test_a_split_that_drifts_is_seen_early() -> None:
    counts = np.random.default_rng(2).multinomial(1000, [0.55, 0.45], size=28).cumsum(axis=0)
    assert checks.sequential_sample_ratio_p(counts[6], [1, 1]) < 0.001


def test_balance_holds_at_random_and_fails_on_self_selection() -> None:
    rng = np.random.default_rng(3)
    columns = ("pre_orders", "pre_visits", "constant")
    rows = {name: np.column_stack([rng.normal(size=(2000, 2)), np.ones(2000)]) for name in ("a", "b", "c")}
    sound = {name: Moments.of_rows(values, columns) for name, values in rows.items()}
    assert checks.balance(sound, columns, control="a").passed
    chosen = sound | {"b": Moments.of_rows(rows["b"] + [0.3, 0.0, 0.0], columns)}
    assert checks.balance(chosen, columns, control="a").passed is False
    assert checks.balance(sound, (), control="a").passed is None


def days(slope: float) -> dict[date, dict[str, Moments]]:
    rng = np.random.default_rng(4)
    return {
        date(2026, 1, 1) + timedelta(days=day): {
            "a": Moments.of_rows(rng.normal(size=(300, 1)), ("y",)),
            "b": Moments.of_rows(rng.normal(1.0 - slope * day, 1.0, (300, 1)), ("y",)),
        }
        for day in range(14)
    }


def test_an_effect_that_wears_off_is_seen() -> None:
    assert checks.novelty(days(0.0), Mean("y"), control="a", treated="b").passed
    fading = checks.novelty(days(0.06), Mean("y"), control="a", treated="b")
    assert fading.passed is False
    assert "falls" in fading.says.in_("en")
    assert (
        checks.novelty(dict(list(days(0.0).items())[:3]), Mean("y"), control="a", treated="b").passed is None
    )


def test_an_earlier_test_that_lives_on_is_seen() -> None:
    rng = np.random.default_rng(5)
    arms = {"a": rng.normal(size=(900, 1)), "b": rng.normal(0.3, 1.0, (900, 1))}
    moments = {name: Moments.of_rows(values, ("pre_y",)) for name, values in arms.items()}
    assert checks.carry_over(moments, "pre_y", control="a").passed is False
    assert checks.carry_over({"a": moments["a"], "b": moments["a"]}, "pre_y", control="a").passed


def test_a_unit_counted_twice_is_vital() -> None:
    assert checks.duplicates(100, 100).passed
    assert not checks.duplicates(101, 100).passed
    assert checks.duplicates(101, 100).vital
