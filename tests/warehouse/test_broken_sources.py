"""What cannot be read is said in one sentence, whatever is wrong with it."""

import gzip
import io
import sqlite3
import zipfile
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from cmo.measures import Problem
from cmo.warehouse.intake import read_sources
from cmo.workspace import Workspace

Made = Callable[..., Workspace]

ROWS = "date,channel,spend\n2026-01-01,tv,10.5\n2026-01-02,tv,11\n"
MEDIA = "  media: {path: a.csv}\n"
NULLS = b"date,channel,spend\n2026-01-01,t\x00v,10.5\n"


def parquet(**columns: list[object]) -> bytes:
    sink = io.BytesIO()
    pq.write_table(pa.table(columns), sink)
    return sink.getvalue()


def zipped(name: str, content: bytes) -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return sink.getvalue()


FILES: dict[str, tuple[str | bytes, str]] = {
    "empty": ("", "empty"),
    "only spaces": ("  \n \n", "no text|no row|needs date"),
    "header only": ("date,channel,spend\n", "no row"),
    "header without end": ("date,channel,spend", "no row"),
    "a header twice": ("date,channel,spend,spend\n2026-01-01,tv,1,2\n", "more than once"),
    "missing column": ("date,channel,cost\n2026-01-01,tv,1\n", "needs spend.*cost"),
    "all columns missing": ("a,b\n1,2\n", "needs date"),
    "one word": ("hello\n", "needs date"),
    "no header": ("2026-01-01,tv,1\n2026-01-02,tv,2\n", "needs date"),
    "nul": (NULLS, "NUL"),
    "nul far on": (ROWS.encode() * 1 + b"2026-01-03,tv,12\n" * 70_000 + b"2026-01-04,t\x00v,1\n", "NUL"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20, "NUL|needs date"),
    "a pdf": (b"%PDF-1.7\n" + bytes(range(256)), "PDF"),
    "a web page": ("<!DOCTYPE html><html><body>Not found</body></html>", "web page"),
    "rich text": ("{\\rtf1 hello}", "rich text"),
    "a 7z": (b"7z\xbc\xaf\x27\x1c" + bytes(50), "7z"),
    "zstd": (b"\x28\xb5\x2f\xfd" + bytes(50), "zstd"),
    "bzip2": (b"BZh9" + bytes(50), "bzip2"),
    "xz": (b"\xfd7zXZ\x00" + bytes(50), "xz"),
    "a rar": (b"Rar!\x1a\x07" + bytes(50), "rar"),
    "an empty zip": (b"PK\x05\x06" + bytes(18), "empty zip"),
    "a zip of a csv": (zipped("a.csv", ROWS.encode()), "zip archive"),
    "a zip bomb": (zipped("xl/workbook.xml", b"0" * 3_000_000), "no workbook"),
    "half a zip": (zipped("a.csv", ROWS.encode() * 99)[:60], "no workbook"),
    "an old workbook cut": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "no workbook"),
    "a sqlite file": (b"SQLite format 3\x00" + bytes(100), "SQLite"),
    "not parquet": (b"PAR1" + bytes(100) + b"PAR1", "no sound parquet"),
    "half a parquet": (parquet(date=["2026-01-01"], channel=["tv"], spend=[1.0])[:-20], "no sound parquet"),
    "parquet without columns": (parquet(x=[1]), "needs date"),
    "parquet without rows": (parquet(date=[], channel=[], spend=[]), "no row"),
    "parquet of bad dates": (parquet(date=["x"], channel=["tv"], spend=[1.0]), "none of the 1 rows.*date"),
    "half a gzip": (gzip.compress(ROWS.encode() * 5000)[:300], "cut or damaged"),
    "a damaged gzip": (gzip.compress(ROWS.encode())[:-9] + b"123456789", "cut or damaged"),
    "not gzip": (b"\x1f\x8b" + bytes(40), "cut or damaged|damaged"),
    "gzip of gzip": (gzip.compress(gzip.compress(ROWS.encode())), "NUL|needs date"),
    "a gzip bomb": (gzip.compress(ROWS.encode() + bytes(80_000_000)), "swells|NUL"),
    "a gzip in cp1252 from the middle on": (
        gzip.compress(ROWS.encode() + b"2026-01-03,tv,12\n" * 70_000 + "é\n".encode("cp1252")),
        "not in utf-8",
    ),
    "an empty gzip": (gzip.compress(b""), "no text"),
    "a huge cell": ("date,channel,spend\n2026-01-01," + "x" * 200_000 + ",1\n", "characters"),
    "an open quote": (
        'date,channel,spend\n2026-01-01,"tv,1\n' + "2026-01-02,tv,2\n" * 20_000,
        "quot|none of",
    ),
    "a line without end": ("date,channel,spend\n2026-01-01,tv," + "1" * 9_000_000, "quot|characters"),
    "too many columns": (
        ",".join(f"c{at}" for at in range(10_000)) + "\n" + "1," * 9_999 + "1\n",
        "10000 columns",
    ),
    "all rows short": ("date,channel,spend\n1\n2\n", "none of the 2 rows.*cells"),
    "all dates bad": ("date,channel,spend\nx,tv,1\ny,tv,2\n", "none of the 2 rows.*row 2, date: 'x', a date"),
    "all amounts bad": ("date,channel,spend\n2026-01-01,tv,x\n", "none of the 1 rows.*'x', a number"),
    "all amounts blank": ("date,channel,spend\n2026-01-01,tv,--\n", "none of the 1 rows.*required"),
    "ambiguous dates": (
        "date,channel,spend\n03/04/2026,tv,1\n05/04/2026,tv,2\n",
        "'03/04/2026'.*dates: day_first",
    ),
    "dates in both orders": (
        "date,channel,spend\n13/04/2026,tv,1\n04/13/2026,tv,2\n",
        "'13/04/2026' begins with the day.*'04/13/2026'",
    ),
    "ambiguous amounts": ('date,channel,spend\n2026-01-01,tv,"1,234"\n', "'1,234'.*decimal: ','"),
    "amounts in both marks": (
        'date,channel,spend\n2026-01-01,tv,"1,5"\n2026-01-02,tv,1.5\n',
        "'1,5' has a decimal comma and '1.5'",
    ),
    "json of nothing": ("{}\n", "no JSON object"),
    "json of numbers": ("[[1], [2]]", "an object was expected"),
    "half a json list": ('[{"date": "2026-01-01"}, {', "damaged"),
    "a deep json": ("[" * 100_000, "damaged"),
    "json lines broken": ('{"date": "2026-01-01", "channel": "tv", "spend": \n', "no JSON object|none of"),
}


