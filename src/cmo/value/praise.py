"""Words of praise and of blame, in French and in English: what helps where the marks teach little."""

import re

from cmo.value.aspects import plain

PRAISE = (
    *("agreable", "aime", "adore", "beau", "belle", "bien", "bon", "bonne", "delicieux", "doux", "douce"),
    *("excellent", "facile", "fiable", "genial", "gentil", "impeccable", "joli", "leger", "legere"),
    *(
        "magnifique",
        "parfait",
        "plaisir",
        "pratique",
        "rapide",
        "ravie",
        "ravi",
        "soigne",
        "super",
        "top",
        "aimable",
    ),
    *("beautiful", "delicious", "easy", "excellent", "fair", "fast", "friendly", "good", "great", "helpful"),
    *("kind", "light", "love", "lovely", "nice", "perfect", "pleasant", "pretty", "quick", "soft", "well"),
)
BLAME = (
    *(
        "abime",
        "affreux",
        "aucun",
        "casse",
        "cassee",
        "catastroph",
        "cher",
        "colle",
        "decu",
        "defectueu",
        "desagreable",
    ),
    *("ecœurant", "ecoeurant", "eleve", "excessi", "gras", "horrible", "inutile", "injoignable", "lent"),
    *("mal", "mauvais", "nul", "perdu", "peu", "pire", "probleme", "retard", "trop"),
    *(
        "awful",
        "bad",
        "broken",
        "cannot",
        "damaged",
        "dirty",
        "disappoint",
        "expensive",
        "greasy",
        "horrible",
    ),
    *("late", "lost", "never", "no", "poor", "slow", "sticky", "terrible", "too", "unpleasant", "useless"),
    *("worst", "wrong"),
)
"""Beginnings of words, without accents; blame outweighs praise in one clause."""

SHORT = 4  # letters up to which a stem must be the whole word

_NEGATED = re.compile(r"\b(?:pas|jamais|not|n't|never)\b")


def praise(clause: str) -> float:
    """1 for a clause of praise, -1 for one of blame, 0 where no word says; a negation turns it."""
    text = plain(clause)
    words = re.findall(r"[a-zœ']+", text.replace("'", " "))
    blamed = any(_begins(word, BLAME) for word in words)
    praised = any(_begins(word, PRAISE) for word in words)
    if blamed:
        return -1.0
    if not praised:
        return 0.0
    return -1.0 if _NEGATED.search(text) else 1.0


def _begins(word: str, stems: tuple[str, ...]) -> bool:
    """Whether the word is one of the stems or, for stems of five letters and more, begins with it."""
    return any(word == stem or (len(stem) > SHORT and word.startswith(stem)) for stem in stems)
