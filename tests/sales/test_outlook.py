from datetime import date

import numpy as np
import pytest

from cmo.measures import Estimate, Grade, Unanswered
from cmo.sales.calendar import month_number
from cmo.sales.outlook import outlook


def told(n_months: int, *, last: str, today: str) -> Estimate | Unanswered:
    stop = month_number(date.fromisoformat(last)) + 1
    months = 1000 * np.exp(0.1 * np.sin(np.arange(n_months) * 2 * np.pi / 12))
    return outlook(
        months,
        covered=range(stop - n_months, stop),
        today=date.fromisoformat(today),
        as_of=date.fromisoformat(today),
        currency="EUR",
        rng=np.random.default_rng(0),
    )


@pytest.mark.parametrize(
    ("today", "first", "last"),
    [("2026-11-30", "2026-12", "2027-11"), ("2026-12-09", "2027-01", "2027-12")],
    ids=["month just ended", "month under way"],
)
def test_the_year_ahead_begins_with_the_next_whole_month(today: str, first: str, last: str) -> None:
    found = told(26, last="2026-11-30", today=today)
    assert isinstance(found, Estimate)
    assert found.subjects[:2] == ("next_12_months", first)
    assert found.subjects[-1] == last
    assert len(found.subjects) == 13
    assert found.window.start.isoformat()[:7] == first
    assert (found.by, found.unit.name, found.grade) == ("month", "EUR", Grade.C)


def test_the_year_is_the_sum_of_its_months_in_every_draw() -> None:
    found = told(26, last="2026-11-30", today="2026-11-30")
    assert isinstance(found, Estimate)
    np.testing.assert_allclose(found.draws[:, 0], found.draws[:, 1:].sum(axis=1), rtol=1e-5)


@pytest.mark.parametrize(
    ("months", "codes"), [(8, ("season_unknown",)), (14, ("season_seen_once",)), (24, ())]
)
def test_a_short_history_is_doubted(months: int, codes: tuple[str, ...]) -> None:
    found = told(months, last="2026-11-30", today="2026-11-30")
    assert isinstance(found, Estimate)
    assert tuple(doubt.code for doubt in found.doubts) == codes


def test_five_months_are_no_forecast() -> None:
    found = told(5, last="2026-11-30", today="2026-11-30")
    assert isinstance(found, Unanswered)
    assert "there are 5" in found.reason.en
    assert "il y en a 5" in found.reason.fr
