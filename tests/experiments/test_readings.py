"""Beliefs, segments, quantiles, winsorising and families of tests."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmo.experiments.bayes import Normal, posterior, winner
from cmo.experiments.contrast import Inference, absolute_effect
from cmo.experiments.multiplicity import Correction, adjusted_p, e_benjamini_hochberg
from cmo.experiments.proportions import Shares, share_effect, share_moments, wilson_interval
from cmo.experiments.quantiles import order_interval, quantile_contrast
from cmo.experiments.segments import segment_effects
from cmo.experiments.winsorising import winsorised_effect

chances = st.lists(st.floats(0, 1), min_size=1, max_size=12)


@given(chances, st.sampled_from(list(Correction)))
def test_corrections_never_make_a_p_value_smaller_and_keep_the_order(p: list[float], by: Correction) -> None:
    adjusted = adjusted_p(p, by)
    assert np.all(adjusted >= np.array(p) - 1e-12)
    assert np.all(adjusted <= 1.0)
    assert np.all(np.diff(adjusted[np.argsort(p, kind="stable")]) >= -1e-12)


@given(chances)
def test_holm_is_never_weaker_than_bonferroni_and_hommel_never_than_hochberg(p: list[float]) -> None:
    assert np.all(adjusted_p(p, Correction.HOLM) <= adjusted_p(p, Correction.BONFERRONI) + 1e-12)
    assert np.all(adjusted_p(p, Correction.HOMMEL) <= adjusted_p(p, Correction.HOCHBERG) + 1e-12)


def test_a_probability_above_one_is_refused() -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        adjusted_p([0.2, 1.2], Correction.HOLM)


def test_e_values_are_judged_whatever_their_dependence() -> None:
    assert e_benjamini_hochberg([100.0, 1.0, 41.0, 0.5]).tolist() == [True, False, True, False]


def test_a_prior_pulls_by_its_precision() -> None:
    belief = posterior(0.12, 0.04, prior=Normal(mean=0.02, sd=0.02))
    assert belief.mean == pytest.approx(0.04)
    assert posterior(0.12, 0.04) == Normal(mean=pytest.approx(0.12), sd=pytest.approx(0.04))


@given(st.floats(-3, 3), st.floats(0.1, 3))
def test_the_losses_of_both_choices_differ_by_the_effect(mean: float, sd: float) -> None:
    belief = Normal(mean=mean, sd=sd)
    assert belief.loss_if_refused - belief.loss_if_chosen == pytest.approx(mean, abs=1e-12)
    assert belief.loss_if_chosen >= -1e-12


def test_a_winner_is_declared_only_when_sure_and_cheap() -> None:
    draws = np.random.default_rng(1).normal([0.0, 0.2, 0.21], 0.01, (4000, 3))
    judged = winner(draws)
    assert judged.best == 2
    assert judged.probability.sum() == pytest.approx(1.0)
    assert not judged.declared(probability=0.95, loss=0.01)
    assert judged.declared(probability=0.5, loss=0.01)


def test_segments_that_do_not_differ_are_drawn_together() -> None:
    rng = np.random.default_rng(2)
    noise = {f"s{i}": (0.1 + 0.05 * rng.normal(), 0.05) for i in range(12)}
    shrunk = segment_effects(noise)
    raw = np.std([effect.raw for effect in shrunk.of.values()])
    assert np.std([effect.estimate for effect in shrunk.of.values()]) < 0.5 * raw
    assert shrunk.p_differ > 0.01


def test_intervals_of_segments_cover_and_are_shorter_than_raw_ones() -> None:
    rng = np.random.default_rng(3)
    hits, widths = [], []
    for _ in range(150):
        truth = rng.normal(0.1, 0.03, 8)
        measured = {str(i): (effect + 0.05 * rng.normal(), 0.05) for i, effect in enumerate(truth)}
        effects = segment_effects(measured, grid=100).of
        hits += [effects[str(i)].low <= effect <= effects[str(i)].high for i, effect in enumerate(truth)]
        widths += [effect.high - effect.low for effect in effects.values()]
    assert np.mean(hits) == pytest.approx(0.95, abs=0.03)
    assert np.mean(widths) < 2 * 1.96 * 0.05


def test_one_segment_is_nothing_to_compare() -> None:
    with pytest.raises(ValueError, match="at least 2"):
        segment_effects({"all": (0.1, 0.02)})


def test_quantile_intervals_cover() -> None:
    rng = np.random.default_rng(4)
    truth = np.log(2.0) * 1.0
    hits = []
    for _ in range(400):
        of = order_interval(rng.exponential(1.0, 300), 0.5)
        hits.append(of.low <= truth <= of.high)
    assert np.mean(hits) == pytest.approx(0.95, abs=0.03)


def test_a_shift_of_the_median_is_found() -> None:
    rng = np.random.default_rng(5)
    left, right = (order_interval(rng.gamma(2.0, 10.0 * k, 20_000), 0.5) for k in (1.0, 1.1))
    effect = absolute_effect(quantile_contrast(left, right))
    assert effect.low < 0.1 * left.value < effect.high
    assert effect.significant


def test_winsorising_shows_what_it_changed() -> None:
    rng = np.random.default_rng(6)
    arms = {"a": rng.pareto(1.8, 20_000), "b": 1.05 * rng.pareto(1.8, 20_000)}
    result = winsorised_effect(arms, control="a", treated="b", share=0.99)
    assert result.share_cut == pytest.approx(0.01, abs=1e-4)
    assert result.precision_gained > 0.2
    assert result.raw.estimate != result.cut.estimate


def test_winsorising_at_no_quantile_is_refused() -> None:
    with pytest.raises(ValueError, match=r"share == 1\.5"):
        winsorised_effect({"a": [1.0], "b": [2.0]}, control="a", treated="b", share=1.5)


def test_impossible_shares_are_refused() -> None:
    with pytest.raises(ValueError, match="12 successes of 10 units"):
        Shares(control=12, n_control=10, treated=1, n_treated=10)
    with pytest.raises(ValueError, match="exact test"):
        share_effect(Shares(control=0, n_control=10, treated=1, n_treated=10))


def test_shares_know_their_moments_and_their_interval() -> None:
    assert share_moments("bought", 10, successes=4).mean[0] == 0.4
    low, high = wilson_interval(0, 10)
    assert low == 0.0
    assert high == pytest.approx(0.2775, abs=1e-4)  # Brown, Cai & DasGupta (2001)


@given(st.integers(1, 60), st.integers(1, 60), st.sampled_from([0.9, 0.95]))
def test_normal_intervals_of_shares_agree_with_their_test(control: int, treated: int, level: float) -> None:
    shares = Shares(control=control, n_control=80, treated=treated, n_treated=90)
    effect = share_effect(shares, Inference(level=level))
    assert effect.absolute.significant == (effect.absolute.p < 1 - level)
