"""The response curves of a channel on a small basis, so that a likelihood never sees the weeks.

The adstocked and saturated curve of a channel, scaled to sum to one over the window, is a smooth family of
two to four parameters. Over the prior's range its first dozen singular vectors carry it to about 1e-4.
Coordinates on these vectors are interpolated by a tensor cubic B-spline in the standard normal coordinates
of the parameters. The cost of a likelihood then depends on the number of vectors, not of weeks, and the
exact curves remain at hand to check it.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cmo.media.adstock import Adstock, Geometric, carryover
from cmo.media.saturation import Hill, Saturation

Floats = npt.NDArray[np.float64]

REACH = 4.0
"""Coordinates are tabulated within this many standard deviations of the prior and held beyond."""
RANK = 14
"""Singular vectors kept at most."""
_INTERVALS = {1: 24, 2: 16, 3: 14, 4: 8}
_SLOPE_INTERVALS = 6
_SKETCH = 200
_NEGLIGIBLE = 1e-10
_GEOMETRIC = Geometric()
_HILL = Hill()
_GOLDEN = 0.6180339887498949
_CUBIC = np.array([[1.0, 4, 1, 0], [-3, 0, 3, 0], [3, -6, 3, 0], [-1, 3, -3, 1]]) / 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """A carry-over and a saturation: what is believed of the shape of one channel's response.

    Attributes:
        adstock: Carry-over.
        saturation: Saturation.
    """

    adstock: Adstock = _GEOMETRIC
    saturation: Saturation = _HILL

    @property
    def n_free(self) -> int:
        """Number of parameters that are not fixed."""
        return sum(prior.varies for prior in (*self.adstock.priors, *self.saturation.priors))

    def parameters(self, coordinates: Floats) -> tuple[Floats, Floats]:
        """Parameters of the carry-over and of the saturation, shapes (n, p), at coordinates (n, free)."""
        held = np.clip(coordinates, -REACH, REACH)
        columns, used = [], 0
        for prior in (*self.adstock.priors, *self.saturation.priors):
            at = held[:, used] if prior.varies else np.zeros(len(held))
            columns.append(prior.quantile(at))
            used += prior.varies
        stacked = np.stack(columns, axis=1)
        n_adstock = len(self.adstock.priors)
        return stacked[:, :n_adstock], stacked[:, n_adstock:]

    def responses(self, exposure: Floats, coordinates: Floats) -> Floats:
        """Responses by region and week, shape (n, regions, weeks), at coordinates (n, free)."""
        lagging, saturating = self.parameters(coordinates)
        stock = carryover(exposure, self.adstock.weights(lagging))
        return self.saturation.response(stock, saturating[:, None, :])

    def knots(self) -> tuple[int, ...]:
        """Spline intervals of each free parameter: the slope moves a curve least and needs fewest."""
        intervals = [_INTERVALS[min(self.n_free, 4)]] * self.n_free
        if isinstance(self.saturation, Hill) and self.saturation.slope.varies:
            intervals[-1] = _SLOPE_INTERVALS
        return tuple(intervals)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What a test took away from (or added to) a channel, and the weeks in which its effect was read.

    Attributes:
        without: Exposure had the test not changed it, shape (regions, weeks with history).
        read: Weight of the push where and when its effect was read, by link, shape (links, regions, weeks);
            zero elsewhere.
    """

    without: Floats
    read: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class ReducedCurve:
    """A family of curves on a basis.

    Attributes:
        basis: Orthonormal vectors over regions and weeks, shape (regions * weeks, rank).
        table: Spline coefficients of the coordinates, then of a lift per change and link, shape
            (nodes, rank + changes * links).
        intervals: Spline intervals per free parameter.
        error: Largest relative error (2-norm) of a curve at the middle of the cells within three prior
            standard deviations.
    """

    basis: Floats
    table: Floats
    intervals: tuple[int, ...]
    error: float

    @property
    def n_nodes(self) -> tuple[int, ...]:
        """Spline coefficients per free parameter."""
        return tuple(n + 3 for n in self.intervals)


