import numpy as np

from cmo.customers.counts.cohorts import triangle


def world(rng: np.random.Generator, n: int = 24) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Cohorts that truly differ by a factor: orders, sizes, which months have passed, and the factor."""
    curve = 0.15 * np.arange(1, 13) ** -0.4
    factor = rng.gamma(60.0, 1 / 60.0, n)
    size = rng.integers(300, 900, n)
    truth = rng.binomial(size[:, None], np.minimum(factor[:, None] * curve, 1.0))
    reached = np.arange(n)[:, None] + np.arange(1, 13) <= n - 1
    return truth, size, reached, factor


def test_what_was_seen_stands_and_what_will_be_is_held_by_its_interval(rng: np.random.Generator) -> None:
    held = []
    for _ in range(6):
        truth, size, reached, _ = world(rng)
        found = triangle(truth, size, reached=reached, rng=rng)
        share = truth / size[:, None]
        np.testing.assert_allclose(found.share[reached], share[reached])
        to_come = ~reached & np.isfinite(found.share)
        held.append(((found.low <= share) & (share <= found.high))[to_come].mean())
    assert 0.8 < np.mean(held) < 0.99


def test_a_cohort_like_all_has_a_factor_of_one_and_a_better_one_more(rng: np.random.Generator) -> None:
    size = np.full(12, 5_000)
    ordered = np.full((12, 12), 500)
    ordered[0] = 800
    reached = np.arange(12)[:, None] + np.arange(1, 13) <= 11
    factor = triangle(ordered, size, reached=reached, rng=rng).factor
    assert factor[0] > 1.2
    assert np.all(factor[1:11] < 1.0)


def test_ages_that_nobody_has_reached_are_left_open(rng: np.random.Generator) -> None:
    reached = np.zeros((2, 12), dtype=bool)
    reached[0, 0] = True
    found = triangle(np.ones((2, 12), dtype=int), np.array([10, 10]), reached=reached, rng=rng)
    assert np.isfinite(found.share[:, 0]).all()
    assert np.isnan(found.share[:, 1:]).all()
