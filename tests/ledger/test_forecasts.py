from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from cmo.ledger.challenges import answer_challenge, open_challenges
from cmo.ledger.confidences import stated_before
from cmo.ledger.forecasts import calibrated, remember_forecasts, settle, unsettled
from cmo.ledger.reviews import Run, Stakes, remember_review
from cmo.ledger.strategy import apply_strategy
from cmo.measures import Window
from cmo.strategy.challenge import ChallengeState, Severity
from cmo.strategy.evidence import Evidence
from cmo.strategy.forecast import Forecast
from cmo.strategy.verdict import Verdict

JANUARY = Forecast(
    measure="sales.forecast",
    subject="2027-01",
    period=Window.parse("2027-01"),
    made_on=date(2026, 12, 31),
    mean=100_000.0,
    q05=90_000.0,
    q95=110_000.0,
)
DUE = date(2027, 2, 14)
AFTER = date(2027, 2, 1)


def test_a_forecast_is_kept_once_and_waits_for_its_period_to_end(ledger: Path) -> None:
    remember_forecasts([JANUARY], review=1)
    remember_forecasts([replace(JANUARY, mean=1.0), replace(JANUARY, made_on=date(2027, 1, 5))], review=2)
    assert unsettled(until=date(2027, 1, 30)) == ()
    assert [one.mean for _, one in unsettled(until=AFTER)] == [100_000.0, 100_000.0]


def test_a_forecast_that_held_opens_no_challenge(ledger: Path) -> None:
    remember_forecasts([JANUARY], review=1)
    ((number, _),) = unsettled(until=AFTER)
    settle(number, 104_000.0, review=2, currency="EUR", budget=50_000.0, due_on=DUE)
    assert unsettled(until=AFTER) == ()
    assert open_challenges() == ()
    assert (calibrated().n_forecasts, calibrated().inside) == (1, 1.0)


def test_a_missed_forecast_must_be_answered(ledger: Path) -> None:
    remember_forecasts([JANUARY], review=1)
    ((number, _),) = unsettled(until=AFTER)
    settle(number, 60_000.0, review=2, currency="EUR", budget=50_000.0, due_on=DUE)
    (one,) = open_challenges()
    assert (one.belief, one.gap, one.severity) == (None, -40_000.0, Severity.HIGH)
    assert "€60,000 came" in one.observation.en
    assert not one.overdue(DUE)
    assert one.overdue(DUE + timedelta(days=1))
    answered = answer_challenge(one.number, state=ChallengeState.ACCEPTED, words="A strike", by="ann")
    assert not answered.overdue(DUE + timedelta(days=1))
    assert open_challenges() == ()
    assert calibrated().inside == 0.0


@pytest.mark.parametrize(
    ("money", "severity"), [(8_000.0, Severity.HIGH), (2_000.0, Severity.MEDIUM), (100.0, Severity.LOW)]
)
def test_a_fallen_belief_tells_the_money_that_rests_on_it(
    money: float,
    severity: Severity,
    ledger: Path,
    run: Callable[..., Run],
    verdict: Callable[..., Verdict],
) -> None:
    stakes = Stakes(money={"tv-best": money}, budget=50_000.0)
    remember_review(run(), evidence=Evidence(), verdicts=[verdict(probability=0.03)], stakes=stakes)
    (one,) = open_challenges()
    assert (one.gap, one.severity) == (money, severity)
    assert one.question.fr


STRATEGY = """\
beliefs:
  - id: tv-best
    says: TV is best
    owner: ann
    confidence: {own}
    holders: {{{holders}}}
    claim: {{measure: media.roi, of: tv, is: highest}}
"""


def test_the_word_given_before_the_data_is_the_one_that_counts(
    ledger: Path, run: Callable[..., Run], verdict: Callable[..., Verdict]
) -> None:
    file = ledger / "strategy.yaml"
    file.write_text(STRATEGY.format(own=0.9, holders="bob: 0.4"), encoding="utf-8")
    apply_strategy(file, by="ann")
    assert stated_before() == {"tv-best": {"ann": 0.9, "bob": 0.4}}
    remember_review(run(), evidence=Evidence(), verdicts=[verdict(probability=0.03)])
    file.write_text(STRATEGY.format(own=0.1, holders="bob: 0.0, eve: 0.0"), encoding="utf-8")
    apply_strategy(file, by="ann")
    assert stated_before() == {"tv-best": {"ann": 0.9, "bob": 0.4}}


def test_a_verdict_that_other_evidence_settles_is_scored(
    ledger: Path, run: Callable[..., Run], verdict: Callable[..., Verdict]
) -> None:
    remember_review(run("f1"), evidence=Evidence(), verdicts=[verdict(probability=0.7)])
    remember_review(run("f2"), evidence=Evidence(), verdicts=[verdict(probability=0.02)])
    assert calibrated().n_verdicts == 0  # the same evidence: none
