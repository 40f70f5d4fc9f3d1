"""The language of a text: French, English, or not to be told."""

from collections import Counter
from collections.abc import Sequence

from cmo.measures import Language
from cmo.value.lexicon import words_of

_FRENCH_WORDS = """
a ai apres au aucun aussi autre aux avec avez avoir avons beaucoup bien bon c car ce cela ces cet
cette chez comme d dans de des deux du elle elles en encore entre est et etait etre fait faut font
il ils j je jamais l la le les leur lui m ma mais me meme mes moi moins mon n ne nos notre nous on
ont ou par pas peu plus pour pourtant qu quand que qui rien s sa sans se ses si son sont sous suis
sur t te ton tous tout toute tres trop tu un une vers voir vos votre vous y
"""
FRENCH = frozenset(_FRENCH_WORDS.split())
_ENGLISH_WORDS = """
a about after all also am an and any are as at be been but by came can could did do does for from
get had has have he her here him his how i if in is it its just like me more most much my never no
not of on one only or our out over she so some than that the their them then there they this to too
us very was we were what when which who will with would you your
"""
ENGLISH = frozenset(_ENGLISH_WORDS.split())
LETTERS = frozenset("éèêàâçùûôîœëï")


def language_of(text: str) -> Language | None:
    """The language in which a text is written.

    Counts the small words of each language, and French letters; a tie or none is not to be told.

    Args:
        text: Any text.
    """
    words = Counter(words_of(text))
    french = sum(n for word, n in words.items() if word in FRENCH)
    english = sum(n for word, n in words.items() if word in ENGLISH)
    french += sum(letter in LETTERS for letter in text.lower())
    if french == english:
        return None
    return "fr" if french > english else "en"


def languages_of(texts: Sequence[str]) -> list[Language | None]:
    """The language of each text; what small words do not tell follows from the words of the other texts.

    Args:
        texts: Texts of one company.
    """
    found = [language_of(text) for text in texts]
    seen: dict[str, Counter[str]] = {"fr": Counter(), "en": Counter()}
    for text, language in zip(texts, found, strict=True):
        if language is not None:
            seen[language].update(set(words_of(text)))
    return [
        _among(text, seen) if language is None else language
        for text, language in zip(texts, found, strict=True)
    ]


def _among(text: str, seen: dict[str, Counter[str]]) -> Language | None:
    """The language in whose texts more of the words were met."""
    words = [word for word in words_of(text) if word != ","]
    french, english = (
        sum(seen[one][word] / (1 + max(seen[one].total(), 1)) for word in words) for one in ("fr", "en")
    )
    if french == english:
        return None
    return "fr" if french > english else "en"
