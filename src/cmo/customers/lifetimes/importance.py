"""Importance weights and how far they can be trusted."""

import numpy as np

from cmo.customers.purchases.cells import Floats, Integers


def effective_size(log_weights: Floats) -> float:
    """Independent draws that weighted draws are worth (Kish)."""
    weight = np.exp(log_weights - log_weights.max())
    return float(weight.sum() ** 2 / np.dot(weight, weight))


def pareto_k(log_weights: Floats) -> float:
    """Shape of the generalised Pareto tail of the weights: above 0.7 their mean is not to be trusted.

    References:
        Zhang & Stephens (2009), "A new and efficient estimation method for the generalized Pareto
        distribution", Technometrics 51(3).
        Vehtari, Simpson, Gelman, Yao & Gabry (2024), "Pareto smoothed importance sampling", JMLR 25.
    """
    weight = np.sort(np.exp(log_weights - log_weights.max()))
    n_tail = int(min(weight.size / 5, 3 * np.sqrt(weight.size)))
    if n_tail < 5:
        raise ValueError(f"{weight.size} weights, must be at least 25 to judge their tail")
    excess = weight[-n_tail:] - weight[-n_tail - 1]
    excess = excess[excess > 0]
    n = excess.size
    if n < 5:
        return 0.0  # equal weights have no tail
    n_grid = 30 + int(np.sqrt(n))
    grid = 1.0 - np.sqrt(n_grid / (np.arange(1, n_grid + 1) - 0.5))
    grid = grid / (3.0 * excess[int(n / 4 + 0.5) - 1]) + 1.0 / excess[-1]
    shape = np.log1p(-grid[:, None] * excess).mean(axis=1)
    profile = n * (np.log(-grid / shape) - shape - 1.0)
    chance = 1.0 / np.exp(profile - profile[:, None]).sum(axis=1)
    k = float(np.log1p(-float(np.dot(chance, grid)) * excess).mean())
    return float(k * n / (n + 10.0) + 0.5 * 10.0 / (n + 10.0))


def resampled(log_weights: Floats, *, n_draws: int, rng: np.random.Generator) -> Integers:
    """Positions of equally weighted draws, by systematic resampling, in random order, shape (n_draws,)."""
    chance = np.exp(log_weights - log_weights.max())
    steps = (np.arange(n_draws) + rng.random()) / n_draws
    at = np.searchsorted(np.cumsum(chance) / chance.sum(), steps)
    return rng.permutation(np.minimum(at, log_weights.size - 1)).astype(np.int64)
