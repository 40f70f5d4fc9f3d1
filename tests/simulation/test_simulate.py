import json
import math
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
from python_calamine import CalamineWorkbook
from ruamel.yaml import YAML

from cmo.simulation import Simulated, World, simulate, world_ending
from cmo.simulation.simulate import write_company
from cmo.simulation.workspace import History, tables_of, write_config
from cmo.strategy.document import Strategy
from cmo.warehouse.tables import TABLES, Kind

DUCKDB_KINDS = {
    Kind.TEXT: {"VARCHAR", "BIGINT"},
    Kind.NUMBER: {"DOUBLE", "BIGINT", "INTEGER", "HUGEINT"},
    Kind.DAY: {"DATE"},
    Kind.INSTANT: {"TIMESTAMP", "DATE"},
    Kind.FLAG: {"BIGINT", "BOOLEAN"},
}


def _yaml(path: Path) -> dict[str, Any]:
    return dict(YAML(typ="safe").load(path.read_text(encoding="utf-8")))


def _select(workspace: Path, name: str) -> duckdb.DuckDBPyRelation:
    """A source as cmo.yaml describes it, spoilt rows left out."""
    source = _yaml(workspace / "cmo.yaml")["sources"][name]
    path = workspace / source["path"]
    if path.suffix == ".parquet":
        columns = ", ".join(f"{said} AS {canonical}" for canonical, said in source["columns"].items())
        return duckdb.sql(f"SELECT {columns} FROM '{path}' WHERE prix_unitaire IS NOT NULL")
    spoilt = {"feedback": "feedback_id LIKE 'FX%'", "touchpoints": "person_id LIKE 'VX%'"}
    if name in spoilt:
        clean = f"SELECT * FROM read_csv('{path}', all_varchar = true) WHERE NOT {spoilt[name]}"
        return duckdb.sql(f'SELECT * REPLACE (CAST("at" AS TIMESTAMP) AS "at") FROM ({clean})')
    return duckdb.sql(f"SELECT * FROM read_csv('{path}', sample_size = -1)")


@pytest.mark.parametrize("name", [name for name in TABLES if name != "price_survey"])
def test_every_table_has_the_columns_of_the_contract(simulated: Simulated, name: str) -> None:
    relation = _select(simulated.workspace, name)
    types = dict(zip(relation.columns, map(str, relation.types), strict=True))
    assert set(TABLES[name].required) <= set(types)
    for column in TABLES[name].columns:
        if column.name in types and name not in {"feedback", "touchpoints"}:
            assert types[column.name] in DUCKDB_KINDS[column.kind], column.name
    for required in TABLES[name].required:
        assert relation.filter(f'"{required}" IS NULL').aggregate("count(*)").fetchone() == (0,), required


def test_the_price_survey_is_a_workbook(simulated: Simulated) -> None:
    workbook = CalamineWorkbook.from_path(str(simulated.workspace / "data" / "price_survey.xlsx"))
    rows = workbook.get_sheet_by_index(0).to_python()
    assert rows[0] == [
        "respondent_id", "too_cheap", "cheap", "expensive", "too_expensive", "product", "segment"
    ]  # fmt: skip
    assert len(rows) == 621
    assert all(isinstance(value, float) for row in rows[1:] for value in row[1:5])


def test_orders_and_outcomes_agree_to_the_cent(simulated: Simulated) -> None:
    orders = _select(simulated.workspace, "orders")
    outcomes = _select(simulated.workspace, "outcomes")
    differing = duckdb.sql(
        """
        WITH booked AS (
            SELECT date_trunc('week', ordered_at)::DATE AS week, region, sum(revenue) AS revenue
            FROM orders GROUP BY ALL)
        SELECT count(*) FROM outcomes LEFT JOIN booked
            ON outcomes.date = booked.week AND outcomes.region = booked.region
        WHERE kpi = 'revenue' AND abs(coalesce(booked.revenue, 0) - value) > 0.005
        """
    ).fetchone()
    assert differing == (0,)
    assert orders.shape[0] > 1_000
    assert outcomes.filter("kpi = 'new_customers'").aggregate("sum(value)").fetchone() > (100,)


