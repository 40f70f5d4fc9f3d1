"""One SELECT that types a source's rows and says of each row which rule it breaks first, if any."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import duckdb

from cmo.measures import Problem
from cmo.warehouse.casts import read_cell, read_native
from cmo.warehouse.expressions import Reference
from cmo.warehouse.mapping import Columns, Mapped
from cmo.warehouse.opened import ROW, Opened
from cmo.warehouse.reading import Readings
from cmo.warehouse.tables import CanonicalTable, Column, Kind

_NAN = "'nan'::DOUBLE"
_NATIVE: Mapping[str, str] = {
    "TINYINT": "BIGINT", "SMALLINT": "BIGINT", "INTEGER": "BIGINT", "BIGINT": "BIGINT", "UTINYINT": "BIGINT",
    "USMALLINT": "BIGINT", "UINTEGER": "BIGINT", "UBIGINT": "DOUBLE", "HUGEINT": "DOUBLE",
    "FLOAT": "DOUBLE", "DOUBLE": "DOUBLE", "BOOLEAN": "BOOLEAN", "DATE": "DATE", "TIMESTAMP": "TIMESTAMP",
    "TIMESTAMP_S": "TIMESTAMP", "TIMESTAMP_MS": "TIMESTAMP", "TIMESTAMP_NS": "TIMESTAMP",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A rule that a row may break.

    Attributes:
        column: The column of the table it is about.
        rule: Its code, with the bound where it has one.
        kind: What the column holds.
        cell: SQL of the text at fault.
        attribute: Position of the source's column if it is about an attribute, else None.
    """

    column: str
    rule: str
    kind: Kind
    cell: str
    attribute: int | None = None


@dataclass(slots=True, kw_only=True)
class Typed:
    """A SELECT over a source.

    Attributes:
        names: Names of the columns it gives, canonical ones first.
        checks: What its column `_problem` counts: 0 for a good row, else the broken rule's place.
        sql: The statement; columns o0, o1 … as `names`, then _row, _problem, _value and _cells.
    """

    names: tuple[str, ...]
    checks: tuple[Check, ...]
    sql: str


@dataclass(slots=True)
class _Building:
    checks: list[Check] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    required: list[int] = field(default_factory=list)  # problems of columns a row cannot do without
    says_total: str = "false"
    total: int = 0

    def number(self, check: Check) -> int:
        self.checks.append(check)
        return len(self.checks)


def typed(
    relation: str,
    opened: Opened,
    columns: Columns,
    *,
    table: CanonicalTable,
    readings: Readings,
    connection: duckdb.DuckDBPyConnection,
) -> Typed:
    """Builds the SELECT.

    Args:
        relation: SQL of the source's rows.
        opened: The source.
        columns: Where the table's columns come from.
        table: The canonical table.
        readings: How the source's columns are read.
        connection: Where it will run; asked for the types of expressions.
    """
    building = _Building()
    cells = [_cell(at, held) for at, held in enumerate(opened.held)]
    references = _references(columns, opened, cells=cells, readings=readings, building=building)
    held_by = _expression_types(columns, opened, references, connection=connection)
    outputs: list[str] = []
    for position, one in enumerate(columns.known):
        column = table.column(one.name) or Column(name=one.name, kind=Kind.TEXT, says=table.says)
        outputs.append(_known(one, column, opened, cells=cells, readings=readings, held_by=held_by))
        problem = _checked(
            f"o{position}", one, column, columns, opened=opened, cells=cells, building=building
        )
        if problem and column.required:
            building.required.append(len(building.problems))
        building.problems += [problem] if problem else []
    _watch_for_totals(opened, cells=cells, building=building)
    for position, one in enumerate(columns.attributes, start=len(outputs)):
        outputs.append(_attribute(one, opened, position, cells=cells, readings=readings, building=building))
    return Typed(
        names=tuple(one.name for one in (*columns.known, *columns.attributes)),
        checks=tuple(building.checks),
        sql=_statement(relation, outputs, references, held_by, building=building, n_cells=len(cells)),
    )


def _watch_for_totals(opened: Opened, *, cells: list[str], building: _Building) -> None:
    """A row that lacks what it cannot do without, and says that it is a total, is no row of the table."""
    texts = [cell for cell, held in zip(cells, opened.held, strict=True) if held == "VARCHAR"][:4]
    if texts:
        first = f"coalesce({', '.join(f'text_of({cell})' for cell in texts)})"
        building.says_total = f"is_total({first})"
        building.total = building.number(Check(column="", rule="total", kind=Kind.TEXT, cell=first))


