"""How content people are with what they speak of, learned from the marks they gave and from their words."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.special import expit

from cmo.value.lexicon import marked, tone, words_of

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

FEWEST = 60  # opinions with a mark and an aspect, of each kind, below which the words' list alone reads
MOST = 20_000  # opinions that teach; beyond, words have said what they can
MOST_WORDS = 3_000  # words and pairs of words that are weighed, the commonest
REFITS = 25  # resamplings of the opinions
WORD_SPREAD = 2.5  # prior spread of a word's log odds
LIST_WORTH, LIST_SPREAD = 3.5, 0.5  # log odds that the list of praise and blame is worth
USUAL, USUAL_SPREAD = 0.2, 0.5  # log odds of being content with an aspect
BEARING, BEARING_SPREAD = 0.3, 0.7  # effect of an aspect on the mark, in spreads of marks; its log spread
UNEXPLAINED = 0.6  # share of the variance of marks that no aspect explains, to begin with


@dataclass(frozen=True, slots=True, kw_only=True)
class Clauses:
    """What opinions say of aspects.

    Attributes:
        texts: The clauses, as they stand in the opinions.
        opinion: Which opinion each is of, shape (clauses,), from 0.
        aspect: Which aspect each names, shape (clauses,), from 0.
        aspects: Names of the aspects.
    """

    texts: tuple[str, ...]
    opinion: Ints
    aspect: Ints
    aspects: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Contentment:
    """Which clauses are content, and what that does to the mark.

    Attributes:
        content: Whether each clause is read as content, shape (clauses,).
        readings: The same by resampling of the opinions, shape (resamplings, clauses).
        weights: Weight of each opinion by resampling, shape (resamplings, opinions), >= 0.
        bearing: Difference that being content makes to the mark (as a share of the best mark), by
            resampling, shape (resamplings, aspects), >= 0; None where no mark taught.
    """

    content: Flags
    readings: Flags
    weights: Floats
    bearing: Floats | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lesson:
    """What there is to learn from: words, list, places and marks."""

    words: Any
    listed: Floats
    opinion: Ints
    aspect: Ints
    n_aspects: int
    marks: Floats


def read(clauses: Clauses, marks: Floats, *, rng: np.random.Generator) -> Contentment:
    """Read which clauses are content.

    The mark of an opinion is what its clauses add up to: a level, plus for each aspect it speaks of an effect
    of speaking of it and one of being content with it or not. Whether a clause is content follows from its
    words and from a list of words of praise and blame, whose worth is a prior that the marks may move. As
    expectations add up, the sum of squares is right although nobody ever told which clause is content. The
    opinions are resampled (Bayesian bootstrap) and everything is learned anew, so that what the marks do not
    tell of a wording moves the shares.

    Args:
        clauses: What opinions say of aspects, at least one.
        marks: Mark of each opinion as a share of the best one, shape (opinions,); NaN where none was given.
        rng: Source of randomness.

    Returns:
        The reading, with its doubt.

    References:
        Kotzias et al. (2015), "From group to individual labels using deep features", KDD; Rubin (1981),
        "The Bayesian bootstrap", Annals of Statistics 9(1).
    """
    listed = np.array([tone(text) for text in clauses.texts], dtype=np.float64)
    n = marks.size
    spoken = np.bincount(clauses.opinion, minlength=n) > 0
    taught = spoken & np.isfinite(marks)
    high = marks >= 0.8
    if min(np.count_nonzero(taught & high), np.count_nonzero(taught & ~high)) < FEWEST:
        return _by_list(listed, n, rng=rng)
    words = _words(clauses.texts)
    teachers = np.flatnonzero(taught)
    if teachers.size > MOST:
        teachers = np.sort(rng.choice(teachers, MOST, replace=False))
    place = np.full(n, -1)
    place[teachers] = np.arange(teachers.size)
    of_teacher = place[clauses.opinion] >= 0
    lesson = _Lesson(
        words=words[of_teacher],
        listed=listed[of_teacher],
        opinion=place[clauses.opinion][of_teacher],
        aspect=clauses.aspect[of_teacher],
        n_aspects=len(clauses.aspects),
        marks=marks[teachers],
    )
    first = _learned(lesson, np.ones(teachers.size), start=None, steps=100)
    weights = rng.standard_exponential((REFITS, n))
    readings, bearing = [], []
    for drawn in weights:
        taught_by = drawn[teachers] / drawn[teachers].mean()
        found = _learned(lesson, taught_by, start=first, steps=15)
        readings.append(_odds(found, words, listed, clauses.aspect) > 0)
        bearing.append(2 * np.exp(found[_bearing(words.shape[1], lesson.n_aspects)]))
    return Contentment(
        content=_odds(first, words, listed, clauses.aspect) > 0,
        readings=np.array(readings),
        weights=weights,
        bearing=np.array(bearing),
    )


def _by_list(listed: Floats, n: int, *, rng: np.random.Generator) -> Contentment:
    """The reading where too few marks teach: the list alone; what it does not say falls either way."""
    return Contentment(
        content=listed > 0,
        readings=rng.random((REFITS, listed.size)) < (1 + listed) / 2,
        weights=rng.standard_exponential((REFITS, n)),
        bearing=None,
    )


def _words(texts: Sequence[str]) -> Any:
    """Weighted words and pairs of words of each clause, a sparse matrix."""
    grams = []
    for text in texts:
        words = marked(words_of(text))
        grams.append(words + [f"{one} {other}" for one, other in pairwise(words)])
    tfidf = _library().TfidfVectorizer(analyzer=list, min_df=2, max_features=MOST_WORDS, sublinear_tf=True)
    return tfidf.fit_transform(grams)


@cache
def _library() -> Any:
    """The text part of scikit-learn: over half a CPU second to import, spent only where there is text."""
    return import_module("sklearn.feature_extraction.text")


def _bearing(n_words: int, n_aspects: int) -> slice:
    """Where the log effects on the mark stand among the parameters."""
    return slice(n_words + 1 + n_aspects, n_words + 1 + 2 * n_aspects)


def _odds(found: Floats, words: Any, listed: Floats, aspect: Ints) -> Floats:
    """Log odds that each clause is content."""
    d = words.shape[1]
    return np.asarray(words @ found[:d] + found[d] * listed + found[d + 1 :][aspect], dtype=np.float64)


def _prior(lesson: _Lesson) -> tuple[Floats, Floats]:
    """Mean and spread of each parameter: words, list, usual odds, log bearing, mention, level."""
    d, k = lesson.words.shape[1], lesson.n_aspects
    spread = float(np.std(lesson.marks))
    bearing = float(np.log(BEARING * spread))
    mean = np.r_[
        np.zeros(d), LIST_WORTH, np.full(k, USUAL), np.full(k, bearing), np.zeros(k), lesson.marks.mean()
    ]
    width = np.r_[
        np.full(d, WORD_SPREAD),
        LIST_SPREAD,
        np.full(k, USUAL_SPREAD),
        np.full(k, BEARING_SPREAD),
        np.full(k, spread / 2),
        10 * spread,
    ]
    return mean, width


def _learned(lesson: _Lesson, weights: Floats, *, start: Floats | None, steps: int) -> Floats:
    """The parameters with the highest posterior density under weighted opinions."""
    d, k = lesson.words.shape[1], lesson.n_aspects
    mean, width = _prior(lesson)
    noise = UNEXPLAINED * float(np.var(lesson.marks))
    turned = lesson.words.T.tocsr()
    at = _bearing(d, k)

    def loss(given: Floats) -> tuple[float, Floats]:
        content = expit(_odds(given, lesson.words, lesson.listed, lesson.aspect))
        bears, swing = np.exp(given[at])[lesson.aspect], 2 * content - 1
        said = bears * swing + given[at.stop : -1][lesson.aspect]
        off = given[-1] + np.bincount(lesson.opinion, said, lesson.marks.size) - lesson.marks
        away = (given - mean) / width
        pull = (weights * off / noise)[lesson.opinion]
        odds = pull * bears * 2 * content * (1 - content)
        slope = np.r_[
            turned @ odds,
            odds @ lesson.listed,
            np.bincount(lesson.aspect, odds, k),
            np.bincount(lesson.aspect, pull * swing * bears, k),
            np.bincount(lesson.aspect, pull, k),
            float(weights @ off) / noise,
        ]
        return float(0.5 * weights @ off**2 / noise + 0.5 * away @ away), slope + away / width

    found = minimize(
        loss,
        mean if start is None else start,
        jac=True,
        method="L-BFGS-B",
        options={"maxiter": steps, "maxcor": 5},
    )
    return np.asarray(found.x, dtype=np.float64)
