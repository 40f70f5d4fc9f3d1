"""Tests of units read as they were promised: ratios, quantiles, clusters, strata, guardrails, one side."""

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from cmo.experiments.analysis_evidence import analysed
from cmo.experiments.asked import Asked
from cmo.experiments.contrast import Alternative
from cmo.experiments.findings import Findings
from cmo.experiments.registration import Conclusion, Kind, Registration, Stopping
from cmo.measures import Problem
from cmo.warehouse.field import Field

PROMISE = Registration(
    test="test",
    kind=Kind.UNITS,
    hypothesis="It does better",
    metric="spend",
    control="control",
    starts_on=date(2026, 1, 5),
    ends_on=date(2026, 2, 1),
)


def found(columns: dict[str, Any], promise: Registration, **asked: Any) -> Findings:
    n = len(columns["variant"])
    names = {"experiment": [promise.test] * n, "unit_id": [str(i) for i in range(n)]}
    field = Field.of_tables({"experiment_units": pa.table(names | columns)}, as_of=date(2026, 3, 1))
    return analysed(
        field, Asked(registration=promise, registered=True, **asked), rng=np.random.default_rng(1)
    )


@pytest.fixture(scope="module")
def visits() -> dict[str, Any]:
    """6,000 people in 300 towns: towns are alike within, and the treated spend a tenth more per visit."""
    rng = np.random.default_rng(7)
    town = np.repeat(np.arange(300), 20)
    treated = rng.permutation(np.repeat([0, 1], 150))[town] == 1
    level = np.exp(0.3 * rng.standard_normal(300))[town]
    seen = 1.0 + rng.poisson(2.0, 6000)
    before = level * rng.gamma(2.0, 10.0, 6000)
    spend = seen * level * rng.gamma(2.0, 10.0, 6000) * (1.0 + 0.1 * treated)
    return {
        "variant": np.where(treated, "blue", "control"),
        "town": town,
        "country": np.where(town % 3 == 0, "fr", "be"),
        "visits": seen,
        "spend": spend,
        "pre_spend": before,
    }


def test_a_ratio_of_totals_is_read_by_the_delta_method(visits: dict[str, Any]) -> None:
    told = found(visits, replace(PROMISE, metric="spend/visits"))
    effect = told.effects[0]
    at = visits["variant"] == "control"
    plain = [visits["spend"][of].sum() / visits["visits"][of].sum() for of in (at, ~at)]
    assert effect.metric == "spend/visits"
    assert (effect.control, effect.treated) == pytest.approx(tuple(plain), rel=1e-9)
    assert effect.effect.low < 0.1 < effect.effect.high


def test_a_quantile_is_read_from_its_order_statistics(visits: dict[str, Any]) -> None:
    told = found(visits, replace(PROMISE, metric="p90(spend)"))
    effect = told.effects[0]
    own = np.sort(visits["spend"][visits["variant"] == "control"])
    assert effect.control == pytest.approx(own[int(np.ceil(0.9 * len(own))) - 1])
    assert effect.effect.se > 0.0
    assert told.tails is None


def test_errors_are_those_of_the_groups_that_were_drawn(visits: dict[str, Any]) -> None:
    columns = {name: of for name, of in visits.items() if name != "pre_spend"}
    blind = found(columns, PROMISE).effects[0].effect
    aware = found(columns, replace(PROMISE, cluster="town"))
    effect = aware.effects[0].effect
    assert effect.n == 300
    assert effect.se > 1.3 * blind.se
    assert next(check for check in aware.checks if check.code == "clusters").passed
    assert next(check for check in aware.checks if check.code == "duplicates").passed


def test_strata_are_compared_within(visits: dict[str, Any]) -> None:
    rng = np.random.default_rng(3)
    level = np.where(visits["country"] == "fr", 10.0, 1.0)
    treated = rng.random(6000) < np.where(visits["country"] == "fr", 0.5, 0.5)
    columns = {
        "variant": np.where(treated, "blue", "control"),
        "country": visits["country"],
        "spend": level * (1.0 + 0.1 * treated) + rng.standard_normal(6000),
    }
    plain = found(columns, PROMISE).effects[0].effect
    within = found(columns, replace(PROMISE, strata="country")).effects[0].effect
    assert within.se < 0.7 * plain.se
    assert within.low < 0.1 < within.high


