from collections.abc import Mapping
from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from cmo.measures import MEASURES, Estimate, Grade, Unanswered, Window
from cmo.sales.evidence import MOST_SUBJECTS, OTHER, UNKNOWN, evidence
from cmo.warehouse.field import Field


def orders(columns: Mapping[str, list[object]]) -> Field:
    return Field.of_tables({"orders": pa.table(dict(columns))})


def a_shop(*, days: int = 60, **columns: list[object]) -> Field:
    """One order of two lines a day, 30 euros and 10 euros back, with extra columns of two values a day."""
    start = datetime.fromisoformat("2026-01-01T09:00:00")
    lines = [(f"o{i}", start + timedelta(days=i), amount) for i in range(days) for amount in (30.0, -10.0)]
    numbers, at, revenue = (list(column) for column in zip(*lines, strict=True))
    return orders({"order_id": numbers, "ordered_at": at, "revenue": revenue, **columns})


def answers(field: Field) -> dict[tuple[str, str], Estimate]:
    found = evidence(field, rng=np.random.default_rng(0))
    return {(one.measure, one.by): one for one in found if isinstance(one, Estimate)}


def reasons(field: Field) -> dict[str, Unanswered]:
    found = evidence(field, rng=np.random.default_rng(0))
    return {one.measure: one for one in found if isinstance(one, Unanswered)}


def test_lines_of_an_order_are_netted_before_their_luck_is_told() -> None:
    total = answers(a_shop())["sales.revenue", "total"]
    assert total.location[0] == 60 * 20.0
    assert total.draws.std() == pytest.approx(np.sqrt(60 * 20.0**2), rel=0.1)
    assert (total.unit.name, total.grade) == ("EUR", Grade.D)
    assert total.window == Window(start=date(2026, 1, 1), end=date(2026, 3, 1))


def test_orders_of_one_customer_are_one_piece_of_luck() -> None:
    found = answers(a_shop(customer_id=["ann", "ann", "bob", "bob"] * 30))["sales.revenue", "total"]
    assert found.location[0] == 60 * 20.0
    assert found.draws.std() == pytest.approx(np.sqrt(2 * (30 * 20.0) ** 2), rel=0.1)


def test_history_holds_the_complete_months_and_their_sums() -> None:
    history = answers(a_shop())["sales.revenue", "total"].history
    assert history is not None
    assert [period.as_list()[0] for period in history.periods] == ["2026-01-01", "2026-02-01"]
    np.testing.assert_allclose(history.location, [[620.0, 560.0]], rtol=0.05)
    assert history.cycle == 12


def test_regions_and_channels_add_up_to_the_total_in_every_draw() -> None:
    found = answers(
        a_shop(
            region=["north", "south"] * 60,
            sales_channel=["web", "web", "shop", "shop"] * 30,
            category=["a", None] * 60,
        )
    )
    total = found["sales.revenue", "total"]
    for by in ("region", "sales_channel", "category"):
        parts = found["sales.revenue", by]
        np.testing.assert_allclose(parts.draws.sum(axis=1), total.draws[:, 0], rtol=1e-5)
    assert found["sales.revenue", "region"].subjects == ("north", "south")
    assert found["sales.revenue", "region"].location.tolist() == [1800.0, -600.0]
    assert found["sales.revenue", "category"].subjects == ("a", UNKNOWN)


def test_small_subjects_are_gathered_and_named_last() -> None:
    n = MOST_SUBJECTS + 5
    at = [datetime.fromisoformat("2026-01-01T10:00:00")] * n
    field = orders(
        {
            "order_id": [f"o{i}" for i in range(n)],
            "ordered_at": at,
            "revenue": [100.0 - i for i in range(n)],
            "region": [f"r{i:02d}" for i in range(n)],
        }
    )
    found = answers(field)["sales.revenue", "region"]
    assert found.subjects[0] == "r00"
    assert found.subjects[-1] == OTHER
    assert len(found.subjects) == MOST_SUBJECTS + 1
    assert found.location[-1] == sum(100.0 - i for i in range(MOST_SUBJECTS, n))


