"""Opening a file, whatever it is: the one way in for a preview and for an import."""

from dataclasses import dataclass
from pathlib import Path

from cmo.measures import Problem
from cmo.warehouse.exports.grid import Grid, grid_of_sheet, grid_of_text
from cmo.warehouse.exports.known import FORMATS, KNOWN
from cmo.warehouse.exports.recognition import in_currency, recognised
from cmo.warehouse.exports.telling import open_export, settled
from cmo.warehouse.mapping import find
from cmo.warehouse.opened import Opened, Written
from cmo.warehouse.other_files import is_json, open_json, open_parquet, open_sheet, sheet_cells
from cmo.warehouse.sources import Declared
from cmo.warehouse.survey import Format, Survey
from cmo.warehouse.text_files import Layout, TextFile, layout_of, open_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Custom:
    """What the company takes for granted.

    Attributes:
        currency: ISO 4217 code of its money.
        timezone: Time zone its days are counted in.
    """

    currency: str
    timezone: str


def open_file(
    path: Path, kind: Format, surveyed: Survey, one: Declared, *, custom: Custom
) -> tuple[Opened, Layout | None]:
    """Opens a file that fills a table.

    Args:
        path: The file.
        kind: What its first bytes say it is.
        surveyed: What a pass over its bytes said.
        one: The source that declares it.
        custom: What the company takes for granted.

    Returns:
        The source, and the layout by which rows added to it can be read alone, or None where they cannot.

    Raises:
        Problem: It cannot be read.
    """
    wanted = [*one.source.columns.values(), *one.table.required]
    if kind is Format.PARQUET:
        _no_export(path, one)
        return open_parquet(path), None
    if kind is Format.SHEET:
        cells, numeric = sheet_cells(path, sheet=one.source.sheet)
        exported = _as_export(grid_of_sheet(path, cells), one, custom=custom)
        return exported or open_sheet(path, cells, numeric=numeric, wanted=wanted), None
    file = TextFile(path=path, packed=kind is Format.GZIP, survey=surveyed)
    if is_json(Path(path.stem) if file.packed else path, file.look()):
        _no_export(path, one)
        return open_json(file), None
    grid = grid_of_text(file, encoding=one.source.encoding, delimiter=one.source.delimiter)
    if (exported := _as_export(grid, one, custom=custom)) is not None:
        return exported, None
    layout, first = layout_of(
        file, encoding=one.source.encoding, delimiter=one.source.delimiter, wanted=wanted
    )
    return open_text(file, layout, first=first), None if file.packed else layout


def _no_export(path: Path, one: Declared) -> None:
    if one.source.format is not None:
        raise Problem(
            f"{one.where}: {path} is said to be {one.source.format}, which comes as csv or xlsx; take format "
            f"away, and map its columns with columns:"
        )


def _as_export(grid: Grid, one: Declared, *, custom: Custom) -> Written | None:
    """The file as a known export, where it is one and cmo.yaml does not map its columns itself.

    Raises:
        Problem: It is said to be an export that it is not, or is one that fills another table.
    """
    written = one.source.format
    if written is None and one.source.columns:
        return None
    among = KNOWN if written is None else FORMATS[written]
    known = recognised(grid, among, explicit=written is not None)
    if known is None:
        if written is not None:
            raise Problem(
                f"{one.where}: {grid.name} has no header of a {among[0].says}; check the export, or take "
                f"format: {written} away and map its columns with columns:"
            )
        return None
    found, delimiter = known
    if written is None and all(find(name, found.header) is not None for name in one.table.required):
        return None
    if found.export.table != one.table.name:
        raise Problem(
            f"{one.where}: {grid.name} is a {found.export.says}, which fills the table {found.export.table}; "
            f"move this source there"
        )
    found = settled(grid, in_currency(found, custom.currency), delimiter, source=one.source)
    return open_export(grid, found, delimiter)
