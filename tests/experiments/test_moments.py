"""Moments merge exactly, whatever the order and the size of the batches."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from cmo.experiments.moments import Cell, Moments, MomentTable

COLUMNS = ("revenue", "pre_revenue")
rows = npst.arrays(
    np.float64, st.tuples(st.integers(0, 12), st.just(2)), elements=st.floats(-1e6, 1e6, width=32)
)


def same(left: Moments, right: Moments) -> bool:
    scale = 1.0 + np.abs(left.mean).max() ** 2 * max(left.n, 1.0)
    return (
        left.n == right.n
        and np.allclose(left.mean, right.mean, rtol=1e-9, atol=1e-6)
        and np.allclose(left.scatter, right.scatter, rtol=1e-8, atol=1e-10 * scale + 1e-3)
    )


@given(rows, rows)
def test_two_batches_equal_one(first: np.ndarray, second: np.ndarray) -> None:
    merged = Moments.of_rows(first, COLUMNS).merged(Moments.of_rows(second, COLUMNS))
    assert same(merged, Moments.of_rows(np.vstack([first, second]), COLUMNS))


@given(rows, rows, rows)
def test_merging_does_not_depend_on_order(a: np.ndarray, b: np.ndarray, c: np.ndarray) -> None:
    one, two, three = (Moments.of_rows(part, COLUMNS) for part in (a, b, c))
    assert same(one.merged(two).merged(three), three.merged(one.merged(two)))


@given(rows.filter(lambda values: len(values) > 1), st.floats(0.01, 100))
def test_units_rescale(values: np.ndarray, factor: float) -> None:
    plain, scaled = Moments.of_rows(values, COLUMNS), Moments.of_rows(values * factor, COLUMNS)
    assert np.allclose(scaled.mean, plain.mean * factor, rtol=1e-9, atol=1e-9)
    assert np.allclose(scaled.scatter, plain.scatter * factor**2, rtol=1e-6, atol=1e-3)


def test_shifted_sums_keep_the_digits_that_plain_sums_lose() -> None:
    values = 1e9 + np.array([0.0, 1.0, 2.0, 3.0])
    shifted = values - 1e9
    moments = Moments.of_sums(("x",), 4, sums=[shifted.sum()], products=[[shifted @ shifted]], shift=1e9)
    assert moments.mean[0] == 1e9 + 1.5
    assert moments.covariance[0, 0] == pytest.approx(5 / 3, rel=1e-12)


def test_sums_without_units_are_refused() -> None:
    with pytest.raises(ValueError, match="n == 0 with sums"):
        Moments.of_sums(("x",), 0, sums=[1.0], products=[[1.0]])


def test_a_column_never_counted_is_named() -> None:
    with pytest.raises(ValueError, match="'margin' was not counted"):
        Moments.of_rows([[1.0, 2.0]], COLUMNS).of(["margin"])


def test_one_unit_has_no_variance() -> None:
    with pytest.raises(ValueError, match="must be at least 2"):
        _ = Moments.of_rows([[1.0, 2.0]], COLUMNS).covariance


def test_tomorrow_costs_only_tomorrow() -> None:
    rng = np.random.default_rng(1)
    cells = [Cell(arm=arm, day=date(2026, 1, d)) for arm in ("a", "b") for d in (1, 2, 3)]
    data = {cell: rng.normal(size=(5, 2)) for cell in cells}
    whole = MomentTable.of_cells((cell, Moments.of_rows(values, COLUMNS)) for cell, values in data.items())
    until = whole.where(lambda cell: cell.day < date(2026, 1, 3))
    after = whole.where(lambda cell: cell.day == date(2026, 1, 3))
    together = until.merged(after)
    assert together.cells == whole.cells
    arm = np.vstack([values for cell, values in data.items() if cell.arm == "b"])
    assert same(together.by_arm()["b"], Moments.of_rows(arm, COLUMNS))
    assert list(together.by_day()) == [date(2026, 1, d) for d in (1, 2, 3)]
    assert together.by_stratum()[""]["a"].n == 15


def test_cells_of_nothing_are_refused() -> None:
    with pytest.raises(ValueError, match="no cell was counted"):
        MomentTable.of_cells([])
