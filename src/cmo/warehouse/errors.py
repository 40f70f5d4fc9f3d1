"""The list of refused rows that lies beside each batch, to be put right in a spreadsheet."""

import csv
import os
import re
from collections.abc import Iterable
from pathlib import Path

import pyarrow.parquet as pq

from cmo.measures import Text
from cmo.warehouse.batches import shown
from cmo.warehouse.manifest import Part
from cmo.warehouse.opened import LEFT_OUT
from cmo.warehouse.refusals import Refusal

NAME = "errors.csv"
HEAD = ("file", "line", "column", "value", "level", "expected_en", "expected_fr", "message_en", "message_fr")

ERROR, NOTE = "error", "note"
"""A row that is not kept and should be put right; a row that is rightly none of the table."""

_FORMULA = frozenset("=+-@\t\r")
_NUMBER = re.compile(r"[-+]?[\d\s.,]*")


def errors_of(folder: Path, number: int) -> Path:
    """Where the list of a batch is, if it refused anything.

    Args:
        folder: The workspace's own folder.
        number: Number of the batch.
    """
    return folder / "imports" / str(number) / NAME


def write_errors(path: Path, parts: Iterable[tuple[str, str, Part]], *, warehouse: Path) -> bool:
    """Writes the list of rows that were not kept, whole or not at all.

    Args:
        path: Where to.
        parts: Origin, canonical table and rows of what was read.
        warehouse: Folder of the warehouse.

    Returns:
        Whether there was anything to write.
    """
    aside = [(origin, table, part) for origin, table, part in parts if part.refused is not None]
    if not aside:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{NAME}.new")
    # a spreadsheet takes the mark for UTF-8
    with draft.open("w", newline="", encoding="utf-8-sig") as file:
        rows = csv.writer(file)
        rows.writerow(HEAD)
        for origin, table, part in aside:
            for batch in pq.ParquetFile(warehouse / str(part.refused)).iter_batches(10_000):
                rows.writerows(_line(row, origin=origin, table=table) for row in batch.to_pylist())
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    return True


def _line(row: dict[str, object], *, origin: str, table: str) -> tuple[str, ...]:
    refusal = Refusal(
        origin=origin,
        table=table,
        row=int(str(row["row"])),
        column=_or_none(row["column"]),
        value=_or_none(row["value"]),
        rule=str(row["rule"]),
    )
    expected, message = refusal.says, _message(refusal)
    return (
        shown(origin),
        str(refusal.row),
        refusal.column or "",
        _plain(refusal.value or ""),
        NOTE if refusal.rule in LEFT_OUT else ERROR,
        expected.en,
        expected.fr,
        _plain(message.en),
        _plain(message.fr),
    )


def _message(one: Refusal) -> Text:
    says = one.says
    if one.rule in LEFT_OUT:
        return Text(en=f"{says.en}; nothing to do", fr=f"{says.fr} ; rien à faire")
    at = one.column or one.table
    shown = "" if one.value is None else f" ({one.value[:60]})"
    return Text(
        en=f"{at}{shown}: {says.en}; correct line {one.row} and export again",
        fr=f"{at}{shown} : {says.fr} ; corriger la ligne {one.row} et exporter de nouveau",
    )


def _or_none(value: object) -> str | None:
    return None if value is None else str(value)


def _plain(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in _FORMULA and not _NUMBER.fullmatch(text) else text
