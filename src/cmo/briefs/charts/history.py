"""A quantity over time: what was, and what is to be expected with its range."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from cmo.briefs.charts.axes import Axis
from cmo.briefs.charts.canvas import Canvas, Layer
from cmo.briefs.charts.happenings import LEVEL, Happening, instant, named, within
from cmo.briefs.charts.happenings import layers as layers_of
from cmo.briefs.charts.key import Entry, key, key_height
from cmo.briefs.charts.theme import BAND, BLUE, LEADER, LINE, Margin, chart, values
from cmo.briefs.document import Spec
from cmo.briefs.voice import Voice

_HEIGHT: Final = 250
_PAST: Final = {"color": BLUE, "strokeWidth": 2.5}
_FUTURE: Final = {"color": BLUE, "strokeWidth": 2, "strokeDash": [6, 4]}
_RANGE: Final = {"color": BAND}
_EDGE: Final = {"color": BLUE, "strokeWidth": 1, "strokeDash": [2, 3]}
_LEFT: Final = 58
_RIGHT: Final = 14
_LEVELS: Final = 3
_YEARLY_FROM: Final = 600 * 86_400_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """One period.

    Attributes:
        start: Its first day.
        low: Lower end of the interval.
        value: Middle value, or the value itself where it was counted.
        high: Upper end.
    """

    start: date
    low: float
    value: float
    high: float


def history_chart(
    past: Sequence[Moment],
    future: Sequence[Moment],
    *,
    axis: Axis,
    voice: Voice,
    width: int,
    happened: Sequence[Happening] = (),
) -> Spec:
    """A full line for the past, a dashed one with its range for the future.

    Args:
        past: Periods behind us, oldest first; past and future together hold at least one.
        future: Periods ahead, in order.
        axis: The vertical axis.
        voice: The language.
        width: Width of the drawing in pixels.
        happened: What happened to the company; what touches the chart's days is marked.
    """
    entries = _entries(past, future, voice=voice)
    moments = [*past, *future]
    start, stop = instant(moments[0].start), instant(moments[-1].start)
    stop = max(stop, start + 1)
    marked = within(happened, start=moments[0].start, stop=moments[-1].start)
    labels = named(marked, across=(start, stop), width=width - _LEFT - _RIGHT, levels=_LEVELS)
    names = LEVEL * (1 + max((one.level for one in labels), default=-1))
    margin = Margin(
        left=_LEFT, right=_RIGHT, top=key_height(entries, width=width) + LINE + 18 + names, bottom=30
    )
    low, high = axis.domain([end for moment in moments for end in (moment.low, moment.high)])
    canvas = Canvas(
        width=width - margin.left - margin.right,
        height=_HEIGHT,
        across=(start, stop),
        down=(high, low),
        kind="temporal",
    )
    ahead = _rows([*past[-1:], *future] if future else [], axis=axis)
    if past and ahead:
        ahead[0] |= {"low": ahead[0]["y"], "high": ahead[0]["y"]}
    layers = [
        _frame(past if future else (), axis=axis, canvas=canvas, title=names),
        *layers_of(marked, labels, canvas=canvas),
        canvas.band(ahead, _RANGE),
        canvas.line(ahead, _EDGE, y="low"),
        canvas.line(ahead, _EDGE, y="high"),
        canvas.line(ahead, _FUTURE),
        canvas.line(_rows(past, axis=axis), _PAST | {"aria": True, "description": axis.title}),
        *key(entries, canvas=canvas, left=margin.left, width=width, top=margin.top - 9),
    ]
    return chart(layers, width=width, height=_HEIGHT, margin=margin, description=axis.title)


def _entries(past: Sequence[Moment], future: Sequence[Moment], *, voice: Voice) -> list[Entry]:
    entries = []
    if past:
        entries.append(Entry(kind="line", look=_PAST, label=voice.say("so far", "réalisé")))
    if future:
        entries += [
            Entry(kind="line", look=_FUTURE, label=voice.say("expected", "attendu")),
            Entry(kind="box", look=_RANGE, label=voice.say("nine chances in ten", "neuf chances sur dix")),
        ]
    return entries


def _frame(past: Sequence[Moment], *, axis: Axis, canvas: Canvas, title: int) -> Layer:
    """Both axes, and a line where the past ends."""
    yearly = canvas.across[1] - canvas.across[0] > _YEARLY_FROM
    across = {
        "title": None,
        "format": "%Y" if yearly else "%b %Y",
        "tickCount": "year" if yearly else max(canvas.width // 85, 2),
        "grid": False,
        "labelOverlap": True,
    }
    top, foot = canvas.down
    now = [{"x": instant(moment.start), "top": top, "foot": foot} for moment in past[-1:]]
    return {
        "data": values(now),
        "mark": {"type": "rule", "color": LEADER, "strokeDash": [4, 4], "aria": False},
        "encoding": {
            "x": canvas.x("x", axis=across),
            "y": canvas.y("top", axis=axis.vertical(left=50, above=title)),
            "y2": {"field": "foot"},
        },
    }


def _rows(moments: Sequence[Moment], *, axis: Axis) -> list[dict[str, Any]]:
    return [
        {
            "x": instant(moment.start),
            "low": axis.scaled(moment.low),
            "y": axis.scaled(moment.value),
            "high": axis.scaled(moment.high),
        }
        for moment in moments
    ]