def _cell(at: int, held: str) -> str:
    return f"NULLIF(c{at}, {_NAN})" if held in {"DOUBLE", "FLOAT"} else f"c{at}"


def _references(
    columns: Columns, opened: Opened, *, cells: list[str], readings: Readings, building: _Building
) -> dict[str, str]:
    """SQL of each column that expressions name, by the alias it gets."""
    aliases: dict[str, str] = {}
    for one in columns.known:
        for reference, at in (one.places or {}).items():
            alias = _alias(reference, at)
            if alias in aliases:
                continue
            kind = Kind.TEXT if reference.as_text else readings.references.get(at, Kind.TEXT)
            if opened.held[at] == "VARCHAR":
                aliases[alias] = read_cell(
                    cells[at], kind, column=opened.columns[at], dialect=readings.dialect
                )
                if kind is not Kind.TEXT:
                    check = Check(column=one.name, rule=kind.value, kind=kind, cell=cells[at])
                    building.problems.append(_unread(alias, cells[at], building.number(check)))
            elif reference.as_text:
                aliases[alias] = read_native(
                    cells[at], Kind.TEXT, held=opened.held[at], dialect=readings.dialect
                )
            else:
                number = _NATIVE.get(opened.held[at]) in {"BIGINT", "DOUBLE"} or opened.held[at].startswith(
                    "DECIMAL"
                )
                aliases[alias] = f"CAST({cells[at]} AS DOUBLE)" if number else cells[at]
    return aliases


def _alias(reference: Reference, at: int) -> str:
    return f"r{at}_{'text' if reference.as_text else 'value'}"


def _expression(one: Mapped) -> str:
    places = one.places or {}
    return (
        one.expression.sql(lambda reference: _alias(reference, places[reference]))
        if one.expression
        else "NULL"
    )


def _expression_types(
    columns: Columns, opened: Opened, references: Mapping[str, str], *, connection: duckdb.DuckDBPyConnection
) -> dict[str, tuple[str, str]]:
    """SQL and type of each expression, by the column it gives."""
    computed = [one for one in columns.known if one.expression is not None]
    if not computed:
        return {}
    nothing = ", ".join(f"CAST(NULL AS {held}) AS c{at}" for at, held in enumerate(opened.held))
    named = ", ".join(f"{sql} AS {alias}" for alias, sql in references.items()) or "1 AS one"
    found: dict[str, tuple[str, str]] = {}
    for one in computed:
        sql = _expression(one)
        try:
            described = connection.execute(
                f"DESCRIBE SELECT {sql} AS e FROM (SELECT {named} FROM (SELECT {nothing}))"
            ).fetchall()
        except duckdb.Error as error:
            written = one.expression.written if one.expression else ""
            why = str(error).partition("\n")[0][:160]
            raise Problem(
                f"{opened.name}: {one.name} cannot be computed as {written!r} ({why}); "
                f"check what its columns hold"
            ) from error
        found[one.name] = (sql, str(described[0][1]))
    return found


def _known(
    one: Mapped,
    column: Column,
    opened: Opened,
    *,
    cells: list[str],
    readings: Readings,
    held_by: Mapping[str, tuple[str, str]],
) -> str:
    if one.at is None:
        cell, held, name = f"e_{one.name}", held_by[one.name][1], one.name
    else:
        cell, held, name = cells[one.at], opened.held[one.at], opened.columns[one.at]
    if held == "VARCHAR":
        sql = read_cell(cell, column.kind, column=name, dialect=readings.dialect)
    else:
        sql = read_native(cell, column.kind, held=held, dialect=readings.dialect)
    return f"NULLIF({sql}, {_NAN})" if column.kind is Kind.NUMBER else sql


def _unread(value: str, cell: str, number: int) -> str:
    """Position of the rule that a value breaks by being written and not read, else 0."""
    blank_or_not = f"CASE WHEN is_blank({cell}) THEN 0 ELSE {number} END"
    return f"CASE WHEN {value} IS NULL AND {cell} IS NOT NULL THEN {blank_or_not} ELSE 0 END"


