"""Every known export, in every language and through every trap: right sums to the cent."""

from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
from made_exports import TRAPS, Case, cases

from cmo.warehouse.exports.grid import Grid, grid_of_sheet, grid_of_text
from cmo.warehouse.exports.known import KNOWN
from cmo.warehouse.exports.recognition import in_currency, recognised
from cmo.warehouse.exports.telling import open_export, settled
from cmo.warehouse.opened import LEFT_OUT, Unread
from cmo.warehouse.other_files import sheet_cells
from cmo.warehouse.survey import Format, format_of, survey
from cmo.warehouse.tables import TABLES
from cmo.warehouse.text_files import TextFile
from cmo.workspace import Source

CASES = list(cases())


def grid_of(path: Path) -> Grid:
    if format_of(path) is Format.SHEET:
        return grid_of_sheet(path, sheet_cells(path, sheet=None)[0])
    file = TextFile(path=path, packed=False, survey=survey(path))
    return grid_of_text(file, encoding=None, delimiter=None)


def told(path: Path) -> tuple[str, list[dict[str, str | None]], list[Unread]]:
    """The format a file is recognised as, its rows and what is no row."""
    grid = grid_of(path)
    known = recognised(grid, KNOWN, explicit=False)
    assert known is not None
    found, delimiter = known
    found = settled(grid, in_currency(found, "EUR"), delimiter, source=Source(path=str(path)))
    opened = open_export(grid, found, delimiter)
    unread: list[Unread] = []
    rows = [
        dict(zip(opened.columns, cells, strict=False))
        for batch in opened.rows(unread)
        for cells in zip(*(column.to_pylist() for column in batch.columns), strict=True)
    ]
    return found.export.name, rows, unread


@pytest.mark.parametrize("trap", TRAPS)
@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_an_export_comes_to_the_cent_through_every_trap(case: Case, trap: str, tmp_path: Path) -> None:
    path = tmp_path / "subscribed_export.csv"
    TRAPS[trap](case, path)
    name, rows, unread = told(path)
    assert name == case.format
    required = TABLES[case.table].required
    kept = [row for row in rows if all(row[column] is not None for column in required)]
    refused = [one.rule for one in unread if one.rule not in LEFT_OUT] + ["missing"] * (len(rows) - len(kept))
    left = Counter(one.rule for one in unread if one.rule in LEFT_OUT)
    assert len(kept) == case.n_kept
    assert refused == case.refused
    assert {reason: n for reason, n in case.left_out.items() if n} == dict(left)
    for column, expected in case.sums.items():
        assert sum(Decimal(row[column] or 0) for row in kept) == expected, column
