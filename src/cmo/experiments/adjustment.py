"""One family of regression-adjusted contrasts: plain means, CUPED, several covariates, Lin, strata.

An arm is a vector v = (metric, covariates), linearised at its means. Every estimator of the family is a
linear combination of the arms' vectors, so that difference, baseline and their covariance follow at once.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import inf

import numpy as np

from cmo.experiments.contrast import Contrast
from cmo.experiments.metric import Mean, Metric
from cmo.experiments.moments import Floats, Moments


class Slopes(StrEnum):
    """Whose slopes on the covariates are used."""

    COMMON = "common"
    BY_ARM = "by_arm"


class Baseline(StrEnum):
    """What a relative effect is held against: the control as observed, or at the covariates of all arms."""

    OBSERVED = "observed"
    ADJUSTED = "adjusted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjustment:
    """How a contrast is freed of what was known before the test.

    Attributes:
        covariates: Metrics of the time before; none for a plain difference.
        slopes: One slope for all arms (CUPED), or one for each (Lin).
        baseline: What a relative effect is held against.

    References:
        Deng, Xu, Kohavi & Walker (2013), "Improving the sensitivity of online controlled experiments", WSDM.
        Lin (2013), "Agnostic notes on regression adjustments", Annals of Applied Statistics 7(1).
    """

    covariates: tuple[Metric, ...] = ()
    slopes: Slopes = Slopes.COMMON
    baseline: Baseline = Baseline.OBSERVED


NONE = Adjustment()
"""A plain difference."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Arm:
    n: float
    vector: Floats
    variance: Floats
    """Covariance of the vector's means: per-unit covariance over n."""


def contrast(
    arms: Mapping[str, Moments], metric: Metric, *, control: str, treated: str, adjustment: Adjustment = NONE
) -> Contrast:
    """Difference of a metric between two arms.

    Args:
        arms: Moments of all arms; slopes and the covariates' centre are common to all of them.
        metric: What is compared.
        control: Name of the control arm.
        treated: Name of the treated arm.
        adjustment: How it is adjusted.

    Raises:
        ValueError: An arm is missing or has fewer than two units.
    """
    for name in (control, treated):
        if name not in arms:
            raise ValueError(f"arm {name!r} was not counted; counted were {', '.join(sorted(arms))}")
        if arms[name].n < 2:
            raise ValueError(f"arm {name!r} has {arms[name].n:g} units, must have at least 2")
    metrics = (metric, *adjustment.covariates)
    columns = tuple(dict.fromkeys(column for of in metrics for column in of.columns))
    arms = {name: moments.of(columns) for name, moments in arms.items()}
    parts = {name: _arm(moments, metrics) for name, moments in arms.items() if moments.n >= 2}
    at_control, at_treated = _slopes(arms, metrics, adjustment=adjustment, control=control, treated=treated)
    plus = _adjusted(parts, treated, slope=at_treated)
    minus = _adjusted(parts, control, slope=at_control)
    difference = {name: plus[name] - minus[name] for name in parts}
    base = minus
    if adjustment.baseline is Baseline.OBSERVED:
        first = np.eye(len(metrics))[0]
        base = {name: first * (name == control) for name in parts}
    return Contrast(
        control=float(parts[control].vector[0]),
        treated=float(parts[treated].vector[0]),
        difference=_sum(parts, difference),
        variance=_covariance(parts, difference, difference),
        baseline=_sum(parts, base),
        baseline_variance=_covariance(parts, base, base),
        covariance=_covariance(parts, difference, base),
        df=_welch(parts, difference),
        n=parts[control].n + parts[treated].n,
    )


