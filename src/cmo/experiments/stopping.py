"""What a test that was stopped early has shown: estimates and intervals freed of the stopping rule.

A test that stops because it looks good looks better than it is. Ordering outcomes by the look at which they
were reached gives a p-value, an interval and a median-unbiased estimate that account for it.

References:
    Tsiatis, Rosner & Mehta (1984), "Exact confidence intervals following a group sequential test",
    Biometrics 40(3).
    Whitehead (1986), "On the bias of maximum likelihood estimation following a sequential test",
    Biometrika 73(3).
    Jennison & Turnbull (2000), "Group Sequential Methods with Applications to Clinical Trials", chapter 8.
"""

from dataclasses import dataclass
from math import sqrt

import numpy as np
from scipy import optimize, special

from cmo.experiments.group_sequential import Boundaries, Sides, Survivors, tail_mass
from cmo.experiments.moments import Floats

PRUDENCE = 0.95
"""Width of the prior of a prudent estimate, in effects that the plan sees with 80 % power."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoppedEffect:
    """An effect after a group-sequential test.

    Attributes:
        estimate: Median-unbiased: as likely too high as too low.
        mean_unbiased: Freed of the bias that the stopping rule gives the plain estimate on average.
        naive: The estimate that ignores why the test stopped.
        low: Lower bound of the interval by stage-wise ordering.
        high: Upper bound.
        p: P-value by stage-wise ordering: two-sided, or one-sided for a one-sided test.
        stopped: Whether a boundary was crossed.
    """

    estimate: float
    mean_unbiased: float
    naive: float
    low: float
    high: float
    p: float
    stopped: bool


def sized_for(plan: Boundaries, *, power: float = 0.8) -> float:
    """Drift that a plan sees so often: effect over its standard error at full information."""
    return float(optimize.brentq(lambda drift: plan.power(drift) - power, 0.05, 12.0))


def prudent_estimate(plan: Boundaries, look: int, *, estimate: float, se: float) -> float:
    """What to expect of an effect that stopped a test: less than it looks, since only large looks stop one.

    No estimate can be free of this bias among the tests that stop: times the chance of crossing, its mean
    would have to be the truth times that chance, for every truth, which asks for a point mass on the bound
    itself. What helps is to have expected something: here a normal prior around
    nothing, as wide as the effects that the plan was sized for.

    Args:
        plan: The boundaries, for all planned looks.
        look: Index of the look at which it ended, 0 being the first.
        estimate: The effect measured then.
        se: Its standard error then, > 0.

    Returns:
        The posterior mean; the stopping rule does not change it. Where the truth is the effect that the plan
        sees with 80 % power, tests that stop as significant tell on average 1.03 times the truth.
    """
    if not se > 0.0:
        raise ValueError(f"se == {se}, must be positive")
    width = PRUDENCE * sized_for(plan)
    return estimate * width**2 / (width**2 + 1.0 / float(plan.fractions[look]))


def more_extreme(plan: Boundaries, look: int, *, z: float, drift: float = 0.0) -> float:
    """Probability of an outcome at least as favourable, ordered by the look at which it was reached.

    Args:
        plan: The boundaries in force.
        look: Index of the look at which the test ended, 0 being the first.
        z: The z-value there.
        drift: Mean of B(1): effect over its standard error at full information.
    """
    if not 0 <= look < len(plan.z):
        raise ValueError(f"look == {look}, must lie between 0 and {len(plan.z) - 1}")
    befores = (_START, *plan.survivors[:-1])
    earlier = sum(
        tail_mass(befores[k], _bound(plan, k, plan.z[k]), fraction=plan.fractions[k], drift=drift)
        for k in range(look)
    )
    here = tail_mass(befores[look], _bound(plan, look, z), fraction=plan.fractions[look], drift=drift)
    return float(earlier + here)


def expected_estimate(plan: Boundaries, drift: float) -> float:
    """Mean of the plain estimate of a drift, over all ways in which the test may end."""
    total = 0.0
    for k, before in enumerate((_START, *plan.survivors[:-1])):
        t = float(plan.fractions[k])
        step = t - before.fraction
        bound = _bound(plan, k, float(plan.z[k]))
        mass, mean = before.drifted(drift), before.at + drift * step
        total += _beyond(mass, mean, bound=bound, sd=sqrt(step)) / t
        if plan.sides is Sides.TWO:
            total -= _beyond(mass, -mean, bound=bound, sd=sqrt(step)) / t
    last = plan.survivors[-1]
    return total + float(last.drifted(drift) @ last.at) / last.fraction


def _beyond(mass: Floats, mean: Floats, *, bound: float, sd: float) -> float:
    """Mean of what lands above a bound, where it lands."""
    z = (bound - mean) / sd
    density = np.exp(-0.5 * z * z) / sqrt(2.0 * np.pi)
    return float(mass @ (mean * special.ndtr(-z) + sd * density))


_START = Survivors(fraction=0.0, at=np.zeros(1), mass=np.ones(1))


def _bound(plan: Boundaries, look: int, z: float) -> float:
    return float(z * sqrt(plan.fractions[look]))


def stopped_effect(
    plan: Boundaries, look: int, *, estimate: float, se: float, level: float = 0.95
) -> StoppedEffect:
    """The effect shown by a test that ended at a look.

    Args:
        plan: The boundaries that were in force.
        look: Index of the last look, 0 being the first.
        estimate: The effect measured then.
        se: Its standard error then, > 0.
        level: Coverage of the interval.
    """
    if not se > 0.0:
        raise ValueError(f"se == {se}, must be positive")
    z = estimate / se
    # At the look, drift x fraction / sqrt(fraction) standard errors: one unit of drift is this much effect.
    unit = se * sqrt(plan.fractions[look])

    def drift_at(share: float) -> float:
        return float(
            optimize.brentq(
                lambda drift: more_extreme(plan, look, z=z, drift=drift) - share,
                centre - reach,
                centre + reach,
                xtol=1e-10,
            )
        )

    centre = z / sqrt(plan.fractions[look])
    reach = 12.0 / sqrt(plan.fractions[0])
    unbiased = optimize.brentq(
        lambda drift: expected_estimate(plan, drift) - centre,
        -abs(centre) - 8.0,
        abs(centre) + 8.0,
        xtol=1e-8,
    )
    tail = (1.0 - level) / 2.0
    upward = more_extreme(plan, look, z=z)
    p = upward if plan.sides is Sides.ONE else 2.0 * min(upward, 1.0 - upward)
    crossed = z >= plan.z[look] or (plan.sides is Sides.TWO and z <= -plan.z[look])
    return StoppedEffect(
        estimate=unit * drift_at(0.5),
        mean_unbiased=unit * float(unbiased),
        naive=estimate,
        low=unit * drift_at(tail),
        high=unit * drift_at(1.0 - tail),
        p=p,
        stopped=bool(crossed),
    )
