import os
import signal
import sqlite3
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection

from cmo.ledger import models
from cmo.ledger.opening import close_ledger, open_ledger, writing
from cmo.ledger.reviews import Run, last_review, remember_review, remembered_evidence
from cmo.ledger.settings import FILE
from cmo.ledger.verdicts import verdicts
from cmo.measures import Problem
from cmo.strategy.evidence import Evidence
from cmo.strategy.verdict import Verdict

_REVIEWER = textwrap.dedent("""
    import sys
    from datetime import datetime, UTC, date
    from pathlib import Path
    import numpy as np
    from cmo.ledger.opening import open_ledger
    from cmo.ledger.reviews import Run, remember_review
    from cmo.measures import Claim, Estimate, Grade, Text, Window
    from cmo.strategy.evidence import Evidence
    from cmo.strategy.verdict import Stance, Verdict

    open_ledger(Path(sys.argv[1]))
    rng = np.random.default_rng()
    claim = Claim.parse({"measure": "media.roi", "of": "0", "at_least": 1})
    print("ready", flush=True)
    while True:
        found = tuple(
            Estimate.of_draws(
                "media.roi", rng.normal(size=(2000, 5)), subjects=tuple("01234"), by=f"kind {i}",
                unit="count", window=Window.parse("2026"), as_of=date(2026, 1, 1), method=Text.same("m"),
                grade=Grade.C, tables=("media",),
            )
            for i in range(10)
        )
        judged = [
            Verdict(
                belief=f"b{i}", says=Text.same("x"), owner=None, stated=None, measure="media.roi",
                claim=claim, probability=0.01, stance=Stance.REFUTED, why=Text.same("y"), grade=None,
                as_of=None, previous=None,
            )
            for i in range(20)
        ]
        run = Run(started_at=datetime.now(UTC), fingerprint="f", seed=1, engine="duckdb", version="0")
        review = remember_review(run, evidence=Evidence(estimates=found), verdicts=judged)
        print(review.number, flush=True)
""")


def test_a_second_opening_finds_the_tables_and_makes_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_ledger(tmp_path)

    def never() -> None:
        pytest.fail("a ledger that is up to date was migrated")

    monkeypatch.setattr("cmo.ledger.opening._migrate", never)
    open_ledger(tmp_path)
    assert last_review() is None


def test_several_workspaces_are_opened_one_after_another(
    new_folder: Callable[[], Path], run: Callable[..., Run], verdict: Callable[..., Verdict]
) -> None:
    one, other = new_folder(), new_folder()
    for folder, name in ((one, "first"), (other, "second")):
        open_ledger(folder)
        assert last_review() is None
        remember_review(run(name), evidence=Evidence(), verdicts=[verdict(name)])
    for folder, name in ((one, "first"), (other, "second"), (one, "first")):
        open_ledger(folder)
        last = last_review()
        assert last is not None
        assert (last.number, last.run.fingerprint, verdicts()[0].belief) == (1, name, name)


@pytest.mark.postgres
def test_a_file_and_a_server_are_opened_in_turn(
    new_folder: Callable[[], Path],
    empty_database: str,
    monkeypatch: pytest.MonkeyPatch,
    run: Callable[..., Run],
) -> None:
    folder = new_folder()
    open_ledger(folder)
    remember_review(run("file"), evidence=Evidence(), verdicts=[])
    monkeypatch.setenv("CMO_DATABASE_URL", empty_database)
    open_ledger(folder)
    assert (connection.vendor, last_review()) == ("postgresql", None)
    monkeypatch.delenv("CMO_DATABASE_URL")
    open_ledger(folder)
    assert connection.vendor == "sqlite"
    assert last_review() is not None


def test_the_file_lets_readers_read_while_somebody_writes(new_folder: Callable[[], Path]) -> None:
    folder = new_folder()
    open_ledger(folder)
    with connection.cursor() as cursor:
        values = [cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "foreign_keys")]
        patience = cursor.execute("PRAGMA busy_timeout").fetchone()[0]
    assert (values, patience) == (["wal", 1], 20_000)
    with writing(), sqlite3.connect(folder / FILE, timeout=0) as other:
        assert other.execute("SELECT count(*) FROM ledger_review").fetchone() == (0,)
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")
    other.close()


def test_nothing_can_be_asked_before_a_ledger_is_open() -> None:
    close_ledger()
    code = "from cmo.ledger.reviews import last_review; last_review()"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "ImproperlyConfigured" in done.stderr


def test_a_ledger_of_a_newer_cmo_is_left_alone(new_folder: Callable[[], Path]) -> None:
    folder = new_folder()
    with sqlite3.connect(folder / FILE) as file:
        file.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('ledger', '0099_later', '2030-01-01')"
        )
    file.close()
    with pytest.raises(Problem, match=r"written by a newer cmo \(0099_later\)"):
        open_ledger(folder)


def test_a_file_that_is_no_ledger_is_told(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("not a database, by any means " * 50)
    with pytest.raises(Problem, match=r"cannot be opened: file is not a database"):
        open_ledger(tmp_path)


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(Problem, match="cannot be opened: unable to open database file"):
        open_ledger(tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("mysql://u@h/db", "starts with mysql://, expected postgresql://"),
        ("cmo", "starts with nothing://"),
        ("postgresql://u:p@h:5432", "names no database"),
        ("postgresql://u:p@h:99999/cmo", "port that is no number"),
        ("postgresql://u:secret@127.0.0.1:1/cmo", "the ledger cmo on 127.0.0.1 cannot be opened"),
    ],
)
def test_an_address_that_leads_nowhere_is_told_without_the_password(
    url: str, sentence: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CMO_DATABASE_URL", url)
    with pytest.raises(Problem) as refused:
        open_ledger(tmp_path)
    assert sentence in str(refused.value)
    assert "secret" not in str(refused.value)


def test_processes_that_open_a_new_ledger_at_once_all_succeed(tmp_path: Path) -> None:
    code = "import sys, pathlib, cmo.ledger.opening as o; o.open_ledger(pathlib.Path(sys.argv[1]))"
    command = [sys.executable, "-c", code, str(tmp_path)]
    opening = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _ in range(3)]
    assert [process.communicate()[1] for process in opening] == ["", "", ""]
    assert [process.returncode for process in opening] == [0, 0, 0]


def test_a_review_that_is_killed_leaves_the_one_before_whole(ledger: Path) -> None:
    for delay in (0.0, 0.011, 0.027, 0.041):
        writer = subprocess.Popen(
            [sys.executable, "-c", _REVIEWER, str(ledger)],
            stdout=subprocess.PIPE,
            text=True,
            env=dict(os.environ),
        )
        assert writer.stdout is not None
        assert writer.stdout.readline() == "ready\n"
        told = int(writer.stdout.readline())
        time.sleep(delay)
        writer.send_signal(signal.SIGKILL)
        told = max([told, *(int(line) for line in writer.communicate()[0].split())])

        last = last_review()
        assert last is not None
        assert last.number >= told
        assert [row.number for row in models.Review.rows.order_by("number")] == list(
            range(1, last.number + 1)
        )
        assert models.Finding.rows.count() == models.Evidence.rows.count() == 10 * last.number
        assert models.Verdict.rows.count() == models.Challenge.rows.count() == 20 * last.number
        assert len(remembered_evidence().estimates) == 10
        assert len(verdicts()) == 20
