"""SQL that reads text as numbers, days, instants and flags, and gives NULL for what is none.

The common way of writing each is tried first and cheaply; the ways that cost more are tried on what is left.
"""

from pathlib import Path

from cmo.warehouse.dialect import Decimal, Dialect, Order
from cmo.warehouse.tables import Kind

MACROS = (Path(__file__).with_name("casts.sql")).read_text(encoding="utf-8")
"""The SQL functions that the readings below are made of, to be defined once per connection."""

_TIMES = ("", " %H:%M", " %H:%M:%S", " %H:%M:%S.%f", " %I:%M %p", " %I:%M:%S %p")
_DATE: dict[Order | None, str] = {"day_first": "%d/%m/%Y", "month_first": "%m/%d/%Y"}


def read_text(cell: str) -> str:
    """SQL for a trimmed text, NULL where nothing was reported."""
    return f"text_of({cell})"


def read_number(cell: str, decimal: Decimal | None) -> str:
    """SQL for a number written with that decimal mark; whole numbers only where it is None."""
    if decimal is None:
        return f"CASE WHEN regexp_full_match(bare({cell}), '[+-]?\\d+') THEN TRY_CAST({cell} AS DOUBLE) END"
    if decimal == ".":
        slow = f"with_decimal_point(amount({cell}))"
        return (
            f"CASE WHEN contains({cell}, '_') THEN NULL "
            f"ELSE coalesce(TRY_CAST({cell} AS DOUBLE), CASE WHEN {cell} IS NOT NULL THEN {slow} END) END"
        )
    return f"with_decimal_comma(amount({cell}))"


def read_instant(cell: str, order: Order | None, *, timezone: str) -> str:
    """SQL for an instant, local to `timezone`."""
    zone = timezone.replace("'", "''")
    formats = "[" + ", ".join(f"'{_DATE[order]}{time}'" for time in _TIMES) + "]" if order else "NULL"
    return (
        f"within_reach(coalesce(common_instant({cell}), "
        f"CASE WHEN {cell} IS NOT NULL THEN other_instant(bare({cell}), {formats}, '{zone}') END))"
    )


def read_day(cell: str, order: Order | None, *, timezone: str) -> str:
    """SQL for a day; the day of an instant in `timezone`."""
    return f"CAST({read_instant(cell, order, timezone=timezone)} AS DATE)"


def read_flag(cell: str) -> str:
    """SQL for yes or no."""
    return f"yes_or_no({cell})"


def read_cell(cell: str, kind: Kind, *, column: str, dialect: Dialect) -> str:
    """SQL that reads a text cell as a kind.

    Args:
        cell: SQL of the text.
        kind: What it should hold.
        column: The source's name of its column, which says how its dates are ordered.
        dialect: How the source writes.
    """
    order = dialect.orders.get(column)
    match kind:
        case Kind.TEXT:
            return read_text(cell)
        case Kind.NUMBER:
            return read_number(cell, dialect.decimal)
        case Kind.DAY:
            return read_day(cell, order, timezone=dialect.timezone)
        case Kind.INSTANT:
            return read_instant(cell, order, timezone=dialect.timezone)
        case Kind.FLAG:
            return read_flag(cell)


def read_native(cell: str, kind: Kind, *, held: str, dialect: Dialect) -> str:
    """SQL that reads a typed cell as a kind, without a way round through text.

    Args:
        cell: SQL of the value.
        kind: What it should hold.
        held: DuckDB's name of its type.
        dialect: How the source writes; its time zone is what instants with an offset are turned to.
    """
    if held.startswith("TIMESTAMP WITH TIME ZONE") and kind in {Kind.DAY, Kind.INSTANT}:
        cell = f"({cell} AT TIME ZONE '{dialect.timezone}')"
    match kind:
        case Kind.TEXT:
            return _text_of(cell, held)
        case Kind.NUMBER:
            return cell if held == "DOUBLE" else f"TRY_CAST({cell} AS DOUBLE)"
        case Kind.DAY:
            return f"CAST(within_reach(TRY_CAST({cell} AS TIMESTAMP)) AS DATE)"
        case Kind.INSTANT:
            return f"within_reach(TRY_CAST({cell} AS TIMESTAMP))"
        case Kind.FLAG:
            return cell if held == "BOOLEAN" else read_flag(f"CAST({cell} AS VARCHAR)")


def _text_of(cell: str, held: str) -> str:
    return f"text_of_number({cell})" if held in {"DOUBLE", "FLOAT"} else f"CAST({cell} AS VARCHAR)"
