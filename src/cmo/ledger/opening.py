"""Opening a workspace's ledger: Django pointed at its database, and the tables brought up to date."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from pkgutil import iter_modules
from time import monotonic, sleep
from typing import Final

from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, IntegrityError, OperationalError, connection, connections, transaction
from django.db.migrations.executor import MigrationExecutor

from cmo.ledger import migrations, settings
from cmo.measures import Problem

_URL: Final = "CMO_DATABASE_URL"
_ALIAS: Final = "default"
BETWEEN: Final = 0.1  # seconds before looking again what another process has made
LONGEST_STEP: Final = 2.0  # seconds that another process may need for one step


def open_ledger(folder: Path) -> None:
    """Make the ledger of a workspace the one that this process reads and writes.

    One ledger is open at a time in a process; opening another closes the one before. Where the environment
    names a database in CMO_DATABASE_URL, the ledger is there, otherwise in a file of the folder.

    Args:
        folder: The folder in which cmo keeps what it knows of the workspace (`.cmo`); it must exist.

    Raises:
        Problem: The database cannot be reached or written, or a newer cmo has changed its tables.
    """
    url = os.environ.get(_URL)
    database = settings.postgresql(url) if url else settings.sqlite(folder)
    known = connections.settings.get(_ALIAS, {})
    if connection.in_atomic_block and all(known.get(name) == said for name, said in database.items()):
        return  # whoever writes has it open, and must not lose what was written so far
    close_ledger()
    connections.settings[_ALIAS] = connections.configure_settings({_ALIAS: database})[_ALIAS]
    try:
        _bring_up_to_date()
    except ImproperlyConfigured as error:
        raise Problem(
            f"{_URL} names a PostgreSQL database, but its driver is not installed: "
            "pip install 'chief-marketing-officer[postgres]'"
        ) from error
    except DatabaseError as error:
        raise Problem(f"the ledger {where()} cannot be opened: {_first_line(error)}") from error


def close_ledger() -> None:
    """Let go of the open ledger, if there is one."""
    for opened in connections.all(initialized_only=True):
        opened.close()
        del connections[opened.alias]


def where() -> str:
    """Where the open ledger lies, without any password."""
    database = connections.settings[_ALIAS]
    host = database.get("HOST")
    return f"{database['NAME']} on {host}" if host else str(database["NAME"])


@contextmanager
def writing() -> Iterator[None]:
    """All that is written inside is kept together, or nothing of it.

    Raises:
        Problem: Somebody else wrote in between, holds the ledger too long, or it cannot be written.
    """
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        raise Problem(
            f"somebody else wrote to the ledger {where()} at the same moment; nothing was kept, run it again"
        ) from error
    except OperationalError as error:
        raise Problem(
            f"the ledger {where()} could not be written, and is as it was before: {_first_line(error)}"
        ) from error


def _bring_up_to_date() -> None:
    """Make the tables, or wait for a process that makes them: each step is kept whole, by one of them."""
    ours = {module.name for module in iter_modules(migrations.__path__)}
    before: set[str] | None = None
    until = 0.0
    while (applied := _applied()) != ours:
        if newer := sorted(applied - ours):
            raise Problem(
                f"the ledger {where()} was written by a newer cmo ({newer[-1]}): install that one, or later"
            )
        if applied != before:
            before, until = applied, monotonic() + LONGEST_STEP
        try:
            _migrate()
        except DatabaseError:
            if monotonic() > until:
                raise
            sleep(BETWEEN)


def _migrate() -> None:
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes("ledger"))


def _applied() -> set[str]:
    """Return the migrations that the database has: one query, where Django's own check reads every module."""
    with connection.cursor() as cursor:
        if "django_migrations" not in connection.introspection.table_names(cursor):
            return set()
        cursor.execute("SELECT name FROM django_migrations WHERE app = 'ledger'")
        return {name for (name,) in cursor.fetchall()}


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0]
