"""By how much forecasts are corrected: what a backtest missed, told apart by how long customers are known.

A model that mistakes how customers leave overrates the old and underrates the new, or the reverse; its total
can be right while a channel that won its customers last month is not. What the classes have in common is one
factor; what sets one apart is kept as far as it was steady over the cuts, and the rest is uncertainty.
"""

from dataclasses import dataclass

import numpy as np

from cmo.customers.purchases.cells import Floats, Integers

AGES = (182, 365)
"""Days since the first purchase at which a customer passes into the next class."""
N_CLASSES = len(AGES) + 1
FEWEST_ORDERS = 20.0  # of a class after a cut, for its error to be told
USUAL = 0.04  # standard deviation of the logarithm of a forecast's error over years, before any cut
WORTH = 3.0  # cuts that this counts for: the spread over four overlapping ones says little by itself
CLUSTERED = 2.0  # times the variance of a Poisson count that the orders of a class have


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """Factors on expected orders, by class of age.

    Attributes:
        factor: What expected orders are multiplied by, shape (class,).
        error: Standard deviation of the logarithm of their common error in one more period.
        apart: Standard deviation of the logarithm of a class's own error in one more period, shape (class,).
        share: Of all expected orders, those of each class, shape (class,).
        n_cuts: Past dates it was learned at.
    """

    factor: Floats
    error: float
    apart: Floats
    share: Floats
    n_cuts: int

    def draws(self, n_draws: int, *, rng: np.random.Generator) -> Floats:
        """Draws of the factors for one more period, as unsure as the cuts were unlike, shape (draw, class).

        What sets classes apart leaves their sum as it is.
        """
        freedom = self.n_cuts - 1 + WORTH
        common = self.error * rng.standard_t(freedom, n_draws)
        own = _level(self.apart * rng.standard_t(freedom, (n_draws, N_CLASSES)), share=self.share)
        moved = np.clip(common, -1.0, 1.0)[:, None] + np.clip(own, -1.0, 1.0)
        return np.asarray(self.factor * np.exp(moved), dtype=np.float64)

    def parts(self, n_draws: int, *, share: Floats, rng: np.random.Generator) -> Floats:
        """Draws of factors on other parts of the customers, such as channels, shape (draw, part).

        What a model mistakes of the young and the old it may mistake of any part of the customers as much.

        Args:
            n_draws: How many.
            share: Of what is expected, that of each part, shape (part,).
            rng: Source of randomness.
        """
        freedom = self.n_cuts - 1 + WORTH
        usual = float(np.sqrt(np.dot(self.share, self.apart**2)))
        own = _level(usual * rng.standard_t(freedom, (n_draws, share.size)), share=share)
        return np.asarray(np.exp(np.clip(own, -1.0, 1.0)), dtype=np.float64)


def _level(own: Floats, *, share: Floats) -> Floats:
    """Errors of parts that leave the whole as it is, shape as `own`."""
    out: Floats = own - (own @ share)[:, None]
    return out


def class_of(age: Integers) -> Integers:
    """Class of each customer by the days since her first purchase, shape (customer,)."""
    return np.searchsorted(np.array(AGES), age, side="right").astype(np.int64)


def learned_correction(expected: Floats, actual: Floats) -> Correction:
    """The correction that a backtest teaches.

    Args:
        expected: Orders expected after each cut of the customers of each class, shape (cut, class).
        actual: Orders that came, shape (cut, class).
    """
    n_cuts = expected.shape[0]
    known = (actual >= FEWEST_ORDERS) & (expected > 0)
    logs = np.log(np.where(known, expected, 1.0) / np.where(known, actual, 1.0))
    common = np.log(expected.sum(axis=1) / actual.sum(axis=1))
    deviation = np.where(known, logs - common[:, None], np.nan)
    own, apart = np.zeros(N_CLASSES), np.zeros(N_CLASSES)
    for at in range(N_CLASSES):
        seen = deviation[known[:, at], at]
        if seen.size < 2:
            continue
        luck = float(np.mean(CLUSTERED / actual[known[:, at], at]))
        spread = _spread(max(float(seen.var(ddof=1)), luck), n_cuts=seen.size)
        mean = float(seen.mean())
        kept = max(0.0, 1.0 - spread / seen.size / max(mean**2, 1e-12))
        own[at] = kept * mean
        apart[at] = np.sqrt(spread * (1.0 + 1.0 / seen.size) + ((1.0 - kept) * mean) ** 2)
    unseen = known.sum(axis=0) < 2
    apart[unseen] = apart.max()
    left = np.log((expected * np.exp(-own)).sum(axis=1) / actual.sum(axis=1))
    return Correction(
        factor=np.exp(-left.mean() - own),
        error=float(np.sqrt(_spread(float(left.var(ddof=1)), n_cuts=n_cuts) * (1.0 + 1.0 / n_cuts))),
        apart=apart,
        share=expected.sum(axis=0) / expected.sum(),
        n_cuts=n_cuts,
    )


def _spread(variance: float, *, n_cuts: int) -> float:
    """Variance over cuts, drawn towards what is usual as far as there are few of them."""
    return ((n_cuts - 1) * variance + WORTH * USUAL**2) / (n_cuts - 1 + WORTH)
