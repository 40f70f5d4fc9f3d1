import csv
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from cmo.media.adstock import Geometric
from cmo.media.baseline import Baseline
from cmo.media.curves import Family
from cmo.media.design import Channel, Control, LiftTest, Mix
from cmo.media.fit import Beliefs, Fit, fit_mix
from cmo.media.link import Adding
from cmo.media.prior import Fixed, LogNormal, TruncatedNormal
from cmo.media.sampler import Schedule
from cmo.media.saturation import Hill

MERIDIAN = {  # mean, 5 % and 95 % of two runs of Meridian 2.1 (4 chains of 1,000) on the same data and model
    "tv": (1.70, 1.17, 2.38),
    "paid_search": (3.465, 1.85, 5.615),
    "paid_social": (0.955, 0.24, 2.18),
    "online_video": (3.075, 1.56, 4.625),
    "display": (1.02, 0.22, 2.57),
    "ooh": (0.66, 0.19, 1.44),
}


def meridian_mix(folder: Path) -> Mix:
    """The national set with the priors, the controls and the Fourier terms of Meridian's run."""
    with (folder / "nat156.csv").open() as file:
        rows = list(csv.DictReader(file))
    days = [date.fromisoformat(row["date"]) for row in rows]
    angle = np.array([day.timetuple().tm_yday for day in days]) / 365.25 * 2 * np.pi
    controls = {
        name: np.array([float(row[name]) for row in rows]) for name in ("price_index", "competitor_promo")
    }
    controls["t"] = np.array([(day - days[0]).days / 365.25 for day in days])
    for k in (1, 2, 3):
        controls[f"s{k}"], controls[f"c{k}"] = np.sin(k * angle), np.cos(k * angle)
    family = Family(
        adstock=Geometric(lags=13),
        saturation=Hill(half=TruncatedNormal(mean=0.8, sd=0.8, low=0.1, high=10.0), slope=Fixed(value=1.0)),
    )
    channels = []
    for name in MERIDIAN:
        spend = np.array([float(row[f"{name}_spend"]) for row in rows])
        mean, median = spend[spend > 0].mean(), np.median(spend[spend > 0])
        half = TruncatedNormal(
            mean=0.8 * median / mean, sd=0.8 * median / mean, low=0.1 * median / mean, high=10.0
        )
        shape = Family(adstock=family.adstock, saturation=Hill(half=half, slope=Fixed(value=1.0)))
        channels.append(
            Channel(
                name=name,
                spend=spend,
                family=shape,
                roi=LogNormal(location=0.2, scale=0.9),
                follows_demand=False,
            )
        )
    return Mix(
        weeks=tuple(days),
        outcome=np.array([float(row["revenue"]) for row in rows]),
        channels=tuple(channels),
        controls=tuple(Control(name=name, values=values) for name, values in controls.items()),
    )


@pytest.mark.shared
def test_the_posterior_is_that_of_meridian_under_the_same_model(shared: Path) -> None:
    baseline = Baseline(trend=1.0, harmonics=0, control=5.0, slow=(), demand=())
    fit = fit_mix(
        meridian_mix(shared / "data" / "mmm"),
        beliefs=Beliefs(baseline=baseline, noise=5.0, links=(Adding(),)),
        schedule=Schedule(draws=400),
        draws=12_000,
        rng=np.random.default_rng(0),
    )
    _, roi, _ = fit.posterior.split(fit.points)
    found = np.stack([roi.mean(axis=0), *np.quantile(roi, [0.05, 0.95], axis=0)], axis=1)
    published = np.array(list(MERIDIAN.values()))
    # Their two runs differ by up to 0.03 in a mean and 0.16 in a quantile.
    np.testing.assert_allclose(found[:, 0], published[:, 0], atol=0.06)
    np.testing.assert_allclose(found[:, 1:], published[:, 1:], atol=0.16)
    assert fit.convergence.r_hat < 1.012
    assert fit.convergence.effective > 3000
    assert fit.convergence.pareto_k < 0.5


def test_known_returns_are_recovered(small_fit: Fit) -> None:
    _, roi, _ = small_fit.posterior.split(small_fit.points)
    low, high = np.quantile(roi, [0.02, 0.98], axis=0)
    assert (low < [2.0, 1.0]).all()
    assert (high > [2.0, 1.0]).all()
    assert small_fit.convergence.efficiency > 0.9


def test_the_unit_of_money_rescales_nothing_but_itself(make_mix: Callable[..., Mix], quick: Schedule) -> None:
    mix = make_mix()
    cents = Mix(
        weeks=mix.weeks,
        outcome=100 * mix.outcome,
        channels=tuple(
            Channel(name=c.name, spend=100 * c.spend, family=c.family, follows_demand=False)
            for c in mix.channels
        ),
        controls=mix.controls,
    )
    euros, inflated = (fit_mix(m, schedule=quick, rng=np.random.default_rng(0)).points for m in (mix, cents))
    np.testing.assert_allclose(euros, inflated, rtol=1e-3, atol=1e-3)


def test_a_test_on_a_channel_narrows_its_return(
    make_mix: Callable[..., Mix], quick: Schedule, small_fit: Fit
) -> None:
    mix = make_mix()
    spend = mix.channels[1].spend[50:58].sum()
    test = LiftTest(
        id="t",
        channel="c1",
        start=mix.weeks[50],
        end=mix.weeks[57] + timedelta(days=6),
        read_until=mix.weeks[66],
        factor=0.0,
        lift=1.0 * spend,
        error=0.05 * spend,
    )
    told = Mix(
        weeks=mix.weeks, outcome=mix.outcome, channels=mix.channels, controls=mix.controls, tests=(test,)
    )
    fit = fit_mix(told, schedule=quick, rng=np.random.default_rng(0))
    _, before, _ = small_fit.posterior.split(small_fit.points)
    _, after, _ = fit.posterior.split(fit.points)
    assert after[:, 1].std() < 0.75 * before[:, 1].std()
