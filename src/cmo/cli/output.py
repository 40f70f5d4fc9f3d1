"""How the command line answers: JSON alone or tables on standard output, messages on standard error."""

from json import dumps
from time import monotonic
from typing import TYPE_CHECKING, Self

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from cmo.cli.options import Language

if TYPE_CHECKING:
    from cmo.briefs.answers import Answer
    from cmo.measures import Text

SECONDS_BETWEEN_LINES = 1.0

out = Console()
err = Console(stderr=True)


def give(answer: "Answer", *, json: bool) -> None:
    """Give an answer as JSON, or as its sentences and its table."""
    if json:
        print(dumps(answer.data, ensure_ascii=False, indent=2))  # noqa: T201 - standard output is the answer
        return
    for line in answer.lines:
        out.print(line, markup=False, highlight=False, soft_wrap=True)
    if answer.body:
        grid = Table(box=None, pad_edge=False, header_style="bold")
        for column in answer.head:
            grid.add_column(column, overflow="fold")
        for row in answer.body:
            grid.add_row(*(escape(cell) for cell in row))
        out.print(grid, highlight=False)


class Progress:
    """What is being done now: a moving line on a terminal, elsewhere a plain line now and then."""

    def __init__(self, language: Language) -> None:
        self._language = language
        self._status = err.status("") if err.is_terminal else None
        self._said_at = float("-inf")

    def __enter__(self) -> Self:
        """Start to show."""
        if self._status is not None:
            self._status.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop to show."""
        if self._status is not None:
            self._status.stop()

    def __call__(self, step: "Text") -> None:
        """Show the next step."""
        if self._status is not None:
            self._status.update(step.in_(self._language))
        elif monotonic() - self._said_at > SECONDS_BETWEEN_LINES:
            self._said_at = monotonic()
            err.print(step.in_(self._language), markup=False, highlight=False, soft_wrap=True)
