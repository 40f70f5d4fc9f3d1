"""Charts of filled boxes: the retention triangle, and the map of segments whose areas are money."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from cmo.briefs.charts.axes import Axis
from cmo.briefs.charts.canvas import Canvas, Layer
from cmo.briefs.charts.rows import wrapped
from cmo.briefs.charts.theme import BAND, BLUE, GROUND, LETTER, LINE, QUIET, SIZE, WIDE, Margin, chart
from cmo.briefs.document import Spec

_ROW: Final = 22
_SHADES: Final = (0.15, 0.35, 0.6, 0.85, 1.0)
_MAP_HEIGHT: Final = 230
_LETTERS: Final = 18
_HEADROOM: Final = 1.25
"""Height of the map over its highest box, for the label on it."""
_GAP: Final = 0.004
"""Space between boxes, as a share of the width."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One box of a triangle.

    Attributes:
        row: Position of its row from the top.
        column: Position of its column from the left.
        value: What decides its shade.
        written: The value as a person reads it.
    """

    row: int
    column: int
    value: float
    written: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One box of a map.

    Attributes:
        label: What it is.
        share: Its width, as a share of all.
        value: Its height.
        written: Its area as a person reads it.
    """

    label: str
    share: float
    value: float
    written: str


def triangle_chart(
    cells: Sequence[Cell], *, rows: Sequence[str], columns: Sequence[str], across: str, width: int
) -> Spec:
    """A triangle of boxes, each with its value; darker is more.

    Args:
        cells: The boxes, at least one.
        rows: Names of the rows, the first at the top.
        columns: Names of the columns.
        across: What the columns are.
        width: Width of the drawing in pixels.
    """
    margin = Margin(left=round(LETTER * max(map(len, rows))) + 14, right=8, top=2 * LINE + 16, bottom=10)
    height = _ROW * len(rows)
    canvas = Canvas.of_rows(
        width=width - margin.left - margin.right, height=height, across=(0.0, float(len(columns)))
    )
    low, high = min(cell.value for cell in cells), max(cell.value for cell in cells)
    step = (high - low) / len(_SHADES) or 1.0
    layers: list[Layer] = []
    for shade, opacity in enumerate(_SHADES):
        those = [cell for cell in cells if min(int((cell.value - low) / step), len(_SHADES) - 1) == shade]
        layers.append(canvas.boxes([_box(cell) for cell in those], {"color": BAND, "opacity": opacity}))
    middle = [{"x": cell.column + 0.5, "y": _ROW * (cell.row + 0.5), "text": cell.written} for cell in cells]
    small = SIZE if width >= WIDE else SIZE - 3
    layers.append(canvas.letters(middle, {"align": "center", "fontSize": small}))
    names = [
        {"x": canvas.x_at(-margin.left + 4), "y": _ROW * (at + 0.5), "text": name}
        for at, name in enumerate(rows)
    ]
    layers.append(canvas.letters(names, {}))
    heads = [{"x": at + 0.5, "y": -LINE / 2 - 2, "text": name} for at, name in enumerate(columns)]
    layers.append(canvas.letters(heads, {"align": "center", "color": QUIET}))
    layers.append(canvas.letters([{"x": 0.0, "y": -1.5 * LINE - 8, "text": across}], {"color": QUIET}))
    layers[0]["encoding"]["x"]["axis"] = None
    return chart(layers, width=width, height=height, margin=margin, description=across)


def _box(cell: Cell) -> dict[str, float]:
    top = _ROW * cell.row
    return {"x": cell.column + 0.03, "x2": cell.column + 0.97, "y": top + 1.0, "y2": top + _ROW - 1.0}


def map_chart(blocks: Sequence[Block], *, across: str, axis: Axis, width: int) -> Spec:
    """Boxes side by side: how many across, how much each up, so that an area is what they bring together.

    Args:
        blocks: The boxes from the left, at least one; the highest first leaves labels room to the right.
        across: What the widths are.
        axis: What the heights are.
        width: Width of the drawing in pixels.
    """
    margin = Margin(left=52, right=12, top=LINE + 18, bottom=50)
    top = _HEADROOM * axis.scaled(max(block.value for block in blocks))
    canvas = Canvas(
        width=width - margin.left - margin.right,
        height=_MAP_HEIGHT,
        across=(0.0, sum(block.share for block in blocks)),
        down=(top, 0.0),
    )
    boxes, letters, left = [], [], 0.0
    for block in blocks:
        height = axis.scaled(block.value)
        boxes.append({"x": left + _GAP, "x2": left + max(block.share - _GAP, _GAP), "y": 0.0, "y2": height})
        room = int((canvas.across[1] - left) / canvas.across[1] * canvas.width / LETTER)
        words = f"{wrapped(block.label, letters=min(room, _LETTERS))}\n{block.written}"
        lift = LINE * (words.count("\n") + 0.5) / canvas.height * top
        letters.append({"x": left + _GAP, "y": height + lift, "text": words})
        left += block.share
    layers: list[Layer] = [
        canvas.boxes(boxes, {"color": BLUE, "stroke": GROUND}),
        canvas.letters(letters, {}),
    ]
    layers[0]["encoding"]["x"]["axis"] = {
        "title": across,
        "format": ".0%",
        "grid": False,
        "tickCount": max(canvas.width // 90, 2),
    }
    layers[0]["encoding"]["y"]["axis"] = axis.vertical(left=44)
    return chart(layers, width=width, height=_MAP_HEIGHT, margin=margin, description=axis.title)
