"""Bilingual sentences: what a person reads, in English and in French."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

Language = Literal["en", "fr"]
LANGUAGES: tuple[Language, ...] = get_args(Language)

_NARROW = "\N{NARROW NO-BREAK SPACE}"


@dataclass(frozen=True, slots=True)
class Text:
    """The same sentence in both languages of the product."""

    en: str
    fr: str

    @classmethod
    def same(cls, words: str) -> "Text":
        """Words that read alike in both languages: a name, or what the user wrote only once."""
        return cls(words, words)

    def in_(self, language: Language) -> str:
        """The sentence in `language`, with that language's typography."""
        return french(self.fr) if language == "fr" else self.en

    def as_mapping(self) -> dict[str, str]:
        """Plain values for JSON: `{"en": …, "fr": …}`."""
        return {"en": self.en, "fr": self.fr}

    @classmethod
    def of_mapping(cls, words: Mapping[str, str]) -> "Text":
        """The inverse of `as_mapping`."""
        return cls(words["en"], words["fr"])


def joined(texts: "list[Text] | tuple[Text, ...]", *, by: str = " ") -> Text:
    """Several sentences as one, language by language."""
    return Text(by.join(text.en for text in texts), by.join(text.fr for text in texts))


def listing(names: "list[str] | tuple[str, ...]") -> Text:
    """`a, b and c` / `a, b et c`."""
    if len(names) < 2:
        return Text.same("".join(names))
    head, last = ", ".join(names[:-1]), names[-1]
    return Text(f"{head} and {last}", f"{head} et {last}")


def french(sentence: str) -> str:
    """Put the narrow no-break spaces that French typography asks for before : ; ! ? % and inside « ».

    Only spaces that are already there are changed, so addresses, times and identifiers keep their colons.
    """
    sentence = re.sub(r"[ \u00a0\u202f]+([:;!?%])", rf"{_NARROW}\1", sentence)
    sentence = re.sub(r"«[ \u00a0\u202f]*", f"«{_NARROW}", sentence)
    return re.sub(r"[ \u00a0\u202f]*»", f"{_NARROW}»", sentence)
