"""Checks of a test's assumptions: each says what it looked at, whether it passed, and why in a sentence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import inf, sqrt

import numpy as np
import numpy.typing as npt
from scipy import special

from cmo.experiments.adjustment import contrast
from cmo.experiments.contrast import absolute_effect, tail_above
from cmo.experiments.metric import Mean, Metric
from cmo.experiments.moments import Floats, Moments
from cmo.measures import Text

SRM_LEVEL = 0.001
"""Below it a split is taken as broken: one sound test in a thousand is stopped in vain."""
BALANCE_LEVEL = 0.001
NOVELTY_LEVEL = 0.01
LEAST_EXPECTED = 8.0
"""Units each arm must be due before the split is judged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """What was checked before a result is believed.

    Attributes:
        code: `sample_ratio`, `balance`, `novelty`, `carry_over`, `duplicates`.
        passed: True, false, or none where it could not be judged.
        p: P-value behind the judgement, none where there is none.
        says: The sentence for the owner of the test.
        vital: Whether a failure withholds the result instead of casting doubt on it.
    """

    code: str
    passed: bool | None
    p: float | None
    says: Text
    vital: bool = False


def _p(p: float) -> Text:
    """A p-value in a sentence."""
    if p < 0.001:
        return Text("p < 0.001", "p < 0,001")
    told = f"{p:.2g}"
    return Text(f"p = {told}", f"p = {told.replace('.', ',')}")


def sample_ratio_p(counts: npt.ArrayLike, planned: npt.ArrayLike) -> float:
    """P-value of a split against the planned one: exact for two small arms, else chi-squared.

    Args:
        counts: Units by arm, shape (arms,).
        planned: Planned shares, shape (arms,), any positive scale.
    """
    seen = np.asarray(counts, dtype=np.float64)
    share = np.asarray(planned, dtype=np.float64)
    if seen.shape != share.shape or np.any(share <= 0.0):
        raise ValueError(
            f"planned shares {share.tolist()} must be positive, one for each of {seen.size} arms"
        )
    share = share / share.sum()
    if seen.size == 2 and seen.sum() <= 1000:
        return _binomial_p(round(seen[0]), round(seen.sum()), share=float(share[0]))
    due = share * seen.sum()
    return float(special.chdtrc(seen.size - 1, np.sum((seen - due) ** 2 / due)))


def _binomial_p(successes: int, n: int, *, share: float) -> float:
    """Exact two-sided p-value: all counts that are no more likely than the one seen."""
    count = np.arange(n + 1)
    chance = np.exp(
        special.gammaln(n + 1.0)
        - special.gammaln(count + 1.0)
        - special.gammaln(n - count + 1.0)
        + special.xlogy(count, share)
        + special.xlog1py(n - count, -share)
    )
    return float(min(1.0, chance[chance <= chance[successes] * (1.0 + 1e-7)].sum()))


def normal_sample_ratio_p(counts: tuple[int, int], *, ratio: float = 1.0, corrected: bool = True) -> float:
    """P-value of a two-arm split by the normal approximation.

    Args:
        counts: Units in control and treatment.
        ratio: Planned treated units per control unit.
        corrected: Whether half a unit is taken off (continuity).
    """
    n = sum(counts)
    share = ratio / (1.0 + ratio)
    away = max(abs(counts[1] - n * share) - (0.5 if corrected else 0.0), 0.0)
    return 2.0 * tail_above(away / sqrt(n * share * (1.0 - share)), inf)


def sequential_sample_ratio_p(counts: npt.ArrayLike, planned: npt.ArrayLike, *, prior: float = 1.0) -> float:
    """P-value of a split that may be looked at every day: always valid.

    Args:
        counts: Units by arm so far, shape (arms,).
        planned: Planned shares, shape (arms,).
        prior: Total weight of the Dirichlet alternative, centred on the plan, per arm.

    References:
        Lindon & Malek (2022), "Anytime-valid inference for multinomial count data", NeurIPS.
    """
    seen = np.asarray(counts, dtype=np.float64)
    share = np.asarray(planned, dtype=np.float64)
    share = share / share.sum()
    weight = prior * len(seen) * share
    log_bayes_factor = (
        special.gammaln(weight.sum())
        - special.gammaln(weight.sum() + seen.sum())
        + np.sum(special.gammaln(weight + seen) - special.gammaln(weight))
        - np.sum(seen * np.log(share))
    )
    return float(min(1.0, np.exp(-log_bayes_factor)))