def reduce_curves(
    family: Family,
    exposure: Floats,
    *,
    shares: Floats,
    weeks: int,
    changes: tuple[Change, ...] = (),
    tolerance: float = 1e-3,
) -> ReducedCurve:
    """Project a channel's family of curves on a small basis.

    Args:
        family: Carry-over and saturation.
        exposure: Exposure per head in multiples of the typical week, shape (regions, weeks with history).
        shares: Part of the people in each region, shape (regions,).
        weeks: The last weeks, over which curves are scaled to sum to one.
        changes: Tests on this channel.
        tolerance: Relative error, in the mean square over the prior, at which no further vector is added.

    Returns:
        The reduced family, with its accuracy.
    """
    intervals = family.knots()
    points = [_collocation(n) for n in intervals]
    grid = _tensor(points)
    raw = shares[:, None] * _on_grid(family, exposure, points=points)[..., -weeks:]
    total = raw.sum(axis=(1, 2))
    curves = raw.reshape(len(raw), -1) / total[:, None]
    lifts = [
        np.einsum(
            "nrt,lrt->nl",
            raw - shares[:, None] * _on_grid(family, change.without, points=points)[..., -weeks:],
            change.read,
        )
        / total[:, None]
        for change in changes
    ]
    basis = _basis(curves, grid=grid, tolerance=tolerance)
    values = np.concatenate([curves @ basis, *lifts], axis=1)
    table = _spline(values, intervals=intervals)
    checked = _check_points(grid.shape[1], intervals=intervals)
    exact = (shares[:, None] * family.responses(exposure, checked)[..., -weeks:]).reshape(len(checked), -1)
    exact /= exact.sum(axis=1, keepdims=True)
    reduced = interpolate(table, checked, intervals=intervals)[:, : basis.shape[1]] @ basis.T
    error = np.linalg.norm(reduced - exact, axis=1) / np.linalg.norm(exact, axis=1)
    return ReducedCurve(basis=basis, table=table, intervals=intervals, error=float(error.max()))


def interpolate(table: Floats, coordinates: Floats, *, intervals: tuple[int, ...]) -> Floats:
    """Values of the tensor spline, shape (n, columns), at coordinates of shape (n, free)."""
    cell, weight, _ = spline_weights(coordinates, np.array(intervals))
    joint, row = weight[:, 0], cell[:, 0, None] + np.arange(4)
    for axis in range(1, len(intervals)):
        joint = (joint[:, :, None] * weight[:, axis, None, :]).reshape(len(joint), -1)
        step = cell[:, axis, None] + np.arange(4)
        row = (row[:, :, None] * (intervals[axis] + 3) + step[:, None, :]).reshape(len(row), -1)
    return np.asarray(np.einsum("nk,nkc->nc", joint, table[row]), dtype=np.float64)


def spline_weights(
    coordinates: Floats, intervals: npt.NDArray[np.intp]
) -> tuple[npt.NDArray[np.intp], Floats, Floats]:
    """Cell, weights and their slopes of a uniform cubic B-spline on [-REACH, REACH].

    Args:
        coordinates: Standard normal coordinates, shape (..., free); held at the ends.
        intervals: Intervals of each axis, shape (free,).

    Returns:
        First coefficient of the four at work, shape (..., free); their weights and the derivatives of these
        by the coordinate (zero beyond the ends), shapes (..., free, 4).
    """
    scale = intervals / (2 * REACH)
    place = (np.clip(coordinates, -REACH, REACH) + REACH) * scale
    cell = np.minimum(place.astype(np.intp), intervals - 1)
    t = place - cell
    one = np.ones_like(t)
    powers = np.stack([one, t, t * t, t * t * t], axis=-1)
    slopes = np.stack([np.zeros_like(t), one, 2 * t, 3 * t * t], axis=-1)
    inside = (np.abs(coordinates) <= REACH) * scale
    return cell, powers @ _CUBIC, (slopes @ _CUBIC) * inside[..., None]


