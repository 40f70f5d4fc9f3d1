"""What is compared between arms: a mean per unit, or a ratio of two totals."""

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
