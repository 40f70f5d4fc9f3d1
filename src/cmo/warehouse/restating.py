"""Later files restate earlier ones: rows that agree in the table's natural key are replaced, and counted."""

import secrets
from collections.abc import Sequence
from pathlib import Path

from cmo.warehouse.manifest import Imported, Part
from cmo.warehouse.parts import connected
from cmo.warehouse.tables import CanonicalTable


def restated(imports: Sequence[Imported], *, table: CanonicalTable, warehouse: Path) -> tuple[Imported, ...]:
    """Makes each part show only the rows that no later file replaces.

    Rows of one file never replace one another: two lines alike in one file are two things that happened.

    Args:
        imports: What was imported into the table, a later one restating an earlier one.
        table: The canonical table.
        warehouse: Folder of the warehouse.
    """
    shown: list[Imported] = []
    for at, one in enumerate(imports):
        parts = []
        for part in one.parts:
            later = [
                other for after in imports[at + 1 :] for other in after.parts if _may_meet(part, other, table)
            ]
            parts.append(_against(part, later, table=table, warehouse=warehouse))
        shown.append(one.model_copy(update={"parts": tuple(parts)}))
    return tuple(shown)


def _may_meet(part: Part, other: Part, table: CanonicalTable) -> bool:
    """Whether two parts can hold the same key; parts of different days cannot where the day is in the key."""
    if not table.key or not part.rows_kept or not other.rows_kept:
        return False
    if table.time not in table.key or part.first is None or other.first is None:
        return True
    return part.first <= (other.last or other.first) and other.first <= (part.last or part.first)


def _against(part: Part, later: Sequence[Part], *, table: CanonicalTable, warehouse: Path) -> Part:
    files = tuple(other.file for other in later)
    if files == part.against:
        return part
    if not files:
        return part.model_copy(update={"live": None, "rows_restated": 0, "against": ()})
    live = f"{table.name}/{secrets.token_hex(8)}.live.parquet"
    with connected(warehouse) as connection:
        keys = " UNION ALL ".join(
            f"SELECT {_key(table, other)} FROM {_scan(warehouse / other.file)}" for other in later
        )
        same = " AND ".join(f"a.k{at} IS NOT DISTINCT FROM b.k{at}" for at in range(len(table.key)))
        both = f"SELECT *, {_key(table, part)} FROM {_scan(warehouse / part.file)}"
        names = ", ".join(_quoted(name) for name, _ in part.columns)
        target = str(warehouse / live).replace("'", "''")
        left = f"SELECT {names} FROM ({both}) a ANTI JOIN ({keys}) b ON {same}"
        rows = connection.execute(f"COPY ({left}) TO '{target}' (FORMAT parquet)").fetchone()
    n_shown = int(rows[0]) if rows else 0
    if n_shown == part.rows_kept:
        (warehouse / live).unlink()
        return part.model_copy(update={"live": None, "rows_restated": 0, "against": files})
    return part.model_copy(update={"live": live, "rows_restated": part.rows_kept - n_shown, "against": files})


def _key(table: CanonicalTable, part: Part) -> str:
    names = {name for name, _ in part.columns}
    return ", ".join(
        f"{_quoted(name) if name in names else 'NULL'}::VARCHAR AS k{at}" for at, name in enumerate(table.key)
    )


def _scan(path: Path) -> str:
    return "read_parquet('" + str(path).replace("'", "''") + "')"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
