"""What past creatives teach of new ones: how unlike the arms of a test are, and what their traits are worth.

References:
    Robbins (1956), "An empirical Bayes approach to statistics", Berkeley Symposium.
    Cox & Reid (1987), "Parameter orthogonality and approximate conditional inference", JRSS B 49.
    MacKay (1992), "Bayesian interpolation", Neural Computation 4: variances of groups of coefficients.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp, log

import numpy as np
import numpy.typing as npt
from scipy import special

from cmo.experiments.bandit import Shares
from cmo.experiments.moments import Floats

_GRID = np.exp(np.linspace(log(30.0), log(1e5), 14))
"""Concentrations tried, from arms that differ by two fifths to arms that hardly differ."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CreativeHistory:
    """How unlike the arms of past tests were: some tests compare like with like, some do not.

    Attributes:
        concentration: Units of experience that a prior around a test's mean is worth, shape (parts,).
        weight: Share of past tests with each, shape (parts,).
        n: Past tests it was learnt from.
    """

    concentration: Floats
    weight: Floats
    n: int

    def expected(self, successes: npt.ArrayLike, units: npt.ArrayLike) -> Floats:
        """Expected true rates of the arms of one test, shape (arms,).

        Args:
            successes: Shape (arms,).
            units: Shape (arms,), > 0.
        """
        won, shown = np.asarray(successes, dtype=np.float64), np.asarray(units, dtype=np.float64)
        if np.any(shown <= 0.0) or np.any(won > shown):
            raise ValueError(
                f"{won.tolist()} successes of {shown.tolist()} units: every arm must have been shown"
            )
        fit = _log_likelihood(won[None, :], shown[None, :], self.concentration)[0] + np.log(
            self.weight + 1e-300
        )
        share = np.exp(fit - fit.max())
        mean = (won.sum() + 0.5) / (shown.sum() + 1.0)
        each = (won[None, :] + self.concentration[:, None] * mean) / (
            shown[None, :] + self.concentration[:, None]
        )
        return np.asarray(share @ each / share.sum(), dtype=np.float64)

    def prior(self, mean: npt.ArrayLike) -> Shares:
        """Beliefs about a new test's arms around expected rates, as unlike as past ones typically were."""
        middle = exp(float(self.weight @ np.log(self.concentration)))
        return Shares.around(mean, middle)


def learnt_creatives(successes: npt.ArrayLike, units: npt.ArrayLike) -> CreativeHistory:
    """Learn from past tests how unlike their arms were.

    Args:
        successes: Shape (tests, arms); zero units where a test had fewer arms.
        units: Shape (tests, arms).

    Raises:
        ValueError: Fewer than three tests with two arms or more.
    """
    won, shown = np.asarray(successes, dtype=np.float64), np.asarray(units, dtype=np.float64)
    kept = (shown > 0).sum(axis=1) >= 2
    if kept.sum() < 3:
        raise ValueError(f"{int(kept.sum())} past tests with two arms or more: need at least 3")
    fit = _log_likelihood(won[kept], shown[kept], _GRID)
    relative = np.exp(fit - fit.max(axis=1, keepdims=True))
    weight = np.full(len(_GRID), 1.0 / len(_GRID))
    for _ in range(300):
        share = relative * weight
        # Half a test of each kind keeps small histories from claiming that all tests are of one kind.
        weight = (share / share.sum(axis=1, keepdims=True)).sum(axis=0) + 0.5 / len(_GRID)
        weight /= weight.sum()
    return CreativeHistory(concentration=_GRID, weight=weight, n=int(kept.sum()))


def _log_likelihood(won: Floats, shown: Floats, concentration: Floats) -> Floats:
    """Adjusted profile likelihood of each test at each concentration, shape (tests, parts)."""
    rate = (won.sum(axis=1) + 0.5) / (shown.sum(axis=1) + 1.0)
    real = shown > 0
    out = np.empty((len(won), len(concentration)))
    for i, k in enumerate(concentration):
        a, b = (rate * k)[:, None], ((1.0 - rate) * k)[:, None]
        each = special.betaln(a + won, b + shown - won) - special.betaln(a, b)
        # The mean of a test is estimated from its own arms: its information is what they are worth together.
        information = np.sum(shown * k / (shown + k), axis=1)
        out[:, i] = np.where(real, each, 0.0).sum(axis=1) - 0.5 * np.log(information)
    return out


@dataclass(frozen=True, slots=True, kw_only=True)
class TraitModel:
    """Success rates of creatives by their traits: format, topic, offer, segment.

    Attributes:
        intercept: Log-odds of a creative whose traits are unknown.
        effects: Effect on the log-odds of each (trait, value) seen.
        spread: Standard deviation of effects within each trait: how much it matters.
    """

    intercept: float
    effects: Mapping[tuple[str, str], float]
    spread: Mapping[str, float]

    def rate(self, traits: Mapping[str, str]) -> float:
        """Expected rate of a creative; values never seen count as average."""
        logit = self.intercept + sum(self.effects.get((trait, value), 0.0) for trait, value in traits.items())
        return float(special.expit(logit))


def trait_model(
    successes: npt.ArrayLike, units: npt.ArrayLike, *, traits: Sequence[Mapping[str, str]], rounds: int = 30
) -> TraitModel:
    """Learn what traits of past creatives were worth; values are drawn together as far as they are noise.

    Args:
        successes: Shape (creatives,).
        units: Shape (creatives,), > 0.
        traits: Traits of each creative, by name.
        rounds: Rounds of fitting coefficients and variances in turn.
    """
    won, shown = np.asarray(successes, dtype=np.float64), np.asarray(units, dtype=np.float64)
    pairs = sorted({pair for of in traits for pair in of.items()})
    if not pairs or len(traits) != len(won) or np.any(shown <= 0.0):
        raise ValueError(
            f"{len(traits)} creatives with traits for {len(won)} counts: need traits and units for each"
        )
    names = [name for name, _ in pairs]
    design = np.array([[1.0, *(float(of.get(name) == value) for name, value in pairs)] for of in traits])
    variance = dict.fromkeys(names, 0.1)
    pooled = (won.sum() + 0.5) / (shown.sum() + 1.0)
    slope = np.zeros(design.shape[1])
    slope[0] = log(pooled / (1.0 - pooled))
    for _ in range(rounds):
        penalty = np.array([1e-6, *(1.0 / variance[name] for name in names)])
        rate = special.expit(design @ slope)
        curvature = design.T @ (design * (shown * rate * (1.0 - rate))[:, None]) + np.diag(penalty)
        slope = slope + np.linalg.solve(curvature, design.T @ (won - shown * rate) - penalty * slope)
        spread = np.diag(np.linalg.inv(curvature))
        for name in variance:
            at = [1 + i for i, of in enumerate(names) if of == name]
            variance[name] = max(float(np.mean(slope[at] ** 2 + spread[at])), 1e-8)
    return TraitModel(
        intercept=float(slope[0]),
        effects={pair: float(slope[1 + i]) for i, pair in enumerate(pairs)},
        spread={name: variance[name] ** 0.5 for name in variance},
    )
