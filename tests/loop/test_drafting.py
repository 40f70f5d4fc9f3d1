"""A workspace made of the files a company has: guessed, asked, written, and working as it stands."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from cmo.loop.starting import initialise_from
from cmo.measures import Problem
from cmo.warehouse.engines import open_field
from cmo.warehouse.intake import read_sources
from cmo.workspace import Workspace

ADS = """Rapport sur les campagnes
1 septembre 2026 - 30 septembre 2026
Jour;Campagne;Code de la devise;Coût;Impr.;Clics;Conversions
1 sept. 2026;Été;EUR;1\u202f234,56;12\u202f345;12;1,00
2 sept. 2026;Été;EUR;20;100;1;0,00
Total : compte;;EUR;1\u202f254,56;12\u202f445;13;1,00
"""
SALES = """N° commande;Date de commande;Code client;Produit;Quantité;Montant TTC;Canal de vente
C1;25/09/2026;K1;Crème;2;1 234,50;web
C2;26/09/2026;K2;Savon;1;12,50;magasin
C3;01/10/2026;K1;Savon;1;12,50;magasin
Total;;;;3;1259,50;
"""
AMBIGUOUS = "order_id,date,customer,amount\n1,03/04/2026,a,12.5\n2,05/04/2026,b,3.5\n"


def made(folder: Path, **files: str) -> list[Path]:
    paths = []
    for name, text in files.items():
        path = folder / name.replace("__", ".")
        path.write_text(text, encoding="utf-8")
        paths.append(path)
    return paths


def begun(folder: Path, files: Sequence[Path], **answers: str) -> dict[str, Any]:
    given = {key.replace("__", "."): value for key, value in answers.items()}
    answer = initialise_from(folder, files, answers=given, ask=None, language=None)
    data: dict[str, Any] = json.loads(json.dumps(answer.data))
    return data


def total(workspace: Workspace, table: str, column: str) -> float:
    field = open_field(workspace)
    return float(sum(row[column] for row in field.collect(field.table(table)).to_pylist()))


def test_what_is_written_is_read_as_it_stands(tmp_path: Path) -> None:
    files = made(tmp_path, ads__csv=ADS, ventes__csv=SALES)
    data = begun(tmp_path / "acme", files)
    assert data["company"] == {
        "name": "Acme",
        "currency": "EUR",
        "language": "fr",
        "timezone": "Europe/Paris",
    }
    assert [(one["table"], one["format"]) for one in data["sources"]] == [
        ("media", "google_ads"),
        ("orders", None),
    ]
    assert [one["rows_kept"] for one in data["sources"]] == [2, 3]
    assert data["sources"][0]["left_out"] == {"preamble": 2, "total": 1}
    workspace = Workspace.open(tmp_path / "acme")
    report = read_sources(workspace)
    assert (report.total("rows_kept"), report.total("rows_refused"), report.total("rows_left_out")) == (
        5,
        0,
        4,
    )
    assert total(workspace, "media", "spend") == 1254.56
    assert total(workspace, "orders", "revenue") == 1259.5


def test_the_preview_counts_what_the_import_counts(tmp_path: Path) -> None:
    files = made(tmp_path, ventes__csv=SALES.replace("12,50;magasin\nTotal", "abc;magasin\nTotal"))
    (source,) = begun(tmp_path / "acme", files)["sources"]
    (read,) = read_sources(Workspace.open(tmp_path / "acme")).sources
    assert [source[what] for what in ("rows_in", "rows_kept", "rows_refused")] == [
        read.rows_in, read.rows_kept, read.rows_refused,
    ]  # fmt: skip
    assert "abc" in source["refused_for_example"]


def test_what_is_open_is_asked_and_nothing_is_written(tmp_path: Path) -> None:
    files = made(tmp_path, amb__csv=AMBIGUOUS)
    data = begun(tmp_path / "acme", files)
    (question,) = data["questions"]
    assert question["key"] == "amb.csv.dates"
    assert question["choices"] == ["day_first", "month_first"]
    assert data["files"] == []
    assert not (tmp_path / "acme").exists()
    begun(tmp_path / "acme", files, amb__csv__dates="day_first")
    assert 'dates: "day_first"' in (tmp_path / "acme/cmo.yaml").read_text()
    workspace = Workspace.open(tmp_path / "acme")
    read_sources(workspace)
    field = open_field(workspace)
    assert str(field.span("orders").start) == "2026-04-03"


def test_a_person_is_asked_until_nothing_is_open(tmp_path: Path) -> None:
    asked: list[str] = []

    def ask(question: str, choices: Sequence[str]) -> str:
        asked.append(question)
        return choices[-1]

    files = made(tmp_path, amb__csv=AMBIGUOUS)
    initialise_from(tmp_path / "acme", files, answers={}, ask=ask, language="fr")
    assert len(asked) == 1
    assert "03/04/2026 peut commencer par le jour ou par le mois" in asked[0]
    assert "month_first" in (tmp_path / "acme/cmo.yaml").read_text()


def test_a_file_of_nothing_known_is_asked_about(tmp_path: Path) -> None:
    files = made(tmp_path, x__csv="a,b,c\n1,2,3\n")
    (question,) = begun(tmp_path / "acme", files)["questions"]
    assert question["key"] == "x.csv.table"


def test_files_in_two_currencies_ask_for_the_companys(tmp_path: Path) -> None:
    dollars = "Day,Campaign name,Amount spent (USD)\n2026-09-01,a,1.50\n"
    files = made(tmp_path, ads__csv=ADS, meta__csv=dollars)
    assert "currency" in [one["key"] for one in begun(tmp_path / "acme", files)["questions"]]
    data = begun(tmp_path / "acme", files, currency="EUR")
    assert [one["file"] for one in data["refused"]] == [str(files[1])]
    assert "in USD and the company counts in EUR" in data["refused"][0]["why"]
    assert len(Workspace.open(tmp_path / "acme").config.sources) == 1


def test_a_file_inside_the_folder_is_named_from_there(tmp_path: Path) -> None:
    (tmp_path / "acme").mkdir()
    files = made(tmp_path / "acme", ventes__csv=SALES)
    begun(tmp_path / "acme", files)
    assert Workspace.open(tmp_path / "acme").config.sources["orders"][0].path == "ventes.csv"


def test_a_column_of_spend_for_each_channel_becomes_media(tmp_path: Path) -> None:
    text = "date,revenue,tv_spend,search_spend\n2026-01-05,100.5,10,1.5\n2026-01-12,200,20,2.5\n"
    begun(tmp_path / "acme", made(tmp_path, panel__csv=text))
    workspace = Workspace.open(tmp_path / "acme")
    read_sources(workspace)
    assert total(workspace, "media", "spend") == 34.0
    assert total(workspace, "outcomes", "value") == 300.5


def test_a_workspace_that_is_there_is_left_alone(tmp_path: Path) -> None:
    files = made(tmp_path, ventes__csv=SALES)
    begun(tmp_path / "acme", files)
    before = (tmp_path / "acme/cmo.yaml").read_text()
    with pytest.raises(Problem, match="there already"):
        begun(tmp_path / "acme", files)
    assert (tmp_path / "acme/cmo.yaml").read_text() == before


@pytest.mark.parametrize(
    ("key", "says"), [("nofile.csv.dates", "FILE.key=value"), ("ventes__csv__foo", "FILE.key=value")]
)
def test_an_answer_about_nothing_is_refused(tmp_path: Path, key: str, says: str) -> None:
    with pytest.raises(Problem, match=says):
        begun(tmp_path / "acme", made(tmp_path, ventes__csv=SALES), **{key: "x"})


def test_a_report_over_a_period_alone_is_refused_with_the_reason(tmp_path: Path) -> None:
    text = "Campaign,Campaign type,Cost,Conversions,Cost / conv.\na,Search,1.50,1,1.50\n"
    with pytest.raises(Problem, match="days are needed"):
        begun(tmp_path / "acme", made(tmp_path, range__csv=text))


REAL = {
    "customers/cdnow_master.csv.gz": ("orders", 69659),
    "customers/dunnhumby_cj_transactions_sample.csv.gz": ("orders", None),
    "mmm/nat156.csv": ("media", 156),
    "mmm/robyn_dt_simulated_weekly.csv": ("media", 208),
    "experiments/geolift_test.csv": ("outcomes", None),
    "market/hn_hiring_terms.csv": ("signals", None),
}


@pytest.mark.shared
@pytest.mark.parametrize("name", REAL)
def test_real_files_are_taken_for_what_they_are(name: str, shared: Path, tmp_path: Path) -> None:
    table, n_rows = REAL[name]
    data = begun(tmp_path / "acme", [shared / "data" / name])
    source = data["sources"][0]
    assert source["table"] == table
    assert source["rows_refused"] == 0
    assert n_rows is None or source["rows_kept"] == n_rows
