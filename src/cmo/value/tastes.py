"""How tastes differ from person to person: from parameters and standard normal draws to coefficients."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.intp]


class Taste(StrEnum):
    """How one coefficient is spread over persons."""

    FIXED = "fixed"  # the same for all
    NORMAL = "normal"
    LOGNORMAL = "lognormal"  # above zero for all
    MINUS_LOGNORMAL = "minus_lognormal"  # below zero for all, as a price


BENT = frozenset({Taste.LOGNORMAL, Taste.MINUS_LOGNORMAL})
"""Kinds whose coefficient is the exponential of what is normal, with a sign."""

SMALLEST = 0.05  # worth that stands for one of the wrong sign where a logarithm is to be taken


def sign_of(kind: Taste) -> float:
    """The sign of a bent coefficient."""
    return -1.0 if kind is Taste.MINUS_LOGNORMAL else 1.0


def unbent(worths: Floats, kinds: tuple[Taste, ...]) -> Floats:
    """Worths before they are bent, shape (coefficients,); one of the wrong sign counts as a small one."""
    out = worths.copy()
    for k, kind in enumerate(kinds):
        if kind in BENT:
            out[k] = np.log(max(sign_of(kind) * worths[k], SMALLEST))
    return out


@dataclass(frozen=True, kw_only=True)
class Tastes:
    """The distribution of the coefficients over persons, up to its parameters.

    The parameters are a location of each coefficient and the lower triangle of a square root of the spread:
    its diagonal, or all of it where tastes are correlated. Of a lognormal coefficient they are those of its
    logarithm.

    Attributes:
        kinds: Kind of each coefficient.
        correlated: Whether a taste for one attribute may go with a taste for another.
        price: Column of the price where the coefficients are in money (willingness-to-pay space): the
            utility is λ(x'ω - price), the price's parameters are those of λ, fixed or lognormal.
    """

    kinds: tuple[Taste, ...]
    correlated: bool = False
    price: int | None = None

    def __post_init__(self) -> None:
        """Refuse a scale that could turn negative from person to person."""
        if self.price is not None and self.kinds[self.price] not in {Taste.FIXED, Taste.LOGNORMAL}:
            raise ValueError(f"price is {self.kinds[self.price]}, must be fixed or lognormal in money")

    @cached_property
    def random(self) -> tuple[int, ...]:
        """Columns whose coefficient differs from person to person."""
        return tuple(k for k, kind in enumerate(self.kinds) if kind is not Taste.FIXED)

    @cached_property
    def spread(self) -> tuple[tuple[int, int], ...]:
        """For each spread parameter: the random coefficient it moves, and the draw it is multiplied by."""
        n = len(self.random)
        if not self.correlated:
            return tuple((q, q) for q in range(n))
        return tuple((row, column) for row in range(n) for column in range(row + 1))

    @property
    def n_parameters(self) -> int:
        """Number of parameters."""
        return len(self.kinds) + len(self.spread)

    @cached_property
    def moved(self) -> Whole:
        """Coefficient that each parameter moves, shape (parameters,)."""
        spread = [self.random[row] for row, _ in self.spread]
        return np.array([*range(len(self.kinds)), *spread], dtype=np.intp)

    def factors(self, normals: Floats) -> Floats:
        """What each spread parameter is multiplied by.

        Args:
            normals: Standard normal draws, shape (persons, random coefficients, draws).

        Returns:
            Shape (persons, spread parameters, draws).
        """
        return normals[:, [column for _, column in self.spread], :]

    def latent(self, parameters: Floats, normals: Floats) -> Floats:
        """Coefficients before they are bent, shape (persons, coefficients, draws)."""
        n = len(self.kinds)
        out = np.empty((normals.shape[0], n, normals.shape[2]))
        out[:] = parameters[:n, None]
        root = np.zeros((len(self.random),) * 2)
        for (row, column), value in zip(self.spread, parameters[n:], strict=True):
            root[row, column] = value
        out[:, list(self.random), :] += root @ normals
        return out

    def coefficients(self, latent: Floats) -> Floats:
        """Coefficients of the utility, shape as `latent`."""
        worth, _, _ = self._bent(latent)
        if self.price is None:
            return worth
        scale = worth[:, [self.price], :]
        out = worth * scale
        out[:, self.price, :] = -scale[:, 0, :]
        return out

    def gradient(self, latent: Floats, slope: Floats) -> Floats:
        """The slope in the latent coefficients, from the slope in those of the utility.

        Args:
            latent: Shape (persons, …, coefficients, draws).
            slope: A shape that broadcasts with it.
        """
        worth, first, _ = self._bent(latent)
        if self.price is None:
            return np.asarray(slope * first, dtype=np.float64)
        p = self.price
        out = slope * first * worth[..., [p], :]
        out[..., p, :] = self._of_scale(worth, slope) * first[..., p, :]
        return out

    @property
    def straight(self) -> bool:
        """Whether coefficients are linear in the parameters."""
        return self.price is None and not BENT & set(self.kinds)

    def curvature(self, latent: Floats, slope: Floats) -> Floats:
        """What the bending of the coefficients adds to the second derivatives in the latent ones.

        Args:
            latent: Shape (persons, coefficients, draws).
            slope: First derivatives in the coefficients of the utility, same shape.

        Returns:
            Shape (persons, coefficients, coefficients, draws).
        """
        worth, first, second = self._bent(latent)
        n, k, n_draws = latent.shape
        out = np.zeros((n, k, k, n_draws))
        own = slope * second
        if self.price is not None:
            p = self.price
            own *= worth[:, [p], :]
            own[:, p, :] = self._of_scale(worth, slope) * second[:, p, :]
            cross = slope * first * first[:, [p], :]
            out[:, :, p, :] = cross
            out[:, p, :, :] = cross
        every = np.arange(k)
        out[:, every, every, :] = own
        return out

    def _of_scale(self, worth: Floats, slope: Floats) -> Floats:
        """Derivative in the scale, shape (persons, …, draws)."""
        p = self.price
        at_price = np.broadcast_to(slope, np.broadcast_shapes(slope.shape, worth.shape))[..., p, :]
        return np.asarray((slope * worth).sum(axis=-2) - at_price * (worth[..., p, :] + 1), dtype=np.float64)

    def _bent(self, latent: Floats) -> tuple[Floats, Floats, Floats]:
        """The worths with their first and second derivatives in the latent coefficients."""
        worth, first, second = latent.copy(), np.ones(latent.shape), np.zeros(latent.shape)
        for k, kind in enumerate(self.kinds):
            if kind in BENT:
                worth[..., k, :] = sign_of(kind) * np.exp(latent[..., k, :])
                first[..., k, :] = second[..., k, :] = worth[..., k, :]
        return worth, first, second
