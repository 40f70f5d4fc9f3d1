from datetime import date, datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest

from cmo.measures import Estimate
from cmo.value.aspects import ASPECTS, LABELS, aspect_of, clauses
from cmo.value.contentment import Clauses, read
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
        ("je suis allée en chercher", None),
        ("l'odeur est forte", "scent"),
        ("customer service cannot be reached", "service"),
        ("produit inefficace", "efficacy"),
        ("je recommande", None),
    ],
)
def test_aspects_are_named_in_both_languages(clause: str, aspect: str | None) -> None:
    assert aspect_of(clause) == aspect


def test_every_aspect_has_a_name_for_people() -> None:
    assert ASPECTS.keys() == LABELS.keys()


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (
            "Parfait ! Texture agréable mais livraison lente.",
            ["Parfait", "Texture agréable", "livraison lente"],
        ),
        (
            "Texture légère et livraison en retard et fragile",
            ["Texture légère", "livraison en retard et fragile"],
        ),
        ("Service client à l'écoute et efficace", ["Service client à l'écoute et efficace"]),
        ("Colis perdu, jeanne.durand@exemple.fr. Cher", ["Colis perdu, jeanne.durand@exemple.fr", "Cher"]),
        ("The texture is sticky and much too greasy", ["The texture is sticky and much too greasy"]),
    ],
)
def test_an_opinion_falls_into_its_clauses(text: str, parts: list[str]) -> None:
    assert clauses(text) == parts


def heap(rng: np.random.Generator, n: int) -> tuple[Clauses, np.ndarray]:
    texts, marks = world(rng, n)
    named = [(i, aspect_of(part) or "", part) for i, text in enumerate(texts) for part in clauses(text)]
    names = tuple(CONTENT)
    return Clauses(
        texts=tuple(part for _, _, part in named),
        opinion=np.array([i for i, _, _ in named]),
        aspect=np.array([names.index(name) for _, name, _ in named]),
        aspects=names,
    ), marks / 5


def test_contentment_is_learned_from_marks_where_the_list_is_silent() -> None:
    said, marks = heap(np.random.default_rng(1), 800)
    strange = {
        text: f"{name} {mood}"
        for name in CONTENT
        for mood, of in (("zig", GOOD), ("zag", BAD))
        for text in (of[name],)
    }
    said = Clauses(
        texts=tuple(strange[text] for text in said.texts),
        opinion=said.opinion,
        aspect=said.aspect,
        aspects=said.aspects,
    )
    found = read(said, marks, rng=np.random.default_rng(2))
    truth = np.array([text.endswith("zig") for text in said.texts])
    assert np.mean(found.content == truth) > 0.95
    assert found.bearing is not None


def test_too_few_marks_leave_the_list_alone() -> None:
    said, marks = heap(np.random.default_rng(2), 60)
    found = read(said, np.where(np.arange(60) < 20, marks, np.nan), rng=np.random.default_rng(2))
    assert found.bearing is None
    assert found.content.tolist() == [text in GOOD.values() for text in said.texts]


def table(texts: list[str], marks: np.ndarray) -> pa.Table:
    n = len(texts)
    return pa.table(
        {
            "feedback_id": [str(i) for i in range(n)],
            "at": [datetime(2025, 1, 1) + timedelta(hours=i) for i in range(n)],  # noqa: DTZ001 - the tables' own clock
            "text": texts,
            "rating": marks,
            "rating_max": np.full(n, 5.0),
        }
    )


def test_satisfaction_by_aspect_is_near_the_truth() -> None:
    texts, marks = world(np.random.default_rng(3), 1500)
    field = Field.of_tables({"feedback": table(texts, marks)}, as_of=date(2025, 4, 1))
    found = {one.measure: one for one in aspects(field, rng=np.random.default_rng(1))}
    satisfaction, spoken, driver = (
        found[f"value.{name}"] for name in ("satisfaction", "topic_share", "driver")
    )
    assert isinstance(satisfaction, Estimate)
    assert satisfaction.subjects == ("delivery", "price", "scent")
    assert satisfaction.location == pytest.approx(list(CONTENT.values()), abs=0.05)
    assert spoken.location == pytest.approx([2 / 3] * 3, abs=0.04)
    assert driver.location == pytest.approx([0.2] * 3, abs=0.06)


def test_marks_that_nobody_gave_leave_a_doubt() -> None:
    texts, marks = world(np.random.default_rng(3), 200)
    rows = table(texts, marks).drop_columns(["rating", "rating_max"])
    found = aspects(Field.of_tables({"feedback": rows}), rng=np.random.default_rng(1))
    assert [one.measure for one in found] == ["value.satisfaction", "value.topic_share"]
    assert [doubt.code for doubt in found[0].doubts] == ["list_alone"]
