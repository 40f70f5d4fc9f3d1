"""Van Westendorp's price sensitivity meter, saying where its curves meet and where they do not say."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

TOO_CHEAP, CHEAP, EXPENSIVE, TOO_EXPENSIVE = range(4)
STEPS = (100.0, 50.0, 10.0, 5.0, 1.0, 0.5, 0.1, 0.05)
MOST_ROUND = 0.95
LEVEL = 1e-12  # difference of shares below which two curves lie upon one another


@dataclass(frozen=True, slots=True, kw_only=True)
class Crossing:
    """Where a falling and a rising curve meet: a price, or every price between two.

    Attributes:
        low: Lowest price of the crossing.
        high: Highest price; above `low` where the curves lie upon one another or both are flat.
    """

    low: float
    high: float

    @property
    def price(self) -> float:
        """Middle of the crossing."""
        return (self.low + self.high) / 2


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceSensitivity:
    """The four crossings of a price survey.

    Attributes:
        lower: Too cheap meets not cheap: the lower end of the corridor.
        upper: Too expensive meets not expensive: the upper end.
        optimal: Too cheap meets too expensive: the least resistance.
        indifference: Cheap meets expensive.
    """

    lower: Crossing
    upper: Crossing
    optimal: Crossing
    indifference: Crossing


def is_consistent(prices: Floats) -> npt.NDArray[np.bool_]:
    """Whether each respondent's four prices rise strictly, as the questions ask.

    Args:
        prices: Too cheap, cheap, expensive and too expensive, shape (respondents, 4).
    """
    return np.asarray(np.all(np.diff(prices, axis=1) > 0, axis=1))


def price_sensitivity(prices: Floats, *, weights: Floats | None = None) -> PriceSensitivity:
    """The meter's four crossings.

    Args:
        prices: Too cheap, cheap, expensive and too expensive, > 0, shape (respondents, 4). Respondents who
            contradict themselves may be left in or out; `is_consistent` tells who does.
        weights: Weight of each respondent, >= 0, shape (respondents,); equal by default.

    Returns:
        The crossings. Shares are counted as the survey gives them, in steps; a crossing that the steps
        leave open is an interval.

    Raises:
        ValueError: There is no respondent.

    References:
        Van Westendorp (1976), "NSS Price Sensitivity Meter", ESOMAR Congress.
    """
    if not prices.shape[0]:
        raise ValueError("no respondent was given; at least one is needed")
    given = np.ones(prices.shape[0]) if weights is None else weights
    points = np.unique(prices)
    return _crossings(
        points, np.stack([_share_at_most(prices[:, i], points, weights=given) for i in range(4)])
    )


def rounding(prices: Floats) -> float:
    """Step to which respondents round their answers: the coarsest that 95 % of the answers are multiples of.

    Args:
        prices: Answers, > 0, any shape.

    Returns:
        The step, or 0 where answers are not rounded.
    """
    for step in STEPS:
        multiples = np.isclose(prices / step, np.round(prices / step), rtol=0, atol=1e-6)
        if multiples.mean() >= MOST_ROUND:
            return step
    return 0.0


def resampled(prices: Floats, *, rng: np.random.Generator, draws: int) -> Floats:
    """Draws of the crossings under the Bayesian bootstrap over respondents.

    Somebody who says 30 may mean anything that rounds to 30, so an answer is spread evenly over the step it
    was rounded to, which joins the curves' steps by straight lines. A draw of a crossing that is an interval
    falls anywhere inside it: flat curves show as a wide answer and not as a point.

    Args:
        prices: Too cheap, cheap, expensive and too expensive, shape (respondents, 4), at least one.
        rng: Source of randomness.
        draws: Number of draws, >= 1.

    Returns:
        Lower end, upper end, optimal and indifference price, shape (draws, 4).
    """
    half = rounding(prices) / 2
    edges = np.unique(np.round(np.concatenate([prices - half, prices + half], axis=None), 9))
    place = np.searchsorted(edges, np.round(prices + half, 9))
    found = np.empty((draws, 4))
    inside = rng.uniform(size=(draws, 4))
    for draw in range(draws):
        weights = rng.standard_exponential((prices.shape[0],))
        counts = [np.bincount(place[:, i], weights=weights, minlength=edges.size) for i in range(4)]
        reached = np.stack(counts).cumsum(axis=1) / weights.sum()
        rising = reached[[CHEAP, TOO_EXPENSIVE, TOO_EXPENSIVE, EXPENSIVE]]
        falling = 1 - reached[[TOO_CHEAP, EXPENSIVE, TOO_CHEAP, CHEAP]]
        found[draw] = _meeting(edges, rising - falling, inside=inside[draw], half=half)
    return found


def _meeting(edges: Floats, gap: Floats, *, inside: Floats, half: float) -> Floats:
    """Where each rising gap is zero, on the straight lines between edges; gap has shape (pairs, edges).

    Where both curves touch zero between two answers, every price between those answers is as good.
    """
    row = np.arange(gap.shape[0])
    after = np.minimum(np.count_nonzero(gap < -LEVEL, axis=1), edges.size - 1)
    last = np.maximum(np.count_nonzero(gap <= LEVEL, axis=1) - 1, after)
    before = np.maximum(after - 1, 0)
    rise = np.maximum(gap[row, after] - gap[row, before], LEVEL)
    part = np.clip(-gap[row, before] / rise, 0.0, 1.0)
    crossed = edges[before] + part * (edges[after] - edges[before])
    touching = after == last
    low = np.where(touching, edges[after] - half, edges[after])
    high = np.where(touching, edges[after] + half, edges[last])
    flat = low + inside * (high - low)
    return np.asarray(np.where(np.abs(gap[row, after]) <= LEVEL, flat, crossed), dtype=np.float64)


def _crossings(points: Floats, reached: Floats) -> PriceSensitivity:
    """The crossings, given the share of answers at most each price, shape (4, points)."""
    beyond = 1 - reached
    return PriceSensitivity(
        lower=_crossing(points, rising=reached[CHEAP], falling=beyond[TOO_CHEAP]),
        upper=_crossing(points, rising=reached[TOO_EXPENSIVE], falling=beyond[EXPENSIVE]),
        optimal=_crossing(points, rising=reached[TOO_EXPENSIVE], falling=beyond[TOO_CHEAP]),
        indifference=_crossing(points, rising=reached[EXPENSIVE], falling=beyond[CHEAP]),
    )


def _share_at_most(answers: Floats, points: Floats, *, weights: Floats) -> Floats:
    """Share of respondents whose answer is at most each price."""
    order = np.argsort(answers, kind="stable")
    reached = np.concatenate([[0.0], np.cumsum(weights[order])])
    share = reached[np.searchsorted(answers[order], points, side="right")] / reached[-1]
    return np.asarray(share, dtype=np.float64)


def _crossing(points: Floats, *, rising: Floats, falling: Floats) -> Crossing:
    """First price at which the rising curve has caught the falling one, and the last where it is level."""
    gap = np.round(rising - falling, 12)
    caught = np.flatnonzero(gap >= 0)
    if not caught.size:
        return Crossing(low=float(points[-1]), high=float(points[-1]))
    first = int(caught[0])
    level = np.flatnonzero(gap > 0)
    last = first if gap[first] > 0 or not level.size else int(level[0])
    return Crossing(low=float(points[first]), high=float(points[last]))
