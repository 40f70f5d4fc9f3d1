"""A decision's worth of work, end to end, on a machine without internet.

Drafted, approved, sent, clicked, learnt.
"""

import csv
import random
import re
import shutil
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from cmo.communication import robots
from cmo.communication.claims import Proof
from cmo.communication.consent import Kind, State
from cmo.ledger import outbox
from cmo.ledger.consents import note_event, recipient_of, standing
from cmo.ledger.opening import close_ledger
from cmo.ledger.verdicts import verdicts
from cmo.loop import campaign_life, campaigns, consenting, privacy
from cmo.loop.campaign_learning import learnt
from cmo.loop.clicks import follow
from cmo.loop.living import Lesson
from cmo.loop.observing import observe
from cmo.loop.review import review
from cmo.loop.sending import send, settle
from cmo.loop.standing import opened
from cmo.loop.unchanged import last_answer_or_news
from cmo.measures import Problem, Text

STRATEGY = """\
positioning:
  we_are: {en: a house, fr: une maison}
  that: {en: shows where each ingredient comes from, fr: montre d'où vient chaque ingrédient}
  unlike: {en: brands that only show faces, fr: des marques qui ne montrent que des visages}
team:
  - {id: claire, name: Claire, role: Content, skills: {copy: 4}, hours_per_week: 35}
  - {id: bruno, name: Bruno, role: Media, skills: {media: 4}, hours_per_week: 35}
beliefs:
  - {id: figure-first, says: {en: A figure draws more, fr: Un chiffre attire plus}, confidence: 0.5,
     claim: {measure: experiments.lift, of: campaign-adresses, at_least: 0}}
"""


def quiet(_step: Text) -> None:
    """Nobody watches."""


