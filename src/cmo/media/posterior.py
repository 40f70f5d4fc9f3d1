"""The collapsed posterior of a marketing mix: everything linear and Gaussian is integrated out.

With `y = M(theta) b + Z g + e`, `g ~ N(0, I)` and `e ~ N(0, s^2 I)`, only the curve parameters, the returns
and the noise remain. `M b` lies on the channels' reduced bases, so that the likelihood and its gradient
need Gram matrices alone. Several baselines and links may be given with prior weights; the likelihood is their
mixture.
All functions take many points at once: chains move in lock-step and share the cost of each step.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cmo.media.curves import ReducedCurve, spline_weights
from cmo.media.witness import Witness

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
class Lifts:
    """Measured effects of tests, as linear functions of the media vector.

    Attributes:
        selector: Part of the media vector that each test measures, shape (links, tests, channels * width).
        measured: Measured pushes in standard deviations of the outcome, shape (links, tests).
        error: Their standard errors, shape (links, tests), > 0.
    """

    selector: Floats
    measured: Floats
    error: Floats

    def density(self, media: Floats) -> tuple[Floats, Floats]:
        """Log density by link (n, links) of media vectors, and its gradients (n, links, width)."""
        miss = (self.measured - np.einsum("nw,ltw->nlt", media, self.selector)) / self.error
        slopes = np.einsum("nlt,ltw->nlw", miss / self.error, self.selector)
        return -0.5 * (miss * miss).sum(axis=2) - np.log(self.error).sum(axis=1), slopes


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
    channel's return less its prior location, and the logarithm of each witness' noise.

    Attributes:
        n_channels: Number of channels.
        dimension: Length of a point.
        returns: Prior of the returns.
        spend: Money by channel in standard deviations of the outcome, shape (channels,).
        witnesses: Independent sets of observations: the nation first, then what regions differ in.
        n_links: Number of links between push and outcome.
    """

    def __init__(
        self,
        curves: tuple[ReducedCurve, ...],
        witnesses: tuple[Witness, ...],
        *,
        spend: Floats,
        returns: Returns,
        link_weights: Floats | None = None,
        lifts: Lifts | None = None,
    ) -> None:
        """Take the parts; `link_weights` are log weights of the links, one link by default."""
        self.n_channels = len(curves)
        self.returns = returns
        self.spend = spend
        self.witnesses = witnesses
        self._width = max(curve.table.shape[1] for curve in curves)
        self._groups = _grouped(curves, width=self._width)
        self._n_curve = sum(len(curve.intervals) for curve in curves)
        self._n_free = self._n_curve + self.n_channels
        self.dimension = self._n_free + len(witnesses)
        self._scales = np.array([witness.noise_scale for witness in witnesses])
        self._lifts = lifts
        self._link_weights = np.zeros(1) if link_weights is None else link_weights
        self.n_links = len(self._link_weights)

    def split(self, points: Floats) -> tuple[list[Floats], Floats, Floats]:
        """Curve coordinates per channel (n, free), returns (n, channels) and the nation's noise (n,)."""
        coordinates: list[Floats] = [np.empty((0, 0))] * self.n_channels
        for group in self._groups:
            for member, columns in zip(group.members, group.columns, strict=True):
                coordinates[member] = points[:, columns]
        roi = np.exp(self.returns.location + points[:, self._n_curve : self._n_free])
        return coordinates, roi, np.exp(points[:, self._n_free])

    def density(self, points: Floats) -> tuple[Floats, Floats]:
        """Log posterior density up to a constant, shape (n,), and gradient, shape (n, dimension)."""
        curves, log_noise = points[:, : self._n_curve], points[:, self._n_free :]
        deviations = points[:, self._n_curve : self._n_free]
        shapes, slopes = self._shapes(points)
        size = np.exp(self.returns.location + deviations) * self.spend
        media = size[:, :, None] * shapes
        value, by_media, by_log_noise = self._likelihood(media.reshape(len(points), -1), np.exp(log_noise))
        by_media = by_media.reshape(media.shape)
        prior, by_log_roi = self.returns.density(deviations)
        gradient = np.empty_like(points)
        gradient[:, : self._n_curve] = -curves
        for group, slope in zip(self._groups, slopes, strict=True):
            pushed = (by_media[:, group.members] * size[:, group.members, None])[:, :, None, :]
            gradient[:, group.columns] += (pushed * slope).sum(axis=3)
        gradient[:, self._n_curve : self._n_free] = by_log_roi + (by_media * media).sum(axis=2)
        ratio = np.exp(2 * log_noise) / self._scales**2
        gradient[:, self._n_free :] = by_log_noise - ratio + 1
        value += prior - 0.5 * (curves**2).sum(axis=1) + (log_noise - 0.5 * ratio).sum(axis=1)
        return value, gradient

    def by_link(self, points: Floats) -> Floats:
        """Log likelihood by link, prior weights and tests included, baselines mixed, shape (n, links)."""
        _, roi, _ = self.split(points)
        shapes, _ = self._shapes(points)
        media = ((roi * self.spend)[:, :, None] * shapes).reshape(len(points), -1)
        noise = self.noises(points)
        value = self.of_tests(points)
        for i, witness in enumerate(self.witnesses):
            value = value + np.logaddexp.reduce(witness.see(media, noise[:, i]).each, axis=2)
        return np.asarray(value, dtype=np.float64)

    def of_tests(self, points: Floats) -> Floats:
        """What the links' prior weights and the tests add to the log likelihood, shape (n, links)."""
        value = np.tile(self._link_weights, (len(points), 1))
        if self._lifts is None:
            return value
        _, roi, _ = self.split(points)
        shapes, _ = self._shapes(points)
        media = ((roi * self.spend)[:, :, None] * shapes).reshape(len(points), -1)
        return np.asarray(value + self._lifts.density(media)[0], dtype=np.float64)

    def noises(self, points: Floats) -> Floats:
        """Noise of every witness, shape (n, witnesses)."""
        return np.asarray(np.exp(points[:, self._n_free :]), dtype=np.float64)

    def _likelihood(self, media: Floats, noise: Floats) -> tuple[Floats, Floats, Floats]:
        """Log likelihood (n,), gradient by the media vector (n, channels * width), by log noises."""
        seen = [w.see(media, noise[:, i]) for i, w in enumerate(self.witnesses)]
        of_link = [np.logaddexp.reduce(one.each, axis=2) for one in seen]
        total = self._link_weights + np.sum(of_link, axis=0)
        tests = None if self._lifts is None else self._lifts.density(media)
        if tests is not None:
            total = total + tests[0]
        value = np.logaddexp.reduce(total, axis=1)
        of = np.exp(total - value[:, None])
        found = [
            w.gradient(one, of[:, :, None] * np.exp(one.each - mixed[:, :, None]))
            for w, one, mixed in zip(self.witnesses, seen, of_link, strict=True)
        ]
        by_media = np.sum([by_media for by_media, _ in found], axis=0)
        if tests is not None:
            by_media = by_media + np.einsum("nl,nlw->nw", of, tests[1])
        return value, by_media, np.stack([by_noise for _, by_noise in found], axis=1)

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
