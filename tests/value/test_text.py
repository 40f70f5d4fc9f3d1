from datetime import date, datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest

from cmo.measures import Estimate
from cmo.value.aspects import aspect_of, clauses
from cmo.value.sentiment import learned, parting
from cmo.value.text_evidence import aspects
from cmo.warehouse.field import Field

GOOD = {"delivery": "livraison rapide", "price": "bon rapport qualité-prix", "scent": "the scent is lovely"}
BAD = {"delivery": "colis perdu", "price": "beaucoup trop cher", "scent": "horrible smell"}
CONTENT = {"delivery": 0.35, "price": 0.6, "scent": 0.8}


def world(rng: np.random.Generator, n: int) -> tuple[list[str], np.ndarray]:
    """Opinions that name two aspects, with a mark that follows from all three."""
    texts, marks = [], np.zeros(n)
    for i in range(n):
        good = {name: rng.uniform() < chance for name, chance in CONTENT.items()}
        marks[i] = 1 + sum(good.values()) + (rng.uniform() < 0.5)
        named = rng.permutation(list(CONTENT))[:2]
        texts.append(" mais ".join(GOOD[name] if good[name] else BAD[name] for name in named) + ".")
    return texts, marks


@pytest.mark.parametrize(
    ("clause", "aspect"),
    [
        ("Livraison en retard", "delivery"),
        ("the parcel arrived damaged", "delivery"),
        ("bon rapport qualité-prix", "price"),
        ("much too EXPENSIVE", "price"),
        ("l'odeur est forte", "scent"),
        ("customer service cannot be reached", "service"),
        ("je recommande", None),
    ],
)
def test_aspects_are_named_in_both_languages(clause: str, aspect: str | None) -> None:
    assert aspect_of(clause) == aspect


def test_an_opinion_falls_into_its_clauses() -> None:
    assert clauses("Parfait ! Texture agréable mais livraison lente.") == [
        "Parfait",
        "Texture agréable",
        "livraison lente",
    ]


def test_the_tone_is_learned_from_the_companys_own_marks() -> None:
    texts, marks = world(np.random.default_rng(1), 600)
    sentiment = learned(texts, marks >= 4)
    assert sentiment is not None
    assert sentiment.tone(list(GOOD.values())).min() > 0 > sentiment.tone(list(BAD.values())).max()


def test_too_few_opinions_teach_nothing() -> None:
    texts, marks = world(np.random.default_rng(2), 60)
    assert learned(texts, marks >= 4) is None


def test_satisfaction_by_aspect_is_near_the_truth() -> None:
    texts, marks = world(np.random.default_rng(3), 1500)
    table = pa.table(
        {
            "feedback_id": [str(i) for i in range(1500)],
            "at": [datetime(2025, 1, 1) + timedelta(hours=i) for i in range(1500)],  # noqa: DTZ001 - the tables' own clock
            "text": texts,
            "rating": marks,
            "rating_max": np.full(1500, 5.0),
        }
    )
    field = Field.of_tables({"feedback": table}, as_of=date(2025, 4, 1))
    (found,) = aspects(field, rng=np.random.default_rng(1))
    assert isinstance(found, Estimate)
    assert found.subjects == ("delivery", "price", "scent")
    assert found.location == pytest.approx(list(CONTENT.values()), abs=0.05)


def test_two_heaps_are_parted_and_one_is_not() -> None:
    rng = np.random.default_rng(4)
    heaps = np.concatenate([rng.normal(-2.5, 0.2, 50), rng.normal(-0.3, 0.2, 150)])
    assert -2 < parting(heaps) < -0.7
    assert parting(rng.normal(1.0, 0.3, 200)) == 0
