"""Batches of imports: what each brought, and the field as if one had not been read."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cmo.measures import Problem
from cmo.warehouse.batches import KEPT, Batch
from cmo.warehouse.engines import open_field
from cmo.warehouse.intake import put_back, read_sources, take_back
from cmo.warehouse.manifest import Manifest
from cmo.workspace import Workspace

Made = Callable[..., Workspace]
MEDIA = "  media: {path: 'a*'}\n"
HEAD = "date,channel,spend\n"
COUNTS = ("total", "valid", "invalid", "duplicate", "existing", "restated")


def rows(workspace: Workspace, table: str = "media") -> list[dict[str, Any]]:
    field = open_field(workspace)
    return sorted(field.collect(field.table(table)).to_pylist(), key=repr)


def spends(workspace: Workspace) -> list[float]:
    return sorted(row["spend"] for row in rows(workspace))


def fingerprint(workspace: Workspace) -> str:
    return open_field(workspace).fingerprint(["media"])


def last(workspace: Workspace) -> Batch:
    return Manifest.read(workspace.cmo / "warehouse").batches[-1]


def write(workspace: Workspace, name: str, body: str) -> None:
    (workspace.folder / name).write_text(HEAD + body, encoding="utf-8")


def test_a_batch_counts_what_is_new_there_before_and_restated(made: Made) -> None:
    workspace = made(MEDIA, a1__csv=HEAD + "2026-01-01,tv,1\n2026-01-02,tv,2\n2026-01-02,tv,x\n")
    read_sources(workspace)
    assert [last(workspace).total(name) for name in COUNTS] == [3, 2, 1, 0, 0, 0]
    write(workspace, "a2.csv", "2026-01-01,tv,1\n2026-01-02,tv,5\n2026-01-03,tv,3\n2026-01-03,tv,3\n")
    report = read_sources(workspace)
    assert report.batch == last(workspace)
    assert [last(workspace).total(name) for name in COUNTS] == [4, 4, 0, 1, 1, 1]
    assert spends(workspace) == [1.0, 3.0, 3.0, 5.0]
    assert read_sources(workspace).batch is None


def test_lines_without_a_key_that_an_overlapping_export_repeats_count_once(made: Made) -> None:
    head = "order_id,ordered_at,revenue,note\n"
    first = "1,2026-01-01 10:00,10,\n1,2026-01-01 10:00,10,\n2,2026-01-02 09:00,5,a\n"
    workspace = made("  orders: {path: 'a*'}\n", a1__csv=head + first)
    read_sources(workspace)
    assert [row["revenue"] for row in rows(workspace, "orders")] == [10.0, 10.0, 5.0]
    overlap = "2,2026-01-02 09:00,5,a\n3,2026-01-02 12:00,7,\n2,2026-01-02 09:00,-5,a\n"
    (workspace.folder / "a2.csv").write_text(head + overlap)
    read_sources(workspace)
    assert sorted(row["revenue"] for row in rows(workspace, "orders")) == [-5.0, 5.0, 7.0, 10.0, 10.0]
    assert [last(workspace).total(name) for name in COUNTS] == [3, 3, 0, 0, 1, 0]


STEPS: dict[str, list[tuple[str, str]]] = {
    "a new file": [("a1.csv", "2026-01-01,tv,1\n"), ("a2.csv", "2026-01-02,tv,2\n")],
    "days restated by another file": [
        ("a1.csv", "2026-01-01,tv,1\n2026-01-02,tv,2\n"),
        ("a2.csv", "2026-01-02,tv,9\n"),
    ],
    "a file written anew": [
        ("a1.csv", "2026-01-01,tv,1\n2026-01-02,tv,2\n"),
        ("a1.csv", "2026-01-01,tv,7\n"),
    ],
    "a file that grew": [("a1.csv", "2026-01-01,tv,1\n"), ("a1.csv", "2026-01-01,tv,1\n2026-01-02,tv,2\n")],
}


@pytest.mark.parametrize("steps", STEPS.values(), ids=STEPS)
def test_after_taking_a_batch_back_the_field_is_as_if_it_had_not_been_read(
    made: Made, steps: list[tuple[str, str]]
) -> None:
    workspace = made(MEDIA)
    write(workspace, *steps[0])
    read_sources(workspace)
    before, same = rows(workspace), fingerprint(workspace)
    write(workspace, *steps[1])
    read_sources(workspace)
    after = rows(workspace)
    assert after != before
    assert take_back(workspace, 2).undone_at is not None
    assert rows(workspace) == before
    assert fingerprint(workspace) == same
    report = read_sources(workspace)
    assert report.batch is None, "what was taken back is read again only when somebody says so"
    assert rows(workspace) == before
    put_back(workspace, 2)
    assert rows(workspace) == after
    assert read_sources(workspace).batch is None


def test_a_batch_that_others_were_read_over_can_be_taken_back(made: Made) -> None:
    workspace = made(MEDIA)
    for day in (1, 2, 3):
        write(workspace, "a1.csv", "".join(f"2026-01-0{at},tv,{at}\n" for at in range(1, day + 1)))
        read_sources(workspace)
    take_back(workspace, 2)
    assert spends(workspace) == [1.0, 3.0]
    write(workspace, "a1.csv", "".join(f"2026-01-0{at},tv,{at}\n" for at in range(1, 5)))
    read_sources(workspace)
    assert spends(workspace) == [1.0, 3.0, 4.0], "only what was added is read"
    write(workspace, "a1.csv", "2026-02-01,tv,8\n")
    read_sources(workspace)
    assert spends(workspace) == [8.0], "another content is read whole"
    take_back(workspace, 5)
    assert spends(workspace) == [1.0, 3.0, 4.0]


def test_what_went_with_a_file_comes_back(made: Made) -> None:
    workspace = made(MEDIA, a1__csv=HEAD + "2026-01-01,tv,1\n", a2__csv=HEAD + "2026-01-02,tv,2\n")
    read_sources(workspace)
    (workspace.folder / "a2.csv").unlink()
    read_sources(workspace)
    assert [one.state for one in last(workspace).brought] == ["gone"]
    assert spends(workspace) == [1.0]
    take_back(workspace, 2)
    assert spends(workspace) == [1.0, 2.0]
    assert read_sources(workspace).batch is None
    write(workspace, "a2.csv", "2026-01-02,tv,2\n")
    read_sources(workspace)
    assert spends(workspace) == [1.0, 2.0]


def test_all_of_the_only_batch_can_be_taken_back(made: Made) -> None:
    workspace = made(MEDIA, a1__csv=HEAD + "2026-01-01,tv,1\n")
    read_sources(workspace)
    take_back(workspace, 1)
    with pytest.raises(Problem, match="no source was read yet"):
        open_field(workspace)
    assert [one.state for one in read_sources(workspace).sources] == ["undone"]
    put_back(workspace, 1)
    assert spends(workspace) == [1.0]


@pytest.mark.parametrize(
    ("number", "says"), [(7, "there is no batch 7; the batches are 1 to 1"), (0, "there is no batch 0")]
)
def test_a_batch_that_is_not_there_is_refused(made: Made, number: int, says: str) -> None:
    workspace = made(MEDIA, a1__csv=HEAD + "2026-01-01,tv,1\n")
    read_sources(workspace)
    with pytest.raises(Problem, match=says):
        take_back(workspace, number)
    with pytest.raises(Problem, match="batch 1 stands"):
        put_back(workspace, 1)


def test_old_batches_let_go_of_what_they_replaced_and_say_so(made: Made) -> None:
    workspace = made(MEDIA)
    for number in range(1, KEPT + 3):
        write(workspace, "a1.csv", f"2026-01-01,tv,{number}\n")
        read_sources(workspace)
    with pytest.raises(Problem, match="kept for the last 5 batches"):
        take_back(workspace, 2)
    read_sources(workspace)
    kept = list((workspace.cmo / "warehouse/media").glob("*.parquet"))
    assert len(kept) <= KEPT + 2
    take_back(workspace, KEPT + 2)
    assert spends(workspace) == [float(KEPT + 1)]


def test_rows_put_back_after_they_were_let_go_are_read_again(made: Made) -> None:
    workspace = made(MEDIA, a1__csv=HEAD + "2026-01-01,tv,1\n", a2__csv=HEAD + "2026-01-02,tv,2\n")
    read_sources(workspace)
    write(workspace, "a3.csv", "2026-01-03,tv,3\n")
    read_sources(workspace)
    take_back(workspace, 2)
    for number in range(KEPT + 1):
        write(workspace, "a1.csv", f"2026-01-01,tv,{number + 10}\n")
        read_sources(workspace)
    put_back(workspace, 2)
    assert 3.0 not in spends(workspace)
    read_sources(workspace)
    assert 3.0 in spends(workspace)


TAKER = """
    import sys
    from cmo.warehouse.intake import put_back, take_back
    from cmo.workspace import Workspace
    workspace = Workspace.open(sys.argv[1])
    print("ready", flush=True)
    while True:
        take_back(workspace, 2)
        put_back(workspace, 2)
