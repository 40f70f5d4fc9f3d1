from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from cmo.media.checks import (
    collinearity_checks,
    holdout_check,
    learning_checks,
    link_checks,
    placebo_check,
    residual_checks,
    sampling_checks,
    withheld,
)
from cmo.media.design import Channel, Mix
from cmo.media.effects import decompose, measure_effects, responses, weekly_contribution
from cmo.media.fit import Fit, fit_mix
from cmo.media.link import Adding
from cmo.media.sampler import Schedule

Make = Callable[..., Mix]


@pytest.fixture
def refit(quick: Schedule) -> Callable[[Mix], Fit]:
    return lambda mix: fit_mix(mix, schedule=quick, rng=np.random.default_rng(1))


def test_weeks_add_up_to_the_contribution_and_the_contribution_to_the_return(small_fit: Fit) -> None:
    effects, weekly = measure_effects(small_fit), weekly_contribution(small_fit)
    np.testing.assert_allclose(weekly.sum(axis=2), effects.contribution, rtol=1e-9)
    np.testing.assert_allclose(effects.contribution / effects.spend, effects.roi)
    apart, together = effects.contribution.sum(axis=1), effects.total
    adding = small_fit.acting == small_fit.links.index(Adding())
    np.testing.assert_allclose(together[adding], apart[adding])
    assert (together[~adding] < apart[~adding]).all()
    assert 0 < adding.sum() < len(adding)


def test_a_company_whose_media_multiply_is_told_from_one_where_they_add(
    make_mix: Make, refit: Callable[[Mix], Fit]
) -> None:
    mix = make_mix(noise=0.004)
    media = weekly_contribution(refit(mix)).mean(axis=(0, 1))
    seasonal = 1000 * (1 + 0.5 * np.sin(2 * np.pi * np.arange(104) / 52.18))
    noise = 1 + 0.01 * np.random.default_rng(1).standard_normal(104)
    multiplied = replace(mix, outcome=seasonal * np.exp(1.5 * media / 1000) * noise)
    added = replace(mix, outcome=seasonal + 1.5 * media + 1000 * (noise - 1))
    multiplying = [refit(one).acting.mean() for one in (multiplied, added)]
    assert multiplying[0] > 0.9
    assert multiplying[1] < 0.1


def test_a_concave_channel_brings_less_at_the_margin_than_on_average(small_fit: Fit) -> None:
    effects = measure_effects(small_fit)
    assert (effects.mroi < effects.roi).all()
    assert (effects.mroi > 0).all()
    assert ((effects.saturation > 0) & (effects.saturation < 1)).all()


def test_half_life_is_that_of_the_drawn_weights(small_fit: Fit) -> None:
    effects = measure_effects(small_fit)
    kept = responses(small_fit)[0].weights[:, 1] / responses(small_fit)[0].weights[:, 0]
    order = np.argsort(kept)
    assert (np.diff(effects.half_life[order, 0]) >= -1e-9).all()


def test_parts_and_residual_are_the_outcome(small_fit: Fit) -> None:
    taken = decompose(small_fit, draws=50, rng=np.random.default_rng(0))
    np.testing.assert_allclose(
        taken.weekly.sum(axis=1) + taken.residual, np.tile(small_fit.mix.outcome, (50, 1)), rtol=1e-9
    )
    season = taken.weekly[:, taken.parts.index("season")].mean(axis=0)
    truth = 60 * np.sin(2 * np.pi * np.arange(104) / 52.18)
    assert np.corrcoef(season, truth)[0, 1] > 0.9
    control = taken.weekly[:, taken.parts.index("control:control")].mean(axis=0)
    np.testing.assert_allclose(control.std(), 20, rtol=0.3)


def test_a_sound_fit_passes_its_checks(small_fit: Fit) -> None:
    rng = np.random.default_rng(0)
    checks = (*sampling_checks(small_fit), *residual_checks(small_fit, rng=rng))
    assert withheld(checks) == ()
    assert {check.code for check in checks if check.passed} >= {
        "residual_autocorrelation",
        "predictive_coverage",
    }
    assert all(check.says.en and check.says.fr for check in checks)


def test_what_cannot_be_told_of_how_media_act_is_said(small_fit: Fit) -> None:
    effects = measure_effects(small_fit)
    unsure = link_checks(small_fit, effects)[0]
    assert unsure.passed is False
    assert "do not tell whether media add" in unsure.says.en
    sure = link_checks(replace(small_fit, acting=np.ones_like(small_fit.acting)), effects)[0]
    assert sure.passed
    assert link_checks(replace(small_fit, links=small_fit.links[:1]), effects) == ()


def test_chains_that_disagree_withhold_every_figure(small_fit: Fit) -> None:
    broken = replace(small_fit, convergence=replace(small_fit.convergence, r_hat=1.3))
    assert [check.code for check in withheld(sampling_checks(broken))] == ["r_hat"]


def test_what_the_data_taught_is_told_from_what_was_believed(small_fit: Fit) -> None:
    checks = learning_checks(small_fit, rng=np.random.default_rng(0))
    assert [check.subjects for check in checks] == [("c0",), ("c1",)]
    assert all(check.passed for check in checks)


def test_channels_that_moved_together_have_an_unknown_split(
    make_mix: Make, refit: Callable[[Mix], Fit]
) -> None:
    mix = make_mix()
    spend = mix.channels[0].spend * np.random.default_rng(0).uniform(0.97, 1.03, mix.n_weeks)
    twin = Channel(name="twin", spend=spend, family=mix.channels[0].family, follows_demand=False)
    fit = refit(replace(mix, channels=(*mix.channels, twin)))
    found = collinearity_checks(fit)
    assert [check.subjects for check in found] == [("twin", "c0")]
    assert measure_effects(fit).contribution[:, [0, 2]].sum(axis=1).std() < (
        measure_effects(fit).contribution[:, 2].std()
    )


def test_hidden_weeks_are_predicted(make_mix: Make, refit: Callable[[Mix], Fit]) -> None:
    check = holdout_check(make_mix(), refit, rng=np.random.default_rng(0))
    assert check.passed


def test_a_made_up_channel_is_credited_with_little(make_mix: Make, refit: Callable[[Mix], Fit]) -> None:
    check = placebo_check(make_mix(), refit, rng=np.random.default_rng(0))
    assert check.passed
    assert check.value < 0.6
