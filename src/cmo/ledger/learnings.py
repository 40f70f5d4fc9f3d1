"""The learning library remembered: sentences in versions, and the tests for and against each."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from django.utils import timezone

from cmo.experiments.learning import Learning, Outcome, Scope
from cmo.experiments.registration import Conclusion
from cmo.ledger import trials
from cmo.ledger.opening import writing
from cmo.measures import Problem, Text


def learnings() -> tuple[Learning, ...]:
    """All learnings as they stand, with every test that speaks for or against them."""
    latest = {row.learning: row for row in trials.Learning.rows.order_by("number")}
    supports: dict[str, list[Outcome]] = {}
    for row in trials.LearningSupport.rows.order_by("pk"):
        supports.setdefault(row.learning, []).append(_outcome(row))
    return tuple(_learning(row, supports.get(name, [])) for name, row in sorted(latest.items()))


def write_learning(learning: Learning, *, by: str) -> Learning:
    """Write a learning: new, or said otherwise, or with a later expiry. Tests that spoke of it stay.

    Args:
        learning: What was learnt; its outcomes are added to those known.
        by: Who says so.

    Raises:
        Problem: The claim is turned round, which makes another learning of it.
    """
    with writing():
        before = trials.Learning.rows.filter(learning=learning.id).order_by("-number").first()
        if before is not None and before.positive is not learning.positive:
            raise Problem(
                f"{learning.id} claims the opposite: tests that support it would contradict it; "
                "give the new learning another name"
            )
        if before is None or _said(before) != _saying(learning):
            trials.Learning(
                learning=learning.id,
                number=1 if before is None else before.number + 1,
                made_by=by,
                made_at=timezone.now(),
                **_saying(learning),
            ).save()
        _add(learning.id, learning.outcomes)
    return next(of for of in learnings() if of.id == learning.id)


def bears_on(learning: str, outcome: Outcome) -> Learning:
    """Note that a test speaks for or against a learning.

    Raises:
        Problem: There is no such learning, or the test was noted already.
    """
    with writing():
        known = next((of for of in learnings() if of.id == learning), None)
        if known is None:
            raise Problem(f"no learning is called {learning}: cmo tests learnings lists them")
        if outcome.test in {of.test for of in known.outcomes}:
            raise Problem(f"{outcome.test} speaks of {learning} already")
        _add(learning, (outcome,))
    return replace(known, outcomes=(*known.outcomes, outcome))


def _add(learning: str, outcomes: Sequence[Outcome]) -> None:
    known = set(trials.LearningSupport.rows.filter(learning=learning).values_list("test", flat=True))
    trials.LearningSupport.rows.bulk_create(
        trials.LearningSupport(
            learning=learning,
            test=of.test,
            effect=of.effect,
            standard_error=of.se,
            ended_on=of.ended_on,
            conclusion=of.conclusion.value,
        )
        for of in outcomes
        if of.test not in known
    )


def _saying(learning: Learning) -> dict[str, Any]:
    return {
        "says_en": learning.says.en,
        "says_fr": learning.says.fr,
        "positive": learning.positive,
        "scope": {
            "segments": sorted(learning.scope.segments),
            "channels": sorted(learning.scope.channels),
            "months": sorted(learning.scope.months),
        },
        "expires_on": learning.expires_on,
    }


def _said(row: trials.Learning) -> Mapping[str, Any]:
    return {name: getattr(row, name) for name in ("says_en", "says_fr", "positive", "scope", "expires_on")}


def _learning(row: trials.Learning, outcomes: Sequence[Outcome]) -> Learning:
    return Learning(
        id=row.learning,
        says=Text(row.says_en, row.says_fr),
        positive=row.positive,
        scope=Scope(
            segments=frozenset(row.scope["segments"]),
            channels=frozenset(row.scope["channels"]),
            months=frozenset(row.scope["months"]),
        ),
        outcomes=tuple(outcomes),
        expires_on=row.expires_on,
    )


def _outcome(row: trials.LearningSupport) -> Outcome:
    ended: date = row.ended_on
    return Outcome(
        test=row.test,
        effect=row.effect,
        se=row.standard_error,
        ended_on=ended,
        conclusion=Conclusion(row.conclusion),
    )
