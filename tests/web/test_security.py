"""What OWASP asks of an office: the checklist of docs/security.md names tests that exist; some are here."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmo.web.api.bucket import Buckets

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "security.md"
SETTINGS = """
import sys
from pathlib import Path
from cmo.web.start import configure
configure(Path(sys.argv[1]))
from django.conf import settings
print(settings.SESSION_COOKIE_SECURE, settings.CSRF_COOKIE_SECURE, settings.SECURE_HSTS_SECONDS)
"""


def test_each_line_of_the_checklist_names_tests_that_exist() -> None:
    lines = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if re.match(r"\| V\d", line)]
    assert len(lines) > 30
    for line in lines:
        named = re.findall(r"`(test_\w+)::(\w+)`", line)
        assert named, line
        for file, test in named:
            found = [one.read_text(encoding="utf-8") for one in ROOT.glob(f"tests/**/{file}.py")]
            assert any(f"def {test}(" in text for text in found), (file, test)


@given(calls=st.lists(st.floats(0, 5), max_size=60), rate=st.floats(0.5, 20))
def test_no_key_makes_more_calls_than_its_measure(calls: list[float], rate: float) -> None:
    now = [0.0]
    buckets = Buckets(per_second=rate, at_once=10, clock=lambda: now[0])
    taken = 0
    for pause in calls:
        now[0] += pause
        wait = buckets.wait(1)
        taken += wait == 0.0
        assert taken <= 10 + rate * now[0] + 1e-6
        assert wait <= 1 / rate
    assert buckets.wait(2) == 0.0


def signed_in(office: Any, email: str, **headers: str) -> tuple[int, str]:
    form = {"login": email, "password": "a long pass phrase 7"}
    answer = office.ask("/account/login/", form=form, **headers)
    found = re.search(r"cmo_session=(\w+)", answer.headers.get("set-cookie", ""))
    return answer.status, "" if found is None else found[1]


def test_a_session_begins_with_sign_in_and_ends_with_sign_out(office: Any) -> None:
    _, first = signed_in(office, "contributor@example.org")
    _, second = signed_in(office, "contributor@example.org")
    assert "" != first != second
    office.made["sessions"]["signed in"] = first
    assert office.ask("/today/", role="signed in").status == 200
    assert office.ask("/account/logout/", role="signed in", form={}).status == 302
    assert office.ask("/today/", role="signed in").status == 302


def test_who_leaves_is_out_at_once_by_page_and_by_key(office: Any) -> None:
    people = office.ask("/data/people/", role="owner").text
    number = re.search(
        r'/data/people/(\d+)/"[^>]*>(?:(?!</form>).)*Role of Approver', people, flags=re.DOTALL
    )
    assert number is not None
    form = {"role": "approver", "closed": "yes"}
    assert office.ask("/today/", role="approver").status == 200
    assert office.ask(f"/data/people/{number[1]}/", role="owner", form=form).status == 302
    assert office.ask("/today/", role="approver").status == 302
    assert office.ask("/api/v1/beliefs", key="approver").status == 401
    assert office.ask(f"/data/people/{number[1]}/", role="owner", form={"role": "approver"}).status == 302


def test_what_people_write_is_shown_and_never_run(office: Any) -> None:
    name = '<script>alert("x")</script>'
    assert office.ask("/data/me/", role="viewer", form={"name": name, "language": "en"}).status == 302
    page = office.ask("/data/people/", role="owner").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page
    office.ask("/data/me/", role="viewer", form={"name": "Viewer", "language": "en"})


@pytest.mark.parametrize("back", ["https://elsewhere.example/", "//elsewhere.example/", "javascript:x"])
def test_nobody_is_led_elsewhere(office: Any, back: str) -> None:
    answer = office.ask("/language/", role="viewer", form={"language": "en", "next": back})
    assert answer.headers["location"] == "/"


def test_behind_https_cookies_travel_by_it_alone(office: Any, environ: dict[str, str]) -> None:
    script = [sys.executable, "-c", SETTINGS, str(office.folder)]
    said = [
        subprocess.run(script, capture_output=True, text=True, check=True, env=environ | more).stdout.split()
        for more in ({}, {"CMO_URL": "https://cmo.example.org"})
    ]
    assert said == [["False", "False", "0"], ["True", "True", "31536000"]]


def test_the_key_that_signs_sessions_is_readable_by_its_owner_alone(office: Any) -> None:
    assert (office.folder / ".cmo" / "secret").stat().st_mode & 0o077 == 0
