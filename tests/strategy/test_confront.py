"""Confrontation: each belief gets a probability, a stance and a reason; nothing is guessed."""

from datetime import date

import numpy as np
import pytest

from cmo.measures import Estimate, Grade, Text, Unanswered, Window
from cmo.strategy.confront import confront
from cmo.strategy.document import Belief
from cmo.strategy.evidence import Evidence, windows_asked
from cmo.strategy.verdict import Stance, Stand

YEAR = Window.parse("2025")


def roi(means: dict[str, float], *, window: Window = YEAR) -> Estimate:
    rng = np.random.default_rng(5)
    return Estimate.of_draws(
        "media.roi",
        rng.normal(list(means.values()), 0.1, size=(1_000, len(means))),
        subjects=tuple(means),
        by="channel",
        unit="EUR/EUR",
        window=window,
        as_of=window.end,
        method=Text.same("simulated"),
        grade=Grade.C,
        tables=("media",),
    )


def belief(**claim: object) -> Belief:
    said = {"id": "b", "says": "TV pays", "confidence": 0.9}
    return Belief.model_validate(said | ({"claim": claim} if claim else {}))


EVIDENCE = Evidence(
    estimates=(roi({"tv": 1.0, "radio": 2.0}),),
    unanswered=(
        Unanswered(
            measure="value.nps",
            reason=Text("No opinions are known.", "Aucun avis connu."),
            unlock=("feedback",),
        ),
    ),
    during={Window.parse("2024"): Evidence(estimates=(roi({"tv": 3.0, "radio": 2.0}),))},
)


@pytest.mark.parametrize(
    ("claim", "stance"),
    [
        ({"measure": "media.roi", "of": "tv", "is": "highest"}, Stance.REFUTED),
        ({"measure": "media.roi", "of": "radio", "above": {"of": "tv", "by": 0.5}}, Stance.SUPPORTED),
        ({"measure": "media.roi", "of": "tv", "at_least": 1.0}, Stance.OPEN),
        ({"measure": "media.roi", "of": "tv", "is": "highest", "during": "2024"}, Stance.SUPPORTED),
        ({"measure": "media.roi", "of": "tv", "is": "highest", "during": "2023"}, Stance.UNMEASURABLE),
        ({"measure": "media.roi", "of": "TV", "at_least": 1.0}, Stance.UNMEASURABLE),
        ({"measure": "media.roi", "at_least": 1.0}, Stance.UNMEASURABLE),
        ({"measure": "media.roi", "of": "tv", "rising": True}, Stance.UNMEASURABLE),
        ({"measure": "value.nps", "at_least": 30}, Stance.UNMEASURABLE),
        ({"measure": "brand.awareness", "of": "us", "at_least": 0.3}, Stance.UNMEASURABLE),
        ({}, Stance.UNMEASURABLE),
    ],
)
def test_each_belief_gets_the_stance_the_evidence_bears(claim: dict[str, object], stance: Stance) -> None:
    (verdict,) = confront([belief(**claim)], EVIDENCE, previous={})
    assert verdict.stance is stance
    assert (verdict.probability is None) == (stance is Stance.UNMEASURABLE)
    assert verdict.why.en
    assert verdict.why.fr
    assert verdict.why.en != verdict.why.fr


def test_what_cannot_be_measured_names_the_table_that_would_unlock_it() -> None:
    (verdict,) = confront([belief(measure="value.nps", at_least=30)], EVIDENCE, previous={})
    assert verdict.why.en == "No opinions are known. To unlock it, give: feedback."


def test_a_verdict_remembers_where_the_belief_stood() -> None:
    before = Stand(probability=0.5, stance=Stance.OPEN)
    asked = belief(measure="media.roi", of="tv", **{"is": "highest"})
    (verdict,) = confront([asked], EVIDENCE, previous={"b": before})
    assert verdict.previous == before
    assert verdict.changed


@pytest.mark.parametrize(
    ("probability", "stance"),
    [
        (0.9, Stance.SUPPORTED),
        (0.899, Stance.OPEN),
        (0.1, Stance.REFUTED),
        (0.101, Stance.OPEN),
        (None, Stance.UNMEASURABLE),
    ],
)
def test_the_thresholds_of_the_contract_are_inclusive(probability: float | None, stance: Stance) -> None:
    assert Stance.at(probability) is stance


def test_the_windows_that_claims_ask_for_are_found_once() -> None:
    asked = [
        belief(measure="media.roi", of="tv", at_least=1, during=year).claim for year in (2024, 2023, 2024)
    ]
    assert windows_asked([claim for claim in asked if claim]) == (Window.parse("2023"), Window.parse("2024"))
    assert date(2023, 5, 1) in Window.parse("2023")
