"""One query per test, whatever the number of metrics, arms, strata and covariates."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import combinations_with_replacement
from typing import Any

import numpy as np

from cmo.experiments.moments import Cell, Moments, MomentTable


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """What is counted of the units of a test.

    Attributes:
        arm: Column that names the variant.
        values: Columns whose moments are wanted: metrics and covariates; empty values count as zero.
        stratum: Column that names the stratum, if any.
        day: Column with the instant or day of assignment, if cells by day are wanted.
        shift: What is taken off a column before summing, near its mean; keeps digits where means are large.
        ceiling: Values above are brought down to it (winsorising), by column.
        cluster: Column that names the randomised cluster, if units are not what was randomised; the moments
            are then those of cluster totals, and a column `SIZE` counts the units of each cluster.
        together: Groups of columns that are analysed together; products across groups are not counted and
            come back as not-a-number. All columns are one group where none is given.
        binary: Values that are known to be nothing but 0 and 1. Rows are then told apart by them instead of
            summed: all sums and products with such a column are counts and sums over its ones, and cost
            nothing more. Not used with clusters, whose totals are no longer 0 and 1.
    """

    arm: str
    values: tuple[str, ...]
    stratum: str | None = None
    day: str | None = None
    shift: Mapping[str, float] | None = None
    ceiling: Mapping[str, float] | None = None
    cluster: str | None = None
    together: tuple[tuple[str, ...], ...] | None = None
    binary: tuple[str, ...] = ()

    @property
    def apart(self) -> tuple[int, ...]:
        """Positions of the columns by whose values rows are told apart."""
        return () if self.cluster else tuple(i for i, name in enumerate(self.values) if name in self.binary)

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns whose moments come back."""
        return self.values if self.cluster is None else (*self.values, SIZE)

    @property
    def products(self) -> list[tuple[int, int]]:
        """Pairs of columns whose product is summed, by position."""
        pairs = combinations_with_replacement(range(len(self.columns)), 2)
        if self.together is None:
            return list(pairs)
        groups = [{*group, SIZE} for group in self.together]
        names = self.columns
        return [(i, j) for i, j in pairs if i == j or any({names[i], names[j]} <= group for group in groups)]


SIZE = "units"
"""Name of the column that counts the units of a cluster."""


def count_moments(units: Any, count: Count) -> Any:
    """An Ibis expression with one row per (arm, stratum, day) and one column per first or second moment.

    Args:
        units: Ibis table with one row per unit.
        count: What is counted.

    Returns:
        An Ibis table with columns `arm`, `stratum`, `day` (where asked for), `n`, `s_i` (sum of column i
        shifted) and `p_i_j` (sum of products of columns i <= j shifted); with binary columns, one row for
        each combination `v_i` of their values as well.
    """
    keys = {"arm": units[count.arm]}
    if count.stratum is not None:
        keys["stratum"] = units[count.stratum]
    if count.day is not None:
        keys["day"] = units[count.day].cast("date")
    rows = units.select(
        **keys,
        **({} if count.cluster is None else {"cluster": units[count.cluster]}),
        **{f"v_{i}": _value(units, name, count=count, at=i) for i, name in enumerate(count.values)},
    )
    values = [f"v_{i}" for i in range(len(count.values))]
    apart = count.apart
    if count.cluster is not None:
        rows = rows.group_by([*keys, "cluster"]).aggregate(
            **{name: rows[name].sum() for name in values},
            **{f"v_{len(values)}": rows.count().cast("float64")},
        )
        values = [*values, f"v_{len(values)}"]
    return rows.group_by([*keys, *(values[i] for i in apart)]).aggregate(
        n=rows.count().cast("float64"),
        **{f"s_{i}": rows[name].sum() for i, name in enumerate(values) if i not in apart},
        **{
            f"p_{i}_{j}": (rows[values[i]] * rows[values[j]]).sum()
            for i, j in count.products
            if i not in apart and j not in apart
        },
    )


MOST_BINARY = 4
"""Binary columns by which rows are told apart at most: each doubles the groups."""


def whole_numbers(units: Any, values: Sequence[str]) -> list[str]:
    """Columns that may be nothing but 0 and 1: booleans and whole numbers.

    Args:
        units: Ibis table.
        values: Columns that are counted.
    """
    kinds = units.schema()
    return [name for name in values if kinds[name].is_boolean() or kinds[name].is_integer()]


def spans(units: Any, names: Sequence[str]) -> Any:
    """An Ibis expression with the least and the largest value of each column; Parquet tells them unread."""
    return units.aggregate(
        **{f"low_{i}": units[name].min() for i, name in enumerate(names)},
        **{f"high_{i}": units[name].max() for i, name in enumerate(names)},
    )


def binary_of(row: Mapping[str, Any], names: Sequence[str]) -> tuple[str, ...]:
    """Columns that hold nothing but 0 and 1, by what `spans` brought back."""
    return tuple(
        name
        for i, name in enumerate(names)
        if row[f"low_{i}"] is not None and int(row[f"low_{i}"]) >= 0 and int(row[f"high_{i}"]) <= 1
    )


def read_moments(rows: Sequence[Mapping[str, Any]], count: Count) -> MomentTable:
    """The table of moments in what a query of `count_moments` brought back.

    Args:
        rows: Its rows, as mappings.
        count: What was counted.
    """
    columns = count.columns
    shift = np.array([_shift(name, count, at=i) for i, name in enumerate(columns)])
    known = [row for row in rows if row["arm"] is not None]
    return MomentTable.of_cells((_cell(row), _moments(row, count, shift=shift)) for row in known)


def _shift(name: str, count: Count, *, at: int) -> float:
    return 0.0 if count.cluster or at in count.apart else (count.shift or {}).get(name, 0.0)


def _value(units: Any, name: str, *, count: Count, at: int) -> Any:
    if at in count.apart:
        return units[name]
    # Empty values count as zero: sums pass over them, and so do products.
    value = units[name].cast("float64")
    ceiling = (count.ceiling or {}).get(name)
    if ceiling is not None:
        value = (value > ceiling).ifelse(ceiling, value).cast("float64")
    shift = _shift(name, count, at=at)
    return value if shift == 0.0 else (value.fill_null(0) - shift).cast("float64")


def _cell(row: Mapping[str, Any]) -> Cell:
    day = row.get("day")
    if isinstance(day, datetime):
        day = day.date()
    stratum = row.get("stratum")
    return Cell(arm=str(row["arm"]), stratum="" if stratum is None else str(stratum), day=day or date.min)


def _moments(row: Mapping[str, Any], count: Count, *, shift: Any) -> Moments:
    k, n = len(count.columns), float(row["n"])
    products = np.full((k, k), np.nan)
    sums = [_sum(row, (i,), count=count, n=n) for i in range(k)]
    for i, j in count.products:
        products[i, j] = products[j, i] = _sum(row, (i, j), count=count, n=n)
    return Moments.of_sums(count.columns, n, sums=sums, products=products, shift=shift)


def _sum(row: Mapping[str, Any], of: tuple[int, ...], *, count: Count, n: float) -> float:
    """Sum of a column, or of a product, over a row's units; a binary column is the same for all of them."""
    apart = count.apart
    if any(i in apart and not row[f"v_{i}"] for i in of):
        return 0.0
    rest = [i for i in of if i not in apart]
    if not rest:
        return n
    name = f"s_{rest[0]}" if len(rest) == 1 else f"p_{rest[0]}_{rest[1]}"
    return float(row[name] or 0.0)
