from datetime import date

import pytest

from cmo.distribution.standing import Figures, Span, advice

TODAY = date(2026, 6, 30)
TERMS = {"money": 1000.0, "kill_below": 1.2, "review_on": "2026-06-15"}


@pytest.mark.parametrize(
    ("margin", "growth", "stage", "to"),
    [
        ((0.3, 0.2, 0.4), (0.2, 0.1, 0.3), None, "scale"),
        ((0.3, 0.2, 0.4), (0.2, 0.1, 0.3), "scale", None),
        ((0.3, 0.2, 0.4), (-0.2, -0.3, -0.1), None, "harvest"),
        ((0.3, 0.2, 0.4), (0.0, -0.1, 0.1), None, None),
        ((-0.3, -0.4, -0.2), (0.2, 0.1, 0.3), "scale", "stop"),
        ((0.0, -0.1, 0.1), (0.2, 0.1, 0.3), None, None),
        ((0.3, 0.2, 0.4), None, None, None),
    ],
)
def test_a_channel_is_moved_only_where_it_is_sure(
    margin: Span, growth: Span | None, stage: str | None, to: str | None
) -> None:
    found = advice(Figures(margin=margin, growth=growth), stage, terms=None, brought=None, today=TODAY)
    assert (None if found is None else found.stage) == to


@pytest.mark.parametrize(
    ("brought", "review_on", "to"),
    [(1300.0, "2026-06-15", "scale"), (1100.0, "2026-06-15", "stop"), (1100.0, "2026-07-15", None)],
)
def test_a_pilot_is_judged_by_its_own_rule_on_its_day(brought: float, review_on: str, to: str | None) -> None:
    terms = TERMS | {"review_on": review_on}
    found = advice(None, "pilot", terms=terms, brought=brought, today=TODAY)
    assert (None if found is None else found.stage) == to


def test_nothing_is_said_of_a_prospect() -> None:
    assert advice(None, "prospect", terms=None, brought=None, today=TODAY) is None
