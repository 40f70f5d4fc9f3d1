from datetime import date, datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest

from cmo.customers.evidence import valued as evidence
from cmo.customers.lifetime_evidence import lifetime
from cmo.measures import DRAWS, MEASURES, Estimate, Grade, Unanswered
from cmo.warehouse.field import Field

START = date(2022, 1, 1)


@pytest.fixture(scope="module")
def answers(world: tuple[Field, dict[str, float]]) -> dict[tuple[str, str], Estimate]:
    field, _ = world
    found = lifetime(field, rng=np.random.default_rng(1))
    assert not [one for one in found if isinstance(one, Unanswered)]
    return {(one.measure, one.by): one for one in found if isinstance(one, Estimate)}


def test_equity_of_each_channel_holds_what_it_brought(
    world: tuple[Field, dict[str, float]], answers: dict[tuple[str, str], Estimate]
) -> None:
    _, later = world
    equity = answers["customers.equity", "acquisition_channel"]
    for channel, brought in later.items():
        assert equity.figure(channel).value == pytest.approx(brought, rel=0.15)
    assert equity.figure("search").low > equity.figure("social").high


def test_parts_add_up_draw_by_draw(answers: dict[tuple[str, str], Estimate]) -> None:
    total = answers["customers.equity", "total"].draws[:, 0]
    for by in ("segment", "acquisition_channel"):
        np.testing.assert_allclose(answers["customers.equity", by].draws.sum(axis=1), total, rtol=1e-4)
    clv = answers["customers.clv", "total"].draws[:, 0]
    np.testing.assert_allclose(total / clv, (total / clv)[0], rtol=1e-4)


def test_the_better_channel_returns_more_per_unit_of_spend(answers: dict[tuple[str, str], Estimate]) -> None:
    ratio = answers["customers.clv_to_cac", "acquisition_channel"]
    worth = ratio.draws[:, ratio.column("search")] > ratio.draws[:, ratio.column("social")]
    assert worth.mean() > 0.95
    cost = answers["customers.cac", "acquisition_channel"]
    assert cost.figure("search").value == pytest.approx(40_000 / 750, rel=0.12)


def test_every_measure_is_told_in_its_unit_with_method_and_doubts(
    answers: dict[tuple[str, str], Estimate],
) -> None:
    for (measure, by), one in answers.items():
        assert by in MEASURES[measure].by
        assert one.unit.name == MEASURES[measure].unit_in("EUR")
        assert one.draws.shape[0] == DRAWS
        assert one.method.en != one.method.fr
        assert one.grade == (Grade.D if measure == "customers.cac" else Grade.C)
    assert "carried forward" in answers["customers.clv", "total"].method.en


def test_segments_are_told_apart_by_value(answers: dict[tuple[str, str], Estimate]) -> None:
    clv = answers["customers.clv", "segment"]
    assert clv.figure("champions").value > clv.figure("regulars").value > clv.figure("lost").value


def test_a_short_log_is_refused_with_the_reason() -> None:
    day = datetime.combine(START, datetime.min.time())
    rows = {
        "order_id": [str(i) for i in range(60)],
        "customer_id": [str(i % 20) for i in range(60)],
        "ordered_at": [day + timedelta(days=i) for i in range(60)],
        "revenue": [10.0] * 60,
    }
    found = evidence(Field.of_tables({"orders": pa.table(rows)}), rng=np.random.default_rng(0))
    refused = {one.measure: one.reason.en for one in found if isinstance(one, Unanswered)}
    assert "270 days" in refused["customers.clv"]
    assert "media spend" in refused["customers.cac"]


def test_orders_of_nobody_value_nobody() -> None:
    rows = {"order_id": ["1"], "ordered_at": [datetime.combine(START, datetime.min.time())], "revenue": [1.0]}
    found = evidence(Field.of_tables({"orders": pa.table(rows)}), rng=np.random.default_rng(0))
    refused = {one.measure for one in found if isinstance(one, Unanswered)}
    assert {"customers.clv", "customers.equity", "customers.cac", "customers.clv_to_cac"} <= refused


@pytest.mark.parametrize("never", ["returns", "leaves"])
def test_a_world_without_return_or_without_leaving_is_refused(never: str, rng: np.random.Generator) -> None:
    midnight = datetime.combine(START, datetime.min.time())
    gap = 1_000.0 if never == "returns" else 30.0
    rows: dict[str, list[object]] = {"order_id": [], "customer_id": [], "ordered_at": [], "revenue": []}
    for customer in range(150):
        at = float(rng.uniform(0, 300))
        while at < 600:
            rows["order_id"].append(f"{customer}-{at}")
            rows["customer_id"].append(str(customer))
            rows["ordered_at"].append(midnight + timedelta(days=at))
            rows["revenue"].append(10.0)
            at += gap * float(rng.gamma(1.0)) + (gap if never == "returns" else 0)
    field = Field.of_tables({"orders": pa.table(rows)})
    found = lifetime(field, rng=rng)
    reasons = {one.measure: one.reason.en for one in found if isinstance(one, Unanswered)}
    assert "customers.clv" in reasons
