from pathlib import Path

import pytest

from cmo.ledger.approvals import (
    ApprovalState,
    answer_approval,
    approvals,
    ask_approval,
    content_of,
    state_of,
    waiting_approvals,
)
from cmo.measures import Problem

PLAN = content_of({"tv": 100, "radio": 50})


def ask(content: str = PLAN, *, by: str = "ana") -> int:
    return ask_approval("plan", "2027", content=content, says="More radio", by=by).number


def test_an_object_is_approved_by_somebody_else(ledger: Path) -> None:
    assert state_of("plan", "2027", content=PLAN) is ApprovalState.NONE
    number = ask()
    assert [one.number for one in waiting_approvals()] == [number]
    answer_approval(number, approved=True, words="", by="bea")
    assert state_of("plan", "2027", content=PLAN) is ApprovalState.APPROVED
    assert waiting_approvals() == ()
    (told,) = approvals(most=5)
    assert (told.asked_by, told.answered_by, told.says) == ("ana", "bea", "More radio")


def test_nobody_approves_what_they_asked_for(ledger: Path) -> None:
    number = ask(by="ana")
    with pytest.raises(Problem, match="somebody else must"):
        answer_approval(number, approved=True, words="", by="ana")
    with pytest.raises(Problem, match="somebody else must"):
        answer_approval(number, approved=False, words="no", by="ana")


def test_a_change_of_content_undoes_the_approval(ledger: Path) -> None:
    answer_approval(ask(), approved=True, words="", by="bea")
    changed = content_of({"tv": 101, "radio": 50})
    assert state_of("plan", "2027", content=changed) is ApprovalState.NONE
    second = ask(changed)
    assert state_of("plan", "2027", content=PLAN) is ApprovalState.NONE
    assert state_of("plan", "2027", content=changed) is ApprovalState.ASKED
    answer_approval(second, approved=False, words="too dear", by="bea")
    assert state_of("plan", "2027", content=changed) is ApprovalState.REFUSED
    assert ask() > second


def test_only_the_latest_request_waits_and_can_be_answered(ledger: Path) -> None:
    first, second = ask(), ask(content_of({"tv": 1}))
    assert [one.number for one in waiting_approvals()] == [second]
    with pytest.raises(Problem, match="overtaken"):
        answer_approval(first, approved=True, words="", by="bea")


@pytest.mark.parametrize(("approved", "words"), [(False, ""), (False, "  ")])
def test_a_refusal_needs_a_reason(ledger: Path, approved: bool, words: str) -> None:  # noqa: FBT001 - a case
    with pytest.raises(Problem, match="reason"):
        answer_approval(ask(), approved=approved, words=words, by="bea")


def test_a_request_is_made_and_answered_once(ledger: Path) -> None:
    number = ask()
    with pytest.raises(Problem, match="asked already"):
        ask()
    answer_approval(number, approved=True, words="", by="bea")
    with pytest.raises(Problem, match="its answer already"):
        answer_approval(number, approved=False, words="changed my mind", by="cleo")
    with pytest.raises(Problem, match="no request for approval 99"):
        answer_approval(99, approved=True, words="", by="bea")


def test_content_does_not_depend_on_the_order_of_keys() -> None:
    assert content_of({"tv": 100, "radio": 50}) == content_of({"radio": 50, "tv": 100})
