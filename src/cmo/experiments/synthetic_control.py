"""A counterfactual for treated markets, made of markets that were left alone.

Unit fixed effects are taken out over the time before; weights are non-negative and sum to one. With D the
donors less the target, min |D w| on the simplex is one non-negative least-squares problem whose solution
only needs rescaling: under a millisecond a fit.

References:
    Abadie, Diamond & Hainmueller (2010), "Synthetic control methods for comparative case studies", JASA 105.
    Doudchenko & Imbens (2016), "Balancing, regression, difference-in-differences and synthetic control".
    Ben-Michael, Feller & Rothstein (2021), "The augmented synthetic control method", JASA 116.
"""

from dataclasses import dataclass
from math import sqrt

import numpy as np
from scipy import optimize

from cmo.experiments.moments import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Ridge:
    """Correction of the imbalance that weights leave, by a ridge regression on the time before.

    Attributes:
        penalty: Its penalty; chosen by leaving out one period at a time where not given.
    """

    penalty: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SyntheticControl:
    """A fitted counterfactual and what it says of the effect.

    Attributes:
        weights: Weight of each donor, shape (donors,); sum to one, negative only where augmented.
        gap: Target less counterfactual, shape (times,).
        counterfactual: What the target would have been, shape (times,).
        pre: Periods before the test.
        l2: Euclidean distance of target and counterfactual before the test.
        scaled_l2: The same, over that of equal weights: 0 is perfect, 1 no better than equal weights.
        penalty: Penalty of the ridge correction, none where not augmented.
    """

    weights: Floats
    gap: Floats
    counterfactual: Floats
    pre: int
    l2: float
    scaled_l2: float
    penalty: float | None

    @property
    def att(self) -> float:
        """Mean effect per period of the test."""
        return float(self.gap[self.pre :].mean())

    @property
    def lift(self) -> float:
        """Effect relative to the counterfactual over the test."""
        return float(self.gap[self.pre :].sum() / self.counterfactual[self.pre :].sum())

    @property
    def rmse(self) -> float:
        """Root mean squared gap before the test."""
        return float(np.sqrt(np.mean(self.gap[: self.pre] ** 2)))


def simplex_weights(target: Floats, donors: Floats) -> Floats:
    """Non-negative weights that sum to one and bring the donors nearest to the target.

    Args:
        target: Shape (times,).
        donors: Shape (times, donors).
    """
    away = donors - target[:, None]
    scale = float(np.linalg.norm(away.mean(axis=1)))
    if scale == 0.0:
        return np.full(donors.shape[1], 1.0 / donors.shape[1])
    system = np.vstack([away / scale, np.ones(donors.shape[1])])
    goal = np.zeros(len(system))
    goal[-1] = 1.0
    found, _ = optimize.nnls(system, goal, maxiter=50 * donors.shape[1])
    return np.asarray(found / found.sum(), dtype=np.float64)


def synthetic_control(
    target: Floats, donors: Floats, *, pre: int, augmented: Ridge | None = None
) -> SyntheticControl:
    """Fit on the time before, and read the effect off the time of the test.

    Args:
        target: Mean outcome of the treated markets, shape (times,).
        donors: Outcomes of the markets left alone, shape (times, donors).
        pre: Periods before the test, 2 <= pre <= times.
        augmented: Ridge correction, if any.

    Raises:
        ValueError: Too few periods or no donor.
    """
    if not 2 <= pre <= len(target) or donors.ndim != 2 or donors.shape[1] < 1:
        raise ValueError(
            f"{pre} periods before the test of {len(target)} and donors of shape {donors.shape}: "
            "need at least 2 periods before the test and 1 donor"
        )
    level = target[:pre].mean()
    own, others = target - level, donors - donors[:pre].mean(axis=0)
    weights = simplex_weights(own[:pre], others[:pre])
    penalty = None
    if augmented is not None:
        penalty = augmented.penalty
        if penalty is None:
            penalty = _cross_validated_penalty(own[:pre], others[:pre])
        weights = (
            weights
            + _ridge_weights(own[:pre], others[:pre], weights=weights, penalties=np.array([penalty]))[0]
        )
    fitted = others @ weights
    gap = own - fitted
    l2 = float(np.linalg.norm(gap[:pre]))
    equal = float(np.linalg.norm(own[:pre] - others[:pre].mean(axis=1)))
    return SyntheticControl(
        weights=weights,
        gap=gap,
        counterfactual=fitted + level,
        pre=pre,
        l2=l2,
        scaled_l2=l2 / equal if equal > 0.0 else 0.0,
        penalty=penalty,
    )


def _ridge_weights(own: Floats, others: Floats, *, weights: Floats, penalties: Floats) -> Floats:
    """Changes of the weights that a ridge regression on what is left asks for, shape (penalties, donors)."""
    centre = others.mean(axis=1)
    spread = others - centre[:, None]
    left, values, right = np.linalg.svd(spread, full_matrices=False)
    rest = (own - centre) - spread @ weights
    shrunk = values[None, :] / (values[None, :] ** 2 + penalties[:, None]) * (rest @ left)[None, :]
    return np.asarray(shrunk @ right, dtype=np.float64)


def _cross_validated_penalty(own: Floats, others: Floats, *, steps: int = 20, least: float = 1e-8) -> float:
    """The largest penalty whose error one period ahead is within a standard error of the least.

    The grid and the rule are those of the augmented synthetic control's authors.
    """
    spread = others - others.mean(axis=1)[:, None]
    penalties = np.linalg.svd(spread, compute_uv=False)[0] ** 2 * least ** (np.arange(steps + 1) / steps)
    errors = np.empty((len(own) - 1, steps + 1))
    for period in range(len(own) - 1):
        kept = np.arange(len(own)) != period
        weights = simplex_weights(own[kept], others[kept])
        changed = weights + _ridge_weights(own[kept], others[kept], weights=weights, penalties=penalties)
        errors[period] = (own[period] - changed @ others[period]) ** 2
    mean = errors.mean(axis=0)
    best = int(mean.argmin())
    slack = errors[:, best].std(ddof=1) / sqrt(len(errors))
    return float(penalties[mean <= mean[best] + slack].max())
