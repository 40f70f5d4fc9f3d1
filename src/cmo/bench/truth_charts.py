"""The truth bench drawn: what was said against what held, and how often intervals hold the truth."""

from collections.abc import Mapping
from typing import Any

from cmo.briefs.charts.theme import (
    BAND,
    BLUE,
    GRID,
    GROUND,
    INK,
    LEADER,
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

GOAL = (0.87, 0.93)
ROW = 18
_PERCENT = {"format": ".0%", "tickCount": 6}


def calibration_chart(data: Data, language: Language) -> Spec:
    """Share of claims that hold, by the probability they were given; the diagonal is a perfect judge."""
    worlds, undecided = data["worlds"], data["undecided"]
    said = Text(
        f"Calibration over {worlds} worlds: share of claims that are true, by the probability that cmo gave.",
        f"Calibration sur {worlds} mondes : part des affirmations vraies, selon la probabilité donnée.",
    ).in_(language)
    across = Text("Probability given", "Probabilité donnée").in_(language)
    down = Text("Share that is true", "Part qui est vraie").in_(language)
    scale = {"domain": [0, 1]}
    x = {"field": "said", "type": "quantitative", "scale": scale, "title": across, "axis": _PERCENT}
    y = {"field": "held", "type": "quantitative", "scale": scale, "title": down, "axis": _PERCENT}
    rows = [
        {**one, "text": f"{one['count']}", "of": name}
        for name, part in (("all", data["claims"]), ("open", undecided))
        for one in part.get("curve", ())
    ]
    open_ones = [row for row in rows if row["of"] == "open"]
    everything = [row for row in rows if row["of"] == "all"]
    diagonal = [{"said": 0, "held": 0}, {"said": 1, "held": 1}]
    mark = {"aria": False}
    layers = [
        {
            "data": values(diagonal),
            "mark": {"type": "line", "color": LEADER, "strokeDash": [5, 4], **mark},
            "encoding": {"x": x, "y": y},
        },
        {
            "data": values(open_ones),
            "mark": {"type": "rule", "color": BLUE, "strokeWidth": 1.5, **mark},
            "encoding": {"x": x, "y": {**y, "field": "low"}, "y2": {"field": "high"}},
        },
        {
            "data": values(open_ones),
            "mark": {"type": "point", "filled": True, "color": BLUE, "size": 70, "opacity": 1},
            "encoding": {"x": x, "y": y},
        },
        {
            "data": values(everything),
            "mark": {"type": "point", "color": INK, "size": 110, "shape": "diamond", "opacity": 1},
            "encoding": {"x": x, "y": y},
        },
        {
            "data": values(everything),
            "mark": {"type": "text", "dx": 14, "align": "left", "color": QUIET, "fontSize": 11, **mark},
            "encoding": {"x": x, "y": y, "text": {"field": "text"}},
        },
        _note(
            Text(
                "diamonds: all claims, with their number · dots: claims not plain at once, 90% intervals",
                "losanges : toutes, avec leur nombre · points : les non évidentes, intervalles à 90 %",
            ).in_(language)
        ),
    ]
    margin = Margin(left=64, right=60, top=34, bottom=48)
    return {**chart(layers, width=WIDE, height=380, margin=margin, description=said), "background": GROUND}


def coverage_chart(data: Data, language: Language) -> Spec:
    """How often the 90 % intervals of each measure hold the truth, with the goal as a band."""
    said = Text(
        f"Coverage of the 90% intervals by measure over {data['worlds']} worlds; the band is the goal.",
        f"Couverture des intervalles à 90 % par mesure sur {data['worlds']} mondes ; la bande est le but.",
    ).in_(language)
    told = {name: one["coverage"] for name, one in data["measures"].items() if "coverage" in one}
    rows = [
        {"name": name, **one, "colour": _colour(one)}
        for name, one in sorted(told.items(), key=lambda pair: -pair[1]["value"])
    ]
    names = [row["name"] for row in rows]
    y = {
        "field": "name",
        "type": "nominal",
        "scale": {"domain": names, "type": "point", "padding": 0.6},
        "axis": {"title": None, "labelLimit": 240, "grid": True, "gridColor": GRID},
    }
    title = Text("Intervals that hold the truth", "Intervalles qui contiennent la vérité").in_(language)
    x = {
        "field": "value",
        "type": "quantitative",
        "scale": {"domain": [0, 1]},
        "title": title,
        "axis": _PERCENT,
    }
    colour = {"field": "colour", "type": "nominal", "scale": None}
    layers = [
        {
            "data": values([{"value": GOAL[0], "x2": GOAL[1]}]),
            "mark": {"type": "rect", "color": BAND, "opacity": 1, "aria": False},
            "encoding": {"x": x, "x2": {"field": "x2"}},
        },
        {
            "data": values(rows),
            "mark": {"type": "rule", "strokeWidth": 2, "aria": False},
            "encoding": {"x": {**x, "field": "low"}, "x2": {"field": "high"}, "y": y, "color": colour},
        },
        {
            "data": values(rows),
            "mark": {"type": "point", "filled": True, "size": 60, "opacity": 1},
            "encoding": {"x": x, "y": y, "color": colour},
        },
    ]
    margin = Margin(left=210, right=24, top=14, bottom=48)
    return {
        **chart(layers, width=WIDE, height=ROW * len(rows) + 10, margin=margin, description=said),
        "background": GROUND,
    }


def _colour(one: Data) -> str:
    """Red where the interval of the coverage misses the goal altogether."""
    return RED if one["high"] < GOAL[0] or one["low"] > GOAL[1] else BLUE


def _note(text: str) -> dict[str, Any]:
    return {
        "data": values([{"text": text}]),
        "mark": {"type": "text", "align": "left", "color": QUIET, "fontSize": 11, "aria": False},
        "encoding": {"x": {"value": 0}, "y": {"value": -14}, "text": {"field": "text"}},
    }
