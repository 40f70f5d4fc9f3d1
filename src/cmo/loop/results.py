"""Results of what was sent, as files among the workspace's own sources: the next review reads them.

Every file is made anew from the ledger and replaced at once, so that it always tells what the ledger knows,
and an erased person is gone from it. Persons stand under the company's own reference, never under an
address.
"""

import csv
import io
import os
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

from cmo.communication.campaign import of_mapping
from cmo.communication.channels import CHANNELS
from cmo.ledger.outbox import Contact, State, contacts, messages, tallies
from cmo.ledger.works import works
from cmo.workspace import Workspace
from cmo.workspace.own import FOLDER

KIND: Final = "campaign"
_HEADS: Final = {
    "touchpoints": ("person_id", "at", "channel", "campaign", "converted", "value"),
    "experiment_units": ("experiment", "unit_id", "variant", "assigned_at", "clicked"),
    "content": (
        "content_id",
        "published_at",
        "channel",
        "format",
        "title",
        "topic",
        "impressions",
        "clicks",
        "cost",
    ),
}
Row = tuple[object, ...]


def keep_results(workspace: Workspace) -> dict[str, int]:
    """Write what was sent and clicked where the next review reads it; how many rows of each table.

    A contact is a click of a person: a message that was sent but not followed is no contact, and an open is
    not known. Only the first batch, divided evenly by lot, is the randomised test; later batches follow
    what was learnt.

    Args:
        workspace: The company's folder; its ledger is open.
    """
    found = list(contacts())
    rows: dict[str, list[Row]] = {
        "touchpoints": [
            (one.person, _at(one.clicked_at, workspace), one.channel, one.post, 0, 0)
            for one in sorted(
                (one for one in found if one.clicked_at is not None),
                key=lambda one: (one.clicked_at, one.person),
            )
        ],
        "experiment_units": [_unit(one, workspace) for one in found if one.batch == 0],
        "content": list(_pieces(workspace)),
    }
    folder = workspace.folder / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    for name, kept in rows.items():
        path = folder / f"{name}.csv"
        if kept:
            _replace(path, _HEADS[name], kept)
        else:
            path.unlink(missing_ok=True)
    return {name: len(kept) for name, kept in rows.items()}


def _unit(one: Contact, workspace: Workspace) -> Row:
    return (
        f"campaign-{one.post}",
        one.person,
        one.arm,
        _at(one.sent_at, workspace),
        int(one.clicked_at is not None),
    )


def _pieces(workspace: Workspace) -> Iterable[Row]:
    """A row for each piece that went out on a channel."""
    for found in works(KIND):
        campaign = of_mapping(found.content)
        counted = tallies(found.key)
        for channel in campaign.channels:
            left = messages(found.key, channel=channel, state=State.SENT)
            for piece in campaign.on(channel):
                mine = [one.sent_at for one in left if one.arm == piece.arm and one.sent_at is not None]
                if not mine:
                    continue
                told = [one for one in counted if (one.channel, one.arm) == (channel, piece.arm)]
                pieces = max(len(campaign.on(channel)) * len(campaign.channels), 1)
                yield (
                    f"{found.key}:{piece.arm}",
                    _at(min(mine), workspace),
                    channel,
                    CHANNELS[channel].medium if channel != "email" else "email",
                    campaign.title,
                    campaign.plan.topic,
                    sum(one.sent for one in told) if channel == "email" else "",
                    sum(one.clicked for one in told),
                    round(campaign.plan.cost / pieces, 2),
                )


def _at(instant: datetime | None, workspace: Workspace) -> str:
    """An instant as the company's clock shows it, without its zone, as tables have it."""
    if instant is None:
        return ""
    return instant.astimezone(workspace.config.company.clock).strftime("%Y-%m-%d %H:%M:%S")


def _replace(path: Path, head: Sequence[str], rows: Sequence[Row]) -> None:
    written = io.StringIO()
    table = csv.writer(written, lineterminator="\n")
    table.writerow(head)
    table.writerows(rows)
    draft = path.with_suffix(".new")
    with draft.open("w", encoding="utf-8") as file:
        file.write(written.getvalue())
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
