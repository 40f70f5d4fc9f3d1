"""Facts in texts: a figure is a token, never typed. What stands outside a token is refused.

The rule holds for drafts of a language model as for those of the patterns, and is what keeps invented
figures out.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from cmo.measures import Grade, Language, Text

TOKEN: Final = re.compile(r"\{\{\s*([a-z][a-z0-9_]*)\s*\}\}")
LINK_TOKEN: Final = "link"  # noqa: S105 - a blank of a text, no secret
NAMES: Final = frozenset({LINK_TOKEN, "first_name"})
"""Tokens that are no fact: where the link leads, and the name of who reads."""
_DIGIT: Final = re.compile(r"\d")
_SUPERLATIVE: Final = re.compile(
    r"\b(best|the most|the only|unique|leading|leader|n[o°º]\s?1|number one|unrivalled|unbeatable"
    r"|meilleure?s?|(?:le|la|les|l['’]une? des) plus|(?:le|la|les) seule?s?|unique|première? "
    r"(?:marque|maison)"
    r"|inégalé\w*|imbattable\w*)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A figure of the ledger that a text may refer to.

    Attributes:
        id: Its token, without braces.
        says: What it is, in a sentence.
        written: The figure as it is written.
        measure: Measure it is of.
        subject: Subject of the measure.
        as_of: Last day it speaks of.
        grade: Grade of its evidence.
    """

    id: str
    says: Text
    written: Text
    measure: str
    subject: str
    as_of: date
    grade: Grade


def tokens_of(text: str) -> tuple[str, ...]:
    """The tokens of a text, in order."""
    return tuple(TOKEN.findall(text))


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with its tokens replaced; one without a value stays, so that it is seen."""
    return TOKEN.sub(lambda found: values.get(found[1], found[0]), text)


def facts_in(language: Language, facts: Iterable[Fact]) -> dict[str, str]:
    """What each token of a fact is replaced by."""
    return {one.id: one.written.in_(language) for one in facts}


def refusals(text: str, facts: Iterable[Fact]) -> tuple[Text, ...]:
    """Why a draft may not be used: unknown tokens, figures without one, superlatives without a proof.

    Args:
        text: The draft.
        facts: The facts at hand.
    """
    known = {one.id for one in facts} | NAMES
    bare = TOKEN.sub("", text)
    found = [
        Text(f"{{{{{name}}}}} is no fact at hand", f"{{{{{name}}}}} n'est pas un fait disponible")
        for name in dict.fromkeys(tokens_of(text))
        if name not in known
    ]
    if _DIGIT.search(bare):
        found.append(
            Text(
                "a figure stands outside a fact: refer to a fact by its token",
                "un chiffre figure hors d'un fait : citer le fait par son jeton",
            )
        )
    if (superlative := superlative_of(bare)) is not None:
        found.append(
            Text(
                f"“{superlative}” claims more than a fact at hand proves",
                f"« {superlative} » affirme plus que ce que prouve un fait disponible",
            )
        )
    return tuple(found)


def superlative_of(text: str) -> str | None:
    """The first superlative of a text, none where there is none."""
    found = _SUPERLATIVE.search(text)
    return None if found is None else found[0]
