"""Whether a text speaks of a topic."""

import re
import unicodedata
from functools import lru_cache


def speaks_of(text: str, topic: str) -> bool:
    """Whether the words of a topic stand in a text, side by side, whatever their case and accents.

    A plural s or x at the end of a word does not matter.

    Args:
        text: The text.
        topic: The topic's words.
    """
    return _pattern(topic).search(_plain(text)) is not None


@lru_cache(maxsize=4096)
def _pattern(topic: str) -> re.Pattern[str]:
    words = [re.escape(word.rstrip("sx") or word) for word in _plain(topic).split()]
    return re.compile(r"\b" + r"[sx]?\W+".join(words) + r"[sx]?\b")


def _plain(words: str) -> str:
    split = unicodedata.normalize("NFKD", words.casefold())
    return "".join(letter for letter in split if not unicodedata.combining(letter))
