"""What a file is taken for that nobody has described: which table, which column is which, how surely."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from cmo.measures import Problem, Text
from cmo.warehouse.dialect import Decimal, Order
from cmo.warehouse.exports.export import Found
from cmo.warehouse.exports.grid import Grid, grid_of_sheet, grid_of_text
from cmo.warehouse.exports.headers import headings
from cmo.warehouse.exports.known import FORMATS, KNOWN
from cmo.warehouse.exports.recognition import recognised, stated_currency
from cmo.warehouse.exports.telling import settled
from cmo.warehouse.exports.values import is_blank
from cmo.warehouse.guess_tables import CURRENCY_COLUMNS, ColumnGuess, HeldColumns, SourceGuess, of_table, wide
from cmo.warehouse.opened import Opened
from cmo.warehouse.other_files import is_json, open_json, open_parquet, open_sheet, sheet_cells
from cmo.warehouse.survey import Format, format_of, survey
from cmo.warehouse.tables import TABLES, Kind
from cmo.warehouse.text_files import TextFile, layout_of, open_text
from cmo.workspace import Source

KNOWN_EXPORT, SURE_ENOUGH = 0.99, 0.6
"""How sure the columns of a known export are, and how sure a table must be to be taken unasked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileGuess:
    """What a file is taken for.

    Attributes:
        path: The file.
        sources: The tables it fills; empty where that cannot be told.
        header: Its column names.
        currency: The currency it names, or None.
        encoding: Encoding of an export's text, or None.
        delimiter: What parts an export's cells, or None.
        decimal: The decimal mark of an export, or None where it needs none or leaves it open.
        orders: The order of day and month of an export by column.
    """

    path: Path
    sources: tuple[SourceGuess, ...]
    header: tuple[str, ...]
    currency: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    decimal: Decimal | None = None
    orders: Mapping[str, Order] = field(default_factory=dict)


def guessed(path: Path, *, said: Mapping[str, str]) -> FileGuess:
    """What a file is taken for.

    Args:
        path: The file.
        said: What was answered about it: table, format, encoding, delimiter, sheet, or a canonical column.

    Raises:
        Problem: It cannot be read at all, or an answer is none.
    """
    kind = format_of(path)
    if kind is Format.PARQUET:
        return _generic(path, open_parquet(path), said=said)
    if kind is Format.SHEET:
        cells, numeric = sheet_cells(path, sheet=said.get("sheet"))
        grid = grid_of_sheet(path, cells)
        return _as_export(path, grid, said=said) or _generic(
            path, open_sheet(path, cells, numeric=numeric, wanted=()), said=said
        )
    file = TextFile(path=path, packed=kind is Format.GZIP, survey=survey(path))
    if is_json(Path(path.stem) if file.packed else path, file.look()):
        return _generic(path, open_json(file), said=said)
    encoding, delimiter = said.get("encoding"), said.get("delimiter")
    grid = grid_of_text(file, encoding=encoding, delimiter=delimiter)
    if (export := _as_export(path, grid, said=said)) is not None:
        return export
    layout, first = layout_of(file, encoding=encoding, delimiter=delimiter, wanted=())
    return _generic(path, open_text(file, layout, first=first), said=said)


def _as_export(path: Path, grid: Grid, *, said: Mapping[str, str]) -> FileGuess | None:
    """The file as a known export, if it is one and no answer says otherwise."""
    written = said.get("format")
    if written is not None and written not in FORMATS:
        raise Problem(f"{path.name}: {written} is no known export; those known are {', '.join(FORMATS)}")
    among = KNOWN if written is None else FORMATS[written]
    known = recognised(grid, among, explicit=written is not None)
    if known is None:
        if written is not None:
            raise Problem(f"{path.name}: there is no header of a {among[0].says} in it")
        return None
    found, delimiter = known
    export = found.export
    canonical = all(name in found.header for name in TABLES[export.table].required)
    if written is None and (canonical or said.get("table", export.table) != export.table):
        return None
    why = Text(en=f"as every {export.says} has it", fr=f"comme dans tout export « {export.says} »")
    columns = tuple(
        ColumnGuess(name=name, written=", ".join(_from(found, name)) or "–", sure=KNOWN_EXPORT, why=why)
        for name in export.given(found)
    )
    source = SourceGuess(table=export.table, export=export, columns=columns, sure=KNOWN_EXPORT)
    currency = stated_currency(found) or _one_currency(found.header, grid, delimiter, at=found.at)
    guess = FileGuess(path=path, sources=(source,), header=found.header, currency=currency)
    if grid.encoding is not None:
        guess = replace(guess, encoding=grid.encoding, delimiter=delimiter)
    try:
        sure = settled(grid, found, delimiter, source=Source(path=str(path)))
    except Problem:
        return guess  # the trial says what is open, or why it cannot be taken
    orders = {found.header[found.places[role]]: order for role, order in sure.orders.items()}
    return replace(guess, decimal=sure.decimal, orders=orders)


def _from(found: Found, name: str) -> list[str]:
    """The columns that a canonical one comes from; of a figure the one that is taken."""
    there = [found.header[found.places[role]] for role in found.export.gives[name] if found.has(role)]
    column = TABLES[found.export.table].column(name)
    is_figure = column is not None and column.kind is Kind.NUMBER and name != "revenue"
    return there[:1] if is_figure else there


def _one_currency(header: Sequence[str], grid: Grid, delimiter: str, *, at: int) -> str | None:
    """The currency of a column of currencies that holds one only."""
    words = [one.words for one in headings(header)]
    column = next((position for position, word in enumerate(words) if word in CURRENCY_COLUMNS), None)
    if column is None:
        return None
    rows = grid.look(delimiter)[at + 1 :]
    codes = {row[column].strip().upper() for row in rows if column < len(row) and not is_blank(row[column])}
    return codes.pop() if len(codes) == 1 else None


def _generic(path: Path, opened: Opened, *, said: Mapping[str, str]) -> FileGuess:
    """The file as a table of somebody's own."""
    columns = HeldColumns(opened)
    header = opened.columns
    named = next((one.currency for one in headings(header) if one.currency), None)
    currency = named or columns.currency()
    tables = [said["table"]] if "table" in said else list(TABLES)
    if any(table not in TABLES for table in tables):
        raise Problem(f"{path.name}: {tables[0]} is not a table; the tables are {', '.join(TABLES)}")
    spread = [] if "table" in said else wide(columns)
    guesses = [guess for table in tables if (guess := of_table(TABLES[table], columns, path=path, said=said))]
    best = tuple(spread) or (tuple(guesses) if "table" in said else _best(guesses))
    return FileGuess(path=path, sources=best, header=header, currency=currency)


def _best(guesses: Sequence[SourceGuess]) -> tuple[SourceGuess, ...]:
    """The table that fits best, if one does so clearly."""
    ordered = any(one.table == "orders" for one in guesses)
    ranked = sorted(
        (one for one in guesses if one.sure >= SURE_ENOUGH and not (ordered and one.table == "customers")),
        key=lambda one: -one.sure,
    )
    if not ranked or (len(ranked) > 1 and ranked[0].sure - ranked[1].sure < 0.02):
        return ()
    return (ranked[0],)