def test_guardrails_are_held_broken_or_not_known(visits: dict[str, Any]) -> None:
    rng = np.random.default_rng(5)
    treated = visits["variant"] == "blue"
    columns = visits | {
        "safe": 100.0 + rng.standard_normal(6000),
        "hurt": 100.0 - 30.0 * treated + rng.standard_normal(6000),
        "vague": 100.0 + 3000.0 * rng.standard_normal(6000),
    }
    told = found(columns, replace(PROMISE, guardrails=("safe", "hurt", "vague")))
    assert [check.passed for check in told.checks if check.code == "guardrail"] == [True, False, None]
    assert all(one.p_family is not None and one.p_family >= one.effect.p for one in told.others)


def test_a_one_sided_promise_leaves_the_other_side_open(visits: dict[str, Any]) -> None:
    told = found(visits, replace(PROMISE, metric="spend/visits", alternative=Alternative.GREATER))
    assert told.effects[0].effect.high == float("inf")
    assert told.conclusion in {Conclusion.WON, Conclusion.INCONCLUSIVE}
    with pytest.raises(ValueError, match="one side only"):
        replace(PROMISE, alternative=Alternative.GREATER, stopping=Stopping.PLANNED_LOOKS, looks=4)


@pytest.mark.parametrize(
    ("promise", "says"),
    [
        ({"metric": "spend/basket"}, "needs the column basket"),
        ({"cluster": "shop"}, "does not have as a column"),
        ({"metric": "median(spend)", "cluster": "town"}, "is read unit by unit"),
    ],
)
def test_what_cannot_be_read_is_said(visits: dict[str, Any], promise: dict[str, Any], says: str) -> None:
    with pytest.raises(Problem, match=says):
        found(visits, replace(PROMISE, **promise))


def test_a_metric_that_never_varies_cannot_be_read(visits: dict[str, Any]) -> None:
    with pytest.raises(Problem, match="cannot be analysed"):
        found({"variant": visits["variant"], "spend": np.ones(6000)}, PROMISE)


def test_segments_of_a_ratio_are_those_of_the_ratio(visits: dict[str, Any]) -> None:
    told = found(visits, replace(PROMISE, metric="spend/visits"), segment_column="country")
    assert set(told.segments) == {"fr", "be"}
    assert all(low < 0.1 < high for _, low, high in told.segments.values())


EVEN = ["control", "blue"] * 500


@pytest.mark.parametrize(
    ("columns", "promise", "says"),
    [
        ({"spend": [1.0, 2.0], "variant": EVEN[:2]}, {}, "fewer than two units"),
        ({"spend": [float("inf")] + [1.0, 2.0] * 499 + [3.0]}, {}, "no finite numbers"),
        ({"spend": [1.0, 2.0, 3.0, 5.0], "variant": EVEN[:4]}, {"metric": "p99(spend)"}, "needs 1000"),
        (
            {"spend": [1.0, 2.0, 3.0, 5.0] * 250, "n": [0.0] * 1000},
            {"metric": "spend/n"},
            "must differ from 0",
        ),
        ({"spend": [1.0] * 1000, "other": list(range(1000))}, {}, "spend does not vary"),
        ({"spend": [1.0] * 1000}, {"metric": "median(spend)"}, "does not vary"),
        (
            {"spend": list(range(1000)), "country": ["fr", "be"] * 500},
            {"strata": "country"},
            "no stratum holds units of both",
        ),
    ],
)
def test_data_that_bear_no_comparison_are_refused(
    columns: dict[str, Any], promise: dict[str, Any], says: str
) -> None:
    with pytest.raises(Problem, match=says):
        found({"variant": EVEN} | columns, replace(PROMISE, **promise))


def test_values_far_from_zero_keep_their_digits() -> None:
    rng = np.random.default_rng(2)
    away = rng.standard_normal(1000)
    near = found({"variant": EVEN, "spend": 10.0 + away}, PROMISE).effects[0].effect
    far = found({"variant": EVEN, "spend": 1e9 + away}, PROMISE).effects[0].effect
    assert 1e9 * far.estimate == pytest.approx(10.0 * near.estimate, rel=0.02)
    assert 1e9 * far.se == pytest.approx(10.0 * near.se, rel=0.02)


def test_groups_in_two_variants_void_the_test() -> None:
    columns = {"variant": EVEN, "spend": list(range(1000)), "town": [str(i // 4) for i in range(1000)]}
    told = found(columns, replace(PROMISE, cluster="town"))
    assert told.conclusion is Conclusion.INVALID
    assert next(check for check in told.checks if check.code == "torn_groups").passed is False
