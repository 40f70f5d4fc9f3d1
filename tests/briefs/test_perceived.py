"""What customers value, in a brief."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from cmo.briefs.document import Paragraph, Table
from cmo.briefs.facts import Facts
from cmo.briefs.perceived import perceived_value
from cmo.briefs.voice import Voice
from cmo.measures import DRAWS, Estimate, Grade, Language, Text, Window

DAY = date(2026, 10, 31)


def worth(by: str, middles: dict[str, float]) -> Estimate:
    rng = np.random.default_rng(1)
    return Estimate.of_draws(
        "value.importance" if by == "attribute" else "value.wtp",
        np.array(list(middles.values())) + 0.05 * rng.standard_normal((DRAWS, len(middles))),
        subjects=tuple(middles),
        by=by,
        window=Window(start=DAY, end=DAY),
        as_of=DAY,
        unit="share" if by == "attribute" else "EUR",
        method=Text.same("choices"),
        grade=Grade.C,
        tables=("choices",),
    )


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_section_says_what_decides_and_what_each_segment_would_pay(
    made_up: Callable[..., Facts], language: Language
) -> None:
    facts = made_up(language, hostile=False)
    ours = f"brand={facts.company.name}"
    told = (
        worth("attribute", {"brand": 0.3, "organic": 0.7}),
        worth("level", {ours: 6.0, "brand=Rival": 2.0, "organic=yes": 9.0}),
        worth("segment", {f"young: {ours}": 7.0, "young: organic=yes": 12.0, "old: organic=yes": 3.0}),
    )
    kept = tuple(one for one in facts.estimates if not one.measure.startswith("value."))
    section = perceived_value(replace(facts, estimates=(*kept, *told)), Voice(language))
    assert section is not None
    opening = section.blocks[0]
    assert isinstance(opening, Paragraph)
    assert "organic" in opening.text
    assert "Rival" in opening.text
    table = next(block for block in section.blocks if isinstance(block, Table))
    assert [column.label for column in table.columns][2:] == ["young", "old"]
    assert table.rows[0][3] == "–"


def test_where_nobody_was_asked_there_is_no_section(made_up: Callable[..., Facts]) -> None:
    facts = made_up("en", hostile=False)
    kept = tuple(one for one in facts.estimates if not one.measure.startswith("value."))
    assert perceived_value(replace(facts, estimates=kept), Voice("en")) is None
