"""What a terminal and a program are told of customers, in both languages."""

from datetime import date

import numpy as np
import pytest

from cmo.briefs.action_answers import actions_answer
from cmo.briefs.cohort_answers import cohorts_answer, identities_answer, unknown_answer
from cmo.briefs.customer_answers import groups_answer, list_answer, segments_answer
from cmo.customers.counts.cohorts import triangle
from cmo.customers.counts.identity import identities
from cmo.customers.evidence_known import Cohorts, Fact, Knowledge
from cmo.customers.response.actions import NOTHING, Action
from cmo.customers.segmentation.discovery import Cluster, Discovery
from cmo.measures import DRAWS, Estimate, Grade, Language, Text, Window

ABOUT = {
    "as_of": "2026-11-22",
    "horizon_days": 365,
    "annual_rate": 0.1,
    "currency": "EUR",
    "model": "BG/NBD",
    "seasonal": True,
    "of": "a fingerprint",
}
CUSTOMER = {
    "customer_id": "C1",
    "segment": "overdue",
    "last_on": "2026-07-03",
    "alive": 0.415,
    "orders": 3.07,
    "orders_low": 0,
    "orders_median": 2,
    "orders_high": 12,
    "value": 291.0,
    "value_low": 0.0,
    "value_high": 1_166.0,
    "at_stake": 410.0,
}


@pytest.mark.parametrize(("language", "label"), [("en", "overdue"), ("fr", "en retard")])
def test_a_customer_is_a_line_with_both_ends(language: Language, label: str) -> None:
    found = list_answer([CUSTOMER], about=ABOUT, of=12, language=language, at_stake=410.0)
    assert found.body[0][:3] == ("C1", label, "2026-07-03")
    assert len(found.head) == len(found.body[0])
    assert "2026-11-22" in found.lines[0]
    assert ("business time" if language == "en" else "temps saisonnier") in found.lines[0]
    assert "12" in found.lines[1]
    assert found.data["customers"] == [CUSTOMER]


def test_segments_are_told_in_sentences_with_their_moves() -> None:
    moves = Estimate.of_draws(
        "customers.migration",
        np.tile([0.53, 0.3], (DRAWS, 1)),
        subjects=("champions → champions", "champions → lost"),
        by="move",
        window=Window.parse("2026"),
        as_of=date(2026, 11, 22),
        unit="share",
        method=Text("told", "dit"),
        grade=Grade.C,
        tables=("orders",),
    )
    row = {
        "name": "overdue",
        "customers": 412,
        "share": 0.08,
        "value": {"mean": 61_000.0, "q05": 55_000.0, "q95": 67_000.0},
        "at_stake": 9_000.0,
        "usual_gap_days": 23.0,
        "silent_days": 71.0,
        "alive": 0.5,
    }
    found = segments_answer([row], about=ABOUT, moves=(moves,), language="en")
    assert found.lines[1] == (
        "412 customers worth €61,000 have come back before but are silent for longer than they used to be: "
        "usual gap 23 days, silent for 71."
    )
    assert (
        found.lines[2] == "Of the champions of a year ago, 53.0% are so still and 30.0% are most likely gone."
    )
    assert found.data["migration"][0]["from"] == "champions"  # type: ignore[index]
    assert len(found.head) == len(found.body[0])


@pytest.mark.parametrize("language", ["en", "fr"])
def test_groups_tell_how_stable_they_are(language: Language) -> None:
    cluster = Cluster(
        customers=2_457,
        customers_low=2_308,
        customers_high=2_518,
        value=501_134.0,
        value_low=482_872.0,
        value_high=509_720.0,
        jaccard=0.96,
        medians={"occasions": 8.0, "silent_days": 32.0, "amount": 48.58, "known_days": 575.0},
    )
    found = Discovery(clusters=(cluster,), cluster=np.zeros(3, dtype=int), adjusted_rand=0.5, tried={3: 0.5})
    told = groups_answer(found, about=ABOUT, language=language)
    assert ("use the segments by rule" if language == "en" else "préférez les segments") in told.lines[0]
    assert told.data["groups"][0]["stable"] is True  # type: ignore[index]
    assert told.body[0][0] == "group-1"


def test_a_cohort_shows_what_was_seen_and_in_brackets_what_will_be() -> None:
    reached = np.zeros((2, 12), dtype=bool)
    reached[0, :2] = reached[1, 0] = True
    rng = np.random.default_rng(0)
    found = Cohorts(
        months=(Window.parse("2026-08"), Window.parse("2026-09")),
        size=np.array([200, 100]),
        triangle=triangle(np.full((2, 12), 20), np.array([200, 100]), reached=reached, rng=rng),
    )
    told = cohorts_answer(found, language="en")
    assert told.body[0][:4] == ("2026-08", "200", "10.0%", "10.0%")
    assert told.body[1][3].startswith("(")
    assert [one["seen"] for one in told.data["cohorts"][1]["retention"]] == [True, False]  # type: ignore[index]


def test_what_is_not_known_is_told_with_its_age() -> None:
    known = Knowledge(
        records=10,
        facts=(Fact(name="email", known=0.9),),
        strangers=3,
        last={"orders": date(2026, 11, 1)},
        as_of=date(2026, 11, 22),
    )
    told = unknown_answer(known, unidentified=None, language="fr")
    assert told.lines == ("3 clients ont commandé et n’ont pas de fiche.",)
    assert told.data["tables"] == [{"table": "orders", "last": "2026-11-01", "age_days": 21}]


def test_one_person_is_told_with_the_key_half_hidden() -> None:
    found = identities({"email": [("a", "x.y@shop.org"), ("b", "X.Y@shop.org")]})
    told = identities_answer(found, worth={"a": 10.0, "b": 5.0}, language="en", currency="EUR")
    assert told.body[0] == ("a", "a, b", "€15.00", "email x…@shop.org")


def test_doing_nothing_is_said_where_no_contact_pays() -> None:
    nothing = Action(segment=0, arm=NOTHING, customers=0, profit=np.zeros(10))
    mail = Action(segment=1, arm="mail: letter", customers=50, profit=np.full(10, 120.0))
    alone = actions_answer([nothing], customers=[9], cost=1.0, budget=5.0, currency="EUR", language="en")
    assert alone.lines[0].startswith("Do nothing")
    both = actions_answer(
        [mail, nothing], customers=[9, 80], cost=1.0, budget=50.0, currency="EUR", language="fr"
    )
    assert both.lines[0].startswith("Contacter 50 clients")
    assert both.data["spent"] == 50.0
