"""What did not change costs nothing, and reading in pieces equals reading at once."""

import csv
import io
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cmo.measures import Problem
from cmo.warehouse.engines import open_field
from cmo.warehouse.exports.values import other_currency
from cmo.warehouse.intake import read_sources
from cmo.warehouse.manifest import Manifest
from cmo.warehouse.readout import ReadReport
from cmo.workspace import Workspace

Made = Callable[..., Workspace]
MEDIA = "  media: {path: 'a*'}\n"
HEAD = "date,channel,spend\n"


def rows(workspace: Workspace) -> list[dict[str, Any]]:
    field = open_field(workspace)
    return sorted(field.collect(field.table("media")).to_pylist(), key=repr)


def states(report: ReadReport) -> list[tuple[str, int]]:
    return [(one.state, one.rows_read) for one in report.sources]


def old(path: Path) -> None:
    """A file written long enough ago that its time says it is the same."""
    os.utime(path, ns=(path.stat().st_atime_ns, path.stat().st_mtime_ns - 10_000_000_000))


def test_an_unchanged_file_is_not_read_again(made: Made) -> None:
    workspace = made(MEDIA, a__csv=HEAD + "2026-01-01,tv,1\n")
    assert states(read_sources(workspace)) == [("new", 1)]
    fingerprint = open_field(workspace).fingerprint(["media"])
    assert states(read_sources(workspace)) == [("unchanged", 0)]
    old(workspace.folder / "a.csv")
    assert states(read_sources(workspace)) == [("unchanged", 0)]
    manifest = (workspace.cmo / "warehouse/manifest.json").read_bytes()
    assert states(read_sources(workspace)) == [("unchanged", 0)]
    assert (workspace.cmo / "warehouse/manifest.json").read_bytes() == manifest
    assert open_field(workspace).fingerprint(["media"]) == fingerprint


def test_a_file_rewritten_at_once_with_the_same_size_is_noticed(made: Made) -> None:
    workspace = made(MEDIA, a__csv=HEAD + "2026-01-01,tv,1\n")
    read_sources(workspace)
    status = (workspace.folder / "a.csv").stat()
    (workspace.folder / "a.csv").write_text(HEAD + "2026-01-01,tv,2\n")
    os.utime(workspace.folder / "a.csv", ns=(status.st_atime_ns, status.st_mtime_ns))
    assert states(read_sources(workspace)) == [("changed", 1)]
    assert rows(workspace)[0]["spend"] == 2.0


def test_a_new_file_of_a_pattern_costs_itself(made: Made) -> None:
    workspace = made(MEDIA, a1__csv=HEAD + "2026-01-01,tv,1\n")
    read_sources(workspace)
    (workspace.folder / "a2.csv").write_text(HEAD + "2026-01-02,tv,2\n2026-01-03,tv,3\n")
    assert states(read_sources(workspace)) == [("unchanged", 0), ("new", 2)]
    assert len(rows(workspace)) == 3


def test_a_csv_that_grew_costs_its_tail(made: Made) -> None:
    workspace = made(MEDIA, a__csv=HEAD + "2026-01-01,tv,1\n\n")
    read_sources(workspace)
    with (workspace.folder / "a.csv").open("a") as file:
        file.write("2026-01-02,tv,2\n2026-01-03,tv,x\n")
    report = read_sources(workspace)
    assert states(report) == [("appended", 2)]
    assert [one.row for one in report.refusals()] == [5]
    assert [row["spend"] for row in rows(workspace)] == [1.0, 2.0]


@pytest.mark.parametrize(
    "added",
    [
        "13/02/2026,tv,3\n",  # dates are written in another way
        '2026-01-02,tv,"3,5"\n',  # so are amounts
        "2026-01-02,café,3\n",
        "2026-01-02,tv,3",
    ],
)
def test_a_tail_written_in_another_way_is_read_as_the_whole_would_be(made: Made, added: str) -> None:
    workspace = made(MEDIA, a__csv=HEAD + "2026-01-01,tv,1\n")
    read_sources(workspace)
    with (workspace.folder / "a.csv").open("a", encoding="cp1252") as file:
        file.write(added)
    read_sources(workspace)
    assert len(rows(workspace)) == 2


def test_a_changed_mapping_reads_again(made: Made) -> None:
    text = "date,channel,spend,net\n2026-01-01,tv,1,5\n"
    read_sources(made(MEDIA, a__csv=text))
    workspace = made("  media: {path: 'a*', columns: {spend: net}}\n", a__csv=text)
    assert states(read_sources(workspace)) == [("new", 1)]
    assert rows(workspace)[0]["spend"] == 5.0


def test_a_problem_leaves_the_warehouse_as_it_was(made: Made) -> None:
    workspace = made(MEDIA, a1__csv=HEAD + "2026-01-01,tv,1\n")
    read_sources(workspace)
    before = rows(workspace)
    (workspace.folder / "a2.csv").write_text(HEAD + "2026-01-02,tv,2\n")
    (workspace.folder / "a3.csv").write_text("")
    with pytest.raises(Problem, match=r"a3\.csv: the file is empty"):
        read_sources(workspace)
    assert rows(workspace) == before
    assert len(list((workspace.cmo / "warehouse/media").iterdir())) == 1


