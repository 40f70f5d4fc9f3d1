"""Scores of probabilities and of intervals against what was true, with what chance alone would do to them."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

BINS = 10
LEVEL = 0.9
RESAMPLED = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Bin:
    """Claims to which about the same probability was given.

    Attributes:
        said: Mean probability, in [0, 1].
        held: Share that were true, in [0, 1].
        low: Lower end of the 90 % interval of that share, worlds resampled.
        high: Its upper end.
        count: Number of claims.
    """

    said: float
    held: float
    low: float
    high: float
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Brier:
    """The Brier score and its parts (Murphy 1973): score = reliability - resolution + uncertainty.

    Attributes:
        score: Mean squared error of the probabilities, in [0, 1]; low is good.
        reliability: What wrong probabilities cost; 0 is perfect.
        resolution: What telling claims apart brings.
        uncertainty: Score of somebody who only knows how many claims hold.
    """

    score: float
    reliability: float
    resolution: float
    uncertainty: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A share with its 90 % interval, worlds resampled, and the number of cases behind it."""

    value: float
    low: float
    high: float
    count: int


def place(probability: Floats) -> Ints:
    """The bin of each probability, 0 to 9."""
    return np.minimum((probability * BINS).astype(np.int64), BINS - 1)


def calibration_error(probability: Floats, held: Floats) -> float:
    """Expected calibration error: mean distance between said and held, over ten bins, by their claims."""
    where = place(probability)
    said = np.bincount(where, weights=probability, minlength=BINS)
    true = np.bincount(where, weights=held, minlength=BINS)
    return float(np.abs(said - true).sum() / len(probability))


def error_by_chance(probability: Floats, rng: np.random.Generator) -> float:
    """Mean calibration error of a perfect judge with these probabilities, claims taken as independent."""
    drawn = rng.random((RESAMPLED, len(probability))) < probability
    return float(np.mean([calibration_error(probability, held.astype(np.float64)) for held in drawn]))


def brier(probability: Floats, held: Floats) -> Brier:
    """The Brier score with its parts, in the bins of the calibration curve."""
    where, base = place(probability), held.mean()
    count = np.bincount(where, minlength=BINS)
    there = count > 0
    said = np.bincount(where, weights=probability, minlength=BINS)[there] / count[there]
    true = np.bincount(where, weights=held, minlength=BINS)[there] / count[there]
    weight = count[there] / len(held)
    return Brier(
        score=float(((probability - held) ** 2).mean()),
        reliability=float(weight @ (said - true) ** 2),
        resolution=float(weight @ (true - base) ** 2),
        uncertainty=float(base * (1 - base)),
    )


def curve(probability: Floats, held: Floats, worlds: Ints, rng: np.random.Generator) -> tuple[Bin, ...]:
    """Calibration curve: claims of one world succeed and fail together, so worlds are resampled."""
    where = place(probability)
    bins = []
    for number in range(BINS):
        inside = where == number
        if inside.any():
            share = share_of(held[inside], worlds[inside], rng)
            bins.append(
                Bin(
                    said=float(probability[inside].mean()),
                    held=share.value,
                    low=share.low,
                    high=share.high,
                    count=share.count,
                )
            )
    return tuple(bins)


def share_of(cases: Floats, worlds: Ints, rng: np.random.Generator) -> Share:
    """Share of cases that are so, with an interval from resampling whole worlds.

    Args:
        cases: 1 where it is so, 0 elsewhere, shape (n,), n > 0.
        worlds: World of each case, shape (n,).
        rng: Source of chance.
    """
    _, of = np.unique(worlds, return_inverse=True)
    so = np.bincount(of, weights=cases)
    count = np.bincount(of)
    picked = rng.integers(0, len(count), (RESAMPLED, len(count)))
    shares = so[picked].sum(axis=1) / count[picked].sum(axis=1)
    low, high = np.quantile(shares, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Share(value=float(cases.mean()), low=float(low), high=float(high), count=len(cases))


@dataclass(frozen=True, slots=True, kw_only=True)
class Blame:
    """What a mechanism does to a rate of misses.

    Attributes:
        mechanism: Its name.
        change: Misses more where it is at work, the others held, in share of the intervals.
        low: Lower end of the 90 % interval of that change.
        high: Its upper end.
    """

    mechanism: str
    change: float
    low: float
    high: float


def blame(misses: Floats, at_work: Floats, names: tuple[str, ...]) -> tuple[Blame, ...]:
    """Regress the worlds' rates of misses on the mechanisms at work, the clearest first.

    Args:
        misses: Rate of misses of each world, shape (n,).
        at_work: 1 where a mechanism is at work, shape (n, mechanisms).
        names: Names of the mechanisms.

    Returns:
        Changes by ordinary least squares with errors robust to unequal spread (HC3); none where there are
        too few worlds to tell mechanisms apart.
    """
    n, k = at_work.shape
    varied = np.ptp(at_work, axis=0) > 0
    if n < k + 10 or not varied.any():
        return ()
    design = np.column_stack([np.ones(n), at_work[:, varied]])
    inverse = np.linalg.pinv(design.T @ design)
    weights = inverse @ design.T @ misses
    leverage = np.clip((design @ inverse * design).sum(axis=1), 0.0, 0.99)
    residual = (misses - design @ weights) / (1 - leverage)
    spread = np.sqrt(np.diag(inverse @ (design.T * residual**2) @ design @ inverse))[1:]
    told = [
        Blame(mechanism=name, change=float(w), low=float(w - 1.645 * s), high=float(w + 1.645 * s))
        for name, w, s in zip(np.array(names)[varied].tolist(), weights[1:], spread, strict=True)
    ]
    clear = dict(
        zip([one.mechanism for one in told], np.abs(weights[1:]) / np.maximum(spread, 1e-12), strict=True)
    )
    return tuple(sorted(told, key=lambda one: -clear[one.mechanism]))
