"""What happened to the company, marked on a time chart: every event a tick, the telling ones by name."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from cmo.briefs.charts.canvas import Canvas, Layer
from cmo.briefs.charts.theme import GRID, LEADER, LETTER, QUIET, values

LEVEL: Final = 15
"""Height of a row of names."""
_LONGEST: Final = 22
_TICK: Final = 7
_GAP: Final = 10
_ROOM: Final = 80
"""Pixels of width for each name: more names than that are noise."""
_LASTING: Final = {"color": GRID, "opacity": 0.55}
_NAME: Final = {"color": QUIET, "align": "left", "baseline": "middle", "dx": 3}


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """Something that happened.

    Attributes:
        start: Its first day.
        end: Its last day.
        name: What it was.
    """

    start: date
    end: date
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A happening with a name on the chart.

    Attributes:
        happening: The happening.
        level: Row of its name above the plot, 0 nearest to it.
    """

    happening: Happening
    level: int


def within(happenings: Sequence[Happening], *, start: date, stop: date) -> tuple[Happening, ...]:
    """Those that touch some days, in order."""
    found = (one for one in happenings if one.start <= stop and one.end >= start)
    return tuple(sorted(found, key=lambda one: (one.start, one.name)))


def named(
    happenings: Sequence[Happening], *, across: tuple[float, float], width: int, levels: int
) -> tuple[Named, ...]:
    """Those whose names find room: what happened once before what comes every year, the latest first.

    Args:
        happenings: All within the chart.
        across: Instants at the left and the right edge of the plot.
        width: Width of the plot in pixels.
        levels: How many rows of names there may be.
    """
    often = Counter(one.name for one in happenings)
    taken: list[list[tuple[float, float]]] = [[] for _ in range(levels)]
    found: list[Named] = []
    first, last = across
    for one in sorted(happenings, key=lambda one: (often[one.name] > 1, -one.start.toordinal())):
        if len(found) == max(width // _ROOM, 1):
            break
        at = width * (max(instant(one.start), first) - first) / (last - first)
        ends = at + 3 + LETTER * len(_short(one.name))
        if ends > width:
            at, ends = width - (ends - at), width
        for level, spans in enumerate(taken):
            if all(ends + _GAP <= begins or at >= over + _GAP for begins, over in spans):
                spans.append((at, ends))
                found.append(Named(happening=one, level=level))
                break
    return tuple(found)


def layers(happenings: Sequence[Happening], labels: Sequence[Named], *, canvas: Canvas) -> list[Layer]:
    """Layers that draw them: a strip for what lasted, a tick for each, a line and a name for the named.

    Args:
        happenings: All within the chart.
        labels: Those with a name.
        canvas: The plot.
    """
    if not happenings:
        return []
    start, stop = canvas.across
    top, foot = canvas.y_at(0), canvas.y_at(canvas.height)
    strips = [
        {"x": max(instant(one.start), start), "x2": min(instant(one.end), stop), "y": top, "y2": foot}
        for one in happenings
        if one.end > one.start
    ]
    ticks = [_upright(one, canvas=canvas, top=canvas.height - _TICK) for one in happenings]
    lines = [_upright(one.happening, canvas=canvas, top=-LEVEL * (one.level + 0.5)) for one in labels]
    return [
        *([canvas.boxes(strips, _LASTING)] if strips else []),
        _rules(ticks, canvas=canvas, look={"strokeWidth": 1.5}),
        _rules(lines, canvas=canvas, look={"strokeWidth": 1, "strokeDash": [2, 2]}),
        canvas.letters([_letters(one, canvas=canvas) for one in labels], _NAME),
    ]


def instant(day: date) -> int:
    """A day in milliseconds, as Vega counts."""
    return (day - date(1970, 1, 1)).days * 86_400_000


def _upright(one: Happening, *, canvas: Canvas, top: float) -> dict[str, Any]:
    at = max(instant(one.start), canvas.across[0])
    return {"x": at, "top": canvas.y_at(top), "foot": canvas.y_at(canvas.height), "says": one.name}


def _rules(rows: Sequence[dict[str, Any]], *, canvas: Canvas, look: dict[str, object]) -> Layer:
    return {
        "data": values(rows),
        "mark": {"type": "rule", "color": LEADER, "aria": False, **look},
        "encoding": {"x": canvas.x("x"), "y": canvas.y("top"), "y2": {"field": "foot"}},
    }


def _letters(one: Named, *, canvas: Canvas) -> dict[str, Any]:
    text = _short(one.happening.name)
    at = max(instant(one.happening.start), canvas.across[0])
    room = canvas.x_at(canvas.width - 3 - LETTER * len(text))
    return {"x": min(at, room), "y": canvas.y_at(-LEVEL * (one.level + 0.5)), "text": text}


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1].rstrip()}…"