"""


def test_taking_back_killed_at_any_instant_is_done_or_not_done(made: Made) -> None:
    workspace = made(MEDIA)
    body = "".join(f"2026-01-0{1 + at % 9},c{at},{at}\n" for at in range(3000))
    write(workspace, "a1.csv", body)
    read_sources(workspace)
    without = rows(workspace)
    write(workspace, "a2.csv", "".join(f"2026-01-0{1 + at % 9},c{at},1\n" for at in range(0, 3000, 2)))
    read_sources(workspace)
    within = rows(workspace)
    command = [sys.executable, "-c", textwrap.dedent(TAKER), str(workspace.folder)]
    for delay in (0.01, 0.07, 0.19, 0.3):
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as taker:
            assert taker.stdout is not None
            taker.stdout.readline()
            time.sleep(delay)
            os.kill(taker.pid, signal.SIGKILL)
        undone = Manifest.read(workspace.cmo / "warehouse").batches[1].undone_at is not None
        assert rows(workspace) == (without if undone else within)
        if undone:
            put_back(workspace, 2)
    assert rows(workspace) == within


def test_the_journal_outlives_a_lost_part(made: Made) -> None:
    workspace = made(MEDIA, a1__csv=HEAD + "2026-01-01,tv,1\n")
    read_sources(workspace)
    next((workspace.cmo / "warehouse/media").glob("*.parquet")).unlink()
    read_sources(workspace)
    assert spends(workspace) == [1.0]
    assert last(workspace).number == 2


def test_a_source_read_in_another_way_can_be_taken_back_too(made: Made, tmp_path: Path) -> None:
    text = "date,channel,spend,net\n2026-01-01,tv,1,5\n"
    read_sources(made(MEDIA, a__csv=text))
    workspace = made("  media: {path: 'a*', columns: {spend: net}}\n", a__csv=text)
    read_sources(workspace)
    assert spends(workspace) == [5.0]
    take_back(workspace, 2)
    assert spends(workspace) == [1.0]
    assert read_sources(workspace).batch is None
    assert spends(workspace) == [1.0]
