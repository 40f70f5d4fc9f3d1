"""The same figures from an embedded engine and from a cluster's: DuckDB and Spark Connect."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import ibis
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyspark.sql import SparkSession

from cmo.customers.evidence import counted as customers
from cmo.measures import Estimate, Unanswered
from cmo.sales.evidence import evidence as sales
from cmo.warehouse.field import Field, Shelf, canonical_table, in_canonical_types, span_of
from cmo.warehouse.health import health
from cmo.workspace.company import Company

pytestmark = [pytest.mark.enable_socket, pytest.mark.slow]

PARTS = 3
Answers = list[Estimate | Unanswered]


@dataclass(frozen=True, slots=True, kw_only=True)
class Engines:
    """The same parquet parts, seen by two engines."""

    duckdb: Field
    spark: Field


def made_up_orders(rng: np.random.Generator, *, n: int) -> pa.Table:
    """Two years and two months of order lines: refunds, cancellations, unknown customers and places."""
    order = np.sort(rng.integers(0, n // 3, n))
    minutes = np.sort(rng.integers(0, 790 * 1440, n // 3))
    start = datetime.fromisoformat("2023-11-03T00:00:00")
    at = [start + timedelta(minutes=int(minutes[i])) for i in order]
    customer = rng.integers(0, 400, n // 3)[order]
    revenue = np.round(rng.lognormal(3, 1, n) * np.where(rng.random(n) < 0.05, -1, 1), 2)
    places = np.array(["Lyon", "Lille", "Paris"])
    return pa.table(
        {
            "order_id": [f"o{i}" for i in order],
            "ordered_at": pa.array(at, pa.timestamp("us")),
            "revenue": revenue,
            "customer_id": [None if i < 30 else f"c{i}" for i in customer],
            "margin": [
                None if i % 50 == 0 else float(value) for i, value in enumerate(np.round(0.3 * revenue, 2))
            ],
            "category": [["shirts", "shoes", None][i % 3] for i in range(n)],
            "region": [None if i % 11 == 0 else str(places[i % 3]) for i in order],
            "sales_channel": [["web", "shop"][int(i) % 2] for i in order],
        }
    )


def made_up_tables(rng: np.random.Generator) -> dict[str, pa.Table]:
    days = [date.fromisoformat("2024-01-01") + timedelta(days=i) for i in range(120) if i % 17]
    spend = np.round(rng.lognormal(4, 0.3, len(days)), 2) * np.where(np.arange(len(days)) > 60, 100.0, 1.0)
    return {
        "orders": made_up_orders(rng, n=4000),
        "customers": pa.table({"customer_id": [f"c{i}" for i in range(30, 380)], "country": ["FR"] * 350}),
        "media": pa.table({"date": days, "channel": ["tv"] * len(days), "spend": spend}),
    }


def field_on(engine: ibis.BaseBackend, folder: Path, names: list[str]) -> Field:
    shelves = {}
    for name in names:
        canonical = canonical_table(name)
        table = in_canonical_types(engine.read_parquet(str(folder / name)), canonical)
        shelves[name] = Shelf(table=table, fingerprint=name, span=span_of(table, canonical))
    return Field(company=Company(name="Company"), shelves=shelves)


@pytest.fixture(scope="module")
def engines(sail: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engines]:
    folder = tmp_path_factory.mktemp("parts")
    tables = made_up_tables(np.random.default_rng(7))
    for name, table in tables.items():
        (folder / name).mkdir()
        size = -(-table.num_rows // PARTS)
        for part in range(PARTS):
            pq.write_table(table.slice(part * size, size), folder / name / f"part-{part}.parquet")
    spark = SparkSession.builder.remote(sail).config("spark.sql.session.timeZone", "UTC").create()
    try:
        duck = ibis.duckdb.connect()
        yield Engines(
            duckdb=field_on(duck, folder, list(tables)),
            spark=field_on(ibis.pyspark.connect(spark), folder, list(tables)),
        )
    finally:
        spark.stop()


@pytest.fixture(scope="module")
def answers(engines: Engines) -> tuple[Answers, Answers]:
    """What both providers say on DuckDB and on Spark."""
    here, there = (
        [*sales(field, rng=np.random.default_rng(1)), *customers(field, rng=np.random.default_rng(2))]
        for field in (engines.duckdb, engines.spark)
    )
    return here, there


def test_every_figure_is_the_same_on_both_engines(answers: tuple[Answers, Answers]) -> None:
    for one, other in zip(*answers, strict=True):
        if isinstance(one, Unanswered) or isinstance(other, Unanswered):
            assert one == other, "one engine answers where the other does not"
            continue
        assert (one.measure, one.by, one.subjects) == (other.measure, other.by, other.subjects)
        np.testing.assert_allclose(other.location, one.location, rtol=1e-9)
        np.testing.assert_allclose(other.draws, one.draws, rtol=1e-6, atol=1e-9)
        assert (one.history is None) == (other.history is None)
        if one.history is not None and other.history is not None:
            np.testing.assert_allclose(other.history.location, one.history.location, rtol=1e-9, atol=1e-9)


def test_health_is_the_same_on_both_engines(engines: Engines) -> None:
    today = date.fromisoformat("2026-01-01")
    assert health(engines.spark, today=today) == health(engines.duckdb, today=today)
