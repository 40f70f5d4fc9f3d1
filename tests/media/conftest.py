"""Small mixes that the tests of this room share."""

from collections.abc import Callable
from datetime import date, timedelta

import numpy as np
import pytest

from cmo.media.adstock import Geometric
from cmo.media.curves import Family
from cmo.media.design import Channel, Control, Mix
from cmo.media.fit import Fit, fit_mix
from cmo.media.prior import Beta, Fixed
from cmo.media.sampler import Schedule
from cmo.media.saturation import Hill

QUICK = Schedule(chains=16, draws=40, warmup=15)
SHORT = Family(
    adstock=Geometric(retention=Beta(a=2.0, b=2.0), lags=8), saturation=Hill(slope=Fixed(value=1.0))
)


def weeks(n: int) -> tuple[date, ...]:
    return tuple(date(2023, 1, 2) + timedelta(days=7 * i) for i in range(n))


def small_mix(
    seed: int = 0, *, n: int = 104, roi: tuple[float, ...] = (2.0, 1.0), noise: float = 0.02
) -> Mix:
    """Two channels whose curves are of the model's family, at known returns."""
    rng = np.random.default_rng(seed)
    t = np.arange(n)
    channels, media = [], np.zeros(n)
    for i, wanted in enumerate(roi):
        spend = 100 * np.exp(0.4 * rng.standard_normal(n)) * ((t + 3 * i) % 9 < 6 if i % 2 == 0 else 1)
        channel = Channel(name=f"c{i}", spend=spend, family=SHORT, follows_demand=False)
        stimulus = spend / spend[spend > 0].mean()
        shape = SHORT.responses(stimulus[None], np.array([[0.3 - 0.5 * i, 0.2]]))[0, 0]
        media += wanted * spend.sum() * shape / shape.sum()
        channels.append(channel)
    control = rng.standard_normal(n)
    outcome = 1000 + 60 * np.sin(2 * np.pi * t / 52.18) + 20 * control + media
    outcome = outcome * (1 + noise * rng.standard_normal(n))
    return Mix(
        weeks=weeks(n),
        outcome=outcome,
        channels=tuple(channels),
        controls=(Control(name="control", values=control),),
    )


@pytest.fixture(scope="session")
def make_mix() -> Callable[..., Mix]:
    return small_mix


@pytest.fixture(scope="session")
def quick() -> Schedule:
    return QUICK


@pytest.fixture(scope="session")
def small_fit() -> Fit:
    return fit_mix(small_mix(), schedule=QUICK, rng=np.random.default_rng(0))
