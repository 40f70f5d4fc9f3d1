"""The API: every call and every role, one shape of problems, writes that are done once, reads with a tag."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

CMO = Path(sys.executable).with_name("cmo")
ROLES = ("owner", "cmo", "manager", "contributor", "analyst", "approver", "viewer")
WHO = {
    "see": ROLES,
    "answer": ("owner", "cmo", "manager", "contributor", "analyst"),
    "edit": ("owner", "cmo", "manager", "contributor", "analyst"),
    "propose": ("owner", "cmo", "manager", "contributor", "analyst"),
    "run": ("owner", "cmo", "manager", "analyst"),
    "approve": ("owner", "cmo", "manager", "approver"),
    "share": ("owner", "cmo", "manager"),
    "spend": ("owner", "cmo"),
    "see_audit": ("owner", "cmo", "analyst"),
    "manage_people": ("owner",),
    "configure": ("owner",),
    "publish": ("owner", "cmo", "manager"),
    "send": ("owner", "cmo", "manager"),
    "export_personal": ("owner", "cmo"),
    "see_personal": ("owner", "cmo", "manager", "analyst"),
}
SCOPES = ("see", "answer", "run", "approve", "spend", "manage_people")
ELSEWHERE = {
    "answer": "answer_challenge",
    "decision_challenged": "challenge_decision",
    "decision_approved": "approve_decision",
    "decision_rejected": "reject_decision",
    "decision_executed": "execute_decision",
    "scenario": "start_scenario",
    "propose_plan": "propose_scenario",
    "approve": "answer_approval",
    "share": "share_brief",
    "demo": "start_demo",
    "upload_answer": "look_at_upload",
    "upload_take": "take_upload",
    "upload_drop": "drop_upload",
    "make_webhook": "subscribe_webhook",
    "me": "change_me",
}
"""Acts that have another name than the address of their form."""
BY_HAND = {"make_token", "end_token", "bring", "calendar_link"}
"""What people do themselves: keys are made in a session alone, files have a call of their own."""
QUIET = {"measures": ("measures",), "beliefs": ("beliefs",), "imports": ("imports",), "tests": ("tests",)}


def calls(office: Any) -> list[tuple[str, str, str]]:
    """Every call of the API as its own description tells: method, path, the permission it asks."""
    described = json.loads(office.ask("/api/v1/openapi.json", key="owner").text)
    found = []
    for path, methods in described["paths"].items():
        for method in methods:
            name = path.removeprefix("/api/v1/")
            asks = office.made["acts"].get(name.removeprefix("acts/"))
            asks = asks or office.made["listings"].get(name.removeprefix("lists/"), "see")
            asks = "run" if name == "uploads" else asks
            at = path.format(audience="board", language="en", ending="md")
            found.append((method.upper(), at, asks))
    return found


def test_every_question_act_and_list_is_a_call(office: Any) -> None:
    paths = {path for _, path, _ in calls(office)}
    assert {f"/api/v1/{name}" for name in office.made["questions"]} <= paths
    assert {f"/api/v1/acts/{name}" for name in office.made["acts"]} <= paths
    assert {f"/api/v1/lists/{name}" for name in office.made["listings"]} <= paths


def test_what_people_do_on_pages_programs_can_do_with_the_same_permission(office: Any) -> None:
    acts = office.made["acts"]
    wrong = [
        (route["name"], route["asks"])
        for route in office.made["routes"]
        if route["posts"] and route["asks"] is not None and route["name"] not in BY_HAND
        if acts.get(ELSEWHERE.get(route["name"], route["name"])) != route["asks"]
    ]
    assert wrong == []


def test_each_call_answers_the_roles_and_the_scopes_it_is_for_and_no_other(office: Any) -> None:
    wrong = []
    keys = [*((role, None) for role in ROLES), *(("owner", scope) for scope in SCOPES)]
    for method, path, asks in calls(office):
        for role, scope in keys:
            key = role if scope is None else f"only {scope}"
            # What an act is asked with is wrong on purpose: the rights are looked at first.
            said = {"nothing": "of this name"} if method == "POST" else None
            status = office.ask(path, key=key, said=said).status
            may = role in WHO[asks] and scope in {None, asks}
            good = {200, 422} if may else {403}
            wrong += [(path, key, status)] if status not in good else []
        for key in ("expired", "ended", "nobody"):
            wrong += [(path, key)] if office.ask(path, key=key).status not in {401, 405} else []
    assert wrong == []


def test_a_session_opens_nothing_of_the_api(office: Any) -> None:
    answer = office.ask("/api/v1/beliefs", role="owner")
    assert answer.status == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    said = {"kind": "check"}
    assert office.ask("/api/v1/acts/start_job", role="owner", said=said).status == 401


def test_what_the_api_can_do_is_shown_to_people_of_the_office_alone(office: Any) -> None:
    assert office.ask("/api/v1/docs").status == 302
    assert office.ask("/api/v1/openapi.json").status == 302
    page = office.ask("/api/v1/docs", role="viewer")
    assert page.status == 200
    assert "unsafe" not in page.headers["content-security-policy"]
    assert json.loads(office.ask("/api/v1/openapi.json", role="viewer").text)["openapi"].startswith("3.1")


@pytest.mark.parametrize(
    ("path", "said", "status"),
    [
        ("/api/v1/measure?name=media.rio", None, 422),
        ("/api/v1/measure", None, 422),
        ("/api/v1/nothing", None, 404),
        ("/api/v1/lists/jobs?cursor=%00", None, 422),
        ("/api/v1/lists/jobs?limit=9999", None, 422),
        ("/api/v1/acts/answer_challenge", {"number": 999, "state": "accepted"}, 422),
        ("/api/v1/acts/answer_challenge", {"number": 1, "state": "accepted", "more": 1}, 422),
        ("/api/v1/acts/answer_challenge", "{", 400),
    ],
)
def test_what_is_wrong_is_told_in_one_shape_and_in_the_language_asked(
    office: Any, path: str, said: Any, status: int
) -> None:
    answer = office.ask(path, key="owner", said=said, Accept_Language="fr")
    told = json.loads(answer.text)
    assert (answer.status, told["status"]) == (status, status)
    assert answer.headers["content-type"] == "application/problem+json"
    assert set(told) == {"type", "title", "status", "detail", "instance", "errors"}
    assert told["errors"]
    assert answer.headers["content-language"] == "fr"


def test_who_has_a_read_already_is_told_so(office: Any) -> None:
    first = office.ask("/api/v1/beliefs", key="viewer")
    again = office.ask("/api/v1/beliefs", key="viewer", If_None_Match=first.headers["etag"])
    assert (first.status, again.status, again.text) == (200, 304, "")
    other = office.ask("/api/v1/beliefs", key="viewer", If_None_Match='"other"', Accept_Language="fr")
    assert other.status == 200
    assert other.headers["etag"] != first.headers["etag"]


def test_a_write_with_a_key_of_its_own_is_done_once(office: Any) -> None:
    said = {"says": "Write to customers who sleep", "because": "Half of them would come back"}
    ask = "/api/v1/acts/propose"
    first = office.ask(ask, key="analyst", said=said, Idempotency_Key="one")
    again = office.ask(ask, key="analyst", said=said, Idempotency_Key="one")
    assert (first.status, first.text) == (200, again.text)
    assert again.headers["idempotency-replayed"] == "true"
    other = office.ask(ask, key="analyst", said=said | {"says": "Something else"}, Idempotency_Key="one")
    assert other.status == 409
    without = office.ask(ask, key="analyst", said=said)
    assert without.status == 422
    somebody = office.ask(ask, key="viewer", said=said, Idempotency_Key="one")
    assert somebody.status == 403


def test_lists_come_page_by_page_without_gap_or_repetition(office: Any) -> None:
    seen, cursor = [], ""
    while cursor is not None:
        path = f"/api/v1/lists/audit?limit=7&cursor={cursor}"
        told = json.loads(office.ask(path, key="only see_audit").text)
        seen += [one["number"] for one in told["items"]]
        cursor = told["next"]
    assert seen == sorted(set(seen), reverse=True)
    assert seen[-1] == 1


def test_an_act_by_a_program_is_in_the_log_with_its_key(office: Any) -> None:
    said = {"audience": "sales", "language": "en"}
    made = json.loads(office.ask("/api/v1/acts/share_brief", key="manager", said=said).text)["data"]
    assert office.ask(made["url"].removeprefix(office.url)).status == 200
    (entry,) = json.loads(office.ask("/api/v1/lists/audit?limit=1", key="owner").text)["items"][:1]
    log = json.loads(office.ask("/api/v1/lists/audit?limit=5", key="owner").text)["items"]
    shared = next(one for one in log if one["action"] == "share with a guest")
    assert shared["by"] == "manager@example.org"
    assert shared["details"]["token"] > 0
    assert entry["number"] >= shared["number"]
    assert office.ask("/api/v1/acts/end_link", key="manager", said={"link": made["link"]}).status == 200
    assert office.ask(made["url"].removeprefix(office.url)).status == 410


@pytest.mark.parametrize("name", QUIET)
def test_a_program_is_told_what_the_command_line_tells(
    office: Any, name: str, environ: dict[str, str]
) -> None:
    command = [CMO, *QUIET[name], "-w", office.folder, "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environ)
    assert json.loads(office.ask(f"/api/v1/{name}", key="viewer").text)["data"] == json.loads(done.stdout)


def test_a_key_is_shown_once_and_taken_back(office: Any) -> None:
    form = {"name": "dashboard", "scopes": "see", "days": "30"}
    assert office.ask("/data/keys/make/", role="viewer", form=form).status == 302
    page = office.ask("/data/keys/", role="viewer").text
    key = page.partition("<code>")[2].partition("</code>")[0]
    assert key.startswith("cmo_")
    assert key not in office.ask("/data/keys/", role="viewer").text
    assert office.ask("/api/v1/beliefs", key=key).status == 200
    assert office.ask("/api/v1/acts/change_me", key=key, said={"name": "V"}).status == 200
    number = page.partition("/data/keys/")[2].partition("/end/")[0].rpartition("/")[2]
    assert office.ask(f"/data/keys/{number}/end/", role="owner", form={}).status == 404
    assert office.ask(f"/data/keys/{number}/end/", role="viewer", form={}).status == 302
    assert office.ask("/api/v1/beliefs", key=key).status == 401


def test_nobody_makes_a_key_that_may_more_than_they(office: Any) -> None:
    form = {"name": "too much", "scopes": "approve", "days": "30"}
    assert office.ask("/data/keys/make/", role="viewer", form=form).status == 422
