import itertools

import numpy as np
import pytest

from cmo.media.allocation import Group, exchange, frontier

SCALE = np.array([3.0, 2.0, 4.0])
HALF = np.array([20.0, 5.0, 60.0])
SLOPE = np.array([1.0, 1.0, 3.0])


def value(money: np.ndarray) -> np.ndarray:
    ratio = (money[:, None] / HALF) ** SLOPE
    return 100 * SCALE * ratio / (1 + ratio) - money[:, None]


def best_by_search(total: int, *, low: np.ndarray, high: np.ndarray) -> float:
    best = -np.inf
    for a, b in itertools.product(range(total + 1), repeat=2):
        x = np.array([a, b, total - a - b], dtype=np.float64)
        if (x >= low).all() and (x <= high).all():
            best = max(best, float(np.diag(value(x)).sum()))
    return best


@pytest.mark.parametrize("total", [20, 50, 100])
@pytest.mark.parametrize(("low", "high"), [((0, 0, 0), (100, 100, 100)), ((5, 0, 10), (30, 20, 90))])
def test_division_is_the_best_of_all_even_for_s_shaped_curves(
    total: int, low: tuple[int, ...], high: tuple[int, ...]
) -> None:
    bounds = {"low": np.array(low, dtype=np.float64), "high": np.array(high, dtype=np.float64)}
    found = frontier(value, most=100.0, steps=100, **bounds)
    division = found.at(float(total))
    assert division.sum() == pytest.approx(total)
    assert np.diag(value(division)).sum() == pytest.approx(best_by_search(total, **bounds))


def test_groups_bound_their_members_together() -> None:
    free = {"low": np.zeros(3), "high": np.full(3, 100.0)}
    found = frontier(value, most=100.0, groups=(Group(members=(0, 2), high=40.0),), **free)
    assert found.at(100.0)[[0, 2]].sum() <= 40.0
    forced = frontier(value, most=100.0, groups=(Group(members=(0, 1), low=90.0),), **free)
    assert forced.at(100.0)[:2].sum() >= 90.0


def test_the_best_total_leaves_money_that_does_not_pay() -> None:
    found = frontier(lambda grid: 0.5 * value(grid), most=400.0, low=np.zeros(3), high=np.full(3, 400.0))
    assert found.best().sum() < 400
    assert found.values.max() == pytest.approx(
        found.values[np.abs(found.totals - found.best().sum()).argmin()]
    )


def test_bounds_that_leave_nothing_are_refused() -> None:
    found = frontier(value, most=10.0, low=np.full(3, 6.0), high=np.full(3, 8.0))
    with pytest.raises(ValueError, match="bounds"):
        found.at(10.0)


def test_exchange_climbs_a_concave_objective_to_its_top() -> None:
    wanted = np.array([10.0, 30.0, 60.0])
    found = exchange(
        lambda money: -float(((money - wanted) ** 2).sum()),
        np.array([40.0, 30.0, 30.0]),
        low=np.zeros(3),
        high=np.array([100.0, 100.0, 55.0]),
        total=100.0,
    )
    assert found.sum() == pytest.approx(100)
    np.testing.assert_allclose(found, [12.5, 32.5, 55.0], atol=0.2)
