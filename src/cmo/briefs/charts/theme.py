"""The look of charts: calm, legible, and readable without colours.

Text keeps a contrast of 4.5 to 1 and graphics 3 to 1 with their ground, on white and on the dark ground of
a page at night; a test computes them. Sizes are in pixels of the drawing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from cmo.briefs.document import Spec

WIDE: Final = 660
"""Width for a page, in pixels; on A4 the letters come out at about nine points."""
NARROW: Final = 340
"""Width for a telephone."""
SIZE: Final = 12
"""Size of letters."""
LINE: Final = 15
"""Height of a line of letters."""
LETTER: Final = 6.5
"""Mean width of a letter, a little wide, so that nothing touches."""
FONT: Final = "Liberation Sans, Arial, Helvetica, sans-serif"
"""The first is drawn into the renderer; browsers take what they have of the same widths."""
SCHEMA: Final = "https://vega.github.io/schema/vega-lite/v6.json"

INK: Final = "#1c2833"
QUIET: Final = "#566270"
GRID: Final = "#dde2e7"
LEADER: Final = "#7d8894"
BLUE: Final = "#1d5b8f"
BAND: Final = "#c7dbec"
GREEN: Final = "#0b6b55"
RED: Final = "#b23a1b"
OCHRE: Final = "#806000"
GROUND: Final = "#ffffff"

NIGHT: Final[Mapping[str, str]] = {
    INK: "#e9eef3",
    QUIET: "#aab6c2",
    GRID: "#36424e",
    LEADER: "#8492a0",
    BLUE: "#86bdeb",
    BAND: "#2b4c69",
    GREEN: "#63cbb0",
    RED: "#f59a7c",
    OCHRE: "#dcc362",
    GROUND: "#151b21",
}
"""What each colour becomes on a dark ground."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Margin:
    """Space around the plot, in pixels."""

    left: int
    right: int
    top: int
    bottom: int


def chart(
    layers: Sequence[Mapping[str, Any]], *, width: int, height: int, margin: Margin, description: str
) -> Spec:
    """A drawing of exactly `width` pixels: layers on one plot, with room left for what stands around it."""
    return {
        "$schema": SCHEMA,
        "description": description,
        "width": width - margin.left - margin.right,
        "height": height,
        "autosize": "none",
        "padding": {"left": margin.left, "right": margin.right, "top": margin.top, "bottom": margin.bottom},
        "layer": list(layers),
        "config": _CONFIG,
    }


def values(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Rows as the data of a layer."""
    return {"values": [dict(row) for row in rows]}


def words(
    rows: Sequence[Mapping[str, Any]],
    *,
    encoding: Mapping[str, Any],
    mark: Mapping[str, Any] | None = None,
    field: str = "text",
) -> dict[str, Any]:
    """A layer of letters: the strings of `field`, lines parted by a line feed."""
    return {
        "data": values(rows),
        "mark": {
            "type": "text",
            "align": "left",
            "baseline": "middle",
            "color": INK,
            "fontSize": SIZE,
            "lineBreak": "\n",
            "lineHeight": LINE,
            "aria": False,
            **(mark or {}),
        },
        "encoding": {**encoding, "text": {"field": field, "type": "nominal"}},
    }


_CONFIG: Final[dict[str, Any]] = {
    "background": "transparent",
    "font": FONT,
    "view": {"stroke": None},
    "axis": {
        "domain": False,
        "gridColor": GRID,
        "labelColor": QUIET,
        "labelFontSize": SIZE,
        "labelPadding": 6,
        "tickColor": GRID,
        "tickSize": 4,
        "titleColor": QUIET,
        "titleFontSize": SIZE,
        "titleFontWeight": "normal",
        "titlePadding": 10,
    },
}
