"""Intervals calibrated on markets where nothing happened, and how well they do on the user's own panel.

Every market left alone is treated in thought: the spread of the effects found there, in units of each fit's
own error, is the error of the method on these very data. No model of the noise is believed.

References:
    Abadie, Diamond & Hainmueller (2010), "Synthetic control methods for comparative case studies", JASA 105.
    Firpo & Possebom (2018), "Synthetic control method: inference, sensitivity analysis and confidence
    sets", Journal of Causal Inference 6(2).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

import numpy as np
import numpy.typing as npt

from cmo.experiments.moments import Floats
from cmo.experiments.synthetic_control import SyntheticControl, synthetic_control


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PlaceboEffect:
    """An effect held against effects found where there were none.

    Attributes:
        fit: The fit on the treated markets.
        low: Lower bound of the mean effect per market and period.
        high: Upper bound.
        p: Share of placebos at least as extreme, the treated one counted among them.
        n_placebos: Markets or groups left alone that were treated in thought.
    """

    fit: SyntheticControl
    low: float
    high: float
    p: float
    n_placebos: int


def placebo_effect(
    outcomes: Floats,
    treated: Sequence[int],
    *,
    pre: int,
    level: float = 0.9,
    rng: np.random.Generator | None = None,
) -> PlaceboEffect:
    """Effect of a test on some markets, with a rank interval from the others.

    Args:
        outcomes: Shape (times, markets).
        treated: Columns of the treated markets.
        pre: Periods before the test.
        level: Coverage; with m placebos, at most m / (m + 1) can be had.
        rng: Draws groups of markets where several were treated together.

    Raises:
        ValueError: Too few markets for the level.
    """
    own = np.asarray(treated, dtype=np.intp)
    donors = np.delete(outcomes, own, axis=1)
    fit = synthetic_control(outcomes[:, own].mean(axis=1), donors, pre=pre)
    scores = np.array(
        [_score(donors, group, pre=pre) for group in _groups(donors.shape[1], len(own), rng=rng)]
    )
    rank = ceil(level * (len(scores) + 1))
    if rank > len(scores):
        raise ValueError(f"{len(scores)} placebos cannot bear a level of {level:g}: lower it, or add markets")
    half = float(np.sort(scores)[rank - 1]) * _error(fit)
    p = (1.0 + float(np.sum(scores >= abs(fit.att) / _error(fit)))) / (len(scores) + 1.0)
    return PlaceboEffect(fit=fit, low=fit.att - half, high=fit.att + half, p=p, n_placebos=len(scores))


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceboCoverage:
    """How a method's intervals do where the truth is known to be nothing.

    Attributes:
        coverage: Share of intervals that hold zero.
        median_width: Median width relative to the outcome.
        n: Intervals tried.
    """

    coverage: float
    median_width: float
    n: int


def placebo_coverage(
    outcomes: Floats, *, duration: int, ends: Sequence[int], level: float = 0.9
) -> PlaceboCoverage:
    """Coverage of the rank interval on the user's own panel: every market, at several past windows.

    Args:
        outcomes: Shape (times, markets), before any test.
        duration: Periods of the test that is meant.
        ends: Ends of the past windows.
        level: Coverage that is promised.
    """
    hits, widths = [], []
    for end in ends:
        pre = end - duration
        panel = outcomes[:end]
        fits = [
            synthetic_control(panel[:, j], np.delete(panel, j, axis=1), pre=pre)
            for j in range(panel.shape[1])
        ]
        scores = np.array([abs(fit.att) / _error(fit) for fit in fits])
        for j, fit in enumerate(fits):
            others = np.sort(np.delete(scores, j))
            bound = others[min(ceil(level * (len(others) + 1)), len(others)) - 1]
            hits.append(scores[j] <= bound)
            widths.append(2.0 * bound * _error(fit) / panel[pre:, j].mean())
    return PlaceboCoverage(coverage=float(np.mean(hits)), median_width=float(np.median(widths)), n=len(hits))


def _error(fit: SyntheticControl) -> float:
    return max(fit.rmse, 1e-9 * float(np.abs(fit.counterfactual).mean()) + 1e-300)


def _score(donors: Floats, group: npt.NDArray[np.intp], *, pre: int) -> float:
    fit = synthetic_control(donors[:, group].mean(axis=1), np.delete(donors, group, axis=1), pre=pre)
    return abs(fit.att) / _error(fit)


def _groups(n: int, size: int, *, rng: np.random.Generator | None) -> list[npt.NDArray[np.intp]]:
    if size == 1 or rng is None:
        return [np.array([j], dtype=np.intp) for j in range(n)]
    return [rng.choice(n, size=size, replace=False) for _ in range(max(200, 2 * n))]
