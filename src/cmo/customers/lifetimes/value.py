"""What every customer is still worth, with two uncertainties: of the model, and of the customer.

The value is what the customer will bring within a stated horizon, discounted at a stated annual rate, in
the money that the amounts were given in (margin where margin is known). Its standard error says how well
the model is known; its standard deviation says how far one customer may fall from her own expectation,
which is far more.
"""

from dataclasses import dataclass

import numpy as np

from cmo.customers.purchases import gamma_gamma
from cmo.customers.purchases.cells import Floats, Integers
from cmo.customers.purchases.fitting import Fit, Unsupported
from cmo.customers.purchases.newton import log_slopes, maximised
from cmo.customers.purchases.prediction import Customers, Horizon, discounted_orders, distinct, future_of
from cmo.customers.purchases.prior import LogNormal
from cmo.measures import Text

ONE_PRICE = 0.01  # coefficient of variation of customers' mean amounts below which there is one price
EVEN = 1.0 / ONE_PRICE**2  # shape of amounts that vary by so much
BLOCK = 250_000  # customers at a time: temporaries stay within tens of megabytes


@dataclass(frozen=True, slots=True, kw_only=True)
class SpendingFit:
    """A fitted Gamma-Gamma model.

    Attributes:
        theta: log (p, q, v) at the mode.
        covariance: Laplace covariance, shape (3, 3).
        prior: The prior it was fitted with.
        steady: Whether orders hardly differ in amount, as at one price: only their mean is learned then.
    """

    theta: Floats
    covariance: Floats
    prior: LogNormal
    steady: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Values:
    """What every customer is worth; every array has shape (customer,).

    Attributes:
        alive: P(still a customer).
        orders: Expected orders within the horizon.
        buys: P(at least one order within the horizon).
        amount: Expected amount per order, in currency.
        value: Expected discounted value within the horizon, in currency.
        error: Standard error of `value`: what is not known of the model.
        spread: Standard deviation of what this customer will bring; infinite where her amounts have no
            variance.
    """

    alive: Floats
    orders: Floats
    buys: Floats
    amount: Floats
    value: Floats
    error: Floats
    spread: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Prospects:
    """What is computed once for customers of a kind, given alive; shapes (kind,) unless said otherwise.

    Attributes:
        orders: Expected orders within the horizon.
        buys: P(at least one order within the horizon).
        discounted: Expected orders within the horizon, discounted.
        pairs: E[X (X - 1)] of the orders X within the horizon.
        slopes: Derivatives of log `discounted` in the log-parameters, shape (parameter, kind).
    """

    orders: Floats
    buys: Floats
    discounted: Floats
    pairs: Floats
    slopes: Floats


def fit_spending(spending: gamma_gamma.Spending, *, prior: LogNormal | None = None) -> SpendingFit:
    """The mode of the Gamma-Gamma posterior.

    Args:
        spending: The amounts.
        prior: Prior of log (p, q, v); a weak, unit-free one by default.

    Raises:
        Unsupported: The amounts have no proper maximum, or a mean that is infinite.
    """
    believed = gamma_gamma.prior(spending.mean_amount) if prior is None else prior
    if (steady := _steady(spending, prior=believed)) is not None:
        return steady
    top = maximised(
        lambda theta: gamma_gamma.log_likelihood(theta, spending) + believed.surface(theta), believed.location
    )
    if not top.converged or top.at[1] <= 0:
        raise Unsupported(
            Text(
                "The amounts of orders are too erratic for a mean: a few very large ones decide everything.",
                "Les montants des commandes sont trop erratiques pour une moyenne : quelques très grands "
                "décident de tout.",
            )
        )
    covariance = np.asarray(np.linalg.inv(-top.surface.hessian), dtype=np.float64)
    return SpendingFit(theta=top.at, covariance=covariance, prior=believed)


def _steady(spending: gamma_gamma.Spending, *, prior: LogNormal) -> SpendingFit | None:
    """Amounts that hardly differ, for which Gamma-Gamma has no maximum; None where they differ."""
    weight = spending.weight * spending.frequency
    each = spending.total / spending.frequency
    mean = float(np.dot(weight, each) / weight.sum())
    spread = float(np.sqrt(np.dot(weight, (each - mean) ** 2) / weight.sum())) / mean
    if spread >= ONE_PRICE:
        return None
    error = max(spread, ONE_PRICE / 10) / np.sqrt(spending.weight.sum())
    return SpendingFit(
        theta=np.log([EVEN, EVEN, mean * (EVEN - 1.0) / EVEN]),
        covariance=np.diag([1e-12, 1e-12, error**2]),
        prior=prior,
        steady=True,
    )


