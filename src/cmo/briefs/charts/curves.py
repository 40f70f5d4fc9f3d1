"""Curves over a continuous scale: retention by age, concentration of revenue."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from cmo.briefs.charts.axes import Axis
from cmo.briefs.charts.canvas import Canvas, Layer
from cmo.briefs.charts.key import Entry, key, key_height
from cmo.briefs.charts.theme import BAND, BLUE, LEADER, LINE, QUIET, Margin, chart
from cmo.briefs.document import Spec
from cmo.briefs.voice import Voice

_HEIGHT: Final = 230
_CURVE: Final = {"color": BLUE, "strokeWidth": 2.5}
_POINT: Final = {"shape": "circle", "color": BLUE, "filled": True, "size": 60}
_RANGE: Final = {"color": BAND}
_EQUAL: Final = {"color": LEADER, "strokeWidth": 1.5, "strokeDash": [5, 4]}
_LABELS: Final = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One point of a curve.

    Attributes:
        x: Where it stands on the horizontal scale.
        low: Lower end of its interval.
        value: Its height.
        high: Upper end of its interval.
        written: Its height as a person reads it.
    """

    x: float
    low: float
    value: float
    high: float
    written: str


def retention_chart(steps: Sequence[Step], *, across: str, axis: Axis, voice: Voice, width: int) -> Spec:
    """A curve with its range, by age; its height is written at a few points.

    Args:
        steps: Points in order of age, at least one.
        across: Title of the horizontal axis.
        axis: The vertical axis.
        voice: The language.
        width: Width of the drawing in pixels.
    """
    entries = [
        Entry(kind="line", look=_CURVE, label=voice.say("middle value", "valeur centrale")),
        Entry(kind="box", look=_RANGE, label=voice.say("nine chances in ten", "neuf chances sur dix")),
    ]
    ends = [end for step in steps for end in (step.low, step.high)]
    span = (min(steps[0].x, 0.0), max(steps[-1].x, 1.0))
    axis_across = {"title": across, "format": ",~r", "tickMinStep": 1, "grid": False}
    return _curve(steps, entries=entries, span=span, ends=ends, across=axis_across, axis=axis, width=width)


def concentration_chart(steps: Sequence[Step], *, across: str, axis: Axis, voice: Voice, width: int) -> Spec:
    """Share of revenue brought by the best customers, against the line that equal customers would draw."""
    entries = [
        Entry(kind="line", look=_CURVE, label=voice.say("our customers", "nos clients")),
        Entry(kind="line", look=_EQUAL, label=voice.say("if all bought alike", "si tous achetaient autant")),
    ]
    corners = [Step(x=x, low=x, value=x, high=x, written="") for x in (0.0, 1.0)]
    whole = [corners[0], *steps, corners[1]]
    axis_across = {"title": across, "format": ".0%", "grid": False, "tickCount": 5}
    return _curve(
        whole, entries=entries, span=(0.0, 1.0), ends=[0.0, 1.0], across=axis_across, axis=axis, width=width
    )


def _curve(
    steps: Sequence[Step],
    *,
    entries: Sequence[Entry],
    span: tuple[float, float],
    ends: Sequence[float],
    across: dict[str, Any],
    axis: Axis,
    width: int,
) -> Spec:
    margin = Margin(left=52, right=30, top=key_height(entries, width=width) + LINE + 18, bottom=50)
    low, high = axis.domain(ends)
    canvas = Canvas(width=width - margin.left - margin.right, height=_HEIGHT, across=span, down=(high, low))
    rows = [
        {
            "x": step.x,
            "y": axis.scaled(step.value),
            "low": axis.scaled(step.low),
            "high": axis.scaled(step.high),
            "says": step.written,
        }
        for step in steps
    ]
    equal = any(entry.look is _EQUAL for entry in entries)
    layers: list[Layer] = [
        canvas.band(rows, _RANGE),
        canvas.line([{"x": 0, "y": 0}, {"x": 1, "y": 1}] if equal else [], _EQUAL),
        canvas.line(rows, _CURVE),
        canvas.points([row for row in rows if row["says"]], _POINT, described=axis.title),
        _labels(steps, canvas=canvas, axis=axis, equal=equal),
        *key(entries, canvas=canvas, left=margin.left, width=width, top=margin.top - 9),
    ]
    layers[2]["encoding"]["x"]["axis"] = {**across, "tickCount": max(canvas.width // 70, 2)}
    layers[2]["encoding"]["y"]["axis"] = axis.vertical(left=44)
    return chart(layers, width=width, height=_HEIGHT, margin=margin, description=axis.title)


def _labels(steps: Sequence[Step], *, canvas: Canvas, axis: Axis, equal: bool) -> Layer:
    """The heights of a few points, in the free corner of the curve."""
    named = [step for step in steps if step.written]
    stride = max(1, -(-len(named) // _LABELS))
    rows = [{"x": step.x, "y": axis.scaled(step.value), "text": step.written} for step in named[::stride]]
    offset = {"color": QUIET} | ({"dx": 8, "dy": 12} if equal else {"dx": 5, "dy": -15})
    return canvas.letters(rows, offset)
