"""Forecasts remembered, and held against what happened once their period is over."""

from collections.abc import Iterable
from datetime import date

from cmo.ledger import models
from cmo.ledger.challenges import open_for_miss
from cmo.ledger.decisions import all_decisions
from cmo.ledger.opening import writing
from cmo.ledger.verdicts import verdict_of
from cmo.measures import Window
from cmo.strategy.decisions.decision import Range
from cmo.strategy.forecast import Calibration, Forecast, Promise, Settled, calibration, opened_by_miss
from cmo.strategy.verdict import Stance


def remember_forecasts(made: Iterable[Forecast], *, review: int) -> None:
    """Keep what a review expects; what was expected from the same day already stays as it was."""
    with writing():
        for one in made:
            known = models.Forecast.rows.filter(
                measure=one.measure, subject=one.subject, start=one.period.start, made_on=one.made_on
            )
            if not known.exists():
                models.Forecast(
                    review=review,
                    measure=one.measure,
                    subject=one.subject,
                    start=one.period.start,
                    end=one.period.end,
                    mean=one.mean,
                    q05=one.q05,
                    q95=one.q95,
                    made_on=one.made_on,
                ).save()


def unsettled(*, until: date) -> tuple[tuple[int, Forecast], ...]:
    """Forecasts whose period ended by a day and whose outcome is not kept yet, each with its number."""
    rows = models.Forecast.rows.filter(end__lte=until, outcome=None).order_by("pk")
    return tuple((row.pk, _forecast_of(row)) for row in rows)


def settle(
    number: int, value: float, *, review: int, currency: str, budget: float | None, due_on: date
) -> None:
    """Keep what happened in the period of a forecast; one that was missed opens a challenge.

    Args:
        number: Number of the forecast.
        value: What happened.
        review: Number of the review that saw it.
        currency: The company's.
        budget: Money of the plan; none without one.
        due_on: When a challenge is to be answered.
    """
    with writing():
        row = models.Forecast.rows.get(pk=number)
        models.Outcome(forecast=row, review=review, value=value).save()
        settled = Settled(forecast=_forecast_of(row), value=value)
        if settled.forecast.missed(value):
            opened = opened_by_miss(settled, currency=currency, budget=budget)
            open_for_miss(row, opened=opened, due_on=due_on)


def calibrated() -> Calibration:
    """How well the forecasts, decisions and verdicts of this ledger kept their promise."""
    outcomes = models.Outcome.rows.select_related("forecast").order_by("pk")
    settled = [Settled(forecast=_forecast_of(row.forecast), value=row.value) for row in outcomes]
    reviewed: list[tuple[Range, float]] = [
        (one.packet.expected, one.brought) for one in all_decisions() if one.brought is not None
    ]
    return calibration(settled, decisions=reviewed, promises=_promises())


def _promises() -> list[Promise]:
    """First verdicts on beliefs that other evidence settled later, over the same claim."""
    first: dict[str, tuple[object, float, int | None]] = {}
    settled: dict[str, Promise] = {}
    rows = models.Verdict.rows.select_related("review").order_by("review__number")
    for row in rows:
        verdict = verdict_of(row)
        if verdict.probability is None:
            continue
        known = first.get(verdict.belief)
        if known is None or known[0] != row.claim:
            first[verdict.belief] = (row.claim, verdict.probability, row.evidence_id)
            settled.pop(verdict.belief, None)
        elif row.evidence_id != known[2] and verdict.stance in (Stance.SUPPORTED, Stance.REFUTED):
            settled[verdict.belief] = Promise(probability=known[1], true=verdict.stance is Stance.SUPPORTED)
    return [promise for belief, promise in settled.items() if belief in first]


def _forecast_of(row: models.Forecast) -> Forecast:
    return Forecast(
        measure=row.measure,
        subject=row.subject,
        period=Window(start=row.start, end=row.end),
        made_on=row.made_on,
        mean=row.mean,
        q05=row.q05,
        q95=row.q95,
    )
