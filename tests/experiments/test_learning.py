"""What past tests teach, and tests that learn while they run."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cmo.experiments.bandit import (
    Means,
    Shares,
    adaptive_rate,
    allocation,
    in_units,
    regret,
)
from cmo.experiments.creatives import learnt_creatives, trait_model
from cmo.experiments.shrinkage import as_prior, draws, learnt, shrunk


def past(rng: np.random.Generator, n: int = 400) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Most true effects are small and a few are large; all are measured with error."""
    wide = rng.random(n) < 0.1
    truth = 0.002 + rng.normal(size=n) * np.where(wide, 0.05, 0.005)
    se = rng.uniform(0.005, 0.03, n)
    return truth, truth + se * rng.normal(size=n), se


def test_winners_are_told_at_their_true_size() -> None:
    rng = np.random.default_rng(1)
    truth, measured, se = past(rng, n=3000)
    history = learnt(measured, se)
    best = np.argsort(-measured / se)[:300]
    expected = [shrunk(float(measured[i]), float(se[i]), history=history).mean for i in best]
    assert np.mean(expected) == pytest.approx(truth[best].mean(), rel=0.07)
    assert measured[best].mean() > 1.2 * truth[best].mean()
    assert history.spread == pytest.approx(truth.std(), rel=0.15)


def test_probabilities_of_a_positive_effect_are_calibrated() -> None:
    truth, measured, se = past(np.random.default_rng(2), n=3000)
    history = learnt(measured, se)
    chance = np.array(
        [
            shrunk(float(x), float(s), history=history).chance_positive
            for x, s in zip(measured, se, strict=True)
        ]
    )
    for low, high in ((0.2, 0.4), (0.4, 0.6), (0.6, 0.8), (0.8, 0.95)):
        inside = (chance >= low) & (chance < high)
        assert (truth[inside] > 0).mean() == pytest.approx(chance[inside].mean(), abs=0.06)


def test_small_effects_are_drawn_in_more_than_large_ones() -> None:
    _, measured, se = past(np.random.default_rng(3))
    history = learnt(measured, se)
    kept = [shrunk(effect, 0.01, history=history).mean / effect for effect in (0.01, 0.05, 0.2)]
    assert kept[0] < kept[1] < kept[2] < 1.0


def test_draws_agree_with_the_mean_they_come_from() -> None:
    _, measured, se = past(np.random.default_rng(4))
    history = learnt(measured, se)
    sample = draws(0.04, 0.02, history=history, n=20_000, rng=np.random.default_rng(1))
    found = shrunk(0.04, 0.02, history=history)
    assert sample.mean() == pytest.approx(found.mean, abs=4 * found.sd / 20_000**0.5)
    assert sample.std() == pytest.approx(found.sd, rel=0.05)
    assert as_prior(history).sd == pytest.approx(history.spread)


@settings(max_examples=8)
@given(st.floats(0.01, 100.0))
def test_the_unit_of_effects_does_not_matter(factor: float) -> None:
    _, measured, se = past(np.random.default_rng(5), n=60)
    plain = shrunk(0.03, 0.02, history=learnt(measured, se))
    scaled = shrunk(0.03 * factor, 0.02 * factor, history=learnt(measured * factor, se * factor))
    assert scaled.mean == pytest.approx(factor * plain.mean, rel=1e-3)


def test_two_tests_teach_nothing() -> None:
    with pytest.raises(ValueError, match="at least 3"):
        learnt([0.1, 0.2], [0.1, 0.1])


def test_the_last_batches_are_spent_on_what_is_known() -> None:
    beliefs = Shares(successes=np.array([20.0, 24.0]), failures=np.array([1000.0, 1000.0]))
    early = allocation(beliefs, to_come=1.0, rng=np.random.default_rng(1))
    late = allocation(beliefs, to_come=0.05, rng=np.random.default_rng(1))
    assert early.sum() == pytest.approx(1.0)
    assert early[1] < 0.85
    assert late[1] > 0.99
    kept = allocation(beliefs, to_come=0.05, rng=np.random.default_rng(1), least=0.1)
    assert kept.min() >= 0.1


def play(rates: np.ndarray, *, sharpening: float, rng: np.random.Generator) -> np.ndarray:
    beliefs, units = Shares.flat(len(rates)), np.zeros(len(rates))
    for batch in range(20):
        share = allocation(beliefs, to_come=1 - batch / 20, rng=rng, n=300, sharpening=sharpening)
        shown = in_units(share, 500, rng=rng)
        units += shown
        beliefs = beliefs.after(rng.binomial(shown, rates), shown)
    return units


def test_knowing_the_horizon_costs_less_regret() -> None:
    rng = np.random.default_rng(2)
    lost = np.zeros(2)
    for _ in range(25):
        rates = rng.beta(20, 980, 4)
        for k, sharpening in enumerate((0.0, 1.0)):
            lost[k] += regret(rates, play(rates, sharpening=sharpening, rng=rng))
    assert lost[1] < lost[0] < 25 * 10_000 * 0.005


