"""Posterior draws by many Hamiltonian chains in lock-step, from a Laplace start.

One call of the density moves all chains, so that the interpreter's cost is shared. The mode is found from
several starts by damped Newton steps whose Hessians come from one batched gradient; its curvature is the
first metric, and the pooled spread of the chains the next ones.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cmo.media.diagnostics import r_hat

Floats = npt.NDArray[np.float64]
Density = Callable[[Floats], tuple[Floats, Floats]]

AGREEMENT = 1.0095
"""The r-hat below which chains agree."""
_STEP = 1e-4
_FLATTEST = 0.3
_DIVERGENT = 50.0
_EDGE = 8.0
"""A standard normal coordinate beyond this has a chance of 1e-15: a trajectory that leaves is lost."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mode:
    """A local maximum of a density.

    Attributes:
        points: Where each start arrived, shape (starts, dimension), best first.
        values: Log density there, shape (starts,).
        factor: Cholesky factor of the covariance that the best one's curvature gives.
    """

    points: Floats
    values: Floats
    factor: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """How long to run.

    Attributes:
        chains: Number of chains.
        warmup: Transitions per round of adaptation; there are three rounds.
        draws: Transitions kept per chain before the chains are first compared.
        more: Transitions added each time they do not agree.
        rounds: Most times that more are added.
        target: Mean probability of acceptance aimed at.
        longest: Most leapfrog steps in a transition.
    """

    chains: int = 32
    warmup: int = 30
    draws: int = 160
    more: int = 80
    rounds: int = 4
    target: float = 0.85
    longest: int = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Chains:
    """What the sampler brought back.

    Attributes:
        points: Draws, shape (chains, draws, dimension).
        accepted: Mean probability of acceptance.
        divergences: Number of transitions whose energy error exceeded 50.
        step: Step size.
        gradients: Number of gradients over all chains.
    """

    points: Floats
    accepted: float
    divergences: int
    step: float
    gradients: int


def find_mode(density: Density, starts: Floats, *, iterations: int = 40, tolerance: float = 1e-3) -> Mode:
    """Climb from several starts at once.

    Args:
        density: Log density and gradient of points (n, dimension).
        starts: Where to start, shape (starts, dimension).
        iterations: Most Newton steps.
        tolerance: Gain in log density below which a start has arrived.

    Returns:
        The modes found and the curvature at the best.
    """
    points = starts.copy()
    values, gradient = density(points)
    lengths = np.array([1.0, 0.5, 0.2, 0.05, 0.005])
    for _ in range(iterations):
        _, eigenvalues, vectors = _curvature(density, points)
        along = np.einsum("sij,si->sj", vectors, gradient) / np.maximum(np.abs(eigenvalues), _FLATTEST)
        direction = np.einsum("sij,sj->si", vectors, along)
        size = np.linalg.norm(direction, axis=1, keepdims=True)
        direction *= np.minimum(1.0, 3.0 / np.maximum(size, 1e-12))
        tried = np.clip(points[:, None] + lengths[:, None] * direction[:, None], -_EDGE, _EDGE)
        found, slopes = density(tried.reshape(-1, points.shape[1]))
        found = np.where(np.isfinite(found), found, -np.inf).reshape(len(points), -1)
        best = found.argmax(axis=1)
        rows = np.arange(len(points))
        gain = found[rows, best] - values
        better = gain > 0
        points[better] = tried[rows, best][better]
        values[better] = found[rows, best][better]
        gradient[better] = slopes.reshape(*tried.shape)[rows, best][better]
        if gain.max() < tolerance:
            break
    order = np.argsort(-values)
    _, eigenvalues, vectors = _curvature(density, points[order[:1]])
    covariance = (vectors[0] / np.maximum(eigenvalues[0], _FLATTEST)) @ vectors[0].T
    return Mode(points=points[order], values=values[order], factor=np.linalg.cholesky(covariance))


