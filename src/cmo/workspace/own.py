"""Sources that no company writes down: what this office itself sent and saw, as files among its own."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from cmo.workspace.config import Source

FOLDER: Final = Path(".cmo") / "field"
TABLES: Final = ("touchpoints", "content", "experiment_units", "feedback")
"""Tables that what was sent, clicked and told to our people adds to."""


def own_sources(folder: Path) -> Mapping[str, Source]:
    """The sources of a workspace that lie among its own files, by table.

    Args:
        folder: The workspace.
    """
    return {
        name: Source(path=str(FOLDER / f"{name}.csv"))
        for name in TABLES
        if (folder / FOLDER / f"{name}.csv").is_file()
    }
