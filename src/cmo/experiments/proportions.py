"""Two shares compared: exact and asymptotic tests of a two-by-two table."""

from dataclasses import dataclass
from enum import StrEnum
from math import exp, expm1, inf, log, sqrt
from typing import Literal

import numpy as np
from scipy import stats

from cmo.experiments.contrast import TWO_SIDED, Alternative, Contrast, Effect, Inference, quantile, tail_above
from cmo.experiments.moments import Moments

_SCIPY: dict[Alternative, Literal["two-sided", "greater", "less"]] = {
    Alternative.DIFFERENT: "two-sided",
    Alternative.GREATER: "greater",
    Alternative.LESS: "less",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shares:
    """Successes among the units of two arms.

    Attributes:
        control: Successes in the control arm, 0 <= control <= n_control.
        n_control: Units in the control arm, > 0.
        treated: Successes in the treated arm, 0 <= treated <= n_treated.
        n_treated: Units in the treated arm, > 0.
    """

    control: int
    n_control: int
    treated: int
    n_treated: int

    def __post_init__(self) -> None:
        """Refuse counts that no arm can have."""
        for successes, n in ((self.control, self.n_control), (self.treated, self.n_treated)):
            if not (0 <= successes <= n and n > 0):
                raise ValueError(
                    f"{successes} successes of {n} units: must hold 0 <= successes <= units, units > 0"
                )

    @property
    def rates(self) -> tuple[float, float]:
        """Shares of the control and of the treated arm."""
        return self.control / self.n_control, self.treated / self.n_treated

    @property
    def pooled(self) -> float:
        """Share over both arms."""
        return (self.control + self.treated) / (self.n_control + self.n_treated)

    @property
    def table(self) -> list[list[int]]:
        """Treated first: [[successes, failures] treated, [successes, failures] control]."""
        return [[self.treated, self.n_treated - self.treated], [self.control, self.n_control - self.control]]


class Exact(StrEnum):
    """Exact tests of a two-by-two table."""

    FISHER = "fisher"
    BARNARD = "barnard"
    BOSCHLOO = "boschloo"


def exact_p(
    shares: Shares, by: Exact, *, alternative: Alternative = Alternative.DIFFERENT, pooled: bool = True
) -> float:
    """P-value of equal shares by an exact test.

    Args:
        shares: The two arms.
        by: The test: Fisher's conditions on both margins, Barnard's and Boschloo's on one.
        alternative: What the test is meant to show of the treated arm.
        pooled: Whether Barnard's score uses the pooled variance.

    References:
        Boschloo (1970), "Raised conditional level of significance for the 2x2 table", Stat. Neerlandica 24.
    """
    if by is Exact.FISHER:
        return float(stats.fisher_exact(np.array(shares.table), alternative=_SCIPY[alternative])[1])
    columns = np.array(shares.table).T  # SciPy wants the arms as columns.
    if by is Exact.BARNARD:
        return float(stats.barnard_exact(columns, alternative=_SCIPY[alternative], pooled=pooled).pvalue)
    return float(stats.boschloo_exact(columns, alternative=_SCIPY[alternative]).pvalue)


class Asymptotic(StrEnum):
    """Chi-squared tests of a two-by-two table."""

    PEARSON = "pearson"
    LIKELIHOOD_RATIO = "log-likelihood"


def chi_squared_p(shares: Shares, by: Asymptotic, *, corrected: bool = True) -> float:
    """P-value of equal shares by a chi-squared test, with or without Yates's correction."""
    return float(stats.chi2_contingency(shares.table, correction=corrected, lambda_=by.value)[1])


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareEffect:
    """Difference of two shares by the normal test.

    Attributes:
        absolute: The change in the share.
        relative: The change relative to the control's share, by the same test on the logarithm.
    """

    absolute: Effect
    relative: Effect


def share_effect(
    shares: Shares, inference: Inference = TWO_SIDED, *, pooled: bool = True, corrected: bool = True
) -> ShareEffect:
    """Normal test of two shares, whose interval holds what the test does not reject.

    Args:
        shares: The two arms.
        inference: The test to invert.
        pooled: Whether the variance is that of equal shares.
        corrected: Whether half a unit is taken off the difference (continuity).
    """
    control, treated = shares.rates
    rates = (shares.pooled, shares.pooled) if pooled else (control, treated)
    per_unit = [
        rate * (1.0 - rate) / n for rate, n in zip(rates, (shares.n_control, shares.n_treated), strict=True)
    ]
    se = sqrt(sum(per_unit))
    if se == 0.0 or control == 0.0 or treated == 0.0:
        raise ValueError("an arm has no success, or all have: use an exact test")
    slack = 0.5 * (1.0 / shares.n_control + 1.0 / shares.n_treated) if corrected else 0.0
    n = float(shares.n_control + shares.n_treated)
    z = inference.critical(inf)
    difference = treated - control
    low, high = inference.interval(difference, z * se + slack)
    p = _normal_p(difference, se=se, slack=slack, inference=inference)
    absolute = Effect(estimate=difference, se=se, low=low, high=high, p=p, df=inf, n=n)
    log_se = sqrt(
        sum(variance / rate**2 for variance, rate in zip(per_unit, _on_log(shares, pooled), strict=True))
    )
    ratio = log(treated / control)
    bounds = inference.interval(ratio, z * log_se + slack / control)
    relative = Effect(
        estimate=expm1(ratio),
        se=log_se * exp(ratio),
        low=expm1(bounds[0]),
        high=expm1(bounds[1]),
        p=p,
        df=inf,
        n=n,
    )
    return ShareEffect(absolute=absolute, relative=relative)


def share_contrast(shares: Shares) -> Contrast:
    """The two arms as a contrast, with binomial variances p (1 - p) / n."""
    control, treated = shares.rates
    base = control * (1.0 - control) / shares.n_control
    plus = treated * (1.0 - treated) / shares.n_treated
    below = base**2 / max(shares.n_control - 1, 1) + plus**2 / max(shares.n_treated - 1, 1)
    return Contrast(
        control=control,
        treated=treated,
        difference=treated - control,
        variance=base + plus,
        baseline=control,
        baseline_variance=base,
        covariance=-base,
        df=(base + plus) ** 2 / below if below > 0.0 else inf,
        n=float(shares.n_control + shares.n_treated),
    )


def share_moments(column: str, n: float, *, successes: float) -> Moments:
    """Moments of a column of zeros and ones."""
    return Moments.of_sums((column,), n, sums=[successes], products=[[successes]])


def _on_log(shares: Shares, pooled: bool) -> tuple[float, float]:  # noqa: FBT001 - private, mirrors its caller
    return (shares.pooled, shares.pooled) if pooled else shares.rates


def _normal_p(difference: float, *, se: float, slack: float, inference: Inference) -> float:
    if inference.alternative is Alternative.DIFFERENT:
        return min(1.0, 2.0 * tail_above(max(abs(difference) - slack, 0.0) / se, inf))
    sign = 1.0 if inference.alternative is Alternative.GREATER else -1.0
    return tail_above((sign * difference - slack) / se, inf)


def wilson_interval(successes: int, n: int, *, level: float = 0.95) -> tuple[float, float]:
    """Interval of one share by inverting the score test.

    References:
        Wilson (1927), "Probable inference, the law of succession, and statistical inference", JASA 22.
    """
    if not (0 <= successes <= n and n > 0):
        raise ValueError(f"{successes} successes of {n} units: must hold 0 <= successes <= units, units > 0")
    z2 = quantile(0.5 + level / 2.0, inf) ** 2
    share = successes / n
    centre = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = sqrt(z2 * (share * (1 - share) / n + z2 / (4 * n * n))) / (1 + z2 / n)
    return max(0.0, centre - half), min(1.0, centre + half)
