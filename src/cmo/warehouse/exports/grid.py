"""A file as records of cells, from its first line on, whatever kind of file it is."""

import csv
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from cmo.measures import Problem
from cmo.warehouse.text_files import DELIMITERS, MAX_CELL, TextFile, encoding_of, open_bytes

LOOK = 120
"""Records at the beginning among which a header is looked for."""

_PARTED_BY = re.compile(r'^\ufeff?"?sep=(.)"?\s*$', re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A file as records.

    Attributes:
        name: What errors call it.
        file: The file's own name.
        encoding: Encoding of its text, or None of a workbook.
        delimiters: The delimiters its cells may be parted by; one without meaning for a workbook.
        read: Its records, parted by a delimiter; may be called again.
        typed: Whether numbers come as numbers, so that their decimal mark is a point.
    """

    name: str
    file: str
    encoding: str | None
    delimiters: tuple[str, ...]
    read: Callable[[str], Iterator[list[str]]]
    typed: bool = False

    def look(self, delimiter: str) -> list[list[str]]:
        """The first records, up to where they cannot be told apart."""
        records: list[list[str]] = []
        try:
            records.extend(islice(self.read(delimiter), LOOK))
        except Problem:
            return records  # reading them in earnest says what is wrong
        return records


def grid_of_text(file: TextFile, *, encoding: str | None, delimiter: str | None) -> Grid:
    """A text file as records.

    Args:
        file: The file.
        encoding: Its encoding, if cmo.yaml says it.
        delimiter: Its delimiter, if cmo.yaml says it.

    Raises:
        Problem: It is no text.
    """
    told = encoding_of(file, file.look(), given=encoding)

    def read(parted_by: str) -> Iterator[list[str]]:
        yield from _records(file, told, parted_by)

    given = (delimiter,) if delimiter else _said(file, told) or DELIMITERS
    return Grid(name=str(file.path), file=file.path.name, encoding=told, delimiters=given, read=read)


def _said(file: TextFile, encoding: str) -> tuple[str, ...]:
    """The delimiter that Excel writes into a line of its own at the beginning."""
    first = file.look()[:64].decode(encoding, "replace").partition("\n")[0]
    found = _PARTED_BY.match(first.strip())
    return (found[1],) if found else ()


def _records(file: TextFile, encoding: str, delimiter: str) -> Iterator[list[str]]:
    texts = not encoding.startswith(("utf-16", "utf-32"))
    with open_bytes(file, texts=texts) as source:
        text = io.TextIOWrapper(source, encoding=encoding, errors="strict", newline="")
        reader = csv.reader(text, delimiter=delimiter, strict=True)
        try:
            for record in reader:
                if record:
                    record[0] = record[0].lstrip("\ufeff")
                yield record
        except csv.Error as error:
            raise Problem(_unreadable(error, path=file.path, line=reader.line_num)) from error
        except UnicodeError as error:
            raise Problem(
                f"{file.path}: the text is not in {encoding}; add encoding: and its name to this source"
            ) from error


def _unreadable(error: csv.Error, *, path: Path, line: int) -> str:
    said = str(error)
    if "limit" in said:
        return (
            f"{path}, near line {line}: a cell has over {MAX_CELL} characters; perhaps a quotation mark is "
            f"not closed"
        )
    if "end of data" in said:
        return f"{path}: a quotation mark is not closed before the file ends; export it again"
    return f"{path}, near line {line}: the cells cannot be told apart ({said}); export the file again"


def grid_of_sheet(path: Path, rows: list[list[str | None]]) -> Grid:
    """A sheet of a workbook as records."""

    def read(parted_by: str) -> Iterator[list[str]]:
        del parted_by
        for row in rows:
            yield [cell or "" for cell in row]

    return Grid(name=str(path), file=path.name, encoding=None, delimiters=("\t",), read=read, typed=True)
