"""A workspace, opened."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from cmo.measures import Problem
from cmo.workspace.config import Config
from cmo.workspace.document import Document
from cmo.workspace.lock import writing
from cmo.workspace.own import own_sources
from cmo.workspace.validation import validated


@dataclass(slots=True, kw_only=True, eq=False)
class Workspace:
    """A folder with cmo.yaml.

    Attributes:
        folder: The folder, absolute.
        config: What cmo.yaml says, and the sources among the workspace's own files.
        document: cmo.yaml with its lines, for errors about it.
    """

    folder: Path
    config: Config
    document: Document
    _held: int = field(default=0, repr=False)

    @classmethod
    def open(cls, folder: Path | str) -> "Workspace":
        """Opens a folder.

        Raises:
            Problem: There is no cmo.yaml in it, or it is not as expected.
        """
        folder = Path(folder).expanduser().absolute()
        if not folder.is_dir():
            raise Problem(f"{folder}: no such folder; make it with cmo init {folder}")
        path = folder / "cmo.yaml"
        if not path.exists():
            raise Problem(f"{folder}: there is no cmo.yaml here; make one with cmo init {folder}")
        document = Document.read(path)
        config = validated(document, Config)
        sources = dict(config.sources)
        for name, source in own_sources(folder).items():
            sources[name] = (*sources.get(name, ()), source)
        return cls(folder=folder, config=config.model_copy(update={"sources": sources}), document=document)

    @property
    def cmo(self) -> Path:
        """The folder of what cmo keeps, made at need.

        Raises:
            Problem: It cannot be made.
        """
        path = self.folder / ".cmo"
        try:
            path.mkdir(exist_ok=True)
        except OSError as error:
            raise Problem(
                f"{path}: this folder cannot be made ({error.strerror}); check the rights"
            ) from error
        return path

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Holds the workspace's lock while the block runs; may be nested.

        Raises:
            Problem: Another process holds it.
        """
        if self._held:
            self._held += 1
            try:
                yield
            finally:
                self._held -= 1
            return
        with writing(self.cmo / "lock"):
            self._held = 1
            try:
                yield
            finally:
                self._held = 0
