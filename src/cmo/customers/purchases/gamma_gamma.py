"""Gamma-Gamma: what a customer spends (or brings in margin) per purchase, learned from few purchases.

Amounts of one customer are Gamma(p, nu), with nu ~ Gamma(q, v) over customers, independent of how often
they buy. The expected amount is finite only if q > 1, which the prior sees to where few purchases say little.

References:
    Colombo & Jiang (1999), "A stochastic RFM model", Journal of Interactive Marketing 13(3).
    Fader & Hardie (2013), "The gamma-gamma model of monetary value".
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import gammaln, polygamma, psi

from cmo.customers.purchases.cells import Floats, Integers
from cmo.customers.purchases.newton import Surface, in_logarithms
from cmo.customers.purchases.prior import LogNormal

NAMES = ("p", "q", "v")
BLOCK = 500_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Spending:
    """Amounts of customers with at least one purchase that counts; made by `spending_of`.

    Attributes:
        frequency: Purchases whose amounts are summed, whole numbers > 0, shape (cell,).
        total: Sum of the amounts, > 0, in currency, shape (cell,).
        weight: Customers in each cell, shape (cell,).
        levels: Distinct frequencies, shape (level,).
        level_weight: Customers at each level, shape (level,).
        log_total: Weighted sum of log totals.
        frequency_log_total: Weighted sum of frequency times log total.
    """

    frequency: Floats
    total: Floats
    weight: Floats
    levels: Floats
    level_weight: Floats
    log_total: float
    frequency_log_total: float

    @property
    def mean_amount(self) -> float:
        """Mean over customers of their mean amount: the scale of unit-free priors."""
        return float(np.dot(self.weight, self.total / self.frequency) / self.weight.sum())


def spending_of(
    frequency: npt.ArrayLike, total: npt.ArrayLike, *, weight: npt.ArrayLike | None = None, width: float = 0.0
) -> Spending:
    """Amounts of customers; those without a purchase or with a total <= 0 are no part of the model.

    Args:
        frequency: Purchases whose amounts are summed, shape (customer,).
        total: Sum of the amounts, in currency, shape (customer,).
        weight: Customers each entry stands for; one each by default.
        width: Width of a bin of log total in which customers with equal frequency are joined, keeping
            their mean total; 0 keeps every customer. At 0.02 the parameters move by less than 0.01 %.

    Raises:
        ValueError: Nobody has a purchase with a positive total.
    """
    x, s = (np.atleast_1d(np.asarray(part, dtype=np.float64)) for part in (frequency, total))
    w = np.ones_like(x) if weight is None else np.atleast_1d(np.asarray(weight, dtype=np.float64))
    usable = (x > 0) & (s > 0)
    if not np.any(usable):
        raise ValueError("no customer with a purchase of positive amount: spending cannot be learned")
    x, s, w = x[usable], s[usable], w[usable]
    if width > 0:
        x, s, w = _binned(x, s, weight=w, bins=np.round(np.log(s) / width).astype(np.int64))
    logs = w * np.log(s)
    levels, level = np.unique(x, return_inverse=True)
    return Spending(
        frequency=x,
        total=s,
        weight=w,
        levels=levels,
        level_weight=np.bincount(level, weights=w).astype(np.float64),
        log_total=float(logs.sum()),
        frequency_log_total=float(np.dot(x, logs)),
    )


def prior(mean_amount: float) -> LogNormal:
    """Weak prior of log (p, q, v), the same in euros and in cents; where the data are silent, q > 1."""
    return LogNormal(location=np.array([1.0, 1.2, np.log(mean_amount)]), spread=np.array([1.0, 0.7, 1.5]))


def log_likelihood(theta: Floats, spending: Spending) -> Surface:
    """Log-likelihood of the mean amounts, with derivatives in log-parameters `theta` = log (p, q, v)."""
    parameters = np.exp(theta)
    p, q, v = parameters
    x, w, n = spending.levels, spending.level_weight, spending.level_weight.sum()
    sums = _sums(v, spending)
    many = p * x + q
    value = _value(theta, spending, logs=(sums[0], sums[1]))
    gradient = np.array(
        [
            np.dot(w * x, psi(many) - psi(p * x)) + spending.frequency_log_total - sums[0],
            np.dot(w, psi(many)) + n * (theta[2] - psi(q)) - sums[1],
            n * q / v - p * sums[2] - q * sums[3],
        ]
    )
    bend = polygamma(1, many)
    hessian = np.empty((3, 3))
    hessian[0, 0] = np.dot(w * x**2, bend - polygamma(1, p * x))
    hessian[0, 1] = hessian[1, 0] = np.dot(w * x, bend)
    hessian[1, 1] = np.dot(w, bend) - n * polygamma(1, q)
    hessian[0, 2] = hessian[2, 0] = -sums[2]
    hessian[1, 2] = hessian[2, 1] = n / v - sums[3]
    hessian[2, 2] = -n * q / v**2 + p * sums[4] + q * sums[5]
    return in_logarithms(Surface(value=float(value), gradient=gradient, hessian=hessian), parameters)


def log_density(theta: Floats, spending: Spending) -> float:
    """As `log_likelihood`, without derivatives."""
    logs = np.log(spending.total + np.exp(theta[2])) * spending.weight
    return _value(theta, spending, logs=(float(np.dot(spending.frequency, logs)), float(logs.sum())))


def expected_amount(theta: Floats, frequency: Floats, total: Floats) -> Floats:
    """Expected amount per purchase of each customer, in currency; the mean of the base where frequency is 0.

    Raises:
        ValueError: q <= 1, for which the mean amount of the base is infinite.
    """
    p, q, v = np.exp(theta)
    if q <= 1:
        raise ValueError(f"q == {q:.3f}, must be > 1 for a finite mean amount: fit with the prior")
    out: Floats = p * (v + total) / (p * frequency + q - 1.0)
    return out


def squared_amounts(theta: Floats, frequency: Floats, total: Floats) -> tuple[Floats, Floats]:
    """E[z^2] of one future amount and E[z z'] of two, of each customer; infinite where p x + q <= 2."""
    p, q, v = np.exp(theta)
    shape = p * frequency + q
    with np.errstate(divide="ignore", invalid="ignore"):
        inverse = np.where(shape > 2.0, (v + total) ** 2 / ((shape - 1.0) * (shape - 2.0)), np.inf)
    return p * (p + 1.0) * inverse, p * p * inverse


def _value(theta: Floats, spending: Spending, *, logs: tuple[float, float]) -> float:
    """The log-likelihood, given the weighted sums of x log (total + v) and of log (total + v)."""
    p, q, _ = np.exp(theta)
    x, w = spending.levels, spending.level_weight
    return float(
        np.dot(w, gammaln(p * x + q) - gammaln(p * x) + np.log(x))
        + w.sum() * (q * theta[2] - gammaln(q))
        + p * spending.frequency_log_total
        - spending.log_total
        - p * logs[0]
        - q * logs[1]
    )


def _binned(
    frequency: Floats, total: Floats, *, weight: Floats, bins: Integers
) -> tuple[Floats, Floats, Floats]:
    order = np.lexsort((bins, frequency))
    x, b = frequency[order], bins[order]
    at = np.flatnonzero(np.r_[True, (np.diff(x) != 0) | (np.diff(b) != 0)])
    joined = np.add.reduceat(weight[order], at)
    return x[at], np.add.reduceat((weight * total)[order], at) / joined, joined


def _sums(v: float, spending: Spending) -> Floats:
    """Weighted sums of x l, l, x / d, 1 / d, x / d^2, 1 / d^2, with d = total + v and l = log d."""
    out = np.zeros(6)
    for begin in range(0, spending.total.size, BLOCK):
        block = slice(begin, begin + BLOCK)
        x, w = spending.frequency[block], spending.weight[block]
        d = spending.total[block] + v
        logs, inverse = np.log(d) * w, w / d
        squares = inverse / d
        out += [
            np.dot(x, logs), logs.sum(), np.dot(x, inverse), inverse.sum(), np.dot(x, squares), squares.sum()
        ]  # fmt: skip
    return out
