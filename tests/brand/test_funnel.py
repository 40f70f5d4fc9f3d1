import numpy as np
import pytest
from scipy import stats

from cmo.brand.funnel import conversion, nested_conversion, share_of_people


def test_draws_follow_the_conjugate_posterior() -> None:
    drawn = share_of_people(np.array([30.0]), np.array([100.0]), rng=np.random.default_rng(1), draws=20_000)
    expected = stats.beta(30.5, 70.5)
    for level in (0.05, 0.5, 0.95):
        assert np.quantile(drawn[:, 0], level) == pytest.approx(expected.ppf(level), abs=0.004)


@pytest.mark.parametrize(("yes", "asked"), [(-1.0, 10.0), (3.0, 0.0), (11.0, 10.0)])
def test_counts_that_cannot_be_are_refused(yes: float, asked: float) -> None:
    with pytest.raises(ValueError, match="positive must lie between"):
        share_of_people(np.array([yes]), np.array([asked]), rng=np.random.default_rng(1), draws=10)


@pytest.mark.parametrize("share", [0.02, 0.3, 0.9])
def test_intervals_cover_the_share_they_were_drawn_from(share: float) -> None:
    rng = np.random.default_rng(7)
    yes = rng.binomial(400, share, size=500).astype(float)
    drawn = share_of_people(yes, np.full(500, 400.0), rng=rng, draws=1000)
    low, high = np.quantile(drawn, [0.05, 0.95], axis=0)
    assert np.mean((low <= share) & (share <= high)) == pytest.approx(0.9, abs=0.05)


def test_nobody_converts_more_than_everybody() -> None:
    assert conversion(np.array([0.5, 0.1]), np.array([0.4, 0.4])).tolist() == pytest.approx([1.0, 0.25])


def test_conversion_within_one_group_is_a_share_of_those_aware() -> None:
    drawn = nested_conversion(np.array([39.0]), np.array([484.0]), rng=np.random.default_rng(1), draws=20_000)
    assert drawn.mean() == pytest.approx(39.5 / 485, abs=5e-4)
