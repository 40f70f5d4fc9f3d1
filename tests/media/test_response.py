from datetime import date

import numpy as np
import pytest

from cmo.measures import Window
from cmo.media.effects import responses
from cmo.media.fit import Fit
from cmo.media.plan import look_ahead
from cmo.media.response import Tabulated, tabulated

HORIZON = Window(start=date(2025, 1, 1), end=date(2025, 3, 31))
PLAN = {"period": "2025-Q1", "channels": {"c0": {"spend": 1234}}}


@pytest.fixture(scope="module")
def table(small_fit: Fit) -> Tabulated:
    return tabulated(small_fit.mix, responses(small_fit), plan=PLAN, horizon=HORIZON, margin=0.5)


def test_the_plan_s_own_amount_is_among_those_tabulated(table: Tabulated) -> None:
    assert "c0@1234" in table.subjects


def test_no_money_brings_nothing_and_more_money_brings_more(table: Tabulated) -> None:
    of = np.array([subject.startswith("c1@") for subject in table.subjects])
    brought = table.draws[:, of]
    assert np.allclose(brought[:, 0], 0.0)
    assert (np.diff(brought, axis=1) >= 0.0).all()


def test_it_says_what_the_outlook_of_a_plan_says(small_fit: Fit, table: Tabulated) -> None:
    outlook = look_ahead(small_fit, horizon=(HORIZON.start, HORIZON.end), most=1234.0)
    brought = 0.5 * outlook.brought(np.array([1234.0, 0.0]))[:, 0].mean()
    told = table.draws[:, table.subjects.index("c0@1234")].mean()
    assert told == pytest.approx(brought, rel=0.02)
