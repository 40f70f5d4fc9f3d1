"""Deciding: what the evidence of a review makes worth doing, testing and expecting."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any, Final

import numpy as np
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # it ships no types

from cmo.experiments.feasible import Feasible, Form, feasible_designs
from cmo.experiments.past_evidence import past_of
from cmo.ledger.decisions import Deliberated, last_deliberation, remember_deliberation
from cmo.ledger.estimates import digest_of
from cmo.ledger.forecasts import remember_forecasts, settle, unsettled
from cmo.ledger.reviews import TIME_TO_ANSWER, Review, Stakes
from cmo.loop.observing import Observed, Progress
from cmo.measures import Estimate, Text, Window
from cmo.strategy.decisions.deciding import Deliberation, decide
from cmo.strategy.decisions.decision import Decision
from cmo.strategy.decisions.ground import Ground
from cmo.strategy.decisions.packet import Packet
from cmo.strategy.document import Strategy
from cmo.strategy.evidence import Evidence
from cmo.strategy.forecast import Forecast
from cmo.strategy.information.worth import Candidate
from cmo.strategy.stake import stakes
from cmo.strategy.verdict import Verdict
from cmo.warehouse.field import Field

SOLD, EXPECTED = "sales.revenue", "sales.forecast"
MONTHS_AHEAD: Final = 3
"""Months whose forecast is kept, to be held against what happens."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Thought:
    """What a review is about to remember of its deciding.

    Attributes:
        deliberation: Decisions, what is withheld, tests.
        designs: Tests that could be run.
        bases: Digest of the evidence of each decision, by its id.
        forecasts: What is expected of the months to come.
        outcomes: Revenue of months that are over, by their first day.
        as_of: The last day that the data reach.
    """

    deliberation: Deliberation
    designs: tuple[Feasible, ...]
    bases: Mapping[str, str]
    forecasts: tuple[Forecast, ...]
    outcomes: Mapping[date, float]
    as_of: date


def deliberate(
    observed: Observed,
    evidence: Evidence,
    verdicts: tuple[Verdict, ...],
    *,
    field: Field | None,
    currency: str,
    progress: Progress,
) -> Thought:
    """Decide on what a review found.

    Args:
        observed: What went into the review.
        evidence: What was measured.
        verdicts: What became of the beliefs.
        field: The company's tables, where they are open; designs of tests need them when the data is new.
        currency: The company's.
        progress: Told what is being done.
    """
    progress(Text("weighing decisions and tests", "examen des décisions et des tests"))
    as_of = max((one.as_of for one in evidence.estimates), default=date.min)
    ground = Ground(
        evidence=evidence, strategy=observed.strategy, verdicts=verdicts, currency=currency, today=as_of
    )
    rng = np.random.default_rng(_seed(observed.data))
    designs = _designs(observed, ground, field=field, rng=rng)
    with threadpool_limits(limits=1, user_api="blas"):
        found = decide(ground, designs, rng=rng)
    return Thought(
        deliberation=found,
        designs=designs,
        bases={one.decision.id: _basis(one.decision, evidence, observed.strategy) for one in found.decisions},
        forecasts=tuple(_forecasts(evidence)),
        outcomes=_outcomes(evidence),
        as_of=as_of,
    )


def keep(thought: Thought, review: Review, observed: Observed, *, currency: str) -> None:
    """Remember it with its review, and hold earlier forecasts against what happened."""
    found = thought.deliberation
    remember_deliberation(
        Deliberated(
            review=review.number,
            data=observed.data if thought.designs else "",  # none: they are tried when the data is open
            withheld=found.withheld,
            tests=tuple(told(one) for one in found.tests),
            designs=tuple(_plain(one) for one in thought.designs),
        ),
        packets=[Packet.of(one) for one in found.decisions],
        bases=thought.bases,
    )
    due_on = (review.finished_at + TIME_TO_ANSWER).date()
    budget = at_stake(observed.strategy).budget
    for number, forecast in unsettled(until=thought.as_of):
        value = thought.outcomes.get(forecast.period.start)
        if forecast.measure == EXPECTED and value is not None:
            settle(number, value, review=review.number, currency=currency, budget=budget, due_on=due_on)
    remember_forecasts(thought.forecasts, review=review.number)


