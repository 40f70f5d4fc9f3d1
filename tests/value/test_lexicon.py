import pytest

from cmo.value.lexicon import marked, tone, valence, words_of


@pytest.mark.parametrize(
    ("clause", "said"),
    [
        ("emballage magnifique", 1),
        ("flacon peu pratique", -1),
        ("ce n'est pas agréable", -1),
        ("fast delivery", 1),
        ("much too expensive", -1),
        ("la peau est plus douce", 1),
        ("n'est plus bon", -1),
        ("does not work, disappointing", -1),
        ("no answer to my messages", -1),
        ("parfum écœurant", -1),
        ("reçu mardi", 0),
    ],
)
def test_words_of_praise_and_blame(clause: str, said: int) -> None:
    assert tone(clause) == said


def test_what_a_negation_reaches_is_another_word() -> None:
    assert marked(words_of("pas bon du tout, bon")) == ["pas", "not_bon", "not_du", "not_tout", ",", "bon"]


@pytest.mark.parametrize(("word", "sign"), [("excellente", 1), ("chere", -1), ("chercher", 0), ("table", 0)])
def test_stems_reach_as_far_as_they_say(word: str, sign: int) -> None:
    assert valence(word) == sign
