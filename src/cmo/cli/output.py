"""How the command line answers: JSON alone on standard output, or tables for people; messages on standard error."""

import json
from collections.abc import Iterable, Mapping, Sequence

from rich.console import Console
from rich.table import Table

from cmo.measures import Language, Text

out = Console()
err = Console(stderr=True)


def as_json(data: Mapping[str, object]) -> None:
    """Print JSON and nothing else."""
    print(json.dumps(data, ensure_ascii=False, indent=2))  # noqa: T201 - standard output is the answer


def say(text: str) -> None:
    """Print a sentence as it is."""
    out.print(text, markup=False, highlight=False)


def tell(text: str) -> None:
    """Print a message on standard error."""
    err.print(text, markup=False, highlight=False)


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print a table without decoration."""
    grid = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        grid.add_column(column, overflow="fold")
    for row in rows:
        grid.add_row(*(cell.replace("[", "\\[") for cell in row))
    out.print(grid, highlight=False)


class Progress:
    """What is being done now, on a terminal as a moving line, elsewhere as plain lines on standard error."""

    def __init__(self, language: Language) -> None:
        self._language = language
        self._status = err.status("") if err.is_terminal else None

    def __enter__(self) -> "Progress":
        """Start to show."""
        if self._status is not None:
            self._status.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop to show."""
        if self._status is not None:
            self._status.stop()

    def __call__(self, step: Text) -> None:
        """Show the next step."""
        if self._status is not None:
            self._status.update(step.in_(self._language))
        else:
            tell(step.in_(self._language))
