"""Whether draws can be trusted: split r-hat, effective sample size, Pareto-smoothed importance weights."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

Floats = npt.NDArray[np.float64]


def r_hat(draws: Floats) -> Floats:
    """Rank-normalised split r-hat, the larger of bulk and folded.

    Args:
        draws: Shape (chains, draws, quantities).

    Returns:
        Shape (quantities,); 1 when the chains agree.

    References:
        Vehtari, Gelman, Simpson, Carpenter & Bürkner (2021), "Rank-normalization, folding, and localization:
        an improved R-hat", Bayesian Analysis 16(2).
    """
    halves = _split(draws)
    folded = np.abs(halves - np.median(halves, axis=(0, 1)))
    return np.maximum(_scale_reduction(_normal_scores(halves)), _scale_reduction(_normal_scores(folded)))


def effective_size(draws: Floats) -> Floats:
    """Rank-normalised split bulk effective sample size.

    Args:
        draws: Shape (chains, draws, quantities).

    Returns:
        Shape (quantities,).

    References:
        Vehtari et al. (2021), as `r_hat`.
    """
    scores = _normal_scores(_split(draws))
    chains, n, quantities = scores.shape
    covariance = _autocovariance(scores).mean(axis=0)
    within = covariance[0] * n / (n - 1)
    total = within * (n - 1) / n + scores.mean(axis=1).var(axis=0, ddof=1)
    correlation = 1 - (within - covariance * n / (n - 1)) / total
    correlation[0] = 1.0
    size = np.empty(quantities)
    for q in range(quantities):
        pairs = correlation[: n - n % 2, q].reshape(-1, 2).sum(axis=1)
        negative = np.flatnonzero(pairs < 0)
        pairs = pairs[: negative[0]] if len(negative) else pairs
        time = -1 + 2 * np.minimum.accumulate(pairs).sum()
        size[q] = chains * n / max(time, 1 / np.log10(chains * n))
    return size


@dataclass(frozen=True, slots=True, kw_only=True)
class Smoothed:
    """Importance weights and whether they can be trusted.

    Attributes:
        weights: Normalised weights, shape (draws,).
        pareto_k: Shape of the tail of the raw weights; above 0.7 they are not to be trusted.
        efficiency: Effective share of the draws, in (0, 1].
    """

    weights: Floats
    pareto_k: float
    efficiency: float


def smooth_weights(log_ratio: Floats) -> Smoothed:
    """Pareto-smoothed importance weights.

    Args:
        log_ratio: Log of target over proposal, shape (draws,), up to a constant.

    Returns:
        The weights with their diagnosis.

    References:
        Vehtari, Simpson, Gelman, Yao & Gabry (2024), "Pareto smoothed importance sampling", JMLR 25(72);
        Zhang & Stephens (2009), Technometrics 51(3).
    """
    n = len(log_ratio)
    shifted = log_ratio - log_ratio.max()
    weights = np.exp(shifted)
    tail = int(min(0.2 * n, 3 * np.sqrt(n)))
    k = 0.0
    if tail >= 5 and np.ptp(shifted) > 1e-9:
        order = np.argsort(weights)
        cutoff = weights[order[-tail - 1]]
        excess = weights[order[-tail:]] - cutoff
        k, sigma = _pareto(np.maximum(excess, 1e-300))
        chance = (np.arange(1, tail + 1) - 0.5) / tail
        smooth = -np.log1p(-chance) * sigma if abs(k) < 1e-9 else sigma * np.expm1(-k * np.log1p(-chance)) / k
        weights[order[-tail:]] = np.minimum(cutoff + smooth, 1.0)
    weights /= weights.sum()
    return Smoothed(weights=weights, pareto_k=float(k), efficiency=float(1 / (weights**2).sum() / n))


def _pareto(excess: Floats) -> tuple[float, float]:
    """Shape and scale of a generalised Pareto tail, sorted ascending, with a weak prior on the shape."""
    n = len(excess)
    m = 30 + int(np.sqrt(n))
    quartile = excess[int(n / 4 + 0.5) - 1]
    theta = 1 / excess[-1] + (1 - np.sqrt(m / (np.arange(1, m + 1) - 0.5))) / (3 * quartile)
    shape = np.log1p(-theta[:, None] * excess).mean(axis=1)
    profile = n * (np.log(-theta / shape) - shape - 1)
    weight = np.exp(profile - profile.max())
    weight /= weight.sum()
    best = float((theta * weight).sum())
    k = float(np.log1p(-best * excess).mean())
    return (n * k + 10 * 0.5) / (n + 10), -k / best


def _split(draws: Floats) -> Floats:
    half = draws.shape[1] // 2
    return np.concatenate([draws[:, :half], draws[:, -half:]], axis=0)


def _normal_scores(draws: Floats) -> Floats:
    flat = draws.reshape(-1, draws.shape[2])
    ranks = np.empty(flat.shape)
    np.put_along_axis(ranks, np.argsort(flat, axis=0), np.arange(1.0, len(flat) + 1)[:, None], axis=0)
    return np.asarray(ndtri((ranks - 0.375) / (len(flat) + 0.25)).reshape(draws.shape), dtype=np.float64)


def _scale_reduction(scores: Floats) -> Floats:
    n = scores.shape[1]
    within = scores.var(axis=1, ddof=1).mean(axis=0)
    between = scores.mean(axis=1).var(axis=0, ddof=1)
    return np.asarray(np.sqrt((n - 1) / n + between / within), dtype=np.float64)


def _autocovariance(scores: Floats) -> Floats:
    n = scores.shape[1]
    centred = scores - scores.mean(axis=1, keepdims=True)
    spectrum = np.fft.rfft(centred, 2 * n, axis=1)
    return np.asarray(np.fft.irfft(np.abs(spectrum) ** 2, 2 * n, axis=1)[:, :n] / n, dtype=np.float64)
