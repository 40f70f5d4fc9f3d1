"""A treated market against its donors on the logarithm, with noise that remembers yesterday.

Where all markets share trend and season as factors, the log of the treated less a weighted mean of the
donors' logs is level noise around a constant. That noise is autocorrelated, and intervals that ignore it
cover 70 to 85 % where 95 % is promised.

References:
    Kendall (1954), "Note on bias in the estimation of autocorrelation", Biometrika 41.
    Recast (2025), "GeoLift simulation study": the process on which coverage is published.
"""

from dataclasses import dataclass
from math import exp, sqrt

import numpy as np

from cmo.experiments.contrast import quantile, tail_above
from cmo.experiments.moments import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class LogRatioEffect:
    """The effect of a test on one market or group of markets.

    Attributes:
        att: Mean effect per period, in the outcome's unit.
        low: Lower bound.
        high: Upper bound.
        growth: Effect on the logarithm.
        se: Its standard error.
        p: Two-sided p-value.
        df: Degrees of freedom: independent periods that the noise before the test is worth.
        autocorrelation: Of the noise, from one period to the next.
    """

    att: float
    low: float
    high: float
    growth: float
    se: float
    p: float
    df: float
    autocorrelation: float


def log_ratio_effect(target: Floats, donors: Floats, *, pre: int, level: float = 0.95) -> LogRatioEffect:
    """Effect of a test from the log-ratio of a market to its donors.

    Args:
        target: Positive outcomes of the treated market, shape (times,).
        donors: Positive outcomes of the others, shape (times, donors).
        pre: Periods before the test, at least 8.
        level: Coverage.

    Raises:
        ValueError: An outcome is not positive, or the time before is too short to learn its noise.
    """
    if np.any(target <= 0.0) or np.any(donors <= 0.0):
        raise ValueError("an outcome is not positive: use synthetic control, which takes no logarithm")
    if not 8 <= pre < len(target):
        raise ValueError(
            f"{pre} periods before the test of {len(target)}: need at least 8, and some of the test"
        )
    logs, weights = _weighed(donors, pre=pre)
    middle = logs @ weights
    ratio = np.log(target) - middle
    before = ratio[:pre]
    growth = float(ratio[pre:].mean() - before.mean())
    # What each donor is to the others tells how noise remembers, of which one market alone says too little.
    peers = (logs - middle[:, None])[:pre] / (1.0 - weights) if len(weights) > 1 else None
    memory, doubt = _memory(before, peers)
    variance, df = _noise(before, memory=memory, doubt=doubt)
    length = len(target) - pre
    se = sqrt(variance * (mean_variance(memory, length) + mean_variance(memory, pre)))
    half = quantile(0.5 + level / 2.0, df) * se
    mean = float(target[pre:].mean())

    def in_units(log_effect: float) -> float:
        return mean * (1.0 - exp(-log_effect))

    return LogRatioEffect(
        att=in_units(growth),
        low=in_units(growth - half),
        high=in_units(growth + half),
        growth=growth,
        se=se,
        p=2.0 * tail_above(abs(growth) / se, df) if se > 0.0 else 0.0 if growth else 1.0,
        df=df,
        autocorrelation=memory,
    )


def log_ratio(target: Floats, donors: Floats, *, pre: int) -> Floats:
    """Logarithm of a market less the weighted mean of its donors', shape (times,).

    Args:
        target: Positive outcomes of the treated market, shape (times,).
        donors: Positive outcomes of the others, shape (times, donors).
        pre: Periods before the test.
    """
    logs, weights = _weighed(donors, pre=pre)
    return np.asarray(np.log(target) - logs @ weights, dtype=np.float64)


def _weighed(donors: Floats, *, pre: int) -> tuple[Floats, Floats]:
    """Logarithms of the donors, and their weights: the steadier from period to period, the heavier."""
    logs = np.log(donors)
    precision = 1.0 / np.maximum(np.var(np.diff(logs[:pre], axis=0), axis=0), 1e-12)
    return logs, np.asarray(precision / precision.sum(), dtype=np.float64)


def mean_variance(autocorrelation: float, length: int) -> float:
    """Variance of the mean of a stationary AR(1) of unit variance over some periods."""
    lag = np.arange(1, length)
    return float((1.0 + 2.0 * np.sum((1.0 - lag / length) * autocorrelation**lag)) / length)


def _memory(own: Floats, peers: Floats | None) -> tuple[float, float]:
    """Autocorrelation of the market's noise, drawn toward that of its peers, and its variance."""
    n = len(own)
    raw = _autocorrelation(own[:, None])[0]
    within = (1.0 - raw**2) / n
    if peers is None or peers.shape[1] < 3:
        return float(np.clip(raw, 0.0, 0.9)), float(within)
    others = _autocorrelation(peers)
    centre = float(others.mean())
    noise = (1.0 - min(centre**2, 0.8)) / n
    between = max(float(others.var(ddof=1)) - noise, 0.0) + float(others.var(ddof=1)) / len(others)
    pull = noise / (noise + between)
    return float(np.clip(pull * centre + (1.0 - pull) * raw, 0.0, 0.9)), float((1.0 - pull) * noise)


def _autocorrelation(residuals: Floats) -> Floats:
    """First autocorrelation of each column, freed of its bias in short series (Kendall), shape (columns,)."""
    n = len(residuals)
    away = residuals - residuals.mean(axis=0)
    below = np.sum(away[:-1] ** 2, axis=0)
    raw = np.sum(away[1:] * away[:-1], axis=0) / np.where(below > 0.0, below, 1.0)
    return np.asarray(np.clip(raw + (1.0 + 3.0 * raw) / n, -0.95, 0.95), dtype=np.float64)


def _noise(residuals: Floats, *, memory: float, doubt: float) -> tuple[float, float]:
    """Variance of noise around an unknown constant, and the degrees of freedom it is known with."""
    n = len(residuals)
    # Whitened, the noise is independent from period to period.
    scale = sqrt(1.0 - memory**2)
    white = np.append(scale * residuals[:1], residuals[1:] - memory * residuals[:-1])
    level = np.append(scale, np.full(n - 1, 1.0 - memory))
    rest = white - level * float(level @ white) / float(level @ level)
    variance = float(rest @ rest) / (n - 1.0) / (1.0 - memory**2)
    # The variance of a long mean goes with 1 / (1 - memory)^2: its doubt adds to that of the scale.
    spread = 2.0 / (n - 1.0) + (2.0 / (1.0 - memory)) ** 2 * doubt
    return variance, max(2.0 / spread, 3.0)