def customer_values(
    fitted: Fit, spending: SpendingFit, *, customers: Customers, total: Floats, horizon: Horizon
) -> Values:
    """Values every customer.

    Args:
        fitted: Purchase model.
        spending: Model of amounts.
        customers: Histories, shape (customer,).
        total: Sum of the amounts of the repeat purchases of each customer, in currency, shape (customer,).
        horizon: How far ahead, at which annual rate.
    """
    kinds, kind = distinct(fitted.model, customers)
    given = prospects(fitted, kinds, horizon=horizon)
    n = kind.size
    out = {name: np.empty(n) for name in Values.__dataclass_fields__}
    for begin in range(0, n, BLOCK):
        block = slice(begin, begin + BLOCK)
        part = Customers(
            frequency=customers.frequency[block], recency=customers.recency[block], age=customers.age[block]
        )
        values = values_of(
            fitted, spending, customers=part, total=total[block], ahead=given, kind=kind[block]
        )
        for name, column in out.items():
            column[block] = getattr(values, name)
    return Values(**out)


def prospects(fitted: Fit, kinds: Customers, *, horizon: Horizon) -> Prospects:
    """What customers of each kind will do, given alive.

    Args:
        fitted: Purchase model.
        kinds: Histories that differ, see `prediction.distinct`.
        horizon: How far ahead, at which annual rate.
    """

    def discounted(theta: Floats) -> Floats:
        return discounted_orders(future_of(fitted.model, theta, customers=kinds), horizon)

    future = future_of(fitted.model, fitted.theta, customers=kinds)
    return Prospects(
        orders=future.mean(horizon.until),
        buys=future.at_least(1, horizon=horizon.until),
        discounted=discounted(fitted.theta),
        pairs=future.second_factorial(horizon.until),
        slopes=log_slopes(discounted, fitted.theta),
    )


def values_of(
    fitted: Fit,
    spending: SpendingFit,
    *,
    customers: Customers,
    total: Floats,
    ahead: Prospects,
    kind: Integers,
) -> Values:
    """Values some customers whose prospects are known.

    Args:
        fitted: Purchase model.
        spending: Model of amounts.
        customers: Histories, shape (customer,).
        total: Sum of the amounts of the repeat purchases of each customer, in currency, shape (customer,).
        ahead: Prospects by kind.
        kind: Which kind each customer is, shape (customer,).
    """
    x = customers.frequency
    history = {"recency": customers.recency, "age": customers.age}
    alive = fitted.model.alive(fitted.theta, x, **history)
    amount = gamma_gamma.expected_amount(spending.theta, x, total)
    orders, discounted = ahead.orders[kind], ahead.discounted[kind]
    value = alive * discounted * amount
    p, q, v = np.exp(spending.theta)
    shape = p * x + q - 1.0
    slopes = fitted.model.alive_slopes(fitted.theta, x, **history) + ahead.slopes[:, kind]
    of_amount = np.stack([1.0 - p * x / shape, -q / shape, v / (v + total)])
    variance = _form(slopes, fitted.covariance) + _form(of_amount, spending.covariance)
    one, two = gamma_gamma.squared_amounts(spending.theta, x, total)
    earlier = discounted / np.maximum(orders, 1e-300)  # a sum of discounted orders, as one discount for all
    second = earlier**2 * alive * (orders * one + ahead.pairs[kind] * two)
    return Values(
        alive=alive,
        orders=alive * orders,
        buys=alive * ahead.buys[kind],
        amount=amount,
        value=value,
        error=value * np.sqrt(np.maximum(variance, 0.0)),
        spread=np.sqrt(np.maximum(second - value**2, 0.0)),
    )


def _form(slopes: Floats, covariance: Floats) -> Floats:
    """The quadratic form of each column of slopes, shape (customer,)."""
    out: Floats = ((covariance @ slopes) * slopes).sum(axis=0)
    return out