def sample_ratio(counts: Mapping[str, float], planned: Mapping[str, float]) -> Check:
    """Whether units fell into the arms as planned; if not, nothing else about the test can be believed.

    References:
        Fabijan et al. (2019), "Diagnosing sample ratio mismatch in online controlled experiments", KDD.
    """
    arms = sorted(planned)
    seen = np.array([counts.get(arm, 0.0) for arm in arms])
    share = np.array([planned[arm] for arm in arms]) / sum(planned.values())
    if seen.sum() * share.min() < LEAST_EXPECTED:
        says = Text(
            en=f"Too few units ({seen.sum():.0f}) to judge the split between variants.",
            fr=f"Trop peu d’unités ({seen.sum():.0f}) pour juger la répartition entre variantes.",
        )
        return Check(code="sample_ratio", passed=None, p=None, says=says, vital=True)
    p = sample_ratio_p(seen, share)
    told = ", ".join(f"{arm}: {n:.0f}" for arm, n in zip(arms, seen, strict=True))
    if p >= SRM_LEVEL:
        says = Text(
            en=f"Units fell into the variants as planned ({told}; {_p(p).en}).",
            fr=f"Les unités se répartissent comme prévu ({told} ; {_p(p).fr}).",
        )
    else:
        says = Text(
            en=f"Units did not fall as planned ({told}; {_p(p).en}): the assignment is broken.",
            fr=f"La répartition n’est pas celle prévue ({told} ; {_p(p).fr}) : l’affectation est cassée.",
        )
    return Check(code="sample_ratio", passed=p >= SRM_LEVEL, p=p, says=says, vital=True)


def balance(arms: Mapping[str, Moments], covariates: Sequence[str], *, control: str) -> Check:
    """Whether arms were alike before the test: a joint test of all covariates of each arm against control."""
    p = 1.0
    others = [name for name in sorted(arms) if name != control and arms[name].n > len(covariates) + 1]
    for name in others:
        p = min(p, _hotelling_p(arms[control].of(covariates), arms[name].of(covariates)) * len(others))
    if not covariates or not others:
        says = Text(
            en="Nothing was known of the units before the test.", fr="Rien n’était connu avant le test."
        )
        return Check(code="balance", passed=None, p=None, says=says)
    if p >= BALANCE_LEVEL:
        says = Text(
            en=f"Variants were alike before the test ({_p(p).en}).",
            fr=f"Les variantes se ressemblaient avant le test ({_p(p).fr}).",
        )
    else:
        says = Text(
            en=f"Variants differed before the test ({_p(p).en}): were units assigned at random?",
            fr=f"Les variantes différaient avant le test ({_p(p).fr}) : le tirage était-il au hasard ?",
        )
    return Check(code="balance", passed=p >= BALANCE_LEVEL, p=p, says=says)


def _hotelling_p(left: Moments, right: Moments) -> float:
    away = right.mean - left.mean
    spread = left.covariance / left.n + right.covariance / right.n
    scale = np.sqrt(np.maximum(np.diag(spread), 0.0))
    kept = scale > 0.0
    if not kept.any():
        return 1.0
    z = away[kept] / scale[kept]
    correlation = spread[np.ix_(kept, kept)] / np.outer(scale[kept], scale[kept])
    rank = int(np.linalg.matrix_rank(correlation, tol=1e-8))
    return float(special.chdtrc(rank, z @ np.linalg.pinv(correlation, rcond=1e-8) @ z))


