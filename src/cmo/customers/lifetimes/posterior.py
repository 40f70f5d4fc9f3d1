"""Posterior of the parameters: Laplace corrected by importance sampling, with its own alarm.

Proposals come from a Student-t around the mode, evenly spread. Pareto's k of the weights tells whether that
is good enough; where it is not (a few dozen customers), random-walk Metropolis takes over, and where its
chains disagree the answer is refused.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from cmo.customers.lifetimes.importance import effective_size, pareto_k, resampled
from cmo.customers.lifetimes.lattice import student
from cmo.customers.lifetimes.metropolis import sampled
from cmo.customers.purchases.cells import Cells, Floats, coarsened_to
from cmo.customers.purchases.fitting import Fit, Unsupported
from cmo.customers.purchases.newton import Surface, maximised
from cmo.measures import DRAWS, Text

FREEDOM = 7.0  # degrees of freedom of the proposal
N_PROPOSALS = 1_536  # for a base; its groups share, as what one misses the others do not
FEWEST_PROPOSALS = 384
N_ROUNDS = 3  # the proposal moves to what the weights have found, twice, each time with twice the points
N_CELLS = 150  # cells on which the departure from a normal shape is measured
TRUSTED_K = 0.7
TRUSTED_R_HAT = 1.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Posterior:
    """Joint draws of log-parameters, equally weighted.

    Attributes:
        draws: Log-parameters, shape (draw, parameter).
        effective: Independent draws that the sample is worth.
        pareto_k: Tail of the importance weights; above 0.7 they were not used.
        by: `importance sampling`, or `Metropolis` where k was too high.
    """

    draws: Floats
    effective: float
    pareto_k: float
    by: str

    @property
    def mean(self) -> Floats:
        """Mean of the log-parameters, shape (parameter,)."""
        out: Floats = self.draws.mean(axis=0)
        return out


def posterior(
    fitted: Fit,
    cells: Cells,
    *,
    rng: np.random.Generator,
    n_draws: int = DRAWS,
    n_groups: int = 1,
) -> Posterior:
    """Draws of the log-parameters of a fitted purchase model.

    With many cells the departure from a normal shape is measured on coarser ones, mapped so that their
    mode and curvature are those of the exact fit.

    Args:
        fitted: Mode and curvature on the exact cells.
        cells: The base it was fitted to.
        rng: Source of randomness.
        n_draws: Draws to return.
        n_groups: Groups of the base that is valued: of many, each needs fewer proposals.

    Raises:
        Unsupported: Neither importance sampling nor Metropolis can be trusted on this base.
    """
    coarse = coarsened_to(cells, n_cells=N_CELLS)

    def log_density(theta: Floats) -> float:
        return fitted.model.log_likelihood(theta, coarse) + fitted.prior.surface(theta).value

    centre, covariance = fitted.theta, fitted.covariance
    if coarse is not cells:
        centre, covariance = _coarse_mode(fitted, coarse)
    spread = np.linalg.cholesky(covariance)

    def whitened(z: Floats) -> float:
        return log_density(centre + spread @ z)

    n_proposals = max(N_PROPOSALS // n_groups, FEWEST_PROPOSALS)
    drawn = drawn_from(whitened, size=centre.size, rng=rng, n_draws=n_draws, n_proposals=n_proposals)
    exact = np.linalg.cholesky(fitted.covariance)
    return Posterior(
        draws=fitted.theta + drawn.draws @ exact.T,
        effective=drawn.effective,
        pareto_k=drawn.pareto_k,
        by=drawn.by,
    )


def drawn_from(
    log_density: Callable[[Floats], float],
    *,
    size: int,
    rng: np.random.Generator,
    n_draws: int = DRAWS,
    n_proposals: int = N_PROPOSALS,
) -> Posterior:
    """Draws from a density that is roughly a unit normal in `size` dimensions.

    Raises:
        Unsupported: The density has no trustworthy sample.
    """
    centre, spread, k = np.zeros(size), np.eye(size), np.inf
    for turn in range(N_ROUNDS):
        z = student(n_proposals * 2**turn, size, freedom=FREEDOM, rng=rng)
        proposed = -(FREEDOM + size) / 2 * np.log1p((z**2).sum(axis=1) / FREEDOM)
        points = centre + z @ spread.T
        weights = np.array([log_density(point) for point in points]) - proposed
        weights = np.where(np.isfinite(weights), weights, -np.inf)
        k = pareto_k(weights)
        if k <= TRUSTED_K:
            at = resampled(weights, n_draws=n_draws, rng=rng)
            return Posterior(
                draws=points[at], effective=effective_size(weights), pareto_k=k, by="importance sampling"
            )
        centre, spread = _moved(points, weights)
    chains = sampled(log_density, np.zeros(size), rng=rng)
    if chains.r_hat > TRUSTED_R_HAT:
        raise Unsupported(
            Text(
                f"The data leave the parameters almost free (Pareto k {k:.2f}, R-hat {chains.r_hat:.2f}): "
                "no honest interval can be given.",
                f"Les données laissent les paramètres presque libres (k de Pareto {k:.2f}, R-hat "
                f"{chains.r_hat:.2f}) : aucun intervalle honnête n'est possible.",
            )
        )
    at = rng.choice(chains.draws.shape[0], size=n_draws, replace=n_draws > chains.draws.shape[0])
    return Posterior(draws=chains.draws[at], effective=chains.effective, pareto_k=k, by="Metropolis")


def _moved(points: Floats, log_weights: Floats) -> tuple[Floats, Floats]:
    """Centre and spread of the next proposal, from weights cut where they are too few to be believed."""
    cut = np.sort(log_weights)[-30]
    weight = np.exp(np.minimum(log_weights, cut) - cut)
    weight /= weight.sum()
    centre = weight @ points
    apart = points - centre
    spread: Floats = np.linalg.cholesky((apart * weight[:, None]).T @ apart)
    return centre, spread


def _coarse_mode(fitted: Fit, coarse: Cells) -> tuple[Floats, Floats]:
    def surface(theta: Floats) -> Surface:
        return fitted.model.surface(theta, coarse) + fitted.prior.surface(theta)

    top = maximised(surface, fitted.theta)
    covariance = np.asarray(np.linalg.inv(-top.surface.hessian), dtype=np.float64)
    return top.at, covariance
