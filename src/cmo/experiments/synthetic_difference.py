"""Synthetic difference in differences: markets and periods weighed so that trends run side by side.

References:
    Arkhangelsky, Athey, Hirshberg, Imbens & Wager (2021), "Synthetic difference-in-differences", American
    Economic Review 111(12), algorithms 1 (estimate), 3 (jackknife) and 4 (placebo).
"""

from dataclasses import dataclass
from math import sqrt

import numpy as np
import numpy.typing as npt
from scipy import optimize

from cmo.experiments.moments import Floats

PLACEBOS = 200
_TIME_PENALTY = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SyntheticDifference:
    """A fit and the effect it finds.

    Attributes:
        effect: Mean effect per treated market and period of the test.
        markets: Weight of each market left alone, shape (donors,), a simplex.
        periods: Weight of each period before the test, shape (pre,), a simplex.
        baseline: What the treated would have brought per market and period, had nothing been changed.
    """

    effect: float
    markets: Floats
    periods: Floats
    baseline: float

    @property
    def lift(self) -> float:
        """Effect relative to the baseline."""
        return self.effect / self.baseline


def synthetic_difference(treated: Floats, donors: Floats, *, pre: int) -> SyntheticDifference:
    """Fit weights on the time before, and read the effect as a weighted difference in differences.

    Args:
        treated: Outcomes of the treated markets, shape (times, treated).
        donors: Outcomes of the markets left alone, shape (times, donors).
        pre: Periods before the test.

    Raises:
        ValueError: Fewer than two periods before, none after, no treated market or fewer than two others.
    """
    if not 2 <= pre < len(treated) or treated.shape[1] < 1 or donors.shape[1] < 2:
        raise ValueError(
            f"{pre} periods before the test of {len(treated)}, {treated.shape[1]} treated markets and "
            f"{donors.shape[1]} others: need at least 2 before, 1 after, 1 treated and 2 others"
        )
    noise = float(np.diff(donors[:pre], axis=0).std(ddof=1))
    zeta = float((treated.shape[1] * (len(treated) - pre)) ** 0.25) * noise
    own = treated.mean(axis=1)
    markets = _weights(own[:pre], donors[:pre], penalty=zeta**2 * pre)
    penalty = (_TIME_PENALTY * noise) ** 2 * donors.shape[1]
    periods = _weights(donors[pre:].mean(axis=0), donors[:pre].T, penalty=penalty)
    return _read(treated, donors, pre=pre, markets=markets, periods=periods)


def jackknife_error(treated: Floats, donors: Floats, *, pre: int, fit: SyntheticDifference) -> float:
    """Standard error from leaving out one market at a time, weights held: for two treated markets or more.

    Args:
        treated: Shape (times, treated), at least two.
        donors: Shape (times, donors).
        pre: Periods before the test.
        fit: The fit whose error is asked for.

    Raises:
        ValueError: One treated market only, or one donor carries all the weight.
    """
    if treated.shape[1] < 2 or np.max(fit.markets) > 1.0 - 1e-9:
        raise ValueError(
            f"{treated.shape[1]} treated markets, a largest weight of {np.max(fit.markets):.3f}: leaving one "
            "out needs at least two treated and two donors with weight; use placebos"
        )
    found = [
        _read(np.delete(treated, i, axis=1), donors, pre=pre, markets=fit.markets, periods=fit.periods).effect
        for i in range(treated.shape[1])
    ]
    for j in range(donors.shape[1]):
        left = np.delete(fit.markets, j)
        others = np.delete(donors, j, axis=1)
        found.append(_read(treated, others, pre=pre, markets=left / left.sum(), periods=fit.periods).effect)
    n = len(found)
    return sqrt((n - 1.0) / n * float(np.sum((np.array(found) - fit.effect) ** 2)))


def placebo_error(
    donors: Floats, *, treated: int, pre: int, rng: np.random.Generator, draws: int = PLACEBOS
) -> float:
    """Standard error from treating, in thought, markets that were left alone.

    Args:
        donors: Shape (times, donors), more than treated + 1.
        treated: How many markets were treated.
        pre: Periods before the test.
        rng: Draws them.
        draws: How often; each market once where one was treated and there are no more than that.

    Raises:
        ValueError: Too few markets were left alone.
    """
    n = donors.shape[1]
    if n < treated + 2:
        raise ValueError(f"{n} markets left alone for placebos of {treated}: need at least {treated + 2}")
    groups: list[npt.NDArray[np.intp]]
    if treated == 1 and n <= draws:
        groups = [np.array([j], dtype=np.intp) for j in range(n)]
    else:
        groups = [rng.choice(n, size=treated, replace=False) for _ in range(draws)]
    found = [
        synthetic_difference(donors[:, group], np.delete(donors, group, axis=1), pre=pre).effect
        for group in groups
    ]
    return float(np.std(found))


def _weights(target: Floats, donors: Floats, *, penalty: float) -> Floats:
    """Weights on the simplex that bring donors nearest to the target up to a constant, ridge included."""
    own, others = target - target.mean(), donors - donors.mean(axis=0)
    away = np.vstack([others - own[:, None], sqrt(penalty) * np.eye(donors.shape[1])])
    scale = float(np.linalg.norm(away.mean(axis=1)))
    if scale == 0.0:
        return np.full(donors.shape[1], 1.0 / donors.shape[1])
    # Homogeneous in the weights: the simplex is one more equation, and the solution only needs rescaling.
    system = np.vstack([away / scale, np.ones(donors.shape[1])])
    goal = np.zeros(len(system))
    goal[-1] = 1.0
    found, _ = optimize.nnls(system, goal, maxiter=100 * donors.shape[1])
    return np.asarray(found / found.sum(), dtype=np.float64)


def _read(
    treated: Floats, donors: Floats, *, pre: int, markets: Floats, periods: Floats
) -> SyntheticDifference:
    own, others = treated.mean(axis=1), donors @ markets
    before = float(periods @ own[:pre])
    moved = float(others[pre:].mean() - periods @ others[:pre])
    effect = float(own[pre:].mean()) - before - moved
    return SyntheticDifference(effect=effect, markets=markets, periods=periods, baseline=before + moved)
