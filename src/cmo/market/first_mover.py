"""Does being early pay for this company: what new channels and formats brought at first, against later."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

EARLY: Final = 13  # weeks
FEWEST_AFTER: Final = 8
HALF_LIVES: Final = np.array([4.0, 8.0, 13.0, 20.0, 26.0, 39.0, 52.0, 78.0])
PRIOR_SPREAD: Final = 0.5
"""How far, in logarithms, first results may lie from later ones, before anything is seen."""
PRIOR_UNLIKE: Final = 0.25
DRAWS_MEAN: Final = 4000


@dataclass(frozen=True, slots=True, kw_only=True)
class Launch:
    """A first use of a channel, format or topic.

    Attributes:
        name: Of what.
        kind: `channel`, `format` …
        weeks: Weeks since its first use, at least thirteen and eight, 0 the first, increasing.
        results: What it brought each week, >= 0.
        effort: Money or impressions it took each week, > 0.
        usual: What everything else brought each week per unit of effort, > 0: what the time itself did.
    """

    name: str
    kind: str
    weeks: Floats
    results: Floats
    effort: Floats
    usual: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Early:
    """What one launch brought while it was new.

    Attributes:
        name: Of what.
        kind: `channel`, `format` …
        bonus: Results per effort in the first weeks over those later, minus 1, the same time of others taken
            out: 0.2 is a fifth more.
        low: Lower end of its 90 % interval.
        high: Upper end.
        half_life: Weeks in which half of it fades.
        cost: Cost of a result in the first thirteen weeks over the usual one of then, 1 for as usual.
    """

    name: str
    kind: str
    bonus: float
    low: float
    high: float
    half_life: float
    cost: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Bonus:
    """What being early brings this company.

    Attributes:
        launches: Each first use.
        mean: Bonus of the next launch to expect, as a part of what it brings later.
        low: Lower end of its 90 % interval.
        high: Upper end.
        pays: Probability that launches bring more at first than later, on average.
        half_life: Weeks in which half of it fades, median over what is known.
        of: Standard deviation of the bonus of a launch to come.
    """

    launches: tuple[Early, ...]
    mean: float
    low: float
    high: float
    pays: float
    half_life: float
    of: float


def bonus_of(launches: Sequence[Launch], *, rng: np.random.Generator) -> Bonus | None:
    """The bonus of being early, each launch helped by the others as far as they are alike.

    The log of results per effort, against that of everything else in the same week, is a level plus a bonus
    that fades by halves; how fast is weighed over a grid. Launches are normal around a common bonus.

    Args:
        launches: First uses with enough weeks after.
        rng: Source of randomness.

    Returns:
        The bonus; none without a launch.
    """
    if not launches:
        return None
    fits = [_fitted(one) for one in launches]
    logs = np.array([fit[0] for fit in fits])
    errors = np.array([fit[1] for fit in fits])
    centre, tau = _pooled(logs, errors, rng=rng)
    coming = np.expm1(centre + tau * rng.standard_normal(centre.size))
    own = _own(logs, errors, centre, tau, rng=rng)
    each = tuple(
        Early(
            name=one.name,
            kind=one.kind,
            bonus=float(np.median(own[:, i])),
            low=float(np.quantile(own[:, i], 0.05)),
            high=float(np.quantile(own[:, i], 0.95)),
            half_life=fits[i][2],
            cost=_cost(one),
        )
        for i, one in enumerate(launches)
    )
    low, middle, high = np.quantile(np.expm1(centre), (0.05, 0.5, 0.95))
    return Bonus(
        launches=each,
        mean=float(middle),
        low=float(low),
        high=float(high),
        pays=float((centre > 0).mean()),
        half_life=float(np.median([fit[2] for fit in fits])),
        of=float(coming.std()),
    )


def common_draws(launches: Sequence[Launch], *, rng: np.random.Generator, draws: int) -> Floats:
    """Draws of the bonus that launches have in common, shape (draws,).

    Args:
        launches: First uses with enough weeks after, at least one.
        rng: Source of randomness.
        draws: Number of draws, at most 4000.
    """
    fits = [_fitted(one) for one in launches]
    centre, _ = _pooled(np.array([fit[0] for fit in fits]), np.array([fit[1] for fit in fits]), rng=rng)
    return np.asarray(np.expm1(centre[:draws]), dtype=np.float64)


def _fitted(launch: Launch) -> tuple[float, float, float]:
    """Log bonus of the first weeks on average, its error, and the half-life, averaged over the grid."""
    level = np.log((launch.results + 0.5) / launch.effort / launch.usual)
    weight = np.sqrt(np.maximum(launch.results, 0.5))
    fits = []
    for half in HALF_LIVES:
        fading = 0.5 ** (launch.weeks / half)
        design = np.column_stack([np.ones_like(fading), fading])
        scaled = design * weight[:, None]
        inverse = np.linalg.inv(scaled.T @ scaled + np.diag([1e-9, 1e-6]))
        found = inverse @ (scaled.T @ (weight * level))
        left = weight * (level - design @ found)
        noise = float(left @ left) / max(level.size - 3, 1)
        first = fading[launch.weeks < EARLY].mean()
        fits.append((found[1] * first, np.sqrt(inverse[1, 1] * noise) * first, noise))
    table = np.array(fits)
    log_weight = -0.5 * level.size * np.log(np.maximum(table[:, 2], 1e-12))
    weights = np.exp(log_weight - log_weight.max())
    weights /= weights.sum()
    mean = float(weights @ table[:, 0])
    error = float(np.sqrt(weights @ (table[:, 1] ** 2 + (table[:, 0] - mean) ** 2)))
    return mean, max(error, 1e-3), float(weights @ HALF_LIVES)


def _pooled(logs: Floats, errors: Floats, *, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Draws of the common bonus and of how unlike launches are, by weighing draws of the prior."""
    tau = np.abs(PRIOR_UNLIKE * rng.standard_normal(DRAWS_MEAN))
    total = errors**2 + tau[:, None] ** 2
    precision = (1 / total).sum(axis=1) + 1 / PRIOR_SPREAD**2
    mean = (logs / total).sum(axis=1) / precision
    fit = -0.5 * (np.log(total) + (logs - mean[:, None]) ** 2 / total).sum(axis=1)
    fit += -0.5 * np.log(precision) - 0.5 * (mean / PRIOR_SPREAD) ** 2
    weights = np.exp(fit - fit.max())
    picked = rng.choice(DRAWS_MEAN, DRAWS_MEAN, p=weights / weights.sum())
    centre = mean[picked] + rng.standard_normal(DRAWS_MEAN) / np.sqrt(precision[picked])
    return centre, tau[picked]


def _own(logs: Floats, errors: Floats, centre: Floats, tau: Floats, *, rng: np.random.Generator) -> Floats:
    """Draws of each launch's own bonus, shape (draws, launches)."""
    own, common = 1 / errors**2, 1 / np.maximum(tau[:, None], 1e-3) ** 2
    middle = (own * logs + common * centre[:, None]) / (own + common)
    return np.asarray(
        np.expm1(middle + rng.standard_normal(middle.shape) / np.sqrt(own + common)), dtype=np.float64
    )


def _cost(launch: Launch) -> float:
    early = launch.weeks < EARLY
    ours = (launch.results[early].sum() + 0.5) / launch.effort[early].sum()
    usual = float(np.average(launch.usual[early], weights=launch.effort[early]))
    return float(usual / ours)
