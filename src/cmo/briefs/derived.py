"""Figures that follow from the facts: sums, growth and gaps, with their intervals, from the joint draws."""

from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import numpy.typing as npt

from cmo.briefs.facts import Facts, surprise
from cmo.measures import LEVEL, Estimate, Figure, Grade, Unit, Window

Draws = npt.NDArray[np.float64]

MONTHS = 12
REVENUE, FORECAST = "sales.revenue", "sales.forecast"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ahead:
    """One month to come.

    Attributes:
        month: Its days.
        figure: What to expect.
    """

    month: Window
    figure: Figure


def only(facts: Facts, measure: str) -> Figure | None:
    """What is known of a measure that has a single value; none where it has none or several."""
    estimate = facts.estimate(measure)
    if estimate is None or len(estimate.subjects) != 1:
        return None
    return estimate.figure(estimate.subjects[0])


def last_year(estimate: Estimate) -> Figure | None:
    """The sum of the last twelve months of an estimate's history, all subjects; none if it is shorter."""
    sums, history = _yearly(estimate), estimate.history
    if sums is None or history is None:
        return None
    figure = _figure(sums[0], like=estimate, unit=estimate.unit)
    if estimate.grade is not Grade.D:
        return figure
    return replace(figure, value=float(history.location[:, -MONTHS:].sum()))


def last_year_window(estimate: Estimate) -> Window | None:
    """The days of the last twelve months of an estimate's history."""
    history = estimate.history
    if history is None or history.cycle != MONTHS or len(history.periods) < MONTHS:
        return None
    return Window(start=history.periods[-MONTHS].start, end=history.periods[-1].end)


def growth(estimate: Estimate) -> Figure | None:
    """The last twelve months against the twelve before, as a share; none if the history is too short."""
    sums = _yearly(estimate)
    if sums is None or sums[1] is None or (sums[1] <= 0).any():
        return None
    return _figure(sums[0] / sums[1] - 1, like=estimate, unit=Unit("share"))


def months_ahead(forecast: Estimate) -> tuple[Ahead, ...]:
    """The months of a forecast whose subjects are months, in order."""
    months = sorted(
        (month, subject) for subject in forecast.subjects if (month := _month(subject)) is not None
    )
    return tuple(Ahead(month=month, figure=forecast.figure(subject)) for month, subject in months)


def expected(forecast: Estimate) -> Figure | None:
    """The sum of all months of a forecast; none if its subjects are not months."""
    columns = [i for i, subject in enumerate(forecast.subjects) if _month(subject) is not None]
    if not columns:
        return None
    return _figure(forecast.draws[:, columns].sum(axis=1), like=forecast, unit=forecast.unit)


def leads(estimate: Estimate, subject: str) -> float:
    """The probability that a subject is the highest of all."""
    return float((estimate.ranks[:, estimate.column(subject)] == 0).mean())


def overconfidence(facts: Facts) -> float | None:
    """How much more confident the holders were, on average, than the field allows, in [-1, 1]."""
    gaps = [gap for verdict in facts.verdicts if (gap := surprise(verdict)) is not None]
    return sum(gaps) / len(gaps) if gaps else None


def share_of_customers(subject: str) -> float | None:
    """The share of customers that a subject of the concentration names: `10%`, `0.1`, `top 10 %`."""
    digits = subject.lower().removeprefix("top").replace("\N{NARROW NO-BREAK SPACE}", "").strip()
    per_cent = digits.endswith("%")
    try:
        number = float(digits.rstrip("% "))
    except ValueError:
        return None
    share = number / 100 if per_cent or number >= 1 else number
    return share if 0 < share < 1 else None


def _yearly(estimate: Estimate) -> tuple[Draws, Draws | None] | None:
    history = estimate.history
    if history is None or last_year_window(estimate) is None:
        return None
    totals = history.draws.sum(axis=1)
    before = totals[:, -2 * MONTHS : -MONTHS]
    return totals[:, -MONTHS:].sum(axis=1), before.sum(axis=1) if before.shape[1] == MONTHS else None


def _figure(draws: Draws, *, like: Estimate, unit: Unit) -> Figure:
    tail = (1 - LEVEL) / 2
    low, value, high = np.quantile(draws, [tail, 0.5, 1 - tail])
    return Figure(
        value=float(value),
        low=float(low),
        high=float(high),
        level=LEVEL,
        unit=unit,
        as_of=like.as_of,
        grade=like.grade,
        source=like.measure,
    )


def _month(subject: str) -> Window | None:
    try:
        start = date.fromisoformat(f"{subject}-01")
    except ValueError:
        return None
    return Window.parse(f"{start:%Y-%m}")
