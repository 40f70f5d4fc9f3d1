"""Whether a clause is content, learned from the marks that the company's own customers gave."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any

import numpy as np
import numpy.typing as npt

FEWEST = 60  # opinions with a text and a mark, of each kind, below which nothing is learned
CLEAR = 0.8  # share of the scatter that two heaps explain (an even spread: 0.75) to be called clear
SHARPNESS = 4.0  # inverse penalty of the logistic regression


@dataclass(frozen=True, kw_only=True)
class Sentiment:
    """A classifier of clauses.

    Attributes:
        words: Turns texts into weighted counts of words.
        judge: Turns these into content or not.
    """

    words: Any
    judge: Any

    def tone(self, texts: Sequence[str]) -> npt.NDArray[np.float64]:
        """Log odds that each text is of a content customer, shape (texts,), at least one text."""
        return np.asarray(self.judge.decision_function(self.words.transform(texts)), dtype=np.float64)


def parting(tones: npt.NDArray[np.float64]) -> float:
    """The tone that parts content from discontent clauses on one aspect.

    The very word "texture" has a tone of its own, that of the customers who speak of texture, which shifts
    all clauses on it. Where the tones fall into two clear heaps, the parting lies between them; else at 0.

    Args:
        tones: Tones of the clauses on one aspect, shape (clauses,), at least one.

    Returns:
        The tone above which a clause is content.

    References:
        Otsu (1979), "A threshold selection method from gray-level histograms", IEEE Trans. SMC 9(1).
    """
    ordered = np.sort(tones)
    n = ordered.size
    whole = float(((ordered - ordered.mean()) ** 2).sum())
    if n < 4 or whole <= 0:
        return 0.0
    below = np.arange(1, n)
    low = ordered.cumsum()[:-1] / below
    high = (ordered.sum() - ordered.cumsum()[:-1]) / (n - below)
    between = below * (n - below) / n * (high - low) ** 2
    cut = int(between.argmax())
    if between[cut] < CLEAR * whole or low[cut] > 0:
        return 0.0
    return float((ordered[cut] + ordered[cut + 1]) / 2)


def learned(texts: Sequence[str], content: npt.NDArray[np.bool_]) -> Sentiment | None:
    """Learn from whole opinions what words a content customer uses.

    Both kinds of opinion are given the same weight, so that what is said in equal shares by both counts
    for neither. Words and pairs of words in any mixture of languages are learned together.

    Args:
        texts: Opinions.
        content: Whether their mark was a good one, shape (texts,).

    Returns:
        The classifier, or None where fewer than 60 opinions of a kind are there.

    References:
        Wang and Manning (2012), "Baselines and bigrams: simple, good sentiment and topic classification".
    """
    if min(np.count_nonzero(content), np.count_nonzero(~content)) < FEWEST:
        return None
    text, linear = _library()
    words = text.TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True, strip_accents="unicode")
    judge = linear.LogisticRegression(C=SHARPNESS, class_weight="balanced", max_iter=400)
    judge.fit(words.fit_transform(texts), content)
    return Sentiment(words=words, judge=judge)


@cache
def _library() -> tuple[Any, Any]:
    """The parts of scikit-learn: over half a CPU second to import, spent only where there is text."""
    return import_module("sklearn.feature_extraction.text"), import_module("sklearn.linear_model")
