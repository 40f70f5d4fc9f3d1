"""How well a score tells who responds because of a contact: Qini, uplift curves and a policy's profit.

A score is honest only on units it was not learned from; see `uplift.crossfitted`.

References:
    Radcliffe (2007), "Using control groups to target on predicted lift", Direct Marketing Analytics Journal.
    Devriendt, Van Belle, Guns & Verbeke (2022), "Learning to rank for uplift modeling", IEEE TKDE 34(10).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cmo.customers.purchases.cells import Floats, Integers

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """A cumulative gain over units in order of their score, the best first.

    Attributes:
        contacted: Units contacted, from 0, shape (point,).
        gain: Gain up to there, shape (point,).
    """

    contacted: Floats
    gain: Floats

    @property
    def area(self) -> float:
        """Area under the curve."""
        return float(np.trapezoid(self.gain, self.contacted))


@dataclass(frozen=True, slots=True, kw_only=True)
class Coefficient:
    """A Qini coefficient and what another sample might have shown.

    Attributes:
        value: Area between the curve and random targeting, over that of the perfect order; 0 is random.
        low: Lower end of the 90 % bootstrap interval.
        high: Upper end.
    """

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyProfit:
    """Expected profit per unit of contacting whom the score recommends, and of the two simple rules.

    Attributes:
        contacted: Share of units contacted.
        policy: Profit per unit under the policy, in currency.
        everybody: Profit per unit when all are contacted.
        nobody: Profit per unit when none is.
        over_everybody: Difference to contacting all: estimate and standard error.
        over_nobody: Difference to contacting none: estimate and standard error.
    """

    contacted: float
    policy: float
    everybody: float
    nobody: float
    over_everybody: tuple[float, float]
    over_nobody: tuple[float, float]


def qini_curve(outcome: Floats, score: Floats, *, treated: Flags) -> Curve:
    """Responses won among the treated beyond what the controls say would have come anyway."""
    n_treated, n_control, won, anyway = _cumulated(outcome, score, treated=treated)
    ratio = np.divide(n_treated, n_control, out=np.zeros_like(n_treated), where=n_control > 0)
    return _curve(n_treated + n_control, won - anyway * ratio)


def uplift_curve(outcome: Floats, score: Floats, *, treated: Flags) -> Curve:
    """Difference of response rates up to each unit, times the units up to there."""
    n_treated, n_control, won, anyway = _cumulated(outcome, score, treated=treated)
    with_it = np.divide(won, n_treated, out=np.zeros_like(won), where=n_treated > 0)
    without = np.divide(anyway, n_control, out=np.zeros_like(won), where=n_control > 0)
    return _curve(n_treated + n_control, (with_it - without) * (n_treated + n_control))


def perfect_qini_curve(outcome: Floats, *, treated: Flags) -> Curve:
    """The Qini curve of an order that knew every response: treated who respond first, such controls last."""
    return qini_curve(outcome, np.where(treated, outcome, -outcome), treated=treated)


def perfect_uplift_curve(outcome: Floats, *, treated: Flags) -> Curve:
    """The uplift curve of an order that knew every response."""
    responding_controls = np.sum((outcome == 1) & ~treated)
    silent_treated = np.sum((outcome == 0) & treated)
    tie = outcome if responding_controls > silent_treated else treated.astype(np.float64)
    return uplift_curve(outcome, 2.0 * (outcome == treated) + tie, treated=treated)


def normalised(curve: Curve, perfect: Curve) -> float:
    """Area beyond random targeting, as a share of what a perfect order would have."""
    random = Curve(contacted=perfect.contacted[[0, -1]], gain=perfect.gain[[0, -1]]).area
    possible = perfect.area - random
    if possible == 0:
        raise ValueError("the perfect order gains nothing over a random one: nobody's response differs")
    return (curve.area - random) / possible


def qini(
    outcome: Floats, score: Floats, *, treated: Flags, rng: np.random.Generator, n_resamples: int = 200
) -> Coefficient:
    """Qini coefficient with a 90 % interval by resampling units.

    Args:
        outcome: Response of each unit, >= 0, shape (unit,).
        score: Predicted uplift of each unit, shape (unit,).
        treated: Whether each unit was contacted, at random, shape (unit,).
        rng: Source of randomness.
        n_resamples: Bootstrap samples.
    """
    value = _qini(outcome, score, treated=treated)
    again = []
    for _ in range(n_resamples):
        at = rng.integers(0, outcome.size, outcome.size)
        again.append(_qini(outcome[at], score[at], treated=treated[at]))
    low, high = np.quantile(again, [0.05, 0.95])
    return Coefficient(value=value, low=float(low), high=float(high))


def policy_profit(
    outcome: Floats, score: Floats, *, treated: Flags, worth: float, cost: float
) -> PolicyProfit:
    """Profit of contacting those whose predicted uplift is worth more than the contact.

    Every unit speaks for the arm it was in, weighted by the inverse of that arm's share.

    Args:
        outcome: Response of each unit, shape (unit,).
        score: Predicted uplift of each unit in responses, not learned from that unit, shape (unit,).
        treated: Whether each unit was contacted, at random, shape (unit,).
        worth: What a response brings, in currency.
        cost: What a contact costs, in currency.
    """
    share = float(treated.mean())
    if not 0 < share < 1:
        raise ValueError(f"share of treated units == {share}, must lie between 0 and 1: both arms are needed")
    wanted = score * worth > cost
    contacted = np.where(treated, (outcome * worth - cost) / share, 0.0)
    left = np.where(treated, 0.0, outcome * worth / (1.0 - share))
    policy = np.where(wanted, contacted, left)
    return PolicyProfit(
        contacted=float(wanted.mean()),
        policy=float(policy.mean()),
        everybody=float(contacted.mean()),
        nobody=float(left.mean()),
        over_everybody=_mean_and_error(policy - contacted),
        over_nobody=_mean_and_error(policy - left),
    )


def _qini(outcome: Floats, score: Floats, *, treated: Flags) -> float:
    return normalised(
        qini_curve(outcome, score, treated=treated), perfect_qini_curve(outcome, treated=treated)
    )


def _cumulated(outcome: Floats, score: Floats, *, treated: Flags) -> tuple[Floats, Floats, Floats, Floats]:
    """Treated, controls and their responses up to the end of each run of equal scores, the best first."""
    order: Integers = np.argsort(score, kind="stable")[::-1].astype(np.int64)
    ends = np.r_[np.flatnonzero(np.diff(score[order])), score.size - 1]
    who = treated[order]
    response = outcome[order]
    counts = (who, ~who, np.where(who, response, 0.0), np.where(who, 0.0, response))
    n_treated, n_control, won, anyway = (np.cumsum(of, dtype=np.float64)[ends] for of in counts)
    return n_treated, n_control, won, anyway


def _curve(contacted: Floats, gain: Floats) -> Curve:
    return Curve(contacted=np.r_[0.0, contacted], gain=np.r_[0.0, gain])


def _mean_and_error(values: Floats) -> tuple[float, float]:
    return float(values.mean()), float(values.std(ddof=1) / np.sqrt(values.size))
