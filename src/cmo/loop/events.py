"""The company's event log, remembered beside the warehouse so that a brief need not count again."""

from pydantic import TypeAdapter, ValidationError

from cmo.briefs.facts import Event
from cmo.warehouse.field import Field
from cmo.workspace import Workspace

NAME = "events.json"

_EVENTS = TypeAdapter(tuple[Event, ...])


def keep_events(workspace: Workspace, field: Field) -> None:
    """Write down what the event log says."""
    draft = workspace.cmo / f".{NAME}.new"
    draft.write_bytes(_EVENTS.dump_json(events_of(field)))
    draft.replace(workspace.cmo / NAME)


def events_of(field: Field) -> tuple[Event, ...]:
    """What happened to the company, in order."""
    if "events" not in field.tables:
        return ()
    table = field.table("events")
    wanted = [name for name in ("date", "name", "end", "kind", "region") if name in table.columns]
    found = [
        Event(
            start=row["date"],
            end=max(row.get("end") or row["date"], row["date"]),
            name=row["name"],
            kind=row.get("kind"),
            region=row.get("region"),
        )
        for row in field.collect(table.select(*wanted)).to_pylist()
    ]
    return tuple(sorted(found, key=lambda one: (one.start, one.name, one.region or "")))


def remembered_events(workspace: Workspace) -> tuple[Event, ...]:
    """What the last review knew of the event log."""
    try:
        return _EVENTS.validate_json((workspace.cmo / NAME).read_bytes())
    except (OSError, ValidationError):
        return ()
