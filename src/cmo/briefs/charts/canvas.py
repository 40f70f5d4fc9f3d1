"""The plot of a chart, addressed in pixels: what has no value of its own still needs a place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from cmo.briefs.charts.theme import values, words

Layer = dict[str, Any]
"""A layer of a Vega-Lite specification."""
Look = Mapping[str, object]
"""Properties of a mark: colour, shape, dash, alignment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Canvas:
    """A plot with a continuous scale on each side.

    Attributes:
        width: Its width in pixels.
        height: Its height in pixels.
        across: Values at the left and the right edge.
        down: Values at the upper and the lower edge.
        kind: Type of the horizontal scale.
    """

    width: int
    height: int
    across: tuple[float, float]
    down: tuple[float, float]
    kind: str = "quantitative"

    @classmethod
    def of_rows(cls, *, width: int, height: int, across: tuple[float, float]) -> Self:
        """A plot whose vertical scale counts pixels from the top."""
        return cls(width=width, height=height, across=across, down=(0, height))

    def x_at(self, pixels: float) -> float:
        """The value that stands `pixels` right of the left edge."""
        start, stop = self.across
        return start + (stop - start) * pixels / self.width

    def y_at(self, pixels: float) -> float:
        """The value that stands `pixels` below the upper edge."""
        start, stop = self.down
        return start + (stop - start) * pixels / self.height

    def x(self, field: str, **more: object) -> dict[str, Any]:
        """Encoding of a horizontal position."""
        scale = {"domain": list(self.across), "nice": False}
        scale |= {"type": "utc"} if self.kind == "temporal" else {"zero": False}
        return {"field": field, "type": self.kind, "scale": scale, **more}

    def y(self, field: str, **more: object) -> dict[str, Any]:
        """Encoding of a vertical position; rows, which count pixels, have no axis."""
        low, high = sorted(self.down)
        scale = {"domain": [low, high], "nice": False, "zero": False}
        if self.down[0] < self.down[1]:
            scale["range"] = [0, self.height]
            more["axis"] = None
        return {"field": field, "type": "quantitative", "scale": scale, **more}

    def letters(self, rows: Sequence[Mapping[str, Any]], look: Look) -> Layer:
        """Letters at `x` and `y`, from `text`."""
        return words(rows, encoding={"x": self.x("x"), "y": self.y("y")}, mark=look)

    def rules(self, rows: Sequence[Mapping[str, Any]], look: Look) -> Layer:
        """Level lines from `x` to `x2` at `y`."""
        return {
            "data": values(rows),
            "mark": {"type": "rule", "aria": False, **look},
            "encoding": {"x": self.x("x"), "x2": {"field": "x2"}, "y": self.y("y")},
        }

    def boxes(self, rows: Sequence[Mapping[str, Any]], look: Look) -> Layer:
        """Filled boxes from `x`, `y` to `x2`, `y2`."""
        return {
            "data": values(rows),
            "mark": {"type": "rect", "aria": False, "opacity": 1, **look},
            "encoding": {"x": self.x("x"), "x2": {"field": "x2"}, "y": self.y("y"), "y2": {"field": "y2"}},
        }

    def points(self, rows: Sequence[Mapping[str, Any]], look: Look, *, described: str | None = None) -> Layer:
        """Signs at `x` and `y`; when described, each is read out as its `says`."""
        encoding = {"x": self.x("x"), "y": self.y("y")}
        mark = {"type": "point", "aria": described is not None, "opacity": 1, **look}
        if described is not None:
            mark["description"] = described
            encoding["description"] = {"field": "says", "type": "nominal"}
        return {"data": values(rows), "mark": mark, "encoding": encoding}

    def line(self, rows: Sequence[Mapping[str, Any]], look: Look, *, y: str = "y") -> Layer:
        """A line through the points in the order of `x`."""
        return {
            "data": values(rows),
            "mark": {"type": "line", "aria": False, **look},
            "encoding": {"x": self.x("x"), "y": self.y(y)},
        }

    def band(self, rows: Sequence[Mapping[str, Any]], look: Look) -> Layer:
        """A strip between `low` and `high`."""
        return {
            "data": values(rows),
            "mark": {"type": "area", "aria": False, "opacity": 1, **look},
            "encoding": {"x": self.x("x"), "y": self.y("low"), "y2": {"field": "high"}},
        }
