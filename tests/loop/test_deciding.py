"""Deciding through the command line: the contract's JSON, the lives of decisions and challenges."""

from typing import Any

import pytest

pytestmark = pytest.mark.slow


def test_a_review_decides_and_people_answer(boutique: Any) -> None:
    boutique.cmo("review")
    told = boutique.ask("decisions")
    assert {one["kind"] for one in told["withheld"]} >= {"budget", "price", "product", "distribution"}
    assert all(one["why"] for one in told["withheld"])
    for one in told["decisions"]:
        assert set(one) >= {"id", "kind", "says", "expected_profit", "alignment", "evidence", "status"}
    assert boutique.ask("decisions", "--calibration")["calibration"]["forecasts"] == 0
    assert boutique.ask("tests", "next") == {"tests": told_tests(boutique)}

    (challenge,) = boutique.ask("challenges")["challenges"]
    assert (challenge["belief"], challenge["overdue"]) == ("loyal", False)
    number = str(challenge["number"])
    assert "exactly one" in boutique.cmo("challenges", "answer", number, code=2)
    answered = boutique.ask("challenges", "answer", number, "--reject", "The data is young")
    assert answered["challenges"][0]["state"] == "rejected"
    assert boutique.ask("challenges") == {"challenges": []}
    assert "answer already" in boutique.cmo("challenges", "answer", number, "--accept", code=1)
    assert "there is no decision" in boutique.cmo("decisions", "approve", "nothing", code=1)

    drawn = boutique.ask("strategy", "map")
    assert (drawn["bets"], len(drawn["gaps"])) == ([], 1)
    scored = boutique.ask("beliefs", "--holders")
    assert scored["myth"] is None  # nobody owns the fallen belief


def told_tests(boutique: Any) -> list[dict[str, Any]]:
    tests = boutique.ask("tests", "next")["tests"]
    for one in tests:
        assert set(one) >= {"id", "kind", "subject", "value", "cost", "net_value", "weeks", "design", "why"}
        assert one["net_value"] > 0
    return list(tests)


def test_forecasts_meet_what_happened(boutique: Any) -> None:
    from datetime import date  # noqa: PLC0415 - beside its only use

    boutique.cmo("review")
    boutique.orders("orders-2.csv", first=date(2026, 3, 11), days=90, seed=2)
    boutique.cmo("review")
    assert boutique.ask("decisions", "--calibration")["calibration"]["forecasts"] >= 1
