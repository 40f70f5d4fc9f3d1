"""A small workspace, made and read."""

from collections.abc import Callable
from pathlib import Path

import pytest

from cmo.workspace import Workspace

Made = Callable[..., Workspace]


@pytest.fixture
def made(tmp_path: Path) -> Made:
    """Makes a workspace of files and of the text under `sources:`."""

    def make(sources: str, **files: str | bytes) -> Workspace:
        folder = tmp_path / "w"
        folder.mkdir(exist_ok=True)
        for name, content in files.items():
            path = folder / name.replace("__", ".")
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        (folder / "cmo.yaml").write_text(
            "company: {name: Maison Lumen, timezone: Europe/Paris}\nsources:\n" + sources, encoding="utf-8"
        )
        return Workspace.open(folder)

    return make
