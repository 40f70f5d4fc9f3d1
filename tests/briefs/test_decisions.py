from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from cmo.briefs.decisions import (
    calibration_answer,
    challenges_answer,
    decision_answer,
    decisions_answer,
    trials_answer,
)
from cmo.measures import Grade, Language, Text, Window
from cmo.strategy.challenge import Challenge, ChallengeState, Severity
from cmo.strategy.decisions.decision import Alignment, Kind, Move, Range, Reversibility, Withheld
from cmo.strategy.decisions.life import Standing, State, Step
from cmo.strategy.decisions.packet import Packet
from cmo.strategy.forecast import Calibration

GAIN = Range(mean=1_234.0, q05=-100.0, q95=2_000.0, positive=0.9)
PACKET = Packet(
    id="stop-tv",
    kind=Kind.STOP,
    says=Text("Stop tv.", "Arrêter la télé."),
    why=Text("It loses.", "Elle perd."),
    moves=(Move(source="tv", target=None, money=5_000.0),),
    money=5_000.0,
    expected=GAIN,
    adds=GAIN,
    per_money=0.2,
    instead_of=None,
    period=Window.parse("2027-Q1"),
    measures=("media.response",),
    grade=Grade.C,
    beliefs=(),
    alignment=Alignment.CORRECTIVE,
    owner="ann",
    hours=4.0,
    reversibility=Reversibility.COSTLY,
    stop_rule=Text("Stop if it sells more.", "Arrêter si cela vend plus."),
    review_on=date(2027, 3, 31),
    sets={"tv": 0.0},
)
NOW = datetime(2026, 12, 31, tzinfo=UTC)
PROPOSED = Standing(number=1, packet=PACKET, proposed_by="cmo", proposed_at=NOW)
DONE = replace(PROPOSED, steps=(Step(state=State.EXECUTED, words="Done", taken_by="bob", taken_at=NOW),))
TODAY = date(2027, 4, 1)


def lines(*standing: Standing, language: Language = "en") -> str:
    withheld = [Withheld(kind=Kind.PRICE, why=Text("Only asked.", "Seulement demandé."))]
    answer = decisions_answer(
        standing, withheld, calibration=Calibration(), currency="EUR", today=TODAY, language=language
    )
    return "\n".join(answer.lines)


def test_a_decision_is_told_with_its_profit_evidence_and_owner() -> None:
    told = lines(PROPOSED)
    for part in (
        "1. Stop tv.",
        "€1,230 (-€100 to €2,000)",
        "evidence C, model",
        "ann, 4 h",
        "price: Only asked.",
    ):
        assert part in told


def test_french_has_its_own_words_and_spaces() -> None:
    told = lines(PROPOSED, language="fr")
    assert "Arrêter la télé." in told
    assert "corrige la stratégie" in told
    assert "prix\N{NARROW NO-BREAK SPACE}: Seulement demandé." in told


def test_a_decision_whose_day_has_come_asks_what_it_brought() -> None:
    assert "cmo decisions review stop-tv" in lines(DONE)
    assert "cmo decisions review" not in lines(PROPOSED)


def test_what_counts_the_same_money_says_so() -> None:
    told = lines(replace(PROPOSED, packet=replace(PACKET, instead_of="budget-x")))
    assert "same money as budget-x" in told


def test_one_decision_tells_its_moves_and_steps() -> None:
    told = "\n".join(decision_answer(DONE, currency="EUR", today=TODAY, language="en").lines)
    assert "tv → saved: €5,000" in told
    assert "2026-12-31 executed, bob · Done" in told
    assert "Stop if it sells more." in told


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (Calibration(), "No forecast of cmo has come due yet."),
        (Calibration(n_forecasts=10, inside=0.9), "Of 10 forecasts that came due, 9 were right"),
        (
            Calibration(n_decisions=2, decisions_inside=0.5, promised=200.0, brought=100.0),
            "they brought €100",
        ),
        (Calibration(n_verdicts=3, brier=0.125), "Brier score 0.12"),
    ],
)
def test_calibration_is_told_in_sentences(told: Calibration, words: str) -> None:
    assert words in " ".join(calibration_answer(told, currency="EUR", language="en").lines)


def test_tests_are_told_in_one_language_each() -> None:
    test = {
        "id": "geo-tv",
        "net_value": 900.0,
        "says": {"en": "Pause tv.", "fr": "Suspendre la télé."},
        "why": {"en": "It decides.", "fr": "Cela décide."},
    }
    answer = trials_answer([test], currency="EUR", language="fr")
    assert answer.data["tests"] == [test | {"says": "Suspendre la télé.", "why": "Cela décide."}]
    assert "Aucun test" in " ".join(trials_answer([], currency="EUR", language="fr").lines)


def test_a_challenge_tells_the_money_and_whether_it_is_late() -> None:
    asked = Challenge(
        number=1,
        belief="tv-best",
        says=Text.same("TV is best"),
        owner="ann",
        claim=None,
        stance=None,
        observation=Text.same("Radio returns more."),
        due_on=date(2027, 3, 31),
        state=ChallengeState.OPEN,
        answer=None,
        question=Text.same("And now?"),
        gap=5_000.0,
        severity=Severity.HIGH,
    )
    answer = challenges_answer([asked], currency="EUR", today=TODAY, language="en")
    told = "\n".join(answer.lines)
    assert "overdue since 2027-03-31" in told
    assert "€5,000 depend on it, severity high" in told
    assert "No challenge" in challenges_answer([], currency="EUR", today=TODAY, language="en").lines[0]
