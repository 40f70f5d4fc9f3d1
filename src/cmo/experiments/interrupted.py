"""One series cut by an event: what it would have been, from its own past and its drivers.

Graded B at best: nothing but the past stands for what would have happened.

References:
    Box & Tiao (1975), "Intervention analysis with applications to economic and environmental problems",
    JASA 70.
    Bernal, Cummins & Gasparrini (2017), "Interrupted time series regression", Int. J. of Epidemiology 46.
"""

from dataclasses import dataclass
from math import sqrt

import numpy as np

from cmo.experiments.contrast import TWO_SIDED, Effect, Inference, tested
from cmo.experiments.moments import Floats


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class InterruptedSeries:
    """The effect of an event on a series.

    Attributes:
        effect: Mean effect per period after the event.
        counterfactual: What the series would have been, shape (times,).
        autocorrelation: Of the noise before the event.
    """

    effect: Effect
    counterfactual: Floats
    autocorrelation: float


def interrupted_series(
    outcome: Floats,
    *,
    pre: int,
    season: int,
    drivers: Floats | None = None,
    inference: Inference = TWO_SIDED,
) -> InterruptedSeries:
    """Trend, season and drivers learnt before the event, carried on after it, with autocorrelated noise.

    Args:
        outcome: Shape (times,).
        pre: Periods before the event.
        season: Periods of a season (7 for days of the week, 52 for weeks), 1 for none.
        drivers: What moves the outcome and is not moved by the event, shape (times, drivers).
        inference: The test to invert.

    Raises:
        ValueError: Fewer than two seasons, or too few periods, before the event.
    """
    design = _design(len(outcome), season=season, drivers=drivers)
    if pre >= len(outcome) or pre < max(2 * season, 2 * design.shape[1] + 8):
        raise ValueError(
            f"{pre} periods before the event of {len(outcome)}: need two seasons of {season}, "
            f"and at least {2 * design.shape[1] + 8}"
        )
    memory = 0.0
    for _ in range(3):
        slope, bread, residual = _fitted(outcome[:pre], design[:pre], memory=memory)
        memory = _autocorrelation(residual, lost=design.shape[1])
    slope, bread, residual = _fitted(outcome[:pre], design[:pre], memory=memory)
    white = residual[1:] - memory * residual[:-1]
    df = float(pre - 1 - design.shape[1])
    scale = float(white @ white) / df
    counterfactual = design @ slope
    length = len(outcome) - pre
    ahead = design[pre:].mean(axis=0)
    variance = scale * (float(ahead @ bread @ ahead) + _mean_variance(memory, length))
    # A wrong memory is the main risk: its own error takes degrees of freedom away.
    df = max(df * (1.0 - memory) / (1.0 + memory), 4.0)
    gap = outcome[pre:] - counterfactual[pre:]
    effect = tested(float(gap.mean()), sqrt(variance), df=df, n=float(len(outcome)), inference=inference)
    return InterruptedSeries(effect=effect, counterfactual=counterfactual, autocorrelation=memory)


def _design(times: int, *, season: int, drivers: Floats | None) -> Floats:
    at = np.arange(times)
    columns = [np.ones(times), (at - times / 2.0) / times]
    if 1 < season <= 12:
        columns += [np.asarray(at % season == k, dtype=np.float64) for k in range(1, season)]
    if season > 12:
        for k in (1, 2, 3):
            columns += [np.sin(2.0 * np.pi * k * at / season), np.cos(2.0 * np.pi * k * at / season)]
    rest = [] if drivers is None else list(drivers.T)
    return np.column_stack([*columns, *rest])


def _fitted(outcome: Floats, design: Floats, *, memory: float) -> tuple[Floats, Floats, Floats]:
    goal = outcome[1:] - memory * outcome[:-1]
    rows = design[1:] - memory * design[:-1]
    bread = np.linalg.pinv(rows.T @ rows)
    slope = bread @ rows.T @ goal
    return slope, np.asarray(bread, dtype=np.float64), outcome - design @ slope


def _autocorrelation(residual: Floats, *, lost: int) -> float:
    below = float(residual[:-1] @ residual[:-1])
    raw = float(residual[1:] @ residual[:-1]) / below if below > 0.0 else 0.0
    return float(np.clip(raw + (1.0 + 3.0 * raw + lost * (1.0 - raw) / 2.0) / len(residual), 0.0, 0.95))


def _mean_variance(memory: float, length: int) -> float:
    """Variance of the mean of so many AR(1) periods, for unit variance of the innovations."""
    lag = np.arange(1, length)
    return float((1.0 + 2.0 * np.sum((1.0 - lag / length) * memory**lag)) / length) / (1.0 - memory**2)
