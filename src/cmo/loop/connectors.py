"""The sources that are asked rather than opened: how far each was read, and whether it answers."""

from collections.abc import Iterator
from pathlib import Path

from cmo.briefs.answers import Answer, Data
from cmo.measures import Language, Problem, Text
from cmo.warehouse.connectors.protocol import Connector, Stream
from cmo.warehouse.credentials import Credentials
from cmo.warehouse.manifest import Manifest
from cmo.warehouse.places import connector_of
from cmo.warehouse.sources import Declared, declared
from cmo.workspace import Workspace


def connectors(folder: Path, *, language: Language | None) -> Answer:
    """The streams of a workspace, and how far each was read.

    Raises:
        Problem: cmo.yaml is not as it must be, or a credential is missing.
    """
    workspace = Workspace.open(folder)
    spoken = language or workspace.config.company.language
    reached = {
        (name, one.origin, one.specification): one.state
        for name, imports in Manifest.read(workspace.cmo / "warehouse").sources.items()
        for one in imports
    }
    streams: list[Data] = []
    lines: list[str] = []
    for one, connector in _connectors(workspace):
        for stream in connector.streams():
            state = reached.get((one.table.name, stream.name, one.specification))
            streams.append({**_data(stream, one, state), "spec": connector.spec()})
            lines.append(_line(stream, one, state, spoken))
    none = Text("No source of cmo.yaml is asked.", "Aucune source de cmo.yaml n'est interrogée.")
    return Answer(data={"streams": streams}, lines=tuple(lines) or (none.in_(spoken),))


def check_connectors(folder: Path, *, language: Language | None) -> Answer:
    """Ask each connector whether it can be reached; nothing is read.

    Raises:
        Problem: One cannot, or refuses; all are asked before.
    """
    workspace = Workspace.open(folder)
    spoken = language or workspace.config.company.language
    problems: list[str] = []
    answered: list[str] = []
    for _, connector in _connectors(workspace):
        try:
            connector.check()
        except Problem as problem:
            problems += problem.sentences
        else:
            answered += [stream.name for stream in connector.streams()]
    if problems:
        raise Problem(*problems)
    lines = [Text(f"{name}: answers", f"{name} : répond").in_(spoken) for name in answered]
    return Answer(data={"answer": answered}, lines=tuple(lines))


def _connectors(workspace: Workspace) -> Iterator[tuple[Declared, Connector]]:
    credentials = Credentials.of(workspace)
    for one in declared(workspace):
        connector = connector_of(one, workspace, credentials=credentials)
        if connector is not None:
            yield one, connector


def _data(stream: Stream, one: Declared, state: str | None) -> Data:
    return {
        "table": one.table.name,
        "stream": stream.name,
        "key": list(stream.key or one.table.key),
        "cursor": stream.cursor,
        "lookback_days": stream.lookback.days,
        "timezone": stream.timezone,
        "currency": stream.currency,
        "reached": state,
    }


def _line(stream: Stream, one: Declared, state: str | None, language: Language) -> str:
    if stream.cursor is None:
        said = Text("read whole each time", "lue en entier chaque fois")
    elif state is None:
        said = Text(f"by {stream.cursor}, not read yet", f"par {stream.cursor}, pas encore lue")
    else:
        days = stream.lookback.days
        said = Text(
            f"by {stream.cursor}, read up to {state}, the {days} days before once more",
            f"par {stream.cursor}, lue jusqu'à {state}, les {days} jours précédents relus",
        )
    return f"{one.table.name}: {stream.name}, {said.in_(language)}"
