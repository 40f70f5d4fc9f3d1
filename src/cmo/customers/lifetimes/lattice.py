"""Points that fill a cube more evenly than chance: a few hundred do the work of thousands.

References:
    Cranley & Patterson (1976), "Randomization of number theoretic methods for multiple integration", SIAM
    Journal on Numerical Analysis 13(6).
    Cools, Kuo & Nuyens (2006), "Constructing embedded lattice rules for multivariate integration", SIAM
    Journal on Scientific Computing 28(6): the generating vector.
"""

import numpy as np
from scipy.special import gammaincinv, ndtri

from cmo.customers.purchases.cells import Floats

GENERATOR = np.array([1, 182_667, 469_891, 498_753, 110_745, 446_979, 250_185, 118_627])
EDGE = 1e-12  # points are kept off the faces of the cube


def lattice(n_points: int, size: int, *, rng: np.random.Generator) -> Floats:
    """Points in the unit cube, each uniform by itself, together evenly spread, shape (point, dimension).

    Args:
        n_points: How many, best a power of two.
        size: Dimensions, 1 to 8.
        rng: Shifts the lattice.

    Raises:
        ValueError: There are more dimensions than the lattice has.
    """
    if not 1 <= size <= GENERATOR.size:
        raise ValueError(f"{size} dimensions, must be 1 to {GENERATOR.size}")
    points = np.arange(n_points)[:, None] * (GENERATOR[:size] % n_points) / n_points + rng.random(size)
    out: Floats = np.clip(points % 1.0, EDGE, 1.0 - EDGE)
    return out


def student(n_points: int, size: int, *, freedom: float, rng: np.random.Generator) -> Floats:
    """Points of a multivariate Student-t of unit scale, evenly spread, shape (point, dimension).

    Args:
        n_points: How many, best a power of two.
        size: Dimensions, 1 to 7.
        freedom: Degrees of freedom, > 0.
        rng: Shifts the lattice.
    """
    cube = lattice(n_points, size + 1, rng=rng)
    spread = 2.0 * gammaincinv(freedom / 2.0, cube[:, -1])  # chi-squared
    out: Floats = ndtri(cube[:, :-1]) * np.sqrt(freedom / spread)[:, None]
    return out
