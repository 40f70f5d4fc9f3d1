"""The records under an export's header: its rows, and what else stands among them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cmo.warehouse.exports.export import Found, Row
from cmo.warehouse.exports.grid import Grid
from cmo.warehouse.exports.headers import repaired

_NUMBER = re.compile(r"[-+]?\d[\d.,\s]*%?")
_TOTAL = re.compile(r"\W*(grand |sub|sous-)?(totals?|total général|totaux)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """An export's records.

    Attributes:
        grid: The file.
        found: The export.
        delimiter: What parts its cells.
    """

    grid: Grid
    found: Found
    delimiter: str

    def rows(self) -> Iterator[Row]:
        """The rows that are taken apart as the header says."""
        for at, cells, reason in self.records():
            if reason is None:
                yield self.found.row(at, cells)

    def records(self) -> Iterator[tuple[int, Sequence[str], str | None]]:
        """All records but empty ones and the header: number, cells, and why it is no row, or None."""
        tables = _Tables(self.found)
        for at, record in enumerate(self.grid.read(self.delimiter)):
            cells = [repaired(cell) for cell in record] if self.found.broken else record
            if not any(cell.strip() for cell in cells):
                tables.between = True
            elif at < self.found.at:
                alone = sum(bool(cell.strip()) for cell in cells) < 2 or cells[0].startswith("#")
                yield at + 1, cells, "preamble" if alone or not self.found.export.many_tables else "repeated"
            elif at > self.found.at:
                yield at + 1, _fitted(cells, len(self.found.header)), tables.reason(cells)


class _Tables:
    """Which table of a file a record belongs to."""

    def __init__(self, found: Found) -> None:
        self._found = found
        self._other = False
        self.between = False

    def reason(self, cells: Sequence[str]) -> str | None:
        """Why a record under the header is no row, or None."""
        header, many = self._found.header, self._found.export.many_tables
        if many and cells[0].startswith("#"):
            self.between = True
            return "preamble"
        if [cell.strip() for cell in cells[: len(header)]] == list(header):
            self._other = self.between = False
            return "preamble"
        if many and self.between and not any(_NUMBER.fullmatch(cell.strip()) for cell in cells):
            self._other = True
        self.between = False
        return "repeated" if self._other else _misfit(cells, len(header))


def _fitted(cells: Sequence[str], width: int) -> Sequence[str]:
    """Cells without the empty ones that a spreadsheet adds to the right."""
    return cells if any(cell.strip() for cell in cells[width:]) else cells[:width]


def _misfit(cells: Sequence[str], width: int) -> str | None:
    """Why a record does not fit the header, or None where it does."""
    if len(_fitted(cells, width)) == width:
        return None
    return "total" if any(_TOTAL.match(cell) for cell in (*cells[:3], *cells[width:])) else "cells"
