"""How many units, for how long, to see which effect.

References:
    Faul, Erdfelder, Lang & Buchner (2007), "G*Power 3", Behavior Research Methods 39.
    Deng, Xu, Kohavi & Walker (2013), on what covariates save.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, inf, sqrt

import numpy as np
from scipy import optimize, special

from cmo.experiments.contrast import Alternative, quantile
from cmo.experiments.group_sequential import Boundaries


@dataclass(frozen=True, slots=True, kw_only=True)
class Arm:
    """One arm of a planned test.

    Attributes:
        variance: Variance of the metric per unit, > 0 (p (1 - p) for a share).
        share: Share of all units in the arm, in (0, 1).
    """

    variance: float
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """What a test must be able to see.

    Attributes:
        level: One less the false-positive rate, in (0, 1).
        power: Probability to see the effect, in (0, 1).
        alternative: Whether either way counts.
    """

    level: float = 0.95
    power: float = 0.8
    alternative: Alternative = Alternative.DIFFERENT

    @property
    def distance(self) -> float:
        """Standard errors that the effect must lie away from none."""
        tail = 1.0 - self.level
        tail = tail / 2.0 if self.alternative is Alternative.DIFFERENT else tail
        return quantile(1.0 - tail, inf) + quantile(self.power, inf)


STANDARD = Requirement()
"""5 % false positives, 80 % power, two-sided."""


def share_arms(control: float, effect: float, *, treated_share: float = 0.5) -> tuple[Arm, Arm]:
    """Arms of a test on a share: what differs is also how much each varies.

    Args:
        control: Share in the control arm, in (0, 1).
        effect: Absolute change of the share.
        treated_share: Share of units treated.
    """
    treated = control + effect
    if not (0.0 < control < 1.0 and 0.0 < treated < 1.0):
        raise ValueError(f"shares {control} and {treated} must lie between 0 and 1")
    return (
        Arm(variance=control * (1.0 - control), share=1.0 - treated_share),
        Arm(variance=treated * (1.0 - treated), share=treated_share),
    )


def sample_size(effect: float, *, control: Arm, treated: Arm, requirement: Requirement = STANDARD) -> int:
    """Units in both arms together that a test needs.

    Args:
        effect: Absolute effect that must be seen, not zero.
        control: The control arm; shares are of all units of the test.
        treated: The treated arm.
        requirement: Level and power.
    """
    if effect == 0.0:
        raise ValueError("effect == 0, must differ from 0: no test is long enough to see nothing")
    per_unit = control.variance / control.share + treated.variance / treated.share
    return ceil(requirement.distance**2 * per_unit / effect**2)


def minimum_detectable_effect(
    n: float, *, control: Arm, treated: Arm, requirement: Requirement = STANDARD
) -> float:
    """Smallest absolute effect that a test with n units sees as often as required."""
    if not n > 0.0:
        raise ValueError(f"n == {n:g}, must be positive")
    per_unit = control.variance / control.share + treated.variance / treated.share
    return requirement.distance * sqrt(per_unit / n)


def achieved_power(
    effect: float, se: float, *, df: float = inf, requirement: Requirement = STANDARD
) -> float:
    """Probability that a test with this error sees an effect, by the non-central t.

    Args:
        effect: The absolute effect.
        se: Standard error of its estimate, > 0.
        df: Degrees of freedom.
        requirement: Level and side; its power is not used.
    """
    if not se > 0.0:
        raise ValueError(f"se == {se}, must be positive")
    away = abs(effect) / se
    two_sided = requirement.alternative is Alternative.DIFFERENT
    tail = (1.0 - requirement.level) / (2.0 if two_sided else 1.0)
    bound = quantile(1.0 - tail, df)
    if df == inf:
        upper, lower = float(special.ndtr(away - bound)), float(special.ndtr(-away - bound))
    else:
        upper, lower = 1.0 - float(special.nctdtr(df, away, bound)), float(special.nctdtr(df, away, -bound))
    return upper + lower if two_sided else upper


def sequential_inflation(plan: Boundaries, *, requirement: Requirement = STANDARD) -> float:
    """How many more units a test needs at most, because it may stop early, to keep its power.

    Args:
        plan: Its boundaries.
        requirement: Power; the level is that of the boundaries.
    """
    tail = plan.alpha / plan.sides
    fixed = quantile(1.0 - tail, inf) + quantile(requirement.power, inf)
    needed = optimize.brentq(lambda drift: plan.power(drift) - requirement.power, 0.1 * fixed, 4.0 * fixed)
    return float((needed / fixed) ** 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Duration:
    """How long a test must run.

    Attributes:
        periods: Periods until enough units have come, rounded up to whole cycles.
        n: Units that will have come by then.
    """

    periods: int
    n: float


def duration(needed: float, arrivals: Sequence[float], *, cycle: int = 7, most: int = 364) -> Duration | None:
    """Periods until enough new units have come, in whole cycles so that every weekday counts alike.

    Args:
        needed: Units needed in all arms.
        arrivals: New units expected in each of the first periods; the last cycle is repeated after them.
        cycle: Periods of a cycle.
        most: Longest test that is thought of.

    Returns:
        The duration; none where `most` periods are not enough.
    """
    coming = np.asarray(arrivals, dtype=np.float64)
    if len(coming) < cycle or np.any(coming < 0.0):
        raise ValueError(
            f"{len(coming)} periods of arrivals: need at least one cycle of {cycle}, none negative"
        )
    tail = coming[-cycle:]
    extra = max(0, -(-(most - len(coming)) // cycle))
    total = np.cumsum(np.concatenate([coming, np.tile(tail, extra)]))[:most]
    ends = np.arange(cycle, len(total) + 1, cycle)
    enough = ends[total[ends - 1] >= needed]
    if len(enough) == 0:
        return None
    return Duration(periods=int(enough[0]), n=float(total[enough[0] - 1]))
