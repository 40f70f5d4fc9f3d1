"""The collapsed posterior of a marketing mix: everything linear and Gaussian is integrated out.

With `y = M(theta) b + Z g + e`, `g ~ N(0, I)` and `e ~ N(0, s^2 I)`, only the curve parameters, the returns
and the noise remain. `M b` lies on the channels' reduced bases, so that the likelihood and its gradient
need Gram matrices alone. Several baselines may be given with prior weights; the likelihood is their mixture.
All functions take many points at once: chains move in lock-step and share the cost of each step.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cmo.media.curves import ReducedCurve, spline_weights

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Returns:
    """Prior of the logarithms of the returns: a mixture of joint normals around one location.

    What all channels share (how high returns are in this company) is a covariance here, and how alike they
    are a mixture over scales: both are integrated out, and no funnel is left to sample.

    Attributes:
        location: Logarithm of each median, shape (channels,).
        precision: Inverse covariances, shape (scales, channels, channels).
        log_weights: Logarithm of each scale's probability and of the root of its precision's determinant,
            shape (scales,).
    """

    location: Floats
    precision: Floats
    log_weights: Floats

    @classmethod
    def pooled(cls, location: Floats, *, common: Floats, scale: Floats, spread: Floats) -> "Returns":
        """Returns whose logarithms share a part and differ by an unknown amount.

        Args:
            location: Logarithm of each median, shape (channels,).
            common: Standard deviation of what a channel shares with the others, shape (channels,), >= 0.
            scale: Median standard deviation of its own part, shape (channels,), > 0.
            spread: How unsure that is, in logarithms, shape (channels,), >= 0.
        """
        nodes, weights = np.polynomial.hermite_e.hermegauss(5)
        own = scale * np.exp(nodes[:, None] * spread)
        covariance = common[:, None] * common + own[:, :, None] ** 2 * np.eye(len(location))
        precision = np.asarray(np.linalg.inv(covariance), dtype=np.float64)
        _, log_determinant = np.linalg.slogdet(precision)
        return cls(
            location=location,
            precision=precision,
            log_weights=np.log(weights / weights.sum()) + log_determinant / 2,
        )

    def density(self, deviations: Floats) -> tuple[Floats, Floats]:
        """Log density up to a constant (n,), and gradient (n, channels), of log ROI less location."""
        pushed = deviations @ self.precision
        each = self.log_weights - 0.5 * (pushed * deviations).sum(axis=2).T
        top = each.max(axis=1, keepdims=True)
        chance = np.exp(each - top)
        total = chance.sum(axis=1, keepdims=True)
        gradient = -np.einsum("nk,knc->nc", chance / total, pushed)
        return top[:, 0] + np.log(total[:, 0]), gradient

    def draw(self, n: int, *, rng: np.random.Generator) -> Floats:
        """Returns drawn from the prior, shape (n, channels)."""
        _, log_determinant = np.linalg.slogdet(self.precision)
        chance = np.exp(self.log_weights - log_determinant / 2)
        which = rng.choice(len(chance), size=n, p=chance / chance.sum())
        factors = np.linalg.cholesky(np.linalg.inv(self.precision))
        noise = rng.standard_normal((n, len(self.location)))
        return np.asarray(np.exp(self.location + np.einsum("nij,nj->ni", factors[which], noise)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Baselines:
    """Gaussian covariances of what is not media, one per candidate baseline, in their own eigenvectors.

    Attributes:
        vectors: Orthonormal columns, shape (baselines, weeks, columns).
        variances: Their prior variances, shape (baselines, columns), >= 0.
        log_weights: Logarithms of prior probabilities, shape (baselines,).
    """

    vectors: Floats
    variances: Floats
    log_weights: Floats

    @classmethod
    def of_columns(cls, candidates: tuple[Floats, ...], *, weights: Floats) -> "Baselines":
        """Baselines from columns scaled by their prior standard deviations.

        Args:
            candidates: One matrix per candidate, shape (weeks, its columns).
            weights: Prior weights, shape (candidates,), > 0.
        """
        width = min(max(Z.shape[1] for Z in candidates), len(candidates[0]))
        vectors = np.zeros((len(candidates), len(candidates[0]), width))
        variances = np.zeros((len(candidates), width))
        for k, Z in enumerate(candidates):
            Q, singular, _ = np.linalg.svd(Z, full_matrices=False)
            vectors[k, :, : Q.shape[1]] = Q[:, :width]
            variances[k, : len(singular)] = singular[:width] ** 2
        return cls(vectors=vectors, variances=variances, log_weights=np.log(weights / weights.sum()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifts:
    """Measured effects of tests, as linear functions of the media vector.

    Attributes:
        selector: Part of the media vector that each test measures, shape (tests, channels, width).
        measured: Measured effects in standard deviations of the outcome, shape (tests,).
        error: Their standard errors, shape (tests,), > 0.
    """

    selector: Floats
    measured: Floats
    error: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class _Group:
    """Channels whose tables share their axes, so that one gather serves them all."""

    members: npt.NDArray[np.intp]
    columns: npt.NDArray[np.intp]
    intervals: npt.NDArray[np.intp]
    strides: npt.NDArray[np.intp]
    offsets: npt.NDArray[np.intp]
    starts: npt.NDArray[np.intp]
    table: Floats


class Posterior:
    """Log density and gradient of the non-linear parameters, for many points at once.

    A point holds the curve coordinates channel by channel (standard normal a priori), the logarithm of each
    channel's return less its prior location, and the logarithm of the noise.

    Attributes:
        n_channels: Number of channels.
        dimension: Length of a point.
        returns: Prior of the returns.
        noise_scale: Scale of the half-normal prior of the noise, in standard deviations of the outcome.
    """

    def __init__(
        self,
        outcome: Floats,
        curves: tuple[ReducedCurve, ...],
        *,
        spend: Floats,
        returns: Returns,
        baselines: Baselines,
        lifts: Lifts | None = None,
        noise_scale: float = 1.0,
    ) -> None:
        self.n_channels = len(curves)
        self.returns = returns
        self.noise_scale = noise_scale
        self.spend = spend
        self.baselines = baselines
        self.n_weeks = len(outcome)
        self._width = max(curve.table.shape[1] for curve in curves)
        self._groups = _grouped(curves, width=self._width)
        self._n_curve = sum(len(curve.intervals) for curve in curves)
        self.dimension = self._n_curve + self.n_channels + 1
        V = _stacked(curves, width=self._width)
        Q = np.concatenate(list(baselines.vectors), axis=1)
        self._sum_squares = float(outcome @ outcome)
        self._cross = V.T @ outcome
        self._gram = V.T @ V
        self._media_part = V.T @ Q
        self._projected = np.concatenate([V.T @ V, self._media_part], axis=1)
        self._outcome_part = Q.T @ outcome
        self._lifts = lifts
        if lifts is not None:
            self._selector = lifts.selector.reshape(len(lifts.measured), -1)

    def split(self, points: Floats) -> tuple[list[Floats], Floats, Floats]:
        """Curve coordinates per channel (n, free), returns (n, channels) and the noise (n,) of points."""
        coordinates: list[Floats] = [np.empty((0, 0))] * self.n_channels
        for group in self._groups:
            for member, columns in zip(group.members, group.columns, strict=True):
                coordinates[member] = points[:, columns]
        roi = np.exp(self.returns.location + points[:, self._n_curve : -1])
        return coordinates, roi, np.exp(points[:, -1])

    def density(self, points: Floats) -> tuple[Floats, Floats]:
        """Log posterior density up to a constant, shape (n,), and gradient, shape (n, dimension)."""
        curves, log_noise = points[:, : self._n_curve], points[:, -1]
        shapes, slopes = self._shapes(points)
        size = np.exp(self.returns.location + points[:, self._n_curve : -1]) * self.spend
        media = size[:, :, None] * shapes
        value, by_media, by_log_noise = self._likelihood(media.reshape(len(points), -1), np.exp(log_noise))
        by_media = by_media.reshape(media.shape)
        prior, by_log_roi = self.returns.density(points[:, self._n_curve : -1])
        gradient = np.empty_like(points)
        gradient[:, : self._n_curve] = -curves
        for group, slope in zip(self._groups, slopes, strict=True):
            pushed = (by_media[:, group.members] * size[:, group.members, None])[:, :, None, :]
            gradient[:, group.columns] += (pushed * slope).sum(axis=3)
        gradient[:, self._n_curve : -1] = by_log_roi + (by_media * media).sum(axis=2)
        ratio = np.exp(2 * log_noise) / self.noise_scale**2
        gradient[:, -1] = by_log_noise - ratio + 1
        value += prior - 0.5 * (curves**2).sum(axis=1) - 0.5 * ratio + log_noise
        return value, gradient

    def log_likelihood(self, points: Floats) -> Floats:
        """Log likelihood of the outcome alone (no test, no prior), baselines mixed, shape (n,)."""
        _, roi, noise = self.split(points)
        shapes, _ = self._shapes(points)
        media = ((roi * self.spend)[:, :, None] * shapes).reshape(len(points), -1)
        residual_squares, projected, _ = self._residual(media)
        each, _, _ = self.gaussian(residual_squares, projected, noise)
        return np.asarray(np.logaddexp.reduce(each, axis=1), dtype=np.float64)

    def gaussian(
        self, residual_squares: Floats, projected: Floats, noise: Floats
    ) -> tuple[Floats, Floats, Floats]:
        """Log likelihood under each baseline.

        Args:
            residual_squares: Sum of squares of outcome less media, shape (n,).
            projected: The same residual on the baselines' vectors, shape (n, baselines, columns).
            noise: Standard deviation of the noise, shape (n,).

        Returns:
            Log likelihood with prior weights, shape (n, baselines); the shrinkage `d / (d + s^2)`, shape
            (n, baselines, columns); the quadratic form, shape (n, baselines).
        """
        variance = noise[:, None, None] ** 2
        shrinkage = self.baselines.variances / (self.baselines.variances + variance)
        explained = (shrinkage * projected * projected).sum(axis=2)
        quadratic = (residual_squares[:, None] - explained) / variance[:, 0]
        log_determinant = self.n_weeks * np.log(variance[:, 0]) - np.log1p(-shrinkage).sum(axis=2)
        return self.baselines.log_weights - 0.5 * (quadratic + log_determinant), shrinkage, quadratic

    def _likelihood(self, media: Floats, noise: Floats) -> tuple[Floats, Floats, Floats]:
        """Log likelihood (n,), gradient by the media vector (n, channels * width), by log noise (n,)."""
        n = len(media)
        residual_squares, projected, gram = self._residual(media)
        each, shrinkage, quadratic = self.gaussian(residual_squares, projected, noise)
        top = each.max(axis=1, keepdims=True)
        chance = np.exp(each - top)
        total = chance.sum(axis=1, keepdims=True)
        chance /= total
        value = top[:, 0] + np.log(total[:, 0])
        smoothed = shrinkage * projected
        back = (chance[:, :, None] * smoothed).reshape(n, -1) @ self._media_part.T
        by_media = (self._cross - gram - back) / noise[:, None] ** 2
        kept = (projected * projected * shrinkage * (1 - shrinkage)).sum(axis=2) / noise[:, None] ** 2
        freedom = self.n_weeks - shrinkage.sum(axis=2)
        by_noise = (chance * (quadratic - kept - freedom)).sum(axis=1)
        if self._lifts is not None:
            miss = (self._lifts.measured - media @ self._selector.T) / self._lifts.error
            value -= 0.5 * (miss * miss).sum(axis=1)
            by_media += (miss / self._lifts.error) @ self._selector
        return value, by_media, by_noise

    def _residual(self, media: Floats) -> tuple[Floats, Floats, Floats]:
        """Sum of squares of outcome less media (n,), its image on the baselines, and media's Gram image."""
        n, width = media.shape
        images = media @ self._projected
        gram, projection = images[:, :width], images[:, width:]
        residual_squares = self._sum_squares + (media * (gram - 2 * self._cross)).sum(axis=1)
        projected = (self._outcome_part - projection).reshape(n, *self.baselines.variances.shape)
        return residual_squares, projected, gram

    def _shapes(self, points: Floats) -> tuple[Floats, list[Floats]]:
        """Curves on their bases (n, channels, width) and, per group, slopes (n, members, free, width)."""
        n = len(points)
        shapes = np.empty((n, self.n_channels, self._width))
        slopes = []
        for group in self._groups:
            cell, weight, slope = spline_weights(points[:, group.columns], group.intervals)
            weights = _tensor_weights(weight, slope)
            row = (cell * group.strides).sum(axis=2) + group.starts
            block = group.table.take(row[:, :, None] + group.offsets, axis=0)
            found = weights @ block
            shapes[:, group.members] = found[:, :, 0]
            slopes.append(found[:, :, 1:])
        return shapes, slopes


