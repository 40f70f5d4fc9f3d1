"""`cmo choice`, asked as a user asks it."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

CONFIG = """\
company: {name: Lumen, currency: EUR, language: en, timezone: Europe/Paris}
sources: {choices: {path: choices.csv}, brand_survey: {path: brands.csv}}
"""
BRANDS = """\
date,brand,question,respondents,positive
2026-01-05,Lumen,awareness,400,180
2026-01-05,Rival,awareness,400,260
"""
WORTHS = {"Lumen": 0.6, "Rival": 0.0}


SCRIPT = """\
import json, sys
from typer.testing import CliRunner
from cmo.cli.main import app
found = []
for words in json.load(sys.stdin):
    done = CliRunner().invoke(app, words)
    found.append([done.exit_code, done.stdout, str(done.exception)])
print(json.dumps(found))
"""


def asked(folder: Path, *commands: str) -> list[tuple[int, str, str]]:
    """Exit code, answer and error of each command, all in one process."""
    words = [[*command.split(), "-w", str(folder)] for command in commands]
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        input=json.dumps(words),
        capture_output=True,
        text=True,
        check=True,
        timeout=600,
        cwd=folder,
    )
    return [(code, out, error) for code, out, error in json.loads(done.stdout.splitlines()[-1])]


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("company")
    rng = np.random.default_rng(1)
    lines = ["respondent_id,task_id,alternative,chosen,segment,brand,organic,price"]
    for person in range(90):
        segment = "young" if person % 2 else "old"
        for task in range(6):
            shown = [(str(rng.choice(list(WORTHS))), str(rng.choice(["no", "yes"]))) for _ in range(3)]
            prices = rng.choice([10, 15, 20], 3)
            worth = [
                WORTHS[brand] + (organic == "yes") * (1.5 if segment == "young" else 0.2) - 0.1 * price
                for (brand, organic), price in zip(shown, prices, strict=True)
            ]
            best = int(np.argmax(worth + rng.gumbel(size=3)))
            lines += [
                f"r{person},{task},{i},{int(i == best)},{segment},{brand},{organic},{prices[i]}"
                for i, (brand, organic) in enumerate(shown)
            ]
    (folder / "cmo.yaml").write_text(CONFIG)
    (folder / "brands.csv").write_text(BRANDS)
    (folder / "strategy.yaml").write_text("beliefs: []\n")
    (folder / "choices.csv").write_text("\n".join(lines) + "\n")
    assert asked(folder, "review")[0][0] == 0
    return folder


def test_the_survey_is_analysed_offers_are_priced_and_strangers_refused(company: Path) -> None:
    (company / "strange.yaml").write_text("offers: [{name: a, brand: Nobody, organic: yes, price: 12}]\n")
    (company / "levels.yaml").write_text(
        "attributes: {brand: [Lumen, Rival], organic: ['no', 'yes'], price: [10, 15, 20]}\n"
        "forbidden: [{brand: Rival, price: 20}]\nexpected: {price: -0.1, brand=Lumen: 0.3}\n"
    )
    found = asked(
        company,
        "choice analyse --json",
        "choice offers --to offers.yaml --json",
        "choice shares --offers offers.yaml --model logit --json",
        "choice price --offers offers.yaml --cost 5 --model logit --to 40 --json",
        "choice analyse --model nested --nests brand --language fr",
        "choice design levels.yaml --tasks 6 --none --respondents 200 --to asked.csv --json",
        "choice design levels.yaml --tasks 6 --to asked.html --language fr",
        "price survey --json",
        "choice shares --offers strange.yaml --model logit",
        "choice analyse --segment nobody",
        "choice analyse --model nested",
        "choice analyse --model nested --nests colour",
    )
    assert [code for code, _, _ in found] == [0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1]
    analysis_is_of_the_world(json.loads(found[0][1]))
    shares = json.loads(found[2][1])["shares"]
    assert [one["offer"] for one in shares] == ["Lumen", "Rival"]
    assert sum(one["mean"] for one in shares) == pytest.approx(1.0)
    prices_fall_in_demand(json.loads(found[3][1]))
    assert "Modèle demandé" in found[4][1]
    questionnaire_is_sound(json.loads(found[5][1]), company)
    assert "asked about prices" in found[7][2] or "respondents" in found[7][2]
    for (_, _, error), word in zip(found[8:], ("Nobody", "old, young", "--nests", "brand"), strict=True):
        assert word in error


def analysis_is_of_the_world(found: dict[str, Any]) -> None:
    assert found["model"] in {one["model"] for one in found["models"]}
    assert found["why"]
    worth = {one["level"]: one for one in found["wtp"]}
    assert worth["brand=Lumen"]["q05"] < 6 < worth["brand=Lumen"]["q95"]
    by_segment = {
        one["segment"]: {level["level"]: level["median"] for level in one["wtp"]} for one in found["segments"]
    }
    assert by_segment["young"]["organic=yes"] > 10 > by_segment["old"].get("organic=yes", 0.0)
    assert sum(one["share"] for one in found["groups"]) == pytest.approx(1.0)


def prices_fall_in_demand(found: dict[str, Any]) -> None:
    shares = [one["share"]["median"] for one in found["prices"]]
    assert shares == sorted(shares, reverse=True)
    assert found["best"]["q05"] <= found["best"]["price"] <= found["best"]["q95"]
    assert found["best"]["price"] > 5


def questionnaire_is_sound(found: dict[str, Any], company: Path) -> None:
    rows = found["tasks"]
    assert not [row for row in rows if row.get("brand") == "Rival" and row.get("price") == 20]
    assert sum("price" not in row for row in rows) == 12
    assert {one["coefficient"] for one in found["power"]} == {"brand=Rival", "organic=yes", "price", "none"}
    assert (company / "asked.csv").read_text().startswith("version,task,place,brand,organic,price\n1,1,1,")
    page = (company / "asked.html").read_text()
    assert "Lequel choisiriez-vous" in page
    assert page.count("☐") == 36
