"""Topics of the opinions, by language, each with the share that speaks of it and quotes that prove it."""

from dataclasses import dataclass

import numpy as np

from cmo.measures import Language
from cmo.value.aspects import aspect_of, clauses
from cmo.value.language import languages_of
from cmo.value.redaction import redacted
from cmo.value.topics import says_something, topics_of
from cmo.value.voice import Said

JEFFREYS = 0.5
MOSTLY = 0.5  # share of a topic's clauses that name an aspect from which the topic is of that aspect


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceTopic:
    """A topic of the opinions of one language.

    Attributes:
        name: A few words that occur in the opinions as they stand.
        language: Language of these opinions.
        aspect: The aspect that most of its clauses name, or None.
        terms: Its most telling word stems.
        stability: How surely it is found again in other samples, in [0, 1].
        n_opinions: Opinions that speak of it.
        share: Share of the opinions of that language: 5 %, 50 % and 95 % points.
        quotes: Clauses of opinions, without what tells who wrote them.
    """

    name: str
    language: Language
    aspect: str | None
    terms: tuple[str, ...]
    stability: float
    n_opinions: int
    share: tuple[float, float, float]
    quotes: tuple[str, ...]


def found_topics(said: Said, *, rng: np.random.Generator) -> tuple[VoiceTopic, ...]:
    """The topics of the opinions, those of most opinions first.

    Args:
        said: The opinions.
        rng: Source of randomness.

    Returns:
        Topics, possibly none.
    """
    languages = languages_of(said.texts)
    found: list[VoiceTopic] = []
    for language in ("fr", "en"):
        places = [place for place, one in enumerate(languages) if one == language]
        found += _of_language(said, places, language=language, rng=rng)
    return tuple(sorted(found, key=lambda one: -one.n_opinions))


def _of_language(
    said: Said, places: list[int], *, language: Language, rng: np.random.Generator
) -> list[VoiceTopic]:
    cut = [
        (place, clause) for place in places for clause in clauses(said.texts[place]) if says_something(clause)
    ]
    texts = [clause for _, clause in cut]
    opinion = np.array([place for place, _ in cut], dtype=np.int64)
    topics = topics_of(texts, rng=rng)
    found = []
    for at, topic in enumerate(topics.topics):
        members = np.flatnonzero(topics.of == at)
        n = int(np.unique(opinion[members]).size)
        low, middle, high = np.quantile(
            rng.beta(n + JEFFREYS, len(places) - n + JEFFREYS, 2000), (0.05, 0.5, 0.95)
        )
        found.append(
            VoiceTopic(
                name=redacted(topic.name),
                language=language,
                aspect=_aspect([texts[member] for member in members[:200].tolist()]),
                terms=topic.terms,
                stability=topic.stability,
                n_opinions=n,
                share=(float(low), float(middle), float(high)),
                quotes=tuple(redacted(texts[quote]) for quote in topic.quotes),
            )
        )
    return found


def _aspect(texts: list[str]) -> str | None:
    """The aspect that most of the clauses name."""
    named = [aspect_of(text) for text in texts]
    commonest = max(set(named), key=lambda one: (named.count(one), str(one)))
    return commonest if named.count(commonest) >= MOSTLY * len(texts) else None
