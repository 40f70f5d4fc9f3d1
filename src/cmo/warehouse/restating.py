"""Later files restate earlier ones: rows that are the same thing are replaced, and counted."""

import secrets
from collections.abc import Sequence
from pathlib import Path

import duckdb

from cmo.warehouse import consents
from cmo.warehouse.identity import alike, days_of, identity, key_of, literal, may_meet, quoted, scan
from cmo.warehouse.manifest import Imported, Part
from cmo.warehouse.parts import connected
from cmo.warehouse.tables import CanonicalTable


def restated(
    imports: Sequence[Imported],
    *,
    table: CanonicalTable,
    warehouse: Path,
    unsubscribed: Sequence[str] = (),
) -> tuple[Imported, ...]:
    """Makes each part show only the rows that nothing later replaces.

    Rows read together never replace one another: two lines alike in one file are two things that happened.

    Args:
        imports: What was imported into the table, a later one restating an earlier one.
        table: The canonical table.
        warehouse: Folder of the warehouse.
        unsubscribed: Files that tell who unsubscribed, for the table of customers.
    """
    shown: list[Imported] = []
    for at, one in enumerate(imports):
        others = [part for after in imports[at + 1 :] for part in after.parts]
        parts = {}
        for position, part in enumerate(one.parts):
            rivals = _Rivals(
                table=table,
                key=one.key,
                later=[other for other in others if may_meet(part, other, table)],
                own=list(one.parts[position + 1 :]) if one.key and part.rows_kept else [],
                unsubscribed=tuple(unsubscribed) if part.rows_kept else (),
            )
            parts[part.file] = rivals.against(part, warehouse=warehouse)
        shown.append(one.with_parts(parts))
    return tuple(shown)


class _Rivals:
    """What a part has to give way to."""

    def __init__(
        self,
        *,
        table: CanonicalTable,
        key: tuple[str, ...],
        later: Sequence[Part],
        own: Sequence[Part],
        unsubscribed: tuple[str, ...],
    ) -> None:
        self._table, self._key = table, key
        self._later, self._own, self._unsubscribed = later, own, unsubscribed
        self._files = (*(part.file for part in (*own, *later)), *unsubscribed)

    def against(self, part: Part, *, warehouse: Path) -> Part:
        """The part as it is to be seen; what was made against the same files before is taken as it is."""
        if part.rows_repeated:
            self._files = (part.file, *self._files)
        if self._files == part.against:
            return part
        plain = part.model_copy(
            update={
                "live": None,
                "live_columns": None,
                "rows_restated": 0,
                "rows_withheld": 0,
                "consents": None,
                "against": self._files,
            }
        )
        if not self._files:
            return plain
        live = f"{self._table.name}/{secrets.token_hex(8)}.live.parquet"
        with connected(warehouse) as connection:
            return self._shown(plain, live, connection=connection, warehouse=warehouse)

    def _shown(
        self, part: Part, live: str, *, connection: duckdb.DuckDBPyConnection, warehouse: Path
    ) -> Part:
        names = ", ".join(quoted(name) for name, _ in part.columns)
        sql = f"SELECT {names} FROM {scan(warehouse / part.file)}"
        if part.rows_repeated:
            sql = self._last_of_each(part, names=names, warehouse=warehouse)
        if self._own:
            sql = self._without(sql, part, names=names, warehouse=warehouse, own=True)
        if self._later:
            sql = self._without(sql, part, names=names, warehouse=warehouse, own=False)
        columns, withheld, digest = part.columns, 0, None
        if self._unsubscribed:
            files = [warehouse / file for file in self._unsubscribed]
            held = consents.held(sql, part.columns, files=files, connection=connection)
            columns, withheld, digest, sql = held.columns, held.rows, held.digest, held.sql
        rows = connection.execute(
            f"COPY ({sql}) TO {literal(str(warehouse / live))} (FORMAT parquet)"
        ).fetchone()
        n_shown = int(rows[0]) if rows else 0
        if n_shown == part.rows_kept and not withheld:
            (warehouse / live).unlink()
            return part
        return part.model_copy(
            update={
                "live": live,
                "live_columns": None if columns == part.columns else columns,
                "rows_restated": part.rows_kept - n_shown,
                "rows_withheld": withheld,
                "consents": digest,
            }
        )

    def _last_of_each(self, part: Part, *, names: str, warehouse: Path) -> str:
        """The rows of a part, the last one of each key."""
        key = ", ".join(key_of(self._key, part) or identity(self._table, part, typed=True))
        rows = f"read_parquet({literal(str(warehouse / part.file))}, file_row_number = true)"
        last = f"row_number() OVER (PARTITION BY {key} ORDER BY file_row_number DESC) = 1"
        return f"SELECT {names} FROM {rows} QUALIFY {last}"

    def _without(self, sql: str, part: Part, *, names: str, warehouse: Path, own: bool) -> str:
        """The rows of `sql` that no later part replaces."""
        rivals = self._own if own else self._later
        typed = alike(part, rivals)
        keys = [
            key_of(self._key, other) if own else identity(self._table, other, typed=typed) for other in rivals
        ]
        mine = key_of(self._key, part) if own else identity(self._table, part, typed=typed)
        days = "true" if own else days_of(part, self._table)
        theirs = " UNION ALL ".join(
            f"SELECT {_numbered(key)} FROM {scan(warehouse / other.file)} WHERE {days}"
            for key, other in zip(keys, rivals, strict=True)
        )
        same = " AND ".join(f"a.k{at} IS NOT DISTINCT FROM b.k{at}" for at in range(len(mine)))
        both = f"SELECT *, {_numbered(mine)} FROM ({sql})"
        return f"SELECT {names} FROM ({both}) a ANTI JOIN ({theirs}) b ON {same}"


def _numbered(key: Sequence[str]) -> str:
    return ", ".join(f"{sql} AS k{at}" for at, sql in enumerate(key))
