"""One pass over a file's bytes: what it is, and whether it is what it was."""

import codecs
import hashlib
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from cmo.measures import Problem

BLOCK = 4 << 20


class Format(StrEnum):
    """What a file's first bytes say it is."""

    TEXT = "text"
    GZIP = "gzip"
    PARQUET = "parquet"
    SHEET = "sheet"


_SIGNATURES: tuple[tuple[bytes, Format], ...] = (
    (b"\x1f\x8b", Format.GZIP),
    (b"PAR1", Format.PARQUET),
    (b"PK\x03\x04", Format.SHEET),
    (b"\xd0\xcf\x11\xe0", Format.SHEET),
)
_REFUSED: tuple[tuple[bytes, str], ...] = (
    (b"SQLite format 3\x00", "is an SQLite database; give it by table: and url: sqlite:///path"),
    (b"\x28\xb5\x2f\xfd", "is compressed with zstd; unpack it, or pack it with gzip"),
    (b"BZh", "is compressed with bzip2; unpack it, or pack it with gzip"),
    (b"\xfd7zXZ", "is compressed with xz; unpack it, or pack it with gzip"),
    (b"7z\xbc\xaf", "is a 7z archive; unpack it"),
    (b"Rar!", "is a rar archive; unpack it"),
    (b"PK\x05\x06", "is an empty zip archive; put the export itself there"),
    (b"%PDF", "is a PDF; export the table as csv or xlsx"),
    (b"{\\rtf", "is a rich text document; export the table as csv or xlsx"),
)
_HTML = (b"<!doctype", b"<html", b"<?xml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """What one pass over a file's bytes says.

    Attributes:
        size: Bytes.
        mtime_ns: When it was last written.
        digest: Digest of its content.
        prefix: Digest of its first bytes, as many as were asked for; None if there are fewer.
        utf8: Whether it is valid UTF-8.
        nul: Whether it holds a NUL byte.
        closed: Whether it ends with the end of a line.
    """

    size: int
    mtime_ns: int
    digest: str
    prefix: str | None
    utf8: bool
    nul: bool
    closed: bool


def survey(path: Path, *, prefix: int | None = None) -> Survey:
    """Reads a file once.

    Args:
        path: The file.
        prefix: Number of first bytes to digest apart.

    Raises:
        Problem: It cannot be read.
    """
    digest = hashlib.blake2b(digest_size=16)
    decoder = codecs.getincrementaldecoder("utf-8")("strict")
    utf8, nul, last, size, prefix_digest = True, False, b"", 0, None
    try:
        with path.open("rb") as file:
            status = path.stat()
            while block := file.read(
                BLOCK if prefix is None or size >= prefix else min(BLOCK, prefix - size)
            ):
                digest.update(block)
                size += len(block)
                nul = nul or b"\x00" in block
                last = block[-1:]
                if utf8 and not nul:
                    utf8 = _decodes(decoder, block)
                if size == prefix:
                    prefix_digest = digest.copy().hexdigest()
    except OSError as error:
        raise Problem(f"{path}: the file cannot be read ({error.strerror}); check its rights") from error
    return Survey(
        size=size,
        mtime_ns=status.st_mtime_ns,
        digest=digest.hexdigest(),
        prefix=prefix_digest,
        utf8=utf8,
        nul=nul,
        closed=last == b"\n",
    )


def format_of(path: Path) -> Format:
    """What a file is, by its first bytes.

    Raises:
        Problem: It is empty, or nothing that can be read.
    """
    try:
        with path.open("rb") as file:
            first = file.read(64)
    except OSError as error:
        raise Problem(f"{path}: the file cannot be read ({error.strerror}); check its rights") from error
    if not first:
        raise Problem(f"{path}: the file is empty; export it again")
    for signature, what in _REFUSED:
        if first.startswith(signature):
            raise Problem(f"{path}: this {what}")
    if first.lstrip()[:9].lower().startswith(_HTML):
        raise Problem(
            f"{path}: this is a web page or XML, perhaps an error page; export the table as csv or xlsx"
        )
    return next((form for signature, form in _SIGNATURES if first.startswith(signature)), Format.TEXT)


def _decodes(decoder: codecs.IncrementalDecoder, block: bytes) -> bool:
    try:
        decoder.decode(block)
    except UnicodeDecodeError:
        return False
    return True
