from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import ibis
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cmo.customers.summary import (
    STATE,
    days,
    history_cells,
    holdout_cells,
    merged_states,
    occasions,
    spending_cells,
    states,
)
from cmo.warehouse.field import Field

Line = tuple[str, str, float]  # customer, day, revenue


def orders(lines: list[Line], ids: list[str] | None = None) -> ibis.Table:
    field = Field.of_tables(
        {
            "orders": pa.table(
                {
                    "order_id": ids or [str(i) for i in range(len(lines))],
                    "customer_id": pa.array([line[0] for line in lines], pa.string()),
                    "ordered_at": [datetime.fromisoformat(line[1]) for line in lines],
                    "revenue": [line[2] for line in lines],
                }
            )
        }
    )
    return field.table("orders")


def rows(table: ibis.Table, *columns: str) -> list[tuple[Any, ...]]:
    found = table.to_pyarrow()
    return sorted(zip(*(found[column].to_pylist() for column in columns), strict=True))


@pytest.mark.shared
def test_summaries_are_those_of_the_published_cases(case: Callable[[str], dict[str, Any]]) -> None:
    for one in case("rfm_summary_small")["cases"]:
        lines = [(str(row[0]), row[1], float(row[2]) if len(row) > 2 else 10.0) for row in one["log"]]
        bought = occasions(orders(lines))
        if "expected" in one:
            end = date.fromisoformat(one.get("end", "2015-01-01"))
            start = min(date.fromisoformat(line[1][:10]) for line in lines)
            found = states(bought).to_pyarrow().sort_by("customer_id").to_pylist()
            summary = [
                [int(of["customer_id"]), of["n_occasions"] - 1, (of["last_on"] - of["first_on"]).days,
                 (end - of["first_on"]).days]
                for of in found
            ]  # fmt: skip
            assert summary == one["expected"]
            cells = history_cells(states(bought), start=start).to_pyarrow()
            assert sum(cells["customers"].to_pylist()) == len(one["expected"])
        if "expected_mean_repeat_value" in one:
            (of,) = states(bought).to_pyarrow().to_pylist()
            mean = (of["total"] - of["first_amount"]) / (of["n_occasions"] - 1)
            assert mean == one["expected_mean_repeat_value"]
        if "expected_holdout" in one:
            cut, until = date.fromisoformat(one["calibration_end"]), date.fromisoformat(one["end"])
            cells = holdout_cells(bought, start=date(2015, 1, 1), cut=cut, until=until).to_pyarrow()
            assert sum(cells["customers"].to_pylist()) == 5
            assert sum(np.array(cells["customers"]) * np.array(cells["later"])) == 1


def test_a_cancelled_line_is_netted_on_its_order_and_a_refunded_order_is_no_purchase() -> None:
    lines = [
        ("a", "2024-01-01", 30.0),
        ("a", "2024-01-01", -10.0),
        ("a", "2024-01-05", -20.0),
        ("", "2024-01-05", 9.0),
    ]
    assert rows(occasions(orders(lines, ["1", "1", "2", "3"])), "customer_id", "amount") == [("a", 20.0)]


def test_orders_after_the_last_day_are_not_seen() -> None:
    bought = occasions(
        orders([("a", "2024-01-01 23:59:00", 1.0), ("a", "2024-01-02 00:00:00", 1.0)]), until=date(2024, 1, 1)
    )
    assert rows(states(bought), "customer_id", "n_occasions") == [("a", 1)]
    assert rows(days(bought, start=date(2023, 12, 31)), "day", "n") == [(1, 1)]


purchases = st.lists(
    st.tuples(st.sampled_from("abcd"), st.integers(1, 9), st.integers(1, 40)), min_size=1, max_size=25
)


@given(purchases, st.integers(1, 9))
@settings(max_examples=8, deadline=None)
def test_tomorrow_costs_only_tomorrows_orders(log: list[tuple[str, int, int]], cut: int) -> None:
    lines = [(name, f"2024-03-{day:02d}", float(amount)) for name, day, amount in log]
    early = [line for i, line in enumerate(lines) if log[i][1] < cut or (log[i][1] == cut and i % 2)]
    late = [line for i, line in enumerate(lines) if log[i][1] > cut or (log[i][1] == cut and not i % 2)]
    if not early or not late:
        return
    con = ibis.duckdb.connect()
    before = con.create_table("before", states(occasions(orders(early))).to_pyarrow())
    after = con.create_table("after", states(occasions(orders(late))).to_pyarrow())
    whole = states(occasions(orders(lines)))
    assert rows(merged_states(before, after), *STATE) == rows(whole, *STATE)


def test_cells_keep_customers_and_money_by_channel() -> None:
    lines = [
        ("a", "2024-01-01", 5.0),
        ("a", "2024-01-03", 7.0),
        ("b", "2024-01-01", 5.0),
        ("b", "2024-01-03", 9.0),
    ]
    held = states(occasions(orders(lines))).mutate(channel=ibis.literal("tv"))
    cells = history_cells(held, start=date(2024, 1, 1), by=("channel",))
    assert rows(cells, "channel", "frequency", "first", "last", "customers", "total") == [
        ("tv", 1, 0, 2, 2, 16.0)
    ]
    assert rows(spending_cells(held, by=("channel",)), "frequency", "customers", "total") == [
        (1, 1, 7.0),
        (1, 1, 9.0),
    ]
