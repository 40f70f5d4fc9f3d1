"""Text files with one row a line: which encoding, which delimiter, which columns, and their rows."""

import codecs
import csv
import gzip
import io
import re
import zlib
from collections import Counter as Tally
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, cast

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from cmo.measures import Problem
from cmo.warehouse.mapping import find, fold
from cmo.warehouse.opened import ROW, Counter, Unread, Written, without_names
from cmo.warehouse.survey import Survey

FEW = 0.1  # share of rows that may lack the delimiter which the others end with
LOOK = 1 << 20
BLOCK = 4 << 20
MAX_CELL = 100_000
MAX_SWELLING = 1000
MAX_PREAMBLE = 60
DELIMITERS = (",", ";", "\t", "|")
_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


_SAYS_TOTAL = re.compile(r"[\W_]*(grand |sub|sous-)?(totals?|totaux|somme|sum)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """How a text file is laid out.

    Attributes:
        encoding: Python's name of its encoding.
        delimiter: What stands between two cells.
        columns: Its column names.
        skipped: Lines before the header.
        preamble: Those of them that are not empty, with their number.
    """

    encoding: str
    delimiter: str
    columns: tuple[str, ...]
    skipped: int = 0
    preamble: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TextFile:
    """A text file and what is known of it before it is read.

    Attributes:
        path: The file.
        packed: Whether it is gzipped.
        survey: What a pass over its bytes said.
    """

    path: Path
    packed: bool
    survey: Survey

    def look(self) -> bytes:
        """Its first bytes, unpacked.

        Raises:
            Problem: It is a broken gzip file, or swells as no table does.
        """
        with open_bytes(self) as file:
            return file.read(LOOK)


def layout_of(
    file: TextFile,
    *,
    encoding: str | None,
    delimiter: str | None,
    wanted: Sequence[str],
) -> tuple[Layout, list[list[str | None]]]:
    """Tells how a text file is laid out.

    Args:
        file: The file.
        encoding: Its encoding, if cmo.yaml says it.
        delimiter: Its delimiter, if cmo.yaml says it.
        wanted: Column names that the right delimiter brings forth.

    Returns:
        The layout and the file's first rows.

    Raises:
        Problem: It holds no header, no row, or is no text.
    """
    look = file.look()
    encoding = encoding_of(file, look, given=encoding)
    text = _decoded(look, encoding, path=file.path)
    whole = len(look) < LOOK
    if not text.strip():
        raise Problem(f"{file.path}: the file holds no text; export it again")
    delimiter = delimiter or _delimiter(text, wanted=wanted, whole=whole)
    rows, ends = _records(text, delimiter, whole=whole)
    at = header_of(rows, wanted=wanted)
    if whole and at == len(rows) - 1 and not text.endswith(("\n", "\r")):
        raise Problem(f"{file.path}: the file has a header and no row; export it again")
    header = rows[at]
    body = [row for row in rows[at + 1 :] if any(row)]
    columns = without_names(header)
    if _trailing(header, body):
        columns = (*columns, "")
    first: list[list[str | None]] = [
        [cell or None for cell in row] for row in body if len(row) == len(columns)
    ]
    before = tuple(
        (ends[row - 1] + 1 if row else 1, " ".join(rows[row])) for row in range(at) if any(rows[row])
    )
    skipped = ends[at - 1] if at else 0
    return Layout(
        encoding=encoding, delimiter=delimiter, columns=columns, skipped=skipped, preamble=before
    ), first


def header_of(rows: Sequence[Sequence[str]], *, wanted: Sequence[str]) -> int:
    """Position of the header among the first records: below the lines that some tools write before it.

    It is the first record with the wanted columns; else the first whose cells are all named and as many as
    the records below it have; else the first that is not empty.
    """
    filled = [at for at, row in enumerate(rows) if any(cell.strip() for cell in row)]
    if not filled:
        return 0
    near = filled[:MAX_PREAMBLE]
    names = {fold(name) for name in wanted}
    for at in near:
        if len(rows[at]) > 1 and {fold(cell) for cell in rows[at]} >= names and names:
            return at
    usual, n = Tally(len(rows[at]) for at in filled).most_common(1)[0]
    if usual < 2 or n < 2 or (len(rows[filled[0]]) >= usual and _filled(rows[filled[0]]) > 1):
        return filled[0]
    return next(
        (at for at in near if len(rows[at]) in {usual, usual - 1} and _filled(rows[at]) > 1), filled[0]
    )


def _filled(row: Sequence[str]) -> int:
    return sum(bool(cell.strip()) for cell in row)


def open_text(file: TextFile, layout: Layout, *, first: Sequence[Sequence[str | None]]) -> Written:
    """Opens a text file from its beginning."""
    return Written(
        name=str(file.path),
        columns=layout.columns,
        first=first,
        rows=lambda unread: _rows(file, layout, unread, start=0, number=2 + layout.skipped),
    )


def open_tail(file: TextFile, layout: Layout, *, start: int, number: int) -> Written:
    """Opens what was added to a text file.

    Args:
        file: The file.
        layout: How it is laid out.
        start: Bytes that were read before; they end with the end of a row.
        number: Number of the first new row.
    """
    return Written(
        name=str(file.path),
        columns=layout.columns,
        first=(),
        rows=lambda unread: _rows(file, layout, unread, start=start, number=number),
    )


class _Unpacked(io.RawIOBase):
    """Unpacked bytes, counted: a small file cannot fill the disk, nor a binary one pass for text."""

    def __init__(self, inner: IO[bytes], *, path: Path, limit: int, texts: bool, utf8: bool) -> None:
        super().__init__()
        self._inner, self._path, self._limit, self._texts = inner, path, limit, texts
        self._n_bytes = 0
        # of a packed file only the beginning was looked at
        self._decoder = codecs.getincrementaldecoder("utf-8")("strict") if utf8 else None

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            block = self._inner.read(len(buffer))
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise Problem(f"{self._path}: the gzip file is cut or damaged; transfer it again") from error
        self._n_bytes += len(block)
        if self._n_bytes > self._limit:
            raise Problem(
                f"{self._path}: the gzip file swells to more than {MAX_SWELLING} times its size; "
                f"unpack it yourself if it is sound"
            )
        if self._texts and b"\x00" in block:
            raise Problem(
                f"{self._path}: the file holds NUL characters: it is damaged or no text; export it again"
            )
        if self._decoder is not None:
            try:
                self._decoder.decode(block, final=not block)
            except UnicodeDecodeError as error:
                raise Problem(
                    f"{self._path}: the text is not in utf-8; add encoding: and its name to this source"
                ) from error
        buffer[: len(block)] = block
        return len(block)

    def close(self) -> None:
        self._inner.close()
        super().close()


def open_bytes(
    file: TextFile, *, start: int = 0, texts: bool = False, utf8: bool = False
) -> io.BufferedReader:
    """Opens a text file at a byte, unpacked, its size and content watched."""
    # the caller closes it with what is returned
    inner = cast("IO[bytes]", gzip.GzipFile(file.path) if file.packed else file.path.open("rb"))
    if start:
        inner.seek(start)
    limit = max(MAX_SWELLING * file.survey.size, 64 << 20) if file.packed else 1 << 62
    return io.BufferedReader(_Unpacked(inner, path=file.path, limit=limit, texts=texts, utf8=utf8), BLOCK)


def encoding_of(file: TextFile, look: bytes, *, given: str | None) -> str:
    """Python's name of a text file's encoding.

    Args:
        file: The file.
        look: Its first bytes.
        given: Its encoding, if cmo.yaml says it.

    Raises:
        Problem: It is no text, or no encoding of that name is known.
    """
    if given is not None:
        try:
            b"a".decode(given, "replace")  # some codecs are none of texts
            return codecs.lookup(given).name
        except (LookupError, ValueError) as error:
            raise Problem(f"{file.path}: {given} is no known encoding; write utf-8 or cp1252, say") from error
    for mark, encoding in _BOMS:
        if look.startswith(mark):
            return encoding
    even, odd = look[0:4000:2], look[1:4000:2]
    if odd and odd.count(0) > 0.4 * len(odd) > even.count(0):
        return "utf-16-le"
    if even and even.count(0) > 0.4 * len(even) > odd.count(0):
        return "utf-16-be"
    if b"\x00" in look:
        raise Problem(
            f"{file.path}: the file holds NUL characters: it is damaged or no text; export it again"
        )
    if file.packed:
        return "utf-8" if _is_utf8(look) else "cp1252"
    return "utf-8" if file.survey.utf8 else "cp1252"


def _is_utf8(look: bytes) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")("strict").decode(look)
    except UnicodeDecodeError:
        return False
    return True


def _decoded(look: bytes, encoding: str, *, path: Path) -> str:
    try:
        text = codecs.getincrementaldecoder(encoding)("strict").decode(look)
    except (UnicodeError, LookupError, TypeError) as error:
        raise Problem(
            f"{path}: the text is not in {encoding}; add encoding: and its name to this source"
        ) from error
    return str(text).lstrip("\ufeff")


def _records(text: str, delimiter: str, *, whole: bool) -> tuple[list[list[str]], list[int]]:
    """The first records and the line each ends on, the last left out where the look may have cut it."""
    rows: list[list[str]] = []
    ends: list[int] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for row in reader:
            rows.append(row)
            ends.append(reader.line_num)
            if len(rows) > 5000:
                return rows, ends
    except csv.Error:
        return (rows, ends) if rows else ([[text[:80]]], [1])
    return (rows, ends) if whole or len(rows) < 2 else (rows[:-1], ends[:-1])


def _delimiter(text: str, *, wanted: Sequence[str], whole: bool) -> str:
    """The delimiter that brings forth the wanted columns, and then rows of equal length."""

    def merit(delimiter: str) -> tuple[int, float, int]:
        rows = _records(text[: 1 << 17], delimiter, whole=whole and len(text) <= 1 << 17)[0][:200]
        at = header_of(rows, wanted=wanted)
        header, body = without_names(rows[at]), [row for row in rows[at + 1 :] if any(row)]
        found = sum(find(name, header) is not None for name in wanted)
        alike = sum(len(row) == len(header) for row in body) / len(body) if body else 1.0
        return (found, alike if len(header) > 1 else 0.0, len(header))

    return max(DELIMITERS, key=merit)


def _trailing(header: Sequence[str], body: Sequence[Sequence[str]]) -> bool:
    """Whether every row ends with a delimiter that the header lacks, as some exports write them."""
    lengths = Tally(len(row) for row in body)
    plain = sum(len(row) == len(header) for row in body[:-1])  # the last may be a row of totals without it
    if not lengths or lengths.most_common(1)[0][0] != len(header) + 1 or plain > FEW * len(body):
        return False
    return all(row[-1] == "" for row in body if len(row) == len(header) + 1)


def _rows(
    file: TextFile, layout: Layout, unread: list[Unread], *, start: int, number: int
) -> Iterator[pa.RecordBatch]:
    header = 0 if start else 1
    counter = Counter(at=number, unread=unread)

    def refuse(row: pa_csv.InvalidRow) -> str:
        before = number - 1 if start else 0  # from the beginning, lines that are skipped are counted too
        at = row.number + before if row.number is not None else counter.at
        text = row.text or ""
        unread.append(Unread(row=at, text=text, rule="total" if _SAYS_TOTAL.match(text) else "cells"))
        return "skip"

    if not start:
        unread += [Unread(row=at, text=line, rule="preamble") for at, line in layout.preamble]
    names = [f"c{at}" for at in range(len(layout.columns))]
    texts = not layout.encoding.startswith(("utf-16", "utf-32"))
    utf8 = file.packed and layout.encoding == "utf-8"
    with open_bytes(file, start=start, texts=texts, utf8=utf8) as source:
        try:
            reader = pa_csv.open_csv(
                source,
                read_options=pa_csv.ReadOptions(
                    use_threads=False,
                    block_size=BLOCK,
                    column_names=names,
                    skip_rows=0 if start else layout.skipped,
                    skip_rows_after_names=header,
                    encoding="utf8" if layout.encoding == "utf-8" else layout.encoding,
                ),
                parse_options=pa_csv.ParseOptions(
                    delimiter=layout.delimiter,
                    newlines_in_values=True,
                    invalid_row_handler=refuse,
                    ignore_empty_lines=False,
                ),
                convert_options=pa_csv.ConvertOptions(
                    column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=True, null_values=[""]
                ),
            )
            for batch in reader:
                _refuse_huge(batch, file=file, layout=layout, number=counter.at)
                numbers = counter.take(batch.num_rows)
                yield pa.RecordBatch.from_arrays([*batch.columns, numbers], names=[*names, ROW])
        except (pa.ArrowInvalid, UnicodeError) as error:
            raise Problem(_unreadable(error, file=file, layout=layout)) from error


def _refuse_huge(batch: pa.RecordBatch, *, file: TextFile, layout: Layout, number: int) -> None:
    for at, column in enumerate(batch.columns):
        if column.nbytes > MAX_CELL and (pc.max(pc.binary_length(column)).as_py() or 0) > MAX_CELL:
            raise Problem(
                f"{file.path}, near row {number}, {layout.columns[at]}: a cell has over {MAX_CELL} "
                f"characters; perhaps a quotation mark is not closed"
            )


def _unreadable(error: Exception, *, file: TextFile, layout: Layout) -> str:
    said = str(error)
    if isinstance(error, UnicodeError) or "UTF8" in said:
        return f"{file.path}: the text is not in {layout.encoding}; add encoding: and its name to this source"
    if "straddl" in said:
        return f"{file.path}: a row has more than {BLOCK} characters; perhaps a quotation mark is not closed"
    return f"{file.path}: the rows cannot be told apart ({' '.join(said.split())[:90]})"
