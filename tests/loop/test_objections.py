"""Objections answered with facts: figures are names, and what no fact answers is said to be so."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pytest

from cmo.ledger.opening import close_ledger
from cmo.ledger.reviews import Run, remember_review
from cmo.loop.objections import answered, asked, kit, listed, noted
from cmo.loop.standing import opened
from cmo.measures import Estimate, Grade, Problem, Text, Window
from cmo.strategy.evidence import Evidence


def estimate(
    measure: str, centre: tuple[float, ...], subjects: tuple[str, ...], by: str, unit: str
) -> Estimate:
    draws = np.array(centre) * (1 + 0.02 * np.random.default_rng(1).standard_normal((2000, len(centre))))
    return Estimate.of_draws(
        measure,
        draws,
        subjects=subjects,
        by=by,
        unit=unit,
        window=Window.parse("2026"),
        as_of=date(2026, 11, 1),
        method=Text.same("counted"),
        grade=Grade.C,
        tables=("orders",),
    )


@pytest.fixture
def company(tmp_path: Path) -> Iterator[Path]:
    (tmp_path / "cmo.yaml").write_text("company: {name: Boutique, currency: EUR, language: en}\n")
    opened(tmp_path)
    found = (
        estimate("sales.revenue", (5e6,), ("total",), "total", "EUR"),
        estimate("media.roi", (0.5, 1.5), ("tv", "radio"), "channel", "EUR/EUR"),
        estimate("customers.clv", (80.0, 20.0), ("champions", "once"), "segment", "EUR"),
        estimate("value.satisfaction", (0.8, 0.4), ("scent", "delivery"), "aspect", "share"),
    )
    run = Run(started_at=datetime.now(tz=UTC), fingerprint="f:f", seed=0, engine="duckdb", version="1")
    remember_review(run, evidence=Evidence(estimates=found), verdicts=())
    yield tmp_path
    close_ledger()


def note(
    company: Path, audience: str = "board", says: str = "TV is money thrown away", segment: str = ""
) -> None:
    noted(company, audience, says, segment=segment, raised_by="", by="tests", language="en")


def test_an_answer_is_written_with_its_facts(company: Path) -> None:
    note(company)
    told = answered(
        company,
        1,
        Text("It brings {{media.roi:tv}} a euro.", "Elle rapporte {{media.roi:tv}}."),
        by="x",
        language="en",
    )
    (row,) = told.data["objections"]  # type: ignore[misc]
    assert row["answer"].startswith("It brings 0.50 (0.48 to 0.52) [media.roi:tv, 2026-11-01, C] a euro.")
    assert row["facts"] == ["media.roi:tv"]
    french = listed(company, audience="board", language="fr").lines
    assert "Elle rapporte 0,50 (0,48 à 0,52)" in " ".join(french)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("It brings 2 euros.", "a figure is typed"),
        ("It brings {{media.roi}}.", "say of what, as {{media.roi:radio}}"),
        ("It brings {{media.roi:radi}}.", "not known for radi; did you mean radio"),
        ("It brings {{media.ro:tv}}.", "no measure is called media.ro; did you mean media.roi"),
        ("We are known by {{brand.awareness}}.", "brand.awareness is not known"),
        (" ", "an answer is empty"),
    ],
)
def test_figures_that_are_typed_or_unknown_are_refused(company: Path, words: str, sentence: str) -> None:
    note(company)
    with pytest.raises(Problem) as refused:
        answered(company, 1, Text.same(words), by="x", language="en")
    assert sentence in str(refused.value.sentences[0])
    assert listed(company, audience=None, language="en").data["objections"][0]["answer"] is None  # type: ignore[index]


def test_an_audience_nobody_knows_is_refused(company: Path) -> None:
    with pytest.raises(Problem, match="no audience: known are board"):
        note(company, "bored")
    with pytest.raises(Problem, match="there is no objection 7"):
        answered(company, 7, Text.same("x"), by="x", language="en")


def test_the_kit_brings_together_whom_to_call_what_to_say_and_what_they_say(company: Path) -> None:
    note(company, "customers", "Delivery is slow", "once")
    note(company, "customers", "Too dear", "champions")
    told = kit(company, segment="once", language="en").data
    assert [one["segment"] for one in told["call"]] == ["once"]  # type: ignore[attr-defined]
    assert told["arguments"][0].startswith("Satisfaction, scent: 80")  # type: ignore[index]
    assert [one["says"] for one in told["objections"]] == ["Delivery is slow"]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("question", "measure", "subject"),
    [
        ("How much did we sell?", "sales.revenue", "total"),
        ("Quel est notre chiffre d'affaires ?", "sales.revenue", "total"),
        ("La radio est-elle rentable ?", "media.roi", "radio"),
        ("Are customers satisfied with the scent? Their satisfaction?", "value.satisfaction", "scent"),
    ],
)
def test_a_question_is_answered_by_the_nearest_fact(
    company: Path, question: str, measure: str, subject: str
) -> None:
    first = asked(company, question, language="en").data["facts"][0]  # type: ignore[index]
    assert (first["measure"], first["subject"]) == (measure, subject)


def test_what_no_fact_answers_is_said_to_be_so(company: Path) -> None:
    told = asked(company, "What do our spaceships eat?", language="en")
    assert told.data["facts"] == []
    assert "No fact answers this" in told.lines[0]