def test_spoilt_rows_are_as_many_as_the_truth_says(simulated: Simulated) -> None:
    refused = json.loads(simulated.truth.read_text())["refused_rows"]
    data = simulated.workspace / "data"
    lost = duckdb.sql(f"SELECT count(*) FROM '{data}/orders.parquet' WHERE prix_unitaire IS NULL").fetchone()
    unread = {
        name: duckdb.sql(
            f"SELECT count(*) FROM read_csv('{data}/{name}.csv', all_varchar = true) "
            'WHERE try_cast("at" AS TIMESTAMP) IS NULL'
        ).fetchone()
        for name in ("feedback", "touchpoints")
    }
    assert {"orders": lost, **unread} == {name: (count,) for name, count in refused.items()}


def test_the_truth_stays_outside_the_workspace(simulated: Simulated) -> None:
    assert not simulated.truth.is_relative_to(simulated.workspace)
    words = ("truth", "counterfactual", "incremental")
    for path in simulated.workspace.rglob("*"):
        assert not any(word in path.name for word in words)
        if path.suffix in {".yaml", ".csv"}:
            assert not any(word in path.read_text(encoding="utf-8") for word in words)


def test_a_truth_inside_the_workspace_is_refused(small_world: World, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="lies inside the workspace"):
        write_company(small_world, tmp_path / "lumen", truth=tmp_path / "lumen" / "data" / "truth.json")


@pytest.mark.parametrize(("years", "scale"), [(0, 1.0), (3, 0.0)])
def test_a_company_without_years_or_people_is_refused(tmp_path: Path, years: int, scale: float) -> None:
    with pytest.raises(ValueError, match="must be"):
        simulate(tmp_path / "lumen", years=years, scale=scale, end=date(2026, 1, 1))


def test_the_same_seed_gives_the_same_bytes_and_another_does_not(small_world: World, tmp_path: Path) -> None:
    short = replace(small_world, weeks=56, past=6, habits=2)
    made = [write_company(short, tmp_path / str(n) / "lumen") for n in range(2)]
    other = write_company(replace(short, seed=6), tmp_path / "other" / "lumen")
    contents = [
        {p.relative_to(one.workspace): p.read_bytes() for p in one.workspace.rglob("*.*") if p.is_file()}
        for one in (*made, other)
    ]
    assert contents[0] == contents[1]
    assert made[0].truth.read_bytes() == made[1].truth.read_bytes()
    same = [path for path in contents[0] if contents[0][path] == contents[2][path]]
    assert {path.name for path in same} <= {"cmo.yaml"}


def test_the_data_ends_with_the_last_full_week() -> None:
    world = world_ending(date(2026, 11, 18), seed=1, years=3)
    assert world.start == date(2023, 11, 20)
    assert world.weeks == 156


def test_the_strategy_is_one_that_cmo_accepts(simulated: Simulated) -> None:
    strategy = Strategy.model_validate(_yaml(simulated.workspace / "strategy.yaml"))
    assert len(strategy.beliefs) >= 14
    assert all(belief.owner and belief.confidence is not None for belief in strategy.beliefs)
    assert all(belief.says.fr != belief.says.en for belief in strategy.beliefs)
    assert {test.kind for test in strategy.tests} == {"geo", "split", "ab"}


def test_every_number_of_the_truth_is_finite(simulated: Simulated) -> None:
    truth = json.loads(simulated.truth.read_text())
    for name, fact in truth["measures"].items():
        for subject, value in fact["values"].items():
            assert value is not None, (name, subject)
            assert math.isfinite(value), (name, subject)


def test_an_english_company_speaks_english(history: History, tmp_path: Path) -> None:
    tables = tables_of(history, language="en")
    write_config(tmp_path, history.market, tables, language="en")
    assert _yaml(tmp_path / "cmo.yaml")["company"]["language"] == "en"
    assert "Christmas" in tables["events"]["name"].to_pylist()
    assert any("evening" in title for title in tables["content"]["title"].to_pylist())