def test_a_source_that_is_gone_takes_its_rows_along(made: Made) -> None:
    workspace = made(MEDIA, a1__csv=HEAD + "2026-01-01,tv,1\n", a2__csv=HEAD + "2026-01-02,tv,2\n")
    read_sources(workspace)
    (workspace.folder / "a1.csv").unlink()
    read_sources(workspace)
    assert [row["spend"] for row in rows(workspace)] == [2.0]


def test_a_damaged_manifest_or_a_lost_part_means_reading_again(made: Made) -> None:
    workspace = made(MEDIA, a__csv=HEAD + "2026-01-01,tv,1\n")
    read_sources(workspace)
    warehouse = workspace.cmo / "warehouse"
    for harm in ("manifest", "part"):
        if harm == "manifest":
            (warehouse / "manifest.json").write_text('{"version": 1, "tab')
        else:
            next(warehouse.glob("media/*.parquet")).unlink()
        assert states(read_sources(workspace)) == [("new", 1)]
        assert len(rows(workspace)) == 1


def test_those_who_read_the_last_manifest_can_go_on_reading(made: Made) -> None:
    workspace = made(MEDIA, a__csv=HEAD + "2026-01-01,tv,1\n")
    read_sources(workspace)
    field = open_field(workspace)
    (workspace.folder / "a.csv").write_text("channel,date,spend\ntv,2026-01-01,7\n")
    read_sources(workspace)
    assert field.collect(field.table("media"))["spend"].to_pylist() == [1.0]
    assert rows(workspace)[0]["spend"] == 7.0


READER = """
    import sys
    from cmo.warehouse.intake import read_sources
    from cmo.workspace import Workspace
    workspace = Workspace.open(sys.argv[1])
    print("ready", flush=True)
    read_sources(workspace)
"""


def test_a_run_killed_at_any_instant_loses_nothing(made: Made) -> None:
    workspace = made(MEDIA, a0__csv=HEAD + "2026-01-01,tv,1\n")
    read_sources(workspace)
    before = rows(workspace)
    body = "".join(f"2026-01-02,c{at},1\n" for at in range(200_000))
    (workspace.folder / "a1.csv").write_text(HEAD + body)
    command = [sys.executable, "-c", textwrap.dedent(READER), str(workspace.folder)]
    for delay in (0.02, 0.15, 0.4):
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as reader:
            assert reader.stdout is not None
            reader.stdout.readline()
            time.sleep(delay)
            reader.send_signal(signal.SIGKILL)
        assert len(rows(workspace)) in {len(before), len(before) + 200_000}
    report = read_sources(workspace)
    assert report.total("rows_kept") == 200_001
    manifest = Manifest.read(workspace.cmo / "warehouse")
    assert len(rows(workspace)) == 200_001
    left = {path.name for path in (workspace.cmo / "warehouse/media").iterdir()}
    read_sources(workspace)
    assert left >= {Path(name).name for name in manifest.files()}


CELLS = st.one_of(
    st.sampled_from(
        ["2026-01-01", "2026-02-30", "13/01/2026", "", "--", "tv", "1", "1.5", "-3", "1e3", "x", "nan", " "]
    ),
    st.text(st.characters(blacklist_characters="\x00", blacklist_categories=("Cs",)), max_size=6),
).filter(lambda cell: not other_currency(cell, "EUR"))  # a foreign amount refuses the whole file
TABLES = st.lists(st.lists(CELLS, min_size=1, max_size=5), min_size=1, max_size=12)


def written(table: list[list[str]]) -> str:
    sink = io.StringIO()
    csv.writer(sink, lineterminator="\n").writerows(table)
    return sink.getvalue()


def read_of(folder: Path, content: str) -> tuple[ReadReport | None, list[dict[str, Any]]]:
    (folder / "a.csv").write_text(content, encoding="utf-8", newline="")
    (folder / "cmo.yaml").write_text(
        "company: {name: A}\nsources: {media: {path: a.csv, dates: day_first, decimal: .}}\n"
    )
    workspace = Workspace.open(folder)
    try:
        return read_sources(workspace), rows(workspace)
    except Problem:
        return None, []


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(TABLES)
def test_rows_in_are_rows_kept_and_rows_refused(table: list[list[str]]) -> None:
    with TemporaryDirectory() as name:
        text = HEAD + "2026-01-01,tv,1\n" + written(table)
        report, kept = read_of(Path(name), text)
        assert report is not None
        full = sum(any(cell != "" for cell in row) for row in csv.reader(io.StringIO(text, newline=""))) - 1
        said = sum(any(cell.strip(" ") not in {"", "--"} for cell in row) for row in table)
        assert report.total("rows_in") == report.total("rows_kept") + report.total("rows_refused")
        assert said + 1 <= report.total("rows_in") <= full
        assert report.total("rows_kept") == len(kept)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(TABLES, TABLES)
def test_two_appended_readings_equal_one(first: list[list[str]], then: list[list[str]]) -> None:
    start = HEAD + "2026-01-01,tv,1\n" + written(first)
    with TemporaryDirectory() as name, TemporaryDirectory() as other:
        read_of(Path(name), start)
        in_two, kept_in_two = read_of(Path(name), start + written(then))
        at_once, kept_at_once = read_of(Path(other), start + written(then))
        assert in_two is not None
        assert at_once is not None
        assert kept_in_two == kept_at_once
        for what in ("rows_in", "rows_kept", "rows_refused"):
            assert in_two.total(what) == at_once.total(what)
        told = [
            sorted((one.row, one.column or "", one.rule) for one in report.refusals())
            for report in (in_two, at_once)
        ]
        assert told[0] == told[1]
