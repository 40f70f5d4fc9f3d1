"""The list of refused rows beside each batch."""

import csv
from collections.abc import Callable

from cmo.warehouse.errors import HEAD, errors_of
from cmo.warehouse.intake import read_sources
from cmo.workspace import Workspace

Made = Callable[..., Workspace]


def test_every_refused_row_is_listed_in_both_languages(made: Made) -> None:
    text = "date,channel,spend\n2026-01-01,tv,1\n2026-01-02,tv,=1+1\n2026-01-03,,3\n2026-01-04,tv\n"
    workspace = made("  media: {path: a.csv}\n", a__csv=text)
    report = read_sources(workspace)
    path = errors_of(workspace.cmo, 1)
    assert report.errors == (path,)
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert tuple(rows[0]) == HEAD
    told = [(row["file"], row["line"], row["column"], row["value"], row["level"]) for row in rows]
    assert told == [
        ("a.csv", "3", "spend", "'=1+1", "error"),
        ("a.csv", "4", "channel", "", "error"),
        ("a.csv", "5", "", "2026-01-04,tv", "error"),
    ]
    assert rows[0]["message_en"] == "spend (=1+1): a number was expected; correct line 3 and export again"
    assert rows[0]["message_fr"].startswith("spend (=1+1) : un nombre était attendu")


def test_a_batch_without_refused_rows_has_no_list(made: Made) -> None:
    workspace = made("  media: {path: a.csv}\n", a__csv="date,channel,spend\n2026-01-01,tv,1\n")
    assert read_sources(workspace).errors == ()
    assert not errors_of(workspace.cmo, 1).exists()
