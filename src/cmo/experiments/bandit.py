"""Creative tests that learn while they run: units go to the arms that may be best, batch by batch.

Plain Thompson sampling goes on exploring when nothing is left to gain from it. Here draws are drawn toward
their means as the horizon nears: with a share r of the units still to come, deviations shrink with a power
of r, so that the last batches are spent on what is known.

References:
    Thompson (1933), "On the likelihood that one unknown probability exceeds another", Biometrika 25.
    Chapelle & Li (2011), "An empirical evaluation of Thompson sampling", NeurIPS.
    Hadad, Hirshberg, Zhan, Wager & Athey (2021), "Confidence intervals for policy evaluation in adaptive
    experiments", PNAS 118.
"""

from dataclasses import dataclass
from math import sqrt
from typing import Self

import numpy as np
import numpy.typing as npt

from cmo.experiments.bayes import Winner, winner
from cmo.experiments.moments import Floats

SHARPENING = 1.0
"""Power of the share still to come with which a draw's deviation shrinks."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Shares:
    """Beta beliefs about the success rates of arms.

    Attributes:
        successes: Prior and counted successes, shape (arms,), > 0.
        failures: Prior and counted failures, shape (arms,), > 0.
    """

    successes: Floats
    failures: Floats

    @classmethod
    def flat(cls, arms: int) -> Self:
        """No opinion about any arm."""
        return cls(successes=np.ones(arms), failures=np.ones(arms))

    @classmethod
    def around(cls, mean: npt.ArrayLike, concentration: float) -> Self:
        """Beliefs around expected rates, worth so many units of experience.

        Args:
            mean: Expected rates, shape (arms,), in (0, 1).
            concentration: Units of experience, > 0.
        """
        rate = np.asarray(mean, dtype=np.float64)
        if np.any((rate <= 0.0) | (rate >= 1.0)) or not concentration > 0.0:
            raise ValueError(
                f"rates {rate.tolist()} must lie between 0 and 1, and {concentration} be positive"
            )
        return cls(successes=rate * concentration, failures=(1.0 - rate) * concentration)

    @property
    def mean(self) -> Floats:
        """Expected rates, shape (arms,)."""
        return self.successes / (self.successes + self.failures)

    def after(self, successes: npt.ArrayLike, units: npt.ArrayLike) -> Self:
        """Beliefs after a batch."""
        won, shown = np.asarray(successes, dtype=np.float64), np.asarray(units, dtype=np.float64)
        if np.any(won < 0.0) or np.any(won > shown):
            raise ValueError(f"{won.tolist()} successes of {shown.tolist()} units: must not exceed them")
        return type(self)(successes=self.successes + won, failures=self.failures + shown - won)

    def draws(self, n: int, *, rng: np.random.Generator) -> Floats:
        """Joint draws of the rates, shape (n, arms)."""
        return rng.beta(self.successes, self.failures, (n, len(self.successes)))

    def judged(self, *, rng: np.random.Generator, n: int = 4000) -> Winner:
        """Which arm to take, with its probability and expected loss."""
        return winner(self.draws(n, rng=rng))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Means:
    """Normal beliefs about the means of arms: revenue, time, anything with sums and squares.

    Attributes:
        mean: Expected means, shape (arms,).
        sd: Their standard deviations, shape (arms,), > 0.
    """

    mean: Floats
    sd: Floats

    def draws(self, n: int, *, rng: np.random.Generator) -> Floats:
        """Joint draws of the means, shape (n, arms)."""
        return np.asarray(rng.normal(self.mean, self.sd, (n, len(self.mean))), dtype=np.float64)


def allocation(
    beliefs: Shares | Means,
    *,
    to_come: float,
    rng: np.random.Generator,
    least: float = 0.0,
    n: int = 1000,
    sharpening: float = SHARPENING,
) -> Floats:
    """Shares of the next batch for each arm.

    Args:
        beliefs: What is believed of the arms.
        to_come: Share of all units that are still to be assigned, this batch included, in (0, 1].
        rng: Draws beliefs.
        least: Least share of any arm, so that effects can be estimated afterwards.
        n: Draws.
        sharpening: Power of `to_come`; 0 is plain Thompson sampling.

    Returns:
        Shares, shape (arms,), that sum to one.
    """
    if not 0.0 < to_come <= 1.0:
        raise ValueError(f"to_come == {to_come}, must lie in (0, 1]: a test without units to come is over")
    arms = len(beliefs.mean)
    if not 0.0 <= least * arms <= 1.0:
        raise ValueError(f"least == {least} for each of {arms} arms, must sum to at most 1")
    draws = beliefs.mean + (beliefs.draws(n, rng=rng) - beliefs.mean) * to_come**sharpening
    chance = np.bincount(draws.argmax(axis=1), minlength=arms) / n
    return np.asarray(least + (1.0 - least * arms) * chance, dtype=np.float64)


def in_units(shares: Floats, batch: int, *, rng: np.random.Generator) -> npt.NDArray[np.int64]:
    """Whole units of a batch, each arm within one of its share, the odd ones drawn."""
    due = shares * batch
    units = np.floor(due).astype(np.int64)
    odd = batch - int(units.sum())
    if odd:
        rest = np.maximum(due - units, 1e-12)
        units[rng.choice(len(shares), size=odd, replace=False, p=rest / rest.sum())] += 1
    return units


def regret(rates: Floats, units: npt.ArrayLike) -> float:
    """Successes forgone against the best arm from the start.

    Args:
        rates: True or believed rates, shape (arms,).
        units: Units given to each arm, shape (arms,).
    """
    shown = np.asarray(units, dtype=np.float64)
    return float(np.sum((rates.max() - rates) * shown))


@dataclass(frozen=True, slots=True, kw_only=True)
class AdaptiveRate:
    """A rate estimated after units were assigned by what had been seen.

    Attributes:
        estimate: Weighted over batches so that favour shown to lucky arms does not bias it.
        se: Its standard error.
    """

    estimate: float
    se: float


def adaptive_rate(successes: npt.ArrayLike, units: npt.ArrayLike) -> AdaptiveRate:
    """The rate of one arm after an adaptive test, batches weighted by the root of their units.

    The plain rate is biased down, since unlucky arms are starved; batch means, weighted to equal variance,
    add up to a martingale whose studentised sum is normal.

    Args:
        successes: Successes by batch, shape (batches,).
        units: Units by batch, shape (batches,).
    """
    won, shown = np.asarray(successes, dtype=np.float64), np.asarray(units, dtype=np.float64)
    seen = shown > 0.0
    if not seen.any():
        raise ValueError("the arm was never shown: nothing can be said of it")
    weight = np.sqrt(shown[seen])
    rate = won[seen] / shown[seen]
    estimate = float(weight @ rate / weight.sum())
    pooled = (won.sum() + 0.5) / (shown.sum() + 1.0)
    return AdaptiveRate(
        estimate=estimate, se=sqrt(pooled * (1.0 - pooled) * float(seen.sum())) / float(weight.sum())
    )
