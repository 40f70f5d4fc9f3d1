"""Tables of databases read by cursor: SQLite here, PostgreSQL where its server is at hand."""

import importlib
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
import pytest

from cmo.measures import Problem
from cmo.warehouse.connectors.protocol import Stream, since_of
from cmo.warehouse.connectors.sql import SqlConnector, text_of
from cmo.warehouse.engines import open_field
from cmo.warehouse.intake import read_sources
from cmo.warehouse.readout import ReadReport
from cmo.workspace import Workspace

Made = Callable[..., Workspace]
READ = "{cursor: updated_at, lookback_days: 2, key: [line]}"
SOURCES = f"""\
  orders:
    table: lines
    url: 'sqlite:///shop.db'
    columns: {{order_id: invoice, ordered_at: sold_at, revenue: amount}}
    read: {READ}
"""
TABLE = "CREATE TABLE lines (line INTEGER, invoice TEXT, sold_at TEXT, amount REAL, updated_at TEXT)"


def execute(workspace: Workspace, *statements: str) -> None:
    with closing(sqlite3.connect(workspace.folder / "shop.db")) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


def add(workspace: Workspace, line: int, amount: float, updated: str | None) -> None:
    at = "NULL" if updated is None else f"'{updated}'"
    execute(workspace, f"INSERT INTO lines VALUES ({line}, 'i{line}', '2026-01-01 09:00:00', {amount}, {at})")


def states(report: ReadReport) -> list[tuple[str, int]]:
    return [(one.state, one.rows_read) for one in report.sources]


def revenue(workspace: Workspace) -> list[float]:
    field = open_field(workspace)
    rows: list[dict[str, Any]] = field.collect(field.table("orders").order_by("line")).to_pylist()
    return [row["revenue"] for row in rows]


@pytest.fixture
def shop(made: Made) -> Workspace:
    workspace = made(SOURCES)
    execute(workspace, TABLE)
    for line in range(1, 11):
        add(workspace, line, float(line), f"2026-01-{line:02} 10:00:00")
    return workspace


def test_only_what_is_new_or_may_be_restated_is_read(shop: Workspace) -> None:
    assert states(read_sources(shop)) == [("new", 10)]
    assert states(read_sources(shop)) == [("unchanged", 0)]
    add(shop, 11, 11.0, "2026-01-11 08:00:00")
    execute(shop, "UPDATE lines SET amount = 20, updated_at = '2026-01-11 09:00:00' WHERE line = 2")
    assert states(read_sources(shop)) == [("appended", 5)]
    assert revenue(shop) == [1.0, 20.0, *map(float, range(3, 12))]
    assert states(read_sources(shop)) == [("unchanged", 0)]


def test_a_row_without_a_cursor_is_always_read(shop: Workspace) -> None:
    read_sources(shop)
    add(shop, 99, 5.0, None)
    read_sources(shop)
    assert revenue(shop)[-1] == 5.0
    assert states(read_sources(shop)) == [("unchanged", 0)]


def test_rows_that_need_a_key_and_have_none_are_refused(made: Made) -> None:
    workspace = made(SOURCES.replace(", key: [line]", ""))
    execute(workspace, TABLE)
    add(workspace, 1, 1.0, "2026-01-01 10:00:00")
    with pytest.raises(Problem, match="add key: and the columns that tell one row from another"):
        read_sources(workspace)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("key: [line]", "key: [nothing]"), "has no column nothing"),
        (("cursor: updated_at", "cursor: nothing"), "refused table lines .*nothing"),
        (("lookback_days: 2", "currency: USD"), "the amounts are in USD and the company counts in EUR"),
        (("table: lines", "table: rows"), "no such table: rows"),
    ],
)
def test_what_a_table_cannot_give_is_one_sentence(made: Made, change: tuple[str, str], says: str) -> None:
    workspace = made(SOURCES.replace(*change))
    execute(workspace, TABLE)
    add(workspace, 1, 1.0, "2026-01-01 10:00:00")
    with pytest.raises(Problem, match=says) as caught:
        read_sources(workspace)
    assert len(caught.value.sentences) == 1