def test_batches_are_whole_units() -> None:
    units = in_units(np.array([0.301, 0.299, 0.4]), 101, rng=np.random.default_rng(3))
    assert units.sum() == 101
    assert np.all(np.abs(units - 101 * np.array([0.301, 0.299, 0.4])) <= 1)


def test_rates_after_an_adaptive_test_are_covered() -> None:
    rng = np.random.default_rng(4)
    rates, hits = np.array([0.1, 0.1]), []
    for _ in range(200):
        beliefs, won, shown = Shares.flat(2), [], []
        for _ in range(8):
            units = in_units(allocation(beliefs, to_come=1.0, rng=rng, n=200, least=0.05), 400, rng=rng)
            success = rng.binomial(units, rates)
            beliefs = beliefs.after(success, units)
            won.append(success[0])
            shown.append(units[0])
        found = adaptive_rate(won, shown)
        hits.append(abs(found.estimate - 0.1) <= 1.96 * found.se)
    assert np.mean(hits) == pytest.approx(0.95, abs=0.035)


def test_how_alike_arms_are_is_learnt_from_past_tests() -> None:
    rng = np.random.default_rng(5)
    base = rng.beta(30, 970, (600, 1))
    rates = rng.beta(800 * base, 800 * (1 - base), (600, 4))
    units = np.full((600, 4), 3000)
    history = learnt_creatives(rng.binomial(units, rates), units)
    assert history.weight @ np.log(history.concentration) == pytest.approx(np.log(800), abs=0.2)
    assert history.prior([0.03, 0.03]).mean.tolist() == pytest.approx([0.03, 0.03])


def test_traits_of_past_creatives_tell_of_new_ones() -> None:
    rng = np.random.default_rng(6)
    worth = {
        ("format", "video"): 0.4,
        ("format", "image"): -0.4,
        ("topic", "offer"): 0.0,
        ("topic", "story"): 0.0,
    }
    traits = [
        {"format": str(rng.choice(["video", "image"])), "topic": str(rng.choice(["offer", "story"]))}
        for _ in range(80)
    ]
    logit = np.array([-3.5 + sum(worth[pair] for pair in of.items()) for of in traits])
    units = np.full(80, 5000)
    model = trait_model(rng.binomial(units, 1 / (1 + np.exp(-logit))), units, traits=traits)
    assert model.rate({"format": "video", "topic": "offer"}) == pytest.approx(1 / (1 + np.exp(3.1)), rel=0.05)
    assert model.spread["format"] > 5 * model.spread["topic"]
    assert model.rate({"format": "carousel"}) == pytest.approx(model.rate({}))


def test_impossible_beliefs_are_refused() -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        Shares.around([0.0, 0.5], 10)
    with pytest.raises(ValueError, match="must not exceed"):
        Shares.flat(2).after([3, 0], [2, 5])
    with pytest.raises(ValueError, match="to_come == 0"):
        allocation(Shares.flat(2), to_come=0.0, rng=np.random.default_rng(1))
    with pytest.raises(ValueError, match="sum to at most 1"):
        allocation(Shares.flat(2), to_come=1.0, rng=np.random.default_rng(1), least=0.6)
    with pytest.raises(ValueError, match="never shown"):
        adaptive_rate([0], [0])


def test_means_can_be_played_as_shares_can() -> None:
    beliefs = Means(mean=np.array([1.0, 2.0]), sd=np.array([0.1, 0.1]))
    assert allocation(beliefs, to_come=1.0, rng=np.random.default_rng(1))[1] > 0.99


@pytest.mark.shared
def test_headline_winners_are_predicted_at_what_they_realise(shared: Path) -> None:
    """Half of each arm's impressions choose and predict, the other half tell (Upworthy)."""
    data = shared / "data" / "experiments"
    clicks = pd.read_csv(data / "upworthy_clicks.csv", index_col=0).to_numpy().astype(int)
    shown = pd.read_csv(data / "upworthy_impressions.csv", index_col=0).to_numpy().astype(int)
    rng = np.random.default_rng(100)
    first = shown // 2
    won = rng.hypergeometric(clicks, shown - clicks, first)
    then, left = shown - first, clicks - won
    usable = ((first > 0).sum(axis=1) >= 2) & (won.sum(axis=1) > 0) & (left.sum(axis=1) > 0)
    history = learnt_creatives(won[usable], first[usable])
    told, raw, came = [], [], []
    for test in np.flatnonzero(usable):
        arms = first[test] > 0
        belief = history.expected(won[test][arms], first[test][arms])
        rate, later = won[test][arms] / first[test][arms], left[test][arms] / then[test][arms]
        best = int(belief.argmax())
        told.append(belief[best] / belief.mean() - 1)
        raw.append(rate.max() / rate.mean() - 1)
        came.append(later[best] / later.mean() - 1)
    assert np.mean(told) / np.mean(came) == pytest.approx(1.0, abs=0.08)
    assert np.mean(raw) / np.mean(came) > 1.7
