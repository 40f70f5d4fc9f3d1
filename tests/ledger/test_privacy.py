"""The register of processing names every table of persons, and the ledger forgets in time."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.apps import apps

from cmo.communication.consent import Kind, State
from cmo.ledger import models, outbox, people
from cmo.ledger.consents import note_event, recipient_of, standing
from cmo.ledger.privacy import PROCESSINGS, Ends, erase, known_of, overdue, tables_of_persons
from cmo.ledger.records import Record

NO_PERSONS = {"Checkout", "Secret"}
NOW = datetime.now(tz=UTC)


def test_every_table_that_can_be_erased_says_why_it_is_kept() -> None:
    ours = {
        model.__name__
        for model in apps.get_app_config("ledger").get_models()
        if model.__module__ == "cmo.ledger.communication" and not issubclass(model, Record)
    }
    assert ours - NO_PERSONS == set(PROCESSINGS)


def test_the_register_has_the_columns_of_the_tables() -> None:
    found = {name: columns for name, columns, _ in tables_of_persons()}
    assert "address" in found["Subscriber"]
    assert "address" not in found["ConsentEvent"]
    assert "address" not in found["Outgoing"]


def message(address: str, person: str) -> outbox.Message:
    recipient = recipient_of(address)
    outbox.put(
        "spring", "email", 1, [outbox.Wanted(person=person, recipient=recipient, arm="a", token=person)]
    )
    (claimed,) = outbox.claim("spring", "email", most=1)
    outbox.hand(claimed)
    outbox.sent(claimed)
    return claimed


def test_a_person_is_told_and_erased_and_statistics_stay(ledger: Path) -> None:
    one = message("a@example.org", "C1")
    outbox.hit(one, 1, judge=lambda *_: "")
    people.keep_subscriber("a@example.org", name="Anna", language="en")
    people.register("fair", "a@example.org", name="Anna", agreed=True)
    recipient = recipient_of("a@example.org")
    note_event(recipient, Kind.ASKED, purpose="newsletter", wording="I agree")
    told = known_of(recipient, ("C1",))
    assert set(told) == {"messages", "clicks", "consents", "subscriber", "registrations"}
    erase(recipient, ("C1",))
    after = known_of(recipient, ("C1",))
    assert set(after) == {"messages", "clicks", "consents"}
    assert [row["kind"] for row in after["consents"]] == ["erased"]
    assert list(outbox.contacts()) == []
    assert outbox.tallies("spring")[0].clicked == 1
    assert standing(recipient, "newsletter") is State.BLOCKED


@pytest.mark.parametrize(("days", "gone"), [(1094, 0), (1097, 1)])
def test_three_years_after_the_last_contact_a_subscriber_is_forgotten(
    ledger: Path, days: int, gone: int
) -> None:
    people.keep_subscriber("a@example.org", name="", language="en")
    recipient = recipient_of("a@example.org")
    models.Subscriber.objects.update(last_contact_at=NOW - timedelta(days=days))
    ends = Ends(
        people=NOW - timedelta(days=1096),
        unconfirmed=NOW - timedelta(days=30),
        clicks=NOW - timedelta(days=761),
        messages=NOW - timedelta(days=1096),
        registrations=NOW - timedelta(days=365),
    )
    found = overdue(ends, confirmed=frozenset({recipient}), apply=True)
    assert found["subscribers"] == gone
    assert len(people.subscribers()) == 1 - gone


def test_a_click_counts_as_contact(ledger: Path) -> None:
    people.keep_subscriber("a@example.org", name="", language="en")
    models.Subscriber.objects.update(last_contact_at=NOW - timedelta(days=2000))
    people.touched(recipient_of("a@example.org"))
    assert (people.subscribers()[0].last_contact_at or NOW) > NOW - timedelta(minutes=5)


def test_two_senders_never_hold_one_message(ledger: Path) -> None:
    wanted = [outbox.Wanted(person="", recipient=str(at), arm="a", token=str(at)) for at in range(5)]
    assert outbox.put("post", "mastodon", 1, wanted) == 5
    assert outbox.put("post", "mastodon", 1, wanted) == 0
    first, second = outbox.claim("post", "mastodon", most=3), outbox.claim("post", "mastodon", most=3)
    assert len({one.id for one in (*first, *second)}) == 5
    assert outbox.claim("post", "mastodon", most=3) == ()
    outbox.hand(first[0])
    assert outbox.taken_up("post", "mastodon", repeatable=False) == 1
    assert len(outbox.claim("post", "mastodon", most=9)) == 4
    assert outbox.settle("post", left=False) == 1
