"""Random-walk Metropolis in a few whitened dimensions: the fall-back where importance sampling fails."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from cmo.customers.purchases.cells import Floats

N_CHAINS = 4
BATCH = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Chains:
    """What the chains visited.

    Attributes:
        draws: Second halves of all chains, shape (draw, dimension).
        r_hat: Largest split R-hat over dimensions; near 1 when the chains agree.
        effective: Independent draws they are worth, in the slowest dimension.
        acceptance: Share of proposals accepted.
    """

    draws: Floats
    r_hat: float
    effective: float
    acceptance: float


def sampled(
    log_density: Callable[[Floats], float],
    start: Floats,
    *,
    rng: np.random.Generator,
    n_steps: int = 6_000,
) -> Chains:
    """Runs four chains from scattered starts.

    Args:
        log_density: Log density up to a constant, in coordinates in which it is roughly a unit normal.
        start: Centre of the starts, shape (dimension,).
        rng: Source of randomness.
        n_steps: Steps of each chain; the first half is dropped.

    References:
        Roberts, Gelman & Gilks (1997), "Weak convergence and optimal scaling of random walk Metropolis
        algorithms", Annals of Applied Probability 7(1).
        Vehtari, Gelman, Simpson, Carpenter & Buerkner (2021), "Rank-normalization, folding, and
        localization", Bayesian Analysis 16(2).
    """
    size = start.size
    kept = np.empty((N_CHAINS, n_steps // 2, size))
    accepted = 0
    for chain in range(N_CHAINS):
        at = start + 1.5 * rng.standard_normal(size)
        here = log_density(at)
        # now and then a long jump, so that a heavy tail is reached and left again
        reach = 2.38 / np.sqrt(size) * np.exp(0.8 * rng.standard_normal(n_steps))
        jumps = rng.standard_normal((n_steps, size)) * reach[:, None]
        luck = np.log(rng.random(n_steps))
        for step in range(n_steps):
            there = log_density(at + jumps[step])
            if luck[step] < there - here:
                at, here = at + jumps[step], there
                accepted += 1
            if step >= n_steps - kept.shape[1]:
                kept[chain, step - n_steps + kept.shape[1]] = at
    return Chains(
        draws=kept.reshape(-1, size),
        r_hat=_split_r_hat(kept),
        effective=_effective(kept),
        acceptance=accepted / (N_CHAINS * n_steps),
    )


def _split_r_hat(chains: Floats) -> float:
    half = chains.shape[1] // 2
    parts = np.concatenate([chains[:, :half], chains[:, half : 2 * half]])
    within = parts.var(axis=1, ddof=1).mean(axis=0)
    between = parts.mean(axis=1).var(axis=0, ddof=1)
    return float(np.sqrt((within * (half - 1) / half + between) / within).max())


def _effective(chains: Floats) -> float:
    """By the spread of batch means, batches of 100 steps being longer than the memory of the chain."""
    n_batches = chains.shape[1] // BATCH
    batches = chains[:, : n_batches * BATCH].reshape(-1, BATCH, chains.shape[2])
    ratio = chains.reshape(-1, chains.shape[2]).var(axis=0) / batches.mean(axis=1).var(axis=0, ddof=1)
    return float(min(ratio.min() * batches.shape[0], chains.shape[0] * chains.shape[1]))
