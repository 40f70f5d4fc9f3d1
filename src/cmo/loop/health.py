"""The health of the tables, remembered beside the warehouse so that a brief need not count again."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from pydantic import TypeAdapter, ValidationError

from cmo.warehouse.field import Field
from cmo.warehouse.health import Health, health
from cmo.warehouse.health_finding import Finding, Severity
from cmo.workspace import Workspace

NAME = "health.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """The health of all tables, as it was found.

    Attributes:
        fingerprint: Digest of the tables' content.
        on: The day it was looked at: later days were the future.
        tables: One entry per table.
    """

    fingerprint: str
    on: date
    tables: tuple[Health, ...]


_EXAMINED = TypeAdapter(Examined)


def examine(workspace: Workspace, field: Field) -> tuple[Health, ...]:
    """The health of every table; counted anew only where the data or the day has changed."""
    today = datetime.now(tz=UTC).astimezone(workspace.config.company.clock).date()
    fingerprint = field.fingerprint(field.tables)
    known = _remembered(workspace)
    if known is not None and (known.fingerprint, known.on) == (fingerprint, today):
        return known.tables
    found = Examined(fingerprint=fingerprint, on=today, tables=health(field, today=today))
    draft = workspace.cmo / f".{NAME}.new"
    draft.write_bytes(_EXAMINED.dump_json(found))
    draft.replace(workspace.cmo / NAME)
    return found.tables


def remembered_health(workspace: Workspace) -> tuple[Health, ...]:
    """The health of every table as it was last found; empty before it was."""
    known = _remembered(workspace)
    return () if known is None else known.tables


def remembered_findings(workspace: Workspace) -> tuple[Finding, ...]:
    """What a reader of figures should know of the tables, as it was last found; notes are left out."""
    found = (one for table in remembered_health(workspace) for one in table.findings)
    return tuple(one for one in found if one.severity is not Severity.NOTE)


def _remembered(workspace: Workspace) -> Examined | None:
    try:
        return _EXAMINED.validate_json((workspace.cmo / NAME).read_bytes())
    except (OSError, ValidationError):
        return None