def _checked(
    value: str,
    one: Mapped,
    column: Column,
    columns: Columns,
    *,
    opened: Opened,
    cells: list[str],
    building: _Building,
) -> str | None:
    """Position of the first rule a column's value breaks, else 0; None if it can break none."""
    cell = _shown(one, cells)

    def rule(code: str) -> int:
        return building.number(Check(column=column.name, rule=code, kind=column.kind, cell=cell))

    missing = rule("missing") if column.required else 0
    unread = missing if column.kind is Kind.TEXT or one.at is None else rule(column.kind.value)
    nothing = f"is_blank({cell})" if _is_written(one, opened) else f"{cell} IS NULL"
    which = f"CASE WHEN {nothing} THEN {missing} ELSE {unread} END" if missing != unread else str(missing)
    branches = [f"WHEN {value} IS NULL THEN {which}"] if which != "0" else []
    if column.kind is Kind.NUMBER:
        branches.append(f"WHEN NOT isfinite({value}) THEN {rule('finite')}")
    if column.minimum is not None:
        branches.append(f"WHEN {value} < {column.minimum} THEN {rule(f'at_least:{column.minimum:g}')}")
    if column.maximum is not None:
        branches.append(f"WHEN {value} > {column.maximum} THEN {rule(f'at_most:{column.maximum:g}')}")
    names = [known.name for known in columns.known]
    if column.at_most in names:
        bound = f"o{names.index(column.at_most)}"
        branches.append(f"WHEN {value} > {bound} THEN {rule(f'exceeds:{column.at_most}')}")
    return f"CASE {' '.join(branches)} ELSE 0 END" if branches else None


def _is_written(one: Mapped, opened: Opened) -> bool:
    return one.at is not None and opened.held[one.at] == "VARCHAR"


def _shown(one: Mapped, cells: list[str]) -> str:
    """SQL of the text a refused row shows."""
    if one.at is not None:
        return f"CAST({cells[one.at]} AS VARCHAR)"
    return f"CAST(e_{one.name} AS VARCHAR)"


def _attribute(
    one: Mapped, opened: Opened, position: int, *, cells: list[str], readings: Readings, building: _Building
) -> str:
    at = one.at or 0
    held = opened.held[at]
    if held == "VARCHAR":
        kind = readings.attributes.get(at, Kind.TEXT)
        sql = read_cell(cells[at], kind, column=opened.columns[at], dialect=readings.dialect)
        if kind is Kind.NUMBER:
            check = Check(column=one.name, rule="attribute", kind=kind, cell=cells[at], attribute=at)
            building.problems.append(_unread(f"o{position}", cells[at], building.number(check)))
        return sql
    if held == "TIMESTAMP WITH TIME ZONE":
        return f"({cells[at]} AT TIME ZONE '{readings.dialect.timezone}')"
    if held.startswith("DECIMAL"):
        return f"CAST({cells[at]} AS DOUBLE)"
    return f"CAST({cells[at]} AS {_NATIVE.get(held, 'VARCHAR')})"


def _statement(
    relation: str,
    outputs: list[str],
    references: Mapping[str, str],
    held_by: Mapping[str, tuple[str, str]],
    *,
    building: _Building,
    n_cells: int,
) -> str:
    source = [*(f"c{at}" for at in range(n_cells)), ROW]
    named = [f"{sql} AS {alias}" for alias, sql in references.items()]
    computed = [f"{sql} AS e_{name}" for name, (sql, _) in held_by.items()]
    given = [f"{sql} AS o{position}" for position, sql in enumerate(outputs)]
    problems = [f"{sql} AS p{position}" for position, sql in enumerate(building.problems)]
    first = "".join(f"WHEN p{position} > 0 THEN p{position} " for position in range(len(problems)))
    total = "".join(
        f"WHEN p{position} > 0 AND {building.says_total} THEN {building.total} "
        for position in building.required
    )
    problem = f"CASE {total}{first}ELSE 0 END" if problems else "0"
    shown = " ".join(
        f"WHEN {number} THEN {check.cell}" for number, check in enumerate(building.checks, start=1)
    )
    value = f"CASE _problem {shown} END" if shown else "CAST(NULL AS VARCHAR)"
    cells = ", ".join(f"CAST(c{at} AS VARCHAR)" for at in range(n_cells))
    inner = f"SELECT {', '.join([*source, *named])} FROM {relation}"
    inner = f"SELECT *, {', '.join(computed)} FROM ({inner})" if computed else inner
    inner = f"SELECT *, {', '.join(given)} FROM ({inner})"
    inner = f"SELECT *, {', '.join(problems)} FROM ({inner})" if problems else inner
    inner = f"SELECT *, CAST({problem} AS INTEGER) AS _problem FROM ({inner})"
    kept = ", ".join(f"o{position}" for position in range(len(outputs)))
    return (
        f"SELECT {kept}, {ROW}, _problem, CASE WHEN _problem > 0 THEN {value} END AS _value, "
        f"CASE WHEN _problem > 0 THEN [{cells}] END AS _cells FROM ({inner})"
    )
