"""What a provider tells by webhook becomes an event of the ledger; what it tells of opens does not."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from anymail.signals import AnymailTrackingEvent

from cmo.communication.consent import State
from cmo.ledger.consents import history, recipient_of, standing
from cmo.ledger.opening import close_ledger, open_ledger
from cmo.web.returned_mail import told


@pytest.fixture
def ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.delenv("CMO_DATABASE_URL", raising=False)
    open_ledger(tmp_path)
    yield tmp_path
    close_ledger()


@pytest.mark.parametrize(
    ("kind", "state"),
    [
        ("bounced", State.BLOCKED),
        ("complained", State.BLOCKED),
        ("unsubscribed", State.WITHDRAWN),
        ("opened", State.NONE),
        ("clicked", State.NONE),
        ("delivered", State.NONE),
    ],
)
def test_events_of_a_provider_are_told_once(ledger: Path, kind: str, state: State) -> None:
    event = AnymailTrackingEvent(event_type=kind, recipient="Anna@example.org", event_id="e1")
    told(None, event)
    told(None, event)
    recipient = recipient_of("anna@example.org")
    assert standing(recipient, "newsletter") is state
    assert len(history(recipient)) == (state is not State.NONE)
