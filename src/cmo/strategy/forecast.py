"""Forecasts held against what happened: which were missed, and how well cmo keeps its own word."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from cmo.measures import MEASURES, Text, Unit, Window
from cmo.strategy.challenge import Opened, severity
from cmo.strategy.decisions.decision import Range


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """What was expected of a period.

    Attributes:
        measure: Which measure.
        subject: Of what.
        period: The days forecast.
        made_on: The last day known when it was made.
        mean: Expected value.
        q05: Lower end of the 90 % interval.
        q95: Upper end.
    """

    measure: str
    subject: str
    period: Window
    made_on: date
    mean: float
    q05: float
    q95: float

    def missed(self, value: float) -> bool:
        """Whether what happened lies outside the interval."""
        return not self.q05 <= value <= self.q95


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """A forecast whose period is over.

    Attributes:
        forecast: What was expected.
        value: What happened.
    """

    forecast: Forecast
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """A probability that was given, and whether it came true.

    Attributes:
        probability: What was said, in [0, 1].
        true: What turned out.
    """

    probability: float
    true: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """How well cmo's own words keep their promise.

    Attributes:
        n_forecasts: Forecasts of periods that are over.
        inside: Share of them that what happened lies in; none without any. It should be 0.9.
        n_decisions: Decisions whose profit was looked back on.
        decisions_inside: Share of them that brought what the interval said; none without any.
        promised: Profit that these decisions were expected to bring together.
        brought: Profit that they brought together.
        n_verdicts: Verdicts on beliefs that were settled later.
        brier: Mean squared error of their probabilities, 0 the best, 0.25 that of saying always one half.
    """

    n_forecasts: int = 0
    inside: float | None = None
    n_decisions: int = 0
    decisions_inside: float | None = None
    promised: float = 0.0
    brought: float = 0.0
    n_verdicts: int = 0
    brier: float | None = None


def calibration(
    settled: Sequence[Settled], *, decisions: Sequence[tuple[Range, float]], promises: Sequence[Promise]
) -> Calibration:
    """Hold what was said against what happened.

    Args:
        settled: Forecasts of periods that are over.
        decisions: What reviewed decisions were expected to bring, and what they brought.
        promises: Probabilities given, and what turned out.
    """
    return Calibration(
        n_forecasts=len(settled),
        inside=_share([not one.forecast.missed(one.value) for one in settled]),
        n_decisions=len(decisions),
        decisions_inside=_share([told.q05 <= brought <= told.q95 for told, brought in decisions]),
        promised=sum(told.mean for told, _ in decisions),
        brought=sum(brought for _, brought in decisions),
        n_verdicts=len(promises),
        brier=None
        if not promises
        else sum((one.probability - one.true) ** 2 for one in promises) / len(promises),
    )


def opened_by_miss(missed: Settled, *, currency: str, budget: float | None) -> Opened:
    """The challenge that a missed forecast puts to who answers for the company."""
    one, unit = missed.forecast, Unit(MEASURES[missed.forecast.measure].unit_in(currency))
    label = MEASURES[one.measure].label
    en, fr = (
        [unit.write(value, to, beside=one.mean) for value in (one.q05, one.q95, missed.value)]
        for to in ("en", "fr")
    )
    gap = missed.value - one.mean if unit.name == currency else None
    return Opened(
        observation=Text(
            f"{label.en}, {one.subject}: between {en[0]} and {en[1]} was expected, {en[2]} came.",
            f"{label.fr}, {one.subject} : on attendait entre {fr[0]} et {fr[1]}, c'est {fr[2]} qui est venu.",
        ),
        question=Text(
            "What happened that the forecast did not know, and does the plan still hold?",
            "Que s'est-il passé que la prévision ignorait, et le plan tient-il encore ?",
        ),
        gap=gap,
        severity=severity(gap, budget),
    )


def _share(found: Sequence[bool]) -> float | None:
    return sum(found) / len(found) if found else None