@dataclass
class Mailbox:
    """A real SMTP server on loopback, and what it took."""

    port: int = 0
    mails: list[tuple[str, bytes]] = field(default_factory=list)
    refuse: set[str] = field(default_factory=set)

    async def handle_RCPT(  # noqa: N802
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if address in self.refuse:
            return "550 5.1.1 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        self.mails.append((envelope.rcpt_tos[0], envelope.content))
        return "250 OK"

    def token_to(self, address: str) -> str:
        content = next(mail for to, mail in reversed(self.mails) if to == address)
        found = re.search(rb"Message-ID: <([\w-]+)@", content)
        assert found is not None
        return found[1].decode()


@pytest.fixture(scope="module")
def server() -> Iterator[Mailbox]:
    box = Mailbox()
    controller = Controller(box, hostname="127.0.0.1", port=_free_port())
    controller.start()
    box.port = controller.port
    yield box
    controller.stop()
    for thread in threading.enumerate():
        if thread is not threading.current_thread() and thread.name.startswith("Thread-"):
            thread.join(1)


@pytest.fixture
def mailbox(server: Mailbox) -> Mailbox:
    server.mails.clear()
    server.refuse.clear()
    return server


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def company(folder: Path, *, port: int, customers: int = 300) -> Path:
    """A small company with customers, of whom four in five agreed to be written to."""
    (folder / "data").mkdir(parents=True)
    (folder / "cmo.yaml").write_text(
        "company: {name: Maison Lumen, currency: EUR, language: en, timezone: Europe/Paris}\n"
        "sources:\n  orders: {path: data/orders.csv}\n  customers: {path: data/customers.csv}\n"
        "  feedback: {path: data/feedback.csv}\n"
        "communication:\n  sender: Maison Lumen <hello@lumen.example>\n  office: http://localhost:8000\n"
        "  site: https://lumen.example/ingredients\n"
        f'  mail: {{smtp: "smtp://127.0.0.1:{port}", per_minute: 100000}}\n'
        '  mandatory: ["Maison Lumen SAS, Lyon"]\n  forbidden: [miracle]\n',
        encoding="utf-8",
    )
    (folder / "strategy.yaml").write_text(STRATEGY, encoding="utf-8")
    lot, today = random.Random(1), datetime.now(tz=UTC).date()
    people = [["customer_id", "email", "name", "email_consent_at", "unsubscribed_at"]]
    orders, words = [["order_id", "customer_id", "ordered_at", "revenue"]], []
    for at in range(customers):
        agreed = "2025-01-01" if at % 5 else ""
        gone = "2025-06-01" if at % 25 == 1 else ""
        people.append([f"C{at}", f"c{at}@example.org", f"Anna {at}", agreed, gone])
        day = today - timedelta(days=lot.randrange(1, 300))
        orders.append([f"O{at}", f"C{at}", day.isoformat(), str(20 + at % 7)])
    for at in range(60):
        said = (
            "The texture is soft and melting, a pleasure." if at % 2 else "It works, the result is visible."
        )
        day = today - timedelta(days=at)
        words.append([f"F{at}", day.isoformat(), said, "5" if at % 6 else "2", "5", f"C{at}"])
    _table(folder / "data" / "customers.csv", people)
    _table(folder / "data" / "orders.csv", orders)
    _table(
        folder / "data" / "feedback.csv",
        [["feedback_id", "at", "text", "rating", "rating_max", "customer_id"], *words],
    )
    return folder


def _table(path: Path, rows: list[list[str]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)


def reviewed(folder: Path) -> None:
    found = last_answer_or_news(folder, progress=quiet, language="en")
    if not hasattr(found, "lines"):
        review(folder, found, progress=quiet, language="en")


def read_again(folder: Path) -> None:
    """Read the sources without a whole review."""
    workspace = opened(folder)
    with workspace.writing():
        observe(workspace, progress=quiet)


@pytest.fixture(scope="module")
def prepared(server: Mailbox, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A company that was reviewed once; each test has a copy."""
    folder = company(tmp_path_factory.mktemp("prepared") / "acme", port=server.port)
    reviewed(folder)
    close_ledger()
    return folder


@pytest.fixture
def acme(prepared: Path, tmp_path: Path, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.delenv("CMO_DATABASE_URL", raising=False)
    monkeypatch.setattr(robots, "AT_ONCE", 0.0)
    shutil.copytree(prepared, tmp_path / "acme")
    yield tmp_path / "acme"
    close_ledger()


def scheduled(folder: Path, name: str = "adresses", *, batch: int = 60, **more: Any) -> None:
    wanted = campaigns.Wanted(id=name, **{"goal": "Bring them back", "belief": "figure-first"} | more)
    campaigns.new(folder, wanted, by="claire", language="en")
    campaign_life.with_plan(folder, name, first=0.5, batch=batch, by="claire")
    campaign_life.ask(folder, name, by="claire", language="en")
    campaign_life.approve(folder, name, approved=True, words="", by="bruno", language="en")
    campaign_life.schedule(folder, name, on=date.today(), embargo=None, by="claire", language="en")  # noqa: DTZ011


def sent(folder: Path, name: str = "adresses") -> dict[str, Any]:
    return dict(send(folder, name, by="claire", progress=quiet, language="en").data)


@pytest.mark.slow
def test_from_brief_to_belief(acme: Path, mailbox: Mailbox) -> None:
    scheduled(acme)
    shown = campaigns.shown(acme, "adresses", language="en").data
    assert shown["brief"]["insight"]["verbatim"] in {
        "The texture is soft and melting, a pleasure.",
        "It works, the result is visible.",
    }
    assert all(one["distance"] >= 0.5 for one in shown["distances"])
    arms = [one["id"] for one in shown["concepts"]]

    first = sent(acme)
    assert first["sent"] == first["put"] == len(mailbox.mails)
    assert {to for to, _ in mailbox.mails} <= {
        f"c{at}@example.org" for at in range(300) if at % 5 and at % 25 != 1
    }
    by_arm = {one.arm: one for one in outbox.tallies("adresses")}
    assert abs(by_arm[arms[0]].sent - by_arm[arms[1]].sent) <= 1

    rates, lot = {arms[0]: 0.7, arms[1]: 0.25}, random.Random(2)
    for message in outbox.messages("adresses"):
        address = f"c{message.person[1:]}@example.org"
        token = mailbox.token_to(address)
        assert follow(token, 1, method="GET", agent="Barracuda scanner", purpose="")
        if lot.random() < rates[message.arm]:
            to = follow(token, 1, method="GET", agent="Mozilla/5.0 Firefox/140.0", purpose="")
            assert to is not None
            assert to.startswith("https://lumen.example/ingredients?utm_source=newsletter&utm_medium=email")
            assert "example.org" not in to

    second = sent(acme)
    tallies = [one for one in outbox.tallies("adresses") if one.batch == 1]
    shifted = {one.arm: one.sent for one in tallies}
    assert shifted[arms[0]] > 0.8 * second["sent"]

    while sent(acme)["to_come"]:
        pass
    assert len(mailbox.mails) == len({to for to, _ in mailbox.mails})
    told = learnt(
        acme,
        "adresses",
        Lesson(id="figures", says="Figures draw"),
        words="go on",
        by="bruno",
        progress=quiet,
        language="en",
    )
    assert told.data["campaign"] == "adresses"
    reviewed(acme)
    belief = next(one for one in verdicts() if one.belief == "figure-first")
    assert belief.probability is not None
    assert belief.probability > 0.9
    assert belief.grade is not None
    assert belief.grade.value == "A"


@pytest.mark.slow
def test_who_wrote_it_does_not_approve_and_a_change_asks_anew(acme: Path) -> None:
    campaigns.new(acme, campaigns.Wanted(id="one", goal="Try"), by="claire", language="en")
    campaign_life.ask(acme, "one", by="bruno", language="en")
    with pytest.raises(Problem, match="somebody else must approve"):
        campaign_life.approve(acme, "one", approved=True, words="", by="claire", language="en")
    campaign_life.approve(acme, "one", approved=True, words="", by="ann", language="en")
    piece = campaigns.shown(acme, "one", language="en").data["pieces"][0]["id"]
    body = "The best cream ever. {{link}}\n\nMaison Lumen SAS, Lyon"
    campaigns.edit(acme, "one", campaigns.Edit(piece=piece, body=body), by="claire", language="en")
    with pytest.raises(Problem, match="not approved as it is"):
        campaign_life.schedule(acme, "one", on=date.today(), embargo=None, by="claire", language="en")  # noqa: DTZ011
    with pytest.raises(Problem, match="has no proof"):
        campaign_life.ask(acme, "one", by="claire", language="en")
    claim = next(
        one for one in campaigns.shown(acme, "one", language="en").data["claims"] if one["proof"] is None
    )
    proof = Proof(says="First of nine in a test", source="https://example.org/test", given_by="ann")
    campaigns.prove(acme, "one", claim["id"], proof, language="en")
    campaign_life.ask(acme, "one", by="claire", language="en")


@pytest.mark.slow
def test_only_who_may_be_written_to_is_and_what_comes_back_counts(acme: Path, mailbox: Mailbox) -> None:
    gone, bad = "c2@example.org", "c3@example.org"
    opened(acme)
    note_event(recipient_of(gone), Kind.COMPLAINT, purpose="")
    mailbox.refuse.add(bad)
    scheduled(acme, batch=500)
    campaign_life_first = sent(acme)
    while sent(acme)["to_come"]:
        pass
    addresses = {to for to, _ in mailbox.mails}
    assert gone not in addresses
    assert bad not in addresses
    assert campaign_life_first["doubtful"] == 0
    assert standing(recipient_of(bad), "newsletter") is State.BLOCKED

    leaver = "c4@example.org"
    token = mailbox.token_to(leaver)
    assert consenting.leave(token, source="one-click")
    assert consenting.leave(token, source="one-click")
    assert standing(recipient_of(leaver), "newsletter") is State.WITHDRAWN
    read_again(acme)
    scheduled(acme, "zwei", batch=500)
    before = len(mailbox.mails)
    sent(acme, "zwei")
    while sent(acme, "zwei")["to_come"]:
        pass
    assert leaver not in {to for to, _ in mailbox.mails[before:]}

    privacy.export(acme, "c6@example.org", to=acme / "c6.json", by="ann", language="en")
    told = privacy.erased(acme, "c6@example.org", by="ann", language="en").data
    assert any("customers.csv" in one for one in told["sources"])
    assert standing(recipient_of("c6@example.org"), "newsletter") is State.BLOCKED
    for path in (acme / ".cmo" / "field").glob("*.csv"):
        assert "C6," not in path.read_text(encoding="utf-8")
    (acme / "data" / "customers.csv").touch()
    read_again(acme)
    with pytest.raises(Problem, match="nothing is known"):
        privacy.export(acme, "C6", to=acme / "c6.json", by="ann", language="en")
    assert settle(acme, "zwei", left=True, by="ann", language="en").data["settled"] == 0


@pytest.mark.slow
def test_a_subscriber_confirms_before_anything_is_sent(acme: Path, mailbox: Mailbox) -> None:
    here = opened(acme)
    address = "new@example.net"
    asking = consenting.Asking(address=address, purpose="newsletter", source="/open/join/")
    consenting.ask(here, asking, language="fr")
    consenting.ask(here, asking, language="fr")
    assert [to for to, _ in mailbox.mails] == [address]
    assert standing(recipient_of(address), "newsletter") is State.PENDING
    token = mailbox.token_to(address)
    assert consenting.confirmable(token) == "newsletter"
    assert standing(recipient_of(address), "newsletter") is State.PENDING
    assert consenting.confirm(token)
    assert consenting.confirm(token)
    assert standing(recipient_of(address), "newsletter") is State.AGREED
    assert not consenting.confirm("nothing")
