import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmo.value.redaction import MASK, is_quote_of, redacted


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("écrivez à jeanne.durand@exemple.fr vite", f"écrivez à {MASK} vite"),
        ("mon 06 12 34 56 78 ou +33 (0)6.12.34.56.78", f"mon {MASK} ou {MASK}"),
        ("commande FR2024-88731 perdue", f"commande {MASK} perdue"),
        ("Mme Durand m'a aidée", f"{MASK} m'a aidée"),
        ("voir https://exemple.fr/x?y=1 merci", f"voir {MASK} merci"),
        ("reçu en 2 jours, 20/20 pour 49,90 €", "reçu en 2 jours, 20/20 pour 49,90 €"),
    ],
)
def test_what_tells_who_is_masked(text: str, shown: str) -> None:
    assert redacted(text) == shown


@given(
    st.lists(
        st.sampled_from(["bon", "a@b.fr", "0612345678", "Mme Durand", "colis", ",", MASK, "REF12345"])
        | st.text(max_size=8)
    )
)
def test_a_quote_is_always_in_the_text(words: list[str]) -> None:
    text = " ".join(words)
    if MASK not in text:
        assert is_quote_of(redacted(text), text)


def test_other_words_are_no_quote() -> None:
    assert not is_quote_of("livraison rapide", "livraison lente")
