"""Charts with a row for each subject: labels of any length, one to some forty of them."""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from cmo.briefs.charts.canvas import Canvas, Layer
from cmo.briefs.charts.theme import GRID, GROUND, LETTER, LINE, WIDE

_COLUMN: Final = 268
_LINES: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Where one row stands, in pixels from the top of the plot.

    Attributes:
        label: Its label, broken into lines.
        label_y: Middle of the first line of the label.
        mark_y: Line of the marks.
        head_y: Upper edge.
        foot_y: Lower edge.
    """

    label: str
    label_y: float
    mark_y: float
    head_y: float
    foot_y: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """All rows of a chart.

    Attributes:
        rows: In order from the top.
        height: Height of the plot in pixels.
        left: Room left of the plot.
        beside: Whether labels stand left of the plot; otherwise each stands over its row.
    """

    rows: tuple[Row, ...]
    height: int
    left: int
    beside: bool

    def layers(self, canvas: Canvas, *, right: float) -> list[Layer]:
        """Labels and lines between the rows; labels over the plot get a ground of their own.

        Args:
            canvas: The plot.
            right: Where the lines end, in pixels from the left edge of the plot.
        """
        start, stop = canvas.x_at(-self.left if self.beside else 0), canvas.x_at(right)
        lines = [{"x": start, "x2": stop, "y": row.foot_y} for row in self.rows[:-1]]
        labels = [{"x": start, "y": row.label_y, "text": row.label} for row in self.rows]
        drawn = [canvas.rules(lines, {"color": GRID}), canvas.letters(labels, {})]
        if self.beside:
            return drawn
        grounds = [{"x": start, "x2": stop, "y": row.head_y + 1, "y2": row.mark_y - 9} for row in self.rows]
        return [canvas.boxes(grounds, {"color": GROUND}), *drawn]


def lay_out(labels: Sequence[str], *, width: int) -> Layout:
    """Labels beside their rows on a page, above them on a telephone."""
    beside = width >= WIDE
    longest = max((len(label) for label in labels), default=0)
    column = min(_COLUMN, round(LETTER * longest) + 16)
    letters = int((column - 12 if beside else width - 16) / LETTER)
    rows, top = [], 0.0
    for label in labels:
        broken = wrapped(label, letters=letters)
        n_lines = broken.count("\n") + 1
        height = max(n_lines * LINE + 9, 25) if beside else n_lines * LINE + 30
        mark_y = top + height / 2 if beside else top + n_lines * LINE + 17
        first = mark_y - (n_lines - 1) * LINE / 2 if beside else top + 6 + LINE / 2
        rows.append(Row(label=broken, label_y=first, mark_y=mark_y, head_y=top, foot_y=top + height))
        top += height
    return Layout(rows=tuple(rows), height=round(top), left=column if beside else 8, beside=beside)


def wrapped(label: str, *, letters: int) -> str:
    """The label in at most three lines of about `letters` letters."""
    letters = max(letters, 8)
    lines = textwrap.wrap(label, width=letters) or [""]
    if len(lines) > _LINES:
        rest = textwrap.shorten(" ".join(lines[_LINES - 1 :]), letters, placeholder=" …")
        lines = [*lines[: _LINES - 1], rest]
    return "\n".join(lines)
