from pathlib import Path

import pytest

from cmo.value.language import language_of, languages_of


@pytest.mark.parametrize(
    ("text", "language"),
    [("le colis est arrivé", "fr"), ("the parcel came late", "en"), ("Perfect", None), ("", None)],
)
def test_small_words_tell_the_language(text: str, language: str | None) -> None:
    assert language_of(text) == language


def test_the_other_texts_tell_what_small_words_do_not() -> None:
    texts = [
        "le colis est parfait",
        "emballage parfait pour le prix",
        "the parcel is perfect",
        "parfait",
        "perfect",
    ]
    assert languages_of(texts)[-2:] == ["fr", "en"]


@pytest.mark.shared
@pytest.mark.parametrize(("name", "language"), [("french", "fr"), ("english", "en")])
def test_real_sentences_are_told_apart(shared: Path, name: str, language: str) -> None:
    lines = (shared / f"data/value/semeval16/restaurants_train_{name}.dat").read_text("utf-8").split("\n")
    texts = [
        line.replace("$T$", aspect) for line, aspect in zip(lines[::3], lines[1::3], strict=False) if aspect
    ]
    found = [language_of(text) for text in texts]
    assert sum(one == language for one in found) / len(found) > 0.94
    assert sum(one not in {None, language} for one in found) / len(found) < 0.005
