"""What is compared between arms: a mean per unit, a ratio of two totals, or a quantile of units."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from cmo.experiments.moments import Floats, Moments


class Metric(Protocol):
    """A smooth function of the means of some columns."""

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns it is made of."""

    def value(self, moments: Moments) -> float:
        """Its value over a group of units."""

    def gradient(self, moments: Moments) -> Floats:
        """Its derivatives by the means of all columns of the moments, shape (k,)."""


@dataclass(frozen=True, slots=True)
class Mean:
    """A total per unit: conversions per visitor, revenue per customer.

    Attributes:
        column: The column that is averaged.
    """

    column: str

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns it is made of."""
        return (self.column,)

    def value(self, moments: Moments) -> float:
        """Its value over a group of units."""
        return float(moments.mean[moments.columns.index(self.column)])

    def gradient(self, moments: Moments) -> Floats:
        """Its derivatives by the means of all columns, shape (k,)."""
        out = np.zeros(len(moments.columns))
        out[moments.columns.index(self.column)] = 1.0
        return out


@dataclass(frozen=True, slots=True)
class Ratio:
    """A total over another total, where units were randomised: revenue per order, clicks per impression.

    Its variance follows by the delta method. With cluster totals and `counting.SIZE` below, it is the mean
    of units whose clusters were randomised.

    Attributes:
        numerator: Column above.
        denominator: Column below; its mean must not be zero.

    References:
        Deng, Knoblich & Lu (2018), "Applying the Delta Method in Metric Analytics", KDD.
    """

    numerator: str
    denominator: str

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns it is made of."""
        return (self.numerator, self.denominator)

    def value(self, moments: Moments) -> float:
        """Its value over a group of units."""
        above, below = self._means(moments)
        return above / below

    def gradient(self, moments: Moments) -> Floats:
        """Its derivatives by the means of all columns, shape (k,)."""
        above, below = self._means(moments)
        out = np.zeros(len(moments.columns))
        out[moments.columns.index(self.numerator)] += 1.0 / below
        out[moments.columns.index(self.denominator)] -= above / below**2
        return out

    def _means(self, moments: Moments) -> tuple[float, float]:
        above = float(moments.mean[moments.columns.index(self.numerator)])
        below = float(moments.mean[moments.columns.index(self.denominator)])
        if below == 0.0:
            raise ValueError(f"mean of {self.denominator!r} == 0, must differ from 0 below a ratio")
        return above, below


@dataclass(frozen=True, slots=True)
class Quantile:
    """A quantile of the units themselves: the median basket, the 90th centile of time.

    Attributes:
        share: Which quantile, in (0, 1).
        column: The column it is of.
    """

    share: float
    column: str


_QUANTILE = re.compile(r"(?:p(?P<centile>\d{1,2}(?:\.\d+)?)|(?P<median>median))\((?P<column>.+)\)")


def metric_of(written: str, columns: Collection[str]) -> Mean | Ratio | Quantile:
    """A metric as people write it.

    Args:
        written: `revenue`, a mean per unit; `revenue/orders`, a total over a total; `median(basket)` or
            `p90(basket)`, a quantile of units.
        columns: Columns that were counted: a column that is so called is meant as it is.

    Raises:
        ValueError: A column that it needs is not there, or the quantile is none.
    """
    name = written.strip()
    found: Mean | Ratio | Quantile = Mean(name)
    above, slash, below = (part.strip() for part in name.partition("/"))
    quantile = _QUANTILE.fullmatch(name)
    if name not in columns and slash:
        found = Ratio(above, below)
    elif name not in columns and quantile:
        share = 0.5 if quantile["median"] else float(quantile["centile"]) / 100.0
        if not 0.0 < share < 1.0:
            raise ValueError(f"{name}: a centile lies between 0 and 100, as in p90({quantile['column']})")
        found = Quantile(share, quantile["column"].strip())
    missing = [column for column in columns_of(found) if column not in columns]
    if missing:
        raise ValueError(
            f"{name} needs the column {missing[0]}, which is not there as a number; there are "
            f"{', '.join(sorted(columns)) or 'none'}"
        )
    return found


def columns_of(metric: Mean | Ratio | Quantile) -> tuple[str, ...]:
    """Columns that a metric is made of."""
    return (metric.column,) if isinstance(metric, Quantile) else metric.columns
