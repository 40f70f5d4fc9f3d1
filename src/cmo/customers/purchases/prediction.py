"""What each customer will do: alive or not, how many orders, how likely one, within which interval. Exact."""

from dataclasses import dataclass

import numpy as np
from numpy.polynomial.legendre import leggauss

from cmo.customers.purchases.cells import Floats, Integers
from cmo.customers.purchases.fitting import Future, PurchaseModel

_NODES, _WEIGHTS = leggauss(8)
MOST_ORDERS = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Customers:
    """Histories of customers, one by one or as cells.

    Attributes:
        frequency: Repeat purchase occasions, shape (customer,).
        recency: Time from the first to the last occasion, shape (customer,).
        age: Time from the first occasion to the end of observation, shape (customer,).
    """

    frequency: Floats
    recency: Floats
    age: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Horizon:
    """How far ahead, and what a later euro is worth.

    Attributes:
        until: End of the horizon, in the unit of time of the histories.
        years: Its length in years.
        annual_rate: Rate of discount per year, 0.1 for 10 %; 0 for none.
        moments: Elapsed time, in the unit of the histories, at eight set moments of the horizon, shape (8,).
    """

    until: float
    years: float
    annual_rate: float
    moments: Floats


def horizon_of(until: float, *, years: float, annual_rate: float, moments: Floats | None = None) -> Horizon:
    """A horizon; time runs evenly in it unless `moments` says otherwise (a seasonal clock).

    Raises:
        ValueError: It has no length, or the rate of discount is below 0.
    """
    if until <= 0 or years <= 0 or annual_rate < 0:
        raise ValueError(
            f"until == {until}, years == {years}, annual_rate == {annual_rate}: must be > 0, > 0 and >= 0"
        )
    even = until * moments_of_a_year()
    return Horizon(
        until=until, years=years, annual_rate=annual_rate, moments=even if moments is None else moments
    )


def moments_of_a_year() -> Floats:
    """The eight set moments of a horizon, as shares of its length, shape (8,)."""
    out: Floats = (_NODES + 1.0) / 2.0
    return out


def chance_alive(model: PurchaseModel, theta: Floats, *, customers: Customers) -> Floats:
    """P(still a customer), shape (customer,)."""
    return model.alive(theta, customers.frequency, recency=customers.recency, age=customers.age)


def expected_orders(model: PurchaseModel, theta: Floats, *, customers: Customers, horizon: float) -> Floats:
    """Expected orders of each customer within the horizon, shape (customer,)."""
    kinds, kind = distinct(model, customers)
    living = future_of(model, theta, customers=kinds).mean(horizon)
    return chance_alive(model, theta, customers=customers) * living[kind]


def chance_of_at_least(
    n: int, model: PurchaseModel, *, theta: Floats, customers: Customers, horizon: float
) -> Floats:
    """P(at least n orders within the horizon), n >= 1; n = 1 is P(buy again), shape (customer,)."""
    kinds, kind = distinct(model, customers)
    living = future_of(model, theta, customers=kinds).at_least(n, horizon=horizon)
    return chance_alive(model, theta, customers=customers) * living[kind]


def order_chances(
    model: PurchaseModel, theta: Floats, *, customers: Customers, horizon: float, most: int
) -> Floats:
    """P(exactly 0, 1, ..., `most` orders within the horizon), shape (most + 1, customer)."""
    kinds, kind = distinct(model, customers)
    future = future_of(model, theta, customers=kinds)
    alive = chance_alive(model, theta, customers=customers)
    beyond = np.stack([future.at_least(n, horizon=horizon) for n in range(most + 2)])[:, kind] * alive
    beyond[0] = 1.0
    return np.maximum(-np.diff(beyond, axis=0), 0.0)


def order_interval(
    model: PurchaseModel, theta: Floats, *, customers: Customers, horizon: float, level: float = 0.9
) -> tuple[Integers, Integers]:
    """The exact central predictive interval of orders: from the lower to the upper quantile, both included.

    Args:
        model: The purchase model.
        theta: Its log-parameters.
        customers: The histories.
        horizon: How far ahead, in their unit of time.
        level: Chance that the interval must hold at least, in (0, 1).

    Returns:
        Lowest and highest count, shape (customer,) each.
    """
    kinds, kind = distinct(model, customers)
    future = future_of(model, theta, customers=kinds)
    alive = chance_alive(model, theta, customers=customers)
    tail = (1.0 - level) / 2.0
    low = np.zeros(alive.size, dtype=np.int64)
    high = np.zeros(alive.size, dtype=np.int64)
    for n in range(1, MOST_ORDERS):
        beyond = future.at_least(n, horizon=horizon)[kind] * alive  # P(X >= n) = 1 - P(X <= n - 1)
        low[1.0 - beyond < tail] = n
        above = 1.0 - beyond < 1.0 - tail
        high[above] = n
        if not np.any(above):
            break
    return low, high


def discounted_orders(future: Future, horizon: Horizon) -> Floats:
    """Expected orders within the horizon, each discounted to today, given alive, shape (customer,).

    By parts: what all would be worth at the end, plus the interest saved by those that come earlier.
    """
    rate = np.log1p(horizon.annual_rate)
    total = np.exp(-rate * horizon.years) * future.mean(horizon.until)
    if rate == 0:
        return np.asarray(total, dtype=np.float64)
    shares = moments_of_a_year()
    for share, weight, moment in zip(shares, _WEIGHTS / 2.0, horizon.moments, strict=True):
        interest = rate * horizon.years * np.exp(-rate * horizon.years * share)
        total = total + weight * interest * future.mean(float(moment))
    return np.asarray(total, dtype=np.float64)


def distinct(model: PurchaseModel, customers: Customers) -> tuple[Customers, Integers]:
    """The customers whose futures differ, given alive, and which of them each customer is.

    Under Poisson purchasing the future does not depend on recency, which leaves tens of thousands of kinds
    among ten million customers.
    """
    x, age = customers.frequency, customers.age
    _, of_count = np.unique(x, return_inverse=True)
    ages, of_age = np.unique(age, return_inverse=True)
    key = of_count.astype(np.int64) * ages.size + of_age
    if model.needs_recency:
        recencies, of_recency = np.unique(customers.recency, return_inverse=True)
        key = key * recencies.size + of_recency
    _, first, kind = np.unique(key, return_index=True, return_inverse=True)
    kinds = Customers(frequency=x[first], recency=customers.recency[first], age=age[first])
    return kinds, kind.astype(np.int64)


def future_of(model: PurchaseModel, theta: Floats, *, customers: Customers) -> Future:
    """The future of each customer, given alive."""
    return model.future(theta, customers.frequency, recency=customers.recency, age=customers.age)