def test_a_cursor_without_days_cannot_be_looked_back(made: Made) -> None:
    workspace = made(SOURCES.replace("cursor: updated_at", "cursor: line"))
    execute(workspace, TABLE)
    add(workspace, 1, 1.0, "2026-01-01 10:00:00")
    read_sources(workspace)
    with pytest.raises(Problem, match="lookback_days needs a cursor with days; line holds '1'"):
        read_sources(workspace)


def test_instants_are_read_in_the_zone_that_is_told(made: Made) -> None:
    workspace = made(SOURCES.replace("key: [line]", "key: [line], timezone: UTC"))
    execute(workspace, TABLE)
    add(workspace, 1, 1.0, "2026-01-01 10:00:00")
    read_sources(workspace)
    field = open_field(workspace)
    (row,) = field.collect(field.table("orders")).to_pylist()
    assert row["ordered_at"].isoformat() == "2026-01-01T10:00:00"


def test_values_are_written_in_one_way() -> None:
    assert [text_of(one, zone=None) for one in (1.0, 0.1, True, b"\x01", {"a": 1}, None)] == [
        "1",
        "0.1",
        "true",
        "01",
        '{"a": 1}',
        None,
    ]
    assert SqlConnector.spec()["properties"].keys() == {"table", "url", "read"}


@pytest.fixture
def postgres(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    (tmp_path / "run").mkdir(mode=0o700)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "run"))
    with tempfile.TemporaryDirectory(prefix="cmo-postgres-") as data:
        server = importlib.import_module("pgserver").get_server(data, cleanup_mode="stop")
        uri: str = server.get_uri()
        with psycopg.connect(uri, autocommit=True) as connection:
            connection.execute(
                "CREATE TABLE lines (line int, invoice text, sold_at timestamp, amount numeric, note json, "
                "updated_at timestamptz)"
            )
            connection.execute(
                "INSERT INTO lines SELECT i, 'i' || i, '2026-01-01 09:00', i, '{\"a\": 1}', "
                "timestamptz '2026-01-01 10:00+00' + make_interval(days => i) FROM generate_series(1, 10) i"
            )
        yield uri
        server.cleanup()


@pytest.mark.postgres
@pytest.mark.enable_socket
def test_postgresql_gives_the_same(made: Made, postgres: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOP_URL", postgres)
    read = READ.replace("key: [line]", "key: [line], timezone: UTC")
    workspace = made(SOURCES.replace("sqlite:///shop.db", "${SHOP_URL}").replace(READ, read))
    assert states(read_sources(workspace)) == [("new", 10)]
    assert states(read_sources(workspace)) == [("unchanged", 0)]
    assert revenue(workspace) == [float(line) for line in range(1, 11)]
    field = open_field(workspace)
    row = field.collect(field.table("orders").order_by("line")).to_pylist()[0]
    assert (row["ordered_at"].isoformat(), row["note"]) == ("2026-01-01T10:00:00", '{"a": 1}')
    wrong = postgres.replace("postgres:@", f"reader:{quote('n0t-the-password')}@")
    monkeypatch.setenv("SHOP_URL", wrong.replace("/postgres?", "/nowhere?"))
    with pytest.raises(Problem, match="the database refused table lines") as caught:
        read_sources(workspace)
    assert "n0t-the" not in str(caught.value)


@pytest.mark.parametrize(
    ("state", "lookback", "since"),
    [
        (None, 3, "2026-01-01"),
        ("2026-05-10", 3, "2026-05-07"),
        ("2026-05-10T08:00:00Z", 3, "2026-05-07T08:00:00Z"),
        ("2026-05-10 08:00:00.5+00:00", 0, "2026-05-10 08:00:00.500000+00:00"),
        ("2099-05-10", 1, "2026-06-29"),
        ("2099-05-10 08:00:00", 0, "2026-06-30 12:00:00"),
        ("42", 0, "42"),
    ],
)
def test_a_reading_begins_where_the_last_one_may_still_be_restated(
    state: str | None, lookback: int, since: str
) -> None:
    stream = Stream(
        name="s", suffix=".csv", cursor="c", lookback=timedelta(days=lookback), start="2026-01-01"
    )
    now = datetime(2026, 6, 30, 12, tzinfo=UTC)
    assert since_of(stream, state, where="here", now=now) == since
