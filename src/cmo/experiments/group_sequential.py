"""Looking at a test a planned number of times without lying: exact group-sequential boundaries.

Between looks the score process B(t), with B(t) ~ N(drift x t, t), is followed by numerical integration over
the paths that have not stopped. Panels of Gauss-Legendre nodes follow the width of each step, and only
nodes within reach of a step are joined, so that hundreds of looks cost a fraction of a second.

References:
    Armitage, McPherson & Rowe (1969), "Repeated significance tests on accumulating data", JRSS A 132.
    Lan & DeMets (1983), "Discrete sequential boundaries for clinical trials", Biometrika 70.
    Jennison & Turnbull (2000), "Group Sequential Methods with Applications to Clinical Trials".
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from math import exp, log, sqrt

import numpy as np
from scipy import optimize, special

from cmo.experiments.moments import Floats

Spending = Callable[[float], float]
"""Share of the error spent by an information fraction in [0, 1]: rises from 0 to 1."""

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(12)
_PANEL = 3.0
"""Width of a panel in standard deviations of the narrower step beside it."""
_REACH = 9.0
"""A step reaches no further than this many of its standard deviations."""
_OPEN = 10.0
"""A boundary this far out is never crossed in double precision."""


class Sides(IntEnum):
    """Whether a test stops for gains alone, or for gains and losses alike."""

    ONE = 1
    TWO = 2


def power_spending(power: float) -> Spending:
    """Kim and DeMets's family: error spent as the fraction to a power; 3 is near O'Brien-Fleming."""
    if not power > 0.0:
        raise ValueError(f"power == {power}, must be positive")
    return lambda fraction: min(fraction, 1.0) ** power


def obrien_fleming_spending(alpha: float, *, sides: Sides = Sides.TWO) -> Spending:
    """Lan and DeMets's spending in the manner of O'Brien and Fleming: almost nothing early."""
    each = alpha / sides
    z = -float(special.ndtri(each / 2.0))
    return lambda fraction: (
        0.0 if fraction <= 0.0 else 2.0 * float(special.ndtr(-z / sqrt(min(fraction, 1.0)))) / each
    )


def pocock_spending() -> Spending:
    """Lan and DeMets's spending in the manner of Pocock: nearly even over the looks."""
    return lambda fraction: log(1.0 + (exp(1.0) - 1.0) * min(max(fraction, 0.0), 1.0))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Survivors:
    """Paths that have not stopped after a look, without drift.

    Attributes:
        fraction: Information fraction of the look.
        at: Values of B at the nodes, shape (nodes,).
        mass: Density times quadrature weight, shape (nodes,).
    """

    fraction: float
    at: Floats
    mass: Floats

    def drifted(self, drift: float) -> Floats:
        """The same mass were there a drift: paths reweighted by their likelihood."""
        return np.asarray(
            self.mass * np.exp(drift * self.at - 0.5 * drift**2 * self.fraction), dtype=np.float64
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Boundaries:
    """When to stop, look by look.

    Attributes:
        fractions: Information fractions of the looks, rising to at most 1, shape (looks,).
        z: Critical z-values; stop at or beyond, shape (looks,).
        sides: Whether losses stop as gains do.
        alpha: Error over all looks and sides.
        survivors: Paths that go on after each look, without drift.
    """

    fractions: Floats
    z: Floats
    sides: Sides
    alpha: float
    survivors: tuple[Survivors, ...]

    def crossing(self, drift: float = 0.0) -> tuple[Floats, Floats]:
        """Probabilities to stop at each look upward and downward.

        Args:
            drift: Mean of B(1): effect over its standard error at full information.

        Returns:
            Two arrays of shape (looks,); downward is zero for a one-sided test.
        """
        up, down = np.zeros(len(self.z)), np.zeros(len(self.z))
        start = Survivors(fraction=0.0, at=np.zeros(1), mass=np.ones(1))
        for k, before in enumerate((start, *self.survivors[:-1])):
            t = float(self.fractions[k])
            up[k] = tail_mass(before, self.z[k] * sqrt(t), fraction=t, drift=drift)
            if self.sides is Sides.TWO:
                down[k] = tail_mass(before, -self.z[k] * sqrt(t), fraction=t, drift=drift, upper=False)
        return up, down

    def power(self, drift: float) -> float:
        """Probability to stop upward at some look."""
        return float(self.crossing(drift)[0].sum())

    def expected_fraction(self, drift: float) -> float:
        """Mean information at which the test stops."""
        up, down = self.crossing(drift)
        stopped = up + down
        return float(stopped @ self.fractions + (1.0 - stopped.sum()) * self.fractions[-1])


def boundaries(
    fractions: Sequence[float] | Floats, spending: Spending, *, alpha: float = 0.05, sides: Sides = Sides.TWO
) -> Boundaries:
    """Critical values that spend the error as planned, whatever the spacing of the looks.

    Args:
        fractions: Information fractions of the looks, rising, in (0, 1].
        spending: Share of the error spent by a fraction.
        alpha: Error over all looks and sides, in (0, 1).
        sides: Whether losses stop as gains do.

    Raises:
        ValueError: Fractions do not rise within (0, 1], or alpha is not a probability.
    """
    t = np.asarray(fractions, dtype=np.float64)
    if t.ndim != 1 or t.size == 0 or np.any(np.diff(t) <= 0.0) or t[0] <= 0.0 or t[-1] > 1.0 + 1e-12:
        raise ValueError(f"fractions {t.tolist()} must rise within (0, 1]")
    if not 0.0 < alpha < 1.0:
        raise ValueError(f"alpha == {alpha}, must lie between 0 and 1")
    current = Survivors(fraction=0.0, at=np.zeros(1), mass=np.ones(1))
    z = np.empty_like(t)
    kept: list[Survivors] = []
    spent = 0.0
    for k, fraction in enumerate(t):
        due = max(alpha * spending(float(fraction)) - spent, 0.0) / sides
        bound = _critical(current, due, fraction=float(fraction))
        z[k] = bound / sqrt(fraction)
        # What is spent is what was due, even where nothing could be: the surplus is not carried over.
        spent = max(alpha * spending(float(fraction)), spent)
        following = float(t[k + 1]) if k + 1 < t.size else None
        current = _followed(current, bound, fraction=float(fraction), following=following, sides=sides)
        kept.append(current)
    return Boundaries(fractions=t, z=z, sides=sides, alpha=alpha, survivors=tuple(kept))


def constant_boundaries(
    fractions: Sequence[float] | Floats, *, alpha: float = 0.05, shape: float = 0.0, sides: Sides = Sides.TWO
) -> Boundaries:
    """Wang and Tsiatis's boundaries z = c t^(shape - 1/2): 0.5 is Pocock's, 0 O'Brien and Fleming's.

    References:
        Wang & Tsiatis (1987), "Approximately optimal one-parameter boundaries for group sequential trials",
        Biometrics 43.
    """
    t = np.asarray(fractions, dtype=np.float64)
    relative = (t / t[-1]) ** (shape - 0.5)

    def surplus(level: float) -> float:
        return fixed_boundaries(t, level * relative, sides=sides).alpha - alpha

    level = float(optimize.brentq(surplus, 0.5, _OPEN, xtol=1e-11))
    return fixed_boundaries(t, level * relative, sides=sides)


def fixed_boundaries(fractions: Floats, z: Floats, *, sides: Sides = Sides.TWO) -> Boundaries:
    """Boundaries given as z-values, with the error they really spend."""
    current = Survivors(fraction=0.0, at=np.zeros(1), mass=np.ones(1))
    kept: list[Survivors] = []
    for k, fraction in enumerate(fractions):
        following = float(fractions[k + 1]) if k + 1 < len(fractions) else None
        bound = float(z[k]) * sqrt(fraction)
        current = _followed(current, bound, fraction=float(fraction), following=following, sides=sides)
        kept.append(current)
    made = Boundaries(fractions=fractions, z=z, sides=sides, alpha=0.0, survivors=tuple(kept))
    alpha = float(sum(part.sum() for part in made.crossing()))
    return Boundaries(fractions=fractions, z=z, sides=sides, alpha=alpha, survivors=tuple(kept))


def tail_mass(
    before: Survivors, bound: float, *, fraction: float, drift: float = 0.0, upper: bool = True
) -> float:
    """Probability that paths that went on stand beyond a bound at the next look."""
    step = fraction - before.fraction
    z = (bound - before.at - drift * step) / sqrt(step)
    return float(before.drifted(drift) @ special.ndtr(-z if upper else z))


def _critical(before: Survivors, due: float, *, fraction: float) -> float:
    """The bound beyond which exactly `due` of the mass stands."""
    top = _OPEN * sqrt(fraction)
    if due <= tail_mass(before, top, fraction=fraction):
        return top
    return float(
        optimize.brentq(lambda bound: tail_mass(before, bound, fraction=fraction) - due, 0.0, top, xtol=1e-13)
    )


def _followed(
    before: Survivors, bound: float, *, fraction: float, following: float | None, sides: Sides
) -> Survivors:
    """Paths that go on after a look, at nodes dense enough for the step to it and the step from it."""
    sd = sqrt(fraction - before.fraction)
    scale = sd if following is None else min(sd, sqrt(following - fraction))
    lower = -bound if sides is Sides.TWO else -_OPEN * sqrt(fraction)
    panels = max(4, int(np.ceil((bound - lower) / (_PANEL * scale))))
    edges = np.linspace(lower, bound, panels + 1)
    half = (edges[1] - edges[0]) / 2.0
    at = (edges[:-1, None] + half * (_NODES + 1.0)).ravel()
    density = _convolved(before, at, sd=sd)
    return Survivors(fraction=fraction, at=at, mass=density * np.tile(_WEIGHTS * half, panels))


def _convolved(before: Survivors, at: Floats, *, sd: float) -> Floats:
    """Density at new nodes, joined only with old nodes within reach, a block of new nodes at a time."""
    out = np.empty_like(at)
    block = max(48, len(at) // 64)
    for start in range(0, len(at), block):
        new = at[start : start + block]
        low = int(np.searchsorted(before.at, new[0] - _REACH * sd))
        high = int(np.searchsorted(before.at, new[-1] + _REACH * sd))
        away = (new[:, None] - before.at[None, low:high]) / sd
        out[start : start + block] = np.exp(-0.5 * away**2) @ before.mass[low:high]
    return out / (sd * sqrt(2.0 * np.pi))
