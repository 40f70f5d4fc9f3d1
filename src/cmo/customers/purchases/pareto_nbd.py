"""Pareto/NBD: Poisson purchasing until an unseen exponential lifetime ends, on weighted cells.

The chance of having left at some moment between the last purchase and now is an integral of positive
terms. It is computed by Gauss-Legendre quadrature in the logarithm of time, which needs no difference of
hypergeometric functions and therefore neither overflows nor cancels, and whose derivatives are those of
its terms.

References:
    Schmittlein, Morrison & Colombo (1987), "Counting your customers: who are they and what will they do
    next?", Management Science 33(1).
    Fader & Hardie (2005), "A note on deriving the Pareto/NBD model and related expressions".
"""

from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import numpy as np
from numpy.polynomial.legendre import leggauss
from scipy.special import betaincinv, betaln, gammaln, polygamma, psi

from cmo.customers.purchases.cells import Cells, Floats
from cmo.customers.purchases.mixture import log_sum, mixture
from cmo.customers.purchases.newton import Surface, in_logarithms
from cmo.customers.purchases.prior import LogNormal

N_NODES = 18  # the likelihood of a million customers to the eighth digit
REACH = 45.0  # the integral ends where its terms have fallen by exp(-45)
BLOCK = 20_000
_NODES, _WEIGHTS = leggauss(N_NODES)
_STEPS, _LOG_WEIGHTS = (_NODES[:, None] + 1.0) / 2.0, np.log(_WEIGHTS[:, None] / 2.0)
# the density of the end of life has one beta + u more than its survival
_ENDS = np.r_[0.0, np.ones(N_NODES)][:, None]
_MANY_NODES, _MANY_WEIGHTS = leggauss(28)


