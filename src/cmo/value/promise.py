"""What is promised against what is said: whether opinions speak of a promise, and how."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from cmo.measures import Text
from cmo.value.aspects import aspect_of, clauses
from cmo.value.language import ENGLISH, FRENCH
from cmo.value.lexicon import plain, tone, words_of
from cmo.value.redaction import redacted
from cmo.value.topics import stem
from cmo.value.voice import Heard

QUOTES = 3
LONG = 4  # letters of a word that says something
JEFFREYS = 0.5
DRAWS = 2000

Interval = tuple[float, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """A part of the promise, and what opinions say of it.

    Attributes:
        part: Which part of the positioning.
        promise: Its words.
        aspects: Aspects that it names.
        n_opinions: Opinions that speak of it.
        spoken: Share of the opinions that speak of it: 5 %, 50 % and 95 % points.
        content: Share of the clauses on it that are content; None where none speaks of it.
        bears_out: Quotes that bear it out.
        denies: Quotes that deny it.
    """

    part: str
    promise: Text
    aspects: tuple[str, ...]
    n_opinions: int
    spoken: Interval
    content: Interval | None
    bears_out: tuple[str, ...]
    denies: tuple[str, ...]


def proofs(promises: Mapping[str, Text], heard: Heard, *, rng: np.random.Generator) -> tuple[Proof, ...]:
    """Hold each part of a promise against the opinions.

    An opinion speaks of a promise where a clause names an aspect that the promise names, or has a word of
    its stem. Words are matched, not meanings: an opinion that says the same otherwise is not found.

    Args:
        promises: Part of the positioning to its words.
        heard: The opinions, complaints aside.
        rng: Source of randomness.

    Returns:
        One proof for each part.
    """
    read = dict(
        zip(
            zip(heard.clauses.opinion.tolist(), heard.clauses.texts, strict=True),
            heard.contentment.content.tolist(),
            strict=True,
        )
    )
    return tuple(_proof(part, promise, heard, read, rng=rng) for part, promise in promises.items())


def _proof(
    part: str, promise: Text, heard: Heard, read: Mapping[tuple[int, str], bool], *, rng: np.random.Generator
) -> Proof:
    stems = {stem(word) for words in (promise.en, promise.fr) for word in words_of(words) if _says(word)}
    named = {aspect_of(clause) for words in (promise.en, promise.fr) for clause in clauses(words)} - {None}
    asked = np.flatnonzero(heard.said.asked).tolist()
    found: list[tuple[int, str, int]] = []
    for place in asked:
        for clause in clauses(heard.said.texts[place]):
            known = (place, clause) in read
            if (known and aspect_of(clause) in named) or stems & {stem(word) for word in words_of(clause)}:
                said = (1 if read[place, clause] else -1) if known else tone(clause)
                found.append((place, clause, said))
    n = len({place for place, _, _ in found})
    good = sum(said > 0 for _, _, said in found)
    bad = sum(said < 0 for _, _, said in found)
    return Proof(
        part=part,
        promise=promise,
        aspects=tuple(sorted(str(one) for one in named)),
        n_opinions=n,
        spoken=_interval(n, len(asked) - n, rng=rng),
        content=_interval(good, bad, rng=rng) if good + bad else None,
        bears_out=_quotes(found, sign=1),
        denies=_quotes(found, sign=-1),
    )


def _says(word: str) -> bool:
    return len(word) >= LONG and plain(word) not in FRENCH | ENGLISH


def _quotes(found: list[tuple[int, str, int]], *, sign: int) -> tuple[str, ...]:
    of_sign = dict.fromkeys(redacted(clause) for _, clause, said in reversed(found) if said == sign)
    return tuple(of_sign)[:QUOTES]


def _interval(yes: int, no: int, *, rng: np.random.Generator) -> Interval:
    low, middle, high = np.quantile(rng.beta(yes + JEFFREYS, no + JEFFREYS, DRAWS), (0.05, 0.5, 0.95))
    return float(low), float(middle), float(high)
