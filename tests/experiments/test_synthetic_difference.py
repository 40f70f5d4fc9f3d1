"""Synthetic difference in differences: laws, known truths, and errors that cover."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmo.experiments.synthetic_difference import (
    jackknife_error,
    placebo_error,
    synthetic_difference,
)


def panel(seed: int, *, times: int = 40, markets: int = 20) -> np.ndarray:
    """Markets of two common factors, each with its own loadings, level and noise."""
    rng = np.random.default_rng(seed)
    factors = np.cumsum(rng.standard_normal((times, 2)), axis=0)
    loads = rng.uniform(0.5, 1.5, (2, markets))
    return (
        100.0 + 10.0 * rng.standard_normal(markets) + factors @ loads + rng.standard_normal((times, markets))
    )


@given(st.integers(0, 1000), st.floats(-50.0, 50.0), st.floats(0.1, 10.0))
def test_an_effect_put_in_is_found_again_in_its_unit(seed: int, effect: float, scale: float) -> None:
    outcomes = panel(seed)
    raised = scale * outcomes
    raised[30:, :2] += scale * effect
    plain = synthetic_difference(outcomes[:, :2], outcomes[:, 2:], pre=30)
    found = synthetic_difference(raised[:, :2], raised[:, 2:], pre=30)
    assert found.effect == pytest.approx(scale * (plain.effect + effect), rel=1e-6, abs=1e-6 * scale)
    assert found.markets.sum() == pytest.approx(1.0)
    assert found.periods.sum() == pytest.approx(1.0)
    assert np.all(found.markets >= 0.0)
    assert np.all(found.periods >= 0.0)


def test_levels_of_markets_and_shocks_common_to_all_do_not_matter() -> None:
    rng = np.random.default_rng(2)
    outcomes = panel(2)
    moved = outcomes + 30.0 * rng.standard_normal(20) + 5.0 * rng.standard_normal(40)[:, None]
    own = synthetic_difference(outcomes[:, :3], outcomes[:, 3:], pre=30)
    same = synthetic_difference(moved[:, :3], moved[:, 3:], pre=30)
    # Shocks common to all markets change which periods are alike, but no difference between markets.
    assert same.effect == pytest.approx(own.effect, abs=1.0)
    levels = synthetic_difference(
        outcomes[:, :3] + 50.0, outcomes[:, 3:] + 30.0 * rng.standard_normal(17), pre=30
    )
    assert levels.effect == pytest.approx(own.effect, abs=1e-6)


def test_two_periods_and_equal_markets_are_plain_difference_in_differences() -> None:
    before, after = np.array([10.0, 12.0, 14.0]), np.array([11.0, 13.0, 15.0])
    donors = np.vstack([before, before, after])
    treated = np.array([[20.0], [20.0], [26.0]])
    assert synthetic_difference(treated, donors, pre=2).effect == pytest.approx(5.0)


def test_intervals_of_both_errors_cover() -> None:
    hits = {"placebo": 0, "jackknife": 0}
    for seed in range(60):
        outcomes = panel(seed)
        treated, donors = outcomes[:, :5], outcomes[:, 5:]
        fit = synthetic_difference(treated, donors, pre=30)
        rng = np.random.default_rng(seed)
        errors = {
            "placebo": placebo_error(donors, treated=5, pre=30, rng=rng, draws=40),
            "jackknife": jackknife_error(treated, donors, pre=30, fit=fit),
        }
        for name, error in errors.items():
            hits[name] += abs(fit.effect) <= 1.96 * error
    assert hits["placebo"] / 60 > 0.88
    assert hits["jackknife"] / 60 > 0.88


def test_what_cannot_be_fitted_is_refused() -> None:
    outcomes = panel(1)
    with pytest.raises(ValueError, match="at least 2 before"):
        synthetic_difference(outcomes[:, :1], outcomes[:, 1:], pre=1)
    fit = synthetic_difference(outcomes[:, :1], outcomes[:, 1:], pre=30)
    with pytest.raises(ValueError, match="use placebos"):
        jackknife_error(outcomes[:, :1], outcomes[:, 1:], pre=30, fit=fit)
    with pytest.raises(ValueError, match="at least 20"):
        placebo_error(outcomes[:, 1:], treated=18, pre=30, rng=np.random.default_rng(1))
