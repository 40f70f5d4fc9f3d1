"""Joint draws of the lifts of one randomised test: arms share their control, metrics share their units."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cmo.experiments.adjustment import slopes
from cmo.experiments.metric import Mean
from cmo.experiments.moments import Floats, Moments
from cmo.experiments.shrinkage import History

WEAK_CONTROL = 3.0
"""A control mean closer to zero than so many of its errors bears no relative effect."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Lifts:
    """Relative effects of the variants of a test on its metrics.

    Attributes:
        variants: Treated arms.
        metrics: Metrics whose relative effect can be told.
        draws: Shape (draws, variants, metrics).
        weak: Metrics whose control mean cannot be told from zero.
    """

    variants: tuple[str, ...]
    metrics: tuple[str, ...]
    draws: Floats
    weak: tuple[str, ...]


def lifts(
    arms: Mapping[str, Moments],
    metrics: Sequence[str],
    *,
    covariates: Sequence[str],
    control: str,
    n: int,
    rng: np.random.Generator,
) -> Lifts:
    """Draw the lifts under a flat prior, adjusted for what was known before.

    Every metric of an arm is taken off its regression on the covariates, at slopes common to all arms; what
    is left is normal around its mean (t with the arm's degrees of freedom), jointly over metrics.

    Args:
        arms: Moments of all arms.
        metrics: Columns compared.
        covariates: Columns of the time before.
        control: Name of the control arm.
        n: Draws.
        rng: Source of randomness.
    """
    pooled = Moments.pooled(arms.values())
    slope = np.array(
        [slopes(arms.values(), Mean(name), covariates=[Mean(of) for of in covariates]) for name in metrics]
    )
    drawn = {
        name: _means(part.of((*metrics, *covariates)), pooled.of(covariates).mean, slope=slope, n=n, rng=rng)
        for name, part in arms.items()
        if part.n >= 2
    }
    centre, error = drawn[control].mean(axis=0), drawn[control].std(axis=0)
    told = [i for i in range(len(metrics)) if abs(centre[i]) > WEAK_CONTROL * error[i]]
    variants = tuple(name for name in sorted(drawn) if name != control)
    base = drawn[control][:, told]
    out = np.stack([(drawn[name][:, told] - base) / np.abs(base) for name in variants], axis=1)
    return Lifts(
        variants=variants,
        metrics=tuple(metrics[i] for i in told),
        draws=out,
        weak=tuple(name for i, name in enumerate(metrics) if i not in told),
    )


def taught(deciding: Floats, history: History, *, n: int, rng: np.random.Generator) -> npt.NDArray[np.intp]:
    """Rows of draws made under a flat prior that stand for draws under the prior that past tests teach.

    Args:
        deciding: Draws of the deciding metric's lifts, shape (pool, variants).
        history: The prior of one such lift.
        n: Rows to choose.
        rng: Source of randomness.

    Returns:
        Indices of rows, shape (n,): whatever else was drawn jointly follows.
    """
    away = (deciding[:, :, None] - history.mean) / history.sd
    density = np.sum(history.weight / history.sd * np.exp(-0.5 * away**2), axis=-1)
    log_weight = np.log(np.maximum(density, 1e-300)).sum(axis=1)
    weight = np.exp(log_weight - log_weight.max())
    ends = (np.arange(n) + rng.random()) / n
    chosen = np.searchsorted(np.cumsum(weight / weight.sum()), ends).clip(0, len(deciding) - 1)
    return np.asarray(rng.permutation(chosen), dtype=np.intp)


def _means(arm: Moments, centre: Floats, *, slope: Floats, n: int, rng: np.random.Generator) -> Floats:
    """Draws of an arm's adjusted means, shape (n, metrics)."""
    metrics = len(slope)
    away = np.hstack([np.eye(metrics), -slope])
    mean = arm.mean[:metrics] - slope @ (arm.mean[metrics:] - centre)
    covariance = away @ arm.covariance @ away.T / arm.n
    scale = np.sqrt(np.maximum(np.diag(covariance), 0.0))
    safe = np.where(scale > 0.0, scale, 1.0)
    values, vectors = np.linalg.eigh(covariance / np.outer(safe, safe))
    root = vectors * np.sqrt(np.maximum(values, 0.0))
    tails = np.sqrt((arm.n - 1.0) / rng.chisquare(arm.n - 1.0, (n, 1)))
    return np.asarray(mean + (rng.standard_normal((n, metrics)) @ root.T) * tails * scale, dtype=np.float64)
