"""What models are told of tests: those of the strategy, those that have begun, and what was found of them."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from cmo.experiments.life import Figures
from cmo.experiments.registration import Kind, Registration, Stage
from cmo.ledger.opening import close_ledger, open_ledger
from cmo.ledger.tests import keep_design, keep_reading, take_step
from cmo.loop.stating import stated_tests
from cmo.measures import Text
from cmo.strategy.document import Strategy

TOLD = {
    "id": "geo-tv",
    "kind": "geo",
    "channel": "tv",
    "treated": ["north"],
    "start": date(2026, 3, 2),
    "end": date(2026, 4, 12),
}
PROMISE = Registration(
    test="geo-radio",
    kind=Kind.GEO,
    hypothesis="Radio pays",
    metric="revenue",
    control="others",
    treated=("south",),
    starts_on=date(2026, 5, 4),
    ends_on=date(2026, 6, 14),
    form="geo",
    channel="radio",
)


@pytest.fixture(autouse=True)
def ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.delenv("CMO_DATABASE_URL", raising=False)
    open_ledger(tmp_path)
    yield
    close_ledger()


def found(**money: Any) -> dict[str, Any]:
    told = {
        "lift": 900.0,
        "standard_error": 200.0,
        "spend": 300.0,
        "factor": 0.25,
        "national_factor": 0.9,
        "read_until": "2026-04-12",
    }
    return {"kind": "geo", "valid": True, "money": told | money}


def strategy(**more: Any) -> Strategy:
    return Strategy.model_validate({"tests": [TOLD | more]})


def test_an_analysed_geo_test_tells_its_lift() -> None:
    keep_reading("geo-tv", digest="1", as_of=date(2026, 5, 1), final=True, found=found())
    (told,) = stated_tests(strategy())
    assert (told["lift"], told["factor"], told["national_factor"]) == (900.0, 0.25, 0.9)
    assert told["from_outcomes"] is True


@pytest.mark.parametrize(
    ("final", "money"), [(False, {}), (True, {"factor": None}), (True, {"standard_error": 0.0})]
)
def test_what_is_not_over_or_cannot_be_put_as_a_factor_is_not_told(
    money: dict[str, Any], *, final: bool
) -> None:
    keep_reading("geo-tv", digest="1", as_of=date(2026, 5, 1), final=final, found=found(**money))
    assert "lift" not in stated_tests(strategy())[0]


def test_a_lift_that_the_strategy_tells_is_left_alone() -> None:
    keep_reading("geo-tv", digest="1", as_of=date(2026, 5, 1), final=True, found=found())
    (told,) = stated_tests(strategy(lift=5.0, standard_error=1.0))
    assert told["lift"] == 5.0
    assert "from_outcomes" not in told


def test_a_designed_test_is_told_once_it_has_begun() -> None:
    figures = Figures(expected_effect=0.1, weeks=6)
    keep_design(PROMISE, figures, population=("region:south",), says=Text.same("Radio"), by="ann")
    assert [test["id"] for test in stated_tests(strategy())] == ["geo-tv"]
    take_step("geo-radio", Stage.APPROVED, by="bob")
    take_step("geo-radio", Stage.RUNNING, by="ann", day=date(2026, 5, 11))
    told = stated_tests(strategy())[1]
    assert (told["id"], told["start"], told["end"]) == ("geo-radio", date(2026, 5, 11), date(2026, 6, 14))
    assert (told["treated"], told["rule"]) == (["south"], "at_the_end")