def stratified_contrast(
    strata: Mapping[str, Mapping[str, Moments]],
    metric: Metric,
    *,
    control: str,
    treated: str,
    adjustment: Adjustment = NONE,
) -> Contrast:
    """Difference within strata, weighted by their share of all units (post-stratification).

    Args:
        strata: Moments by stratum and arm. Strata that miss an arm cannot be compared and are refused.
        metric: What is compared.
        control: Name of the control arm.
        treated: Name of the treated arm.
        adjustment: How each stratum is adjusted.

    References:
        Miratrix, Sekhon & Yu (2013), "Adjusting treatment effect estimates by
            post-stratification", JRSS B 75(2).
    """
    parts = [
        contrast(arms, metric, control=control, treated=treated, adjustment=adjustment)
        for arms in strata.values()
    ]
    n = np.array([part.n for part in parts])
    weight = n / n.sum()
    differences = np.array([part.difference for part in parts])
    baselines = np.array([part.baseline for part in parts])
    variances = weight**2 * np.array([part.variance for part in parts])
    difference, baseline = float(weight @ differences), float(weight @ baselines)
    # The shares of the strata are themselves a sample of the population: a multinomial term.
    spread = np.array([differences - difference, baselines - baseline])
    shares = (spread * weight) @ spread.T / n.sum()
    df = np.array([part.df for part in parts])
    inverse_df = float(np.sum(variances**2 / df))
    return Contrast(
        control=float(weight @ [part.control for part in parts]),
        treated=float(weight @ [part.treated for part in parts]),
        difference=difference,
        variance=float(variances.sum() + shares[0, 0]),
        baseline=baseline,
        baseline_variance=float(weight**2 @ [part.baseline_variance for part in parts] + shares[1, 1]),
        covariance=float(weight**2 @ [part.covariance for part in parts] + shares[0, 1]),
        df=float(variances.sum() ** 2 / inverse_df) if inverse_df > 0.0 else inf,
        n=float(n.sum()),
    )


def slopes(arms: Iterable[Moments], metric: Metric, *, covariates: Sequence[Metric]) -> Floats:
    """Least-squares slopes of a metric on its covariates, common to all arms, shape (covariates,).

    Means are pooled over the arms. A ratio is linear only near its own arm's totals, so that there the
    covariances are taken within arms. A covariate without variance, or one that others already tell, gets
    the least slope that fits.
    """
    metrics = (metric, *covariates)
    groups = tuple(arms)
    if all(isinstance(of, Mean) for of in metrics):
        return _least_squares(_unit_covariance(Moments.pooled(groups), metrics))
    within = [arm.n * _unit_covariance(arm, metrics) for arm in groups if arm.n >= 2]
    return _least_squares(np.sum(within, axis=0))


def _unit_covariance(moments: Moments, metrics: Sequence[Metric]) -> Floats:
    gradients = np.array([metric.gradient(moments) for metric in metrics])
    return np.asarray(gradients @ moments.covariance @ gradients.T, dtype=np.float64)


def _arm(moments: Moments, metrics: Sequence[Metric]) -> _Arm:
    return _Arm(
        n=moments.n,
        vector=np.array([metric.value(moments) for metric in metrics]),
        variance=_unit_covariance(moments, metrics) / moments.n,
    )


def _least_squares(covariance: Floats) -> Floats:
    inner = covariance[1:, 1:]
    scale = np.sqrt(np.diag(inner))
    scale = np.where(scale > 0.0, scale, 1.0)
    solved = np.linalg.pinv(inner / np.outer(scale, scale), rcond=1e-10, hermitian=True) @ (
        covariance[1:, 0] / scale
    )
    return np.asarray(solved / scale, dtype=np.float64)


def _slopes(
    arms: Mapping[str, Moments],
    metrics: Sequence[Metric],
    *,
    adjustment: Adjustment,
    control: str,
    treated: str,
) -> tuple[Floats, Floats]:
    if len(metrics) == 1:
        return np.zeros(0), np.zeros(0)
    if adjustment.slopes is Slopes.COMMON:
        common = slopes(arms.values(), metrics[0], covariates=metrics[1:])
        return common, common
    return slopes([arms[control]], metrics[0], covariates=metrics[1:]), slopes(
        [arms[treated]], metrics[0], covariates=metrics[1:]
    )


def _adjusted(parts: Mapping[str, _Arm], of: str, *, slope: Floats) -> dict[str, Floats]:
    """Weights on every arm's vector of `of`'s metric, moved to the covariates' mean over all arms."""
    total = sum(part.n for part in parts.values())
    toward = np.concatenate([[0.0], slope])
    weights = {name: toward * (part.n / total) for name, part in parts.items()}
    weights[of] = weights[of] + np.eye(len(toward))[0] - toward
    return weights


def _sum(parts: Mapping[str, _Arm], weights: Mapping[str, Floats]) -> float:
    return float(sum(weights[name] @ part.vector for name, part in parts.items()))


def _covariance(parts: Mapping[str, _Arm], left: Mapping[str, Floats], right: Mapping[str, Floats]) -> float:
    return float(sum(left[name] @ part.variance @ right[name] for name, part in parts.items()))


def _welch(parts: Mapping[str, _Arm], weights: Mapping[str, Floats]) -> float:
    variances = {name: float(weights[name] @ part.variance @ weights[name]) for name, part in parts.items()}
    below = sum(variance**2 / (parts[name].n - 1.0) for name, variance in variances.items())
    return sum(variances.values()) ** 2 / below if below > 0.0 else inf
