"""Tables of PostgreSQL, through the driver of the optional extra `postgres`."""

import os
import tempfile
from pathlib import Path
from urllib.parse import unquote, urlsplit

import psycopg
from psycopg import sql

from cmo.measures import Problem


def copy_table(url: str, table: str, *, where: str, folder: Path) -> Path:
    """Copies a table to a csv file, as the server writes it: ISO dates, a decimal point, UTC offsets.

    Args:
        url: With its credentials.
        table: Its name, with its schema if needed.
        where: Beginning of an error's sentence.
        folder: Where to put the file.

    Raises:
        Problem: The server refuses, or there is no such table.
    """
    handle, name = tempfile.mkstemp(suffix=".csv", dir=folder)
    statement = sql.SQL("COPY (SELECT * FROM {}) TO STDOUT (FORMAT csv, HEADER)").format(
        sql.Identifier(*table.split("."))
    )
    options = "-c timezone=UTC -c datestyle=ISO -c default_transaction_read_only=on"
    try:
        with (
            os.fdopen(handle, "wb") as file,
            psycopg.connect(url, connect_timeout=10, options=options) as connection,
            connection.cursor() as cursor,
            cursor.copy(statement) as copy,
        ):
            file.writelines(bytes(block) for block in copy)
    except psycopg.Error as error:
        Path(name).unlink(missing_ok=True)
        raise Problem(f"{where}: PostgreSQL refused table {table} ({_without_secrets(error, url)})") from None
    return Path(name)


def _without_secrets(error: Exception, url: str) -> str:
    said = " ".join(str(error).split())[:200]
    for secret in filter(None, (urlsplit(url).password, urlsplit(url).username)):
        said = said.replace(unquote(secret), "…").replace(secret, "…")
    return said
