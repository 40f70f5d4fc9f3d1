"""Effects by segment, drawn toward their mean by as much as they are noise."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import optimize, special

from cmo.experiments.moments import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentEffect:
    """The effect in one segment.

    Attributes:
        raw: As measured there alone.
        se: Its standard error.
        estimate: Drawn toward the mean effect.
        low: Lower bound of its interval.
        high: Upper bound.
    """

    raw: float
    se: float
    estimate: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentEffects:
    """Effects by segment and whether they differ at all.

    Attributes:
        mean: Mean effect over segments.
        spread: Standard deviation of true effects between segments.
        p_differ: P-value of one effect for all (Cochran's Q).
        of: The effect of each segment.
    """

    mean: float
    spread: float
    p_differ: float
    of: Mapping[str, SegmentEffect]


def segment_effects(
    estimates: Mapping[str, tuple[float, float]], *, level: float = 0.95, grid: int = 400
) -> SegmentEffects:
    """Shrunk effects by segment; the unknown spread between segments is averaged over.

    Args:
        estimates: Estimate and standard error of each segment; at least two.
        level: Coverage of the intervals.
        grid: Points over which the spread is integrated.

    Returns:
        Posterior means and intervals under a flat prior on the mean and on the spread.

    References:
        Gelman (2006), "Prior distributions for variance parameters in hierarchical models",
        Bayesian Analysis 1(3).
    """
    if len(estimates) < 2:
        raise ValueError(f"{len(estimates)} segment, must be at least 2 to compare effects")
    raw = np.array([estimate for estimate, _ in estimates.values()])
    se = np.array([error for _, error in estimates.values()])
    if np.any(~(se > 0.0)):
        raise ValueError("every segment needs a positive standard error")
    weight, centre, centre_var, spread = _spread_posterior(raw, se, grid=grid)
    mean, variance = _conditional(raw, se, centre=centre, centre_var=centre_var, spread=spread)
    estimate = weight @ mean
    ends = [
        _mixture_quantiles(weight, mean[:, j], np.sqrt(variance[:, j]), level=level) for j in range(len(raw))
    ]
    pooled = float((raw / se**2).sum() / (1.0 / se**2).sum())
    q = float(np.sum((raw - pooled) ** 2 / se**2))
    return SegmentEffects(
        mean=float(weight @ centre),
        spread=float(weight @ spread),
        p_differ=float(special.chdtrc(len(raw) - 1, q)),
        of={
            name: SegmentEffect(
                raw=float(raw[j]),
                se=float(se[j]),
                estimate=float(estimate[j]),
                low=ends[j][0],
                high=ends[j][1],
            )
            for j, name in enumerate(estimates)
        },
    )


def _spread_posterior(raw: Floats, se: Floats, *, grid: int) -> tuple[Floats, Floats, Floats, Floats]:
    top = 4.0 * max(float(raw.std()), float(np.median(se)))
    spread = (np.arange(grid) + 0.5) / grid * top
    precision = 1.0 / (se[None, :] ** 2 + spread[:, None] ** 2)
    total = precision.sum(axis=1)
    centre = precision @ raw / total
    log_density = 0.5 * (
        np.log(precision).sum(axis=1)
        - np.log(total)
        - (precision * (raw[None, :] - centre[:, None]) ** 2).sum(axis=1)
    )
    weight = np.exp(log_density - log_density.max())
    return weight / weight.sum(), centre, 1.0 / total, spread


def _conditional(
    raw: Floats, se: Floats, *, centre: Floats, centre_var: Floats, spread: Floats
) -> tuple[Floats, Floats]:
    pull = se[None, :] ** 2 / (se[None, :] ** 2 + spread[:, None] ** 2)
    mean = pull * centre[:, None] + (1.0 - pull) * raw[None, :]
    variance = (1.0 - pull) * se[None, :] ** 2 + pull**2 * centre_var[:, None]
    return mean, variance


def _mixture_quantiles(
    weight: Floats, mean: Floats, sd: npt.NDArray[np.float64], *, level: float
) -> tuple[float, float]:
    reach = 10.0 * float(sd.max())
    bounds = (float(mean.min()) - reach, float(mean.max()) + reach)
    tail = (1.0 - level) / 2.0

    def below(x: float, share: float) -> float:
        return float(weight @ special.ndtr((x - mean) / sd)) - share

    return tuple(optimize.brentq(below, *bounds, args=(share,), xtol=1e-12) for share in (tail, 1.0 - tail))  # type: ignore[return-value]
