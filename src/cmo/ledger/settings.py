"""Django's settings for the ledger alone: tables and migrations, without any web.

The database is not named here: it belongs to a workspace, and `opening` points Django at it.
"""

from pathlib import Path
from typing import Final
from urllib.parse import parse_qsl, unquote, urlsplit

from cmo.measures import Problem

INSTALLED_APPS = ["cmo.ledger"]
DATABASES: dict[str, dict[str, object]] = {}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
TIME_ZONE = "UTC"

FILE: Final = "ledger.sqlite3"
PATIENCE: Final = 20.0  # seconds to wait for another writer


def sqlite(folder: Path) -> dict[str, object]:
    """The ledger's file in a workspace's own folder.

    Readers never wait in WAL mode; a writer takes its lock when it begins, so that two writers queue
    instead of failing half-way.
    """
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(folder / FILE),
        "OPTIONS": {
            "timeout": PATIENCE,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL",
        },
    }


def postgresql(url: str) -> dict[str, object]:
    """The ledger of a team, from `postgresql://user:password@host:port/name?sslmode=require`.

    Raises:
        Problem: The address is of another kind, or names no database.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"postgresql", "postgres"}:
        raise Problem(
            f"CMO_DATABASE_URL starts with {parts.scheme or 'nothing'}://, expected "
            "postgresql://user:password@host:port/database"
        )
    name = unquote(parts.path.lstrip("/"))
    try:
        port = parts.port
    except ValueError:
        raise Problem("CMO_DATABASE_URL has a port that is no number between 1 and 65535") from None
    if not name:
        raise Problem("CMO_DATABASE_URL names no database: write it behind the host, as in …@host:5432/cmo")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": "" if port is None else str(port),
        "OPTIONS": {"connect_timeout": int(PATIENCE)} | dict(parse_qsl(parts.query)),
    }
