"""The life of a test: promised, let through, concluded by what was promised."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from cmo.experiments.gate import Design, Verdict, design_gate
from cmo.experiments.learning import Learning, Outcome, Scope, found
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
from cmo.measures import Text

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


def design(registration: Registration = MAIL, **changes: Any) -> Design:
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
    assert MAIL.seal == "3fd2584d7ee8e798d505612865d4219531e9307ba54bb94fbdaaf68cbe6581e3"


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"ends_on": date(2026, 3, 1)}, "must not be before"),
        ({"level": 1.0}, "0 < level < 1"),
        ({"shares": (("usual", 0.5),)}, "must sum to 1"),
        ({"kind": Kind.GEO}, "names no treated market"),
        ({"kind": Kind.SWITCHBACK, "order": (True, False)}, "at least 4 blocks"),
    ],
)
def test_promises_that_cannot_be_kept_are_refused(changes: dict[str, object], rule: str) -> None:
    with pytest.raises(ValueError, match=rule):
        replace(MAIL, **changes)


def test_a_promise_comes_back_from_what_is_kept_of_it() -> None:
    for promise in (MAIL, GEO):
        again = Registration.of_mapping(promise.as_mapping())
        assert again == promise
        assert again.seal == promise.seal


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


def failed(verdict: Verdict) -> set[str]:
    return {check.code for check in verdict.checks if check.passed is False}


def test_a_sound_design_passes() -> None:
    verdict = design_gate(design(), budget=2000.0, today=date(2026, 3, 1))
    assert verdict.passed
    assert failed(verdict) == set()


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
    verdict = design_gate(design(**changes), budget=2000.0, today=date(2026, 3, 1))
    assert failed(verdict) == {code}
    assert verdict.passed is not vital


def test_geo_tests_in_the_same_market_wait_for_one_another() -> None:
    other = design(replace(GEO, test="radio-north"))
    assert failed(design_gate(design(GEO), [other])) == {"contamination"}
    assert design_gate(design(GEO), [replace(other, population=("South",))]).passed
    assert design_gate(design(GEO), [design(population=("segment:all",))]).passed
    everywhere = design(replace(GEO, test="tv-off", kind=Kind.BEFORE_AFTER), population=("region:*",))
    regional = design(GEO, population=("region:Lille", "channel:tv"))
    assert failed(design_gate(regional, [everywhere])) == {"contamination"}


def test_two_draws_from_the_same_people_are_a_warning() -> None:
    other = design(replace(MAIL, test="mail-other"), population=("segment:all",))
    verdict = design_gate(design(population=("segment:all",)), [other])
    assert failed(verdict) == {"crowding"}
    assert verdict.passed


def test_what_was_never_decided_comes_first() -> None:
    verdict = design_gate(design(), late=("mail-winter",))
    assert failed(verdict) == {"unclosed"}
    assert not verdict.passed


def test_a_small_variant_hides_a_broken_draw() -> None:
    tiny = replace(MAIL, shares=(("usual", 0.99), ("saving", 0.01)))
    assert failed(design_gate(design(tiny, units=5000.0))) == {"split"}
    assert failed(design_gate(design(units=5000.0))) == set()
    unknown = design_gate(design(value=None))
    assert unknown.passed
    assert {check.code for check in unknown.checks if check.passed is None} == {"cost"}


def test_sentences_are_french_in_french() -> None:
    says = {check.code: check.says.in_("fr") for check in design_gate(design(), budget=2000.0).checks}
    assert "1\N{NARROW NO-BREAK SPACE}000" in says["cost"].replace(
        "\N{NO-BREAK SPACE}", "\N{NARROW NO-BREAK SPACE}"
    )
    assert "80" in says["power"]


def outcome(
    test: str, effect: float, *, se: float = 0.01, conclusion: Conclusion = Conclusion.WON
) -> Outcome:
    return Outcome(test=test, effect=effect, se=se, ended_on=date(2026, 3, 1), conclusion=conclusion)


def learning(*outcomes: Outcome, **changes: Any) -> Learning:
    plain = Learning(
        id="reminders",
        says=Text.same("A reminder by e-mail brings dormant customers back"),
        positive=True,
        scope=Scope(segments=frozenset({"dormant"}), channels=frozenset({"email"})),
        outcomes=outcomes,
        expires_on=date(2027, 3, 1),
    )
    return replace(plain, **changes)


def test_a_learning_is_as_strong_as_its_tests() -> None:
    assert learning().strength() == 0.5
    one, two = learning(outcome("a", 0.02)), learning(outcome("a", 0.02), outcome("b", 0.02))
    assert 0.9 < one.strength() < two.strength()
    torn = learning(outcome("a", 0.05), outcome("b", -0.04))
    assert torn.supporting == ("a",)
    assert torn.contradicting == ("b",)
    assert torn.strength() < 0.7
    assert learning(outcome("a", 0.02), positive=False).strength() == pytest.approx(1 - one.strength())


def test_invalid_tests_teach_nothing() -> None:
    assert learning(outcome("a", 0.5, conclusion=Conclusion.INVALID)).strength() == 0.5


def test_learnings_are_found_by_words_and_scope_the_surest_first() -> None:
    sure, weak = learning(outcome("a", 0.05)), learning(outcome("b", 0.005), id="weak")
    old = learning(outcome("c", 0.5), id="old", expires_on=date(2026, 1, 1))
    library = [old, weak, sure]
    today = date(2026, 6, 1)
    assert [of.id for of in found(library, "reminder E-MAIL", today=today)] == ["reminders", "weak", "old"]
    assert found(library, "", today=today, segment="new") == []
    assert found(library, "banner", today=today) == []
    assert len(found(library, "", today=today, channel="email")) == 3
