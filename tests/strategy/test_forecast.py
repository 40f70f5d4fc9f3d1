from datetime import date

import pytest

from cmo.measures import Window
from cmo.strategy.challenge import Severity
from cmo.strategy.decisions.decision import Range
from cmo.strategy.forecast import Forecast, Promise, Settled, calibration, opened_by_miss

JANUARY = Forecast(
    measure="sales.forecast",
    subject="2027-01",
    period=Window.parse("2027-01"),
    made_on=date(2026, 12, 31),
    mean=100_000.0,
    q05=90_000.0,
    q95=110_000.0,
)


@pytest.mark.parametrize(
    ("value", "missed"), [(100_000, False), (90_000, False), (89_999, True), (111_000, True)]
)
def test_a_forecast_is_missed_outside_its_interval(
    value: float,
    missed: bool,  # noqa: FBT001 - a column of the table
) -> None:
    assert JANUARY.missed(value) is missed


def test_a_miss_says_what_was_expected_what_came_and_what_is_at_stake() -> None:
    opened = opened_by_miss(Settled(forecast=JANUARY, value=70_000), currency="EUR", budget=100_000)
    assert opened.gap == -30_000
    assert opened.severity is Severity.HIGH
    assert "€70,000 came" in opened.observation.en


def test_calibration_counts_what_kept_its_promise() -> None:
    told = Range(mean=100.0, q05=50.0, q95=150.0, positive=0.9)
    found = calibration(
        [Settled(forecast=JANUARY, value=95_000), Settled(forecast=JANUARY, value=70_000)],
        decisions=[(told, 120.0), (told, 10.0)],
        promises=[Promise(probability=0.9, true=True), Promise(probability=0.8, true=False)],
    )
    assert (found.n_forecasts, found.inside, found.decisions_inside) == (2, 0.5, 0.5)
    assert (found.promised, found.brought) == (200.0, 130.0)
    assert found.brier == pytest.approx((0.01 + 0.64) / 2)


def test_nothing_settled_is_said_so() -> None:
    found = calibration([], decisions=[], promises=[])
    assert (found.inside, found.decisions_inside, found.brier) == (None, None, None)