def novelty(
    days: Mapping[date, Mapping[str, Moments]], metric: Metric, *, control: str, treated: str
) -> Check:
    """Whether the effect fades or grows with the day of assignment: a weighted slope over days."""
    effects = []
    for day in sorted(days):
        arms = days[day]
        if all(name in arms and arms[name].n >= LEAST_EXPECTED for name in (control, treated)):
            part = contrast(arms, metric, control=control, treated=treated)
            if part.variance > 0.0:
                effects.append((float(day.toordinal()), part.difference, part.variance))
    if len(effects) < 4:
        says = Text(
            en="Too few days to see whether the effect wears off.",
            fr="Trop peu de jours pour voir une usure.",
        )
        return Check(code="novelty", passed=None, p=None, says=says)
    p, slope = _trend_p(np.array(effects))
    if p >= NOVELTY_LEVEL:
        says = Text(
            en=f"The effect does not move from day to day beyond chance ({_p(p).en}).",
            fr=f"L’effet ne bouge pas d’un jour à l’autre au-delà du hasard ({_p(p).fr}).",
        )
    else:
        ways = ("grows", "croît") if slope > 0.0 else ("falls", "décroît")
        says = Text(
            en=f"The effect {ways[0]} over the days ({_p(p).en}): its average may not last.",
            fr=f"L’effet {ways[1]} au fil des jours ({_p(p).fr}) : sa moyenne peut ne pas durer.",
        )
    return Check(code="novelty", passed=p >= NOVELTY_LEVEL, p=p, says=says)


def _trend_p(effects: Floats) -> tuple[float, float]:
    day, effect, variance = effects.T
    weight = 1.0 / variance
    away = day - weight @ day / weight.sum()
    information = weight @ away**2
    slope = float((weight * away) @ effect / information)
    return 2.0 * tail_above(abs(slope) * sqrt(information), inf), slope


def carry_over(arms: Mapping[str, Moments], column: str, *, control: str) -> Check:
    """Whether arms differed on the metric before the start, as they do when an earlier test lives on."""
    others = [name for name in sorted(arms) if name != control]
    effects = [
        absolute_effect(contrast(arms, Mean(column), control=control, treated=name))
        for name in others
        if arms[name].of((column,)).scatter[0, 0] > 0.0
    ]
    if not effects:
        says = Text(en="No metric was read before the test.", fr="Aucune mesure n’a été lue avant le test.")
        return Check(code="carry_over", passed=None, p=None, says=says)
    p = min(1.0, min(effect.p for effect in effects) * len(effects))
    if p >= BALANCE_LEVEL:
        says = Text(
            en=f"No trace of an earlier test ({_p(p).en}).",
            fr=f"Pas de trace d’un test antérieur ({_p(p).fr}).",
        )
    else:
        says = Text(
            en=f"Variants differed before the start ({_p(p).en}): an earlier test may live on.",
            fr=f"Les variantes différaient avant le début ({_p(p).fr}) : un test antérieur agit peut-être.",
        )
    return Check(code="carry_over", passed=p >= BALANCE_LEVEL, p=p, says=says)


def duplicates(n_rows: int, n_units: int) -> Check:
    """Whether every unit was counted once; a unit seen in several arms or rows breaks independence."""
    passed = n_rows == n_units
    says = (
        Text(en="Every unit was counted once.", fr="Chaque unité est comptée une fois.")
        if passed
        else Text(
            en=f"{n_rows - n_units} rows repeat a unit: keep one row per unit and test.",
            fr=f"{n_rows - n_units} lignes répètent une unité : garder une ligne par unité et par test.",
        )
    )
    return Check(code="duplicates", passed=passed, p=None, says=says, vital=True)


def nearest_plan(counts: Mapping[str, float]) -> dict[str, float]:
    """The split most likely meant where none was written down: even, or in round twentieths.

    Args:
        counts: Units by arm.
    """
    arms = sorted(counts)
    seen = np.array([counts[arm] for arm in arms], dtype=np.float64)
    share = seen / seen.sum()
    rounded = np.maximum(np.round(20.0 * share), 1.0)
    plans = [np.ones(len(arms)), rounded]
    if len(arms) == 2:
        plans += [np.array([k, 100.0 - k]) for k in (1.0, 2.0, 98.0, 99.0)]
    best = min(
        plans,
        key=lambda plan: float(np.sum((seen - plan / plan.sum() * seen.sum()) ** 2 / plan * plan.sum())),
    )
    return dict(zip(arms, (float(part) for part in best), strict=True))
