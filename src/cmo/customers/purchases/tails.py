"""How many orders: quantiles of a customer's exact predictive distribution, from the tails of her kind."""

from dataclasses import dataclass

import numpy as np

from cmo.customers.purchases.cells import Floats, Integers
from cmo.customers.purchases.fitting import PurchaseModel
from cmo.customers.purchases.prediction import Customers, future_of

LEAST = 0.05  # chance at which a tail ends: quantiles above 0.95 are not asked for
MOST_ORDERS = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Tails:
    """P(at least n orders | alive) for n = 1, 2, … of each kind in turn, while above 5 %.

    Attributes:
        begin: Where the tail of each kind begins in `beyond`, shape (kind + 1,).
        beyond: The chances, falling within a kind, shape (entry,).
    """

    begin: Integers
    beyond: Floats

    def quantile(self, level: float, *, kind: Integers, alive: Floats) -> Integers:
        """The smallest number of orders that is not exceeded with chance `level`, shape (customer,).

        Args:
            level: In (0, 0.95].
            kind: Which kind each customer is, shape (customer,).
            alive: P(still a customer), shape (customer,).

        Raises:
            ValueError: The level lies beyond the tails.
        """
        if not 0.0 < level <= 1.0 - LEAST:
            raise ValueError(f"level == {level}, must lie above 0 and be at most {1.0 - LEAST}")
        enough = (1.0 - level) / np.maximum(alive, 1e-300)
        low, high = self.begin[kind], self.begin[kind + 1]
        first = low.copy()
        # the tails fall, so the number of entries above `enough` is found by halving
        while np.any(low < high):
            middle = (low + high) // 2
            above = (low < high) & (self.beyond[np.minimum(middle, self.beyond.size - 1)] > enough)
            low = np.where(above, middle + 1, low)
            high = np.where(above, high, np.minimum(middle, high))
        return low - first


def tails(model: PurchaseModel, theta: Floats, *, kinds: Customers, horizon: float) -> Tails:
    """The tails of kinds of customers.

    Args:
        model: The purchase model.
        theta: Its log-parameters.
        kinds: Histories that differ, see `prediction.distinct`, shape (kind,).
        horizon: How far ahead, in their unit of time.
    """
    live = np.arange(kinds.frequency.size)
    who: list[Integers] = []
    chances: list[Floats] = []
    for n in range(1, MOST_ORDERS):
        few = Customers(frequency=kinds.frequency[live], recency=kinds.recency[live], age=kinds.age[live])
        chance = future_of(model, theta, customers=few).at_least(n, horizon=horizon)
        live, chance = live[chance > LEAST], chance[chance > LEAST]
        if not live.size:
            break
        who.append(live)
        chances.append(chance)
    kind = np.concatenate([np.zeros(0, dtype=np.int64), *who])
    order = np.argsort(kind, kind="stable")  # within a kind, n goes on ascending
    length = np.bincount(kind, minlength=kinds.frequency.size)
    return Tails(
        begin=np.r_[0, np.cumsum(length)].astype(np.int64),
        beyond=np.concatenate([np.zeros(0), *chances])[order],
    )
