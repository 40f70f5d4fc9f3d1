"""Messages, what comes back of them, and clicks of machines."""

from email import message_from_bytes, policy

import pytest

from cmo.communication.consent import Kind
from cmo.communication.links import Doors, digest_of, targets, token_of
from cmo.communication.mail import Letter, marketing, plain
from cmo.communication.returned import returned_of
from cmo.communication.robots import Hit, robot_of
from cmo.loop.transport import wire

LETTER = Letter(
    subject="Bonjour\r\nBcc: all@example.org",
    preheader="<b>",
    body="Hello <you>\n\nhttps://a.example/x",
    language="en",
)


def test_a_message_carries_the_way_out_that_mailboxes_use() -> None:
    token = token_of(b"s" * 32, "c", "email", "1", "hash")
    leave = Doors(site="https://office.example").leave(token)
    mail = marketing(LETTER, to="a@example.org", sender="L <l@lumen.example>", token=token, leave=leave)
    sent = message_from_bytes(wire(mail), policy=policy.default)
    assert sent["List-Unsubscribe"] == f"<{leave}>"
    assert sent["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert sent["Message-ID"] == f"<{token}@lumen.example>"
    assert sent["Bcc"] is None
    page = sent.get_body(("html",))
    assert page is not None
    html = page.get_content()
    assert "&lt;you&gt;" in html
    assert leave in html
    assert "<img" not in html
    assert "a@example.org" not in html


def test_the_same_message_is_the_same_message_again() -> None:
    made = [
        marketing(LETTER, to="a@example.org", sender="L <l@l.example>", token="t", leave="https://x")  # noqa: S106 - no secret
        for _ in "12"
    ]
    assert made[0] == made[1]


def test_a_confirmation_has_no_list_to_leave() -> None:
    mail = plain(LETTER, to="a@example.org", sender="L <l@l.example>", token="t")  # noqa: S106 - no secret
    assert "List-Unsubscribe" not in mail.headers


def test_a_token_says_nothing_and_cannot_be_guessed() -> None:
    token = token_of(b"s" * 32, "spring", "email", "1", "anna")
    assert len(token) == 22
    assert token != token_of(b"t" * 32, "spring", "email", "1", "anna")
    assert token != token_of(b"s" * 32, "spring", "email", "1", "ann")
    assert len(digest_of(token)) == 64


def test_a_link_has_its_parameters_and_no_person() -> None:
    (link,) = targets(
        "https://a.example/x?y=1", source="newsletter", medium="email", campaign="c", content="p"
    )
    assert (
        link == "https://a.example/x?y=1&utm_source=newsletter&utm_medium=email&utm_campaign=c&utm_content=p"
    )


DSN = """\
From: MAILER-DAEMON@mx.example
To: bounces@lumen.example
Subject: Undelivered
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

It did not work.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; Anna@Example.org
Action: {action}
Status: {status}

--b
Content-Type: text/rfc822-headers

From: L <l@lumen.example>
To: anna@example.org
Message-ID: <token@lumen.example>
--b--
"""
ARF = """\
From: feedback@isp.example
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="b"

--b
Content-Type: text/plain

This is a complaint.
--b
Content-Type: message/feedback-report

Feedback-Type: {kind}
User-Agent: isp/1
Version: 1
Original-Rcpt-To: <anna@example.org>

--b
Content-Type: message/rfc822

From: L <l@lumen.example>
To: anna@example.org
Message-ID: <token@lumen.example>
Subject: Hello

Hello
--b--
"""


@pytest.mark.parametrize(
    ("action", "status", "kind"),
    [
        ("failed", "5.1.1", Kind.HARD_BOUNCE),
        ("failed", "5.4.4", Kind.HARD_BOUNCE),
        ("failed", "5.2.2", Kind.SOFT_BOUNCE),
        ("failed", "4.4.1", Kind.SOFT_BOUNCE),
        ("delayed", "4.4.1", None),
        ("delivered", "2.0.0", None),
    ],
)
def test_delivery_reports_are_read(action: str, status: str, kind: Kind | None) -> None:
    found = returned_of(DSN.format(action=action, status=status).encode())
    if kind is None:
        assert found == ()
        return
    (one,) = found
    assert (one.kind, one.address, one.message_id) == (kind, "anna@example.org", "<token@lumen.example>")


def test_complaints_are_read_and_their_contrary_is_none() -> None:
    (one,) = returned_of(ARF.format(kind="abuse").encode())
    assert (one.kind, one.address, one.message_id) == (
        Kind.COMPLAINT,
        "anna@example.org",
        "<token@lumen.example>",
    )
    assert returned_of(ARF.format(kind="not-spam").encode()) == ()


@pytest.mark.parametrize("raw", [b"", b"\xff\xfe", b"Subject: hello\n\nhello", DSN[:300].encode()])
def test_what_is_no_report_tells_nothing(raw: bytes) -> None:
    assert returned_of(raw) == ()


@pytest.mark.parametrize(
    ("hit", "why"),
    [
        (Hit(method="GET", agent="Mozilla/5.0 Firefox/140", since_sent=60.0), ""),
        (Hit(method="HEAD", agent="Mozilla/5.0", since_sent=60.0), "method"),
        (Hit(method="GET", agent="", since_sent=60.0), "agent"),
        (Hit(method="GET", agent="Barracuda Sentinel (EE)", since_sent=60.0), "agent"),
        (Hit(method="GET", agent="python-requests/2", since_sent=60.0), "agent"),
        (Hit(method="GET", agent="Mozilla/5.0", purpose="prefetch;prerender", since_sent=60.0), "prefetch"),
        (Hit(method="GET", agent="Mozilla/5.0", since_sent=0.5), "at once"),
        (Hit(method="GET", agent="Mozilla/5.0", since_sent=60.0, since_other=0.2), "together"),
        (Hit(method="GET", agent="Mozilla/5.0", since_sent=60.0, since_other=30.0), ""),
    ],
)
def test_clicks_of_machines_are_told_apart(hit: Hit, why: str) -> None:
    assert robot_of(hit) == why
