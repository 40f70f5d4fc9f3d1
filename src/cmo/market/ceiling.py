"""How far a topic may rise: a logistic curve, with finished analogues for what its past cannot tell."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

CANDIDATES: Final = 20000
LONGEST: Final = 36
"""Months of the past that the curve is held against: what was earlier belongs to another wave."""
OF_CHANCE: Final = (0.04, 0.18, 0.39, 0.62)
MEAN: Final = (0.17, 0.42, 0.86, 1.06)
SPREAD: Final = (0.29, 0.44, 0.64, 0.71)
"""Log of the highest half year of the four years to come over the level of the day, of 145 terms
of job advertisements at every quarter, by the radar's chance: what the analogues teach."""
PACE: Final = (float(np.log(0.09)), 0.6)
"""Median and spread of the log of the monthly pace of a logistic rise: from a tenth to nine tenths in four
years, give or take."""
NOISE: Final = 4.0
"""How much noisier than counts months are taken to be, at least: neighbours err together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ceiling:
    """Draws of where a topic's rise ends.

    Attributes:
        level: Highest monthly volume, shape (draws,).
        months: Months until nine tenths of it are reached, 0 where they are, shape (draws,).
    """

    level: Floats
    months: Floats


def ceiling(volumes: Floats, *, chance: float, rng: np.random.Generator, draws: int) -> Ceiling:
    """The posterior of a topic's ceiling.

    Draws from what analogues of the same chance became are weighed by how well the logistic curve through
    today's level fits the topic's own past, its floor chosen by least squares.

    Args:
        volumes: Volume each month, >= 0, at least twelve, scattering like counts.
        chance: Probability that the topic rises, in [0, 1].
        rng: Source of randomness.
        draws: Number of draws, >= 1.

    Returns:
        The ceiling, joint draws.

    Raises:
        ValueError: Fewer than twelve months.

    References:
        Rubin (1988), "Using the SIR algorithm to simulate posterior distributions".
    """
    if volumes.size < 12:
        raise ValueError(f"{volumes.size} months were given, at least 12 are needed")
    past = volumes[-LONGEST:]
    level = (float(past[-3:].sum()) + 0.5) / 3
    now = level * np.exp(rng.standard_normal(CANDIDATES) / np.sqrt(3 * level + 1))
    mean, spread = np.interp(chance, OF_CHANCE, MEAN), np.interp(chance, OF_CHANCE, SPREAD)
    top = now * np.exp(np.maximum(mean + spread * rng.standard_normal(CANDIDATES), 0.0))
    pace = np.exp(PACE[0] + PACE[1] * rng.standard_normal(CANDIDATES))
    floor = np.minimum(now, float(np.quantile(past, 0.1))) * rng.uniform(0.0, 1.0, CANDIDATES)
    share = np.clip((now - floor) / np.maximum(top - floor, 1e-9), 1e-3, 1 - 1e-3)
    middle = -np.log(share / (1 - share)) / pace  # months from now to half-way, negative where it is past
    time = np.arange(-past.size + 1, 1)
    curve = floor[:, None] + (top - floor)[:, None] / (1 + np.exp(-pace[:, None] * (time - middle[:, None])))
    apart = (past - curve) ** 2 / np.maximum(curve, 0.5)
    weights = -0.5 * apart.sum(axis=1) / max(NOISE, float(apart.mean(axis=1).min()))
    picked = rng.choice(CANDIDATES, draws, p=_normalised(weights))
    to_go = np.maximum(middle[picked] + np.log(9.0) / pace[picked], 0.0)
    return Ceiling(level=top[picked], months=np.where(share[picked] >= 0.9, 0.0, to_go))


def _normalised(logs: Floats) -> Floats:
    weights = np.exp(logs - logs.max())
    return np.asarray(weights / weights.sum(), dtype=np.float64)
