"""Estimates of one measure, subject by subject: a middle value and the range it lies in."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from cmo.briefs.charts.axes import Axis
from cmo.briefs.charts.canvas import Canvas, Layer
from cmo.briefs.charts.key import Entry, key, key_height
from cmo.briefs.charts.rows import lay_out
from cmo.briefs.charts.theme import BLUE, LEADER, Margin, chart, values
from cmo.briefs.document import Spec
from cmo.briefs.voice import Voice

_POINT: Final = {"shape": "circle", "color": BLUE, "filled": True, "size": 90}
_SPAN: Final = {"color": BLUE, "strokeWidth": 3}
_VALUES: Final = 84


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """What is known of one subject.

    Attributes:
        label: The subject.
        low: Lower end of the interval.
        value: Middle value.
        high: Upper end.
        written: The middle value as a person reads it.
    """

    label: str
    low: float
    value: float
    high: float
    written: str


def interval_chart(
    ranges: Sequence[Range], *, axis: Axis, voice: Voice, width: int, span: str | None = None
) -> Spec:
    """One row per subject: a line over its interval, a point on its median, its value in figures.

    Args:
        ranges: What is known of each subject.
        axis: The horizontal axis.
        voice: The language.
        width: Width of the drawing in pixels.
        span: What the interval is; nine chances in ten where nobody says.
    """
    layout = lay_out([found.label for found in ranges], width=width)
    entries = [
        Entry(kind="point", look=_POINT, label=voice.say("middle value", "valeur centrale")),
        Entry(
            kind="line", look=_SPAN, label=span or voice.say("nine chances in ten", "neuf chances sur dix")
        ),
    ]
    margin = Margin(left=layout.left, right=_VALUES, top=key_height(entries, width=width) + 12, bottom=50)
    canvas = Canvas.of_rows(
        width=width - margin.left - margin.right,
        height=layout.height,
        across=axis.domain([end for found in ranges for end in (found.low, found.high)]),
    )
    spans, middles, written = [], [], []
    for found, row in zip(ranges, layout.rows, strict=True):
        y, value = row.mark_y, axis.scaled(found.value)
        spans.append({"x": axis.scaled(found.low), "x2": axis.scaled(found.high), "y": y})
        middles.append({"x": value, "y": y, "says": f"{found.label}, {found.written}"})
        written.append({"x": canvas.x_at(canvas.width + _VALUES - 2), "y": y, "text": found.written})
    layers = [
        _frame(axis, canvas=canvas),
        *layout.layers(canvas, right=canvas.width + _VALUES),
        canvas.rules(spans, _SPAN),
        canvas.points(middles, _POINT, described=axis.title),
        canvas.letters(written, {"align": "right", "fontWeight": "bold"}),
        *key(entries, canvas=canvas, left=margin.left, width=width, top=margin.top - 9),
    ]
    return chart(layers, width=width, height=layout.height, margin=margin, description=axis.title)


def _frame(axis: Axis, *, canvas: Canvas) -> Layer:
    """The horizontal axis, and a line at zero where values lie on both its sides."""
    start, stop = canvas.across
    zero = [{"x": 0}] if start < 0 < stop else []
    return {
        "data": values(zero),
        "mark": {"type": "rule", "color": LEADER, "strokeWidth": 1.5, "aria": False},
        "encoding": {
            "x": canvas.x("x", axis=axis.horizontal(n_ticks=max(canvas.width // 90, 2))),
            "y": {"value": 0},
            "y2": {"value": canvas.height},
        },
    }
