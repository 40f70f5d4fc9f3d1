"""One set of observations of the outcome, with what is not media integrated out.

The nation's weeks are one witness; what regions differ in from week to week is another, with its own noise.
Both see the same media vector on its reduced basis, through Gram matrices alone, and the outcome through
every link at once.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


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
            Q, variance = _principal(Z)
            vectors[k, :, : Q.shape[1]] = Q[:, :width]
            variances[k, : len(variance)] = variance[:width]
        return cls(vectors=vectors, variances=variances, log_weights=np.log(weights / weights.sum()))


def _principal(Z: Floats) -> tuple[Floats, Floats]:
    """Orthonormal columns and variances of `Z Z'`; by the Gram matrix where rows are many."""
    if len(Z) < 3 * Z.shape[1]:
        Q, singular, _ = np.linalg.svd(Z, full_matrices=False)
        return Q, singular**2
    values, vectors = np.linalg.eigh(Z.T @ Z)
    kept = values > 1e-10 * values[-1]
    return (Z @ vectors[:, kept]) / np.sqrt(values[kept]), values[kept]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a witness makes of some media vectors.

    Attributes:
        each: Log likelihood with prior weights, shape (n, links, baselines).
        projected: Outcome less media on the baselines' vectors, shape (n, links, baselines, columns).
        gram: Media vectors times their Gram matrix, shape (n, channels * width).
        shrinkage: `d / (d + s^2)`, shape (n, baselines, columns).
        quadratic: Quadratic forms, shape (n, links, baselines).
        noise: Standard deviation of the noise, shape (n,).
    """

    each: Floats
    projected: Floats
    gram: Floats
    shrinkage: Floats
    quadratic: Floats
    noise: Floats


class Witness:
    """Gaussian likelihood of one set of observations, for many media vectors at once.

    Attributes:
        baselines: What is not media.
        noise_scale: Scale of the half-normal prior of the noise, in standard deviations of the outcome.
        n_rows: Number of independent observations.
    """

    def __init__(
        self,
        levels: Floats,
        media: Floats,
        *,
        baselines: Baselines,
        noise_scale: float,
        n_rows: int | None = None,
    ) -> None:
        """Take levels, shape (links, rows), and media bases, shape (rows, channels * width)."""
        self.baselines = baselines
        self.noise_scale = noise_scale
        self.n_rows = levels.shape[1] if n_rows is None else n_rows
        Q = np.concatenate(list(baselines.vectors), axis=1)
        self._sum_squares = (levels * levels).sum(axis=1)
        self._cross = levels @ media
        self._media_part = media.T @ Q
        self._projected = np.concatenate([media.T @ media, self._media_part], axis=1)
        self._level_part = levels @ Q

    def of_residual(self, residual: Floats, noise: Floats) -> Floats:
        """Log likelihood by baseline, shape (n, baselines), of level less exact media, (n, rows)."""
        projected = np.einsum("nt,ktj->nkj", residual, self.baselines.vectors)[:, None]
        each, _, _ = self._gaussian((residual**2).sum(axis=1)[:, None], projected, noise)
        return np.asarray(each[:, 0], dtype=np.float64)

    def see(self, media: Floats, noise: Floats) -> Seen:
        """Log likelihoods of media vectors (n, channels * width), and what their gradients need."""
        n, width = media.shape
        images = media @ self._projected
        gram, projection = images[:, :width], images[:, width:]
        own = (media * gram).sum(axis=1)[:, None]
        residual_squares = self._sum_squares + own - 2 * media @ self._cross.T
        shape = (n, len(self._sum_squares), *self.baselines.variances.shape)
        projected = (self._level_part - projection[:, None]).reshape(shape)
        each, shrinkage, quadratic = self._gaussian(residual_squares, projected, noise)
        return Seen(
            each=each,
            projected=projected,
            gram=gram,
            shrinkage=shrinkage,
            quadratic=quadratic,
            noise=noise,
        )

    def gradient(self, seen: Seen, chance: Floats) -> tuple[Floats, Floats]:
        """Gradient by the media vector (n, channels * width) and by the logarithm of the noise (n,).

        Args:
            seen: What was made of the media vectors.
            chance: Probability of each link and baseline, shape (n, links, baselines), with sum 1.
        """
        n = len(seen.noise)
        variance = seen.noise[:, None] ** 2
        smoothed = seen.shrinkage[:, None] * seen.projected
        back = np.einsum("nlk,nlkj->nkj", chance, smoothed).reshape(n, -1) @ self._media_part.T
        by_media = (chance.sum(axis=2) @ self._cross - seen.gram - back) / variance
        kept = (smoothed * seen.projected * (1 - seen.shrinkage[:, None])).sum(axis=3) / variance[:, None]
        freedom = (self.n_rows - seen.shrinkage.sum(axis=2))[:, None]
        return by_media, (chance * (seen.quadratic - kept - freedom)).sum(axis=(1, 2))

    def _gaussian(
        self, residual_squares: Floats, projected: Floats, noise: Floats
    ) -> tuple[Floats, Floats, Floats]:
        """Log likelihood under each link and baseline, shrinkage, and quadratic form: see `Seen`."""
        variance = noise[:, None, None] ** 2
        shrinkage = self.baselines.variances / (self.baselines.variances + variance)
        explained = (shrinkage[:, None] * projected * projected).sum(axis=3)
        quadratic = (residual_squares[:, :, None] - explained) / variance
        log_determinant = self.n_rows * np.log(variance[:, 0]) - np.log1p(-shrinkage).sum(axis=2)
        each = self.baselines.log_weights - 0.5 * (quadratic + log_determinant[:, None])
        return each, shrinkage, quadratic
