"""The loop bench drawn: how much of the gap between status quo and oracle each policy has recovered."""

from collections.abc import Mapping
from typing import Any

from cmo.bench.loop_report import BASE, BEST, OURS
from cmo.briefs.charts.theme import (
    BAND,
    BLUE,
    GREEN,
    GROUND,
    LEADER,
    OCHRE,
    QUIET,
    RED,
    WIDE,
    Margin,
    chart,
    values,
)
from cmo.briefs.document import Spec
from cmo.measures import Language, Text

Data = Mapping[str, Any]

_LOOKS = {
    BASE: (LEADER, [2, 3]),
    "last click": (RED, [6, 3]),
    "model without tests": (OCHRE, [4, 2]),
    "test everything": (GREEN, [8, 3]),
    OURS: (BLUE, [1, 0]),
    BEST: (QUIET, [2, 2]),
}
NAMES = {
    BASE: Text("status quo", "comme avant"),
    "last click": Text("last click", "dernier clic"),
    "model without tests": Text("model without tests", "modèle sans tests"),
    "test everything": Text("test everything", "tout tester"),
    OURS: Text("cmo", "cmo"),
    BEST: Text("oracle", "oracle"),
}
FLOOR = -0.6
"""Below this a policy has left the picture."""
_LINE = 0.055
"""Height of a line of letters, in share of the gap."""


def loop_chart(data: Data, language: Language) -> Spec:
    """Share of the gap recovered, quarter by quarter; the band is the 90 % interval of cmo's."""
    said = Text(
        f"Share of the profit gap between status quo and oracle recovered, over {data['worlds']} worlds.",
        f"Part de l'écart de profit entre l'existant et l'oracle comblée, sur {data['worlds']} mondes.",
    ).in_(language)
    rows = [
        {"quarter": q + 1, "policy": name, "colour": look[0], **point}
        for name, look in _LOOKS.items()
        for q, point in enumerate(data["policies"][name]["path"])
        if point["value"] >= FLOOR
    ]
    x = {
        "field": "quarter",
        "type": "quantitative",
        "scale": {"domain": [1, 12]},
        "axis": {"title": Text("Quarter", "Trimestre").in_(language), "tickCount": 12, "format": "d"},
    }
    y = {
        "field": "value",
        "type": "quantitative",
        "axis": {
            "title": Text("Share of the gap recovered", "Part de l'écart comblée").in_(language),
            "format": ".0%",
        },
    }
    ours = [row for row in rows if row["policy"] == OURS]
    layers: list[dict[str, Any]] = [
        {
            "data": values(ours),
            "mark": {"type": "area", "color": BAND, "opacity": 0.7, "aria": False, "clip": True},
            "encoding": {"x": x, "y": {**y, "field": "low"}, "y2": {"field": "high"}},
        }
    ]
    places = _apart({row["policy"]: row["value"] for row in rows})
    for name, (colour, dash) in _LOOKS.items():
        path = [row for row in rows if row["policy"] == name]
        if not path:
            continue
        width = 3 if name == OURS else 1.8
        layers += [
            {
                "data": values(path),
                "mark": {"type": "line", "color": colour, "strokeDash": dash, "strokeWidth": width},
                "encoding": {"x": x, "y": y},
            },
            {
                "data": values([path[-1] | {"value": places[name], "text": NAMES[name].in_(language)}]),
                "mark": {"type": "text", "align": "left", "dx": 6, "color": colour, "aria": False},
                "encoding": {"x": x, "y": y, "text": {"field": "text"}},
            },
        ]
    margin = Margin(left=64, right=150, top=14, bottom=48)
    return {**chart(layers, width=WIDE, height=340, margin=margin, description=said), "background": GROUND}


def _apart(ends: Mapping[str, float]) -> dict[str, float]:
    """Heights for the names of the lines, pushed up from one another where the lines end close by."""
    placed: dict[str, float] = {}
    lowest = -float("inf")
    for name, value in sorted(ends.items(), key=lambda pair: pair[1]):
        lowest = placed[name] = max(value, lowest + _LINE)
    return placed
