"""One set of observations of the outcome, with what is not media integrated out.

The nation's weeks are one witness; what regions differ in from week to week is another, with its own noise.
Both see the same media vector on its reduced basis, through Gram matrices alone.
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


class Witness:
    """Gaussian likelihood of one set of observations, for many media vectors at once.

    Attributes:
        baselines: What is not media.
        noise_scale: Scale of the half-normal prior of the noise, in standard deviations of the outcome.
        n_rows: Number of independent observations.
    """

    def __init__(
        self,
        outcome: Floats,
        media: Floats,
        *,
        baselines: Baselines,
        noise_scale: float,
        n_rows: int | None = None,
    ) -> None:
        self.baselines = baselines
        self.noise_scale = noise_scale
        self.n_rows = len(outcome) if n_rows is None else n_rows
        Q = np.concatenate(list(baselines.vectors), axis=1)
        self._sum_squares = float(outcome @ outcome)
        self._cross = media.T @ outcome
        self._media_part = media.T @ Q
        self._projected = np.concatenate([media.T @ media, self._media_part], axis=1)
        self._outcome_part = Q.T @ outcome

    def log_likelihood(self, media: Floats, noise: Floats) -> Floats:
        """Log likelihood, baselines mixed, shape (n,), of media vectors (n, channels * width)."""
        residual_squares, projected, _ = self._residual(media)
        each, _, _ = self.gaussian(residual_squares, projected, noise)
        return np.asarray(np.logaddexp.reduce(each, axis=1), dtype=np.float64)

    def of_residual(self, residual: Floats, noise: Floats) -> Floats:
        """Log likelihood of outcome less exact media, (n, rows), baselines mixed, shape (n,)."""
        projected = np.einsum("nt,ktj->nkj", residual, self.baselines.vectors)
        each, _, _ = self.gaussian((residual**2).sum(axis=1), projected, noise)
        return np.asarray(np.logaddexp.reduce(each, axis=1), dtype=np.float64)

    def chances(self, residual: Floats, noise: Floats) -> Floats:
        """Probability of each baseline given outcome less media, (n, rows), shape (n, baselines)."""
        projected = np.einsum("nt,ktj->nkj", residual, self.baselines.vectors)
        each, _, _ = self.gaussian((residual**2).sum(axis=1), projected, noise)
        chance = np.exp(each - each.max(axis=1, keepdims=True))
        return np.asarray(chance / chance.sum(axis=1, keepdims=True), dtype=np.float64)

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
        log_determinant = self.n_rows * np.log(variance[:, 0]) - np.log1p(-shrinkage).sum(axis=2)
        return self.baselines.log_weights - 0.5 * (quadratic + log_determinant), shrinkage, quadratic

    def likelihood(self, media: Floats, noise: Floats) -> tuple[Floats, Floats, Floats]:
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
        kept = (smoothed * projected * (1 - shrinkage)).sum(axis=2) / noise[:, None] ** 2
        freedom = self.n_rows - shrinkage.sum(axis=2)
        return value, by_media, (chance * (quadratic - kept - freedom)).sum(axis=1)

    def _residual(self, media: Floats) -> tuple[Floats, Floats, Floats]:
        """Sum of squares of outcome less media (n,), its image on the baselines, and media's Gram image."""
        n, width = media.shape
        images = media @ self._projected
        gram, projection = images[:, :width], images[:, width:]
        residual_squares = self._sum_squares + (media * (gram - 2 * self._cross)).sum(axis=1)
        projected = (self._outcome_part - projection).reshape(n, *self.baselines.variances.shape)
        return residual_squares, projected, gram
