"""Cohorts, segments and silence: each chart says in a sentence and a table what it draws."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from cmo.briefs.charts.render import svg
from cmo.briefs.customer_segments import (
    frontier_illustration,
    map_illustration,
    moved,
    triangle_illustration,
)
from cmo.briefs.facts import Facts
from cmo.briefs.voice import Voice
from cmo.measures import DRAWS, Estimate, Grade, Language, Text, Window

SEGMENTS = ("once", "champions", "lost")


def measured(measure: str, by: str, values: dict[str, float], unit: str) -> Estimate:
    rng = np.random.default_rng(1)
    window = Window.parse("2026")
    return Estimate.of_draws(
        measure,
        np.array(list(values.values())) * (1 + 0.01 * rng.standard_normal((DRAWS, len(values)))),
        subjects=tuple(values),
        by=by,
        window=window,
        as_of=window.end,
        unit=unit,
        method=Text("counted", "compté"),
        grade=Grade.C,
        tables=("orders",),
    )


@pytest.fixture
def known(made_up: Callable[..., Facts]) -> Facts:
    found = (
        measured(
            "customers.cohorts",
            "cohort",
            {"2026-09 +1": 0.16, "2026-09 +2": 0.11, "2026-10 +1": 0.12},
            "share",
        ),
        measured("customers.silence", "orders", {"2": 26.0, "5": 35.0, "20": 23.0}, "weeks"),
        measured("customers.clv", "segment", dict(zip(SEGMENTS, (10.0, 200.0, 5.0), strict=True)), "EUR"),
        measured("customers.equity", "segment", dict(zip(SEGMENTS, (8e3, 2e4, 1e3), strict=True)), "EUR"),
        measured(
            "customers.migration",
            "move",
            {"champions → champions": 0.55, "champions → overdue": 0.2, "champions → lost": 0.25},
            "share",
        ),
    )
    return replace(made_up(), estimates=found)


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize(
    "illustrated",
    [triangle_illustration, frontier_illustration, map_illustration],
    ids=lambda of: of.__name__,
)
def test_each_chart_is_drawn_and_told(known: Facts, illustrated: Callable, language: Language) -> None:
    found = illustrated(known, Voice(language))
    assert found.sentence.endswith(".")
    assert all(len(row) == len(found.table.columns) for row in found.table.rows)
    for spec in (found.chart.wide, found.chart.narrow):
        assert "<svg" in svg(spec, language=language, name=found.name)
    assert illustrated(replace(known, estimates=()), Voice(language)) is None


def test_the_map_says_who_holds_the_money(known: Facts) -> None:
    found = map_illustration(known, Voice("en"))
    assert found is not None
    assert found.sentence == "9% of the customers, the champions, hold 69% of the value to come."
    assert [row[0] for row in found.table.rows] == ["champions", "one-time buyers", "lost"]


def test_the_triangle_names_the_best_and_the_worst_month(known: Facts) -> None:
    found = triangle_illustration(known, Voice("en"))
    assert found is not None
    assert "2026-09" in found.sentence.split(" and ")[0]
    assert "2026-10" in found.sentence.split(" and ")[1]
    assert found.table.rows[1][2] == ""  # October's second month has not passed


def test_moves_are_told_where_they_are_known(known: Facts) -> None:
    assert moved(known, Voice("en")).startswith("Of the best customers of a year ago, 55")
    assert moved(replace(known, estimates=()), Voice("fr")) == ""
