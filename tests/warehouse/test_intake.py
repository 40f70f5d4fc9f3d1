"""Sources read into the warehouse: what is kept, what is refused, what it costs."""

import gzip
import sqlite3
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from cmo.measures import Window
from cmo.warehouse.engines import open_field
from cmo.warehouse.intake import read_sources
from cmo.warehouse.readout import ReadReport
from cmo.workspace import Workspace

Made = Callable[..., Workspace]
MEDIA = "  media: {path: 'a*'}\n"


def rows(workspace: Workspace, table: str = "media") -> list[dict[str, Any]]:
    field = open_field(workspace)
    got = field.collect(field.table(table)).to_pylist()
    return sorted(got, key=repr)


def counts(report: ReadReport) -> tuple[int, int, int]:
    return report.total("rows_in"), report.total("rows_kept"), report.total("rows_refused")


TV = {"date": date(2026, 3, 13), "channel": "tv", "spend": 1234.5}

WRITTEN: dict[str, bytes] = {
    "utf-8": b"date,channel,spend\n2026-03-13,tv,1234.5\n",
    "utf-8 with a mark": "date,channel,spend\n2026-03-13,tv,1234.5\n".encode("utf-8-sig"),
    "utf-16": "date\tchannel\tspend\n2026-03-13\ttv\t1234.5\n".encode("utf-16"),
    "utf-16 without a mark": "date\tchannel\tspend\n2026-03-13\ttv\t1234.5\n".encode("utf-16-le"),
    "utf-32": "date,channel,spend\n2026-03-13,tv,1234.5\n".encode("utf-32"),
    "windows lines": b"date,channel,spend\r\n2026-03-13,tv,1234.5\r\n",
    "old mac lines": b"date,channel,spend\r2026-03-13,tv,1234.5\r",
    "no last line end": b"date,channel,spend\n2026-03-13,tv,1234.5",
    "semicolons and commas": b"Date;Channel;Spend\n13/03/2026;tv;1234,5\n",
    "grouped by points": b"Date;Channel;Spend\n13.03.2026;tv;1.234,50\n",
    "grouped by a narrow space": "Date;Channel;Spend\n13/03/2026;tv;1\u202f234,50 €\n".encode(),
    "grouped by a hard space in cp1252": "Date;Channel;Spend\n13/03/2026;tv;1\u00a0234,50\n".encode("cp1252"),
    "grouped by commas": 'Date,Channel,Spend\n03/13/2026,tv,"€1,234.50"\n'.encode(),
    "pipes": b"DATE|CHANNEL|SPEND\n2026/03/13|tv|1234.50\n",
    "compact day": b"date,channel,spend\n20260313,tv,1234.5\n",
    "an instant in UTC": b"date,channel,spend\n2026-03-12T23:30:00Z,tv,1234.5\n",
    "an instant with an offset": b"date,channel,spend\n2026-03-13 01:00:00 +0200,tv,1234.5\n",
    "empty lines": b"\n\ndate,channel,spend\n\n2026-03-13,tv,1234.5\n\n,,\n",
    "spaces around": b"date , channel , spend\n 2026-03-13 , tv , 1234.5 \n",
    "a comma after each row": b"date,channel,spend\n2026-03-13,tv,1234.5,\n",
    "quoted": b'"date","channel","spend"\n"2026-03-13","tv","1234.5"\n',
    "gzipped": gzip.compress(b"date,channel,spend\n2026-03-13,tv,1234.5\n"),
    "json lines": b'{"date": "2026-03-13", "channel": "tv", "spend": 1234.5}\n\n',
    "json lines gzipped": gzip.compress(b'{"date": "2026-03-13", "channel": "tv", "spend": 1234.5}\n'),
    "a json list": b'[{"date": "2026-03-13", "channel": "tv", "spend": 1234.5}]',
}


