"""Every address and every role, against a table written by hand from the requirement."""

import re
from typing import Any

import pytest

ROLES = ("owner", "cmo", "manager", "contributor", "analyst", "approver", "viewer")
WHO = {
    "see": "owner cmo manager contributor analyst approver viewer",
    "answer": "owner cmo manager contributor analyst",
    "edit": "owner cmo manager contributor analyst",
    "run": "owner cmo manager analyst",
    "propose": "owner cmo manager contributor analyst",
    "approve": "owner cmo manager approver",
    "share": "owner cmo manager",
    "export_personal": "owner cmo",
    "send": "owner cmo manager",
    "publish": "owner cmo manager",
    "spend": "owner cmo",
    "see_audit": "owner cmo analyst",
    "manage_people": "owner",
    "configure": "owner",
}
KNOWN = {
    "number": "999",
    "link": "999",
    "person": "999",
    "key": "999",
    "webhook": "999",
    "problem": "nobody-has-this",
    "delivery": "999",
    "feed": "999",
    "audience": "board",
    "language": "en",
    "ending": "md",
    "name": "media.roi",
    "table": "orders",
    "token": "nobody-has-this",
    "campaign": "nobody",
}


def path_of(route: dict[str, Any], job: str) -> str:
    values = KNOWN | {"job": job, "upload": job}
    parts = ("/" + route["at"]).replace(">", "<").split("<")
    return "".join(values[part.partition(":")[2]] if ":" in part else part for part in parts)


def test_each_address_answers_the_roles_it_is_for_and_no_other(office: Any) -> None:
    wrong = []
    for route in office.made["routes"]:
        path = path_of(route, office.made["job"])
        for role in (None, *ROLES):
            for form in [None] * route["shows"] + [{}] * route["posts"]:
                status = office.ask(path, role=role, form=form).status
                wrong += [(path, role, form, status)] if not expected(route, role, status) else []
    assert wrong == []


def expected(route: dict[str, Any], role: str | None, status: int) -> bool:
    if route["asks"] is None:
        return status in {200, 302, 410}
    if role is None:
        return status == 302
    if role not in WHO[route["asks"]].split():
        return status == 403
    return status in {200, 302, 404, 422}


def test_there_are_routes_for_every_permission_that_a_page_can_ask(office: Any) -> None:
    asked = {route["asks"] for route in office.made["routes"]}
    assert {"see", "answer", "run", "propose", "approve", "share", "see_audit", "manage_people"} <= asked


@pytest.mark.parametrize("path", ["/today/", "/data/people/", "/reports/board.en.pdf", "/nothing/here/"])
def test_who_is_not_signed_in_is_led_to_the_door(office: Any, path: str) -> None:
    answer = office.ask(path)
    assert answer.status == 302
    assert answer.headers["location"].startswith("/account/login/?next=/")


def test_a_form_from_elsewhere_is_refused(office: Any) -> None:
    assert office.ask("/data/jobs/start/", role="owner", form={"kind": "check"}, forged=True).status == 403


@pytest.mark.parametrize(
    "path", ["/", "/account/login/", "/guest/guest/", "/static/web/icon.svg", "/nothing"]
)
@pytest.mark.parametrize("role", [None, "viewer"])
def test_every_answer_carries_the_policy(office: Any, path: str, role: str | None) -> None:
    headers = office.ask(path, role=role).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "script-src 'self'" in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "same-origin"


def test_pages_of_people_are_kept_by_no_cache(office: Any) -> None:
    assert "no-store" in office.ask("/today/", role="viewer").headers["cache-control"]


def test_a_page_asks_nothing_of_other_places(office: Any) -> None:
    for path in ("/", "/reality/", "/reports/board/", "/measures/media.roi/", "/guest/guest/"):
        text = office.ask(path, role="owner").text
        assert "<style" not in text
        assert " style=" not in text
        assert not re.search(r"<script(?![^>]*(src=|application/json))", text)
        loaded = re.findall(r'<(?:script|link|img)[^>]*(?:src|href)="([^"]+)"', text)
        assert loaded
        assert all(one.startswith("/") for one in loaded)


def test_the_first_page_weighs_less_than_a_hundred_kilobytes_of_assets(office: Any) -> None:
    text = office.ask("/", role="viewer").text
    assets = re.findall(r'<(?:script|link)[^>]*(?:src|href)="([^"]+)"', text)
    sizes = [int(office.ask(one, Accept_Encoding="gzip").headers["content-length"]) for one in assets]
    assert sum(sizes) < 100_000


def test_a_guest_sees_the_one_report_of_their_link_in_its_language(office: Any) -> None:
    answer = office.ask("/guest/guest/")
    assert answer.status == 200
    assert '<html lang="fr">' in answer.text
    assert answer.text.count("<h1") == 1
    assert 'aria-label="Écrans"' not in answer.text
    assert office.ask("/guest/old/").status == 410


def test_an_unknown_host_is_refused(office: Any) -> None:
    assert office.ask("/health/", Host="elsewhere.example").status == 400
