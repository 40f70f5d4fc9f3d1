"""Polarity of one aspect in a sentence, learned from sentences that people have judged."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix, hstack

from cmo.value.lexicon import marked, negates, plain, praise_and_blame, valence, words_of

Floats = npt.NDArray[np.float64]

SHARPNESS = 1.5  # inverse penalty of the logistic regression
LIST = 1.2  # scale of the features of the list of words beside weighted words of length one
NEAR = 6  # words on each side of the aspect
SIGN = "zqaspect"  # the aspect itself, so that "good ASPECT" is a pair of words

_CUT = re.compile(
    r"[,.;:!?…()\n]+|\s-\s"
    r"|\s(?:mais|et|ni|sauf|malgre|cependant|pourtant|toutefois|par contre)\s"
    r"|\s(?:but|however|although|though|while|and|yet|except|despite)\s"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """An aspect as a sentence names it.

    Attributes:
        before: The sentence up to the aspect.
        aspect: The words that name it.
        after: The rest of the sentence.
    """

    before: str
    aspect: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Places:
    """The words of a sentence by how near they are to the aspect, with the aspect as a sign."""

    sentence: list[str]
    clause: list[str]
    wide: list[str]
    near: list[str]
    letters: str
    aspect: str


@dataclass(frozen=True, kw_only=True)
class Polarity:
    """A judge of mentions.

    Attributes:
        weighers: Turn words of each place into weights.
        judge: Turns weights into polarities.
    """

    weighers: tuple[Any, ...]
    judge: Any

    @property
    def polarities(self) -> tuple[str, ...]:
        """The polarities it knows, in the order of the probabilities."""
        return tuple(self.judge.classes_.tolist())

    def judged(self, mentions: Sequence[Mention]) -> list[str]:
        """The likeliest polarity of each mention, at least one mention."""
        return list(self.judge.predict(self._weighed(mentions)))

    def probabilities(self, mentions: Sequence[Mention]) -> Floats:
        """Probability of each polarity, shape (mentions, polarities), at least one mention."""
        return np.asarray(self.judge.predict_proba(self._weighed(mentions)), dtype=np.float64)

    def _weighed(self, mentions: Sequence[Mention]) -> Any:
        places = [_placed(mention) for mention in mentions]
        parts = [weigher.transform(part) for weigher, part in zip(self.weighers, _parts(places), strict=True)]
        return hstack([*parts, _listed(places)]).tocsr()


def learned(mentions: Sequence[Mention], polarities: Sequence[str]) -> Polarity:
    """Learn the polarity of aspects from judged mentions.

    Words and pairs of words of the sentence, of the clause, of its neighbours and of the few words around
    the aspect, all with what a negation reaches marked; letters of the clause; and how much the list of
    words praises and blames, the nearer the more.

    Args:
        mentions: Aspects in their sentences, in French or English.
        polarities: What people judged of each, in any words.

    Returns:
        The judge.

    References:
        Pontiki et al. (2016), "SemEval-2016 task 5: aspect based sentiment analysis"; Kiritchenko et al.
        (2014), "NRC-Canada-2014: detecting aspects and sentiment in customer reviews".
    """
    text, linear = _library()
    places = [_placed(mention) for mention in mentions]
    weighers = (
        *(text.TfidfVectorizer(analyzer=list, min_df=2, sublinear_tf=True) for _ in range(4)),
        text.TfidfVectorizer(min_df=2),
        text.TfidfVectorizer(
            analyzer="char_wb", ngram_range=(3, 5), min_df=3, sublinear_tf=True, max_features=40_000
        ),
    )
    parts = [weigher.fit_transform(part) for weigher, part in zip(weighers, _parts(places), strict=True)]
    judge = linear.LogisticRegression(C=SHARPNESS, max_iter=600)
    judge.fit(hstack([*parts, _listed(places)]).tocsr(), list(polarities))
    return Polarity(weighers=weighers, judge=judge)


def _placed(mention: Mention) -> _Places:
    """The words of a mention by how near they are."""
    before, after = plain(mention.before), plain(mention.after)
    text = f"{before} {SIGN} {after}"
    place = len(before) + 1
    cuts = [0, *(match.end() for match in _CUT.finditer(text)), len(text) + 1]
    at = max(i for i, cut in enumerate(cuts) if cut <= place)
    words = words_of(text)
    here = words.index(SIGN)
    return _Places(
        sentence=words,
        clause=words_of(text[cuts[at] : cuts[at + 1]]),
        wide=words_of(text[cuts[max(0, at - 1)] : cuts[min(len(cuts) - 1, at + 2)]]),
        near=words[max(0, here - NEAR) : here + NEAR + 1],
        letters=text[cuts[at] : cuts[at + 1]],
        aspect=plain(mention.aspect),
    )


def _parts(places: Sequence[_Places]) -> tuple[list[Any], ...]:
    """What each weigher reads."""
    return (
        [_grams(one.sentence) for one in places],
        [_grams(one.clause) for one in places],
        [_grams(one.near) for one in places],
        [_grams(one.wide) for one in places],
        [one.aspect for one in places],
        [one.letters for one in places],
    )


def _grams(words: Iterable[str]) -> list[str]:
    found = marked(list(words))
    return found + [f"{one} {other}" for one, other in pairwise(found)]


def _listed(places: Sequence[_Places]) -> csr_matrix:
    """What the list of words of praise and blame says of each place."""
    rows = []
    for one in places:
        counts = np.log1p(
            [count for words in (one.clause, one.wide, one.sentence) for count in praise_and_blame(words)]
        )
        rows.append([*counts, *(counts[::2] - counts[1::2]), *_nearness(one.sentence)])
    return csr_matrix(LIST * np.array(rows))


def _nearness(words: Sequence[str]) -> tuple[float, float]:
    """Praise less blame, each divided by its distance from the aspect; and the sign of the nearest."""
    here = words.index(SIGN)
    total, nearest, reach = 0.0, (len(words), 0.0), 0
    for place, word in enumerate(words):
        sign = float(valence(word))
        if sign:
            sign = -0.7 * sign if reach > 0 else sign
            distance = abs(place - here)
            total += sign / (1 + distance)
            nearest = min(nearest, (distance, sign))
        reach = 3 if negates(word) else reach - 1
    return total, nearest[1]


@cache
def _library() -> tuple[Any, Any]:
    """The parts of scikit-learn: over half a CPU second to import, spent only where there is text."""
    return import_module("sklearn.feature_extraction.text"), import_module("sklearn.linear_model")
