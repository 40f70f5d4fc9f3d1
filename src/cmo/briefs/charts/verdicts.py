"""Beliefs: what their holders said against what the field says."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from cmo.briefs.charts.canvas import Canvas, Layer
from cmo.briefs.charts.key import Entry, key, key_height
from cmo.briefs.charts.rows import Layout, lay_out
from cmo.briefs.charts.theme import GREEN, LEADER, OCHRE, QUIET, RED, SIZE, Margin, chart, values
from cmo.briefs.document import Spec, Tone
from cmo.briefs.voice import Voice

_LOOK: Final[dict[Tone, dict[str, Any]]] = {
    Tone.FELL: {"shape": "diamond", "color": RED, "filled": True, "size": 110},
    Tone.OPEN: {"shape": "square", "color": OCHRE, "filled": True, "size": 90},
    Tone.HOLDS: {"shape": "circle", "color": GREEN, "filled": True, "size": 110},
}
_STATED: Final = {"shape": "circle", "color": QUIET, "filled": False, "strokeWidth": 2, "size": 80}
_COLUMNS: Final = 104
_HEADS: Final = -14


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One belief.

    Attributes:
        label: The belief.
        tone: What became of it: holds, fell or open.
        stated: Its holder's confidence in [0, 1]; none if nobody gave one.
        probability: Probability that it is true, in [0, 1].
    """

    label: str
    tone: Tone
    stated: float | None
    probability: float


def verdict_chart(
    marks: Sequence[Mark], *, voice: Voice, width: int, thresholds: tuple[float, float]
) -> Spec:
    """One row per belief: a ring where its holder stood, a filled sign where the field puts it.

    Args:
        marks: Beliefs in order.
        voice: The language.
        width: Width of the drawing in pixels.
        thresholds: Probabilities at or below which a belief falls, at or above which it holds.
    """
    layout = lay_out([mark.label for mark in marks], width=width)
    entries = _entries(marks, voice=voice)
    margin = Margin(left=layout.left, right=_COLUMNS, top=key_height(entries, width=width) + 34, bottom=50)
    canvas = Canvas.of_rows(width=width - margin.left - margin.right, height=layout.height, across=(0, 1))
    layers = [
        _bounds(thresholds, canvas=canvas, voice=voice),
        *layout.layers(canvas, right=canvas.width + _COLUMNS),
        *_zones(thresholds, canvas=canvas, voice=voice),
        *_marks(marks, layout=layout, canvas=canvas, voice=voice),
        *_columns(marks, layout=layout, canvas=canvas, voice=voice),
        *key(entries, canvas=canvas, left=margin.left, width=width, top=margin.top - 9),
    ]
    description = voice.say(
        "Confidence of the holders and probability found, belief by belief",
        "Confiance des porteurs et probabilité trouvée, conviction par conviction",
    )
    return chart(layers, width=width, height=layout.height, margin=margin, description=description)


def _entries(marks: Sequence[Mark], *, voice: Voice) -> list[Entry]:
    names = {
        Tone.FELL: voice.say("contradicted by the field", "démentie par le terrain"),
        Tone.OPEN: voice.say("open", "ouverte"),
        Tone.HOLDS: voice.say("borne out", "confirmée"),
    }
    present = {mark.tone for mark in marks}
    entries = [
        Entry(kind="point", look=_LOOK[tone], label=name) for tone, name in names.items() if tone in present
    ]
    if any(mark.stated is not None for mark in marks):
        stated = voice.say("confidence of its holder", "confiance de son porteur")
        entries.insert(0, Entry(kind="point", look=_STATED, label=stated))
    return entries


def _bounds(thresholds: tuple[float, float], *, canvas: Canvas, voice: Voice) -> Layer:
    axis = {
        "format": ".0%",
        "values": [0, 0.25, 0.5, 0.75, 1],
        "title": voice.say("Probability that the belief is true", "Probabilité que la conviction soit vraie"),
    }
    return {
        "data": values([{"x": bound} for bound in thresholds]),
        "mark": {"type": "rule", "color": LEADER, "strokeDash": [4, 4], "aria": False},
        "encoding": {"x": canvas.x("x", axis=axis), "y": {"value": -6}, "y2": {"value": canvas.height}},
    }


def _zones(thresholds: tuple[float, float], *, canvas: Canvas, voice: Voice) -> list[Layer]:
    """The words over the plot, on the scale's own side: falls, open, holds."""
    low, high = thresholds
    zones = (
        (0.0, "left", voice.say("← falls", "← tombe")),
        ((low + high) / 2, "center", voice.say("open", "ouverte")),
        (1.0, "right", voice.say("holds →", "tient →")),
    )
    look = {"color": QUIET, "fontSize": SIZE - 1}
    return [
        canvas.letters([{"x": x, "y": _HEADS, "text": label}], look | {"align": align})
        for x, align, label in zones
    ]


def _marks(marks: Sequence[Mark], *, layout: Layout, canvas: Canvas, voice: Voice) -> list[Layer]:
    gaps, stated = [], []
    found: dict[Tone, list[dict[str, Any]]] = {tone: [] for tone in _LOOK}
    for mark, row in zip(marks, layout.rows, strict=True):
        found[mark.tone].append({"x": mark.probability, "y": row.mark_y, "says": _aloud(mark, voice)})
        if mark.stated is not None:
            gaps.append({"x": mark.stated, "x2": mark.probability, "y": row.mark_y})
            stated.append({"x": mark.stated, "y": row.mark_y})
    described = voice.say("Beliefs", "Convictions")
    return [
        canvas.rules(gaps, {"color": LEADER, "strokeWidth": 1.5}),
        canvas.points(stated, _STATED),
        *(canvas.points(found[tone], look, described=described) for tone, look in _LOOK.items()),
    ]


def _columns(marks: Sequence[Mark], *, layout: Layout, canvas: Canvas, voice: Voice) -> list[Layer]:
    stated_x, found_x = canvas.x_at(canvas.width + 50), canvas.x_at(canvas.width + _COLUMNS - 2)
    stated = [{"x": stated_x, "y": _HEADS, "text": voice.say("stated", "déclarée")}]
    found = [{"x": found_x, "y": _HEADS, "text": voice.say("found", "trouvée")}]
    for mark, row in zip(marks, layout.rows, strict=True):
        found.append({"x": found_x, "y": row.mark_y, "text": voice.found(mark.probability)})
        if mark.stated is not None:
            stated.append({"x": stated_x, "y": row.mark_y, "text": voice.percent(mark.stated)})
    return [
        canvas.letters([stated[0], found[0]], {"align": "right", "color": QUIET, "fontSize": SIZE - 1}),
        canvas.letters(stated[1:], {"align": "right", "color": QUIET}),
        canvas.letters(found[1:], {"align": "right", "fontWeight": "bold"}),
    ]


def _aloud(mark: Mark, voice: Voice) -> str:
    found = voice.found(mark.probability)
    if mark.stated is None:
        return voice.say("{label}: {found}", "{label} : {found}", label=mark.label, found=found)
    return voice.say(
        "{label}: {stated} stated, {found} found",
        "{label} : {stated} déclarés, {found} trouvés",
        label=mark.label,
        stated=voice.percent(mark.stated),
        found=found,
    )
