import csv
import gzip
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cmo.customers.response.qini import (
    normalised,
    perfect_qini_curve,
    perfect_uplift_curve,
    policy_profit,
    qini,
    qini_curve,
    uplift_curve,
)
from cmo.customers.response.uplift import LEARNERS, Trial, crossfitted


@pytest.fixture(scope="module")
def campaign() -> tuple[Trial, np.ndarray]:
    """A campaign that wins half the units and puts a quarter off, with the true uplift."""
    rng = np.random.default_rng(5)
    features = rng.standard_normal((3_000, 4))
    truth = np.where(features[:, 0] > 0, 0.2, np.where(features[:, 1] > 0, -0.1, 0.0))
    treated = rng.random(3_000) < 0.5
    outcome = (rng.random(3_000) < 0.2 + 0.05 * (features[:, 2] > 0) + truth * treated).astype(float)
    return Trial(features=features, treated=treated, outcome=outcome), truth


@pytest.mark.shared
def test_curves_are_those_of_the_published_cases(case: Callable[[str], dict[str, Any]]) -> None:
    for one in case("uplift_metrics_small")["cases"]:
        outcome, treated = np.array(one["y"], float), np.array(one["treatment"], bool)
        score = np.array(one.get("uplift", np.zeros(outcome.size)), float)
        qini_of, uplift_of = (f(outcome, score, treated=treated) for f in (qini_curve, uplift_curve))
        best_qini, best_uplift = (
            f(outcome, treated=treated) for f in (perfect_qini_curve, perfect_uplift_curve)
        )
        found = {
            "uplift_curve": uplift_of,
            "qini_curve": qini_of,
            "perfect_uplift_curve": best_uplift,
            "perfect_qini_curve": best_qini,
        }
        if one["metric"] in found:
            np.testing.assert_allclose(found[one["metric"]].contacted, one["x"])
            np.testing.assert_allclose(found[one["metric"]].gain, one["value"])
        elif one["metric"] == "qini_auc":
            assert normalised(qini_of, best_qini) == pytest.approx(one["value"])
        elif one["metric"] == "uplift_auc":
            assert normalised(uplift_of, best_uplift) == pytest.approx(one["value"])


@pytest.mark.parametrize("name", LEARNERS)
def test_every_learner_finds_who_responds(name: str, campaign: tuple[Trial, np.ndarray]) -> None:
    trial, truth = campaign
    score = crossfitted(LEARNERS[name], trial, rng=np.random.default_rng(0), n_folds=2)
    assert np.corrcoef(score, truth)[0, 1] > 0.4
    found = qini(trial.outcome, score, treated=trial.treated, rng=np.random.default_rng(1), n_resamples=50)
    assert found.low > 0
    assert found.low <= found.value <= found.high


def test_a_random_score_gains_nothing(campaign: tuple[Trial, np.ndarray], rng: np.random.Generator) -> None:
    trial, _ = campaign
    found = qini(trial.outcome, rng.random(3_000), treated=trial.treated, rng=rng, n_resamples=100)
    assert abs(found.value) < 0.08


def test_the_policy_beats_both_simple_rules_where_some_are_put_off(
    campaign: tuple[Trial, np.ndarray],
) -> None:
    trial, truth = campaign
    found = policy_profit(trial.outcome, truth, treated=trial.treated, worth=10.0, cost=0.5)
    assert found.contacted == pytest.approx(np.mean(truth > 0.05))
    for gain, error in (found.over_everybody, found.over_nobody):
        assert gain > 2 * error
    assert found.policy == pytest.approx(found.nobody + found.over_nobody[0])


def test_a_contact_that_costs_more_than_it_brings_is_not_made(campaign: tuple[Trial, np.ndarray]) -> None:
    trial, truth = campaign
    found = policy_profit(trial.outcome, truth, treated=trial.treated, worth=10.0, cost=50.0)
    assert found.contacted == 0.0
    assert found.over_nobody == (0.0, 0.0)


def test_trials_that_cannot_tell_are_refused(campaign: tuple[Trial, np.ndarray]) -> None:
    trial, truth = campaign
    with pytest.raises(ValueError, match="at least 200 each"):
        trial.taken(np.arange(100))
    with pytest.raises(ValueError, match="0 or 1"):
        Trial(features=trial.features, treated=trial.treated, outcome=trial.outcome * 2)
    with pytest.raises(ValueError, match="both arms"):
        policy_profit(trial.outcome, truth, treated=np.ones(3_000, bool), worth=1.0, cost=0.1)
    nobody, half = np.zeros(4), np.array([True, False, True, False])
    flat = qini_curve(nobody, nobody, treated=half)
    with pytest.raises(ValueError, match="nobody's response differs"):
        normalised(flat, flat)


@pytest.mark.shared
def test_the_womens_campaign_is_told_by_the_logit(shared: Path) -> None:
    with gzip.open(shared / "data" / "customers" / "hillstrom_email.csv.gz", "rt") as file:
        rows = [row for row in csv.DictReader(file) if row["segment"] != "Mens E-Mail"]
    features = np.column_stack(
        [
            np.array([float(row[name]) for row in rows])
            for name in ("recency", "history", "mens", "womens", "newbie")
        ]
        + [np.array([row["zip_code"] == name for row in rows], float) for name in ("Rural", "Surburban")]
        + [np.array([row["channel"] == name for row in rows], float) for name in ("Phone", "Web")]
    )
    treated = np.array([row["segment"] == "Womens E-Mail" for row in rows])
    outcome = np.array([float(row["visit"]) for row in rows])
    assert outcome[treated].mean() == pytest.approx(0.1514, abs=1e-4)
    trial = Trial(features=features, treated=treated, outcome=outcome)
    score = crossfitted(LEARNERS["interacted logit"], trial, rng=np.random.default_rng(2))
    found = qini(outcome, score, treated=treated, rng=np.random.default_rng(3), n_resamples=40)
    assert found.low > 0.03
