"""The map of brands and image attributes, and how far chance could have moved them on it."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.linalg import orthogonal_procrustes

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageMap:
    """Correspondence analysis of a table of brands by attributes.

    Attributes:
        inertia: Inertia of each dimension, greatest first, shape (dimensions,).
        rows: Principal coordinates of the brands, shape (brands, dimensions).
        columns: Principal coordinates of the attributes, shape (attributes, dimensions).
        row_mass: Share of the table's total in each brand, shape (brands,).
        column_mass: The same of each attribute, shape (attributes,).
        chi_square: Chi-square of independence, on (brands - 1)(attributes - 1) degrees of freedom.
    """

    inertia: Floats
    rows: Floats
    columns: Floats
    row_mass: Floats
    column_mass: Floats
    chi_square: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Stability:
    """How far other respondents would have moved the map's first two dimensions.

    Attributes:
        rows: Maps of resampled counts laid upon the map, shape (draws, brands, 2).
        columns: The same of the attributes, shape (draws, attributes, 2).
        agreement: Mean share of the map that resampled maps repeat, in [0, 1]; near 1 it may be read
            brand by brand, below about 0.8 it should not be read at all.
    """

    rows: Floats
    columns: Floats
    agreement: float


def image_map(counts: Floats) -> ImageMap:
    """Correspondence analysis.

    Args:
        counts: Persons who associate each brand with each attribute, >= 0, shape (brands, attributes), both
            at least 2, no brand and no attribute empty.

    Returns:
        The map, all min(brands, attributes) - 1 dimensions of it. The sign of a dimension means nothing.

    Raises:
        ValueError: The table is too small, or a brand or an attribute has no count.

    References:
        Greenacre (2017), "Correspondence Analysis in Practice", 3rd ed., appendix A.
    """
    if min(counts.shape) < 2 or np.any(counts < 0):
        raise ValueError(f"a table of {counts.shape} was given, at least 2 x 2 counts >= 0 are needed")
    total = float(counts.sum())
    row_mass, column_mass = counts.sum(axis=1) / total, counts.sum(axis=0) / total
    if np.any(row_mass <= 0) or np.any(column_mass <= 0):
        raise ValueError("a brand or an attribute has no count at all; leave it out")
    expected = np.outer(row_mass, column_mass)
    left, sizes, right = np.linalg.svd((counts / total - expected) / np.sqrt(expected), full_matrices=False)
    kept = min(counts.shape) - 1
    return ImageMap(
        inertia=sizes[:kept] ** 2,
        rows=left[:, :kept] * sizes[:kept] / np.sqrt(row_mass)[:, None],
        columns=right[:kept].T * sizes[:kept] / np.sqrt(column_mass)[:, None],
        row_mass=row_mass,
        column_mass=column_mass,
        chi_square=float(total * (sizes**2).sum()),
    )


def stability(positive: Floats, asked: Floats, *, rng: np.random.Generator, draws: int = 200) -> Stability:
    """Resample the respondents, map again, and lay each map upon the first.

    Args:
        positive: Persons who associate each brand with each attribute, shape (brands, attributes), at
            least three brands and three attributes so that there are two dimensions.
        asked: Persons asked, same shape.
        rng: Source of randomness.
        draws: Number of resampled maps, >= 1.

    Returns:
        The resampled maps, turned and mirrored (not stretched) onto the map of the data.
    """
    reference = image_map(positive)
    points = np.vstack([reference.rows[:, :2], reference.columns[:, :2]])
    n_brands = positive.shape[0]
    moved = np.empty((draws, *points.shape))
    again = rng.beta(positive + 0.5, asked - positive + 0.5, size=(draws, *positive.shape))
    resampled = np.maximum(rng.binomial(asked.astype(np.int64), again), 0.5)
    for draw in range(draws):
        found = image_map(resampled[draw])
        cloud = np.vstack([found.rows[:, :2], found.columns[:, :2]])
        turn, _ = orthogonal_procrustes(cloud, points)
        moved[draw] = cloud @ turn
    spread = ((moved - points) ** 2).sum(axis=(1, 2)) / (points**2).sum()
    return Stability(
        rows=moved[:, :n_brands],
        columns=moved[:, n_brands:],
        agreement=float(np.clip(1 - spread, 0, 1).mean()),
    )
