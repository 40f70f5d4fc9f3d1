"""Doors for readers: no cookie, no sign-in, and a GET never changes anything."""

import subprocess
import sys
from typing import Any

import pytest

PREPARE = """
import sys
from pathlib import Path
from cmo.ledger.opening import open_ledger
from cmo.ledger import outbox
from cmo.ledger.consents import recipient_of
from cmo.communication.links import digest_of
open_ledger(Path(sys.argv[1]) / ".cmo")
one = outbox.Wanted(
    person="a", recipient=recipient_of("a@example.org"), arm="proof", token=digest_of("T" * 22)
)
outbox.put("nothing", "email", 1, [one])
"""
ASK = """
import sys
from pathlib import Path
from cmo.ledger.opening import open_ledger
from cmo.ledger.consents import recipient_of, standing
open_ledger(Path(sys.argv[1]) / ".cmo")
print(standing(recipient_of("a@example.org"), "newsletter").value)
"""


def program(code: str, office: Any, environ: dict[str, str]) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code, str(office.folder)],
        capture_output=True,
        text=True,
        check=False,
        env=environ,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_one_click_unsubscribes_by_post_without_cookie_and_get_only_shows_a_page(
    office: Any, environ: dict[str, str]
) -> None:
    program(PREPARE, office, environ)
    path = f"/open/leave/{'T' * 22}/"
    assert office.ask(path).status == 200
    assert office.ask(path, User_Agent="Barracuda").status == 200
    assert program(ASK, office, environ) == "none"
    posted = office.ask(path, form={"List-Unsubscribe": "One-Click"}, forged=True)
    assert posted.status == 200
    assert program(ASK, office, environ) == "withdrawn"
    assert office.ask(path, form={"List-Unsubscribe": "One-Click"}, forged=True).status == 200


@pytest.mark.parametrize(
    "path",
    ["/open/r/nobody/1/", "/open/confirm/nobody/", "/open/calendar/nobody.ics", "/open/newsroom/nobody/"],
)
def test_what_nobody_was_sent_leads_nowhere(office: Any, path: str) -> None:
    assert office.ask(path).status == 410


def test_pages_for_readers_are_kept_by_nobody_on_the_way(office: Any) -> None:
    answer = office.ask("/open/join/")
    assert answer.headers["cache-control"] == "no-store"
    assert 'type="checkbox"' in answer.text
    assert "checked" not in answer.text.split("<main")[1]


def test_the_newsroom_has_a_feed(office: Any) -> None:
    feed = office.ask("/open/newsroom/feed.atom")
    assert feed.status == 200
    assert feed.headers["content-type"].startswith("application/atom+xml")


def test_a_campaign_is_drafted_in_the_studio_and_approved_by_somebody_else(office: Any) -> None:
    form = {
        "name": "doors",
        "goal": "Try",
        "message": "Every jar has an address",
        "link": "https://lumen.example",
    }
    made = office.ask("/studio/draft/", role="contributor", form=form)
    assert (made.status, made.headers.get("location")) == (302, "/studio/doors/")
    page = office.ask("/studio/doors/", role="viewer")
    assert page.status == 200
    assert "Every jar has an address" in page.text
    assert office.ask("/studio/doors/ask/", role="contributor", form={}).status == 302
    own = office.ask("/studio/doors/approve/", role="contributor", form={"approved": "yes"})
    assert own.status == 403
    assert office.ask("/studio/doors/approve/", role="approver", form={"approved": "yes"}).status == 302
    assert "approved" in office.ask("/studio/doors/", role="viewer").text
