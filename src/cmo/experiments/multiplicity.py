"""Several comparisons at once: adjusted p-values that keep the error rate of the family."""

from enum import StrEnum

import numpy as np
import numpy.typing as npt

from cmo.experiments.moments import Floats


class Correction(StrEnum):
    """What is kept: the share of false discoveries (BH, BY), or the chance of any (the others)."""

    BENJAMINI_HOCHBERG = "benjamini_hochberg"
    BENJAMINI_YEKUTIELI = "benjamini_yekutieli"
    BONFERRONI = "bonferroni"
    SIDAK = "sidak"
    HOLM = "holm_bonferroni"
    HOLM_SIDAK = "holm_sidak"
    HOCHBERG = "hochberg_bonferroni"
    HOCHBERG_SIDAK = "hochberg_sidak"
    HOMMEL = "hommel"


def adjusted_p(p: npt.ArrayLike, by: Correction) -> Floats:
    """Adjusted p-values, in the order given: reject where they are at most the family's level.

    Args:
        p: P-values, shape (tests,), in [0, 1].
        by: The correction.

    Returns:
        Adjusted p-values, shape (tests,), in [0, 1].

    References:
        Benjamini & Hochberg (1995), JRSS B 57; Benjamini & Yekutieli (2001), Annals of Statistics 29;
        Holm (1979), Scandinavian J. of Statistics 6; Hochberg (1988), Biometrika 75; Hommel (1988), ibid.
    """
    values = np.asarray(p, dtype=np.float64)
    if values.ndim != 1 or np.any(~((values >= 0.0) & (values <= 1.0))):
        raise ValueError(f"p-values {values.tolist()} must be one row of numbers between 0 and 1")
    if values.size == 0:
        return values
    order = np.argsort(values, kind="stable")
    out = np.empty_like(values)
    out[order] = np.clip(_sorted(values[order], by), 0.0, 1.0)
    return out


def e_benjamini_hochberg(e: npt.ArrayLike, *, level: float = 0.05) -> npt.NDArray[np.bool_]:
    """Which e-values are discoveries, whatever the dependence between tests and however they stopped.

    References:
        Wang & Ramdas (2022), "False discovery rate control with e-values", JRSS B 84(3).
    """
    values = np.asarray(e, dtype=np.float64)
    m = len(values)
    ranked = np.sort(values)[::-1]
    passing = np.flatnonzero(np.arange(1, m + 1) * ranked >= m / level)
    threshold = ranked[passing[-1]] if len(passing) else np.inf
    return values >= threshold


def _sorted(p: Floats, by: Correction) -> Floats:
    m = len(p)
    rank = np.arange(1.0, m + 1.0)
    left = m - rank + 1.0
    if by is Correction.HOMMEL:
        return _hommel(p)
    harmonic = float(np.sum(1.0 / rank))
    bound = {
        Correction.BENJAMINI_HOCHBERG: p * m / rank,
        Correction.BENJAMINI_YEKUTIELI: p * m / rank * harmonic,
        Correction.BONFERRONI: p * m,
        Correction.SIDAK: _sidak(p, np.full(m, float(m))),
        Correction.HOLM: p * left,
        Correction.HOLM_SIDAK: _sidak(p, left),
        Correction.HOCHBERG: p * left,
        Correction.HOCHBERG_SIDAK: _sidak(p, left),
    }[by]
    if by in _STEP_DOWN:
        return np.maximum.accumulate(bound)
    return _step_up(bound) if by in _STEP_UP else bound


_STEP_DOWN = frozenset({Correction.HOLM, Correction.HOLM_SIDAK})
_STEP_UP = frozenset(
    {
        Correction.BENJAMINI_HOCHBERG,
        Correction.BENJAMINI_YEKUTIELI,
        Correction.HOCHBERG,
        Correction.HOCHBERG_SIDAK,
    }
)


def _step_up(scaled: Floats) -> Floats:
    return np.asarray(np.minimum.accumulate(scaled[::-1])[::-1], dtype=np.float64)


def _sidak(p: Floats, tests: Floats) -> Floats:
    with np.errstate(divide="ignore"):
        return np.asarray(-np.expm1(tests * np.log1p(-p)), dtype=np.float64)


def _hommel(p: Floats) -> Floats:
    m = len(p)
    rank = np.arange(1, m + 1)
    adjusted = np.full(m, float(np.min(m * p / rank)))
    running = adjusted.copy()
    for size in range(m - 1, 1, -1):
        lower, upper = slice(0, m - size + 1), slice(m - size + 1, m)
        least = float(np.min(size * p[upper] / np.arange(2, size + 1)))
        running[lower] = np.minimum(size * p[lower], least)
        running[upper] = running[m - size]
        adjusted = np.maximum(adjusted, running)
    return np.asarray(np.maximum(adjusted, p), dtype=np.float64)
