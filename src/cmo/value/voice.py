"""What customers say, heard once: clauses, aspects, how content each is, and how sure that is."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cmo.measures import DRAWS
from cmo.value.aspects import ASPECTS, aspect_of, clauses
from cmo.value.contentment import Clauses, Contentment, Flags, Floats, Ints, read

FEWEST = 20  # clauses on an aspect below which nothing is said of it
LEAST = 1e-4


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """Opinions in words.

    Attributes:
        ids: Reference of each opinion.
        texts: What was written; empty where nothing was.
        marks: Mark as a share of the best one, shape (opinions,); NaN where none was given.
        days: Day of each, as a proleptic ordinal, shape (opinions,).
        asked: Whether it was asked for or given freely by anybody, not a complaint, shape (opinions,).
        customers: Who, None where unknown.
    """

    ids: tuple[str, ...]
    texts: tuple[str, ...]
    marks: Floats
    days: Ints
    asked: Flags
    customers: tuple[str | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """Opinions with what they say of which aspect.

    Attributes:
        said: The opinions.
        clauses: Their clauses that name an aspect.
        contentment: Which of these are content.
    """

    said: Said
    clauses: Clauses
    contentment: Contentment

    @property
    def spoken(self) -> tuple[int, ...]:
        """Places of the aspects that enough clauses of opinions (complaints aside) name."""
        asked = self.said.asked[self.clauses.opinion]
        counts = np.bincount(self.clauses.aspect[asked], minlength=len(self.clauses.aspects))
        return tuple(np.flatnonzero(counts >= FEWEST).tolist())

    def content_shares(self) -> Floats:
        """Share of content clauses by resampling, shape (resamplings, aspects); complaints aside."""
        of, k = self.clauses, len(self.clauses.aspects)
        weight = (self.contentment.weights * self.said.asked)[:, of.opinion]
        good = [
            np.bincount(of.aspect, w * c, minlength=k)
            for w, c in zip(weight, self.contentment.readings, strict=True)
        ]
        every = [np.bincount(of.aspect, w, minlength=k) for w in weight]
        return np.asarray(np.array(good) / np.maximum(np.array(every), LEAST), dtype=np.float64)

    def opinion_shares(self, *, discontent: bool, among: Flags | None = None) -> Floats:
        """Share of opinions that speak of an aspect, by resampling, complaints aside.

        Args:
            discontent: Whether only discontent clauses count.
            among: Opinions that are looked at, shape (opinions,); all by default.

        Returns:
            Shares, shape (resamplings, aspects).
        """
        of, k, n = self.clauses, len(self.clauses.aspects), len(self.said.texts)
        counted = self.said.asked if among is None else self.said.asked & among
        shares = np.zeros((len(self.contentment.weights), k))
        place = of.opinion * k + of.aspect
        for i, (drawn, content) in enumerate(
            zip(self.contentment.weights, self.contentment.readings, strict=True)
        ):
            named = np.zeros(n * k, dtype=bool)
            named[place[~content] if discontent else place] = True
            weight = drawn * counted
            shares[i] = weight @ named.reshape(n, k) / max(weight.sum(), LEAST)
        return shares


def hear(said: Said, *, rng: np.random.Generator) -> Heard | None:
    """Cut opinions into clauses, find what they speak of, and learn how content they are.

    Args:
        said: The opinions.
        rng: Source of randomness.

    Returns:
        What was heard; None where no opinion names an aspect.
    """
    found = _named(said.texts)
    if found is None:
        return None
    marks = np.where(said.asked, said.marks, np.nan)
    return Heard(said=said, clauses=found, contentment=read(found, marks, rng=rng))


def spread(replicates: Floats, *, rng: np.random.Generator, draws: int = DRAWS) -> Floats:
    """Joint draws of shares of which a few resamplings are known.

    A Student law on the scale of log odds with the mean and the covariance of the resamplings, and as many
    degrees of freedom as these tell.

    Args:
        replicates: Shares in [0, 1], shape (resamplings, subjects), at least two resamplings.
        rng: Source of randomness.
        draws: Number of draws.

    Returns:
        Draws in (0, 1), shape (draws, subjects).
    """
    held = np.clip(replicates, LEAST, 1 - LEAST)
    odds = np.log(held / (1 - held))
    free = len(odds) - 1
    off = (odds - odds.mean(axis=0)) / np.sqrt(free)
    wide = np.sqrt(free / rng.chisquare(free, size=(draws, 1)))
    drawn = odds.mean(axis=0) + wide * (rng.standard_normal((draws, len(odds))) @ off)
    return np.asarray(1 / (1 + np.exp(-drawn)), dtype=np.float64)


def _named(texts: Sequence[str]) -> Clauses | None:
    """All clauses that name an aspect."""
    names = tuple(sorted(ASPECTS))
    place = {name: i for i, name in enumerate(names)}
    found = [
        (i, place[aspect], clause)
        for i, text in enumerate(texts)
        for clause in clauses(text)
        if (aspect := aspect_of(clause)) is not None
    ]
    if not found:
        return None
    return Clauses(
        texts=tuple(clause for _, _, clause in found),
        opinion=np.array([opinion for opinion, _, _ in found], dtype=np.int64),
        aspect=np.array([aspect for _, aspect, _ in found], dtype=np.int64),
        aspects=names,
    )
