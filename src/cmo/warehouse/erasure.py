"""One person in the files that cmo keeps of the field: found, and made nobody's.

Rows stay, since orders are the company's books and counts must not change; the reference becomes one that
nobody can trace, addresses, names and words are emptied. Digests of who was erased are kept, so that a
source read again does not bring them back. The company's own files are its own: they are named, never
changed.
"""

import hashlib
import json
import os
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import duckdb

from cmo.warehouse.identity import literal, quoted, scan
from cmo.warehouse.parts import connected

REFERENCES: Final = ("customer_id", "person_id", "unit_id")
"""Columns that say whom a row is about."""
ADDRESS: Final = "email"
_KEPT: Final = frozenset(
    {
        "country",
        "language",
        "acquisition_channel",
        "sales_channel",
        "region",
        "channel",
        "campaign",
        "variant",
    }
    | {"experiment", "product_id", "product", "category", "order_id", "feedback_id", "source", "brand"}
    | {"format", "segment"}
)
"""Words that say nothing of a person alone; all other words of their rows are emptied."""
LIST: Final = "erased.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Whom it is about.

    Attributes:
        address: Their address, in small letters.
        references: What the company's tables call them.
    """

    address: str
    references: tuple[str, ...]


def references_of(warehouse: Path, address: str) -> tuple[str, ...]:
    """What the company's tables call whoever has an address; one person may have several records."""
    found: set[str] = set()
    with connected(warehouse) as connection:
        for path, columns in _files(warehouse, connection):
            if ADDRESS in columns and "customer_id" in columns:
                rows = connection.execute(
                    f"SELECT DISTINCT customer_id::VARCHAR FROM {scan(path)} "
                    f"WHERE lower(trim({ADDRESS}::VARCHAR)) = {literal(address)}"
                ).fetchall()
                found |= {row[0] for row in rows if row[0]}
    return tuple(sorted(found))


def rows_of(warehouse: Path, person: Person) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """All rows about a person, by table; repeated readings of one row are told once."""
    found: dict[str, list[dict[str, Any]]] = {}
    with connected(warehouse) as connection:
        for path, columns in _files(warehouse, connection):
            condition = _about(person, columns)
            if condition is None:
                continue
            table = path.parent.name
            cursor = connection.execute(f"SELECT DISTINCT * FROM {scan(path)} WHERE {condition}")
            names = [str(one[0]) for one in cursor.description or ()]
            kept = found.setdefault(table, [])
            for values in cursor.fetchall():
                row = dict(zip(names, values, strict=True))
                if row not in kept:
                    kept.append(row)
    return {name: rows for name, rows in found.items() if rows}


def erase(warehouse: Path, person: Person) -> Mapping[str, int]:
    """Make a person's rows nobody's, and remember the digest of who it was; rows by table.

    Each file is replaced at once: a process killed in between leaves some files done, and done again it
    ends the same.

    Args:
        warehouse: Folder of the warehouse; its lock is held.
        person: Whom it is about.
    """
    kept = _list(warehouse)
    names = {*person.references, *([person.address] if person.address else [])}
    digests = sorted({*kept["digests"], *(_digest(kept["salt"], name) for name in names)})
    _write_list(warehouse, {"salt": kept["salt"], "digests": digests})
    return swept(warehouse)


def swept(warehouse: Path) -> Mapping[str, int]:
    """Make nobody's whatever is still told of erased persons, as after a source was read again.

    Rows by table.
    """
    if not (warehouse / LIST).exists():
        return {}
    kept, done = _list(warehouse), dict[str, int]()
    listed = ", ".join(literal(one) for one in kept["digests"])
    if not listed:
        return {}

    def erased(column: str) -> str:
        said = f"{quoted(column)}::VARCHAR"
        said = f"lower(trim({said}))" if column == ADDRESS else said
        return f"coalesce(sha256({literal(kept['salt'])} || {said}) IN ({listed}), false)"

    with connected(warehouse) as connection:
        for path, columns in _files(warehouse, connection):
            marks = [name for name in (*REFERENCES, ADDRESS) if name in columns]
            if not marks:
                continue
            condition = " OR ".join(erased(name) for name in marks)
            count = connection.execute(f"SELECT count(*) FROM {scan(path)} WHERE {condition}").fetchone()
            if count is None or not count[0]:
                continue
            _rewrite(connection, path, columns, condition=condition)
            done[path.parent.name] = done.get(path.parent.name, 0) + int(count[0])
    return done


def _rewrite(
    connection: duckdb.DuckDBPyConnection, path: Path, columns: Mapping[str, str], *, condition: str
) -> None:
    nobody = f"'erased-' || sha256({literal(secrets.token_hex(16))} || {{}}::VARCHAR)[:12]"
    shown = []
    for name, kind in columns.items():
        own = quoted(name)
        if name in REFERENCES:
            shown.append(f"CASE WHEN {condition} THEN {nobody.format(own)} ELSE {own} END AS {own}")
        elif (kind.startswith("VARCHAR") and name not in _KEPT) or name in {
            "email_consent_at",
            "unsubscribed_at",
        }:
            shown.append(f"CASE WHEN {condition} THEN NULL ELSE {own} END AS {own}")
        else:
            shown.append(own)
    draft = path.with_name(f"{path.name}.new")
    connection.execute(
        f"COPY (SELECT {', '.join(shown)} FROM {scan(path)}) TO {literal(str(draft))} (FORMAT parquet)"
    )
    draft.replace(path)


def _about(person: Person, columns: Mapping[str, str]) -> str | None:
    names = ", ".join(literal(one) for one in person.references)
    said = [f"{quoted(name)}::VARCHAR IN ({names})" for name in REFERENCES if name in columns and names]
    if ADDRESS in columns and person.address:
        said.append(f"lower(trim({ADDRESS}::VARCHAR)) = {literal(person.address)}")
    return " OR ".join(said) or None


def _files(
    warehouse: Path, connection: duckdb.DuckDBPyConnection
) -> Iterator[tuple[Path, Mapping[str, str]]]:
    """Every Parquet file that tells of rows, with its columns and their types."""
    for path in sorted(warehouse.glob("*/*.parquet")):
        described = connection.execute(f"DESCRIBE SELECT * FROM {scan(path)}").fetchall()
        yield path, {str(row[0]): str(row[1]) for row in described}


def _digest(salt: str, name: str) -> str:
    return hashlib.sha256(f"{salt}{name}".encode()).hexdigest()


def _list(warehouse: Path) -> dict[str, Any]:
    path = warehouse / LIST
    if not path.exists():
        return {"salt": secrets.token_hex(16), "digests": []}
    said: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return said


def _write_list(warehouse: Path, said: Mapping[str, Any]) -> None:
    draft = warehouse / f"{LIST}.new"
    with draft.open("w", encoding="utf-8") as file:
        json.dump(said, file)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(warehouse / LIST)
