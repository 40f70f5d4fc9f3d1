"""What came beside what would have come: two lines over time, and the day on which they may part."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from cmo.briefs.charts.axes import Axis
from cmo.briefs.charts.canvas import Canvas, Layer
from cmo.briefs.charts.key import Entry, key, key_height
from cmo.briefs.charts.theme import BLUE, LEADER, LINE, OCHRE, Margin, chart, values
from cmo.briefs.document import Spec
from cmo.briefs.voice import Voice

_HEIGHT: Final = 250
_OBSERVED: Final = {"color": BLUE, "strokeWidth": 2.5}
_EXPECTED: Final = {"color": OCHRE, "strokeWidth": 2, "strokeDash": [6, 4]}


def comparison_chart(
    days: Sequence[date],
    lines: tuple[Sequence[float], Sequence[float]],
    *,
    parts_at: int,
    axis: Axis,
    voice: Voice,
    width: int,
) -> Spec:
    """A full line for what came, a dashed one for what would have come.

    Args:
        days: First day of each period, at least two.
        lines: What came, and what would have come, one value for each day.
        parts_at: Position of the first period of the test.
        axis: The vertical axis.
        voice: The language.
        width: Width of the drawing in pixels.
    """
    entries = [
        Entry(kind="line", look=_OBSERVED, label=voice.say("what came", "ce qui est venu")),
        Entry(
            kind="line",
            look=_EXPECTED,
            label=voice.say("what would have come", "ce qui serait venu"),
        ),
    ]
    margin = Margin(left=58, right=14, top=key_height(entries, width=width) + LINE + 18, bottom=30)
    low, high = axis.domain([value for line in lines for value in line])
    canvas = Canvas(
        width=width - margin.left - margin.right,
        height=_HEIGHT,
        across=(_instant(days[0]), _instant(days[-1])),
        down=(high, low),
        kind="temporal",
    )
    observed, expected = (_rows(days, line, axis=axis) for line in lines)
    layers = [
        _frame(days[min(parts_at, len(days) - 1)], axis=axis, canvas=canvas),
        canvas.line(expected, _EXPECTED),
        canvas.line(observed, _OBSERVED | {"aria": True, "description": axis.title}),
        *key(entries, canvas=canvas, left=margin.left, width=width, top=margin.top - 9),
    ]
    return chart(layers, width=width, height=_HEIGHT, margin=margin, description=axis.title)


def _frame(parted: date, *, axis: Axis, canvas: Canvas) -> Layer:
    """Both axes, and a line where the test begins."""
    across = {
        "title": None,
        "format": "%b %Y",
        "tickCount": max(canvas.width // 85, 2),
        "grid": False,
        "labelOverlap": True,
    }
    top, foot = canvas.down
    return {
        "data": values([{"x": _instant(parted), "top": top, "foot": foot}]),
        "mark": {"type": "rule", "color": LEADER, "strokeDash": [4, 4], "aria": False},
        "encoding": {
            "x": canvas.x("x", axis=across),
            "y": canvas.y("top", axis=axis.vertical(left=50)),
            "y2": {"field": "foot"},
        },
    }


def _rows(days: Sequence[date], line: Sequence[float], *, axis: Axis) -> list[dict[str, Any]]:
    return [{"x": _instant(day), "y": axis.scaled(value)} for day, value in zip(days, line, strict=True)]


def _instant(day: date) -> int:
    return (day - date(1970, 1, 1)).days * 86_400_000
