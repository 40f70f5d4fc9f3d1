"""Consents: laws over any sequence of events, against a plain model and against the ledger."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from cmo.communication.consent import (
    ENDS,
    Event,
    Kind,
    State,
    hashed,
    may_write,
    normal,
    state_of,
)
from cmo.ledger.consents import allowed, forget, history, note_event, recipient_of, standing
from cmo.ledger.opening import close_ledger, open_ledger

START = datetime(2026, 1, 1, tzinfo=UTC)
NEWS = "newsletter"


@st.composite
def histories(draw: st.DrawFn) -> list[Event]:
    kinds = draw(st.lists(st.sampled_from(Kind), max_size=12))
    steps = draw(st.lists(st.integers(0, 40), min_size=len(kinds), max_size=len(kinds)))
    at, found = START, []
    for kind, days in zip(kinds, steps, strict=True):
        at += timedelta(days=days)
        found.append(Event(kind=kind, at=at, purpose="" if kind in ENDS - {Kind.WITHDRAWN} else NEWS))
    return found


def event(kind: Kind, days: int = 0, purpose: str = NEWS) -> Event:
    return Event(kind=kind, at=START + timedelta(days=days), purpose=purpose)


@given(histories())
def test_an_import_never_changes_what_was_ended(events: list[Event]) -> None:
    before = state_of(events, NEWS)
    after = state_of([*events, event(Kind.IMPORTED, 999)], NEWS)
    assert after is before or (before is State.NONE and after is State.AGREED)


@given(histories())
def test_who_ended_it_is_written_to_only_after_confirming_themselves(events: list[Event]) -> None:
    ends = [at for at, one in enumerate(events) if one.kind in ENDS]
    if ends and may_write(events, NEWS):
        after = [one.kind for one in events[ends[-1] :]]
        assert Kind.ASKED in after
        assert Kind.CONFIRMED in after[after.index(Kind.ASKED) :]


@given(histories())
def test_what_is_legal_is_for_ever(events: list[Event]) -> None:
    if any(one.kind is Kind.LEGAL for one in events):
        assert state_of(events, NEWS) is State.BLOCKED


@given(histories())
def test_what_ends_a_consent_is_enough_to_know_that_it_ended(events: list[Event]) -> None:
    """The ends alone, kept as a hash after an erasure, still forbid."""
    kept = [one for one in events if one.kind in ENDS]
    if kept:
        assert not may_write(kept, NEWS)
        assert not may_write([*kept, event(Kind.IMPORTED, 999)], NEWS)


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ([], State.NONE),
        ([event(Kind.ASKED)], State.PENDING),
        ([event(Kind.ASKED), event(Kind.CONFIRMED, 1)], State.AGREED),
        ([event(Kind.ASKED), event(Kind.CONFIRMED, 31)], State.PENDING),
        ([event(Kind.CONFIRMED)], State.NONE),
        ([event(Kind.IMPORTED)], State.AGREED),
        ([event(Kind.WITHDRAWN), event(Kind.IMPORTED, 1)], State.WITHDRAWN),
        ([event(Kind.WITHDRAWN), event(Kind.ASKED, 1)], State.WITHDRAWN),
        ([event(Kind.WITHDRAWN), event(Kind.ASKED, 1), event(Kind.CONFIRMED, 2)], State.AGREED),
        ([event(Kind.ASKED), event(Kind.WITHDRAWN, 1), event(Kind.CONFIRMED, 2)], State.WITHDRAWN),
        ([event(Kind.IMPORTED), *[event(Kind.SOFT_BOUNCE, n) for n in range(3)]], State.BLOCKED),
        ([event(Kind.IMPORTED), *[event(Kind.SOFT_BOUNCE, n) for n in range(2)]], State.AGREED),
        ([event(Kind.IMPORTED), event(Kind.COMPLAINT, 1, "")], State.BLOCKED),
        ([event(Kind.IMPORTED), event(Kind.WITHDRAWN, 1, "events")], State.AGREED),
    ],
)
def test_states(events: list[Event], expected: State) -> None:
    assert state_of(events, NEWS) is expected


def test_an_address_is_one_however_it_is_written() -> None:
    assert hashed(" Anna@Example.org ", b"s" * 32) == hashed("anna@example.org", b"s" * 32)
    assert hashed("anna@example.org", b"s" * 32) != hashed("anna@example.org", b"t" * 32)
    assert normal("  A@B.c") == "a@b.c"


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("consents")
    open_ledger(folder)
    close_ledger()
    return folder / "ledger.sqlite3"


@pytest.fixture
def ledger(migrated: Path, tmp_path: Path) -> Iterator[Path]:
    shutil.copy(migrated, tmp_path / "ledger.sqlite3")
    open_ledger(tmp_path)
    yield tmp_path
    close_ledger()


class Ledgered(RuleBasedStateMachine):
    """Anything that can happen to three addresses, told to the ledger.

    A model knows who may be written to.
    """

    def __init__(self) -> None:
        super().__init__()
        Ledgered.run += 1
        self.names = [f"{name}{Ledgered.run}@example.org" for name in ("a", "b", "c")]
        self.agreed: set[str] = set()
        self.ended: set[str] = set()
        self.asked: set[str] = set()
        self.legal: set[str] = set()
        self.told: set[str] = set()

    run = 0

    @rule(at=st.integers(0, 2))
    def asks(self, at: int) -> None:
        name = self.names[at]
        note_event(recipient_of(name), Kind.ASKED, purpose=NEWS, wording="I agree", source="form")
        self.asked.add(name)

    @rule(at=st.integers(0, 2))
    def confirms(self, at: int) -> None:
        name = self.names[at]
        note_event(recipient_of(name), Kind.CONFIRMED, purpose=NEWS)
        if name in self.asked:
            self.agreed.add(name)
            self.ended.discard(name)

    @rule(at=st.integers(0, 2))
    def is_imported(self, at: int) -> None:
        self.told.add(self.names[at])

    @rule(at=st.integers(0, 2), kind=st.sampled_from(sorted(ENDS - {Kind.ERASED})))
    def ends(self, at: int, kind: Kind) -> None:
        name = self.names[at]
        note_event(recipient_of(name), kind, purpose=NEWS)
        self._ended(name)
        if kind is Kind.LEGAL:
            self.legal.add(name)

    @rule(at=st.integers(0, 2))
    def is_erased(self, at: int) -> None:
        name = self.names[at]
        forget(recipient_of(name))
        self._ended(name)

    def _ended(self, name: str) -> None:
        self.agreed.discard(name)
        self.asked.discard(name)
        self.ended.add(name)

    @invariant()
    def only_those_may_be_written_to(self) -> None:
        told = {recipient_of(name): event(Kind.IMPORTED) for name in self.told}
        found = allowed([recipient_of(name) for name in self.names], NEWS, told=told)
        expected = {
            recipient_of(name)
            for name in self.names
            if name not in self.legal
            and (
                name in self.agreed
                or (name in self.told and name not in self.ended and name not in self.asked)
            )
        }
        assert found == expected

    @invariant()
    def nothing_of_the_erased_is_left_but_hashes_and_kinds(self) -> None:
        for name in self.names:
            events = history(recipient_of(name))
            if events and events[-1].kind is Kind.ERASED:
                assert all(one.kind in ENDS and not one.wording and not one.source for one in events)


def test_the_ledger_keeps_the_laws_of_consent(ledger: Path) -> None:
    checked = settings(
        max_examples=12,
        stateful_step_count=12,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        database=None,
    )
    run_state_machine_as_test(Ledgered, settings=checked)


def test_an_erasure_keeps_the_suppression(ledger: Path) -> None:
    who = recipient_of("anna@example.org")
    note_event(who, Kind.ASKED, purpose=NEWS, wording="I agree", source="form")
    note_event(who, Kind.CONFIRMED, purpose=NEWS, source="page")
    assert standing(who, NEWS) is State.AGREED
    assert forget(who) == 2
    assert standing(who, NEWS) is State.BLOCKED
    assert allowed([who], NEWS, told={who: event(Kind.IMPORTED)}) == frozenset()
