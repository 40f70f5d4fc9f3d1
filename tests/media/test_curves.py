import numpy as np
import pytest

from cmo.media.adstock import Delayed, Geometric, Weibull
from cmo.media.curves import Change, Family, interpolate, reduce_curves
from cmo.media.prior import Beta, Fixed, LogNormal
from cmo.media.saturation import Hill, Logistic

WEEKS = 120
ALL = np.ones(1)
ANY_SLOPE = LogNormal(location=0.15, scale=0.3)
FAMILIES = {
    "geometric, Hill of any slope": (Family(saturation=Hill(slope=ANY_SLOPE)), 0.02),
    "geometric, Hill of a known slope": (Family(), 0.01),
    "geometric, Hill of slope one": (Family(saturation=Hill(slope=Fixed(value=1.0))), 0.01),
    "geometric, logistic": (Family(saturation=Logistic()), 0.01),
    "delayed, Hill of slope one": (Family(adstock=Delayed(), saturation=Hill(slope=Fixed(value=1.0))), 0.05),
    "Weibull, logistic": (Family(adstock=Weibull(), saturation=Logistic()), 0.05),
}


def flights() -> np.ndarray:
    rng = np.random.default_rng(3)
    return np.exp(0.3 * rng.standard_normal((1, WEEKS))) * (np.arange(WEEKS) % 11 < 6)


@pytest.mark.parametrize("name", FAMILIES)
def test_reduced_curves_are_the_exact_ones_over_the_prior(name: str) -> None:
    family, bound = FAMILIES[name]
    z = np.random.default_rng(0).standard_normal((200, family.n_free))
    reduced = reduce_curves(family, flights(), shares=ALL, weeks=WEEKS)
    exact = family.responses(flights(), z)[:, 0]
    exact /= exact.sum(axis=1, keepdims=True)
    found = interpolate(reduced.table, z, intervals=reduced.intervals) @ reduced.basis.T
    error = np.linalg.norm(found - exact, axis=1) / np.linalg.norm(exact, axis=1)
    assert np.quantile(error, 0.9) < bound
    assert np.median(error) < bound / 3


def test_history_before_the_window_is_still_at_work() -> None:
    family = Family(adstock=Geometric(retention=Fixed(value=0.5)), saturation=Logistic())
    exposure = np.concatenate([[50.0], np.full(60, 1.0)])
    with_history = reduce_curves(family, exposure[None], shares=ALL, weeks=60)
    without = reduce_curves(family, exposure[None, 1:], shares=ALL, weeks=60)
    first = (
        interpolate(c.table, np.zeros((1, 1)), intervals=c.intervals) @ c.basis.T
        for c in (with_history, without)
    )
    long, short = (curve[0] for curve in first)
    assert long[0] / long[-1] > 1.2
    assert short[0] / short[-1] < 0.7


def test_a_lift_is_what_the_curve_loses_without_the_change() -> None:
    family = Family(adstock=Geometric(retention=Beta(a=2.0, b=2.0)), saturation=Hill(slope=ANY_SLOPE))
    exposure = flights()
    without = exposure.copy()
    without[:, 40:48] = 0
    read = (np.arange(WEEKS)[None] >= 40) & (np.arange(WEEKS)[None] < 60)
    reduced = reduce_curves(
        family,
        exposure,
        shares=ALL,
        weeks=WEEKS,
        changes=(Change(without=without, read=np.stack([read, 2.0 * read])),),
    )
    z = np.random.default_rng(1).standard_normal((50, 3))
    exact, dark = family.responses(exposure, z), family.responses(without, z)
    expected = (exact - dark)[:, read].sum(axis=1) / exact.sum(axis=(1, 2))
    found = interpolate(reduced.table, z, intervals=reduced.intervals)[:, -2:]
    np.testing.assert_allclose(found, np.stack([expected, 2 * expected], axis=1), atol=4e-3)


def test_regions_stack_and_their_shares_weigh() -> None:
    family = Family()
    exposure = np.concatenate([flights(), 2 * flights()[:, ::-1]])
    shares = np.array([0.8, 0.2])
    z = np.random.default_rng(2).standard_normal((60, family.n_free))
    reduced = reduce_curves(family, exposure, shares=shares, weeks=WEEKS)
    exact = (shares[:, None] * family.responses(exposure, z)).reshape(60, -1)
    exact /= exact.sum(axis=1, keepdims=True)
    found = interpolate(reduced.table, z, intervals=reduced.intervals) @ reduced.basis.T
    assert np.median(np.linalg.norm(found - exact, axis=1) / np.linalg.norm(exact, axis=1)) < 0.01
