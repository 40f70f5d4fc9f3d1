import numpy as np
import pytest

from cmo.customers.counts.retention import AGES, retention

SIZE = np.array([100, 200, 50])
REACHED = np.arange(1, AGES + 1) <= np.array([[12], [11], [3]])
ORDERED = np.where(REACHED, SIZE[:, None] // 4, 0)


def test_cohorts_are_pooled_over_those_that_reached_the_age() -> None:
    curve = retention(ORDERED, SIZE, reached=REACHED, rng=np.random.default_rng(0), draws=4000)
    assert curve.ages == tuple(range(1, 13))
    np.testing.assert_allclose(curve.pooled.mean(axis=0), 0.25, atol=0.01)
    spread = curve.pooled.std(axis=0)
    np.testing.assert_allclose(spread[0], np.sqrt(0.25 * 0.75 / 350), rtol=0.06)
    np.testing.assert_allclose(spread[11], np.sqrt(0.25 * 0.75 / 100), rtol=0.06)


def test_only_cohorts_old_enough_stand_alone() -> None:
    curve = retention(ORDERED, SIZE, reached=REACHED, rng=np.random.default_rng(0), draws=100)
    assert curve.cohorts == (0,)
    assert curve.by_cohort.shape == (100, 12, 1)


def test_orders_in_a_month_not_yet_over_do_not_count() -> None:
    early = ORDERED.copy()
    early[2, 5] = 40
    one = retention(ORDERED, SIZE, reached=REACHED, rng=np.random.default_rng(0), draws=100)
    other = retention(early, SIZE, reached=REACHED, rng=np.random.default_rng(0), draws=100)
    np.testing.assert_array_equal(one.pooled, other.pooled)


def test_young_books_have_only_the_first_ages() -> None:
    reached = np.arange(1, AGES + 1) <= np.array([[2]])
    curve = retention(
        np.ones((1, AGES), dtype=np.int64),
        np.array([5]),
        reached=reached,
        rng=np.random.default_rng(0),
        draws=10,
    )
    assert curve.ages == (1, 2)


def test_more_returning_than_there_are_is_refused() -> None:
    with pytest.raises(ValueError, match="cohort 0 has 100 customers"):
        retention(ORDERED * 5, SIZE, reached=REACHED, rng=np.random.default_rng(0), draws=10)


def test_half_of_the_intervals_hold_half_of_the_time() -> None:
    rng = np.random.default_rng(8)
    truth = rng.uniform(0.05, 0.6, 300)
    size = np.full(300, 40)
    ordered = np.repeat(rng.binomial(40, truth)[:, None], AGES, axis=1)
    reached = np.ones((300, AGES), dtype=bool)
    curve = retention(ordered, size, reached=reached, rng=rng, draws=800)
    low, high = np.quantile(curve.by_cohort[:, 0], [0.25, 0.75], axis=0)
    assert np.mean((low <= truth) & (truth <= high)) == pytest.approx(0.5, abs=0.09)
