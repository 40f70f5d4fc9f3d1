"""Which column of a source, or which expression over its columns, gives each canonical column."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cmo.measures import Problem
from cmo.warehouse.expressions import Reference, RowExpression
from cmo.warehouse.tables import CanonicalTable
from cmo.workspace import nearest

MAX_COLUMNS = 2000
_NAME = re.compile(r"[\w\s.]+")  # -spend is not another way of writing spend


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapped:
    """Where one column of the table comes from.

    Attributes:
        name: Its name in the table.
        at: Position of the source's column, or None for an expression.
        expression: The expression, or None for a column.
        places: For an expression, the positions of the columns it names.
    """

    name: str
    at: int | None = None
    expression: RowExpression | None = None
    places: Mapping[Reference, int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Where all columns of a table come from.

    Attributes:
        known: The canonical columns the source gives, in canonical order.
        attributes: The other columns, kept under their own names.
    """

    known: tuple[Mapped, ...]
    attributes: tuple[Mapped, ...]


def fold(name: str) -> str:
    """A name without case, accents, spaces and punctuation, so that InvoiceDate finds invoice_date."""
    plain = unicodedata.normalize("NFKD", name)
    return re.sub(r"[\W_]+", "", "".join(c for c in plain if not unicodedata.combining(c))).casefold()


def find(name: str, columns: Sequence[str]) -> int | None:
    """Position of the column of that name; the nearest way of writing it decides, if it decides."""
    ways = (str, str.strip, str.casefold, fold) if _NAME.fullmatch(name) else (str, str.strip, str.casefold)
    for same in ways:
        wanted = same(name)
        found = [at for at, column in enumerate(columns) if same(column) == wanted and wanted]
        if len(found) == 1:
            return found[0]
        if found:
            return None
    return None


def mapped(
    table: CanonicalTable,
    columns: Sequence[str],
    *,
    given: Mapping[str, str],
    where: str,
    source: str,
) -> Columns:
    """Holds what cmo.yaml says against the columns a source has.

    Args:
        table: The canonical table to fill.
        columns: The source's column names.
        given: Canonical name to column or expression, as written.
        where: Beginning of an error's sentence: file, line and key of the mapping.
        source: Name of the source, for errors.

    Raises:
        Problem: A column is not there, an expression is not allowed, or a required column is not given.
    """
    if len(columns) > MAX_COLUMNS:
        raise Problem(
            f"{source}: there are {len(columns)} columns and at most {MAX_COLUMNS} are read; drop some"
        )
    known: dict[str, Mapped] = {}
    problems: list[str] = []
    for name, written in given.items():
        try:
            known[name] = _one(name, written, columns, where=f"{where}.{name}", source=source)
        except Problem as problem:
            problems.extend(problem.sentences)
    for column in table.columns:
        if column.name not in given and (at := find(column.name, columns)) is not None:
            known[column.name] = Mapped(name=column.name, at=at)
        elif column.required and column.name not in given:
            _twice(column.name, columns, source=source)
            problems.append(
                f"{where}: {table.name} needs {column.name} ({column.says.en}), which {source} does not "
                f"have; add {column.name}: and its name there.{_columns_there(column.name, columns)}"
            )
    if problems:
        raise Problem(*problems)
    order = {column.name: position for position, column in enumerate(table.columns)}
    return Columns(
        known=tuple(sorted(known.values(), key=lambda one: order.get(one.name, len(order)))),
        attributes=_attributes(columns, taken=known),
    )


def _one(name: str, written: str, columns: Sequence[str], *, where: str, source: str) -> Mapped:
    at = find(written, columns)
    if at is not None:
        return Mapped(name=name, at=at)
    _twice(written, columns, source=source)
    if re.fullmatch(r"[^\W\d]\w*(\s+\w+)*", written) and written.casefold() not in {"null", "true", "false"}:
        raise Problem(f"{where}: {source} has no column {written}.{_columns_there(written, columns)}")
    expression = RowExpression.parse(written, where=where)
    places: dict[Reference, int] = {}
    for reference in expression.references:
        position = find(reference.name, columns)
        if position is None:
            _twice(reference.name, columns, source=source)
            raise Problem(
                f"{where}: {source} has no column {reference.name}.{_columns_there(reference.name, columns)}"
            )
        places[reference] = position
    return Mapped(name=name, expression=expression, places=places)


def _twice(name: str, columns: Sequence[str], *, source: str) -> None:
    for same in (str, str.strip, str.casefold, fold):
        if sum(same(column) == same(name) for column in columns) > 1:
            raise Problem(f"{source}: the column {name} stands there more than once; rename one of them")


def _columns_there(name: str, columns: Sequence[str]) -> str:
    shown = ", ".join(column[:40] for column in columns[:12]) + (" …" if len(columns) > 12 else "")
    return f"{nearest(name, columns)} Its columns are: {shown}"


def _attributes(columns: Sequence[str], *, taken: Mapping[str, Mapped]) -> tuple[Mapped, ...]:
    """The columns that no canonical column is a copy of; names differ in more than case, for engines."""
    used = {one.at for one in taken.values()}
    names = {name.casefold() for name in taken}
    attributes: list[Mapped] = []
    for at, column in enumerate(columns):
        if at in used or not column:
            continue
        stem = re.sub(r"\s+", " ", column).strip()[:120] or f"column {at + 1}"
        name, copy = stem, 1
        while name.casefold() in names:
            copy += 1
            name = f"{stem} ({copy})"
        names.add(name.casefold())
        attributes.append(Mapped(name=name, at=at))
    return tuple(attributes)