def _collocation(intervals: int) -> Floats:
    knots = np.linspace(-REACH, REACH, intervals + 1)
    middle = (knots[:-1] + knots[1:]) / 2
    return np.sort(np.concatenate([knots, middle[[0, -1]]]))


def _tensor(points: list[Floats]) -> Floats:
    return np.stack([axis.ravel() for axis in np.meshgrid(*points, indexing="ij")], axis=1)


def _on_grid(family: Family, exposure: Floats, *, points: list[Floats]) -> Floats:
    """Responses at every grid point; each carry-over is computed once for all saturations."""
    n_lag = sum(prior.varies for prior in family.adstock.priors)
    lagging, saturating = points[:n_lag], points[n_lag:]
    lag_grid = _tensor(lagging) if lagging else np.zeros((1, 0))
    sat_grid = _tensor(saturating) if saturating else np.zeros((1, 0))
    fill = np.zeros((len(lag_grid), len(saturating)))
    lag_values, _ = family.parameters(np.concatenate([lag_grid, fill], axis=1))
    fill = np.zeros((len(sat_grid), len(lagging)))
    _, sat_values = family.parameters(np.concatenate([fill, sat_grid], axis=1))
    stock = carryover(exposure, family.adstock.weights(lag_values))
    response = family.saturation.response(stock[:, None], sat_values[None, :, None, :])
    return response.reshape(-1, *exposure.shape)


def _basis(curves: Floats, *, grid: Floats, tolerance: float) -> Floats:
    """Leading singular vectors, likely curves weighing more than those at the ends of the prior."""
    weight = np.exp(-(grid**2).sum(axis=1) / 8)
    unit = curves * (weight / np.linalg.norm(curves, axis=1))[:, None]
    scattered = np.argsort(np.arange(len(unit)) * _GOLDEN % 1.0)[:_SKETCH]
    sketch = unit[scattered]
    # By the Gram matrix: what it loses lies far below the tolerance, and rows may be many.
    values, weights = np.linalg.eigh(sketch @ sketch.T)
    leading = np.flatnonzero(values > _NEGLIGIBLE * values[-1])[::-1][:RANK]
    vectors = (weights[:, leading] / np.sqrt(values[leading])).T @ sketch
    missing = 1 - np.cumsum(((unit @ vectors.T) ** 2).sum(axis=0)) / (unit**2).sum()
    enough = np.flatnonzero(missing < tolerance**2)
    rank = int(enough[0]) + 1 if len(enough) else len(vectors)
    return np.ascontiguousarray(vectors[:rank].T)


def _spline(values: Floats, *, intervals: tuple[int, ...]) -> Floats:
    shaped = values.reshape(*(n + 3 for n in intervals), -1)
    for axis, n in enumerate(intervals):
        cell, weight, _ = spline_weights(_collocation(n)[:, None], np.array([n]))
        matrix = np.zeros((n + 3, n + 3))
        rows = np.arange(n + 3)[:, None]
        matrix[rows, cell + np.arange(4)] = weight[:, 0]
        solved = np.tensordot(np.linalg.inv(matrix), shaped, axes=(1, axis))
        shaped = np.moveaxis(solved, 0, axis)
    return np.ascontiguousarray(shaped.reshape(-1, values.shape[1]))


def _check_points(n_free: int, *, intervals: tuple[int, ...]) -> Floats:
    middles = []
    for n in intervals:
        knots = np.linspace(-REACH, REACH, n + 1)
        middle = (knots[:-1] + knots[1:]) / 2
        middles.append(middle[np.abs(middle) <= 3])
    points = _tensor(middles)
    return points[:: max(1, len(points) // 200)].reshape(-1, n_free)
