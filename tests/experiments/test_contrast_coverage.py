"""Intervals cover as often as they say (short version; benchmarks publish the long one)."""

import numpy as np
import pytest

from cmo.experiments.adjustment import Adjustment, contrast
from cmo.experiments.contrast import absolute_effect
from cmo.experiments.metric import Mean, Ratio
from cmo.experiments.moments import Moments
from cmo.experiments.ratio import relative_effect


@pytest.mark.parametrize("skewed", [False, True])
def test_cuped_intervals_cover(skewed: bool) -> None:  # noqa: FBT001 - a case of the table
    rng = np.random.default_rng(11)
    hits = []
    for _ in range(800):
        x = rng.normal(size=(2, 400))
        y = np.exp(0.5 * x + 0.5 * rng.normal(size=x.shape)) if skewed else x + rng.normal(size=x.shape)
        arms = {
            name: Moments.of_rows(np.column_stack([y[i] + 0.1 * i, x[i]]), ("y", "x"))
            for i, name in enumerate(("a", "b"))
        }
        how = Adjustment(covariates=(Mean("x"),))
        effect = absolute_effect(contrast(arms, Mean("y"), control="a", treated="b", adjustment=how))
        hits.append(effect.low <= 0.1 <= effect.high)
    assert np.mean(hits) == pytest.approx(0.95, abs=0.025)


def test_fiellers_interval_covers_where_the_baseline_is_weak() -> None:
    rng = np.random.default_rng(12)
    hits = []
    for _ in range(800):
        rows = rng.normal([[1.0], [1.5]], 6.0, (2, 300))
        arms = {name: Moments.of_rows(rows[i][:, None], ("y",)) for i, name in enumerate(("a", "b"))}
        effect = relative_effect(contrast(arms, Mean("y"), control="a", treated="b"))
        hits.append(effect.low <= 0.5 <= effect.high)
    assert np.mean(hits) == pytest.approx(0.95, abs=0.025)


def test_ratios_of_totals_cover() -> None:
    rng = np.random.default_rng(13)
    hits = []
    for _ in range(800):
        below = rng.poisson(3.0, (2, 300)) + 1.0
        above = rng.gamma(2.0, 1.0, (2, 300)) * below
        arms = {
            name: Moments.of_rows(np.column_stack([above[i], below[i]]), ("m", "d"))
            for i, name in enumerate("ab")
        }
        effect = absolute_effect(contrast(arms, Ratio("m", "d"), control="a", treated="b"))
        hits.append(effect.low <= 0.0 <= effect.high)
    assert np.mean(hits) == pytest.approx(0.95, abs=0.025)