@pytest.mark.parametrize(("content", "says"), FILES.values(), ids=FILES)
def test_a_broken_file_gives_one_sentence(made: Made, content: str | bytes, says: str) -> None:
    workspace = made(MEDIA, a__csv=content)
    with pytest.raises(Problem, match=says) as caught:
        read_sources(workspace)
    assert len(caught.value.sentences) == 1 or "needs" in says
    assert all("\n" not in sentence and len(sentence) < 700 for sentence in caught.value.sentences)
    assert not list((workspace.cmo / "warehouse").glob("*/*.parquet"))


INJECTIONS = (
    "(SELECT 1)",
    "1; DROP TABLE media",
    "spend; ATTACH 'x.db'",
    "read_csv('/etc/passwd')",
    "(SELECT content FROM read_text('/etc/passwd'))",
    "getenv('HOME')",
    "current_setting('memory_limit')",
    "spend UNION SELECT 1",
    "EXISTS (SELECT 1)",
    "spend IN (SELECT 1)",
    "COPY media TO 'x'",
    "PRAGMA version",
    "ATTACH 'x'",
    "SET memory_limit = '1TB'",
    "INSTALL httpfs",
    "media.spend",
    "sum(spend)",
    "row_number() OVER ()",
    "list_transform([1], x -> x)",
    "spend::INTEGER[]",
    "spend::JSON",
    "spend -- comment",
    "spend /* comment */",
    "$1",
    "?",
    "*",
    "COLUMNS('a')",
    "unnest([1, 2])",
    "query('SELECT 1')",
    "spend[1]",
    "{'a': spend}",
    "spend AS cost",
    "random()",
    "now()",
    "repeat('x', 1000000000)",
    "'unclosed",
    "((((((",
    "(" * 300 + "spend" + ")" * 300,
    "spend" + " + 1" * 400,
    "spend + + + ",
    "CASE WHEN",
    "\x00",
    "€€€",
    "spendd",
    "spendd * 2",
)


