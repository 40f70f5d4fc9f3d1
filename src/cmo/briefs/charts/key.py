"""The key of a chart, laid out above the plot in the letters and signs of the chart itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, assert_never

from cmo.briefs.charts.canvas import Canvas, Layer, Look
from cmo.briefs.charts.theme import LETTER, LINE

ROW: Final = LINE + 6
"""Height of a row of the key."""
_SIGN: Final = 20
_INDENT: Final = 27
_GAP: Final = 18


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One sign and what it means.

    Attributes:
        kind: A point, a line or a box.
        look: Its properties in Vega-Lite: colour, shape, dash.
        label: What it means.
    """

    kind: Literal["point", "line", "box"]
    look: Look
    label: str


def key_height(entries: Sequence[Entry], *, width: int) -> int:
    """Height that the key takes in a drawing of `width` pixels."""
    return ROW * (1 + max((row for _, row in _places(entries, width=width)), default=-1))


def key(entries: Sequence[Entry], *, canvas: Canvas, left: int, width: int, top: int) -> list[Layer]:
    """Layers that draw the key.

    Args:
        entries: What to explain.
        canvas: The plot below.
        left: Room left of the plot, in pixels: the key begins at the edge of the drawing.
        width: Width of the drawing.
        top: How far above the plot the first row stands.
    """
    layers: list[Layer] = []
    letters = []
    for entry, (at, row) in zip(entries, _places(entries, width=width), strict=True):
        x, y = at - left, row * ROW - top
        letters.append({"x": canvas.x_at(x + _INDENT), "y": canvas.y_at(y), "text": entry.label})
        layers.append(_sign(entry, canvas=canvas, x=x, y=y))
    return [*layers, canvas.letters(letters, {})]


def _sign(entry: Entry, *, canvas: Canvas, x: float, y: float) -> Layer:
    match entry.kind:
        case "point":
            middle = {"x": canvas.x_at(x + _SIGN / 2), "y": canvas.y_at(y)}
            return canvas.points([middle], entry.look)
        case "line":
            span = {"x": canvas.x_at(x), "x2": canvas.x_at(x + _SIGN), "y": canvas.y_at(y)}
            return canvas.rules([span], entry.look)
        case "box":
            box = {
                "x": canvas.x_at(x),
                "x2": canvas.x_at(x + _SIGN),
                "y": canvas.y_at(y - 6),
                "y2": canvas.y_at(y + 6),
            }
            return canvas.boxes([box], entry.look)
        case _:
            assert_never(entry.kind)


def _places(entries: Sequence[Entry], *, width: int) -> list[tuple[int, int]]:
    found, x, row = [], 0, 0
    for entry in entries:
        needed = _INDENT + round(LETTER * len(entry.label))
        if x and x + needed > width:
            x, row = 0, row + 1
        found.append((x, row))
        x += needed + _GAP
    return found
