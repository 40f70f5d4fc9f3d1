"""Mergeable sufficient statistics of randomised units.

Counts, means and centred cross-products of every metric and covariate are all that the analyses of a
randomised test need. They merge exactly: two days, two regions or two engines give what one pass would
have given.

References:
    Chan, Golub & LeVeque (1983), "Algorithms for computing the sample variance", American Statistician 37(3).
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Self, TypeVar

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Key = TypeVar("Key", str, date)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Moments:
    """First and second moments of several columns over one group of units.

    Attributes:
        columns: Names of the k columns.
        n: Count of units, >= 0.
        mean: Means, shape (k,); zeros where n is 0.
        scatter: Sums of centred cross-products, shape (k, k), symmetric.
    """

    columns: tuple[str, ...]
    n: float
    mean: Floats
    scatter: Floats

    @classmethod
    def of_rows(cls, rows: npt.ArrayLike, columns: Sequence[str]) -> Self:
        """Moments of units held in memory.

        Args:
            rows: Values, shape (units, k).
            columns: Names of the k columns.
        """
        values = np.asarray(rows, dtype=np.float64).reshape(-1, len(columns))
        mean = values.mean(axis=0) if len(values) else np.zeros(len(columns))
        centred = values - mean
        return cls(columns=tuple(columns), n=float(len(values)), mean=mean, scatter=centred.T @ centred)

    @classmethod
    def of_sums(
        cls,
        columns: Sequence[str],
        n: float,
        *,
        sums: npt.ArrayLike,
        products: npt.ArrayLike,
        shift: npt.ArrayLike = 0.0,
    ) -> Self:
        """Moments from plain sums, as a database returns them.

        Args:
            columns: Names of the k columns.
            n: Count of units.
            sums: Sums of (value - shift), shape (k,).
            products: Sums of products of shifted values, shape (k, k).
            shift: What was taken off each column before summing, shape (k,) or a scalar.

        Raises:
            ValueError: The count is negative, or nothing was counted though a sum is not zero.
        """
        total = np.asarray(sums, dtype=np.float64)
        cross = np.asarray(products, dtype=np.float64).reshape(len(columns), len(columns))
        if n < 0 or (n == 0 and np.any(total != 0)):
            raise ValueError(f"n == {n:g} with sums {total.tolist()}: a count of units must cover its sums")
        if n == 0:
            return cls(
                columns=tuple(columns), n=0.0, mean=np.zeros(len(columns)), scatter=np.zeros_like(cross)
            )
        centre = total / n
        return cls(
            columns=tuple(columns),
            n=float(n),
            mean=centre + np.asarray(shift, dtype=np.float64),
            scatter=cross - n * np.outer(centre, centre),
        )

    @property
    def covariance(self) -> Floats:
        """Sample covariance of the columns (n - 1 in the denominator), shape (k, k)."""
        if self.n < 2:
            raise ValueError(f"n == {self.n:g}, must be at least 2 to speak of a variance")
        return self.scatter / (self.n - 1.0)

    def of(self, columns: Sequence[str]) -> Self:
        """The same units, seen through some of the columns."""
        missing = [name for name in columns if name not in self.columns]
        if missing:
            raise ValueError(f"column {missing[0]!r} was not counted; counted were {', '.join(self.columns)}")
        at = np.array([self.columns.index(name) for name in columns], dtype=np.intp)
        return type(self)(
            columns=tuple(columns), n=self.n, mean=self.mean[at], scatter=self.scatter[np.ix_(at, at)]
        )

    def merged(self, other: Self) -> Self:
        """Moments of both groups together, as if they had been counted in one pass."""
        if self.columns != other.columns:
            raise ValueError(
                f"columns {self.columns} and {other.columns} differ: only like moments can be merged"
            )
        return type(self).pooled((self, other))

    @classmethod
    def pooled(cls, groups: Iterable[Self]) -> Self:
        """Moments of all groups together."""
        parts = tuple(groups)
        n, mean, scatter = pool(
            np.array([part.n for part in parts]),
            np.array([part.mean for part in parts]),
            np.array([part.scatter for part in parts]),
        )
        return cls(columns=parts[0].columns, n=n, mean=mean, scatter=scatter)


def pool(n: Floats, mean: Floats, scatter: Floats) -> tuple[float, Floats, Floats]:
    """Count, mean and scatter of several groups together.

    Args:
        n: Counts, shape (groups,).
        mean: Means, shape (groups, k).
        scatter: Scatters, shape (groups, k, k).
    """
    total = float(n.sum())
    if total == 0.0:
        return 0.0, np.zeros(mean.shape[1]), np.zeros(scatter.shape[1:])
    centre = n @ mean / total
    away = mean - centre
    return total, centre, scatter.sum(axis=0) + np.einsum("g,gi,gj->ij", n, away, away)


@dataclass(frozen=True, slots=True, order=True, kw_only=True)
class Cell:
    """Where a group of units stands.

    Attributes:
        arm: Name of the variant.
        stratum: Name of the stratum; empty where the test has none.
        day: Day of assignment; `date.min` where it is not known.
    """

    arm: str
    stratum: str = ""
    day: date = date.min


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MomentTable:
    """Moments of every (arm, stratum, day) of a test: all that its analyses ever need.

    Attributes:
        columns: Names of the k columns.
        cells: The c cells, sorted, without repetition.
        n: Counts, shape (c,).
        mean: Means, shape (c, k).
        scatter: Centred cross-products, shape (c, k, k).
    """

    columns: tuple[str, ...]
    cells: tuple[Cell, ...]
    n: Floats
    mean: Floats
    scatter: Floats

    @classmethod
    def of_cells(cls, moments: Iterable[tuple[Cell, Moments]]) -> Self:
        """A table of cells; cells that occur twice are merged."""
        rows = sorted(moments, key=lambda row: row[0])
        if not rows:
            raise ValueError("no cell was counted: a test needs at least one unit")
        merged = [
            (cell, Moments.pooled(part for _, part in same))
            for cell, same in groupby(rows, key=lambda r: r[0])
        ]
        return cls(
            columns=merged[0][1].columns,
            cells=tuple(cell for cell, _ in merged),
            n=np.array([part.n for _, part in merged]),
            mean=np.array([part.mean for _, part in merged]),
            scatter=np.array([part.scatter for _, part in merged]),
        )

    @property
    def arms(self) -> tuple[str, ...]:
        """Names of the variants, sorted."""
        return tuple(sorted({cell.arm for cell in self.cells}))

    @property
    def strata(self) -> tuple[str, ...]:
        """Names of the strata, sorted."""
        return tuple(sorted({cell.stratum for cell in self.cells}))

    @property
    def days(self) -> tuple[date, ...]:
        """Days of assignment, sorted."""
        return tuple(sorted({cell.day for cell in self.cells}))

    def moments(self) -> list[tuple[Cell, Moments]]:
        """Each cell with its moments."""
        return [
            (
                cell,
                Moments(columns=self.columns, n=float(self.n[i]), mean=self.mean[i], scatter=self.scatter[i]),
            )
            for i, cell in enumerate(self.cells)
        ]

    def merged(self, other: Self) -> Self:
        """Both tables together, cell by cell: tomorrow's rows added to what is kept."""
        if self.columns != other.columns:
            raise ValueError(
                f"columns {self.columns} and {other.columns} differ: only like tables can be merged"
            )
        return type(self).of_cells([*self.moments(), *other.moments()])

    def where(self, keep: Callable[[Cell], bool]) -> Self:
        """The cells that are kept, for instance those until a day."""
        at = [i for i, cell in enumerate(self.cells) if keep(cell)]
        if not at:
            raise ValueError("no cell is left: widen the days or strata that are kept")
        return self._taken(at)

    def of_stratum(self, stratum: str) -> Self:
        """The cells of one stratum."""
        return self.where(lambda cell: cell.stratum == stratum)

    def by_arm(self) -> dict[str, Moments]:
        """Moments of each arm, strata and days together."""
        return {
            arm: self._pooled([i for i, cell in enumerate(self.cells) if cell.arm == arm])
            for arm in self.arms
        }

    def by_stratum(self) -> dict[str, dict[str, Moments]]:
        """Moments by stratum, then by arm, days together."""
        return self._by(lambda cell: cell.stratum)

    def by_day(self) -> dict[date, dict[str, Moments]]:
        """Moments by day of assignment, then by arm, strata together."""
        return self._by(lambda cell: cell.day)

    def _by(self, key: Callable[[Cell], Key]) -> dict[Key, dict[str, Moments]]:
        keys = [key(cell) for cell in self.cells]
        return {
            group: self._taken([i for i, of in enumerate(keys) if of == group]).by_arm()
            for group in sorted(set(keys))
        }

    def _pooled(self, at: list[int]) -> Moments:
        n, mean, scatter = pool(self.n[at], self.mean[at], self.scatter[at])
        return Moments(columns=self.columns, n=n, mean=mean, scatter=scatter)

    def _taken(self, at: list[int]) -> Self:
        return type(self)(
            columns=self.columns,
            cells=tuple(self.cells[i] for i in at),
            n=self.n[at],
            mean=self.mean[at],
            scatter=self.scatter[at],
        )
