"""The diffusion of something new: how large its market becomes and when it peaks, from few early sales."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import least_squares
from scipy.special import logsumexp

Floats = npt.NDArray[np.float64]

FREEDOM = 5.0  # of the proposals: tails heavier than the posterior's
PROPOSALS = 8000
WIDER = 1.3  # by how much proposals spread beyond the curvature at the peak
ERROR = 0.10  # usual error of a period's sales, as a share of them
ERROR_FREEDOM = 6.0  # observations that the usual error counts for
STEP = 1e-5


@dataclass(frozen=True, slots=True, kw_only=True)
class Analogues:
    """What finished diffusions teach of a new one: normal logarithms.

    Attributes:
        innovation: Mean and standard deviation of log p, the pull from outside, per period.
        imitation: Mean and standard deviation of log q, the pull of those who have it, per period.
        market: Mean and standard deviation of the log of the final market over what was sold so far.
    """

    innovation: tuple[float, float]
    imitation: tuple[float, float]
    market: tuple[float, float]

    @property
    def mean(self) -> Floats:
        """Means of log market over sales so far, log p, log q."""
        return np.array([self.market[0], self.innovation[0], self.imitation[0]])

    @property
    def spread(self) -> Floats:
        """Their standard deviations."""
        return np.array([self.market[1], self.innovation[1], self.imitation[1]])


USUAL = Analogues(
    innovation=(float(np.log(0.01)), 0.8),
    imitation=(float(np.log(0.4)), 0.45),
    market=(float(np.log(5.0)), 1.0),
)
"""Durable goods by the year, after the meta-analysis of Sultan, Farley and Lehmann (1990)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Diffusion:
    """The posterior of a diffusion.

    Attributes:
        market: Final market in the unit of the sales, shape (draws,).
        innovation: p, per period, shape (draws,).
        imitation: q, per period, shape (draws,).
        peak: Period in which most is sold, from 1; 1 where sales only fall, shape (draws,).
        error: Relative error of a period's sales, shape (draws,).
    """

    market: Floats
    innovation: Floats
    imitation: Floats
    peak: Floats
    error: Floats

    def sales(self, periods: int, *, rng: np.random.Generator) -> Floats:
        """Sales of each period from the first, with their error, shape (draws, periods)."""
        curve = self.market[:, None] * _shares(self.innovation, self.imitation, periods)
        noise = rng.standard_normal(curve.shape) * self.error[:, None]
        return np.asarray(curve * np.exp(noise), dtype=np.float64)


def adopted(innovation: Floats, imitation: Floats, time: Floats) -> Floats:
    """Share of the market that has adopted by a time; shapes broadcast.

    References:
        Bass (1969), "A new product growth for model consumer durables", equation 8.
    """
    decay = np.exp(-(innovation + imitation) * time)
    return np.asarray((1 - decay) / (1 + imitation / innovation * decay), dtype=np.float64)


def diffusion(
    sales: Sequence[float],
    *,
    analogues: Analogues = USUAL,
    rng: np.random.Generator,
    draws: int,
) -> Diffusion:
    """The posterior of a diffusion from its first periods, with analogues for what they cannot tell.

    Before the peak, sales alone say almost nothing of the market (least squares then run away); the analogues
    carry it, and let go as sales come in.

    Args:
        sales: First purchases of each period since the launch, all above zero, at least two.
        analogues: What finished diffusions teach.
        rng: Source of randomness.
        draws: Number of draws.

    Returns:
        The posterior: a Laplace approximation corrected by importance sampling, the error integrated out.

    Raises:
        ValueError: Fewer than two periods, or sales that are not above zero.

    References:
        Srinivasan and Mason (1986), "Nonlinear least squares estimation of new product diffusion models";
        Lenk and Rao (1990), "New models from old: forecasting product adoption by hierarchical Bayes".
    """
    known = np.asarray(sales, dtype=np.float64)
    if known.size < 2 or np.any(known <= 0):
        raise ValueError("sales must be above zero in at least two periods since the launch")
    top = _top(known, analogues)
    root = np.linalg.cholesky(_curvature(known, analogues, top)) * WIDER
    noise = rng.standard_normal((PROPOSALS, 3)) / np.sqrt(rng.chisquare(FREEDOM, (PROPOSALS, 1)) / FREEDOM)
    points = top + noise @ root.T
    log_proposal = -0.5 * (FREEDOM + 3) * np.log1p((noise**2).sum(axis=1) / FREEDOM)
    weights = _log_posterior(known, analogues, points) - log_proposal
    chance = np.exp(weights - logsumexp(weights))
    kept = points[rng.choice(PROPOSALS, draws, p=chance)]
    market, innovation, imitation = known.sum() * np.exp(kept[:, 0]), np.exp(kept[:, 1]), np.exp(kept[:, 2])
    scale = ERROR_FREEDOM * ERROR**2 + _misses(known, kept)
    peak = np.log(imitation / innovation) / (innovation + imitation)
    return Diffusion(
        market=market,
        innovation=innovation,
        imitation=imitation,
        peak=np.maximum(1.0, np.ceil(peak)),
        error=np.sqrt(scale / rng.chisquare(ERROR_FREEDOM + known.size, draws)),
    )


