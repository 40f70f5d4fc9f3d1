"""Geo tests whose markets were drawn by lot: designs, and tests that need no model because the lot is known.

References:
    Fisher (1935), "The Design of Experiments".
    Imbens & Rubin (2015), "Causal Inference for Statistics, Social, and Biomedical Sciences", chapters 5, 10.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import product
from math import inf

import numpy as np
import numpy.typing as npt

from cmo.experiments.moments import Floats

Assignments = npt.NDArray[np.bool_]
"""Which markets are treated under each draw that could have been made, shape (draws, markets)."""

ENUMERATED = 12
"""Up to so many pairs all draws are listed; above, they are sampled."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PairedDesign:
    """Markets paired with their likes; one of each pair is treated by lot.

    Attributes:
        pairs: Columns of the two markets of each pair.
        left_out: Columns of markets that found no partner.
    """

    pairs: tuple[tuple[int, int], ...]
    left_out: tuple[int, ...]

    def assignments(self, markets: int, *, rng: np.random.Generator, draws: int = 2000) -> Assignments:
        """Draws that the lot can make: all of them where they are few, else a sample.

        Args:
            markets: Number of columns of the panel.
            rng: Draws the sample.
            draws: Size of the sample.
        """
        if len(self.pairs) <= ENUMERATED:
            sides = np.array(list(product((0, 1), repeat=len(self.pairs))), dtype=np.intp)
        else:
            sides = rng.integers(0, 2, (draws, len(self.pairs)))
        out = np.zeros((len(sides), markets), dtype=bool)
        members = np.array(self.pairs, dtype=np.intp)
        for k in range(len(self.pairs)):
            out[np.arange(len(sides)), members[k, sides[:, k]]] = True
        return out


def paired_design(outcomes: Floats, *, size: int | None = None) -> PairedDesign:
    """Pairs of markets that move and weigh alike, nearest first.

    Args:
        outcomes: Past outcomes, shape (times, markets), positive.
        size: Number of pairs kept, the best ones; all where not given.

    Raises:
        ValueError: Fewer than two markets, or an outcome that is not positive on average.
    """
    mean = outcomes.mean(axis=0)
    if len(mean) < 2 or np.any(mean <= 0.0):
        raise ValueError(f"{len(mean)} markets: need at least 2, each with a positive mean outcome")
    shape = outcomes / mean
    distance = np.sqrt(np.mean((shape[:, :, None] - shape[:, None, :]) ** 2, axis=0))
    distance = distance + np.abs(np.log(mean)[:, None] - np.log(mean)[None, :])
    near = [(float(distance[i, j]), i, j) for i in range(len(mean)) for j in range(i)]
    pairs: list[tuple[int, int]] = []
    taken: set[int] = set()
    for _, i, j in sorted(near):
        if i not in taken and j not in taken:
            pairs.append((j, i))
            taken |= {i, j}
    kept = pairs[: size if size is not None else len(pairs)]
    used = {market for pair in kept for market in pair}
    return PairedDesign(pairs=tuple(kept), left_out=tuple(sorted(set(range(len(mean))) - used)))


def stratified_assignments(
    strata: Sequence[int], *, share: float, rng: np.random.Generator, draws: int = 2000
) -> Assignments:
    """Draws that treat the same share of each stratum.

    Args:
        strata: Stratum of each market, shape (markets,).
        share: Share treated within a stratum, in (0, 1); at least one market of each stratum of two.
        rng: Makes the draws.
        draws: Number of draws.
    """
    if not 0.0 < share < 1.0:
        raise ValueError(f"share == {share}, must lie between 0 and 1")
    label = np.asarray(strata)
    out = np.zeros((draws, len(label)), dtype=bool)
    for stratum in np.unique(label):
        members = np.flatnonzero(label == stratum)
        count = min(max(1, round(share * len(members))), len(members) - 1) if len(members) > 1 else 0
        keys = rng.random((draws, len(members)))
        chosen = np.argsort(keys, axis=1)[:, :count]
        out[np.arange(draws)[:, None], members[chosen]] = True
    return out


@dataclass(frozen=True, slots=True, kw_only=True)
class RandomisedEffect:
    """An effect whose uncertainty is that of the lot alone.

    Attributes:
        estimate: Difference of mean changes.
        low: Lower bound of a constant effect.
        high: Upper bound.
        p: Share of draws at least as extreme, the real one among them.
        draws: Draws that were compared.
        se: Standard deviation of the estimate over the draws, were the effect what was found.
    """

    estimate: float
    low: float
    high: float
    p: float
    draws: int
    se: float


def randomised_effect(
    change: Floats, treated: npt.NDArray[np.bool_], *, assignments: Assignments, level: float = 0.9
) -> RandomisedEffect:
    """Exact test of a constant effect and every effect that it does not reject.

    Args:
        change: Outcome of each market during the test less before, shape (markets,).
        treated: Which markets the lot fell on, shape (markets,); markets in no draw are ignored.
        assignments: Draws that could have been made.
        level: Coverage.

    Raises:
        ValueError: The lot has too few outcomes for the level.
    """
    in_play = assignments.any(axis=0)
    values, own, draws = change[in_play], treated[in_play], assignments[:, in_play]
    if not (draws == own).all(axis=1).any():
        draws = np.vstack([draws, own])
    if len(draws) < 1.0 / (1.0 - level):
        raise ValueError(f"{len(draws)} draws cannot bear a level of {level:g}: more pairs, or a lower level")
    weight = draws / draws.sum(axis=1, keepdims=True) - ~draws / (~draws).sum(axis=1, keepdims=True)
    placed = weight @ values
    drift = weight @ own.astype(np.float64)
    own_weight = own / own.sum() - ~own / (~own).sum()
    estimate = float(own_weight @ values)

    def p_of(effect: float) -> float:
        # Taking the effect off the treated moves a draw's difference by the share of them it would treat.
        here, there = abs(estimate - effect), np.abs(placed - effect * drift)
        return float(np.mean(there >= here - 1e-9 * (1.0 + here)))

    reach = 2.0 * float(np.ptp(values)) + 1e-12
    low = _edge(p_of, estimate, -reach, alpha=1.0 - level)
    high = _edge(p_of, estimate, reach, alpha=1.0 - level)
    se = float(np.sqrt(np.mean((placed - estimate * drift) ** 2)))
    return RandomisedEffect(estimate=estimate, low=low, high=high, p=p_of(0.0), draws=len(draws), se=se)


def _edge(p_of: Callable[[float], float], inside: float, reach: float, *, alpha: float) -> float:
    outside = inside + reach
    for _ in range(30):
        if p_of(outside) <= alpha:
            break
        inside, outside, reach = outside, outside + 2.0 * reach, 2.0 * reach
    else:
        return inf if reach > 0.0 else -inf
    for _ in range(50):
        middle = 0.5 * (inside + outside)
        if p_of(middle) > alpha:
            inside = middle
        else:
            outside = middle
    return inside
