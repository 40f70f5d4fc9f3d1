"""Effects relative to the control: +12 % instead of +0.29 €."""

from dataclasses import replace
from enum import StrEnum
from math import copysign, expm1, inf, log1p, sqrt

from cmo.experiments.contrast import (
    TWO_SIDED,
    Alternative,
    Contrast,
    Effect,
    Inference,
    absolute_effect,
    tested,
)

WEAK_BASELINE = 0.05
"""Above this share of (critical value x error of the baseline / baseline) squared the delta method misleads:
Fieller's g, beyond which Finney (1952) asks for the exact interval."""
CAREFUL_BASELINE = 0.01
"""The same for readings that decide a test: at g = 0.04 the delta method covers 94.2 % at nominal 95 %."""


class Relative(StrEnum):
    """How the uncertainty of a relative effect is worked out."""

    DELTA = "delta"
    LOG = "log"
    FIELLER = "fieller"


def relative_effect(
    contrast: Contrast, inference: Inference = TWO_SIDED, *, by: Relative | None = None
) -> Effect:
    """The change relative to the control's level, whose own noise is counted.

    Args:
        contrast: Difference and baseline with their joint variance.
        inference: The test to invert.
        by: The method; where not given, the delta method while the baseline is known well, else Fieller's.

    Returns:
        The effect over the absolute value of the baseline, so that its sign is that of the change.

    Raises:
        ValueError: The baseline is zero, or an arm is not positive where logarithms are taken.

    References:
        Fieller (1954), "Some problems in interval estimation", JRSS B 16(2).
        Deng, Knoblich & Lu (2018), "Applying the Delta Method in Metric Analytics", KDD.
    """
    if contrast.baseline == 0.0:
        raise ValueError("baseline == 0, must differ from 0 for a relative effect: report the absolute one")
    upright = _upright(contrast)
    method = by or (Relative.FIELLER if weakness(upright, inference) > WEAK_BASELINE else Relative.DELTA)
    if method is Relative.FIELLER:
        return _fieller(upright, inference)
    ratio = upright.difference / upright.baseline
    se = sqrt(_error_variance(upright, ratio)) / upright.baseline
    if method is Relative.DELTA:
        return tested(ratio, se, df=upright.df, n=upright.n, inference=inference)
    return _logarithmic(upright, ratio=ratio, se=se, inference=inference)


def weakness(contrast: Contrast, inference: Inference = TWO_SIDED) -> float:
    """Fieller's g: from 1 on, the baseline cannot be told from zero."""
    return inference.critical(contrast.df) ** 2 * contrast.baseline_variance / contrast.baseline**2


def _upright(contrast: Contrast) -> Contrast:
    sign = copysign(1.0, contrast.baseline)
    return replace(contrast, baseline=abs(contrast.baseline), covariance=sign * contrast.covariance)


def _error_variance(contrast: Contrast, ratio: float) -> float:
    return contrast.variance - 2.0 * ratio * contrast.covariance + ratio**2 * contrast.baseline_variance


def _logarithmic(contrast: Contrast, *, ratio: float, se: float, inference: Inference) -> Effect:
    if ratio <= -1.0:
        raise ValueError(
            f"relative effect == {ratio:g}, must exceed -1 for a logarithm: use Fieller's interval"
        )
    on_log = tested(log1p(ratio), se / (1.0 + ratio), df=contrast.df, n=contrast.n, inference=inference)
    low = -1.0 if on_log.low == -inf else expm1(on_log.low)
    high = inf if on_log.high == inf else expm1(on_log.high)
    return replace(on_log, estimate=ratio, se=se, low=low, high=high)


def _fieller(contrast: Contrast, inference: Inference) -> Effect:
    """Every ratio r with |difference - r baseline| within the critical value of its own error.

    Where the baseline cannot be told from zero, no ratio can be ruled out: the interval is the whole line.
    """
    absolute = absolute_effect(contrast, inference)
    ratio = contrast.difference / contrast.baseline
    q2 = inference.critical(contrast.df) ** 2
    a = contrast.baseline**2 - q2 * contrast.baseline_variance
    b = contrast.difference * contrast.baseline - q2 * contrast.covariance
    c = contrast.difference**2 - q2 * contrast.variance
    root = b * b - a * c
    se = sqrt(_error_variance(contrast, ratio)) / contrast.baseline
    if a <= 0.0 or root < 0.0:
        return replace(absolute, estimate=ratio, se=se, low=-inf, high=inf, p=1.0)
    low, high = (b - sqrt(root)) / a, (b + sqrt(root)) / a
    if inference.alternative is Alternative.GREATER:
        high = inf
    if inference.alternative is Alternative.LESS:
        low = -inf
    return replace(absolute, estimate=ratio, se=se, low=low, high=high)