@pytest.mark.parametrize("content", WRITTEN.values(), ids=WRITTEN)
def test_every_way_of_writing_gives_the_same_row(made: Made, content: bytes) -> None:
    workspace = made(MEDIA, a__csv=content)
    assert counts(read_sources(workspace)) == (1, 1, 0)
    assert rows(workspace) == [TV]


def test_a_cell_without_a_report_is_never_zero(made: Made) -> None:
    text = "date,channel,spend,clicks\n2026-03-13,tv,1,--\n2026-03-14,tv,2,\n2026-03-15,tv,0,0\n"
    text += "2026-03-16,tv,--,9\n"
    workspace = made(MEDIA, a__csv=text)
    report = read_sources(workspace)
    assert counts(report) == (4, 3, 1)
    assert [row["clicks"] for row in rows(workspace)] == [None, None, 0.0]
    (refusal,) = report.refusals()
    assert (refusal.row, refusal.column, refusal.rule) == (5, "spend", "missing")


def test_every_refused_row_is_explained(made: Made) -> None:
    text = (
        "date,channel,spend,clicks\n"
        "2026-03-13,tv,1,2\n"
        "2026-02-31,tv,1,2\n"
        "2026-03-13,,1,2\n"
        "2026-03-13,tv,abc,2\n"
        "2026-03-13,tv,inf,2\n"
        "2026-03-13,tv,1,-2\n"
        "2026-03-13,tv,1\n"
        '2026-03-13,"tv\nand radio",1,2\n'
        "1066-10-14,tv,1,2\n"
    )
    report = read_sources(made(MEDIA, a__csv=text))
    assert counts(report) == (9, 2, 7)
    told = [(one.row, one.column, one.value, one.says.en) for one in report.refusals()]
    assert told == [
        (3, "date", "2026-02-31", "a date from 1900 to 2199 was expected"),
        (4, "channel", None, "a value is required"),
        (5, "spend", "abc", "a number was expected"),
        (6, "spend", "inf", "a number was expected"),
        (7, "clicks", "-2", "at least 0 was expected"),
        (10, "date", "1066-10-14", "a date from 1900 to 2199 was expected"),
        (8, None, "2026-03-13,tv,1", "as many cells as in the header were expected"),
    ]
    kept = pq.read_table(report.sources[0].refused[0])
    assert kept["cells"].to_pylist()[2] == ["2026-03-13", "tv", "abc", "2"]


def test_ambiguous_first_rows_are_settled_by_later_ones(made: Made) -> None:
    early = "".join(f'03/04/2026,tv{at},"1,234"\n' for at in range(60_000))
    workspace = made(MEDIA, a__csv=f'date,channel,spend\n{early}25/04/2026,radio,"1,5"\n')
    assert counts(read_sources(workspace)) == (60_001, 60_001, 0)
    field = open_field(workspace)
    assert field.span("media") == Window(start=date(2026, 4, 3), end=date(2026, 4, 25))
    assert field.collect(field.table("media").spend.max()).to_pydict().popitem()[1] == [1.5]


def test_a_mark_that_turns_up_late_is_settled_too(made: Made) -> None:
    early = "".join(f"2026-01-01;tv{at};12\n" for at in range(60_000))
    workspace = made(MEDIA, a__csv=f"date;channel;spend\n{early}25/04/2026;radio;1,5\n")
    assert counts(read_sources(workspace)) == (60_001, 60_001, 0)


def test_unknown_columns_are_kept_as_attributes(made: Made) -> None:
    text = "date,channel,spend,Objectif,Score,Code\n2026-03-13,tv,1,notoriété,1.5,01\n2026-03-14,tv,1,,2,02\n"
    workspace = made(MEDIA, a__csv=text)
    read_sources(workspace)
    assert [(row["Objectif"], row["Score"], row["Code"]) for row in rows(workspace)] == [
        ("notoriété", 1.5, "01"),
        (None, 2.0, "02"),
    ]