def at_stake(strategy: Strategy) -> Stakes:
    """Money that rests on beliefs, next to the plan's."""
    return Stakes(money=stakes(strategy), budget=None if strategy.plan is None else strategy.plan.budget)


def told(one: Candidate) -> dict[str, Any]:
    """A test that pays, as the command line's JSON shows it, both languages kept."""
    return {
        "id": one.design.id,
        "kind": one.design.form.value,
        "subject": one.design.subject,
        "value": one.value,
        "cost": one.cost,
        "net_value": one.net_value,
        "weeks": one.design.weeks,
        "hours": one.hours,
        "probability_of_change": one.changes,
        "design": _plain(one.design) | {"mde": one.design.mde},
        "says": one.says.as_mapping(),
        "why": one.why.as_mapping(),
    }


def _designs(
    observed: Observed, ground: Ground, *, field: Field | None, rng: np.random.Generator
) -> tuple[Feasible, ...]:
    """Those of the last review while the data is the same; otherwise tried anew on the company's past."""
    last = last_deliberation()
    if last is not None and last.data == observed.data:
        return tuple(_feasible(one) for one in last.designs)
    if field is None:
        return ()
    roi = ground.estimate("media.roi")
    returns = {} if roi is None else dict(zip(roi.subjects, map(float, roi.location), strict=True))
    with threadpool_limits(limits=1, user_api="blas"):
        return feasible_designs(past_of(field), rng=rng, returns=returns)


def _plain(design: Feasible) -> dict[str, Any]:
    return asdict(design) | {"form": design.form.value, "treated": list(design.treated)}


def _feasible(said: Mapping[str, Any]) -> Feasible:
    return Feasible(**{**said, "form": Form(said["form"]), "treated": tuple(said["treated"])})


def _basis(decision: Decision, evidence: Evidence, strategy: Strategy) -> str:
    """Digest of the estimates that a decision was drawn from, and of the plan it changes."""
    digests = [digest_of(one) for measure in decision.basis.measures for one in evidence.of(measure)]
    said = repr((decision.id, sorted(digests), strategy.plan if decision.sets else None))
    return hashlib.blake2b(said.encode(), digest_size=24).hexdigest()


def _forecasts(evidence: Evidence) -> Iterator[Forecast]:
    """The next whole months."""
    for estimate in evidence.of(EXPECTED):
        for subject, period in _months(estimate):
            draws = estimate.draws[:, estimate.column(subject)]
            low, high = np.quantile(draws, [0.05, 0.95])
            yield Forecast(
                measure=EXPECTED,
                subject=subject,
                period=period,
                made_on=estimate.as_of,
                mean=float(draws.mean()),
                q05=float(low),
                q95=float(high),
            )


def _months(estimate: Estimate) -> Sequence[tuple[str, Window]]:
    named = [one for one in estimate.subjects if len(one) == 7 and one[4] == "-"]
    months = sorted((one, Window.parse(one)) for one in named)
    ahead = [one for one in months if one[1].start > estimate.as_of]
    return ahead[:MONTHS_AHEAD]


def _outcomes(evidence: Evidence) -> dict[date, float]:
    """Revenue of each month that is over, by its first day."""
    for estimate in evidence.of(SOLD):
        history = estimate.history
        if estimate.whole is not None and history is not None and history.cycle == 12:
            column = estimate.column(estimate.whole)
            return {
                period.start: float(history.location[column, i])
                for i, period in enumerate(history.periods)
                if period.end <= estimate.as_of and (period.end + timedelta(days=1)).day == 1
            }
    return {}


def _seed(data: str) -> int:
    return int.from_bytes(hashlib.blake2b(f"decide {data}".encode(), digest_size=8).digest())
