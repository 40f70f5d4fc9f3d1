"""The truth file: what is so in a simulated company, apart from the workspace that cmo reads."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import timedelta
from math import isfinite

from cmo.simulation.beliefs import Statement, judge
from cmo.simulation.facts import (
    Fact,
    customer_facts,
    forecast_facts,
    geo_facts,
    media_facts,
    outside_facts,
    sales_facts,
    trial_facts,
    value_facts,
)
from cmo.simulation.workspace import History


def facts_of(history: History) -> dict[str, Fact]:
    """The truth of every measure that is known, by name."""
    return {
        **sales_facts(history),
        **customer_facts(history),
        **value_facts(history),
        **outside_facts(history),
        **media_facts(history),
        **trial_facts(history),
        **forecast_facts(history),
    }


def truth_of(
    history: History, statements: tuple[Statement, ...], *, refused: Mapping[str, int]
) -> dict[str, object]:
    """All that is known of a company by construction or by counterfactual, ready to be written."""
    world = history.market.world
    facts = facts_of(history)
    claimed = sum(float(w.claimed.sum()) for w in history.lived[world.past :])
    ordered = sum(float(w.orders.sum()) for w in history.lived[world.past :])
    truth = {
        "company": world.company.name,
        "seed": world.seed,
        "scale": world.scale,
        "window": [world.start.isoformat(), (world.start + timedelta(days=7 * world.weeks - 1)).isoformat()],
        "measures": {name: fact.as_mapping() for name, fact in facts.items()},
        "beliefs": {s.belief_id: {"claim": s.claim, **asdict(judge(s.claim, facts))} for s in statements},
        "tests": geo_facts(history),
        "platforms": {"claimed_over_actual_orders": claimed / ordered},
        "refused_rows": dict(refused),
    }
    return {key: rounded(value) for key, value in truth.items()}


def rounded(value: object) -> object:
    """Floats to eight significant digits, so that the file does not depend on the last bits of a sum."""
    if isinstance(value, float):
        return float(f"{value:.8g}") if isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(key): rounded(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [rounded(item) for item in value]
    return value
