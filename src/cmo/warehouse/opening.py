"""Opening a file, whatever it is: the one way in for a preview and for an import."""

from dataclasses import dataclass
from pathlib import Path

from cmo.warehouse.opened import Opened
from cmo.warehouse.other_files import is_json, open_json, open_parquet, open_sheet
from cmo.warehouse.sources import Declared
from cmo.warehouse.survey import Format, Survey
from cmo.warehouse.text_files import Layout, TextFile, layout_of, open_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Custom:
    """What the company takes for granted.

    Attributes:
        currency: ISO 4217 code of its money.
        timezone: Time zone its days are counted in.
    """

    currency: str
    timezone: str


def open_file(
    path: Path, kind: Format, surveyed: Survey, one: Declared, *, custom: Custom
) -> tuple[Opened, Layout | None]:
    """Opens a file that fills a table.

    Args:
        path: The file.
        kind: What its first bytes say it is.
        surveyed: What a pass over its bytes said.
        one: The source that declares it.
        custom: What the company takes for granted.

    Returns:
        The source, and the layout by which rows added to it can be read alone, or None where they cannot.

    Raises:
        Problem: It cannot be read.
    """
    if kind is Format.PARQUET:
        return open_parquet(path), None
    if kind is Format.SHEET:
        return open_sheet(path, sheet=one.source.sheet), None
    file = TextFile(path=path, packed=kind is Format.GZIP, survey=surveyed)
    if is_json(Path(path.stem) if file.packed else path, file.look()):
        return open_json(file), None
    wanted = [*one.source.columns.values(), *one.table.required]
    layout, first = layout_of(
        file, encoding=one.source.encoding, delimiter=one.source.delimiter, wanted=wanted
    )
    return open_text(file, layout, first=first), None if file.packed else layout
