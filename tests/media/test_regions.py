from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from cmo.media.design import Channel, Mix
from cmo.media.effects import measure_effects
from cmo.media.fit import exact_media, fit_mix
from cmo.media.regions import Regions
from cmo.media.sampler import Schedule

HEADS = np.array([4.0, 2.0, 1.0, 1.0, 0.5])
ROI = np.array([2.0, 1.0])


def panel(mix: Mix, *, seed: int = 0) -> Mix:
    """The mix spread over five regions, with demand that all share and nobody measures."""
    rng = np.random.default_rng(seed)
    share = HEADS / HEADS.sum()
    channels = []
    for channel in mix.channels:
        uneven = np.exp(0.4 * rng.standard_normal((len(HEADS), mix.n_weeks)))
        regional = channel.spend * share[:, None] * uneven
        channels.append(replace(channel, spend=regional.sum(axis=0), regional=regional))
    regions = Regions(names=tuple("abcde"), heads=HEADS, outcome=np.ones((len(HEADS), mix.n_weeks)))
    blank = replace(mix, channels=tuple(channels), regions=regions)
    curves = exact_media(blank, [np.array([[0.3 - 0.5 * c, 0.2]]) for c in range(2)])[0]
    spend = blank.spend.sum(axis=0)
    media = np.einsum("c,crt->rt", ROI * spend, curves)
    common = 1000 * (1 + 0.1 * np.convolve(rng.standard_normal(mix.n_weeks + 5), np.ones(6) / 6, "valid"))
    levels = 1 + 0.2 * rng.standard_normal(len(HEADS))
    noise = 15 * np.sqrt(share)[:, None] * rng.standard_normal((len(HEADS), mix.n_weeks))
    outcome = share[:, None] * (common + 1000 * levels[:, None]) + media + noise
    return replace(blank, outcome=outcome.sum(axis=0), regions=replace(regions, outcome=outcome))


def test_regions_know_more_than_the_nation(make_mix: Callable[..., Mix], quick: Schedule) -> None:
    mix = panel(make_mix())
    together, alone = (
        measure_effects(fit_mix(m, schedule=quick, rng=np.random.default_rng(0))).roi
        for m in (mix, replace(mix, regions=None))
    )
    low, high = np.quantile(together, [0.02, 0.98], axis=0)
    assert ((low < ROI) & (high > ROI)).all()
    assert (together.std(axis=0) < 0.8 * alone.std(axis=0)).all()


def test_what_moves_all_regions_alike_is_not_seen() -> None:
    outcome = np.random.default_rng(0).standard_normal((5, 20))
    regions = Regions(names=tuple("abcde"), heads=HEADS, outcome=outcome)
    moved = outcome + (HEADS / HEADS.sum())[:, None] * np.sin(np.arange(20))
    np.testing.assert_allclose(
        regions.differences(outcome[:, :, None]), regions.differences(moved[:, :, None]), atol=1e-12
    )


def test_a_region_without_people_is_refused() -> None:
    with pytest.raises(ValueError, match="heads"):
        Regions(names=("a", "b"), heads=np.array([1.0, 0.0]), outcome=np.ones((2, 5)))


def test_regions_need_each_channel_s_exposure_there(make_mix: Callable[..., Mix]) -> None:
    mix = make_mix()
    regions = Regions(names=("a", "b"), heads=np.ones(2), outcome=np.ones((2, mix.n_weeks)))
    bare = tuple(Channel(name=c.name, spend=c.spend) for c in mix.channels)
    with pytest.raises(ValueError, match="exposure by region"):
        replace(mix, channels=bare, regions=regions)
