from collections.abc import Callable

import numpy as np
import pytest

from cmo.measures import Estimate
from cmo.strategy.decisions.curves import Bounds, best_division, curves_of

FREE = Bounds(low=np.zeros(2), high=np.full(2, np.inf))


def test_what_was_tabulated_is_read_back(response: Callable[..., Estimate]) -> None:
    curves = curves_of(response({"tv": (1.5, 0.0), "radio": (0.5, 0.0)}))
    assert curves.channels == ("tv", "radio")
    brought = curves.brought(np.array([10_000.0, 0.0]))
    assert brought[:, 0] == pytest.approx(15_000.0, rel=0.01)
    assert brought[:, 1] == pytest.approx(0.0, abs=1e-6)
    profit = curves.profit(np.array([10_000.0, 0.0]))
    assert profit == pytest.approx(5_000.0, rel=0.03)


def test_the_best_division_equalises_marginal_returns(response: Callable[..., Estimate]) -> None:
    curves = curves_of(response({"tv": (2.0, 0.0), "radio": (1.0, 0.0)}))
    mean = curves.margin.mean(axis=0)
    found = best_division(curves.money, mean, bounds=FREE, total=20_000.0, spend_all=True)
    # size * 0.7 * money ** -0.3 equal: money in the ratio 2 ** (1 / 0.3)
    part = 2 ** (1 / 0.3)
    assert found.sum() == pytest.approx(20_000.0)
    assert found[0] == pytest.approx(20_000 * part / (1 + part), rel=0.03)


def test_money_that_does_not_pay_is_kept_where_it_may_be(response: Callable[..., Estimate]) -> None:
    curves = curves_of(response({"tv": (2.0, 0.0), "radio": (0.01, 0.0)}))
    mean = curves.margin.mean(axis=0)
    kept = best_division(curves.money, mean, bounds=FREE, total=38_000.0, spend_all=False)
    # the next euro in tv brings one at 10,000 * 1.4 ** (1 / 0.3)
    assert kept[0] == pytest.approx(10_000 * 1.4 ** (1 / 0.3), rel=0.1)
    assert kept[1] < 500


def test_bounds_are_kept(response: Callable[..., Estimate]) -> None:
    curves = curves_of(response({"tv": (2.0, 0.0), "radio": (1.0, 0.0)}))
    bounds = Bounds(low=np.array([0.0, 8_000.0]), high=np.array([9_000.0, np.inf]))
    mean = curves.margin.mean(axis=0)
    found = best_division(curves.money, mean, bounds=bounds, total=18_000.0, spend_all=True)
    assert found[0] <= 9_000 + 1e-6
    assert found[1] >= 8_000 - 1e-6
    assert found.sum() == pytest.approx(18_000.0)