@pytest.mark.parametrize("written", INJECTIONS)
def test_an_expression_can_only_speak_of_its_row(made: Made, written: str) -> None:
    quoted = written.replace("'", "''").replace("\x00", "\\0")
    workspace = made(f"  media: {{path: a.csv, columns: {{spend: '{quoted}'}}}}\n", a__csv=ROWS)
    with pytest.raises(Problem, match=r"line 3.*spend") as caught:
        read_sources(workspace)
    assert len(caught.value.sentences) == 1


DECLARED: dict[str, tuple[str, str]] = {
    "an unknown table": ("  medai: {path: a.csv}\n", "line 3.*Did you mean media"),
    "no source": ("  {}\n", "no source yet"),
    "no file": ("  media: {path: b.csv}\n", "line 3.*no file there"),
    "no file of a pattern": ("  media: {path: 'b-*.csv'}\n", "no file there"),
    "a folder": ("  media: {path: .}\n", "folder"),
    "out of the workspace": ("  media: {path: ../../etc/passwd}\n", "leads out"),
    "an unknown encoding": ("  media: {path: a.csv, encoding: klingon}\n", "no known encoding"),
    "a codec that is no encoding": ("  media: {path: a.csv, encoding: rot13}\n", "encoding|not in"),
    "the wrong encoding": ("  media: {path: a.csv, encoding: utf-16}\n", "not in utf-16"),
    "the wrong delimiter": ("  media: {path: a.csv, delimiter: ';'}\n", "needs date"),
    "a column that is not there": ("  media: {path: a.csv, columns: {spend: Cost}}\n", "has no column Cost"),
    "a table of no database": ("  media: {table: t, url: 'oracle://h/d'}\n", "begins with oracle"),
    "a password in the file": ("  media: {table: t, url: 'postgresql://u:secret@h/d'}\n", "password stands"),
    "a variable not set": (
        "  media: {table: t, url: 'postgresql://u:${CMO_NOT_SET}@h/d'}\n",
        "CMO_NOT_SET is set neither in the environment",
    ),
    "a database that is not there": ("  media: {table: t, url: 'sqlite:///b.db'}\n", "no file there"),
    "a database that is none": ("  media: {table: t, url: 'sqlite:///a.csv'}\n", "SQLite cannot read"),
}


@pytest.mark.parametrize(("sources", "says"), DECLARED.values(), ids=DECLARED)
def test_a_source_that_cannot_be_gives_one_sentence(made: Made, sources: str, says: str) -> None:
    with pytest.raises(Problem, match=says):
        read_sources(made(sources, a__csv=ROWS))


def test_a_missing_table_of_a_database_is_named(made: Made, tmp_path: Path) -> None:
    workspace = made("  media: {table: medai, url: 'sqlite:///b.db'}\n")
    with sqlite3.connect(workspace.folder / "b.db") as connection:
        connection.execute("CREATE TABLE media (a)")
    connection.close()
    with pytest.raises(Problem, match=r"no table medai\. Did you mean media"):
        read_sources(workspace)


def test_an_unreachable_database_keeps_its_secret(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CMO_TEST_PW", "hunter2hunter2")
    url = "postgresql://u:${CMO_TEST_PW}@127.0.0.1:1/d"
    with pytest.raises(Problem, match="the database refused") as caught:
        read_sources(made(f"  media: {{table: t, url: '{url}'}}\n"))
    assert "hunter2" not in str(caught.value)


def test_a_sheet_that_is_not_there_is_named(made: Made, tmp_path: Path) -> None:
    xlsxwriter = pytest.importorskip("xlsxwriter")
    workspace = made("  media: {path: a.xlsx, sheet: Januar}\n")
    with xlsxwriter.Workbook(workspace.folder / "a.xlsx") as book:
        book.add_worksheet("January")
    with pytest.raises(Problem, match="no sheet Januar; its sheets are January"):
        read_sources(workspace)


def test_each_broken_source_has_its_sentence(made: Made) -> None:
    workspace = made("  media: {path: a.csv}\n  orders: {path: b.csv}\n", a__csv="", b__csv="x\n1\n")
    with pytest.raises(Problem) as caught:
        read_sources(workspace)
    assert any("a.csv: the file is empty" in sentence for sentence in caught.value.sentences)
    assert any("orders needs order_id" in sentence for sentence in caught.value.sentences)
