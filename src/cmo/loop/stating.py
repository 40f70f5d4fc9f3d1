"""What a model may take from the strategy: the plan, and the tests with what their analysis found."""

from collections.abc import Mapping
from typing import Any

from cmo.experiments.life import Life
from cmo.experiments.registration import Kind, Stage
from cmo.ledger.tests import lives, readings
from cmo.strategy.document import Strategy
from cmo.warehouse.field import Stated

_UNBEGUN = frozenset({Stage.IDEA, Stage.SCORED, Stage.DESIGNED, Stage.APPROVED})


def stated(strategy: Strategy) -> Stated:
    """The plan in force; tests of strategy.yaml and tests that were designed here and have begun.

    A geo test that was analysed to its end tells the lift that was found, unless strategy.yaml tells one.
    """
    return Stated(
        plan=None if strategy.plan is None else strategy.plan.as_mapping(), tests=stated_tests(strategy)
    )


def stated_tests(strategy: Strategy) -> tuple[Mapping[str, Any], ...]:
    """The tests alone, as plain values."""
    told = {test.id: test.as_mapping() for test in strategy.tests}
    for life in lives():
        if life.design is not None and life.stage not in _UNBEGUN:
            told[life.test] = {**told.get(life.test, {}), **_promised(life)}
    for one in readings():
        if one.final and one.test in told and "lift" not in told[one.test]:
            told[one.test] |= _measured(one.found)
    return tuple(told.values())


def _promised(life: Life) -> dict[str, Any]:
    if life.design is None:
        return {}
    promise = life.design.registration
    given = {
        "id": promise.test,
        "kind": "geo" if promise.kind is Kind.GEO else promise.form or promise.kind.value,
        "channel": promise.channel,
        "treated": list(promise.treated),
        "start": life.started_on or promise.starts_on,
        "end": life.ended_on or promise.ends_on,
        "metric": promise.metric,
        "control": promise.control,
        "shares": dict(promise.shares),
        "rule": promise.stopping.value,
        "cluster": promise.cluster,
        "strata": promise.strata,
        "cells": {name: list(regions) for name, regions in promise.cells},
        "lot": [list(group) for group in promise.lot],
    }
    return {name: value for name, value in given.items() if value not in (None, [], {}, "")}


def _measured(found: Mapping[str, Any]) -> dict[str, Any]:
    money = found.get("money")
    if found.get("kind") != Kind.GEO.value or not found.get("valid") or money is None:
        return {}
    if money["factor"] is None or money["standard_error"] <= 0.0:
        return {}
    told = ("lift", "standard_error", "factor", "national_factor", "read_until")
    return {name: money[name] for name in told if money[name] is not None} | {"from_outcomes": True}
