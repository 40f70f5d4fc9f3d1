from datetime import date
from pathlib import Path

import pytest

from cmo.ledger.channels import channel_stages, channel_steps, move_channel
from cmo.ledger.opening import open_ledger
from cmo.ledger.radar import (
    all_seen,
    move_topic,
    moves,
    remember_seen,
    remember_told,
    rings,
    waiting,
)
from cmo.market.radar import Ring, Seen, Told
from cmo.measures import Problem
from cmo.strategy.portfolio import Stage

TOLD = Told(topic="refill", made_on=date(2025, 1, 31), chance=0.4, volume=12.0)


@pytest.fixture(autouse=True)
def _ledger(tmp_path: Path) -> None:
    open_ledger(tmp_path)


def test_what_was_told_first_of_a_month_stays() -> None:
    remember_told([TOLD], review=1)
    later = Told(topic="refill", made_on=TOLD.made_on, chance=0.9, volume=12.0)
    remember_told([later], review=2)
    assert waiting() == (TOLD,)


def test_an_outcome_settles_what_was_told() -> None:
    remember_told([TOLD], review=1)
    seen = Seen(told=TOLD, growth=1.8, rose=True)
    remember_seen([seen], review=2)
    assert waiting() == ()
    assert all_seen() == (seen,)


def test_who_moved_a_topic_is_remembered() -> None:
    move_topic("refill", Ring.WATCH, words="", by="cmo")
    move_topic("refill", Ring.TRY, words="shops ask for it", by="ada")
    assert [(one.ring, one.moved_by, one.words) for one in moves()] == [
        (Ring.WATCH, "cmo", ""),
        (Ring.TRY, "ada", "shops ask for it"),
    ]
    assert rings()["refill"].ring is Ring.TRY
    with pytest.raises(Problem, match="on try already"):
        move_topic("refill", Ring.TRY, words="", by="ada")


def test_a_pilot_keeps_the_terms_it_was_begun_on() -> None:
    move_channel("spas", Stage.PROSPECT, words="", terms={}, by="ada")
    terms = {"money": 5000.0, "weeks": 8, "kill_below": 1.1}
    move_channel("spas", Stage.PILOT, words="two regions", terms=terms, by="ada")
    assert channel_stages()["spas"].terms == terms
    assert [one.stage for one in channel_steps()] == [Stage.PROSPECT, Stage.PILOT]
    with pytest.raises(Problem, match="at pilot already"):
        move_channel("spas", Stage.PILOT, words="", terms={}, by="ada")
