"""The names of channels in the data: shown as cmo.yaml says, or told where two look like one."""

import hashlib
from collections.abc import Mapping
from dataclasses import replace

from cmo.warehouse.channels import Renamed, renamed
from cmo.warehouse.field import Field, Shelf
from cmo.workspace.config import Channels

COLUMNS: Mapping[str, str] = {
    "media": "channel",
    "touchpoints": "channel",
    "content": "channel",
    "customers": "acquisition_channel",
}
"""Tables that name channels, and the column that does."""


def with_channels(shelves: Mapping[str, Shelf], channels: Channels | None) -> dict[str, Shelf]:
    """Tables whose channels go by one name each; as they are where cmo.yaml says nothing.

    Args:
        shelves: The tables.
        channels: What cmo.yaml says of channels.
    """
    shown = dict(shelves)
    if channels is None:
        return shown
    for name, column in COLUMNS.items():
        shelf = shelves.get(name)
        if shelf is None or column not in shelf.table.columns:
            continue
        found = renamed(_names(shelf, column), own=channels.names, standard=channels.standard)
        if found:
            said = " ".join(f"{one.name}={one.channel}" for one in found)
            digest = hashlib.blake2b(said.encode(), digest_size=8).hexdigest()
            shown[name] = replace(
                shelf,
                table=shelf.table.mutate(
                    **{column: shelf.table[column].substitute({one.name: one.channel for one in found})}
                ),
                fingerprint=f"{shelf.fingerprint} {digest}",
                renamed=found,
            )
    return shown


def alike(field: Field) -> Mapping[str, tuple[str, ...]]:
    """Names in the data that look like one channel, by its well-known name."""
    names: set[str] = set()
    for name, column in COLUMNS.items():
        shelf = field.shelves.get(name)
        if shelf is not None and column in shelf.table.columns:
            names |= set(_names(shelf, column))
    called = {one.name: one.channel for one in renamed(names, own={}, standard=True)}
    together: dict[str, list[str]] = {}
    for name in sorted(names):
        together.setdefault(called.get(name, name), []).append(name)
    return {channel: tuple(found) for channel, found in together.items() if len(found) > 1}


def renamed_in(field: Field) -> Mapping[str, tuple[Renamed, ...]]:
    """Names that are shown as another, by table."""
    return {name: shelf.renamed for name, shelf in field.shelves.items() if shelf.renamed}


def _names(shelf: Shelf, column: str) -> list[str]:
    found = shelf.table.select(name=shelf.table[column]).distinct().to_pyarrow()
    return [str(name) for name in found["name"].to_pylist() if name is not None]
