"""The fact base of briefs, filled from what is remembered."""

from collections.abc import Iterable
from datetime import date

from cmo.briefs.facts import Company, Concern, Facts, Goal, Reading
from cmo.ledger.decisions import standing_decisions
from cmo.ledger.forecasts import calibrated
from cmo.ledger.reviews import Review, last_review, remembered_evidence, review_before
from cmo.ledger.strategy import remembered_strategy
from cmo.ledger.verdicts import verdicts
from cmo.loop.events import remembered_events
from cmo.loop.health import remembered_findings
from cmo.loop.problems import problems_at_hand
from cmo.measures import LEVEL, MEASURES, Figure, Grade, Problem, Unit, Window
from cmo.strategy.document import Objective, Strategy
from cmo.strategy.evidence import Evidence
from cmo.strategy.goal import outlook
from cmo.strategy.verdict import Verdict
from cmo.warehouse.manifest import Manifest
from cmo.workspace import Workspace
from cmo.workspace.company import Company as Described


def facts_of(workspace: Workspace) -> Facts:
    """Everything that the last review found, ready to be written.

    Args:
        workspace: The company's folder; its ledger is open.

    Raises:
        Problem: There has been no review yet.
    """
    review = last_review()
    if review is None:
        raise Problem(f"{workspace.folder}: nothing has been reviewed here yet; run cmo review")
    evidence, found, strategy = remembered_evidence(), verdicts(), remembered_strategy()
    company, day = workspace.config.company, _day(review, workspace)
    before = review_before(review)
    return Facts(
        company=Company(name=company.name, language=company.language, currency=company.currency),
        reviewed_on=day,
        span=_span(evidence, day),
        previous_on=None if before is None else _day(before, workspace),
        verdicts=found,
        before={one.belief: one.previous for one in found if one.previous is not None},
        stakes=_stakes(found, strategy, company.currency, day=day),
        people={member.id: member.name for member in strategy.team},
        estimates=evidence.estimates,
        unanswered=evidence.unanswered,
        goals=tuple(_goal(one, evidence, company) for one in strategy.objectives),
        readings=_readings(workspace),
        decisions=standing_decisions(),
        calibration=calibrated(),
        events=remembered_events(workspace),
        problems=problems_at_hand(workspace),
        concerns=tuple(Concern(table=one.table, says=one.says) for one in remembered_findings(workspace)),
    )


def _day(review: Review, workspace: Workspace) -> date:
    return review.finished_at.astimezone(workspace.config.company.clock).date()


def _span(evidence: Evidence, day: date) -> Window:
    """The days that the estimates speak of, up to the last one the data reach."""
    if not evidence.estimates:
        return Window(start=day, end=day)
    end = max(one.as_of for one in evidence.estimates)
    return Window(start=min(end, *(one.window.start for one in evidence.estimates)), end=end)


def _goal(objective: Objective, evidence: Evidence, company: Described) -> Goal:
    target = objective.at_least if objective.at_least is not None else objective.at_most
    found = outlook(objective, evidence, currency=company.currency, company=company.name)
    return Goal(
        says=objective.says,
        measure=objective.measure,
        target=target or 0.0,
        unit=Unit(MEASURES[objective.measure].unit_in(company.currency)),
        by=objective.by,
        probability=found.probability,
        why=found.why,
    )


def _stakes(found: Iterable[Verdict], strategy: Strategy, currency: str, *, day: date) -> dict[str, Figure]:
    """The money of the plan that rests on a belief about a channel."""
    planned = {} if strategy.plan is None else strategy.plan.channels
    return {
        one.belief: Figure(
            value=planned[one.claim.of].spend,
            low=planned[one.claim.of].spend,
            high=planned[one.claim.of].spend,
            level=LEVEL,
            unit=Unit(currency),
            as_of=day,
            grade=Grade.D,
            source=f"plan:{one.claim.of}",
        )
        for one in found
        if one.claim is not None and one.claim.of in planned and one.claim.measure.startswith("media.")
    }


def _readings(workspace: Workspace) -> tuple[Reading, ...]:
    manifest = Manifest.read(workspace.cmo / "warehouse")
    return tuple(
        Reading(
            table=name,
            n_read=sum(one.total("rows_kept") for one in imports),
            n_refused=sum(one.total("rows_refused") for one in imports),
        )
        for name, imports in sorted(manifest.tables.items())
    )