def test_contribution_is_the_margin_of_the_lines_that_state_one() -> None:
    margin: list[object] = [9.0, -3.0] * 60
    margin[0] = None
    found = answers(a_shop(margin=margin))["sales.contribution", "total"]
    assert found.location[0] == 59 * 6.0 - 3.0
    assert [doubt.code for doubt in found.doubts] == ["margin_missing"]
    assert "1.2%" in found.doubts[0].says.en


def test_contribution_without_margins_names_the_column_that_would_tell() -> None:
    assert reasons(a_shop())["sales.contribution"].unlock == ("orders.margin",)
    mostly_missing: list[object] = [None] * 100 + [1.0] * 20
    assert "17%" in reasons(a_shop(margin=mostly_missing))["sales.contribution"].reason.en


def test_a_company_without_orders_is_told_so() -> None:
    found = reasons(Field.of_tables({}))
    assert set(found) == {"sales.revenue", "sales.contribution", "sales.forecast"}
    assert all(one.unlock == ("orders",) for one in found.values())


def test_a_window_without_orders_is_unanswered() -> None:
    empty = a_shop().during(Window(start=date(2030, 1, 1), end=date(2030, 12, 31)))
    assert set(reasons(empty)) == {"sales.revenue", "sales.contribution", "sales.forecast"}


def test_two_months_are_no_forecast_and_a_year_is_one() -> None:
    assert "sales.forecast" in reasons(a_shop(days=60))
    found = answers(a_shop(days=365))["sales.forecast", "month"]
    assert found.subjects[:2] == ("next_12_months", "2027-01")


def test_estimates_stay_within_the_vocabulary() -> None:
    columns: dict[str, list[object]] = {
        name: ["a", "b"] * 400 for name in ("region", "sales_channel", "category")
    }
    found = answers(a_shop(days=400, margin=[9.0, -3.0] * 400, **columns))
    for (name, by), estimate in found.items():
        assert by in MEASURES[name].by
        assert estimate.unit.name == MEASURES[name].unit_in("EUR")
    assert {name for name, _ in found} == {"sales.revenue", "sales.contribution", "sales.forecast"}


def test_the_same_data_and_seed_give_the_same_draws() -> None:
    one, other = (answers(a_shop())["sales.revenue", "total"] for _ in range(2))
    np.testing.assert_array_equal(one.draws, other.draws)


@pytest.mark.shared
@pytest.mark.slow
def test_a_real_ledger_agrees_to_the_cent_with_an_independent_query(shared: Path) -> None:
    path = shared / "data/online_retail_ii/online_retail_II.parquet"
    rows = pq.read_table(path)
    lines = pa.table(
        {
            "order_id": rows["invoice"],
            "customer_id": rows["customer_id"].cast(pa.string()),
            "ordered_at": rows["invoice_date"],
            "revenue": pc.multiply(rows["quantity"].cast(pa.float64()), rows["price"]),
            "region": rows["country"],
        }
    )
    found = answers(Field.of_tables({"orders": lines}))
    amount = "cast(quantity as decimal(18, 4)) * cast(price as decimal(18, 4))"
    whole = duckdb.sql(f"select sum({amount}) from '{path}'").fetchall()[0][0]
    assert round(found["sales.revenue", "total"].location[0], 2) == float(round(whole, 2))
    by_country = duckdb.sql(f"select country, sum({amount}) from '{path}' group by 1").fetchall()
    expected = {name: float(round(value, 2)) for name, value in by_country}
    regions = found["sales.revenue", "region"]
    assert {
        name: round(float(value), 2)
        for name, value in zip(regions.subjects, regions.location, strict=True)
        if name != OTHER
    }.items() <= expected.items()
    history = found["sales.revenue", "total"].history
    assert history is not None
    assert len(history.periods) == 24
