"""A creative test run batch by batch, as e-mail and social posts need it, with what exploring cost shown."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from cmo.experiments.bandit import Shares, allocation, in_units, regret

SURE = 0.95
"""Probability to be the best from which on a winner may be declared, its expected loss being small enough."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """What was seen of a creative so far.

    Attributes:
        name: Its name.
        units: Times it was shown or sent, in all batches.
        successes: Clicks, orders or answers, at most `units`.
        expected: Rate that past creatives make likely; none where nothing is known of its like.
    """

    name: str
    units: int = 0
    successes: int = 0
    expected: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Horizon:
    """How far the test goes.

    Attributes:
        batch: Units of the next batch.
        to_come: Units still to come, that batch included.
        least: Least share of any creative in a batch, so that effects can be told afterwards.
        concentration: Units of experience that an expected rate is worth.
        loss: Expected loss of rate, relative to the best, at which a winner may be declared.
    """

    batch: int
    to_come: int
    least: float = 0.02
    concentration: float = 200.0
    loss: float = 0.01


@dataclass(frozen=True, slots=True, kw_only=True)
class Creative:
    """A creative in the next batch.

    Attributes:
        name: Its name.
        units: Units of the next batch.
        rate: Expected rate.
        low: Lower bound of its 90 % interval.
        high: Upper bound.
        probability_best: Probability to be the best of all.
        expected_loss: Expected rate forgone against the best, were it taken.
    """

    name: str
    units: int
    rate: float
    low: float
    high: float
    probability_best: float
    expected_loss: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What to send next.

    Attributes:
        creatives: All of them, in the order given.
        winner: The best, where it is sure and cheap enough to be called so; none before.
        regret: Successes forgone so far against the creative now thought best.
    """

    creatives: tuple[Creative, ...]
    winner: str | None
    regret: float


def next_batch(variants: Sequence[Variant], horizon: Horizon, *, rng: np.random.Generator) -> Batch:
    """Divide the next batch among creatives, by what was seen and how much is still to come.

    Args:
        variants: At least two, of different names.
        horizon: How far the test goes.
        rng: Draws beliefs.

    Raises:
        ValueError: Fewer than two creatives, two of one name, or a batch larger than what is to come.
    """
    names = [of.name for of in variants]
    if len(set(names)) < 2 or len(set(names)) < len(names):
        raise ValueError(f"creatives {', '.join(names) or 'none'}: need at least two, each with its own name")
    if not 0 < horizon.batch <= horizon.to_come:
        raise ValueError(
            f"batch == {horizon.batch} of {horizon.to_come} to come: must be positive and at most that"
        )
    beliefs = _beliefs(variants, horizon.concentration)
    seen = float(sum(of.units for of in variants))
    share = horizon.to_come / (horizon.to_come + seen)
    least = min(horizon.least, 1.0 / len(variants))
    due = in_units(allocation(beliefs, to_come=share, rng=rng, least=least), horizon.batch, rng=rng)
    found = standing(variants, horizon, rng=rng)
    creatives = tuple(replace(of, units=int(due[i])) for i, of in enumerate(found.creatives))
    return replace(found, creatives=creatives)


def standing(variants: Sequence[Variant], horizon: Horizon, *, rng: np.random.Generator) -> Batch:
    """What is believed of every creative now, with no batch to come: units of the next one are 0.

    Args:
        variants: At least two, of different names.
        horizon: What an expected rate is worth, and the loss at which a winner may be declared.
        rng: Draws beliefs.
    """
    beliefs = _beliefs(variants, horizon.concentration)
    seen = np.array([of.units for of in variants], dtype=np.float64)
    draws = beliefs.draws(4000, rng=rng)
    judged = beliefs.judged(rng=rng)
    low, high = np.quantile(draws, [0.05, 0.95], axis=0)
    best = judged.best
    sure = judged.declared(probability=SURE, loss=horizon.loss * float(beliefs.mean[best]))
    return Batch(
        creatives=tuple(
            Creative(
                name=of.name,
                units=0,
                rate=float(beliefs.mean[i]),
                low=float(low[i]),
                high=float(high[i]),
                probability_best=float(judged.probability[i]),
                expected_loss=float(judged.expected_loss[i]),
            )
            for i, of in enumerate(variants)
        ),
        winner=variants[best].name if sure and seen.all() else None,
        regret=regret(beliefs.mean, seen),
    )


def _beliefs(variants: Sequence[Variant], concentration: float) -> Shares:
    """Beliefs after what was seen, from what past creatives make likely, or from nothing."""
    known = [of.expected for of in variants if of.expected is not None]
    before = Shares.flat(len(variants))
    if known:
        middle = float(np.mean(known))
        rates = [middle if of.expected is None else of.expected for of in variants]
        before = Shares.around(rates, concentration)
    return before.after([of.successes for of in variants], [of.units for of in variants])
