from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from cmo.ledger.decisions import (
    Deliberated,
    decision,
    last_deliberation,
    propose,
    remember_deliberation,
    standing_decisions,
    take_step,
)
from cmo.measures import Grade, Problem, Text, Window
from cmo.strategy.decisions.decision import Alignment, Kind, Move, Range, Reversibility, Withheld
from cmo.strategy.decisions.life import State
from cmo.strategy.decisions.packet import Packet

GAIN = Range(mean=1_000.0, q05=100.0, q95=2_000.0, positive=0.97)
STOP = Packet(
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
    owner=None,
    hours=4.0,
    reversibility=Reversibility.COSTLY,
    stop_rule=Text("Stop.", "Arrêter."),
    review_on=date(2027, 3, 31),
    sets={"tv": 0.0},
)
WITHHELD = Withheld(kind=Kind.PRICE, why=Text("Only asked.", "Seulement demandé."))


@pytest.fixture(autouse=True)
def _open(ledger: Path) -> None:
    """All of these need a ledger."""


def deliberate(*packets: Packet, review: int = 1, basis: str = "b1") -> None:
    told = Deliberated(review=review, data="d", withheld=(WITHHELD,), tests=({"id": "t"},), designs=())
    remember_deliberation(told, packets=packets, bases={one.id: basis for one in packets})


def test_what_a_review_thought_is_read_back() -> None:
    assert last_deliberation() is None
    deliberate(STOP)
    last = last_deliberation()
    assert last is not None
    assert (last.withheld, last.tests) == ((WITHHELD,), ({"id": "t"},))
    (one,) = standing_decisions()
    assert (one.packet, one.state, one.proposed_by) == (STOP, State.PROPOSED, "cmo")


def test_the_same_evidence_proposes_nothing_new() -> None:
    deliberate(STOP)
    deliberate(STOP, review=2)
    assert [one.number for one in standing_decisions()] == [1]


def test_new_evidence_takes_the_place_of_what_is_open() -> None:
    deliberate(STOP)
    richer = replace(STOP, expected=replace(GAIN, mean=1_500.0))
    deliberate(richer, review=2, basis="b2")
    (one,) = standing_decisions()
    assert (one.number, one.packet.expected.mean) == (2, 1_500.0)


def test_what_was_rejected_is_not_proposed_again_on_the_same_evidence() -> None:
    deliberate(STOP)
    take_step("stop-tv", state=State.REJECTED, words="It builds the brand", by="ann")
    deliberate(STOP, review=2)
    assert standing_decisions() == ()
    deliberate(STOP, review=3, basis="b2")
    assert standing_decisions() == ()
    much_more = replace(STOP, expected=replace(GAIN, mean=5_000.0))
    deliberate(much_more, review=4, basis="b3")
    assert [one.state for one in standing_decisions()] == [State.PROPOSED]


def test_the_life_of_a_decision_from_proposal_to_review() -> None:
    deliberate(STOP)
    take_step("stop-tv", state=State.CHALLENGED, words="Are we sure?", by="bob")
    take_step("stop-tv", state=State.APPROVED, words="", by="ann")
    take_step("1", state=State.EXECUTED, words="", by="bob")
    found = take_step("stop-tv", state=State.REVIEWED, words="Well", by="ann", brought=800.0)
    assert [step.state.value for step in found.steps] == ["challenged", "approved", "executed", "reviewed"]
    assert found.brought == 800.0
    assert decision("stop-tv").state is State.REVIEWED


def test_what_is_under_way_stays_in_sight_when_no_review_lists_it() -> None:
    deliberate(STOP)
    take_step("stop-tv", state=State.APPROVED, words="", by="ann")
    deliberate(review=2)
    (one,) = standing_decisions()
    assert (one.state, one.listed) == (State.APPROVED, False)


def test_whoever_proposes_does_not_approve() -> None:
    propose(STOP, by="ann", basis="b")
    with pytest.raises(Problem, match="somebody else must"):
        take_step("stop-tv", state=State.APPROVED, words="", by="ann")
    assert decision("stop-tv").state is State.PROPOSED
    assert take_step("stop-tv", state=State.APPROVED, words="", by="bob").state is State.APPROVED
    with pytest.raises(Problem, match="there already"):
        propose(STOP, by="bob", basis="b")


@pytest.mark.parametrize(
    ("state", "words", "sentence"),
    [
        (State.REJECTED, " ", "with a reason"),
        (State.CHALLENGED, "", "with a reason"),
        (State.EXECUTED, "", "only when it is approved"),
        (State.REVIEWED, "", "only when it is executed"),
    ],
)
def test_a_step_that_does_not_follow_is_refused(state: State, words: str, sentence: str) -> None:
    deliberate(STOP)
    with pytest.raises(Problem, match=sentence):
        take_step("stop-tv", state=state, words=words, by="ann")
    assert decision("stop-tv").steps == ()


def test_an_unknown_decision_is_refused() -> None:
    for name in ("nothing", "7"):
        with pytest.raises(Problem, match="there is no decision"):
            decision(name)
