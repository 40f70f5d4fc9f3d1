"""Contacts with customers: logged, counted beside beliefs, fed back with consent, erased."""

import csv
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cmo.ledger.diary import Contact, Said, contacts
from cmo.ledger.opening import close_ledger
from cmo.ledger.strategy import apply_strategy
from cmo.loop.field_diary import (
    erased,
    heard_lately,
    keep_feedback,
    listed,
    logged,
    quota,
    voices,
)
from cmo.loop.standing import opened
from cmo.measures import Grade, Problem

TODAY = datetime.now(tz=UTC).date()
STRATEGY = """\
team:
  - {id: ceo, name: Hélène, executive: true, contacts_per_month: 1}
  - {id: awa, name: Awa}
beliefs: [{id: loyal, says: "They come back"}]
"""


@pytest.fixture
def company(tmp_path: Path) -> Iterator[Path]:
    (tmp_path / "cmo.yaml").write_text("company: {name: Boutique, currency: EUR, language: en}\n")
    (tmp_path / "strategy.yaml").write_text(STRATEGY, encoding="utf-8")
    opened(tmp_path)
    apply_strategy(tmp_path / "strategy.yaml", by="tests")
    yield tmp_path
    close_ledger()


def log(company: Path, words: str, *, who: str = "awa", bears: str = "against", **more: object) -> None:
    given = {"on": TODAY, "kind": "call", "consent": True, "customer": "c1", "segment": "once", **more}
    said = Said(words=words, belief="loyal" if bears else "", bears=bears)
    logged(company, Contact(who=who, said=(said,), **given), by="tests", language="en")  # type: ignore[arg-type]


def test_executives_have_their_quota_too(company: Path) -> None:
    log(company, "Fine", who="ceo", bears="")
    rows = {one["who"]: one for one in quota(company, language="en").data["quota"]}  # type: ignore[attr-defined]
    assert (rows["ceo"]["owes"], rows["ceo"]["executive"], rows["awa"]["owes"]) == (0, True, 2)


def test_words_stand_beside_a_belief_graded_by_how_many_said_so(company: Path) -> None:
    log(company, "I went elsewhere")
    assert voices()["loyal"].as_mapping() == {"for": 0, "against": 1, "heard_by": 1, "grade": "E"}
    for i in range(4):
        log(company, f"So did I {i}", who="ceo" if i % 2 else "awa")
    assert voices()["loyal"].grade is Grade.D
    told = heard_lately(company, language="fr")
    assert "ne change aucune probabilité" in " ".join(told.lines)


def test_words_of_those_who_agreed_become_feedback_always_the_same(company: Path) -> None:
    log(company, "Too dear", bears="")
    log(company, "Say it to nobody", bears="", consent=False)
    workspace = opened(company)
    path = company / ".cmo" / "field" / "feedback.csv"
    assert keep_feedback(workspace) == 1
    first = path.read_bytes()
    keep_feedback(workspace)
    assert path.read_bytes() == first
    (row,) = csv.DictReader(path.read_text(encoding="utf-8").splitlines())
    assert (row["text"], row["customer_id"], row["source"]) == ("Too dear", "c1", "field call")


def test_an_erased_customer_is_gone_from_diary_and_feedback(company: Path) -> None:
    log(company, "Too dear", note="Mrs Martin, 12 rue des Lilas")
    log(company, "Lovely", customer="c2", bears="for")
    keep_feedback(opened(company))
    assert erased(company, customer="c1", contact=None, language="en").data == {"erased": 1}
    assert listed(company, since=None, customer="c1", language="en").data == {"contacts": []}
    kept = {one.customer: one for one in contacts()}
    assert kept[""].said == ()
    assert kept[""].note == ""
    assert kept[""].segment == "once"
    feedback = (company / ".cmo" / "field" / "feedback.csv").read_text(encoding="utf-8")
    assert "Too dear" not in feedback
    assert "Lovely" in feedback
    erased(company, customer="c2", contact=None, language="en")
    assert not (company / ".cmo" / "field" / "feedback.csv").exists()


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"who": "eve"}, "eve is nobody of the team"),
        ({"kind": "letter"}, "letter is no kind of contact"),
        ({"on": TODAY + timedelta(3)}, "still to come"),
        ({"said": (Said(words="x", belief="loyl", bears="for"),)}, "did you mean loyal"),
        ({"said": (Said(words="x", belief="loyal"),)}, "for or against it: say which"),
        ({"said": (Said(words=" "),)}, "a verbatim is empty"),
    ],
)
def test_a_contact_that_cannot_be_is_refused(company: Path, more: dict[str, object], sentence: str) -> None:
    given: dict[str, object] = {"on": TODAY, "who": "awa", "kind": "call", **more}
    with pytest.raises(Problem, match=sentence):
        logged(company, Contact(**given), by="tests", language="en")  # type: ignore[arg-type]
    assert contacts() == ()
