"""Return on spend from pairs of geos of which one was treated, robust to pairs that went astray.

References:
    Chen & Au (2022), "Robust causal inference for incremental return on ad spend with randomized paired geo
    experiments", Annals of Applied Statistics 16(1).
"""

from dataclasses import dataclass
from itertools import pairwise
from math import ceil, inf, sqrt

import numpy as np
import numpy.typing as npt

from cmo.experiments.contrast import quantile
from cmo.experiments.moments import Floats

MOST_TRIMMED = 0.25
_UNBOUNDED = 1e6
"""A studentised interval wider than this many standard errors is replaced by three normal widths."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrimmedMatch:
    """Incremental return on ad spend.

    Attributes:
        estimate: Return per unit of spend.
        se: Its standard error.
        low: Lower bound.
        high: Upper bound.
        trim: Share of pairs trimmed at either end.
        trimmed: Indices of the pairs that were trimmed.
    """

    estimate: float
    se: float
    low: float
    high: float
    trim: float
    trimmed: tuple[int, ...]


def trimmed_match(
    response: Floats,
    spend: Floats,
    *,
    level: float = 0.9,
    trim: float | None = None,
    most: float = MOST_TRIMMED,
) -> TrimmedMatch:
    """Estimate the return from within-pair differences.

    Args:
        response: Response of the treated geo less that of its match, shape (pairs,).
        spend: The same for spend.
        level: Coverage.
        trim: Share of pairs to trim at either end; chosen by the data where not given.
        most: Largest share tried when chosen by the data.

    Raises:
        ValueError: Fewer than two pairs, or no incremental spend.
    """
    n = len(response)
    if n < 2 or len(spend) != n or spend.sum() == 0.0:
        raise ValueError(
            f"{n} pairs with {spend.sum():g} of spend: need at least 2 pairs and incremental spend"
        )
    edges = _edges(response, spend)
    shares = [trim] if trim is not None else [k / n for k in range(ceil(most * n) + 1) if k / n <= most]
    tried = []
    for share in shares:
        cut = ceil(share * n - 1e-12)
        if n - 2 * cut < 2:
            break
        estimate = _estimate(response, spend, cut=cut, edges=edges)
        tried.append((share, cut, estimate, _error(response, spend, cut=cut, estimate=estimate)))
    if not tried:
        raise ValueError(f"trimming {trim} of {n} pairs at either end leaves fewer than 2")
    least = min(se for *_, se in tried)
    share, cut, estimate, se = next(row for row in tried if row[3] <= (1.0 + 0.25 / sqrt(n)) * least)
    low, high = _interval(response, spend, cut=cut, edges=edges, level=level)
    if not high - low <= _UNBOUNDED * se:
        half = 3.0 * quantile(0.5 + level / 2.0, inf) * se
        low, high = estimate - half, estimate + half
    order = np.argsort(response - estimate * spend, kind="stable")
    trimmed = tuple(sorted(int(i) for i in (*order[:cut], *order[n - cut :])))
    return TrimmedMatch(estimate=estimate, se=se, low=low, high=high, trim=share, trimmed=trimmed)


def _edges(response: Floats, spend: Floats) -> Floats:
    """Returns at which two pairs swap places: between them the order of residuals stands still."""
    i, j = np.triu_indices(len(response), k=1)
    apart = spend[j] - spend[i]
    kept = apart != 0.0
    swaps = np.unique((response[j] - response[i])[kept] / apart[kept])
    return np.concatenate([[-np.inf], swaps, [np.inf]])


def _orders(response: Floats, spend: Floats, *, edges: Floats) -> npt.NDArray[np.intp]:
    """Order of the residuals between any two edges, shape (intervals, pairs)."""
    inner = edges[1:-1]
    if len(inner) == 0:
        at = np.zeros(1)
    else:
        reach = 1.0 + np.abs(inner).max()
        at = np.concatenate([[inner[0] - reach], 0.5 * (inner[:-1] + inner[1:]), [inner[-1] + reach]])
    residuals = response[None, :] - at[:, None] * spend[None, :]
    return np.argsort(residuals, axis=1, kind="stable")


def _estimate(response: Floats, spend: Floats, *, cut: int, edges: Floats) -> float:
    """The zero of the trimmed mean residual; of several, the one with the most symmetric residuals."""
    if cut == 0:
        return float(response.sum() / spend.sum())
    body = _orders(response, spend, edges=edges)[:, cut : len(response) - cut]
    cost = spend[body].sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        zero = response[body].sum(axis=1) / cost
    slack = 1e-9 * (1.0 + np.abs(zero))
    valid = np.unique(zero[(zero >= edges[:-1] - slack) & (zero <= edges[1:] + slack) & (cost != 0.0)])
    if len(valid) == 0:
        raise ValueError("no return on spend balances the trimmed pairs: spend cancels out between them")
    return float(min(valid, key=lambda at: _asymmetry(np.sort(response - at * spend), cut=cut)))


def _asymmetry(ordered: Floats, *, cut: int) -> float:
    kept = ordered[cut : len(ordered) - cut]
    return float(np.abs(kept + kept[::-1]).mean())


def _error(response: Floats, spend: Floats, *, cut: int, estimate: float) -> float:
    n = len(response)
    residual = response - estimate * spend
    order = np.argsort(residual, kind="stable")
    body = order[cut : n - cut]
    squares = float(np.sum(residual[body] ** 2) + cut * (residual[body[0]] ** 2 + residual[body[-1]] ** 2))
    cost = float(spend[body].sum()) / n
    return sqrt(squares / n) / abs(cost) / sqrt(n) if cost != 0.0 else inf


def _interval(
    response: Floats, spend: Floats, *, cut: int, edges: Floats, level: float
) -> tuple[float, float]:
    """Every return at which the studentised trimmed mean residual is within its quantile."""
    n = len(response)
    z = quantile(0.5 + level / 2.0, inf)
    kept = n - 2 * cut
    factor = z * z * kept / (kept - 1)
    orders = _orders(response, spend, edges=edges)
    body, ends = orders[:, cut : n - cut], orders[:, [cut, n - cut - 1]]

    def winsorised(values: Floats) -> Floats:
        return np.asarray(values[body].sum(axis=1) + cut * values[ends].sum(axis=1), dtype=np.float64)

    x1, y1 = spend[body].sum(axis=1), response[body].sum(axis=1)
    xw, yw = winsorised(spend), winsorised(response)
    a = factor * (winsorised(spend**2) - xw**2 / n) - x1**2
    b = factor * (winsorised(spend * response) - xw * yw / n) - x1 * y1
    c = factor * (winsorised(response**2) - yw**2 / n) - y1**2
    pieces = [_within(a[k], b[k], c[k], low=edges[k], high=edges[k + 1]) for k in range(len(a))]
    found = [piece for piece in pieces if piece is not None]
    if not found:
        return -inf, inf
    return float(min(low for low, _ in found)), float(max(high for _, high in found))


def _within(a: float, b: float, c: float, *, low: float, high: float) -> tuple[float, float] | None:
    """Smallest and largest x of [low, high] with a x^2 - 2 b x + c >= 0; none where there is none."""
    roots: list[float] = []
    if a == 0.0:
        roots = [0.5 * c / b] if b != 0.0 else []
    elif b * b - a * c >= 0.0:
        root = sqrt(b * b - a * c)
        roots = sorted([(b - root) / a, (b + root) / a])
    cuts = [low, *(x for x in roots if low < x < high), high]
    held = [
        (left, right)
        for left, right in pairwise(cuts)
        if _quadratic(_between(left, right), a=a, b=b, c=c) >= 0.0
    ]
    return (held[0][0], held[-1][1]) if held else None


def _quadratic(x: float, *, a: float, b: float, c: float) -> float:
    return a * x * x - 2.0 * b * x + c


def _between(left: float, right: float) -> float:
    if left == -inf and right == inf:
        return 0.0
    if left == -inf:
        return right - 1.0 - abs(right)
    return left + 1.0 + abs(left) if right == inf else 0.5 * (left + right)
