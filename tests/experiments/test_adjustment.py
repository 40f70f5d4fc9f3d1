"""Adjusted contrasts: what regression gives on the rows, moments give without them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmo.experiments.adjustment import Adjustment, Baseline, Slopes, contrast, stratified_contrast
from cmo.experiments.contrast import Inference, absolute_effect
from cmo.experiments.metric import Mean, Ratio
from cmo.experiments.moments import Moments
from cmo.experiments.ratio import Relative, relative_effect

COLUMNS = ("y", "x", "z")


def arms(rng: np.random.Generator, n: int = 300, effect: float = 0.3) -> dict[str, np.ndarray]:
    out = {}
    for name, lift in (("a", 0.0), ("b", effect)):
        x, z = rng.normal(size=n), rng.gamma(2.0, 1.0, n)
        out[name] = np.column_stack([5.0 + lift + 2.0 * x - z + rng.normal(size=n), x, z])
    return out


def moments(rows: dict[str, np.ndarray]) -> dict[str, Moments]:
    return {name: Moments.of_rows(values, COLUMNS) for name, values in rows.items()}


def test_lins_estimate_is_that_of_the_interacted_regression() -> None:
    rows = arms(np.random.default_rng(1))
    everyone = np.vstack(list(rows.values()))
    treated = np.repeat([0.0, 1.0], 300)
    centred = everyone[:, 1:] - everyone[:, 1:].mean(axis=0)
    design = np.column_stack([np.ones(600), treated, centred, centred * treated[:, None]])
    slope = np.linalg.lstsq(design, everyone[:, 0], rcond=None)[0]
    how = Adjustment(covariates=(Mean("x"), Mean("z")), slopes=Slopes.BY_ARM)
    of = contrast(moments(rows), Mean("y"), control="a", treated="b", adjustment=how)
    assert of.difference == pytest.approx(slope[1], rel=1e-10)


def test_several_covariates_take_away_what_they_explain() -> None:
    rows = moments(arms(np.random.default_rng(2), n=4000))
    plain = contrast(rows, Mean("y"), control="a", treated="b")
    one = contrast(rows, Mean("y"), control="a", treated="b", adjustment=Adjustment(covariates=(Mean("x"),)))
    both = Adjustment(covariates=(Mean("x"), Mean("z")))
    two = contrast(rows, Mean("y"), control="a", treated="b", adjustment=both)
    assert two.variance < 0.5 * one.variance < 0.3 * plain.variance
    assert two.variance == pytest.approx(2 / 4000, rel=0.05)


def test_a_covariate_told_twice_changes_nothing() -> None:
    rows = moments(arms(np.random.default_rng(3)))
    once = Adjustment(covariates=(Mean("x"),))
    twice = Adjustment(covariates=(Mean("x"), Mean("x")))
    left = contrast(rows, Mean("y"), control="a", treated="b", adjustment=once)
    right = contrast(rows, Mean("y"), control="a", treated="b", adjustment=twice)
    assert right.difference == pytest.approx(left.difference, rel=1e-9)
    assert right.variance == pytest.approx(left.variance, rel=1e-9)


@given(st.floats(0.1, 1e4), st.integers(0, 50))
def test_effects_follow_the_unit(factor: float, seed: int) -> None:
    rows = arms(np.random.default_rng(seed), n=40)
    scaled = {name: values * [factor, 1.0, 1.0] for name, values in rows.items()}
    how = Adjustment(covariates=(Mean("x"),), baseline=Baseline.ADJUSTED)
    left = contrast(moments(rows), Mean("y"), control="a", treated="b", adjustment=how)
    right = contrast(moments(scaled), Mean("y"), control="a", treated="b", adjustment=how)
    assert absolute_effect(right).estimate == pytest.approx(factor * absolute_effect(left).estimate, rel=1e-7)
    assert relative_effect(right).low == pytest.approx(relative_effect(left).low, rel=1e-6, abs=1e-9)
    assert absolute_effect(right).p == pytest.approx(absolute_effect(left).p, rel=1e-6, abs=1e-12)


@given(st.integers(0, 200), st.sampled_from(list(Relative)), st.sampled_from([0.8, 0.9, 0.95]))
def test_interval_and_p_value_never_disagree(seed: int, by: Relative, level: float) -> None:
    rows = moments(arms(np.random.default_rng(seed), n=30))
    of = contrast(rows, Mean("y"), control="a", treated="b")
    for effect in (
        relative_effect(of, Inference(level=level), by=by),
        absolute_effect(of, Inference(level=level)),
    ):
        assert effect.significant == (effect.p < 1.0 - level)


@given(st.integers(0, 200))
def test_swapping_arms_turns_the_sign(seed: int) -> None:
    rows = moments(arms(np.random.default_rng(seed), n=30))
    left = absolute_effect(contrast(rows, Mean("y"), control="a", treated="b"))
    right = absolute_effect(contrast(rows, Mean("y"), control="b", treated="a"))
    assert (left.estimate, left.low, left.high) == pytest.approx((-right.estimate, -right.high, -right.low))


def test_clusters_are_a_ratio_of_cluster_totals() -> None:
    rng = np.random.default_rng(4)
    sizes = rng.integers(5, 50, 200)
    effects = rng.normal(0.0, 1.0, 200)
    totals = np.array(
        [rng.normal(10 + effect, 1.0, size).sum() for effect, size in zip(effects, sizes, strict=True)]
    )
    rows = np.column_stack([totals, sizes])
    arm = {"a": Moments.of_rows(rows[:100], ("t", "units")), "b": Moments.of_rows(rows[100:], ("t", "units"))}
    of = contrast(arm, Ratio("t", "units"), control="a", treated="b")
    share = rows[:100].sum(axis=0)
    influence = (rows[:100, 0] - share[0] / share[1] * rows[:100, 1]) / rows[:100, 1].mean()
    assert of.baseline_variance == pytest.approx(influence.var(ddof=1) / 100, rel=1e-9)


def test_strata_take_away_the_difference_between_them() -> None:
    rng = np.random.default_rng(5)
    strata = {}
    for name, level in (("small", 1.0), ("large", 50.0)):
        strata[name] = {
            arm: Moments.of_rows(level + lift + rng.normal(size=(500, 1)), ("y",))
            for arm, lift in (("a", 0), ("b", 1))
        }
    of = stratified_contrast(strata, Mean("y"), control="a", treated="b")
    pooled = {arm: Moments.pooled([strata["small"][arm], strata["large"][arm]]) for arm in ("a", "b")}
    assert of.difference == pytest.approx(1.0, abs=0.2)
    assert of.variance < 0.01 * contrast(pooled, Mean("y"), control="a", treated="b").variance


def test_an_arm_never_counted_is_named() -> None:
    with pytest.raises(ValueError, match="arm 'c' was not counted; counted were a, b"):
        contrast(moments(arms(np.random.default_rng(6))), Mean("y"), control="a", treated="c")


def test_a_metric_that_never_varies_is_refused() -> None:
    flat = {name: Moments.of_rows(np.ones((9, 3)), COLUMNS) for name in ("a", "b")}
    with pytest.raises(ValueError, match="does not vary"):
        absolute_effect(contrast(flat, Mean("y"), control="a", treated="b"))
