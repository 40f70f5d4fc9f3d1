"""Partial pooling: what acquisition channels and cohorts have in common is learned with what sets them apart.

One model for all customers overvalues the weakest channel and undervalues the best; a model of its own for
every channel makes small ones erratic. Here the parameters of a group are drawn from a normal, in
logarithms, whose mean and spread come from all groups: a large group follows its own data, a small one its
siblings.

References:
    Gelman & Hill (2007), "Data analysis using regression and multilevel models", chapter 12.
"""

from collections.abc import Callable, Sequence

import numpy as np

from cmo.customers.purchases.cells import Floats
from cmo.customers.purchases.newton import Surface, maximised
from cmo.customers.purchases.prior import LogNormal

N_ROUNDS = 12
SETTLED = 1e-3  # change of a mean or a spread at which the rounds end
USUAL_SPREAD = 0.3  # of log-parameters over groups, before any data
WORTH = 2.0  # groups that this prior spread counts for


def learned_prior(surfaces: Sequence[Callable[[Floats], Surface]], prior: LogNormal) -> LogNormal:
    """The prior that groups share, by expectation-maximisation with Laplace posteriors.

    Args:
        surfaces: Log-likelihood of each group as a function of its log-parameters.
        prior: Prior of the common mean.

    Returns:
        Mean and spread of the log-parameters over groups; `prior` itself for a single group.
    """
    if len(surfaces) < 2:
        return prior
    shared = LogNormal(location=prior.location, spread=np.ones(prior.location.size))
    modes = [prior.location for _ in surfaces]
    for _ in range(N_ROUNDS):
        tops = [
            maximised(_with(surface, shared), mode) for surface, mode in zip(surfaces, modes, strict=True)
        ]
        modes = [top.at for top in tops]
        at = np.stack(modes)
        variance = np.stack([np.diag(np.linalg.pinv(-top.surface.hessian)) for top in tops])
        moved = _updated(at, np.maximum(variance, 0.0), shared=shared, prior=prior)
        change = max(
            np.abs(moved.location - shared.location).max(), np.abs(moved.spread - shared.spread).max()
        )
        shared = moved
        if change < SETTLED:
            break
    return shared


def _with(surface: Callable[[Floats], Surface], prior: LogNormal) -> Callable[[Floats], Surface]:
    return lambda theta: surface(theta) + prior.surface(theta)


def _updated(modes: Floats, variance: Floats, *, shared: LogNormal, prior: LogNormal) -> LogNormal:
    n = modes.shape[0]
    within, before = shared.spread**-2, prior.spread**-2
    location = (within * modes.sum(axis=0) + before * prior.location) / (n * within + before)
    scatter = ((modes - location) ** 2 + variance).sum(axis=0)
    spread = np.sqrt((scatter + WORTH * USUAL_SPREAD**2) / (n + WORTH))
    return LogNormal(location=location, spread=spread)