def test_an_attribute_that_is_no_number_after_all_is_text(made: Made) -> None:
    early = "".join(f"2026-01-01,tv{at},12,7\n" for at in range(60_000))
    workspace = made(MEDIA, a__csv=f"date,channel,spend,score\n{early}2026-01-02,radio,1,none of it\n")
    assert counts(read_sources(workspace)) == (60_001, 60_001, 0)
    field = open_field(workspace)
    assert str(field.table("media").schema()["score"]) == "string"


def test_expressions_speak_of_numbers_texts_and_dates(made: Made) -> None:
    sources = (
        "  orders:\n    path: a.csv\n    columns:\n"
        "      order_id: Country || '-' || Invoice\n"
        "      ordered_at: Day\n"
        "      revenue: CASE WHEN Kind = 'refund' THEN -Qty * Price ELSE Qty * Price END\n"
        "      sales_channel: \"'web'\"\n"
    )
    text = "Invoice;Country;Day;Kind;Qty;Price\n007;FR;13/03/2026;sale;2;1 000,50\n"
    text += "8;FR;14/03/2026;refund;1;2,5\n"
    workspace = made(sources, a__csv=text)
    assert counts(read_sources(workspace)) == (2, 2, 0)
    got = [(row["order_id"], row["revenue"], row["sales_channel"]) for row in rows(workspace, "orders")]
    assert got == [("FR-007", 2001.0, "web"), ("FR-8", -2.5, "web")]


def test_a_bad_cell_of_an_expression_is_named(made: Made) -> None:
    sources = "  media: {path: a.csv, columns: {spend: days * rate}}\n"
    report = read_sources(
        made(sources, a__csv="date,channel,days,rate\n2026-01-01,tv,2,3\n2026-01-02,tv,x,3\n")
    )
    assert counts(report) == (2, 1, 1)
    (refusal,) = report.refusals()
    assert (refusal.row, refusal.column, refusal.value) == (3, "spend", "x")


def test_parquet_keeps_its_types(made: Made, tmp_path: Path) -> None:
    table = pa.table(
        {
            "Order": pa.array([13085.0, None]),
            "at": pa.array([datetime(2026, 7, 1, 23, tzinfo=UTC)] * 2, pa.timestamp("us", tz="UTC")),
            "amount": pa.array([Decimal("10.10"), Decimal("-1.00")], pa.decimal128(10, 2)),
            "seen": [True, None],
            "n": pa.array([1, 2], pa.int32()),
            "tags": [["a"], []],
        }
    )
    workspace = made(
        "  orders: {path: 'a[1].parquet', columns: {order_id: Order, ordered_at: at, revenue: amount}}\n"
    )
    pq.write_table(table, workspace.folder / "a[1].parquet")
    report = read_sources(workspace)
    assert counts(report) == (2, 1, 1)
    (row,) = rows(workspace, "orders")
    assert row["order_id"] == "13085"
    assert row["ordered_at"].isoformat() == "2026-07-02T01:00:00"
    assert (row["revenue"], row["seen"], row["n"], row["tags"]) == (10.1, True, 1, "[a]")


def test_a_workbook_is_read_with_its_dates(made: Made) -> None:
    xlsxwriter = pytest.importorskip("xlsxwriter")
    workspace = made("  media: {path: a.xlsx, sheet: Dépenses}\n")
    with xlsxwriter.Workbook(workspace.folder / "a.xlsx", {"default_date_format": "yyyy-mm-dd"}) as book:
        book.add_worksheet("Notes").write(0, 0, "hello")
        sheet = book.add_worksheet("Dépenses")
        sheet.write_row(1, 0, ["date", "channel", "spend"])
        sheet.write_datetime(2, 0, datetime(2026, 3, 13, tzinfo=UTC).replace(tzinfo=None))
        sheet.write_row(2, 1, ["tv", 1234.5])
    assert counts(read_sources(workspace)) == (1, 1, 0)
    assert rows(workspace) == [TV]


