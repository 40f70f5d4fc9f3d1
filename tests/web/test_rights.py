"""The table of rights as the requirement has it."""

import re
from pathlib import Path

import pytest

from cmo.web.rights import RIGHTS, Action, Role, may

OFFICE = Path(__file__).parents[2] / "docs" / "office.md"


def test_every_role_has_its_rights_and_every_right_somebody() -> None:
    assert set(RIGHTS) == set(Role)
    assert set().union(*RIGHTS.values()) == set(Action)


@pytest.mark.parametrize("action", Action)
def test_an_owner_may_all_and_who_has_no_role_nothing(action: Action) -> None:
    assert may("owner", action)
    assert not may(None, action)
    assert not may("", action)
    assert not may("king", action)


def test_money_is_committed_by_few_and_personal_data_leaves_by_few() -> None:
    few = {Role.OWNER, Role.CMO}
    assert {role for role in Role if may(role, Action.SPEND)} == few
    assert {role for role in Role if may(role, Action.EXPORT_PERSONAL)} == few
    assert {role for role in Role if may(role, Action.MANAGE_PEOPLE)} == {Role.OWNER}


def test_who_approves_need_not_edit_and_who_edits_need_not_approve() -> None:
    assert not may(Role.APPROVER, Action.EDIT)
    assert not may(Role.CONTRIBUTOR, Action.APPROVE)
    assert not may(Role.ANALYST, Action.APPROVE)


def test_a_viewer_only_sees() -> None:
    assert RIGHTS[Role.VIEWER] == {Action.SEE}


def test_the_documented_table_is_the_one_in_force() -> None:
    page = OFFICE.read_text(encoding="utf-8")
    roles = [cell.strip() for cell in re.findall(r"^\| \|(.*)\|$", page, flags=re.MULTILINE)[0].split("|")]
    words = {
        "see figures": [Action.SEE],
        "edit; answer": [Action.EDIT, Action.ANSWER, Action.PROPOSE],
        "start reviews": [Action.RUN],
        "approve": [Action.APPROVE],
        "send, publish": [Action.SEND, Action.PUBLISH, Action.SHARE],
        "commit money": [Action.SPEND],
        "see personal": [Action.SEE_PERSONAL],
        "export personal": [Action.EXPORT_PERSONAL],
        "read the audit": [Action.SEE_AUDIT],
        "change settings": [Action.CONFIGURE, Action.MANAGE_PEOPLE],
    }
    told = set()
    for start, actions in words.items():
        row = next(line for line in page.splitlines() if line.startswith(f"| {start}"))
        cells = [cell.strip() for cell in row.strip("|").split("|")[1:]]
        for role, cell in zip(roles, cells, strict=True):
            for action in actions:
                told.add(action)
                assert may(role, action) == (cell == "●"), (role, action)
    assert told == set(Action)
