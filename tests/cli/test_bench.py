"""The benches take up where they stood: with all worlds lived, they only report."""

import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from cmo.bench.results import append
from cmo.cli.main import app

QUARTERS = np.arange(1, 13)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    rng = np.random.default_rng(1)
    for world in range(1, 4):
        claims = [["media.roi", "is", float(p), bool(rng.random() < p)] for p in rng.random(30)]
        append(
            tmp_path / "truth-1.jsonl",
            {
                "world": world,
                "mechanisms": {"chase": world > 1},
                "claims": claims,
                "intervals": [["media.roi", "tv", 1.0, 0.5, 1.1, 2.0]],
                "in_all": [["media.roi", "tv", 3.0, 0.5, 1.1, 2.0]],
                "doubts": {"media.roi": ["r_hat"]},
                "unmeasured": {},
                "regret": {"money": 100.0, "gain": 2.0, "hoped": [-1.0, 4.0, 9.0], "best": 5.0},
                "seconds": 1.0,
            },
        )
        shares = {"status quo": 1.0, "last click": 0.5, "model without tests": 1.1, "test everything": 1.2}
        policies = {
            name: {"profit": (100.0 * share * QUARTERS).tolist(), "tests": 0, "found": None}
            for name, share in (shares | {"cmo": 1.4, "oracle": 2.0}).items()
        }
        append(
            tmp_path / "loop-1.jsonl", {"world": world, "appears": 2, "policies": policies, "seconds": 1.0}
        )
    return tmp_path


@pytest.mark.parametrize("language", ["en", "fr"])
def test_truth_reports_what_was_lived(folder: Path, language: str) -> None:
    ran = CliRunner().invoke(
        app, ["bench", "truth", "--worlds", "3", "--to", str(folder), "-l", language], catch_exceptions=False
    )
    assert ran.exit_code == 0
    assert "media.roi" in ran.stdout
    told = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    assert told["worlds"] == 3
    assert told["regret"]["recovered"] == pytest.approx(0.4)
    assert {path.name for path in folder.glob("*.svg")} == {"truth-calibration.svg", "truth-coverage.svg"}


def test_loop_reports_what_was_lived(folder: Path) -> None:
    ran = CliRunner().invoke(
        app, ["bench", "loop", "--worlds", "3", "--to", str(folder), "--json"], catch_exceptions=False
    )
    told = json.loads(ran.stdout)
    assert told["policies"]["cmo"]["recovered"]["value"] == pytest.approx(0.4)
    assert told["wins"]["last click"]["value"] == 1.0
    assert (folder / "loop.svg").read_text(encoding="utf-8").startswith("<svg")


def test_a_folder_that_is_a_file_is_refused_in_a_sentence(tmp_path: Path) -> None:
    place = tmp_path / "file"
    place.write_text("", encoding="utf-8")
    ran = CliRunner().invoke(app, ["bench", "loop", "--worlds", "1", "--to", str(place)])
    assert ran.exception is not None
    assert "cannot be written" in str(ran.exception)
