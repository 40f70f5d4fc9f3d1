"""The main job through the command line: right, idempotent, incremental, recoverable."""

import csv
import json
import os
import random
import signal
import subprocess
import sys
import time
from datetime import date
from pathlib import Path
from typing import Any

import pytest

PROGRAM = Path(sys.executable).with_name("cmo")
pytestmark = pytest.mark.slow


def revenue_in(folder: Path) -> float:
    total = 0
    for path in sorted((folder / "data").glob("orders*.csv")):
        with path.open(encoding="utf-8") as file:
            total += sum(round(float(row["amount"]) * 100) for row in csv.DictReader(file))
    return total / 100


def test_a_review_confronts_beliefs_and_agrees_to_the_cent(boutique: Any) -> None:
    first = boutique.ask("review")
    assert first["new"] is True
    stances = {belief["id"]: belief["verdict"] for belief in first["beliefs"]}
    assert stances == {
        "loyal": "refuted",
        "web": "supported",
        "spring": "supported",
        "loved": "unmeasurable",
        "vague": "unmeasurable",
    }
    revenue = boutique.ask("measure", "sales.revenue")
    total = next(row for row in revenue["estimates"] if row["subject"] == "total")
    assert total["mean"] == pytest.approx(revenue_in(boutique.folder), abs=0.005)
    assert total["q05"] < total["median"] < total["q95"]
    assert Path(first["brief"]).exists()


def test_an_unchanged_review_changes_nothing(boutique: Any) -> None:
    first = boutique.ask("review")
    again = boutique.ask("review")
    assert again["new"] is False
    assert again["beliefs"] == first["beliefs"]
    assert all(source["state"] == "unchanged" for source in again["sources"])


def test_two_workspaces_of_the_same_data_give_the_same_answers(boutique: Any, tmp_path: Path) -> None:
    copy = type(boutique)(tmp_path / "copy")
    copy.folder.mkdir()
    for name in ("cmo.yaml", "strategy.yaml"):
        (copy.folder / name).write_bytes((boutique.folder / name).read_bytes())
    (copy.folder / "data").mkdir()
    (copy.folder / "data" / "orders-1.csv").write_bytes(
        (boutique.folder / "data" / "orders-1.csv").read_bytes()
    )
    boutique.cmo("review")
    copy.cmo("review")
    for measure in ("sales.revenue", "sales.forecast", "customers.concentration"):
        assert boutique.ask("measure", measure) == copy.ask("measure", measure)


def test_new_orders_are_read_alone_and_verdicts_remember_where_they_stood(boutique: Any) -> None:
    boutique.cmo("review")
    boutique.orders("orders-2.csv", first=date(2026, 3, 11), days=20, seed=2)
    after = boutique.ask("review")
    states = {Path(source["origin"]).name: source["state"] for source in after["sources"]}
    assert states == {"orders-1.csv": "unchanged", "orders-2.csv": "new"}
    assert all(belief["previous"] is not None for belief in after["beliefs"])
    total = boutique.ask("measure", "sales.revenue", "--of", "total")["estimates"]
    assert total[0]["mean"] == pytest.approx(revenue_in(boutique.folder), abs=0.005)


def test_a_changed_belief_is_judged_on_the_evidence_there_is(boutique: Any) -> None:
    boutique.cmo("review")
    path = boutique.folder / "strategy.yaml"
    said = path.read_text(encoding="utf-8")
    path.write_text(said.replace("at_most: 0.5", "at_least: 0.5"), encoding="utf-8")
    beliefs = {one["id"]: one for one in boutique.ask("review")["beliefs"]}
    assert beliefs["loyal"]["verdict"] == "supported"
    assert beliefs["loyal"]["previous"] is None, "the old verdict judged another claim"


def test_a_broken_source_leaves_the_last_review_as_it_was(boutique: Any) -> None:
    boutique.cmo("review")
    before = boutique.ask("beliefs")
    (boutique.folder / "data" / "orders-3.csv").write_text("order,customer\n1,2\n", encoding="utf-8")
    said = boutique.cmo("review", code=1)
    assert "orders-3.csv" in said
    assert boutique.ask("beliefs") == before


def killed(folder: Path, after: float) -> None:
    command = [PROGRAM, "review", "--json", "-w", folder]
    with subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=os.environ, start_new_session=True
    ) as running:
        time.sleep(after)
        os.killpg(running.pid, signal.SIGKILL)


def test_a_review_killed_at_any_instant_loses_nothing(boutique: Any) -> None:
    boutique.cmo("review")
    standing = boutique.ask("beliefs")
    boutique.orders("orders-2.csv", first=date(2026, 3, 11), days=5, seed=2)
    rng = random.Random(7)
    for _ in range(6):
        killed(boutique.folder, rng.uniform(0.2, 4.0))
        now = boutique.ask("beliefs")
        ids = [belief["id"] for belief in now["beliefs"]]
        assert ids == [belief["id"] for belief in standing["beliefs"]], "a verdict is missing"
    finished = boutique.ask("review")
    assert [b["verdict"] for b in finished["beliefs"]] == [
        b["verdict"] for b in boutique.ask("beliefs")["beliefs"]
    ]
    total = boutique.ask("measure", "sales.revenue", "--of", "total")["estimates"]
    assert total[0]["mean"] == pytest.approx(revenue_in(boutique.folder), abs=0.005)


def test_edits_made_elsewhere_are_kept_and_conflicts_refused(boutique: Any) -> None:
    boutique.cmo("strategy", "apply")
    assert boutique.ask("strategy", "diff") == {"changes": [], "elsewhere": [], "conflicts": []}
    path = boutique.folder / "strategy.yaml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("confidence: 0.9", "confidence: 0.4"), encoding="utf-8"
    )
    (change,) = boutique.ask("strategy", "diff")["changes"]
    assert (change["id"], change["kind"]) == ("loyal", "changed")
    boutique.cmo("strategy", "apply")
    assert boutique.ask("strategy", "export")["changed"] is False
    assert "# What we believe" in path.read_text(encoding="utf-8")


def test_every_answer_is_json_alone(boutique: Any) -> None:
    boutique.cmo("review")
    for words in (
        ["check"],
        ["measures"],
        ["beliefs"],
        ["measure", "customers.active"],
        ["strategy", "diff"],
    ):
        assert isinstance(json.loads(boutique.cmo(*words, "--json")), dict)


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (["measure", "sales.revenu"], 1, "did you mean sales.revenue"),
        (["measure", "sales.revenue", "--of", "webb"], 1, "did you mean web"),
        (["measure", "sales.revenue"], 1, "run cmo review"),
        (["beliefs"], 1, "run cmo review"),
        (["brief", "board", "--to", "x.docx"], 1, "run cmo review"),
        (["brief", "king", "--to", "x.html"], 1, "choose one of"),
        (["measure"], 2, "Missing argument"),
        (["revue"], 2, "No such command"),
    ],
)
def test_a_wrong_question_gets_one_sentence(
    boutique: Any, words: list[str], code: int, sentence: str
) -> None:
    if "webb" in words:
        boutique.cmo("review")
    said = boutique.cmo(*words, code=code)
    assert sentence in said
    if code == 1:
        assert len(said.strip().splitlines()) == 1
