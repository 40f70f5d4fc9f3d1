"""`cmo tests analyse`: a test read as it was promised, kept in the ledger, told by every face."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np

from cmo.briefs.answers import Answer
from cmo.briefs.findings import findings_answer
from cmo.briefs.tests_page import page_of_test
from cmo.briefs.write import write_page
from cmo.experiments.analysis_evidence import analysed
from cmo.experiments.asked import Asked
from cmo.experiments.feasible import Form
from cmo.experiments.findings import Findings
from cmo.experiments.life import Life
from cmo.experiments.registration import Kind, Registration, Stage, Stopping
from cmo.experiments.shrinkage import History, learnt
from cmo.experiments.unit_reading import PAST_TESTS
from cmo.ledger.reviews import last_review, remembered_evidence
from cmo.ledger.strategy import remembered_strategy
from cmo.ledger.tests import keep_reading, life_of, readings, take_step
from cmo.loop.measuring import seed_of
from cmo.loop.observing import Progress
from cmo.loop.standing import opened, user
from cmo.loop.stating import stated
from cmo.loop.testing import known_life
from cmo.measures import Language, Problem, Text
from cmo.strategy.document import Strategy
from cmo.strategy.field_test import FieldTest
from cmo.warehouse.engines import open_field
from cmo.workspace import Workspace

_TABLES = ("experiment_units", "outcomes", "media")
_YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysis:
    """A test with what its analysis found.

    Attributes:
        workspace: The company's folder; its ledger is open.
        findings: What was found.
        life: What is remembered of the test; none where only strategy.yaml tells of it.
        strategy: The strategy in force.
    """

    workspace: Workspace
    findings: Findings
    life: Life | None
    strategy: Strategy


def analyse(
    folder: Path,
    test: str,
    *,
    segment: str | None,
    to: Path | None,
    progress: Progress,
    language: Language | None,
) -> Answer:
    """Analyse a test as it was promised; what is found is remembered.

    Args:
        folder: The company's folder.
        test: Which test: one that was designed here, or one of strategy.yaml.
        segment: Column of `experiment_units` whose values are looked at one by one.
        to: A file for the page with its charts, where one is wanted.
        progress: Told what is being done.
        language: Language of the answer.

    Raises:
        Problem: No test is called so, its promise was broken, or the data cannot bear its analysis.
    """
    done = analysis_of(folder, test, segment=segment, progress=progress)
    company = done.workspace.config.company
    spoken = language or company.language
    if to is not None:
        page = page_of_test(done.findings, company=company.name, currency=company.currency, language=spoken)
        write_page(page, day=done.findings.as_of, to=to)
    return findings_answer(done.findings, currency=company.currency, language=spoken)


def analysis_of(
    folder: Path, test: str, *, segment: str | None, progress: Progress, by: str | None = None
) -> Analysis:
    """The same, as values; a test whose time is over goes on to its analysis, by whom is said."""
    workspace = opened(folder)
    strategy = remembered_strategy()
    life = life_of(test)
    registered = life is not None and life.design is not None
    promise = _promise(test, life, strategy)
    field = open_field(workspace, strategy=stated(strategy))
    at_hand = tuple(table for table in _TABLES if table in field.tables)
    progress(Text(f"analysing {test}", f"analyse de {test}"))
    asked = Asked(
        registration=promise,
        registered=registered,
        ended_on=None if life is None else life.ended_on,
        history=_history(test),
        touched=_touched(promise, strategy),
        segment_column=segment,
    )
    rng = np.random.default_rng(seed_of(f"test {test}", field, at_hand))
    found = analysed(field, asked, rng=rng)
    last = asked.ended_on or promise.ends_on
    said = f"{promise.seal} {registered} {segment} {last} {field.fingerprint(at_hand)}"
    digest = blake2b(said.encode(), digest_size=24).hexdigest()
    keep_reading(test, digest=digest, as_of=found.as_of, final=found.look.decides, found=found.as_mapping())
    if life is not None and life.stage is Stage.RUNNING and found.look.decides:
        life = take_step(test, Stage.ANALYSING, by=by or user(), day=found.end)
    return Analysis(workspace=workspace, findings=found, life=life, strategy=strategy)


def _promise(test: str, life: Life | None, strategy: Strategy) -> Registration:
    if life is not None and life.design is not None:
        if not life.design.unbroken:
            raise Problem(
                f"the design of {test} (version {life.design.number}) is not what was sealed: the ledger was "
                "changed by another hand, and nothing can be read as promised"
            )
        if life.stage in {Stage.DESIGNED, Stage.APPROVED}:
            raise Problem(f"{test} is {life.stage}, it has not started: cmo tests start {test}")
        return life.design.registration
    told = next((one for one in strategy.tests if one.id == test), None)
    if told is None:
        return known_life(test).designs[-1].registration if life is not None else _unknown(test, strategy)
    return exploratory(told)


def _unknown(test: str, strategy: Strategy) -> Registration:
    names = ", ".join(one.id for one in strategy.tests) or "none"
    raise Problem(f"no test is called {test}: cmo tests lists them; strategy.yaml tells of {names}")


def exploratory(told: FieldTest) -> Registration:
    """What strategy.yaml tells of a test, in the form of a promise that nobody sealed.

    Raises:
        Problem: Its kind is none that can be analysed, or what it says does not hold together.
    """
    forms = {form.value: form.kind for form in Form}
    kind = forms.get(told.kind, Kind.UNITS)
    shares = tuple(sorted(told.shares.items()))
    control = told.control or ("" if kind is Kind.UNITS else "others")
    try:
        return Registration(
            test=told.id,
            kind=kind,
            hypothesis="" if told.hypothesis is None else told.hypothesis.en,
            metric=told.metric or ("" if kind is Kind.UNITS else "revenue"),
            control=control,
            shares=shares if control else (),
            treated=told.treated,
            starts_on=told.start,
            ends_on=told.end,
            stopping=Stopping(told.rule or Stopping.AT_THE_END),
            looks=told.looks or 1,
            least_effect=told.least_effect or 0.0,
            guardrails=told.guardrails,
            cluster=told.cluster,
            strata=told.strata,
            form=told.kind,
            channel=told.channel,
            segment=told.segment,
            belief=told.belief,
        )
    except ValueError as error:
        raise Problem(f"the test {told.id} of strategy.yaml cannot be analysed: {error}") from error


def _history(test: str) -> History | None:
    """What the company's other tests teach; none before there are eight."""
    known: dict[str, tuple[float, float]] = {}
    if last_review() is not None:
        for estimate in remembered_evidence("experiments.lift").estimates:
            if estimate.by == "test":
                draws = estimate.draws
                known |= {
                    name: (float(draws[:, i].mean()), float(draws[:, i].std()))
                    for i, name in enumerate(estimate.subjects)
                }
    known |= {one.test: pair for one in readings() if (pair := _effect(one.found)) is not None}
    others = [pair for name, pair in known.items() if name.partition(":")[0] != test and pair[1] > 0.0]
    if len(others) < PAST_TESTS:
        return None
    effects, errors = zip(*others, strict=True)
    return learnt(effects, errors)


def _effect(found: Mapping[str, Any]) -> tuple[float, float] | None:
    effects = found.get("effects") or []
    if not effects:
        return None
    effect = effects[0]["effect"]
    return float(effect["estimate"]), float(effect["se"])


def _touched(promise: Registration, strategy: Strategy) -> tuple[str, ...]:
    """Regions that other tests of strategy.yaml treated while this one ran or learnt."""
    others = [
        one
        for one in strategy.tests
        if one.id != promise.test and one.start <= promise.ends_on and promise.starts_on - _YEAR <= one.end
    ]
    return tuple(sorted({region for one in others for region in one.treated}))
