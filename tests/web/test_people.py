"""People: invitations, roles, the last owner, approvals by somebody else, what the log keeps."""

import re
from typing import Any


def link_in(text: str) -> str:
    found = re.search(r"<code>https?://[^/]+(/[^<]+)</code>", text)
    assert found is not None
    return found[1]


def cookies_of(headers: dict[str, str]) -> str:
    return headers.get("set-cookie", "")


def test_an_invitation_makes_one_account_once(office: Any) -> None:
    assert (
        office.ask("/data/people/invite/", role="owner", form={"role": "analyst", "email": ""}).status == 302
    )
    path = link_in(office.ask("/data/people/", role="owner").text)
    assert "<code>http" not in office.ask("/data/people/", role="owner").text
    form = {"name": "Zoé", "email": "zoe@example.org", "password": "short", "language": "fr"}
    assert "12" in office.ask(path, form=form).text
    joined = office.ask(path, form=form | {"password": "une longue phrase 42"})
    assert (joined.status, joined.headers["location"]) == (302, "/today/")
    assert "HttpOnly" in cookies_of(joined.headers)
    assert "SameSite=Lax" in cookies_of(joined.headers)
    assert office.ask(path, form=form | {"password": "une longue phrase 42"}).status == 410
    signed_in = office.ask(
        "/account/login/", form={"login": "zoe@example.org", "password": "une longue phrase 42"}
    )
    assert signed_in.status == 302


def test_a_forgotten_password_is_replaced_by_a_link_that_works_once(office: Any) -> None:
    assert office.ask("/account/password/reset/", form={"email": "cmo@example.org"}).status == 405
    people = office.ask("/data/people/", role="owner").text
    number = re.search(
        r'/data/people/(\d+)/"[^>]*>(?:(?!</form>).)*Role of Approver', people, flags=re.DOTALL
    )
    assert number is not None
    assert office.ask(f"/data/people/{number[1]}/password/", role="owner", form={}).status == 302
    path = link_in(office.ask("/data/people/", role="owner").text)
    assert office.ask(path).status == 302
    assert office.ask(path.replace("/key/", "/key/x")).status in {200, 404}


def test_there_is_always_an_owner(office: Any) -> None:
    people = office.ask("/data/people/", role="owner").text
    number = re.search(r'/data/people/(\d+)/"[^>]*>(?:(?!</form>).)*Role of Owner', people, flags=re.DOTALL)
    assert number is not None
    for form in ({"role": "viewer"}, {"role": "owner", "closed": "yes"}):
        refused = office.ask(f"/data/people/{number[1]}/", role="owner", form=form)
        assert refused.status == 422
        assert "Somebody must own this office" in refused.text


def test_a_plan_is_approved_by_somebody_else_and_the_log_keeps_it(office: Any) -> None:
    job = office.made["plan"]
    assert office.ask(f"/money/scenario/{job}/propose/", role="manager", form={}).status == 302
    waiting = office.ask("/approvals/", role="manager").text
    assert "somebody else has to approve it" in waiting
    asked = office.ask("/approvals/", role="approver").text
    number = re.search(rf"{job}(?:(?!</article>).)*/approvals/(\d+)/", asked, flags=re.DOTALL)
    assert number is not None
    path = f"/approvals/{number[1]}/"
    assert office.ask(path, role="manager", form={"approved": "yes"}).status == 422
    assert office.ask(path, role="approver", form={"approved": "no"}).status == 422
    assert office.ask(path, role="approver", form={"approved": "yes"}).status == 302
    assert "approved" in office.ask(f"/money/scenario/{job}/", role="viewer").text
    log = office.ask("/data/audit/", role="owner").text
    assert "The log is whole" in log
    assert "approver@example.org" in log
    assert "ask approval" in log


def test_a_challenge_is_answered_once_and_a_rejection_needs_its_reason(office: Any) -> None:
    number = re.search(r"/reality/(\d+)/answer/", office.ask("/reality/", role="manager").text)
    assert number is not None
    path = f"/reality/{number[1]}/answer/"
    assert office.ask(path, role="manager", form={"state": "rejected", "words": " "}).status == 422
    assert office.ask(path, role="manager", form={"state": "maybe"}).status == 422
    assert (
        office.ask(path, role="manager", form={"state": "rejected", "words": "the sample is odd"}).status
        == 302
    )
    assert office.ask(path, role="manager", form={"state": "accepted"}).status == 422
    assert path not in office.ask("/reality/", role="manager").text


def test_sign_in_slows_down_who_guesses(office: Any) -> None:
    form = {"login": "viewer@example.org", "password": "wrong wrong wrong"}
    answers = [office.ask("/account/login/", form=form) for _ in range(7)]
    assert "Too many" in answers[-1].text or answers[-1].status == 429


def test_sign_in_does_not_tell_which_addresses_exist(office: Any) -> None:
    told = [
        re.findall(r"errorlist[^>]*>\s*<li>([^<]+)", office.ask("/account/login/", form=form).text)
        for form in (
            {"login": "nobody@example.org", "password": "wrong wrong wrong"},
            {"login": "analyst@example.org", "password": "wrong wrong wrong"},
        )
    ]
    assert told[0] == told[1] != []


def test_a_guest_link_can_be_taken_back(office: Any) -> None:
    assert office.ask("/reports/team/share/", role="cmo", form={"language": "en"}).status == 302
    page = office.ask("/reports/", role="cmo").text
    path = link_in(page)
    assert office.ask(path).status == 200
    number = re.search(r"team \(en\)(?:(?!</li>).)*/reports/links/(\d+)/end/", page, flags=re.DOTALL)
    assert number is not None
    office.ask(f"/reports/links/{number[1]}/end/", role="cmo", form={})
    assert office.ask(path).status == 410


def test_somebody_changes_their_language(office: Any) -> None:
    form = {"name": "Contributor", "language": "fr"}
    assert office.ask("/data/me/", role="contributor", form=form).status == 302
    assert '<html lang="fr">' in office.ask("/today/", role="contributor").text
    assert "Aujourd’hui" in office.ask("/today/", role="contributor").text
    assert office.ask("/data/me/", role="contributor", form=form | {"language": "en"}).status == 302