def learned(finished: Sequence[Sequence[float]], *, after: int) -> Analogues:
    """What finished diffusions teach of one that is as young as `after` periods.

    Args:
        finished: First purchases by period of each analogue, well beyond the peak; at least three.
        after: Number of periods that the new one has been sold.

    Returns:
        Means and spreads of the analogues, each spread widened for their small number.

    Raises:
        ValueError: Fewer than three analogues, or one with fewer periods than `after`.
    """
    if len(finished) < 3 or min(map(len, finished)) <= after:
        raise ValueError(
            f"analogues: {len(finished)}, must be at least three, each longer than {after} periods"
        )
    each = np.array([_fitted(np.asarray(one, dtype=np.float64)) for one in finished])
    early = np.array([float(np.sum(one[:after])) for one in finished])
    logs = np.column_stack([np.log(each[:, 0] / early), np.log(each[:, 1]), np.log(each[:, 2])])
    n = len(finished)
    spread = logs.std(axis=0, ddof=1) * np.sqrt((1 + 1 / n) * (n - 1) / max(n - 3, 1))
    (m, p, q), (m_sd, p_sd, q_sd) = logs.mean(axis=0).tolist(), spread.tolist()
    return Analogues(innovation=(p, p_sd), imitation=(q, q_sd), market=(m, m_sd))


def _fitted(sales: Floats) -> tuple[float, float, float]:
    """Market, p and q of a finished diffusion, by least squares."""
    start = np.array([np.log(1.2 * sales.sum()), *USUAL.mean[1:]])

    def apart(point: Floats) -> Floats:
        curve = _shares(np.exp(point[[1]]), np.exp(point[[2]]), sales.size)[0]
        return np.asarray((np.exp(point[0]) * curve - sales) / sales.mean(), dtype=np.float64)

    market, innovation, imitation = np.exp(least_squares(apart, start, xtol=1e-12, ftol=1e-12).x)
    return float(market), float(innovation), float(imitation)


def _shares(innovation: Floats, imitation: Floats, periods: int) -> Floats:
    """Share of the market that adopts in each period, shape (draws, periods)."""
    ends = adopted(innovation[:, None], imitation[:, None], np.arange(periods + 1.0))
    return np.asarray(np.maximum(np.diff(ends, axis=1), np.finfo(float).tiny), dtype=np.float64)


def _misses(sales: Floats, points: Floats) -> Floats:
    """Sum of squared log errors, shape (points,)."""
    curve = _shares(np.exp(points[:, 1]), np.exp(points[:, 2]), sales.size)
    logs = np.log(sales) - np.log(sales.sum()) - points[:, [0]] - np.log(curve)
    return np.asarray((logs**2).sum(axis=1), dtype=np.float64)


def _log_posterior(sales: Floats, analogues: Analogues, points: Floats) -> Floats:
    """Up to a constant, the error integrated out; none below what was already sold."""
    prior = -0.5 * (((points - analogues.mean) / analogues.spread) ** 2).sum(axis=1)
    scale = ERROR_FREEDOM * ERROR**2 + _misses(sales, points)
    likelihood = -0.5 * (ERROR_FREEDOM + sales.size) * np.log(scale)
    return np.asarray(np.where(points[:, 0] > 0, prior + likelihood, -np.inf), dtype=np.float64)


def _top(sales: Floats, analogues: Analogues) -> Floats:
    """The most likely point, by least squares on the sales and the analogues together."""

    def apart(point: Floats) -> Floats:
        curve = _shares(np.exp(point[[1]]), np.exp(point[[2]]), sales.size)[0]
        logs = np.log(sales) - np.log(sales.sum()) - point[0] - np.log(curve)
        return np.concatenate([logs / ERROR, (point - analogues.mean) / analogues.spread])

    return np.asarray(least_squares(apart, analogues.mean).x, dtype=np.float64)


def _curvature(sales: Floats, analogues: Analogues, top: Floats) -> Floats:
    """Covariance at the top, from second differences; the analogues' own where it is not dome-shaped."""
    ways = STEP * np.eye(3)
    corners = np.array(
        [top + a * ways[i] + b * ways[j] for i in range(3) for j in range(3) for a, b in _SIGNS]
    )
    heights = _log_posterior(sales, analogues, np.where(corners[:, [0]] > 0, corners, top))
    signs = np.array([a * b for a, b in _SIGNS])
    second = (heights.reshape(3, 3, 4) * signs).sum(axis=2) / (4 * STEP**2)
    values, vectors = np.linalg.eigh(-second)
    floor = 1 / (4 * analogues.spread.max() ** 2)
    return np.asarray((vectors / np.maximum(values, floor)) @ vectors.T, dtype=np.float64)


_SIGNS = ((1, 1), (1, -1), (-1, 1), (-1, -1))
