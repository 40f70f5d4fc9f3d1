"""An import never raises a consent: who unsubscribed stays so, whatever a later file says or leaves out."""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from cmo.warehouse.identity import literal, quoted, scan
from cmo.warehouse.manifest import Imported, Part, Unsubscribed
from cmo.warehouse.parts import connected

TABLE = "customers"
FOLDER = "consents"

_UNSUBSCRIBED, _CONSENT = "unsubscribed_at", "email_consent_at"
_ADDRESS = "nullif(lower(trim({email})), '')"


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """Customers as a reader may see them.

    Attributes:
        sql: Their rows.
        columns: Names and Ibis types of the columns.
        rows: How many rows were changed.
        digest: Digest of the changes, or None where there is none.
    """

    sql: str
    columns: tuple[tuple[str, str], ...]
    rows: int
    digest: str | None


def learned(
    imports: Iterable[Imported],
    known: Sequence[Unsubscribed],
    *,
    warehouse: Path,
    since: int = 0,
) -> tuple[Unsubscribed, ...]:
    """Who is known to have unsubscribed, after looking at what was read.

    The consent that stood beside an unsubscription when it was first told is remembered with it.

    Args:
        imports: What was imported into the table of customers.
        known: Who is known already.
        warehouse: Folder of the warehouse.
        since: First batch to look at.
    """
    found = list(known)
    versions = [version for one in imports for version in one.counting if version.batch >= since]
    for version in sorted(versions, key=lambda version: version.batch):
        part = version.part
        if part is None or _UNSUBSCRIBED not in dict(part.columns):
            continue
        files = [warehouse / one.file for one in found if not one.undone]
        file = _written(part, files, warehouse=warehouse)
        if file is not None:
            found.append(Unsubscribed(batch=version.batch, file=file))
    return tuple(found)


def _written(part: Part, files: Sequence[Path], *, warehouse: Path) -> str | None:
    """A file of the unsubscriptions a part tells first, or None."""
    (warehouse / FOLDER).mkdir(exist_ok=True)
    file = f"{FOLDER}/{secrets.token_hex(8)}.parquet"
    names = dict(part.columns)
    email = _ADDRESS.format(email="email::VARCHAR") if "email" in names else "NULL::VARCHAR"
    consent = f"{_CONSENT}::TIMESTAMP" if _CONSENT in names else "NULL::TIMESTAMP"
    told = (
        f"SELECT customer_id::VARCHAR AS customer_id, {email} AS email, "
        f"{_UNSUBSCRIBED}::TIMESTAMP AS {_UNSUBSCRIBED}, {consent} AS {_CONSENT} "
        f"FROM {scan(warehouse / part.file)} WHERE {_UNSUBSCRIBED} IS NOT NULL"
    )
    if files:
        told = (
            f"SELECT * FROM ({told}) a ANTI JOIN ({_memory(files)}) b ON a.customer_id = b.customer_id "
            f"AND a.email IS NOT DISTINCT FROM b.email AND a.{_UNSUBSCRIBED} = b.{_UNSUBSCRIBED}"
        )
    with connected(warehouse) as connection:
        rows = connection.execute(
            f"COPY ({told}) TO {literal(str(warehouse / file))} (FORMAT parquet)"
        ).fetchone()
    if rows and rows[0]:
        return file
    (warehouse / file).unlink()
    return None


def held(
    sql: str,
    columns: Sequence[tuple[str, str]],
    *,
    files: Sequence[Path],
    connection: duckdb.DuckDBPyConnection,
) -> Held:
    """Rows of customers, with the unsubscriptions that are known and no consent that passes over them.

    A person is known by the customer's reference or by the address. A consent that already followed the
    unsubscription when that was first told is the company's own word and stands.

    Args:
        sql: The rows as they were read.
        columns: Names and Ibis types of their columns.
        files: Files that tell who unsubscribed.
        connection: Where to count.
    """
    names = dict(columns)
    own = {name: quoted(name) if name in names else "NULL::TIMESTAMP" for name in (_UNSUBSCRIBED, _CONSENT)}
    email = _ADDRESS.format(email="email::VARCHAR") if "email" in names else "NULL::VARCHAR"
    last = f"ORDER BY {_UNSUBSCRIBED} DESC, coalesce({_CONSENT} > {_UNSUBSCRIBED}, false)"
    picked = f"first({_UNSUBSCRIBED} {last}) AS u, first({_CONSENT} {last}) AS c"
    by_id = f"SELECT customer_id, {picked} FROM ({_memory(files)}) GROUP BY customer_id"
    by_email = f"SELECT email, {picked} FROM ({_memory(files)}) WHERE email IS NOT NULL GROUP BY email"
    known = (
        f"SELECT p.*, {own[_UNSUBSCRIBED]}::TIMESTAMP AS own_u, {own[_CONSENT]}::TIMESTAMP AS own_c, "
        "CASE WHEN e.u IS NULL OR i.u >= e.u THEN i.u ELSE e.u END AS known_u, "
        "CASE WHEN e.u IS NULL OR i.u >= e.u THEN i.c ELSE e.c END AS known_c "
        f"FROM (SELECT *, {email} AS _address FROM ({sql})) p "
        f"LEFT JOIN ({by_id}) i ON p.customer_id::VARCHAR = i.customer_id "
        f"LEFT JOIN ({by_email}) e ON p._address = e.email"
    )
    judged = (
        "SELECT *, greatest(own_u, known_u) AS new_u, "
        "CASE WHEN own_c > known_u AND NOT coalesce(known_c > known_u, false) THEN known_c ELSE own_c END "
        f"AS new_c FROM ({known})"
    )
    changed = "new_u IS DISTINCT FROM own_u OR new_c IS DISTINCT FROM own_c"
    row = connection.execute(
        f"SELECT count(*), bit_xor(hash(customer_id::VARCHAR, new_u, new_c)) FROM ({judged}) WHERE {changed}"
    ).fetchone()
    n_rows = int(row[0]) if row else 0
    if not n_rows or row is None:
        return Held(sql=sql, columns=tuple(columns), rows=0, digest=None)
    given = {**names, _UNSUBSCRIBED: "timestamp"} | ({_CONSENT: names[_CONSENT]} if _CONSENT in names else {})
    new = {_UNSUBSCRIBED: "new_u", _CONSENT: "new_c"}
    shown = ", ".join(f"{new.get(name, quoted(name))} AS {quoted(name)}" for name in given)
    return Held(
        sql=f"SELECT {shown} FROM ({judged})", columns=tuple(given.items()), rows=n_rows, digest=str(row[1])
    )


def _memory(files: Sequence[Path]) -> str:
    listed = ", ".join(literal(str(path)) for path in files)
    return f"SELECT * FROM read_parquet([{listed}])"
