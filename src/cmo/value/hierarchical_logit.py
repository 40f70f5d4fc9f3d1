"""Hierarchical Bayes of choices: every person's own worths, each lending strength to the others."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.linalg.lapack import dpotrf, dtrtri

from cmo.value.choice import Choices, Floats, logit
from cmo.value.panels import Panel, panels
from cmo.value.tastes import BENT, Taste, sign_of, unbent

Singles = npt.NDArray[np.float32]

PRIOR_PERSONS = 0.01  # weight of the prior mean, zero, in persons
EXTRA_FREEDOM = 3  # degrees of freedom of the prior spread beyond the number of coefficients
WANTED = 0.25  # share of proposals taken, to which each person's step is tuned before anything is kept
TUNED_EVERY = 50
REFRESHED_EVERY = 25  # draws of the spread after which proposals follow it, before anything is kept
STEEPEST = 80.0  # utility beyond which a choice is certain; keeps exp finite in single precision


@dataclass(frozen=True, slots=True, kw_only=True)
class Respondents:
    """The posterior of a population and of each person who answered.

    Attributes:
        kinds: Kind of each coefficient; of bent ones the population is described by the logarithm.
        mean: Mean of the population before bending, shape (kept, K); K coefficients.
        spread: Covariance of the population before bending, shape (kept, K, K).
        persons: Coefficients of each person, shape (kept persons, persons, K); persons in the order of their
            number.
        log_likelihood: Of all choices at the persons' coefficients, shape (kept,).
        taken: Share of proposals taken.
    """

    kinds: tuple[Taste, ...]
    mean: Floats
    spread: Floats
    persons: npt.NDArray[np.float32]
    log_likelihood: Floats
    taken: float

    def population(self, rng: np.random.Generator, *, persons: int) -> Floats:
        """Coefficients of persons drawn anew from the population, shape (kept, persons, K)."""
        n, k = self.mean.shape
        root = np.linalg.cholesky(self.spread)
        latent = self.mean[:, None, :] + rng.standard_normal((n, persons, k)) @ root.transpose(0, 2, 1)
        return _bent(latent, self.kinds)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """How long a chain runs.

    Attributes:
        draws: Draws in all, the first half of which only tunes the proposals.
        keep: Every how manieth draw of the second half is kept of the population.
        keep_persons: The same of all persons.
        expected: Variance of a coefficient over persons, before bending, that the prior expects, > 0.
    """

    draws: int = 10_000
    keep: int = 5
    keep_persons: int = 5
    expected: float = 1.0


def hierarchical_logit(
    choices: Choices,
    kinds: tuple[Taste, ...],
    *,
    rng: np.random.Generator,
    run: Run = Run(),
) -> Respondents:
    """Multinomial logit in each person, a normal population above, by random-walk Metropolis within Gibbs.

    All persons move at once. A proposal follows the curvature of the person's likelihood at the pooled
    estimate and that of the population; its length is tuned for each person in the first half of the chain.

    Args:
        choices: The tasks with the person who answered each; a few per person are enough.
        kinds: Kind of each coefficient: normal, or lognormal where the sign is known (minus for a price).
        rng: Source of randomness.
        run: Length of the chain.

    Returns:
        The posterior.

    Raises:
        UnidentifiedError: The choices of all persons together do not tell the coefficients apart.
        ValueError: A coefficient is fixed, or there are fewer kinds than attributes.

    References:
        Rossi, Allenby and McCulloch (2005), "Bayesian Statistics and Marketing", chapter 5; priors of its
        `rhierMnlRwMixture` with one component.
    """
    k = choices.attributes.shape[1]
    if len(kinds) != k or Taste.FIXED in kinds:
        raise ValueError(f"kinds == {kinds}, must be normal or lognormal, one for each of {k} attributes")
    pooled = logit(choices)
    (panel,) = panels(choices, draws=None)
    start = unbent(pooled.coefficients, kinds)
    chain = _Chain.start(panel, kinds, start)
    kept: list[tuple[_Population, float]] = []
    persons: list[Singles] = []
    taken = 0.0
    for turn in range(run.draws):
        population = _population(chain.latent, rng, expected=run.expected)
        tuning = turn < run.draws // 2
        if tuning and turn % REFRESHED_EVERY == 0:
            chain.aim(population.spread)
        moved = chain.move(population, rng)
        if tuning:
            chain.tune(moved, turn)
            continue
        taken += float(moved.mean())
        if (turn - run.draws // 2) % run.keep == 0:
            kept.append((population, float(panel.weight @ chain.likelihood)))
        if (turn - run.draws // 2) % run.keep_persons == 0:
            persons.append(_bent(chain.latent, kinds).astype(np.float32))
    order = np.argsort(panel.persons)
    return Respondents(
        kinds=kinds,
        mean=np.stack([population.mean for population, _ in kept]),
        spread=np.stack([population.spread for population, _ in kept]),
        persons=np.stack(persons)[:, order],
        log_likelihood=np.array([likelihood for _, likelihood in kept]),
        taken=taken / (run.draws - run.draws // 2),
    )


class _Chain:
    """Where every person stands, and how far each may step.

    Utilities and odds are in single precision and laid out person by person, attribute by attribute, so that
    the work of a turn stays in the processor's cache; positions and the population are in double precision.
    """

    def __init__(self, panel: Panel, kinds: tuple[Taste, ...], latent: Floats, curvature: Floats) -> None:
        n, tasks, others, k = panel.apart.shape
        self.kinds = kinds
        self.latent = latent
        turned = panel.apart.transpose(0, 3, 2, 1).reshape(n, k, others * tasks)
        self.columns: Singles = np.ascontiguousarray(turned, dtype=np.float32)
        self.shape = (n, others, tasks)
        self.real: Singles | None = None
        if panel.real is not None:
            self.real = np.ascontiguousarray(panel.real.transpose(0, 2, 1), dtype=np.float32)
        self.odds: Singles = np.empty((n, 1, others * tasks), dtype=np.float32)
        self.whole: Singles = np.empty((n, tasks), dtype=np.float32)
        self.weight = panel.weight
        self.curvature = curvature
        self.likelihood = self._log_likelihood(latent)
        self.step: Floats = np.full(n, 2.93 / np.sqrt(k))
        self.roots: Singles = np.empty((n, k, k), dtype=np.float32)
        self.recent = np.zeros(n)

    @classmethod
    def start(cls, panel: Panel, kinds: tuple[Taste, ...], start: Floats) -> "_Chain":
        n, tasks, others, k = panel.apart.shape
        latent = np.tile(start, (n, 1))
        rows = panel.apart.reshape(n, tasks * others, k)
        odds = np.exp(np.minimum(rows @ _bent(start[None], kinds)[0], STEEPEST)).reshape(n, tasks, others)
        if panel.real is not None:
            odds *= panel.real
        chances = odds / (1 + odds.sum(axis=2, keepdims=True))
        means = np.einsum("nta,ntak->ntk", chances, panel.apart)
        second = np.einsum("nta,ntak,ntal->nkl", chances, panel.apart, panel.apart, optimize=True)
        second -= np.einsum("ntk,ntl->nkl", means, means)
        slope = np.where([kind in BENT for kind in kinds], _bent(start[None], kinds)[0], 1.0)
        return cls(panel, kinds, latent, second * np.outer(slope, slope))

    def aim(self, spread: Floats) -> None:
        """Let proposals follow the curvature of likelihood and population together."""
        inverse = np.linalg.inv(self.curvature + np.linalg.inv(spread))
        self.roots[:] = np.linalg.cholesky(inverse).transpose(0, 2, 1)

    def move(self, population: "_Population", rng: np.random.Generator) -> npt.NDArray[np.bool_]:
        """Propose a step for everybody, and take those that the posterior allows."""
        shape = self.latent.shape[0], 1, self.latent.shape[1]
        noise = rng.standard_normal(shape, dtype=np.float32)
        apart = (noise @ self.roots)[:, 0, :] * self.step[:, None]
        there = self.latent + apart
        likelihood = self._log_likelihood(there)
        # the squares of the two distances from the population's mean differ by this product
        farther = ((self.latent + there - 2 * population.mean) @ population.precision) * apart
        gain = self.weight * (likelihood - self.likelihood) - 0.5 * farther.sum(axis=1)
        moved = np.asarray(-rng.standard_exponential(gain.size) < gain, dtype=np.bool_)
        np.copyto(self.latent, there, where=moved[:, None])
        np.copyto(self.likelihood, likelihood, where=moved)
        return moved

    def tune(self, moved: npt.NDArray[np.bool_], turn: int) -> None:
        """Lengthen the steps of those who take too many, shorten the others'."""
        self.recent += moved
        if (turn + 1) % TUNED_EVERY == 0:
            self.step *= np.exp(np.clip(self.recent / TUNED_EVERY - WANTED, -0.3, 0.3))
            self.recent[:] = 0.0

    def _log_likelihood(self, latent: Floats) -> Floats:
        worths = _bent(latent, self.kinds).astype(np.float32)[:, None, :]
        utility = np.matmul(worths, self.columns, out=self.odds)
        odds = np.exp(np.minimum(utility, STEEPEST, out=utility), out=utility).reshape(self.shape)
        if self.real is not None:
            odds *= self.real
        whole = odds.sum(axis=1, out=self.whole)
        whole += 1
        return np.asarray(-np.log(whole, out=whole).sum(axis=1, dtype=np.float64), dtype=np.float64)


