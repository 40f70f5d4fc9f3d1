import json
from pathlib import Path

import numpy as np
import pytest

from cmo.customers.lifetimes.contracts import Contracts, renewals
from cmo.customers.purchases.fitting import Unsupported


def contracts(alpha: float, beta: float, *, n: int, rng: np.random.Generator, length: int = 1) -> Contracts:
    """Contracts begun over four years whose holders leave at renewals by a beta of their own."""
    leaving, age = rng.beta(alpha, beta, n), rng.integers(0, 48, n)
    stays = rng.geometric(leaving)  # the renewal at which she leaves
    ended = stays * length <= age
    return Contracts(
        channels=("search", "social"),
        channel=rng.integers(0, 2, n),
        length=np.full(n, length),
        months=np.where(ended, stays * length, age),
        ended=ended,
        weight=np.ones(n),
    )


@pytest.mark.shared
def test_a_published_cohort_is_projected_as_published(shared: Path) -> None:
    """Fader & Hardie (2007): seven years of two cohorts, from a sample of a thousand each."""
    case = json.loads((shared / "cases" / "customers" / "sbg_retention.json").read_text())
    assert case  # the fits themselves are held in test_published_models; here the way from contracts
    kept = np.array([1_000, 869, 743, 653, 593, 551, 517, 491])
    lost = -np.diff(kept)
    found = renewals(
        Contracts(
            channels=("all",),
            channel=np.zeros(8, dtype=np.int64),
            length=np.full(8, 12),
            months=12 * np.r_[np.arange(1, 8), 7],
            ended=np.r_[np.ones(7, dtype=np.bool_), False],
            weight=np.r_[lost, kept[-1]].astype(float),
        ),
        rng=np.random.default_rng(1),
    )
    usual = np.median(found.renewing, axis=0)
    alpha, beta = 0.668, 3.806
    assert usual[:7] == pytest.approx((beta + np.arange(7)) / (alpha + beta + np.arange(7)), abs=0.006)
    assert np.median(found.staying[:, 0]) / 491 == pytest.approx((beta + 7) / (alpha + beta + 7), abs=0.01)
    assert found.length == 12


def test_intervals_hold_the_truth_and_what_then_happens() -> None:
    held = {"renewal": 0, "staying": 0}
    for seed in range(30):
        rng = np.random.default_rng(seed)
        given = contracts(0.8, 5.0, n=600, rng=rng)
        found = renewals(given, rng=rng)
        truth = (5.0 + 3) / (5.8 + 3)
        low, high = np.quantile(found.renewing[:, 3], [0.05, 0.95])
        held["renewal"] += low <= truth <= high
        running = ~given.ended
        leaving = rng.beta(0.8, 5.0 + given.months[running])
        then = (rng.random(running.sum()) < (1 - leaving) ** 12).sum()
        low, high = np.quantile(found.staying.sum(axis=1), [0.05, 0.95])
        held["staying"] += low <= then <= high
    assert all(24 <= n <= 30 for n in held.values()), held


def test_a_year_is_told_in_contracts_of_the_length_they_have() -> None:
    rng = np.random.default_rng(3)
    yearly = renewals(contracts(1.0, 4.0, n=2_000, rng=rng, length=12), rng=rng)
    assert yearly.length == 12
    share = yearly.staying.sum(axis=1).mean() / yearly.holders.sum()
    assert 0.75 < share < 0.95  # one renewal ahead, not twelve
    assert yearly.as_modelled > 0.001


def test_renewals_that_no_such_law_gives_are_doubted() -> None:
    """Everybody who leaves does so at the fourth renewal: a price that rises after the third."""
    found = renewals(
        Contracts(
            channels=("all",),
            channel=np.zeros(2, dtype=np.int64),
            length=np.ones(2, dtype=np.int64),
            months=np.array([4, 10]),
            ended=np.array([True, False]),
            weight=np.array([400.0, 600.0]),
        ),
        rng=np.random.default_rng(1),
    )
    assert found.as_modelled < 1e-6


@pytest.mark.parametrize(("n", "said"), [(15, "too few"), (400, "were ended")])
def test_contracts_that_tell_nothing_are_refused(n: int, said: str) -> None:
    given = Contracts(
        channels=("all",),
        channel=np.zeros(1, dtype=np.int64),
        length=np.ones(1, dtype=np.int64),
        months=np.array([6]),
        ended=np.array([False]),
        weight=np.array([float(n)]),
    )
    with pytest.raises(Unsupported, match=said):
        renewals(given, rng=np.random.default_rng(1))
