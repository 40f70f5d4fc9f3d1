"""One world of the truth bench: what `cmo` says of it, held against what is so."""

import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np

from cmo.bench.regret import regret
from cmo.loop.measuring import measure_field
from cmo.measures import LEVEL, Claim, Estimate, Text
from cmo.simulation import (
    Mechanisms,
    World,
    draw_company,
    draw_mechanisms,
    facts_of,
    live_by_habit,
    world_ending,
)
from cmo.simulation.facts import Fact
from cmo.simulation.questions import draw_claims
from cmo.simulation.readings import AT_ONCE, as_stated
from cmo.simulation.strategy import plan_of, tests_of
from cmo.simulation.workspace import History, canonical_tables
from cmo.strategy.confront import judged
from cmo.strategy.evidence import Evidence
from cmo.warehouse.field import Field, Stated
from cmo.workspace.company import Company

END = date(2026, 6, 28)
YEARS = 3
SCALE = 0.25
HABITS = 4
CLAIMS = 150
NATIONAL = 0.7
"""Share of the worlds whose books do not tell regions."""
PROBABILITIES = ("market.trend",)
"""Measures that are probabilities of something that is so or not: an interval cannot cover 0 or 1."""


def drawn_world(number: int, *, seed: int) -> World:
    """A company and its mechanisms, drawn for a world's number."""
    rng = np.random.default_rng([seed, number])
    world = world_ending(END, seed=number, years=YEARS, scale=SCALE, company=draw_company(rng))
    return replace(world, habits=HABITS, after=53, mechanisms=draw_mechanisms(rng))


def field_of(history: History, *, national: bool) -> Field:
    """What the company knows of itself, in memory; without regions in media and outcomes where `national`."""
    tables = canonical_tables(history, language="fr")
    if national:
        for name in ("media", "outcomes"):
            tables[name] = tables[name].drop_columns(["region"])
    company = history.market.world.company
    return Field.of_tables(
        tables,
        company=Company(
            name=company.name,
            currency=company.currency,
            language="fr",
            timezone=company.timezone,
            sector=company.sector,
        ),
        strategy=Stated(plan=plan_of(history), tests=tuple(tests_of(history))),
    )


def told(number: int, seed: int) -> dict[str, Any]:
    """Live a world, measure it, and hold what was said against the truth.

    Returns:
        A record: mechanisms at work, claims with the probability given and whether they hold, intervals with
        the truth, doubts by measure, what was not measured, and CPU seconds.
    """
    begun = time.process_time()
    world = drawn_world(number, seed=seed)
    history = live_by_habit(world)
    facts = facts_of(history)
    known = as_stated(history, facts)
    rng = np.random.default_rng([seed, number, 1])
    national = bool(rng.random() < NATIONAL)
    field = field_of(history, national=national)
    evidence = measure_field(field, claims=(), progress=_quiet)
    asked = {name: fact for name, fact in known.items() if name not in PROBABILITIES}
    guesses = {name: _medians(evidence, name) for name in asked if evidence.of(name)}
    claims = [
        _confronted(claim, holds=bool(judgement.true), evidence=evidence)
        for claim, judgement in draw_claims(asked, guesses, rng, count=CLAIMS)
    ]
    return {
        "world": number,
        "mechanisms": Mechanisms.at_work(world.mechanisms) | {"national": national},
        "claims": claims + _of_probabilities(known, evidence),
        "intervals": [
            line
            for name, fact in known.items()
            if name not in PROBABILITIES
            for line in _intervals(name, fact, evidence=evidence)
        ],
        "in_all": [
            line
            for name, fact in facts.items()
            if AT_ONCE in fact.also
            for line in _intervals(name, fact, evidence=evidence)
        ],
        "doubts": {name: sorted({d.code for e in evidence.of(name) for d in e.doubts}) for name in known},
        "unmeasured": {name: _gap(evidence, name) for name in known if not evidence.of(name)},
        "regret": regret(history, plan_of(history), next(iter(evidence.of("media.response")), None)),
        "seconds": round(time.process_time() - begun, 1),
    }


def _quiet(_: Text) -> None:
    return


def _of_probabilities(known: Mapping[str, Fact], evidence: Evidence) -> list[list[Any]]:
    """Probabilities that are measures themselves are held against what is so, as claims are."""
    return [
        [name, "is so", value, bool(known[name].values[subject])]
        for name in PROBABILITIES
        for subject, value in _medians(evidence, name).items()
        if subject in known.get(name, Fact(values={}, definition="")).values
    ]


def _gap(evidence: Evidence, name: str) -> str:
    gap = evidence.gap(name)
    return "" if gap is None else gap.reason.en


def _bearing(evidence: Evidence, name: str) -> dict[str, Estimate]:
    """The estimate that knows each subject, the usual kind of subject first."""
    found: dict[str, Estimate] = {}
    for estimate in evidence.of(name):
        for subject in estimate.subjects:
            found.setdefault(subject, estimate)
    return found


def _medians(evidence: Evidence, name: str) -> dict[str, float]:
    return {
        subject: float(np.median(estimate.draws[:, estimate.column(subject)]))
        for subject, estimate in _bearing(evidence, name).items()
    }


def _intervals(name: str, fact: Fact, *, evidence: Evidence) -> list[list[Any]]:
    """Measure, subject, truth, 5 %, 50 % and 95 % points of each subject that both know."""
    lines = []
    tail = (1 - LEVEL) / 2
    for subject, estimate in _bearing(evidence, name).items():
        truth = fact.values.get(subject, np.nan)
        if np.isfinite(truth):
            draws = estimate.draws[:, estimate.column(subject)]
            low, middle, high = (float(f"{q:.7g}") for q in np.quantile(draws, [tail, 0.5, 1 - tail]))
            lines.append([name, subject, float(f"{truth:.7g}"), low, middle, high])
    return lines


def _confronted(claim: Mapping[str, object], *, holds: bool, evidence: Evidence) -> list[Any]:
    """Measure, kind of claim, probability given (none where unmeasurable), whether it holds."""
    read = Claim.parse(claim)
    kind = next(iter(read.predicate.as_mapping()))
    return [read.measure, kind, judged(read, evidence).probability, holds]