class _Population(NamedTuple):
    """A draw of the population: its mean, its spread and the inverse of the spread."""

    mean: Floats
    spread: Floats
    precision: Floats


def _population(latent: Floats, rng: np.random.Generator, *, expected: float) -> _Population:
    """A draw of the population, given where everybody stands."""
    n, k = latent.shape
    total = latent.sum(axis=0)
    diagonal = slice(None, None, k + 1)
    scale = latent.T @ latent - total[:, None] * total / (n + PRIOR_PERSONS)
    scale.flat[diagonal] += expected * (k + EXTRA_FREEDOM)
    # Bartlett's decomposition: with L Lᵀ the scale and A the triangle, the spread is (L A⁻ᵀ)(L A⁻ᵀ)ᵀ
    triangle = rng.standard_normal((k, k))
    triangle.flat[diagonal] = np.sqrt(rng.chisquare(k + EXTRA_FREEDOM + n - np.arange(k)))
    lower, _ = dpotrf(scale, lower=1)
    triangle_inverse, _ = dtrtri(triangle, lower=1)
    lower_inverse, _ = dtrtri(lower, lower=1)
    root = lower @ np.tril(triangle_inverse).T
    inverse = np.tril(triangle).T @ np.tril(lower_inverse)
    return _Population(
        mean=total / (n + PRIOR_PERSONS) + root @ rng.standard_normal(k) / np.sqrt(n + PRIOR_PERSONS),
        spread=root @ root.T,
        precision=inverse.T @ inverse,
    )


def _bent(latent: Floats, kinds: tuple[Taste, ...]) -> Floats:
    if not BENT & set(kinds):
        return latent
    out = latent.copy()
    for column, kind in enumerate(kinds):
        if kind in BENT:
            out[..., column] = sign_of(kind) * np.exp(latent[..., column])
    return out
