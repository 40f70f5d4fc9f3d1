"""Tests remembered: each design sealed, each step written once, each reading kept."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django.utils import timezone

from cmo.experiments.life import Figures, Life, Sealed, Step
from cmo.experiments.registration import Conclusion, Registration, Stage, advanced
from cmo.ledger import trials
from cmo.ledger.opening import writing
from cmo.measures import Problem, Text

REDESIGNED = frozenset({Stage.DESIGNED, Stage.APPROVED})
"""Stages from which a test may be designed anew, as a new version that must be approved again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What an analysis found.

    Attributes:
        test: Which test.
        as_of: Last day of the data.
        final: Whether the test was over.
        found: What was found, as plain values.
        made_at: When.
    """

    test: str
    as_of: date
    final: bool
    found: Mapping[str, Any]
    made_at: datetime


def lives() -> tuple[Life, ...]:
    """All tests that were ever noted, in the order in which they were."""
    designs: dict[str, list[Sealed]] = {}
    for row in trials.TestDesign.rows.order_by("test", "number"):
        designs.setdefault(row.test, []).append(_sealed(row))
    rows = trials.TestStep.rows.select_related("design").order_by("test", "position")
    found = {test: list(steps) for test, steps in groupby(rows, key=lambda row: row.test)}
    order = sorted(found, key=lambda test: found[test][0].pk)
    return tuple(_life(test, found[test], designs.get(test, [])) for test in order)


def life_of(test: str) -> Life | None:
    """One test; none where nobody noted it."""
    return next((life for life in lives() if life.test == test), None)


def note_idea(test: str, *, says: Text, by: str, score: Mapping[str, float] | None = None) -> Life:
    """Note an idea, with a score where somebody gives one; again with a score, it is scored.

    Args:
        test: Identifier.
        says: What could be tried.
        by: Who says so.
        score: Value and cost of the test, in money.

    Raises:
        Problem: It is further on already.
    """
    with writing():
        life = life_of(test)
        if life is not None and life.stage is not Stage.IDEA:
            raise Problem(
                f"{test} is {life.stage} already: an idea is noted and scored before it is designed"
            )
        if life is not None and score is None:
            raise Problem(f"{test} is noted already: give it a value and a cost to score it")
        if life is None:
            _write(test, _now(Stage.IDEA, by), details={"en": says.en, "fr": says.fr})
        if score is not None:
            _write(test, _now(Stage.SCORED, by), details=dict(score))
    return _known(test)


def keep_design(
    registration: Registration, figures: Figures, *, population: Sequence[str], says: Text, by: str
) -> Life:
    """Seal a design. From an approved design on it is a new version, which must be approved again.

    Args:
        registration: What is promised.
        figures: What is expected of it.
        population: What it touches.
        says: What is tried, in a sentence.
        by: Who designs.

    Raises:
        Problem: The test has started, or the design in force says the same.
    """
    test = registration.test
    with writing():
        life = life_of(test)
        if life is not None and life.design is not None:
            if life.stage not in REDESIGNED:
                raise Problem(
                    f"{test} is {life.stage}: what was promised before the start is not changed any more; "
                    "design another test under another name"
                )
            if life.design.seal == registration.seal and life.design.figures == figures:
                raise Problem(f"{test} is designed in just this way already (version {life.design.number})")
        if life is None:
            _write(test, _now(Stage.IDEA, by), details={"en": says.en, "fr": says.fr})
        if life is None or life.stage is Stage.IDEA:
            _write(test, _now(Stage.SCORED, by), details={"value": figures.value, "cost": figures.cost})
        row = trials.TestDesign(
            test=test,
            number=1 + (0 if life is None or life.design is None else life.design.number),
            promise=registration.as_mapping(),
            seal=registration.seal,
            figures=asdict(figures),
            population=list(population),
            made_by=by,
            made_at=timezone.now(),
        )
        row.save()
        _write(test, _now(Stage.DESIGNED, by), design=row)
    return _known(test)


def take_step(
    test: str,
    to: Stage,
    *,
    by: str,
    words: str = "",
    day: date | None = None,
    conclusion: Conclusion | None = None,
) -> Life:
    """Take a test one step forward.

    Args:
        test: Identifier.
        to: The stage it reaches.
        by: Who takes the step.
        words: A reason, a decision.
        day: First or last day it really ran.
        conclusion: How it ended, for the stage `decided`.

    Raises:
        Problem: Nobody noted the test, the step cannot be taken from where it stands, or the design in force
            is not what was sealed.
    """
    with writing():
        life = _known(test)
        if life.design is not None and not life.design.unbroken:
            raise Problem(
                f"the design of {test} (version {life.design.number}) is not what was sealed: the ledger was "
                "changed by another hand; take the test as exploratory and design it anew"
            )
        try:
            advanced(life.stage, to, conclusion=conclusion)
        except ValueError as error:
            raise Problem(f"{test}: {error}") from error
        design = trials.TestDesign.rows.filter(test=test).order_by("-number").first()
        step = Step(stage=to, at=timezone.now(), by=by, words=words, day=day, conclusion=conclusion)
        _write(test, step, design=design)
    return _known(test)


def keep_reading(test: str, *, digest: str, as_of: date, final: bool, found: Mapping[str, Any]) -> Reading:
    """Keep what an analysis found; the same question to the same data is kept once."""
    with writing():
        row = trials.TestReading.rows.filter(test=test, digest=digest).first()
        if row is None:
            row = trials.TestReading(
                test=test, digest=digest, as_of=as_of, final=final, found=dict(found), made_at=timezone.now()
            )
            row.save()
    return _reading(row)


def readings(test: str | None = None) -> tuple[Reading, ...]:
    """What analyses found, oldest first: of one test, or the last of every test."""
    rows = trials.TestReading.rows.order_by("pk")
    if test is not None:
        return tuple(_reading(row) for row in rows.filter(test=test))
    last = {row.test: row for row in rows}
    return tuple(_reading(row) for row in last.values())


def _known(test: str) -> Life:
    life = life_of(test)
    if life is None:
        raise Problem(f"no test is called {test}: cmo tests lists them, cmo tests design makes one")
    return life


def _write(
    test: str,
    step: Step,
    *,
    design: trials.TestDesign | None = None,
    details: Mapping[str, object] | None = None,
) -> None:
    trials.TestStep(
        test=test,
        position=trials.TestStep.rows.filter(test=test).count(),
        stage=step.stage.value,
        taken_at=step.at,
        taken_by=step.by,
        words=step.words,
        conclusion="" if step.conclusion is None else step.conclusion.value,
        day=step.day,
        design=design,
        details=dict(details or {}),
    ).save()


def _now(stage: Stage, by: str) -> Step:
    return Step(stage=stage, at=timezone.now(), by=by)


def _life(test: str, rows: Sequence[trials.TestStep], designs: Sequence[Sealed]) -> Life:
    said = rows[0].details
    scored = [row.details for row in rows if row.stage == Stage.SCORED.value]
    return Life(
        test=test,
        says=Text(said.get("en") or test, said.get("fr") or test),
        designs=tuple(designs),
        steps=tuple(_step_of(row) for row in rows),
        score=scored[-1] if scored else {},
    )


def _step_of(row: trials.TestStep) -> Step:
    return Step(
        stage=Stage(row.stage),
        at=row.taken_at,
        by=row.taken_by,
        words=row.words,
        conclusion=Conclusion(row.conclusion) if row.conclusion else None,
        day=row.day,
        version=None if row.design is None else row.design.number,
    )


def _sealed(row: trials.TestDesign) -> Sealed:
    return Sealed(
        number=row.number,
        registration=Registration.of_mapping(row.promise),
        figures=Figures(**row.figures),
        population=tuple(row.population),
        seal=row.seal,
        made_by=row.made_by,
        made_at=row.made_at,
    )


def _reading(row: trials.TestReading) -> Reading:
    return Reading(test=row.test, as_of=row.as_of, final=row.final, found=row.found, made_at=row.made_at)
