"""What `tests:` of strategy.yaml may say, and how it is refused."""

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from cmo.strategy.document import Strategy

GEO: dict[str, Any] = {
    "id": "geo-tv",
    "kind": "geo",
    "channel": "tv",
    "treated": ["Lyon", "Lille"],
    "start": date(2026, 3, 2),
    "end": date(2026, 4, 12),
}


def test_a_test_that_was_measured_elsewhere_is_taken_with_its_lift() -> None:
    told = GEO | {"lift": 12_000.0, "standard_error": 4000.0, "factor": 0.5, "read_until": date(2026, 5, 10)}
    test = Strategy.model_validate({"tests": [told]}).tests[0]
    assert test.as_mapping() == told


def test_a_split_tells_metric_shares_rule_and_belief() -> None:
    told = {
        "id": "reminder",
        "kind": "split",
        "hypothesis": "A reminder brings orders back",
        "belief": "email-lift",
        "start": date(2026, 1, 5),
        "end": date(2026, 2, 1),
        "metric": "revenue",
        "control": "control",
        "shares": {"control": 0.2, "reminder": 0.8},
        "rule": "planned_looks",
        "looks": 4,
        "least_effect": 0.05,
    }
    held = {"beliefs": [{"id": "email-lift", "says": "E-mails sell"}], "tests": [told]}
    assert Strategy.model_validate(held).tests[0].as_mapping() == told


@pytest.mark.parametrize(
    ("changed", "place", "words"),
    [
        ({"lift": 3.0}, ("standard_error",), "go together"),
        ({"lift": 3.0, "standard_error": 1.0, "channel": None}, ("channel",), "needs channel"),
        ({"standard_error": 0.0, "lift": 1.0}, ("standard_error",), "greater than 0"),
        ({"factor": 1.0}, ("factor",), "nothing was changed"),
        ({"read_until": date(2026, 4, 1)}, ("read_until",), "before the test ends"),
        ({"shares": {"a": 0.5, "b": 0.4}}, ("shares",), "sum to 0.9"),
        ({"shares": {"a": 0.5, "b": 0.5}, "control": "c"}, ("control",), "has no share"),
        ({"rule": "planned_looks"}, ("looks",), "how many are planned"),
        ({"looks": 3}, ("looks",), "rule: planned_looks"),
        ({"end": date(2026, 2, 1)}, ("end",), "before it starts"),
        ({"treated": []}, ("treated",), "needs treated"),
        ({"belief": "unknown"}, ("belief",), "no belief of the strategy"),
        ({"owner": "nobody"}, ("owner",), "nobody of the team"),
    ],
)
def test_what_cannot_be_is_refused_at_its_key(
    changed: dict[str, Any], place: tuple[str, ...], words: str
) -> None:
    team = [{"id": "ann", "name": "Ann"}]
    with pytest.raises(ValidationError) as refused:
        Strategy.model_validate({"tests": [GEO | changed], "team": team})
    found = [(error["loc"], error["msg"]) for error in refused.value.errors()]
    assert any(loc == ("tests", 0, *place) and words in said for loc, said in found), found
