"""Priors of a scalar, told by the quantile that a standard normal coordinate reaches.

A sampler that moves in standard normal coordinates sees every parameter on one scale, and what the data
do not speak of is exactly normal. Whatever has a quantile function can be a prior, at no cost: it is only
evaluated when curves are tabulated.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt
from scipy.special import betaincinv, ndtr, ndtri

Floats = npt.NDArray[np.float64]


class Prior(Protocol):
    """A distribution of one parameter."""

    @property
    def varies(self) -> bool:
        """False when the parameter is known and needs no coordinate."""

    def quantile(self, coordinate: Floats) -> Floats:
        """Value whose prior probability of not being exceeded is that of the standard normal coordinate."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fixed:
    """A parameter that is known.

    Attributes:
        value: The value.
    """

    value: float

    @property
    def varies(self) -> bool:
        """A known parameter does not vary."""
        return False

    def quantile(self, coordinate: Floats) -> Floats:
        """The value, whatever the coordinate."""
        return np.full_like(coordinate, self.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Beta:
    """Beta distribution on `low` to `high`; Beta(1, 1) is uniform.

    Attributes:
        a: First shape, > 0.
        b: Second shape, > 0.
        low: Lower end.
        high: Upper end.
    """

    a: float = 1.0
    b: float = 1.0
    low: float = 0.0
    high: float = 1.0

    @property
    def varies(self) -> bool:
        """A distribution varies."""
        return True

    def quantile(self, coordinate: Floats) -> Floats:
        """Value at a standard normal coordinate."""
        chance = ndtr(coordinate)
        unit = chance if self.a == 1 and self.b == 1 else betaincinv(self.a, self.b, chance)
        return np.asarray(self.low + (self.high - self.low) * unit, dtype=np.float64)


@dataclass(frozen=True, slots=True, kw_only=True)
class LogNormal:
    """Logarithm normal: `exp(location + scale * z)`.

    Attributes:
        location: Logarithm of the median.
        scale: Standard deviation of the logarithm, > 0.
    """

    location: float
    scale: float

    @classmethod
    def between(cls, low: float, high: float) -> "LogNormal":
        """The prior in the words of its user: nine chances in ten that the value is between the two.

        Args:
            low: 5 % quantile, > 0.
            high: 95 % quantile, above `low`.

        Raises:
            ValueError: The bounds are not positive and increasing.
        """
        if not 0 < low < high:
            raise ValueError(f"between({low}, {high}): both must be positive and the first the smaller")
        width = float(ndtri(0.95))
        return cls(location=float(np.log(low * high)) / 2, scale=float(np.log(high / low)) / (2 * width))

    @property
    def varies(self) -> bool:
        """A distribution varies."""
        return True

    def quantile(self, coordinate: Floats) -> Floats:
        """Value at a standard normal coordinate."""
        return np.asarray(np.exp(self.location + self.scale * coordinate), dtype=np.float64)


@dataclass(frozen=True, slots=True, kw_only=True)
class TruncatedNormal:
    """Normal cut to an interval.

    Attributes:
        mean: Mean before cutting.
        sd: Standard deviation before cutting, > 0.
        low: Lower end.
        high: Upper end.
    """

    mean: float
    sd: float
    low: float
    high: float

    @property
    def varies(self) -> bool:
        """A distribution varies."""
        return True

    def quantile(self, coordinate: Floats) -> Floats:
        """Value at a standard normal coordinate."""
        low, high = (float(ndtr((end - self.mean) / self.sd)) for end in (self.low, self.high))
        inner = ndtri(low + (high - low) * ndtr(coordinate))
        return np.asarray(np.clip(self.mean + self.sd * inner, self.low, self.high), dtype=np.float64)
