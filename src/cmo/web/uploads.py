"""Files that people bring: kept apart until somebody has looked at them and taken them, or dropped them."""

import re
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from shutil import rmtree
from typing import Any, Final

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.utils import timezone
from django.utils.translation import gettext as _

from cmo.measures import Problem
from cmo.web.models import Upload, UploadState, User

MOST_BYTES: Final = 200_000_000
"""Bytes that may be brought at once."""
MOST_FILES: Final = 20
KEPT_FOR: Final = timedelta(days=7)
ENDINGS: Final = (".csv", ".tsv", ".txt", ".json", ".jsonl", ".ndjson", ".parquet", ".xlsx")
PLACES: Final = ("/data/upload/", "/api/v1/uploads")
"""Addresses at which files are taken at all."""
_ODD: Final = re.compile(r"[^\w .()-]+")


class Quota(FileUploadHandler):
    """Takes no file where none is expected, and none of a request that is too large; before it is kept."""

    def handle_raw_input(
        self,
        input_data: Any,
        META: dict[str, Any],
        content_length: int,
        boundary: str,
        encoding: str | None = None,
    ) -> None:
        """Look at the size that is announced."""
        self.left = MOST_BYTES if content_length <= MOST_BYTES else 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Stop before the first byte where no file is wanted."""
        super().new_file(*args, **kwargs)
        if self.request is None or not self.request.path.startswith(PLACES) or not self.left:
            raise StopUpload(connection_reset=True)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Stop when more comes than was announced."""
        self.left -= len(raw_data)
        if self.left < 0:
            raise StopUpload(connection_reset=True)
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Leave the file to the next handler."""


def received(files: Iterable["UploadedFile[bytes]"], *, by: User, language: str) -> Upload:
    """Keep files apart, where nothing reads them but the look at them.

    Args:
        files: The files.
        by: Who brings them.
        language: Language of the columns' explanations.

    Raises:
        Problem: There is none, there are too many, or one is of a kind that is not read.
    """
    given = list(files)
    if not 0 < len(given) <= MOST_FILES:
        raise Problem(
            _("Bring between one and %(most)s files, together no larger than %(size)s MB.")
            % {"most": MOST_FILES, "size": MOST_BYTES // 1_000_000}
        )
    names: list[str] = []
    for one in given:
        names.append(_name(one.name or "", names))
    _forget_old()
    upload = Upload.objects.create(by=by, names=names, language=language)
    folder = folder_of(upload)
    folder.mkdir(parents=True, mode=0o700)
    for one, name in zip(given, names, strict=True):
        with (folder / name).open("xb") as file:
            for chunk in one.chunks():
                file.write(chunk)
    return upload


def folder_of(upload: Upload) -> Path:
    """Where the files of an upload are kept apart."""
    home: Path = settings.CMO_FOLDER
    return home / ".cmo" / "quarantine" / str(upload.pk)


def files_of(upload: Upload) -> list[Path]:
    """The files of an upload.

    Raises:
        Problem: They are not kept any more.
    """
    paths = [folder_of(upload) / name for name in upload.names]
    if upload.state != UploadState.OPEN or not all(path.is_file() for path in paths):
        raise Problem(_("These files were taken or dropped already: bring them again."))
    return paths


def close(upload: Upload, state: UploadState) -> None:
    """Forget the files of an upload."""
    Upload.objects.filter(pk=upload.pk).update(state=state)
    rmtree(folder_of(upload), ignore_errors=True)


def _name(given: str, taken: list[str]) -> str:
    """A harmless name of a file, with an ending that is read."""
    name = _ODD.sub("-", Path(given.replace("\\", "/")).name).strip(" .-")[-120:]
    ending = Path(name.lower().removesuffix(".gz")).suffix
    if ending not in ENDINGS:
        raise Problem(
            _("%(name)s: files ending in %(endings)s are read, alone or compressed (.gz).")
            % {"name": given[:80], "endings": ", ".join(ENDINGS)}
        )
    number, stem = 1, name
    while name in taken:
        number += 1
        name = f"{number}-{stem}"
    return name


def _forget_old() -> None:
    for upload in Upload.objects.filter(state=UploadState.OPEN, made_at__lt=timezone.now() - KEPT_FOR):
        close(upload, UploadState.DROPPED)