def _tensor_weights(weight: Floats, slope: Floats) -> Floats:
    """Products of the axes' weights, then with each axis' slope in turn: (n, c, 1 + free, 4^free)."""
    n, members, free, _ = weight.shape
    rows = np.stack([weight[:, :, 0], slope[:, :, 0]], axis=2)
    for axis in range(1, free):
        width = rows.shape[3]
        out = np.empty((n, members, axis + 2, width, 4))
        np.multiply(rows[..., None], weight[:, :, axis, None, None, :], out=out[:, :, : axis + 1])
        np.multiply(rows[:, :, 0, :, None], slope[:, :, axis, None, :], out=out[:, :, axis + 1])
        rows = out.reshape(n, members, axis + 2, 4 * width)
    return rows


def _grouped(curves: tuple[ReducedCurve, ...], *, width: int) -> tuple[_Group, ...]:
    free = np.array([len(curve.intervals) for curve in curves])
    first = np.concatenate([[0], np.cumsum(free)[:-1]])
    groups = []
    for axes in sorted({curve.intervals for curve in curves}):
        members = np.array([i for i, curve in enumerate(curves) if curve.intervals == axes])
        nodes = np.array(axes) + 3
        strides = np.concatenate([np.cumprod(nodes[:0:-1])[::-1], [1]]).astype(np.intp)
        corner = np.stack(np.meshgrid(*[np.arange(4)] * len(axes), indexing="ij"), axis=-1)
        tables = [np.zeros((int(nodes.prod()), width)) for _ in members]
        for table, member in zip(tables, members, strict=True):
            _place(table, curves[member], width=width)
        groups.append(
            _Group(
                members=members,
                columns=first[members, None] + np.arange(len(axes)),
                intervals=np.array(axes),
                strides=strides,
                offsets=(corner.reshape(-1, len(axes)) * strides).sum(axis=1),
                starts=np.arange(len(members)) * int(nodes.prod()),
                table=np.concatenate(tables),
            )
        )
    return tuple(groups)


def _place(table: Floats, curve: ReducedCurve, *, width: int) -> None:
    """Basis coordinates from the left, lifts from the right, so that all channels share one layout."""
    rank = curve.basis.shape[1]
    table[:, :rank] = curve.table[:, :rank]
    changes = curve.table.shape[1] - rank
    if changes:
        table[:, width - changes :] = curve.table[:, rank:]


def _stacked(curves: tuple[ReducedCurve, ...], *, width: int) -> Floats:
    weeks = len(curves[0].basis)
    V = np.zeros((weeks, len(curves), width))
    for i, curve in enumerate(curves):
        V[:, i, : curve.basis.shape[1]] = curve.basis
    return V.reshape(weeks, -1)
