"""What makes two rows the same thing: the natural key, or all they say where a table has none."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from cmo.warehouse.manifest import Part
from cmo.warehouse.tables import CanonicalTable

_BETWEEN = "chr(31)"


def identity(table: CanonicalTable, part: Part, *, typed: bool) -> tuple[str, ...]:
    """SQL of what identifies a row of a part, in the same order for all parts of a table.

    Rows without a natural key are the same where every column says the same: an export that overlaps
    another repeats whole lines. What no row may lack stands in clear beside the digest of the whole.

    Args:
        table: The canonical table.
        part: The part.
        typed: Whether all parts concerned have the same columns, see `alike`.
    """
    key = table.key or table.required
    named = tuple(_text(name, part) for name in key)
    return named if table.key else (*named, content(part, typed=typed))


def key_of(names: Sequence[str], part: Part) -> tuple[str, ...]:
    """SQL of some columns of a part as text; what it lacks is NULL."""
    return tuple(_text(name, part) for name in names)


def alike(part: Part, others: Iterable[Part]) -> bool:
    """Whether parts have the same columns of the same types, so that their values need not become text."""
    return all(set(part.columns) == set(other.columns) for other in others)


def content(part: Part, *, typed: bool) -> str:
    """SQL of a digest of all that a row says; what it leaves blank counts like a column it lacks."""
    if typed:
        return f"hash({', '.join(quoted(name) for name, _ in sorted(part.columns))})::VARCHAR"
    said = ", ".join(
        f"'{name.replace(chr(39), chr(39) * 2)}=' || {quoted(name)}::VARCHAR"
        for name, _ in sorted(part.columns)
    )
    return f"hash(concat_ws({_BETWEEN}, {said}))::VARCHAR"


def scan(path: Path) -> str:
    """SQL of the rows of a parquet file."""
    return f"read_parquet({literal(str(path))})"


def quoted(name: str) -> str:
    """A name as SQL writes it."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"


def may_meet(part: Part, other: Part, table: CanonicalTable) -> bool:
    """Whether two parts can hold the same row; parts of different days cannot where the day is in the key."""
    if not part.rows_kept or not other.rows_kept:
        return False
    if not _is_by_day(table) or part.first is None or other.first is None:
        return True
    return part.first <= (other.last or other.first) and other.first <= (part.last or part.first)


def days_of(part: Part, table: CanonicalTable) -> str:
    """SQL that leaves only the rows that a part can meet, where days tell."""
    if not _is_by_day(table) or part.first is None or part.last is None:
        return "true"
    return f"CAST({quoted(str(table.time))} AS DATE) BETWEEN '{part.first}' AND '{part.last}'"


def _is_by_day(table: CanonicalTable) -> bool:
    return table.time is not None and table.time in (table.key or table.required)


def _text(name: str, part: Part) -> str:
    has = any(name == column for column, _ in part.columns)
    return f"{quoted(name)}::VARCHAR" if has else "NULL::VARCHAR"
