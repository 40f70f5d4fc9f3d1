import numpy as np
import pytest
from scipy import stats

from cmo.media.prior import Beta, Fixed, LogNormal, Prior, TruncatedNormal

CASES = [
    (Beta(a=2.0, b=5.0), stats.beta(2, 5)),
    (Beta(), stats.uniform()),
    (Beta(a=1.0, b=1.0, low=2.0, high=6.0), stats.uniform(2, 4)),
    (LogNormal(location=0.2, scale=0.9), stats.lognorm(0.9, scale=np.exp(0.2))),
    (TruncatedNormal(mean=0.8, sd=0.8, low=0.1, high=10.0), stats.truncnorm(-0.875, 11.5, 0.8, 0.8)),
]


@pytest.mark.parametrize(("prior", "law"), CASES)
def test_quantiles_are_those_of_the_named_distribution(prior: Prior, law: stats.rv_continuous) -> None:
    z = np.linspace(-3, 3, 13)
    np.testing.assert_allclose(prior.quantile(z), law.ppf(stats.norm.cdf(z)), rtol=1e-9)
    assert prior.varies


def test_a_known_parameter_needs_no_coordinate() -> None:
    prior = Fixed(value=1.5)
    assert not prior.varies
    assert set(prior.quantile(np.array([-2.0, 0.0, 3.0]))) == {1.5}


def test_a_return_told_as_an_interval_has_nine_chances_in_ten_within_it() -> None:
    prior = LogNormal.between(0.5, 4.0)
    np.testing.assert_allclose(prior.quantile(stats.norm.ppf([0.05, 0.95])), [0.5, 4.0])


@pytest.mark.parametrize(("low", "high"), [(0.0, 1.0), (-1.0, 2.0), (3.0, 3.0)])
def test_an_interval_that_is_none_is_refused(low: float, high: float) -> None:
    with pytest.raises(ValueError, match="positive"):
        LogNormal.between(low, high)
