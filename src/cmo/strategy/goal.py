"""How likely a goal is to be reached by its day, from what is counted so far and forecast ahead."""

from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import numpy.typing as npt

from cmo.measures import MEASURES, Claim, Estimate, Text, Unit, Window, chances, joined, months
from cmo.measures.predicates import AtLeast, AtMost
from cmo.strategy.confront import judged
from cmo.strategy.document import Objective
from cmo.strategy.evidence import Evidence

Floats = npt.NDArray[np.float64]

SOLD, EARNED, EXPECTED = "sales.revenue", "sales.contribution", "sales.forecast"
_AS_IT_STANDS: Final = Text("As things stand.", "En l'état.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """Whether a goal will be reached.

    Attributes:
        probability: In [0, 1]; none when that cannot be said.
        why: The reason, with figures.
    """

    probability: float | None
    why: Text


def outlook(objective: Objective, evidence: Evidence, *, currency: str, company: str) -> Outlook:
    """How likely a goal is to be reached.

    Money earned or sold is that of the twelve months up to the day of the goal: the months that are over are
    counted, the others forecast; a month beyond the forecast is taken like the same month a year before.
    Other measures are taken as they stand today, those told by brand for the company's own.
    """
    target = objective.at_least if objective.at_least is not None else objective.at_most or 0.0
    bound = AtLeast(target) if objective.at_least is not None else AtMost(target)
    if objective.of is None and objective.measure in (SOLD, EARNED):
        total = _twelve_months(objective.measure, objective.by, evidence)
        if total is not None:
            return _of_total(objective, total, target=target, currency=currency)
    of = objective.of or _ours(objective.measure, evidence, company=company)
    judgement = judged(Claim(measure=objective.measure, predicate=bound, of=of), evidence)
    if judgement.probability is None:
        return Outlook(probability=None, why=judgement.why)
    return Outlook(probability=judgement.probability, why=joined((judgement.why, _AS_IT_STANDS)))


def _ours(measure: str, evidence: Evidence, *, company: str) -> str | None:
    return company if any(company in one.subjects for one in evidence.of(measure)) else None


def _of_total(objective: Objective, total: Floats, *, target: float, currency: str) -> Outlook:
    reached = total >= target if objective.at_least is not None else total <= target
    probability = float(reached.mean())
    unit = Unit(MEASURES[objective.measure].unit_in(currency))
    low, middle, high = (float(value) for value in np.quantile(total, [0.05, 0.5, 0.95]))
    en, fr = ([unit.write(value, to) for value in (middle, low, high, target)] for to in ("en", "fr"))
    odds = chances(probability)
    return Outlook(
        probability=probability,
        why=Text(
            f"Twelve months to {objective.by}: {en[0]} ({en[1]} to {en[2]}) expected if nothing changes, "
            f"for a "
            f"goal of {en[3]}: {odds.en}.",
            f"Douze mois au {objective.by} : {fr[0]} ({fr[1]} à {fr[2]}) attendus si rien ne change, pour un "
            f"objectif de {fr[3]} : {odds.fr}.",
        ),
    )


def _twelve_months(measure: str, by: date, evidence: Evidence) -> Floats | None:
    """Draws of the sum over the twelve months that end with a day; none where they cannot be told."""
    forecast = next(iter(evidence.of(EXPECTED)), None)
    sold = next((one for one in evidence.of(SOLD) if one.whole is not None), None)
    if forecast is None or sold is None or sold.history is None:
        return None
    rate = _margin(sold, evidence) if measure == EARNED else np.ones(1)
    if rate is None:
        return None
    wanted = months(Window(start=_year_before(by), end=by))
    parts = [_month(month, sold, forecast) for month in wanted]
    if len(parts) != 12 or any(part is None for part in parts):
        return None
    total = np.sum([part for part in parts if part is not None], axis=0)
    return np.asarray(total * rate, dtype=np.float64)


def _month(month: Window, sold: Estimate, forecast: Estimate) -> Floats | None:
    """Draws of the revenue of a month: counted, forecast, or like that of a year before; none otherwise."""
    history = sold.history
    if history is not None and sold.whole is not None and month.end <= sold.as_of:
        starts = [period.start for period in history.periods]
        if month.start in starts:
            drawn = history.draws[:, sold.column(sold.whole), starts.index(month.start)]
            return np.asarray(drawn, dtype=np.float64)
    for years in (0, 1):
        name = f"{month.start.year - years:04d}-{month.start.month:02d}"
        if name in forecast.subjects:
            return np.asarray(forecast.draws[:, forecast.column(name)], dtype=np.float64)
    return None


def _margin(sold: Estimate, evidence: Evidence) -> Floats | None:
    earned = next((one for one in evidence.of(EARNED) if one.whole is not None), None)
    if earned is None or earned.whole is None or sold.whole is None:
        return None
    share = earned.draws[:, earned.column(earned.whole)] / sold.draws[:, sold.column(sold.whole)]
    return np.asarray(share, dtype=np.float64)


def _year_before(day: date) -> date:
    after = date(day.year + (day.month == 12), day.month % 12 + 1, 1)
    return date(after.year - 1, after.month, 1)
