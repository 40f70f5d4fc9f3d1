"""The life of tests through the command line: designed, approved by another, analysed as promised, learnt."""

import csv
import json
import random
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from cmo.cli.main import app
from cmo.measures import Problem

pytestmark = pytest.mark.slow

CONFIG = """\
company: {name: Petite Boutique, currency: EUR, language: en, timezone: Europe/Paris}
sources:
  outcomes: {path: data/outcomes.csv}
  media: {path: data/media.csv}
  experiment_units: {path: data/units.csv}
"""
STRATEGY = """\
beliefs:
  - {id: reminders, says: Reminders sell, claim: {measure: experiments.lift, of: reminder, at_least: 0.02}}
tests:
  - {id: geo-radio, kind: geo, channel: radio, treated: [east, west], start: 2026-03-02, end: 2026-04-12}
team:
  - {id: ann, name: Ann}
  - {id: bob, name: Bob}
ideas:
  - {id: blue-box, says: "A blue box", kind: product}
"""
REGIONS = ("east", "west", "north", "south", "coast", "hills", "isles", "lakes")
EFFECT = 0.3


def write(path: Path, head: list[str], rows: list[list[Any]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow(head)
        out.writerows(rows)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A shop in eight regions, one of whose tests moved radio, and with a reminder sent to half of 4,000."""
    folder = tmp_path_factory.mktemp("shop")
    (folder / "data").mkdir()
    rng = np.random.default_rng(5)
    outcomes, media = [], []
    for week in range(120):
        day = date(2024, 1, 1) + timedelta(weeks=week)
        on = date(2026, 3, 2) <= day <= date(2026, 4, 12)
        for j, region in enumerate(REGIONS):
            treated = on and region in {"east", "west"}
            base = 1000.0 * (j + 2) * (1 + 0.2 * np.sin(2 * np.pi * week / 52)) * np.exp(0.03 * rng.normal())
            outcomes.append([day, region, round(base * (1 + EFFECT * treated), 2)])
            media.append([day, region, "radio", 300.0 if treated else 100.0])
    write(folder / "data" / "outcomes.csv", ["date", "region", "value"], outcomes)
    write(folder / "data" / "media.csv", ["date", "region", "channel", "spend"], media)
    units = []
    for i in range(4000):
        sent, known = i % 2 == 0, float(rng.gamma(2, 10))
        bought = rng.random() < 0.2 * (1 + 0.4 * sent) + 0.002 * (known - 20)
        at = datetime(2026, 1, 5, 9, tzinfo=UTC) + timedelta(hours=6 * (i % 100))
        units.append(
            ["reminder", f"u{i}", "reminder" if sent else "control", at, int(bought), round(known, 2)]
        )
    head = ["experiment", "unit_id", "variant", "assigned_at", "converted", "pre_spend"]
    write(folder / "data" / "units.csv", head, units)
    (folder / "cmo.yaml").write_text(CONFIG, encoding="utf-8")
    (folder / "strategy.yaml").write_text(STRATEGY, encoding="utf-8")
    done = cmo(folder, "review")
    assert done.code == 0, done.said
    return folder


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    code: int
    out: str
    said: str


def cmo(folder: Path, *words: str) -> Done:
    """Run a command in this process: starting one takes longer than most commands."""
    done = CliRunner().invoke(app, [*words, "-w", str(folder)])
    if isinstance(done.exception, Problem):
        return Done(code=1, out=done.stdout, said="\n".join(done.exception.sentences))
    assert done.exception is None, done.exception
    return Done(code=done.exit_code, out=done.stdout, said=done.stderr)


def ask(folder: Path, *words: str) -> Any:
    done = cmo(folder, *words, "--json")
    assert done.code == 0, done.said
    return json.loads(done.out)


def refused(folder: Path, *words: str) -> str:
    done = cmo(folder, *words)
    assert done.code == 1, done.out
    return done.said


REMINDER = ("--kind", "email", "--arms", "control=0.5,reminder=0.5", "--start", "2026-01-05", "--weeks", "4")


def test_a_test_is_designed_approved_by_another_analysed_decided_and_learnt(shop: Path) -> None:
    said = ("--hypothesis", "A reminder brings orders back", "--belief", "reminders", "--effect", "0.3")
    assert "nobody of the team" in refused(shop, "tests", "design", "reminder", *REMINDER, *said)
    designed = ask(shop, "tests", "design", "reminder", *REMINDER, *said, "--by", "ann")
    assert designed["stage"] == "designed"
    assert [check["code"] for check in designed["checks"] if check["passed"] is False] == [
        "power",
        "registered_before",
    ]
    late = ("--despite", "kept for the record")
    assert "gate is shut" in refused(shop, "tests", "approve", "reminder", "--by", "bob")
    assert "does not give it" in refused(shop, "tests", "approve", "reminder", "--by", "ann", *late)
    assert "has not started" in refused(shop, "tests", "analyse", "reminder")
    ask(shop, "tests", "approve", "reminder", "--by", "bob", *late)
    ask(shop, "tests", "start", "reminder", "--by", "ann", "--on", "2026-01-05")
    assert "not changed any more" in refused(
        shop, "tests", "design", "reminder", *REMINDER, *said, "--metric", "other", "--by", "ann"
    )
    found = ask(shop, "tests", "analyse", "reminder")
    assert found["registered"] is True
    assert found["conclusion"] == "won"
    effect = found["effects"][0]["effect"]
    assert effect["low"] < 0.4 < effect["high"]
    again = ask(shop, "tests", "analyse", "reminder")
    assert again == found
    assert "in a sentence" in refused(shop, "tests", "decide", "reminder", " ", "--by", "bob")
    closed = ask(shop, "tests", "decide", "reminder", "Send it to all", "--by", "bob")
    assert closed["conclusion"] == "won"
    assert len(closed["readings"]) == 1
    learnt = ask(
        shop, "tests", "learn", "reminder", "reminders-sell", "--says", "Reminders sell", "--by", "ann"
    )
    assert learnt["supporting"] == ["reminder"]
    assert learnt["strength"] > 0.99
    library = ask(shop, "tests", "learnings", "reminders")
    assert [one["id"] for one in library["learnings"]] == ["reminders-sell"]
    assert ask(shop, "tests", "learnings", "nothing")["learnings"] == []
    stages = {one["id"]: one["stage"] for one in ask(shop, "tests")["tests"]}
    assert stages.items() >= {"reminder": "learnt", "geo-radio": "analysing", "blue-box": "idea"}.items()


def test_a_geo_test_tells_what_its_money_brought_in_both_languages(shop: Path, tmp_path: Path) -> None:
    page = tmp_path / "geo.html"
    found = ask(shop, "tests", "analyse", "geo-radio", "--to", str(page))
    effect = found["effects"][0]["effect"]
    assert effect["low"] < EFFECT < effect["high"]
    # Two regions spent 200 more in each of six weeks.
    assert found["money"]["spend"] == pytest.approx(2400.0)
    assert found["money"]["factor"] == pytest.approx(1 / 3)
    assert "<svg" in page.read_text(encoding="utf-8")
    french = cmo(shop, "tests", "analyse", "geo-radio", "-l", "fr").out
    assert "par unité de dépense" in french
    assert "None" not in french


def test_a_design_of_regions_keeps_to_its_limits(shop: Path) -> None:
    said = ("--kind", "geo", "--channel", "radio", "--hypothesis", "Radio brings little", "--by", "ann")
    found = ask(shop, "tests", "design", "radio-off", *said, "--exclude", "east,west", "--weeks", "4")
    promise = found["design"]["registration"]
    assert not {"east", "west"} & set(promise["treated"])
    assert promise["channel"] == "radio"
    assert found["design"]["figures"]["standard_error"] > 0.0
    again = ask(shop, "tests", "design", "radio-off", *said, "--exclude", "east,west", "--weeks", "6")
    assert again["design"]["version"] == 2
    assert again["design"]["seal"] != found["design"]["seal"]
    assert "say which (--channel)" in refused(
        shop, "tests", "design", "x", "--kind", "geo", "--hypothesis", "h", "--by", "ann"
    )
    assert "say what kind" in refused(shop, "tests", "design", "x", "--hypothesis", "h", "--by", "ann")


def test_a_life_cut_off_anywhere_is_whole_or_not_there(shop: Path) -> None:
    rng = random.Random(3)
    program = Path(sys.executable).with_name("cmo")
    words = ["tests", "idea", "cut", "--says", "An idea", "--value", "9", "--by", "ann", "-w", str(shop)]
    for _ in range(2):
        running = subprocess.Popen([program, *words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(rng.uniform(0.2, 1.2))
        running.send_signal(signal.SIGKILL)
        running.wait()
    cmo(shop, *words[:-2])
    kept = ask(shop, "tests", "show", "cut")
    assert [step["stage"] for step in kept["steps"]] == ["idea", "scored"]


def test_names_that_nobody_knows_are_refused_with_a_hint(shop: Path) -> None:
    assert "strategy.yaml tells of geo-radio" in refused(shop, "tests", "analyse", "unknown")
    ask(shop, "tests", "idea", "catalogue", "--says", "Send a catalogue", "--by", "ann")
    assert "did you mean catalogue?" in refused(shop, "tests", "show", "catalogu")


def test_cells_and_lots_are_designed_and_what_cannot_be_is_said(shop: Path) -> None:
    said = ("--kind", "geo", "--channel", "radio", "--hypothesis", "More brings more", "--by", "ann")
    cells = ("--cell", "none=0: lakes", "--cell", "double=2")
    found = ask(shop, "tests", "design", "radio-cells", *said, *cells, "--weeks", "4")
    promise = found["design"]["registration"]
    assert [name for name, _ in promise["cells"]] == ["none", "double"]
    assert promise["cells"][0][1] == ["lakes"]
    assert promise["changes"] == [["none", 0.0], ["double", 2.0]]
    french = cmo(shop, "tests", "show", "radio-cells", "-l", "fr").out
    assert "None" not in french
    assert "needs 6" in refused(shop, "tests", "design", "radio-lot", *said, "--draw", "pairs")
    assert "not both" in refused(shop, "tests", "design", "x", *said, "--draw", "pairs", "--regions", "east")


def test_the_next_batch_of_a_creative_test_is_divided(shop: Path) -> None:
    found = ask(shop, "tests", "batch", "reminder", "--units", "500", "--of", "9000")
    sent = {one["name"]: one["next"] for one in found["creatives"]}
    assert sum(sent.values()) == 500
    assert sent["reminder"] > sent["control"]
    assert found["regret"] > 0.0
    assert found["winner"] == "reminder"
    told = cmo(
        shop, "tests", "batch", "new", "--units", "100", "--creative", "sun: look=warm", "--creative", "sea"
    )
    assert told.code == 0, told.said
    assert "begins with no opinion" in told.out
    assert "say how many there are in all" in refused(
        shop, "tests", "batch", "reminder", "--units", "500", "--of", "4100"
    )


def test_a_test_is_promised_by_groups_with_guardrails(shop: Path) -> None:
    said = ("--kind", "ab", "--hypothesis", "It sells", "--metric", "spend/visits", "--by", "ann")
    more = ("--cluster", "shop", "--strata", "country", "--guardrails", "visits", "--margin", "0.05")
    found = ask(shop, "tests", "design", "by-shop", *said, *more, "--expects", "greater")
    promise = found["design"]["registration"]
    assert (promise["cluster"], promise["strata"], promise["margin"]) == ("shop", "country", 0.05)
    assert (promise["alternative"], promise["guardrails"]) == ("greater", ["visits"])
    assert "Only a rise counts" in " ".join(
        cmo(
            shop, "tests", "design", "by-shop-2", *said, *more, "--expects", "greater", "-l", "en"
        ).out.split()
    )
