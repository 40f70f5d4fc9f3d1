"""The life of a test: promised, let through, concluded by what was promised."""

from dataclasses import replace
from datetime import date

import pytest

from cmo.experiments.gate import Design, design_gate
from cmo.experiments.registration import (
    Conclusion,
    Kind,
    Registration,
    Stage,
    Stopping,
    advanced,
    concluded,
    differences,
)

MAIL = Registration(
    test="mail-spring",
    kind=Kind.UNITS,
    hypothesis="A subject line with the saving brings more orders.",
    metric="orders",
    control="usual",
    shares=(("usual", 0.5), ("saving", 0.5)),
    starts_on=date(2026, 3, 2),
    ends_on=date(2026, 3, 29),
    least_effect=0.02,
)
GEO = Registration(
    test="tv-north",
    kind=Kind.GEO,
    hypothesis="Television pays.",
    metric="revenue",
    control="others",
    treated=("Lille",),
    starts_on=date(2026, 3, 2),
    ends_on=date(2026, 4, 12),
)


def design(registration: Registration = MAIL, **changes: object) -> Design:
    plain = Design(
        registration=registration,
        power=0.8,
        mde=0.02,
        expected_effect=0.03,
        cost=1000.0,
        value=5000.0,
        currency="EUR",
        population=("North",),
    )
    return replace(plain, **changes)


def test_a_promise_is_sealed_by_everything_it_says() -> None:
    assert MAIL.kept(MAIL.seal)
    assert len(MAIL.seal) == 64
    changed = replace(MAIL, metric="revenue")
    assert not changed.kept(MAIL.seal)
    assert differences(MAIL, changed) == {"metric": ("orders", "revenue")}


def test_the_seal_does_not_depend_on_the_machine() -> None:
    assert MAIL.seal == replace(MAIL).seal
    assert MAIL.seal == "0a15a13b86c80bb1ab6ac2ddbe364972eebfb65dc878efa484c9d5b056b58778"


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"ends_on": date(2026, 3, 1)}, "must not be before"),
        ({"level": 1.0}, "0 < level < 1"),
        ({"shares": (("usual", 0.5),)}, "must sum to 1"),
        ({"kind": Kind.GEO}, "names no treated market"),
    ],
)
def test_promises_that_cannot_be_kept_are_refused(changes: dict[str, object], rule: str) -> None:
    with pytest.raises(ValueError, match=rule):
        replace(MAIL, **changes)


def test_a_test_goes_forward_only() -> None:
    assert advanced(Stage.IDEA, Stage.SCORED) is Stage.SCORED
    with pytest.raises(ValueError, match="goes to scored, not to running"):
        advanced(Stage.IDEA, Stage.RUNNING)
    with pytest.raises(ValueError, match="gate is shut"):
        advanced(Stage.DESIGNED, Stage.APPROVED, gate_passed=False)
    with pytest.raises(ValueError, match="decided with a conclusion"):
        advanced(Stage.ANALYSING, Stage.DECIDED)
    with pytest.raises(ValueError, match="nothing more"):
        advanced(Stage.LEARNT, Stage.IDEA)


@pytest.mark.parametrize(
    ("low", "high", "valid", "ended_on", "stopping", "conclusion"),
    [
        (0.01, 0.05, True, None, Stopping.AT_THE_END, Conclusion.WON),
        (-0.05, -0.01, True, None, Stopping.AT_THE_END, Conclusion.LOST),
        (-0.01, 0.05, True, None, Stopping.AT_THE_END, Conclusion.INCONCLUSIVE),
        (0.01, 0.05, False, None, Stopping.AT_THE_END, Conclusion.INVALID),
        (0.01, 0.05, True, date(2026, 3, 10), Stopping.AT_THE_END, Conclusion.STOPPED_EARLY),
        (0.01, 0.05, True, date(2026, 3, 10), Stopping.ANY_TIME, Conclusion.WON),
        (-0.01, 0.05, True, date(2026, 3, 10), Stopping.ANY_TIME, Conclusion.STOPPED_EARLY),
    ],
)
def test_conclusions(  # one line, one way to end
    low: float, high: float, *, valid: bool, ended_on: date | None, stopping: Stopping, conclusion: Conclusion
) -> None:
    promised = replace(MAIL, stopping=stopping)
    assert concluded(promised, low=low, high=high, valid=valid, ended_on=ended_on) is conclusion


def failed(found: object) -> set[str]:
    return {check.code for check in found.checks if check.passed is False}  # type: ignore[attr-defined]


def test_a_sound_design_passes() -> None:
    found = design_gate(design(), budget=2000.0, today=date(2026, 3, 1))
    assert found.passed
    assert failed(found) == set()


@pytest.mark.parametrize(
    ("changes", "code", "vital"),
    [
        ({"power": 0.4}, "power", True),
        ({"mde": 0.05}, "mde", False),
        ({"cost": 6000.0}, "cost", True),
        ({"cost": 3000.0}, "cost", True),
        ({"registration": replace(MAIL, ends_on=date(2026, 3, 30))}, "duration", False),
        ({"registration": replace(MAIL, ends_on=date(2026, 12, 27))}, "duration", True),
        ({"registration": replace(MAIL, stopping=Stopping.PLANNED_LOOKS)}, "stopping_rule", True),
        ({"registration": replace(MAIL, starts_on=date(2026, 2, 2))}, "registered_before", True),
    ],
)
def test_a_weak_design_is_held_back(changes: dict[str, object], code: str, *, vital: bool) -> None:
    found = design_gate(design(**changes), budget=2000.0, today=date(2026, 3, 1))
    assert failed(found) == {code}
    assert found.passed is not vital


def test_geo_tests_in_the_same_market_wait_for_one_another() -> None:
    other = design(replace(GEO, test="radio-north"))
    assert failed(design_gate(design(GEO), [other])) == {"contamination"}
    assert design_gate(design(GEO), [replace(other, population=("South",))]).passed
    assert design_gate(design(GEO), [design()]).passed


def test_sentences_are_french_in_french() -> None:
    says = {check.code: check.says.in_("fr") for check in design_gate(design(), budget=2000.0).checks}
    assert "1\N{NARROW NO-BREAK SPACE}000" in says["cost"].replace(
        "\N{NO-BREAK SPACE}", "\N{NARROW NO-BREAK SPACE}"
    )
    assert "80" in says["power"]
