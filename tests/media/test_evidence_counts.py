"""The counts of the media room are the same from an embedded engine and from Spark Connect."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import ibis
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyspark.sql import SparkSession

from cmo.media.evidence_counts import count_paths, count_weeks
from cmo.warehouse.field import Field, Shelf, canonical_table, in_canonical_types, span_of
from cmo.workspace.company import Company

pytestmark = [pytest.mark.enable_socket, pytest.mark.slow]

DAYS = [date(2024, 1, 1) + timedelta(days=i) for i in range(7 * 60)]
REGIONS = ("north", "south")


def made_up_tables() -> dict[str, pa.Table]:
    rng = np.random.default_rng(0)
    rows = [(day, region) for day in DAYS for region in REGIONS]
    people = rng.integers(0, 200, 3000)
    at = [datetime.fromisoformat("2024-01-01T08:00:00") + timedelta(minutes=17 * int(i)) for i in range(3000)]
    return {
        "outcomes": pa.table(
            {
                "date": [day for day, _ in rows],
                "region": [region for _, region in rows],
                "value": rng.lognormal(5, 0.2, len(rows)),
                "population": [900.0 if region == "north" else 300.0 for _, region in rows],
                "value_per_unit": [0.4] * len(rows),
            }
        ),
        "media": pa.table(
            {
                "date": [day for day, _ in rows],
                "region": [region for _, region in rows],
                "channel": [("tv", "search", "radio")[i % 3] for i in range(len(rows))],
                "spend": rng.lognormal(3, 1, len(rows)),
                "impressions": rng.lognormal(7, 1, len(rows)),
            }
        ),
        "context": pa.table(
            {"date": DAYS, "name": ["price"] * len(DAYS), "value": rng.normal(10, 1, len(DAYS))}
        ),
        "events": pa.table({"date": DAYS[50:52], "name": ["strike", "strike"], "end": DAYS[53:55]}),
        "touchpoints": pa.table(
            {
                "person_id": [f"p{i}" for i in people],
                "at": pa.array(at, pa.timestamp("us")),
                "channel": [("tv", "search", "mail")[int(i)] for i in rng.integers(0, 3, 3000)],
                "converted": rng.random(3000) < 0.1,
            }
        ),
    }


def field_on(engine: ibis.BaseBackend, folder: Path) -> Field:
    shelves = {}
    for name in made_up_tables():
        canonical = canonical_table(name)
        table = in_canonical_types(engine.read_parquet(str(folder / f"{name}.parquet")), canonical)
        shelves[name] = Shelf(table=table, fingerprint=name, span=span_of(table, canonical))
    return Field(company=Company(name="Company"), shelves=shelves)


@pytest.fixture(scope="module")
def fields(sail: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Field, Field]]:
    folder = tmp_path_factory.mktemp("media")
    for name, table in made_up_tables().items():
        pq.write_table(table, folder / f"{name}.parquet")
    spark = SparkSession.builder.remote(sail).config("spark.sql.session.timeZone", "UTC").create()
    try:
        yield field_on(ibis.duckdb.connect(), folder), field_on(ibis.pyspark.connect(spark), folder)
    finally:
        spark.stop()


def test_weeks_are_the_same_on_both_engines(fields: tuple[Field, Field]) -> None:
    here, there = (count_weeks(field) for field in fields)
    assert (here.weeks, here.events, here.margin) == (there.weeks, there.events, pytest.approx(there.margin))
    for one, other in (
        (here.outcomes, there.outcomes),
        (here.spend, there.spend),
        (here.context, there.context),
    ):
        assert list(one) == list(other)
        for subject, values in one.items():
            np.testing.assert_allclose(other[subject], values, rtol=1e-9)
    assert here.panel is not None
    assert there.panel is not None
    assert here.panel.names == there.panel.names == REGIONS
    np.testing.assert_allclose(here.panel.heads, [900, 300])
    np.testing.assert_allclose(there.panel.exposure["tv"], here.panel.exposure["tv"], rtol=1e-9)


def test_paths_are_the_same_on_both_engines(fields: tuple[Field, Field]) -> None:
    here, there = (count_paths(field) for field in fields)
    assert here is not None
    assert there is not None
    assert here.channels == there.channels == tuple(sorted(here.channels))
    for name in ("steps", "starts", "converted", "lost"):
        np.testing.assert_array_equal(getattr(here, name), getattr(there, name))
    assert here.converted.sum() > 100


def test_regions_add_up_to_the_nation(fields: tuple[Field, Field]) -> None:
    weekly = count_weeks(fields[0])
    assert weekly.panel is not None
    np.testing.assert_allclose(weekly.panel.outcomes["revenue"].sum(axis=0), weekly.outcomes["revenue"])
    assert weekly.margin == pytest.approx(0.4)