def test_a_table_of_sqlite_is_read_and_not_read_again(made: Made) -> None:
    workspace = made("  media: {table: media, url: 'sqlite:///b.db'}\n")
    connection = sqlite3.connect(workspace.folder / "b.db")
    connection.execute("CREATE TABLE media (date TEXT, channel TEXT, spend REAL)")
    connection.execute("INSERT INTO media VALUES ('2026-03-13', 'tv', 1234.5), ('2026-03-14', 'tv', NULL)")
    connection.commit()
    assert counts(read_sources(workspace)) == (2, 1, 1)
    assert rows(workspace) == [TV]
    assert not read_sources(workspace).is_new
    connection.execute("INSERT INTO media VALUES ('2026-03-15', 'tv', 1)")
    connection.commit()
    connection.close()
    assert counts(read_sources(workspace)) == (3, 2, 1)


def test_several_sources_fill_one_table(made: Made) -> None:
    sources = "  media:\n    - {path: a.csv}\n    - {path: b.csv, columns: {channel: \"'meta'\"}}\n"
    workspace = made(
        sources,
        a__csv="date,channel,spend\n2026-01-01,tv,1\n",
        b__csv="date,spend,campaign\n2026-01-01,2,x\n",
    )
    read_sources(workspace)
    got = {row["channel"]: (row["spend"], row["campaign"]) for row in rows(workspace)}
    assert got == {"tv": (1.0, None), "meta": (2.0, "x")}


def test_one_file_may_fill_a_table_in_several_ways(made: Made) -> None:
    sources = "  media:\n" + "".join(
        f"    - {{path: a.csv, columns: {{channel: \"'{channel}'\", spend: {channel}}}}}\n"
        for channel in ("tv", "radio")
    )
    workspace = made(sources, a__csv="date,tv,radio\n2026-01-01,1,2\n2026-01-02,3,4\n")
    read_sources(workspace)
    assert not read_sources(workspace).is_new
    assert sorted((row["channel"], row["spend"]) for row in rows(workspace)) == [
        ("radio", 2.0),
        ("radio", 4.0),
        ("tv", 1.0),
        ("tv", 3.0),
    ]


def test_a_later_file_restates_the_days_it_repeats(made: Made) -> None:
    workspace = made(
        MEDIA,
        a1__csv="date,channel,spend\n2026-01-01,tv,1\n2026-01-02,tv,2\n2026-01-02,tv,3\n",
        a2__csv="date,channel,spend\n2026-01-02,tv,20\n2026-01-03,tv,30\n",
    )
    report = read_sources(workspace)
    assert [one.rows_restated for one in report.sources] == [2, 0]
    assert sorted(row["spend"] for row in rows(workspace)) == [1.0, 20.0, 30.0]
    (workspace.folder / "a2.csv").unlink()
    read_sources(workspace)
    assert sorted(row["spend"] for row in rows(workspace)) == [1.0, 2.0, 3.0]


@pytest.mark.shared
def test_the_real_ledger_is_counted_to_the_cent(made: Made, shared: Path) -> None:
    file = shared / "data/online_retail_ii/online_retail_II.parquet"
    columns = (
        "{order_id: Invoice, customer_id: Customer ID, ordered_at: InvoiceDate, revenue: Quantity * Price, "
        "quantity: Quantity, product_id: StockCode, product: Description, region: Country}"
    )
    workspace = made(f"  orders: {{path: '{file}', columns: {columns}}}\n")
    report = read_sources(workspace)
    truth = duckdb.sql(f"SELECT count(*), sum(quantity * price), count(customer_id) FROM '{file}'").fetchone()
    assert truth is not None
    assert counts(report) == (truth[0], truth[0], 0)
    field = open_field(workspace)
    orders = field.table("orders")
    got = field.collect(orders.aggregate(s=orders.revenue.sum(), c=orders.customer_id.count())).to_pylist()[0]
    assert got["s"] == pytest.approx(truth[1], abs=0.001)
    assert got["c"] == truth[2]
    assert field.columns("orders")[-2:] == ("price", "sheet")
