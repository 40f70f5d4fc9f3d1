import csv
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmo.value.price_sensitivity import is_consistent, price_sensitivity, resampled, rounding

PLACES = {"lower": "range_lower", "upper": "range_upper", "optimal": "opp", "indifference": "idp"}
COLUMNS = ("toocheap", "cheap", "expensive", "tooexpensive")


@pytest.mark.shared
def test_published_points_lie_on_our_crossings(shared: Path) -> None:
    folder = shared / "cases/value"
    cases = json.loads((folder / "psm.json").read_text())["cases"]
    assert len(cases) == 4
    for case in cases:
        with (folder / case["data"]).open() as file:
            prices = np.array([[float(row[name]) for name in COLUMNS] for row in csv.DictReader(file)])
        kept = is_consistent(prices)
        expected = case["expected"][0]
        assert int((~kept).sum()) == expected["n_invalid"]
        found = price_sensitivity(prices[kept])
        for name, theirs in PLACES.items():
            crossing = getattr(found, name)
            assert crossing.low - 0.005 <= expected[theirs] <= crossing.high + 0.005, (case["id"], name)


@pytest.mark.shared
def test_a_flat_crossing_is_told_as_an_interval(shared: Path) -> None:
    with (shared / "cases/value/psm/psm_help_seed42.csv").open() as file:
        prices = np.array([[float(row[name]) for name in COLUMNS] for row in csv.DictReader(file)])
    optimal = price_sensitivity(prices).optimal
    assert (optimal.low, optimal.high) == (6.35, 13.63)
    drawn = resampled(prices, rng=np.random.default_rng(1), draws=300)[:, 2]
    assert drawn.min() < 7.5
    assert drawn.max() > 12.5


def world(rng: np.random.Generator, n: int) -> np.ndarray:
    """Respondents whose four log prices are normal around 20, 30, 45 and 60, in rising order."""
    log = np.log([20.0, 30.0, 45.0, 60.0]) + 0.2 * rng.standard_normal((n, 4))
    prices = np.exp(log)
    return prices[is_consistent(prices)]


@pytest.mark.parametrize("step", [0.01, 1.0])
def test_intervals_cover_the_crossings_of_the_population(step: float) -> None:
    rng = np.random.default_rng(2)
    everybody = price_sensitivity(world(rng, 200_000))
    truth = np.array([getattr(everybody, name).price for name in PLACES])
    held = np.zeros(4)
    for _ in range(30):
        asked = np.round(world(rng, 300) / step) * step
        asked = asked[is_consistent(asked)]
        low, high = np.quantile(resampled(asked, rng=rng, draws=150), [0.05, 0.95], axis=0)
        held += (low <= truth) & (truth <= high)
    assert np.all(held / 30 > 0.7)


@given(scale=st.floats(0.1, 1000), seed=st.integers(0, 100))
def test_units_do_not_matter(scale: float, seed: int) -> None:
    prices = world(np.random.default_rng(seed), 40)
    found, again = price_sensitivity(prices), price_sensitivity(scale * prices)
    for name in PLACES:
        assert getattr(again, name).price == pytest.approx(scale * getattr(found, name).price)


def test_weights_count_as_repeated_respondents() -> None:
    prices = world(np.random.default_rng(5), 30)
    weights = np.arange(1.0, prices.shape[0] + 1)
    repeated = price_sensitivity(np.repeat(prices, weights.astype(int), axis=0))
    assert price_sensitivity(prices, weights=weights).upper.low == pytest.approx(repeated.upper.low)


@pytest.mark.parametrize(("prices", "step"), [([5.0, 10.0, 15.0], 5.0), ([5.5, 7.0], 0.5), ([0.123], 0.0)])
def test_rounding_is_seen(prices: list[float], step: float) -> None:
    assert rounding(np.array(prices)) == step


def test_nobody_asked_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one is needed"):
        price_sensitivity(np.zeros((0, 4)))


def test_curves_that_only_touch_leave_every_price_between_the_answers() -> None:
    rising = np.array([[10.0, 15, 30, 40], [20, 25, 35, 45], [39, 42, 50, 60], [30, 33, 41, 50.0]])
    assert price_sensitivity(rising).optimal.low == 39.0
    assert price_sensitivity(rising).optimal.high == 40.0
    drawn = resampled(rising, rng=np.random.default_rng(1), draws=200)[:, 2]
    assert drawn.min() < 39.1
    assert drawn.max() > 39.9
