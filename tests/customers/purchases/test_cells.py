import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cmo.customers.purchases.beta_geometric import BG_NBD
from cmo.customers.purchases.cells import Cells, cells_of, coarsened, coarsened_to, merged, rescaled

THETA = np.log([0.4, 30.0, 0.8, 2.5])

customers = st.lists(
    st.tuples(st.integers(0, 12), st.integers(0, 200), st.integers(0, 200)), min_size=1, max_size=40
)


def cells(rows: list[tuple[int, int, int]]) -> Cells:
    x, u, v = np.array(rows, dtype=float).T
    age = np.maximum(u, v)
    return cells_of(x, np.where(x > 0, np.minimum(u, v), 0.0), age=age)


@given(customers, st.randoms())
@settings(max_examples=30, deadline=None)
def test_order_of_customers_does_not_matter(rows: list[tuple[int, int, int]], random: object) -> None:
    shuffled = list(rows)
    random.shuffle(shuffled)
    one, two = cells(rows), cells(shuffled)
    np.testing.assert_array_equal(one.weight, two.weight)
    assert BG_NBD.log_likelihood(THETA, one) == pytest.approx(BG_NBD.log_likelihood(THETA, two), rel=1e-12)


@given(customers, customers)
@settings(max_examples=30, deadline=None)
def test_two_batches_equal_one(first: list[tuple[int, int, int]], second: list[tuple[int, int, int]]) -> None:
    both, apart = cells(first + second), merged([cells(first), cells(second)])
    assert both.n_customers == apart.n_customers == len(first) + len(second)
    np.testing.assert_array_equal(both.recency, apart.recency)
    np.testing.assert_array_equal(both.weight, apart.weight)


def test_equal_histories_are_one_cell() -> None:
    base = cells_of([2, 0, 2], [5, 0, 5], age=[9, 9, 9])
    np.testing.assert_array_equal(base.weight, [1, 2])
    np.testing.assert_array_equal(base.levels, [0, 2])
    assert base.n_repeats == 4


def test_coarse_cells_keep_customers_and_means(base_cells: Cells) -> None:
    coarse = coarsened(base_cells, width=60.0)
    assert coarse.weight.size < base_cells.weight.size / 3
    assert coarse.n_customers == pytest.approx(base_cells.n_customers)
    assert coarse.mean_age == pytest.approx(base_cells.mean_age)
    assert np.dot(coarse.weight, coarse.recency) == pytest.approx(
        np.dot(base_cells.weight, base_cells.recency)
    )
    assert coarsened_to(base_cells, n_cells=500).weight.size <= 500


def test_another_unit_of_time_changes_times_alone(base_cells: Cells) -> None:
    hours = rescaled(base_cells, factor=24.0)
    np.testing.assert_allclose(hours.age, 24 * base_cells.age)
    np.testing.assert_array_equal(hours.frequency, base_cells.frequency)


@pytest.mark.parametrize(
    ("frequency", "recency", "age", "weight", "rule"),
    [
        ([], [], [], [], "at least 1"),
        ([1, 2], [1], [1], [1], "as many each"),
        ([1.5], [1], [2], [1], "whole number"),
        ([-1], [0], [2], [1], "whole number"),
        ([1], [3], [2], [1], "recency must be <= age"),
        ([0], [1], [2], [1], "recency must be 0"),
        ([1], [-1], [2], [1], "recency must be finite"),
        ([1], [1], [np.inf], [1], "age must be finite"),
        ([1], [1], [2], [0], "weight must be > 0"),
    ],
)
def test_an_impossible_history_is_refused(
    frequency: list[float], recency: list[float], age: list[float], weight: list[float], rule: str
) -> None:
    with pytest.raises(ValueError, match=rule):
        cells_of(frequency, recency, age=age, weight=weight)


def test_no_width_and_no_base_are_refused(base_cells: Cells) -> None:
    with pytest.raises(ValueError, match="width == 0"):
        coarsened(base_cells, width=0)
    with pytest.raises(ValueError, match="factor == -1"):
        rescaled(base_cells, factor=-1)
    with pytest.raises(ValueError, match="no cells"):
        merged([])
