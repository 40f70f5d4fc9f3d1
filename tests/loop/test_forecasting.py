"""Forecasts of anything that has a past."""

from typing import Any

import pytest

from cmo.loop.forecasting import forecasts
from cmo.measures import Problem


def test_sales_are_forecast_by_month_and_what_has_no_past_is_said(boutique: Any) -> None:
    boutique.cmo("review")
    told = forecasts(boutique.folder, "sales", of=None, ahead=3, weeks=False, language="en").data
    (one,) = told["forecasts"]  # type: ignore[misc] # it is a list
    assert [period["start"] for period in one["periods"]] == ["2026-03-01", "2026-04-01", "2026-05-01"]
    assert all(period["q05"] < period["median"] < period["q95"] for period in one["periods"])
    refused = (("market", 3, "no past"), ("tides", 3, "cannot be forecast"), ("sales", 0, "--ahead 0"))
    for kind, ahead, says in refused:
        with pytest.raises(Problem, match=says):
            forecasts(boutique.folder, kind, of=None, ahead=ahead, weeks=False, language="en")