@dataclass(frozen=True, slots=True, kw_only=True)
class ParetoFuture:
    """The law of future orders given alive: rate Gamma(R, A), remaining lifetime rate Gamma(s, B).

    Attributes:
        shape: Shape R of the gamma rate, shape (customer,).
        rate: Rate A of the gamma rate, in units of time, shape (customer,).
        s: Shape of the gamma dropout rate.
        beta: Rate B of the gamma dropout rate, in units of time, shape (customer,).
    """

    shape: Floats
    rate: Floats
    s: float
    beta: Floats

    def mean(self, horizon: float) -> Floats:
        """Expected orders within the horizon, given alive, shape (customer,)."""
        stay = np.log1p(horizon / self.beta)
        apart = (self.s - 1.0) * stay
        # (1 - exp(-d L)) / d tends to L as d = s - 1 tends to 0
        lived = np.where(
            np.abs(apart) < 1e-12, stay, -np.expm1(-apart) / np.where(apart == 0, 1.0, apart) * stay
        )
        out: Floats = self.shape / self.rate * self.beta * lived
        return out

    def second_factorial(self, horizon: float) -> Floats:
        """E[X (X - 1)] of the orders X within the horizon, given alive, shape (customer,)."""
        moments = self.shape * (self.shape + 1.0) / self.rate**2
        total = np.zeros_like(self.rate)
        for node, weight in zip(_MANY_NODES, _MANY_WEIGHTS, strict=True):
            # E[min(lifetime, t)^2] = integral of 2 u P(lifetime > u)
            u = horizon * (node + 1.0) / 2.0
            total += weight * horizon / 2.0 * 2.0 * u * np.exp(-self.s * np.log1p(u / self.beta))
        return moments * total

    def at_least(self, n: int, *, horizon: float) -> Floats:
        """P(at least n orders within the horizon | alive): the n-th order comes before the end of life."""
        if n == 0:
            return np.ones_like(self.rate)
        # the n-th order comes at u, with v = u / (A + u) of density Beta(n, R); only where that is not
        # negligible
        low = betaincinv(float(n), self.shape, 1e-15)
        high = np.minimum(betaincinv(float(n), self.shape, 1.0 - 1e-15), horizon / (self.rate + horizon))
        density = np.zeros_like(self.rate)
        for node, weight in zip(_MANY_NODES, _MANY_WEIGHTS, strict=True):
            v = low + (high - low) * ((node + 1.0) / 2.0)
            log_density = (n - 1.0) * np.log(v) + (self.shape - 1.0) * np.log1p(-v) - betaln(n, self.shape)
            log_living = -self.s * np.log1p(self.rate * v / ((1.0 - v) * self.beta))
            density += weight / 2.0 * (high - low) * np.exp(log_density + log_living)
        return np.where(high > low, density, 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class ParetoNbd:
    """The Pareto/NBD model."""

    names: ClassVar[tuple[str, ...]] = ("r", "alpha", "s", "beta")
    name: ClassVar[str] = "Pareto/NBD"
    needs_recency: ClassVar[bool] = False

    def prior(self, mean_age: float) -> LogNormal:
        """Weak prior in the unit of `mean_age`, so that the answer is the same in days and in hours."""
        scale = np.log(mean_age / 10)
        return LogNormal(
            location=np.array([-0.5, scale, -0.5, scale + 1.0]), spread=np.array([1.5, 2.0, 1.5, 2.0])
        )

    def log_likelihood(self, theta: Floats, cells: Cells) -> float:
        """Log-likelihood at log-parameters `theta` = log (r, alpha, s, beta), without derivatives."""
        total = float(np.dot(cells.level_weight, _common(theta, cells.levels)))
        for begin in range(0, cells.weight.size, BLOCK):
            block = slice(begin, begin + BLOCK)
            terms = _terms(theta, cells.frequency[block], recency=cells.recency[block], age=cells.age[block])
            total += float(np.dot(cells.weight[block], log_sum(terms.logs)))
        return total

    def surface(self, theta: Floats, cells: Cells) -> Surface:
        """Log-likelihood, gradient and Hessian in log-parameters `theta` = log (r, alpha, s, beta)."""
        parameters = np.exp(theta)
        total = _common_surface(theta, cells)
        for begin in range(0, cells.weight.size, BLOCK):
            total = total + _block(theta, cells, block=slice(begin, begin + BLOCK))
        return in_logarithms(total, parameters)

    def alive(self, theta: Floats, frequency: Floats, *, recency: Floats, age: Floats) -> Floats:
        """Probability that each customer is still one, shape (customer,)."""
        out = np.empty(frequency.size)
        for begin in range(0, frequency.size, BLOCK):
            block = slice(begin, begin + BLOCK)
            logs = _terms(theta, frequency[block], recency=recency[block], age=age[block]).logs
            out[block] = np.exp(logs[0] - log_sum(logs))
        return out

    def alive_slopes(self, theta: Floats, frequency: Floats, *, recency: Floats, age: Floats) -> Floats:
        """Derivatives of log P(alive) in the log-parameters, shape (parameter, customer)."""
        parameters, out = np.exp(theta), np.empty((4, frequency.size))
        for begin in range(0, frequency.size, BLOCK):
            block = slice(begin, begin + BLOCK)
            terms = _terms(theta, frequency[block], recency=recency[block], age=age[block])
            share = np.exp(terms.logs - log_sum(terms.logs))
            for row, slope in enumerate(_slopes(theta, frequency[block], terms=terms)):
                out[row, block] = parameters[row] * (slope[0] - (share * slope).sum(axis=0))
        return out

    def future(self, theta: Floats, frequency: Floats, *, recency: Floats, age: Floats) -> ParetoFuture:
        """What a customer with this history will buy, given alive; `recency` plays no part."""
        r, alpha, s, beta = np.exp(theta)
        del recency
        return ParetoFuture(shape=r + frequency, rate=alpha + age, s=float(s), beta=beta + age)

    def newcomer(self, theta: Floats) -> tuple[float, ParetoFuture]:
        """Chance of outliving the first purchase (one here), and the future of a customer who has."""
        r, alpha, s, beta = np.exp(theta)
        return 1.0, ParetoFuture(
            shape=np.array([r]), rate=np.array([alpha]), s=float(s), beta=np.array([beta])
        )


PARETO_NBD = ParetoNbd()


class _Terms(NamedTuple):
    """The terms of cells at one theta; alive first, then gone at each node, where they come by node.

    Attributes:
        logs: Logarithms of the terms, shape (node + 1, cell).
        when: End of life of each term, counted from the first purchase, shape (node + 1, cell).
        log_alpha: log (alpha + when), shape (node + 1, cell).
        log_beta: log (beta + when), shape (node + 1, cell).
    """

    logs: Floats
    when: Floats
    log_alpha: Floats
    log_beta: Floats


def _terms(theta: Floats, frequency: Floats, *, recency: Floats, age: Floats) -> _Terms:
    r, alpha, s, beta = np.exp(theta)
    shape = r + frequency
    reach = np.minimum(
        (alpha + recency) * np.expm1(np.minimum(REACH / shape, 700.0)),
        (beta + recency) * np.expm1(min(REACH / (s + 1.0), 700.0)),
    )
    reach = np.minimum(reach, age - recency)
    near, far = min(alpha, beta), max(alpha, beta)
    origin = near + recency
    log_origin, width = np.log(origin), np.log1p(reach / origin)
    step = width * _STEPS
    when = np.concatenate([age[None], recency + origin * np.expm1(step)])
    # the nodes are even in the logarithm of the nearer of alpha and beta, which therefore costs nothing
    log_near = np.concatenate([np.log(near + age)[None], log_origin + step])
    log_far = np.log(far + when)
    log_alpha, log_beta = (log_near, log_far) if alpha <= beta else (log_far, log_near)
    logs = theta[3] * s - s * log_beta - shape * log_alpha
    with np.errstate(divide="ignore"):
        measure = np.log(width) + log_origin + theta[2]
    logs[1:] += measure + step + _LOG_WEIGHTS - log_beta[1:]
    return _Terms(logs=logs, when=when, log_alpha=log_alpha, log_beta=log_beta)


def _slopes(theta: Floats, frequency: Floats, *, terms: _Terms) -> tuple[Floats, Floats, Floats, Floats]:
    """First derivatives of the logarithms of the terms in the parameters, shape (node + 1, cell) each."""
    r, alpha, s, beta = np.exp(theta)
    return (
        -terms.log_alpha,
        -(r + frequency) / (alpha + terms.when),
        _ENDS / s + theta[3] - terms.log_beta,
        s / beta - (s + _ENDS) / (beta + terms.when),
    )


def _common(theta: Floats, levels: Floats) -> Floats:
    r = np.exp(theta[0])
    out: Floats = gammaln(r + levels) - gammaln(r) + r * theta[1]
    return out


def _common_surface(theta: Floats, cells: Cells) -> Surface:
    r, alpha = np.exp(theta[:2])
    at, n = cells.level_weight, cells.level_weight.sum()
    gradient, hessian = np.zeros(4), np.zeros((4, 4))
    gradient[0] = np.dot(at, psi(r + cells.levels)) - n * psi(r) + n * theta[1]
    gradient[1] = n * r / alpha
    hessian[0, 0] = np.dot(at, polygamma(1, r + cells.levels)) - n * polygamma(1, r)
    hessian[0, 1] = hessian[1, 0] = n / alpha
    hessian[1, 1] = -n * r / alpha**2
    value = float(np.dot(at, _common(theta, cells.levels)))
    return Surface(value=value, gradient=gradient, hessian=hessian)


def _block(theta: Floats, cells: Cells, *, block: slice) -> Surface:
    r, alpha, s, beta = np.exp(theta)
    x, t_x, age = cells.frequency[block], cells.recency[block], cells.age[block]
    terms = _terms(theta, x, recency=t_x, age=age)
    shape, by_alpha, by_beta = r + x, 1.0 / (alpha + terms.when), 1.0 / (beta + terms.when)
    slopes, ends = np.stack(_slopes(theta, x, terms=terms)), _ENDS
    bends = {
        (0, 1): -by_alpha,
        (1, 1): shape * by_alpha**2,
        (2, 2): -ends / s**2,
        (2, 3): 1.0 / beta - by_beta,
        (3, 3): -s / beta**2 + (s + ends) * by_beta**2,
    }
    return mixture(terms.logs, slopes, bends=bends, weight=cells.weight[block])
