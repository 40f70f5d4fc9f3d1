"""The same figures from Spark as from DuckDB, over the same parts."""

import os
from collections.abc import Callable
from datetime import date

import ibis
import pyarrow as pa
import pytest

from cmo.measures import Problem, Window
from cmo.warehouse.engines import open_field
from cmo.warehouse.field import Field
from cmo.warehouse.intake import read_sources
from cmo.workspace import Workspace

Made = Callable[..., Workspace]

ORDERS = "order_id,ordered_at,revenue,customer_id,basket\n" + "".join(
    f"o{at // 2},2026-{1 + at % 9:02d}-{1 + at % 28:02d} 23:30:00,{at * 1.1:.2f},c{at % 7},{at % 3}\n"
    for at in range(200)
)
MORE = "order_id,ordered_at,revenue,customer_id,colour\no900,2026-10-01 00:00:00,-5,c1,red\n"


def counted(field: Field) -> list[pa.Table]:
    orders = field.table("orders")
    month = orders.ordered_at.truncate("M").cast("date")
    by_month = orders.group_by(month=month).aggregate(n=orders.count(), revenue=orders.revenue.sum())
    per = orders.group_by("customer_id").aggregate(
        n=orders.order_id.nunique(),
        first=orders.ordered_at.min(),
        mean=orders.revenue.sum() / orders.count().cast("float64"),
    )
    cut = field.during(Window(start=date(2026, 2, 1), end=date(2026, 2, 28))).table("orders")
    return [
        field.collect(by_month.order_by("month")),
        field.collect(per.order_by("customer_id")),
        field.collect(
            cut.aggregate(n=cut.count(), revenue=cut.revenue.sum(), red=(cut.colour == "red").sum())
        ),
    ]


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_spark_counts_what_duckdb_counts(made: Made, sail: str) -> None:
    workspace = made("  orders: {path: 'a*.csv'}\n", a1__csv=ORDERS, a2__csv=MORE)
    read_sources(workspace)
    here = counted(open_field(workspace))
    text = (workspace.folder / "cmo.yaml").read_text()
    (workspace.folder / "cmo.yaml").write_text(f"engine: {sail}\n{text}")
    there = counted(open_field(Workspace.open(workspace.folder)))
    for ours, theirs in zip(here, there, strict=True):
        assert ours.column_names == theirs.column_names
        for name in ours.column_names:
            left, right = ours[name].to_pylist(), theirs[name].to_pylist()
            assert right == (pytest.approx(left) if isinstance(left[0], float) else left)


@pytest.mark.filterwarnings("ignore")
def test_a_server_that_is_not_there_is_said(made: Made) -> None:
    pytest.importorskip("pyspark")
    workspace = made("  orders: {path: 'a*.csv'}\n", a1__csv=ORDERS)
    read_sources(workspace)
    text = (workspace.folder / "cmo.yaml").read_text()
    (workspace.folder / "cmo.yaml").write_text(f"engine: sc://127.0.0.1:1\n{text}")
    with pytest.raises(Problem, match="cannot be reached"):
        open_field(Workspace.open(workspace.folder))


def test_parts_of_differing_columns_make_one_table(made: Made) -> None:
    workspace = made("  orders: {path: 'a*.csv'}\n", a1__csv=ORDERS, a2__csv=MORE)
    read_sources(workspace)
    field = open_field(workspace)
    assert field.columns("orders") == ("order_id", "ordered_at", "revenue", "customer_id", "basket", "colour")
    assert field.as_of == date(2026, 10, 1)
    orders = field.table("orders")
    got = field.collect(
        orders.aggregate(basket=orders.basket.count(), colour=orders.colour.count())
    ).to_pylist()
    assert got == [{"basket": 200, "colour": 1}]


def test_nothing_but_the_warehouse_can_be_read_through_a_field(made: Made) -> None:
    workspace = made("  orders: {path: 'a*.csv'}\n", a1__csv=ORDERS)
    read_sources(workspace)
    backend = ibis.get_backend(open_field(workspace).table("orders"))
    with pytest.raises(Exception, match="Permission"):
        backend.raw_sql(f"SELECT * FROM read_csv('{workspace.folder / 'a1.csv'}')")


def test_a_field_before_the_first_reading_is_said(made: Made) -> None:
    with pytest.raises(Problem, match="no source was read yet"):
        open_field(made("  orders: {path: 'a*.csv'}\n", a1__csv=ORDERS))


def test_answers_without_a_day_are_of_the_day_their_file_was_written(made: Made) -> None:
    answers = "respondent_id,task_id,alternative,chosen,price\nr1,1,a,1,3\nr1,1,b,0,4\n"
    workspace = made("  choices: {path: c.csv}\n", c__csv=answers)
    os.utime(workspace.folder / "c.csv", (1_777_000_000, 1_777_000_000))
    read_sources(workspace)
    assert open_field(workspace).as_of == date(2026, 4, 24)
