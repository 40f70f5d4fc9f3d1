"""Geo estimators on worlds whose truth is known."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from cmo.experiments.conformal import Orders, residual_p
from cmo.experiments.contrast import Alternative
from cmo.experiments.difference_in_differences import difference_in_differences
from cmo.experiments.interrupted import interrupted_series
from cmo.experiments.log_ratio import log_ratio_effect
from cmo.experiments.market_selection import History, Search, select_markets
from cmo.experiments.placebo import placebo_coverage, placebo_effect
from cmo.experiments.randomisation import paired_design, randomised_effect, stratified_assignments
from cmo.experiments.switchback import switchback_effect, switchback_order
from cmo.experiments.synthetic_control import Ridge, simplex_weights, synthetic_control
from cmo.experiments.trimmed_match import trimmed_match


def panel(rng: np.random.Generator, *, markets: int = 16, times: int = 80, noise: float = 0.05) -> np.ndarray:
    """Markets of unlike size that share trend and week, each with noise that remembers yesterday."""
    day = np.arange(times)
    common = 1 + 0.002 * day + 0.1 * np.sin(2 * np.pi * day / 7)
    shocks = rng.normal(size=(times, markets))
    walk = shocks.copy()
    for t in range(1, times):
        walk[t] = 0.3 * walk[t - 1] + shocks[t]
    return common[:, None] * rng.lognormal(7, 0.5, markets) * np.exp(noise * walk)


def test_simplex_weights_find_the_mixture_that_made_the_target() -> None:
    rng = np.random.default_rng(1)
    donors = rng.normal(size=(60, 12))
    truth = np.array([0.5, 0.3, 0.2, *np.zeros(9)])
    assert_allclose(simplex_weights(donors @ truth, donors), truth, atol=1e-8)


def test_weights_are_the_minimum_on_the_simplex() -> None:
    rng = np.random.default_rng(2)
    donors, target = rng.normal(size=(40, 8)), rng.normal(size=40)
    found = simplex_weights(target, donors)
    assert found.min() >= 0
    assert found.sum() == pytest.approx(1)
    least = np.linalg.norm(target - donors @ found)
    others = rng.dirichlet(np.ones(8), 500)
    assert all(np.linalg.norm(target - donors @ (0.99 * found + 0.01 * other)) >= least for other in others)


def test_units_and_order_of_donors_do_not_matter() -> None:
    outcomes = panel(np.random.default_rng(3))
    fit = synthetic_control(outcomes[:, 0], outcomes[:, 1:], pre=60)
    scaled = synthetic_control(1e4 * outcomes[:, 0], 1e4 * outcomes[:, :0:-1], pre=60)
    assert scaled.att == pytest.approx(1e4 * fit.att, rel=1e-6)
    assert_allclose(scaled.weights[::-1], fit.weights, atol=1e-7)


def test_ridge_comes_nearer_than_weights_alone() -> None:
    outcomes = panel(np.random.default_rng(4), noise=0.02)
    outcomes[:, 0] *= 1 + 0.001 * np.arange(80)
    plain = synthetic_control(outcomes[:, 0], outcomes[:, 1:], pre=60)
    closer = synthetic_control(outcomes[:, 0], outcomes[:, 1:], pre=60, augmented=Ridge(penalty=1.0))
    assert closer.l2 < plain.l2
    assert closer.weights.sum() == pytest.approx(1.0)


def test_a_test_without_time_before_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 2 periods"):
        synthetic_control(np.ones(5), np.ones((5, 2)), pre=1)


def test_shifts_of_the_calendar_include_the_test_itself() -> None:
    gap = np.zeros(20)
    gap[-4:] = 1.0
    assert residual_p(gap, Orders(20, 4)) == pytest.approx(1 / 20)
    assert residual_p(gap, Orders(20, 4), alternative=Alternative.LESS) == 1.0


def test_rank_intervals_hold_the_effect_put_in() -> None:
    rng = np.random.default_rng(5)
    hits = []
    for _ in range(60):
        outcomes = panel(rng, noise=0.03)
        effect = 0.1 * outcomes[60:, 0].mean()
        outcomes[60:, 0] += effect
        found = placebo_effect(outcomes, [0], pre=60)
        hits.append(found.low <= effect <= found.high)
    assert np.mean(hits) == pytest.approx(0.9, abs=0.1)


def test_groups_of_markets_are_held_against_groups() -> None:
    outcomes = panel(np.random.default_rng(6), noise=0.02)
    outcomes[60:, [0, 1]] *= 1.2
    found = placebo_effect(outcomes, [0, 1], pre=60, rng=np.random.default_rng(1))
    assert found.low > 0
    assert found.n_placebos == 200
    assert found.p < 0.05


def test_few_placebos_cannot_bear_a_high_level() -> None:
    with pytest.raises(ValueError, match="cannot bear a level"):
        placebo_effect(panel(np.random.default_rng(7), markets=6), [0], pre=60, level=0.95)


def test_the_panel_tells_how_its_intervals_do() -> None:
    found = placebo_coverage(panel(np.random.default_rng(8)), duration=10, ends=[60, 70, 80])
    assert found.n == 48
    assert found.coverage == pytest.approx(0.9, abs=0.06)


def test_log_ratios_cover_although_noise_remembers() -> None:
    rng = np.random.default_rng(9)
    hits = []
    for _ in range(300):
        outcomes = panel(rng, noise=0.1)
        without = outcomes[60:, 0].mean()
        outcomes[60:, 0] *= 1.05
        found = log_ratio_effect(outcomes[:, 0], outcomes[:, 1:], pre=60)
        hits.append(found.low <= 0.05 * without <= found.high)
    assert np.mean(hits) == pytest.approx(0.95, abs=0.03)


def test_logarithms_of_nothing_are_refused() -> None:
    with pytest.raises(ValueError, match="not positive"):
        log_ratio_effect(np.zeros(30), np.ones((30, 3)), pre=20)


def test_differences_in_differences_cover() -> None:
    rng = np.random.default_rng(10)
    hits = []
    for _ in range(300):
        outcomes = rng.normal(size=(30, 9)) + rng.normal(size=9)
        outcomes[20:, :2] += 1.0
        effect = difference_in_differences(outcomes, [0, 1], pre=20)
        hits.append(effect.low <= 1.0 <= effect.high)
    assert np.mean(hits) == pytest.approx(0.95, abs=0.035)


def test_the_lot_alone_gives_an_exact_test() -> None:
    rng = np.random.default_rng(11)
    rejected, covered = [], []
    for _ in range(120):
        outcomes = panel(rng, markets=14, noise=0.1)
        design = paired_design(outcomes[:60])
        draws = design.assignments(14, rng=rng)
        treated = draws[rng.integers(len(draws))]
        change = np.log(outcomes[60:].mean(axis=0) / outcomes[:60].mean(axis=0))
        found = randomised_effect(change + 0.05 * treated, treated, assignments=draws)
        covered.append(found.low <= 0.05 <= found.high)
        rejected.append(randomised_effect(change, treated, assignments=draws).p <= 0.1)
    assert np.mean(covered) >= 0.83
    assert np.mean(rejected) <= 0.17


def test_pairs_join_likes_and_leave_the_rest_out() -> None:
    outcomes = np.tile([100.0, 1000.0, 100.1, 1010.0, 5.0], (10, 1)) + np.arange(10)[:, None]
    design = paired_design(outcomes)
    assert set(design.pairs) == {(1, 3), (0, 2)}
    assert design.left_out == (4,)
    assert paired_design(outcomes, size=1).left_out == (1, 3, 4)


def test_strata_are_treated_in_the_same_share() -> None:
    draws = stratified_assignments([0] * 6 + [1] * 4, share=0.5, rng=np.random.default_rng(1), draws=50)
    assert (draws[:, :6].sum(axis=1) == 3).all()
    assert (draws[:, 6:].sum(axis=1) == 2).all()


def test_few_draws_cannot_bear_a_high_level() -> None:
    draws = np.array([[True, False], [False, True]])
    with pytest.raises(ValueError, match="2 draws cannot bear"):
        randomised_effect(np.array([1.0, 0.0]), draws[0], assignments=draws)


def test_switching_back_finds_the_effect_and_sets_the_carry_over_aside() -> None:
    rng = np.random.default_rng(12)
    on_blocks = switchback_order(12, rng=rng)
    block = np.repeat(np.arange(12), 7)
    on = on_blocks[block]
    works = np.zeros(84)
    for t in range(1, 84):
        works[t] = 0.5 * works[t - 1] + 0.5 * on[t]
    outcome = 100 + 5 * works + rng.normal(size=84)
    late = switchback_effect(outcome, on, block=block, burn_in=4, rng=rng)
    early = switchback_effect(outcome, on, block=block, burn_in=0, rng=rng)
    assert late.effect.low <= 5 <= late.effect.high
    assert early.effect.estimate < late.effect.estimate
    assert late.p_randomised < 0.01
    with pytest.raises(ValueError, match="at least 2 of each"):
        switchback_effect(outcome, np.ones(84, dtype=bool), block=block, burn_in=0, rng=rng)


def test_an_interrupted_series_covers_where_trend_and_week_go_on() -> None:
    rng = np.random.default_rng(13)
    hits = []
    for _ in range(200):
        day = np.arange(120)
        noise = rng.normal(size=120)
        for t in range(1, 120):
            noise[t] += 0.4 * noise[t - 1]
        outcome = 100 + 0.1 * day + 5 * (day % 7 == 5) + noise
        outcome[100:] += 3.0
        effect = interrupted_series(outcome, pre=100, season=7).effect
        hits.append(effect.low <= 3.0 <= effect.high)
    assert np.mean(hits) == pytest.approx(0.95, abs=0.045)


def test_an_event_too_early_is_refused() -> None:
    with pytest.raises(ValueError, match="need two seasons of 52"):
        interrupted_series(np.ones(120), pre=60, season=52)


def test_trimmed_match_of_googles_own_example() -> None:
    """google/trimmed_match, estimator_test.py: values to three decimals."""
    response, spend = np.array([1.0, 10.0, 3.0, 8.0]), np.array([1.0, 5.0, 2.0, 5.0])
    plain = trimmed_match(response, spend, trim=0.0)
    chosen = trimmed_match(response, spend)
    for found, published in ((plain, [1.692, 0.138, 1.250, 1.905]), (chosen, [1.571, 0.041, -29.374, 1.619])):
        assert_allclose([found.estimate, found.se, found.low, found.high], published, atol=5e-4)
    assert chosen.trimmed == (0, 1)
    assert chosen.trim == 0.25


def test_trimmed_match_is_not_led_astray_by_two_pairs() -> None:
    rng = np.random.default_rng(14)
    spend = rng.gamma(4.0, 10.0, 30)
    response = 3.0 * spend + rng.normal(0, 10, 30)
    response[:2] += [3000.0, -1000.0]
    found = trimmed_match(response, spend)
    assert found.low <= 3.0 <= found.high
    assert {0, 1} <= set(found.trimmed)
    assert abs(response.sum() / spend.sum() - 3.0) > 1.0


def test_pairs_without_spend_are_refused() -> None:
    with pytest.raises(ValueError, match="need at least 2 pairs"):
        trimmed_match(np.ones(3), np.zeros(3))


def test_markets_both_in_and_out_are_refused() -> None:
    history = History(markets=("a", "b", "c"), outcomes=np.ones((9, 3)))
    search = Search(sizes=(1,), durations=(2,), include=("a",), exclude=("a",))
    with pytest.raises(ValueError, match="both included and excluded"):
        select_markets(history, search, rng=np.random.default_rng(1))
    with pytest.raises(ValueError, match="'z' has no history"):
        history.index(["z"])
