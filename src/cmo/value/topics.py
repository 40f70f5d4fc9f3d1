"""What texts speak of, found without being told: named topics, and texts that prove them."""

import re
import warnings
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import linear_sum_assignment

from cmo.value.language import ENGLISH, FRENCH
from cmo.value.lexicon import plain

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

SIZES = (8, 14)  # numbers of topics that are tried
FEWEST = 40  # texts below which no topic is sought
MOST = 6_000  # texts that topics are sought in; the others are sorted into what was found
MOST_WORDS = 3_000  # stems and pairs of stems that are weighed, the commonest
RESAMPLINGS = 3
STABLE = 0.6  # mean likeness with its twin in other samples below which a topic is left out
LIKE = 0.25  # likeness with a topic from which a text belongs to it
QUOTES = 5
LONGEST_NAME = 4  # words

_TOKEN = re.compile(r"[^\W\d_]+(?:['\N{RIGHT SINGLE QUOTATION MARK}][^\W\d_]+)*")
_ELIDED = re.compile(r"^(?:[cdjlmnst]|qu)['\N{RIGHT SINGLE QUOTATION MARK}]", re.IGNORECASE)
_ENDINGS = (
    *("issements", "issement", "ements", "ement", "ations", "ation", "ives", "ive", "ees", "ee", "es", "e"),
    *("ing", "ed", "ly", "ers", "er", "aux", "s", "x"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """Something that texts speak of.

    Attributes:
        name: A few words that occur in its texts as they stand.
        terms: Its most telling words, most telling first.
        stability: Mean likeness with its twin when it is sought in other samples, in [0, 1].
        quotes: Places of the texts that prove it best, all of different wording.
    """

    name: str
    terms: tuple[str, ...]
    stability: float
    quotes: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Topics:
    """Topics of a set of texts, those with most texts first.

    Attributes:
        topics: The topics.
        of: Place of each text's topic, -1 where it belongs to none, shape (texts,).
    """

    topics: tuple[Topic, ...]
    of: Ints


@cache
def stem(word: str) -> str:
    """The word without accents, elision and the ending that number, gender or person give it."""
    bare = plain(_ELIDED.sub("", word))
    for ending in _ENDINGS:
        if bare.endswith(ending) and len(bare) - len(ending) >= 4:
            return bare[: -len(ending)]
    return bare


def says_something(text: str) -> bool:
    """Whether a clause is more than a mood: three words at least that say something."""
    return len(_content(text)) > 2


def topics_of(texts: Sequence[str], *, rng: np.random.Generator) -> Topics:
    """The topics of texts of one language.

    TF-IDF of stems and pairs of stems, non-negative matrix factorisation; of several numbers of topics the
    one whose topics are found again in other samples; what is not found again is left out.

    Args:
        texts: Short texts: clauses or sentences.
        rng: Source of randomness.

    Returns:
        The topics, possibly none.

    References:
        Greene, O'Callaghan and Cunningham (2014), "How many topics? Stability analysis for topic models",
        ECML-PKDD.
    """
    none = Topics(topics=(), of=np.full(len(texts), -1))
    if len(texts) < FEWEST:
        return none
    stems = [[stem(word) for word in _content(text)] for text in texts]
    weigher = _text().TfidfVectorizer(
        analyzer=_grams, min_df=max(3, len(texts) // 2000), max_features=MOST_WORDS, sublinear_tf=True
    )
    try:
        words = weigher.fit_transform(stems)
    except ValueError:  # no word occurs often enough
        return none
    sample = np.arange(len(texts))
    if sample.size > MOST:
        sample = rng.choice(sample, MOST, replace=False)
    parts, stability = _stable(words[sample], rng=rng)
    if not len(parts):
        return none
    return _told(texts, words, parts, stability, vocabulary=weigher.get_feature_names_out())


def _content(text: str) -> list[str]:
    """The words of a text that say something."""
    found = (_ELIDED.sub("", word) for word in _TOKEN.findall(text))
    return [word for word in found if _says(word)]


@cache
def _says(word: str) -> bool:
    """Whether a word says something by itself."""
    return len(word) > 2 and plain(word) not in FRENCH | ENGLISH


def _grams(stems: list[str]) -> list[str]:
    return stems + [f"{one} {other}" for one, other in pairwise(stems)]


def _stable(words: Any, *, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Parts (topics × words, of length one) of the most stable size, those that are stable."""
    best: tuple[float, Floats, Floats] | None = None
    for size in SIZES:
        if size >= min(words.shape):
            break
        whole = _parts(words, size)
        likeness = np.zeros((RESAMPLINGS, size))
        for i in range(RESAMPLINGS):
            some = rng.choice(words.shape[0], int(0.7 * words.shape[0]), replace=False)
            alike = whole @ _parts(words[some], size).T
            rows, columns = linear_sum_assignment(-alike)
            likeness[i, rows] = alike[rows, columns]
        stability = likeness.mean(axis=0)
        score = float(np.sum(stability >= STABLE) * stability.mean())
        if best is None or score > best[0]:
            best = (score, whole, stability)
    if best is None:
        return np.zeros((0, words.shape[1])), np.zeros(0)
    kept = best[2] >= STABLE
    return best[1][kept], best[2][kept]


def _parts(words: Any, size: int) -> Floats:
    model = _factorisation().NMF(size, init="nndsvd", max_iter=100, tol=1e-3, random_state=0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", _exceptions().ConvergenceWarning)  # near enough is enough for names
        warnings.simplefilter("ignore", RuntimeWarning)  # a fit without residual: the root of minus nothing
        model.fit(words)
    parts = np.asarray(model.components_, dtype=np.float64)
    length = np.linalg.norm(parts, axis=1, keepdims=True)
    return np.asarray(parts / np.where(length > 0, length, 1), dtype=np.float64)


def _told(
    texts: Sequence[str], words: Any, parts: Floats, stability: Floats, *, vocabulary: npt.NDArray[Any]
) -> Topics:
    alike = np.asarray(words @ parts.T, dtype=np.float64)
    of = np.where(alike.max(axis=1) >= LIKE, alike.argmax(axis=1), -1)
    sizes = np.bincount(of[of >= 0], minlength=len(parts))
    order = [place for place in np.argsort(-sizes, kind="stable") if sizes[place]]
    names = _names(texts, of, len(parts))
    taken: set[str] = set()
    found = []
    for place in order:
        name = next((one for one in names[place] if one.lower() not in taken), names[place][0])
        taken.add(name.lower())
        terms = vocabulary[np.argsort(-parts[place])[:8]]
        members = np.flatnonzero(of == place)
        ranked = members[np.argsort(-alike[members, place], kind="stable")]
        found.append(
            Topic(
                name=name,
                terms=tuple(str(term) for term in terms),
                stability=float(stability[place]),
                quotes=_quotes(texts, ranked),
            )
        )
    rank = np.full(len(parts) + 1, -1)
    rank[order] = np.arange(len(order))
    return Topics(topics=tuple(found), of=rank[of])


def _quotes(texts: Sequence[str], ranked: Ints) -> tuple[int, ...]:
    """The first few places whose texts differ in more than case."""
    seen: set[str] = set()
    quotes = []
    for place in ranked.tolist():
        wording = plain(texts[place])
        if wording not in seen:
            seen.add(wording)
            quotes.append(place)
        if len(quotes) == QUOTES:
            break
    return tuple(quotes)


def _names(texts: Sequence[str], of: Ints, k: int) -> list[list[str]]:
    """Candidates for the name of each topic, best first: wordings that its texts have and others have not."""
    inside: list[Counter[str]] = [Counter() for _ in range(k)]
    everywhere: Counter[str] = Counter()
    surface: dict[str, Counter[str]] = defaultdict(Counter)
    for text, place in zip(texts, of.tolist(), strict=True):
        for phrase in set(_phrases(text)):
            key = " ".join(stem(word) for word in phrase.split())
            everywhere[key] += 1
            surface[key][phrase.lower()] += 1
            if place >= 0:
                inside[place][key] += 1
    named = []
    for place in range(k):
        size = max(int(np.sum(of == place)), 1)
        worth = {
            key: n / size * (n / everywhere[key]) * (1 + 0.35 * key.count(" "))
            for key, n in inside[place].items()
        }
        best = sorted(worth, key=lambda key: (-worth[key], key))[:8]
        named.append([surface[key].most_common(1)[0][0] for key in best] or ["–"])
    return named


def _phrases(text: str) -> list[str]:
    """Runs of one to four words that begin and end with a word that says something."""
    words = _TOKEN.findall(text)
    says = [_says(_ELIDED.sub("", word)) for word in words]
    return [
        " ".join([_ELIDED.sub("", words[start]), *words[start + 1 : start + length]])
        for start in range(len(words))
        if says[start]
        for length in range(1, LONGEST_NAME + 1)
        if start + length <= len(words)
        and says[start + length - 1]
        and sum(says[start : start + length]) <= 2
    ]


@cache
def _text() -> Any:
    return import_module("sklearn.feature_extraction.text")


@cache
def _factorisation() -> Any:
    return import_module("sklearn.decomposition")


@cache
def _exceptions() -> Any:
    return import_module("sklearn.exceptions")
