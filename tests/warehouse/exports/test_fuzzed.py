"""Files that something happened to: one sentence, or every line kept, refused or left out; never a defect."""

import csv
import io
import random
from pathlib import Path

import pytest
from made_exports import TRAPS, cases, mutated

from cmo.measures import Problem
from cmo.warehouse.guess import guessed
from cmo.warehouse.intake import read_sources
from cmo.warehouse.opened import Unread
from cmo.warehouse.opening import Custom, open_file
from cmo.warehouse.sources import Declared
from cmo.warehouse.survey import format_of, survey
from cmo.warehouse.tables import TABLES
from cmo.workspace import Source, Workspace

CASES = list(cases(seed=5))
WAYS = ("as it comes", "semicolons", "tabs in UTF-16")


def broken(folder: Path, *, seed: int) -> tuple[Path, str, str]:
    """A mutated export, the table and the format it was."""
    rng = random.Random(seed)
    case = rng.choice(CASES)
    path = folder / f"subscribed_{seed}.csv"
    TRAPS[rng.choice(WAYS)](case, path)
    path.write_bytes(mutated(path.read_bytes(), rng))
    return path, case.table, case.format


def n_records(path: Path, encoding: str, delimiter: str) -> int:
    text = path.read_bytes().decode(encoding).lstrip("\ufeff")
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    return sum(any(cell.lstrip("\ufeff").strip() for cell in row) for row in rows)


@pytest.mark.parametrize("block", range(4))
def test_no_line_of_a_mutated_export_is_lost(block: int, tmp_path: Path) -> None:
    for seed in range(block * 50, block * 50 + 50):
        path, table, format_ = broken(tmp_path, seed=seed)
        source = Source(path=str(path), format=format_)
        one = Declared(table=TABLES[table], source=source, where="w", columns_where="c", specification="s")
        try:
            custom = Custom(currency="EUR", timezone="Europe/Paris")
            opened, layout = open_file(path, format_of(path), survey(path), one, custom=custom)
            unread: list[Unread] = []
            n_rows = sum(batch.num_rows for batch in opened.rows(unread))  # type: ignore[attr-defined]
            guess = guessed(path, said={})
        except Problem:
            continue
        assert layout is None
        if guess.encoding is not None and guess.delimiter is not None:
            assert n_rows + len(unread) + 1 == n_records(path, guess.encoding, guess.delimiter), path


@pytest.mark.parametrize("seed", range(1000, 1006))
def test_a_mutated_export_is_imported_whole_or_refused_in_one_sentence(seed: int, tmp_path: Path) -> None:
    path, table, format_ = broken(tmp_path, seed=seed)
    (tmp_path / "cmo.yaml").write_text(
        "company: {name: A, timezone: Europe/Paris}\n"
        f"sources:\n  {table}: {{path: {path.name}, format: {format_}}}\n"
    )
    try:
        report = read_sources(Workspace.open(tmp_path))
    except Problem:
        return
    total = report.total
    assert total("rows_in") == total("rows_kept") + total("rows_refused") + total("rows_left_out")
