"""Tests of a company: the board, and what is remembered of one."""

from collections.abc import Mapping
from datetime import date, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from cmo.briefs.answers import Answer
from cmo.briefs.tests import Card, board_answer, life_answer
from cmo.experiments.life import Life
from cmo.experiments.registration import Stage
from cmo.ledger.strategy import remembered_strategy
from cmo.ledger.tests import lives, readings
from cmo.loop.standing import opened
from cmo.measures import Language, Problem, Text
from cmo.strategy.document import Strategy
from cmo.strategy.field_test import FieldTest
from cmo.workspace import Workspace


def board(folder: Path, language: Language | None) -> Answer:
    """All tests with their state: remembered ones, those of strategy.yaml, and ideas.

    Raises:
        Problem: There is no workspace.
    """
    workspace = opened(folder)
    cards = cards_of(workspace, remembered_strategy())
    return board_answer(cards, language or workspace.config.company.language)


def shown(folder: Path, test: str, *, language: Language | None) -> Answer:
    """Everything that is remembered of one test.

    Raises:
        Problem: No test is called so.
    """
    workspace = opened(folder)
    life = known_life(test)
    found = [{"as_of": one.as_of.isoformat(), "final": one.final, **one.found} for one in readings(test)]
    return life_answer(life, found, language or workspace.config.company.language)


def known_life(test: str) -> Life:
    """A test that is remembered.

    Raises:
        Problem: No test is called so.
    """
    known = {life.test: life for life in lives()}
    if test not in known:
        near = get_close_matches(test, known, n=1)
        hint = f"did you mean {near[0]}?" if near else "cmo tests lists them, cmo tests design makes one"
        raise Problem(f"no test called {test} was designed here: {hint}")
    return known[test]


def cards_of(workspace: Workspace, strategy: Strategy) -> list[Card]:
    """The cards of the board."""
    today = today_of(workspace)
    last = {one.test: one.found for one in readings()}
    known = {life.test: life for life in lives()}
    cards = [_card(life, today, last.get(life.test)) for life in known.values()]
    cards += [_stated(test, today, last.get(test.id)) for test in strategy.tests if test.id not in known]
    cards += [
        Card(test=idea.id, says=idea.says, stage=Stage.IDEA, form=idea.kind, subject="–")
        for idea in strategy.ideas
        if idea.id not in known
    ]
    return cards


def today_of(workspace: Workspace) -> date:
    """The day it is where the company is."""
    return datetime.now(tz=workspace.config.company.clock).date()


def _card(life: Life, today: date, found: Mapping[str, Any] | None) -> Card:
    promise = None if life.design is None else life.design.registration
    return Card(
        test=life.test,
        says=life.says,
        stage=life.stage,
        form="–" if promise is None else promise.form or promise.kind.value,
        subject="–" if promise is None else promise.channel or promise.segment or ", ".join(promise.treated),
        starts_on=life.started_on or (None if promise is None else promise.starts_on),
        ends_on=life.ended_on or (None if promise is None else promise.ends_on),
        registered=promise is not None,
        conclusion=life.conclusion,
        days_left=life.days_left(today),
        overdue=life.overdue(today),
        effect=effect_of(found),
    )


def _stated(test: FieldTest, today: date, found: Mapping[str, Any] | None) -> Card:
    stage = Stage.ANALYSING
    if today < test.start:
        stage = Stage.DESIGNED
    elif today <= test.end:
        stage = Stage.RUNNING
    return Card(
        test=test.id,
        says=test.says or test.hypothesis or Text.same(test.id),
        stage=stage,
        form=test.kind,
        subject=test.channel or test.segment or ", ".join(test.treated) or "–",
        starts_on=test.start,
        ends_on=test.end,
        days_left=(test.end - today).days + 1 if stage is Stage.RUNNING else None,
        effect=effect_of(found),
    )


def effect_of(found: Mapping[str, Any] | None) -> tuple[float, float, float] | None:
    """The effect that a reading found on the deciding metric, with its bounds."""
    effects = [] if found is None else found.get("effects", [])
    if not effects:
        return None
    first = effects[0]["effect"]
    return float(first["estimate"]), float(first["low"]), float(first["high"])