def draw_chains(
    density: Density, start: Floats, *, factor: Floats, schedule: Schedule, rng: np.random.Generator
) -> Chains:
    """Run Hamiltonian chains in lock-step.

    Args:
        density: Log density and gradient of points (n, dimension).
        start: Where each chain starts, shape (chains, dimension).
        factor: Cholesky factor of a guess of the covariance.
        schedule: How long to run.
        rng: Source of randomness.

    Returns:
        The draws.

    References:
        Hoffman, Radul & Sountsov (2021), "An adaptive-MCMC scheme for setting trajectory lengths in
        Hamiltonian Monte Carlo", AISTATS.
    """
    walker = _Walker(density=density, points=start, factor=factor, longest=schedule.longest, rng=rng)
    for _ in range(3):
        recent = walker.adapt(schedule.warmup, target=schedule.target)
        walker.factor = _pooled(recent, fallback=walker.factor)
    walker.adapt(schedule.warmup // 2, target=schedule.target)
    walker.divergences = 0
    points, chances = walker.walk(schedule.draws)
    for _ in range(schedule.rounds):
        if r_hat(points).max() < AGREEMENT:
            break
        further, other = walker.walk(schedule.more)
        points, chances = np.concatenate([points, further], axis=1), np.concatenate([chances, other])
    return Chains(
        points=points,
        accepted=float(chances.mean()),
        divergences=walker.divergences,
        step=walker.step,
        gradients=walker.gradients,
    )


class _Walker:
    """The state of chains that move together."""

    def __init__(
        self, *, density: Density, points: Floats, factor: Floats, longest: int, rng: np.random.Generator
    ) -> None:
        self.density, self.rng, self.factor, self.longest = density, rng, factor, longest
        self.points = points.copy()
        self.values, self.slopes = density(self.points)
        self.step, self.divergences, self.gradients = 0.5, 0, len(points)

    def move(self) -> float:
        """One transition of every chain; returns the mean probability of acceptance."""
        n, dimension = self.points.shape
        travel = (np.pi / 2) * self.rng.uniform(0.6, 1.4)
        n_steps = int(np.clip(np.ceil(travel / self.step), 1, self.longest))
        momentum = self.rng.standard_normal((n, dimension))
        energy = self.values - 0.5 * (momentum**2).sum(axis=1)
        points, slopes = self.points, self.slopes
        spread = self.factor.T * self.step
        momentum += 0.5 * self.step * (slopes @ self.factor)
        lost = np.zeros(n, dtype=np.bool_)
        for i in range(n_steps):
            points = points + momentum @ spread
            lost |= np.abs(points).max(axis=1) > _EDGE
            points = np.clip(points, -_EDGE, _EDGE)
            values, slopes = self.density(points)
            momentum += (self.step if i < n_steps - 1 else 0.5 * self.step) * (slopes @ self.factor)
        self.gradients += n * n_steps
        change = values - 0.5 * (momentum**2).sum(axis=1) - energy
        change = np.where(np.isfinite(change) & ~lost, change, -np.inf)
        self.divergences += int((change < -_DIVERGENT).sum())
        chance = np.exp(np.minimum(change, 0.0))
        taken = self.rng.random(n) < chance
        self.points = np.where(taken[:, None], points, self.points)
        self.slopes = np.where(taken[:, None], slopes, self.slopes)
        self.values = np.where(taken, values, self.values)
        return float(chance.mean())

    def walk(self, transitions: int) -> tuple[Floats, Floats]:
        """Points after each transition, (chains, transitions, dimension), and mean chances of acceptance."""
        points = np.empty((len(self.points), transitions, self.points.shape[1]))
        chances = np.empty(transitions)
        for i in range(transitions):
            chances[i] = self.move()
            points[:, i] = self.points
        return points, chances

    def adapt(self, transitions: int, *, target: float) -> Floats:
        """Dual averaging of the step over some transitions; returns the points of their second half."""
        centre, mean_gap, smooth = np.log(2 * self.step), 0.0, np.log(self.step)
        kept = []
        for i in range(1, transitions + 1):
            gap = target - self.move()
            weight = 1 / (i + 5)
            mean_gap += weight * (gap - mean_gap)
            log_step = np.clip(centre - np.sqrt(i) / 0.1 * mean_gap, -6.0, 0.3)
            blend = i**-0.75
            smooth = blend * log_step + (1 - blend) * smooth
            self.step = float(np.exp(log_step))
            if i > transitions // 2:
                kept.append(self.points)
        self.step = float(np.exp(smooth))
        return np.concatenate(kept)


def _curvature(density: Density, points: Floats) -> tuple[Floats, Floats, Floats]:
    """Negative Hessians by differences of gradients, with their eigenvalues and vectors."""
    n, dimension = points.shape
    moves = np.concatenate([np.eye(dimension), -np.eye(dimension)]) * _STEP
    _, slopes = density((points[:, None] + moves).reshape(-1, dimension))
    slopes = slopes.reshape(n, 2, dimension, dimension)
    hessian = -(slopes[:, 0] - slopes[:, 1]) / (2 * _STEP)
    hessian = (hessian + hessian.transpose(0, 2, 1)) / 2
    eigenvalues, vectors = np.linalg.eigh(hessian)
    return hessian, eigenvalues, vectors


def _pooled(points: Floats, *, fallback: Floats) -> Floats:
    """Cholesky factor of the pooled covariance, shrunk towards the one in use while points are few."""
    n, dimension = points.shape
    weight = n / (n + 5.0 * dimension)
    covariance = weight * np.cov(points.T) + (1 - weight) * (fallback @ fallback.T)
    return np.linalg.cholesky(covariance + 1e-9 * np.eye(dimension))
