"""`cmo tests design` and the steps of a test's life: approve, start, stop, decide, learn."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from cmo.briefs.answers import Answer
from cmo.briefs.designs import design_answer
from cmo.experiments.feasible import Form
from cmo.experiments.gate import Design, Verdict, design_gate
from cmo.experiments.life import Figures, Life
from cmo.experiments.past_evidence import past_of
from cmo.experiments.planning import planned
from cmo.experiments.registration import Kind, Registration
from cmo.experiments.wanted import Known, Plan, Wanted
from cmo.ledger.approvals import ApprovalState, ask_approval, state_of
from cmo.ledger.opening import writing
from cmo.ledger.reviews import last_review, remembered_evidence
from cmo.ledger.strategy import remembered_strategy
from cmo.ledger.tests import keep_design, lives
from cmo.loop.analysing import exploratory
from cmo.loop.observing import Progress
from cmo.loop.standing import opened
from cmo.loop.stating import stated
from cmo.loop.testing import today_of
from cmo.measures import Language, Problem, Text
from cmo.strategy.document import Strategy
from cmo.strategy.field_test import FieldTest
from cmo.warehouse.engines import open_field
from cmo.workspace import Workspace

KIND = "test"
"""What the approval of a test is called."""
_AHEAD = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """Who works on a test, and within which limits.

    Attributes:
        by: Who designs.
        budget: Money left for tests; not limited where nobody says.
    """

    by: str
    budget: float | None = None


def design(
    folder: Path, wanted: Wanted, signed: Signed, *, progress: Progress, language: Language | None
) -> Answer:
    """Design a test from the company's own past, hold it against the gate, and seal it.

    What strategy.yaml says of a test or an idea of that name is taken where nothing else was said.

    Args:
        folder: The company's folder; its data has been read.
        wanted: What is wanted.
        signed: Who designs.
        progress: Told what is being done.
        language: Language of the answer.

    Raises:
        Problem: Something is missing, the past cannot bear the test, or it has started already.
    """
    workspace = opened(folder)
    strategy = remembered_strategy()
    team(strategy, signed.by)
    progress(Text("trying the test on the past", "essai du test sur le passé"))
    field = open_field(workspace, strategy=stated(strategy))
    known = Known(past=past_of(field), returns=_returns(), typical=_typical())
    plan = planned(wanted, known)
    verdict = gate_of(plan, workspace, strategy, budget=signed.budget)
    says = _says(wanted, strategy)
    with writing():
        life = keep_design(
            plan.registration, plan.figures, population=plan.population, says=says, by=signed.by
        )
        if len(strategy.team) > 1:
            asked = state_of(KIND, wanted.test, content=plan.registration.seal)
            if asked is ApprovalState.NONE:
                sentence = says.in_(workspace.config.company.language)
                ask_approval(KIND, wanted.test, content=plan.registration.seal, says=sentence, by=signed.by)
    spoken = language or workspace.config.company.language
    return design_answer(life, plan, verdict, currency=workspace.config.company.currency, language=spoken)


def gate_of(plan: Plan, workspace: Workspace, strategy: Strategy, *, budget: float | None = None) -> Verdict:
    """The design gate, in the company of all other tests that are approved, running or told of."""
    today = today_of(workspace)
    known = lives()
    currency = workspace.config.company.currency
    own = gate_design(plan.registration, plan.figures, plan.population, currency)
    others = [
        gate_design(life.design.registration, life.design.figures, life.design.population, currency)
        for life in known
        if life.design is not None and life.live
    ]
    held = {life.test for life in known}
    others += [_of_strategy(test, currency) for test in strategy.tests if test.id not in held]
    late = [life.test for life in known if life.overdue(today) and life.test != plan.registration.test]
    return design_gate(own, others, budget=budget, today=today, late=late)


def gate_design(
    registration: Registration, figures: Figures, population: Sequence[str], currency: str
) -> Design:
    """A design as the gate looks at it; without a past to tell, its power is not known and not enough."""
    return Design(
        registration=registration,
        power=0.0 if figures.power is None else figures.power,
        mde=float("inf") if figures.mde is None else figures.mde,
        expected_effect=figures.expected_effect,
        cost=figures.cost,
        value=figures.value,
        currency=currency,
        units=float(figures.units),
        population=tuple(population),
    )


def gate_again(life: Life, workspace: Workspace, strategy: Strategy) -> Verdict:
    """The gate for a design that is kept: others may have come in between.

    Raises:
        Problem: It has no design.
    """
    if life.design is None:
        raise Problem(f"{life.test} has no design yet: cmo tests design {life.test}")
    kept = life.design
    plan = Plan(registration=kept.registration, figures=kept.figures, population=kept.population)
    return gate_of(plan, workspace, strategy)


def team(strategy: Strategy, by: str) -> None:
    """Whether somebody may act for the company: anybody where there is no team, else one of it.

    Raises:
        Problem: The name is nobody's of the team.
    """
    names = [member.id for member in strategy.team]
    if len(names) > 1 and by not in names:
        raise Problem(f"{by} is nobody of the team: say who acts (--by), one of {', '.join(names)}")


def next_monday(workspace: Workspace) -> date:
    """The first Monday at least a week ahead: time to brief whoever runs the test."""
    day = today_of(workspace) + timedelta(days=_AHEAD)
    return day + timedelta(days=-day.weekday() % 7)


def wanted_of(folder: Path, test: str, form: str | None) -> Wanted:
    """What is wanted as far as strategy.yaml tells of it.

    Args:
        folder: The company's folder.
        test: Which test.
        form: Its kind, where somebody says.

    Raises:
        Problem: Its kind is not known.
    """
    workspace = opened(folder)
    strategy = remembered_strategy()
    told = next((one for one in strategy.tests if one.id == test), None)
    kind = form or (None if told is None else told.kind)
    names = ", ".join(one.value for one in Form)
    if kind is None:
        raise Problem(f"{test}: say what kind of test it is (--kind), one of {names}")
    if kind not in {one.value for one in Form}:
        raise Problem(f"{test}: no test is of the kind {kind}; known are {names}")
    plain = Wanted(test=test, form=Form(kind), starts_on=next_monday(workspace))
    return plain if told is None else _of_told(plain, told)


def _of_told(plain: Wanted, told: FieldTest) -> Wanted:
    promise = exploratory(told)
    control = told.control or "control"
    arms = tuple(sorted(told.shares.items(), key=lambda arm: arm[0] != control)) or plain.arms
    return replace(
        plain,
        starts_on=told.start,
        weeks=max(round(((told.end - told.start).days + 1) / 7), 1),
        hypothesis=promise.hypothesis,
        metric=told.metric,
        channel=told.channel,
        arms=arms,
        regions=told.treated,
        segment=told.segment,
        least_effect=told.least_effect or 0.0,
        stopping=promise.stopping,
        looks=promise.looks,
        cost=told.cost or 0.0,
        belief=told.belief,
        guardrails=told.guardrails,
        cluster=told.cluster,
        strata=told.strata,
    )


def _says(wanted: Wanted, strategy: Strategy) -> Text:
    said = {idea.id: idea.says for idea in strategy.ideas}
    said |= {test.id: test.says for test in strategy.tests if test.says is not None}
    if wanted.test in said:
        return said[wanted.test]
    return Text.same(wanted.hypothesis or wanted.test)


def _of_strategy(test: FieldTest, currency: str) -> Design:
    """A test that only strategy.yaml tells of: it touches what it touches, registered or not."""
    promise = exploratory(test)
    units = promise.kind is Kind.UNITS
    population = [f"region:{name}" for name in test.treated]
    population += [f"channel:{test.channel}"] if test.channel else []
    population += [f"segment:{test.segment or 'all'}"] if units else []
    figures = Figures(expected_effect=0.0, weeks=1)
    return gate_design(promise, figures, population, currency)


def _returns() -> Mapping[str, tuple[float, float]]:
    """What each channel is believed to bring per unit of money, from the last review."""
    if last_review() is None:
        return {}
    found = remembered_evidence("media.roi").estimates
    return {
        name: (float(one.draws[:, i].mean()), float(one.draws[:, i].std()))
        for one in found
        for i, name in enumerate(one.subjects)
    }


def _typical() -> float | None:
    """The size of effect that the company's own tests have shown, noise taken off; none without any."""
    if last_review() is None:
        return None
    found = [one for one in remembered_evidence("experiments.lift").estimates if one.by == "test"]
    draws = [one.draws[:, i] for one in found for i in range(len(one.subjects))]
    if not draws:
        return None
    mean, error = np.array([of.mean() for of in draws]), np.array([of.std() for of in draws])
    return float(np.sqrt(max(float(np.mean(mean**2 - error**2)), 0.01**2)))
