"""BG/BB: before each of n opportunities a customer may leave; who is there buys with probability p.

For purchases that can only happen at set moments (a yearly gift, a monthly box, an edition). In the cells,
`age` is the number of opportunities observed and `recency` the last one taken, 0 if none.

References:
    Fader, Hardie & Shang (2010), "Customer-base analysis in a discrete-time noncontractual setting",
    Marketing Science 29(6).
"""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from scipy.special import betaln, gammaln, polygamma, psi

from cmo.customers.purchases.cells import Cells, Floats
from cmo.customers.purchases.mixture import log_sum, mixture
from cmo.customers.purchases.newton import Surface, in_logarithms, log_slopes
from cmo.customers.purchases.prior import LogNormal

MOST_OPPORTUNITIES = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscreteFuture:
    """The law of future purchases, given alive at the next opportunity.

    Attributes:
        a: First parameter of the purchase probability, shape (customer,).
        b: Second parameter of the purchase probability, shape (customer,).
        c: First parameter of the dropout.
        d: Second parameter of the dropout, shape (customer,).
    """

    a: Floats
    b: Floats
    c: float
    d: Floats

    def mean(self, horizon: float) -> Floats:
        """Expected purchases at the next `horizon` opportunities, given alive, shape (customer,)."""
        ahead = np.arange(round(horizon))[:, None]  # opportunities survived before this one
        stays = np.exp(betaln(self.c, self.d + ahead) - betaln(self.c, self.d))
        out: Floats = self.a / (self.a + self.b) * stays.sum(axis=0)
        return out

    def second_factorial(self, horizon: float) -> Floats:
        """E[X (X - 1)] of the purchases X at the next `horizon` opportunities, given alive."""
        ahead = np.arange(round(horizon))[:, None]  # opportunities survived before this one
        stays = np.exp(betaln(self.c, self.d + ahead) - betaln(self.c, self.d))
        pair = self.a * (self.a + 1.0) / ((self.a + self.b) * (self.a + self.b + 1.0))
        out: Floats = pair * (2.0 * ahead * stays).sum(axis=0)
        return out

    def at_least(self, n: int, *, horizon: float) -> Floats:
        """P(at least n purchases at the next `horizon` opportunities | alive), shape (customer,)."""
        n_ahead = round(horizon)
        out = np.zeros_like(self.a)
        for count in range(n, n_ahead + 1):
            out += self._exactly(count, n_ahead=n_ahead)
        return out

    def _exactly(self, count: int, *, n_ahead: int) -> Floats:
        alone = betaln(self.a, self.b) + betaln(self.c, self.d)
        met = np.arange(max(count, 1), n_ahead + 1)[:, None]  # opportunities met alive
        ways = gammaln(met + 1.0) - gammaln(count + 1.0) - gammaln(met - count + 1.0)
        buys = betaln(self.a + count, self.b + met - count)
        leaves = np.where(
            met == n_ahead, betaln(self.c, self.d + met - 1.0), betaln(self.c + 1.0, self.d + met - 1.0)
        )
        out: Floats = np.exp(ways + buys + leaves - alone).sum(axis=0)
        return out


@dataclass(frozen=True, slots=True, kw_only=True)
class BetaGeometricBetaBernoulli:
    """The BG/BB model."""

    names: ClassVar[tuple[str, ...]] = ("alpha", "beta", "gamma", "delta")
    name: ClassVar[str] = "BG/BB"
    needs_recency: ClassVar[bool] = False

    def prior(self, mean_age: float) -> LogNormal:
        """Weak prior; opportunities have no unit, so that `mean_age` plays no part."""
        del mean_age
        return LogNormal(location=np.array([0.0, 0.0, -0.5, 1.0]), spread=np.full(4, 1.5))

    def log_likelihood(self, theta: Floats, cells: Cells) -> float:
        """Log-likelihood at log-parameters `theta` = log (alpha, beta, gamma, delta), without derivatives."""
        chance = log_sum(_logs(theta, cells.frequency, recency=cells.recency, age=cells.age))
        return float(np.dot(cells.weight, chance)) - cells.n_customers * _alone(theta)

    def surface(self, theta: Floats, cells: Cells) -> Surface:
        """Log-likelihood, gradient and Hessian in log-parameters `theta`."""
        parameters = np.exp(theta)
        alpha, beta, gamma, delta = parameters
        x, t_x = cells.frequency, cells.recency
        logs, met = _logs(theta, x, recency=t_x, age=cells.age), _met(t_x, cells.age)
        gone = np.ones((met.shape[0], 1))
        gone[0] = 0.0
        buys, misses, leaves, stays = alpha + x, beta + met - x, gamma + gone, delta + met
        slopes = np.stack(
            [
                psi(buys) - psi(buys + misses),
                psi(misses) - psi(buys + misses),
                psi(leaves) - psi(leaves + stays),
                psi(stays) - psi(leaves + stays),
            ]
        )
        purchase, departure = polygamma(1, buys + misses), polygamma(1, leaves + stays)
        bends = {
            (0, 0): polygamma(1, buys) - purchase,
            (0, 1): -purchase,
            (1, 1): polygamma(1, misses) - purchase,
            (2, 2): polygamma(1, leaves) - departure,
            (2, 3): -departure,
            (3, 3): polygamma(1, stays) - departure,
        }
        seen = mixture(logs, slopes, bends=bends, weight=cells.weight)
        return in_logarithms(seen + _alone_surface(theta, -cells.n_customers), parameters)

    def alive(self, theta: Floats, frequency: Floats, *, recency: Floats, age: Floats) -> Floats:
        """Probability of being a customer at the next opportunity, shape (customer,)."""
        logs = _logs(theta, frequency, recency=recency, age=age)
        gamma, delta = np.exp(theta[2:])
        # alive after the last opportunity seen, and not leaving before the next
        out: Floats = np.exp(logs[0] - log_sum(logs)) * (delta + age) / (gamma + delta + age)
        return out

    def alive_slopes(self, theta: Floats, frequency: Floats, *, recency: Floats, age: Floats) -> Floats:
        """Derivatives of log P(alive) in the log-parameters, shape (parameter, customer)."""
        return log_slopes(lambda at: self.alive(at, frequency, recency=recency, age=age), theta)

    def future(self, theta: Floats, frequency: Floats, *, recency: Floats, age: Floats) -> DiscreteFuture:
        """What a customer alive at the next opportunity will buy; `recency` plays no part."""
        alpha, beta, gamma, delta = np.exp(theta)
        del recency
        return DiscreteFuture(
            a=alpha + frequency, b=beta + age - frequency, c=float(gamma), d=delta + age + 1.0
        )

    def newcomer(self, theta: Floats) -> tuple[float, DiscreteFuture]:
        """Chance of meeting the first opportunity, and the future of a customer who does."""
        alpha, beta, gamma, delta = np.exp(theta)
        return float(delta / (gamma + delta)), DiscreteFuture(
            a=np.array([alpha]), b=np.array([beta]), c=float(gamma), d=np.array([delta + 1.0])
        )


BG_BB = BetaGeometricBetaBernoulli()


def _met(recency: Floats, age: Floats) -> Floats:
    """Opportunities met alive under each term, shape (term, cell): all of them, or t_x, t_x + 1, ..."""
    n_terms = round(float((age - recency).max(initial=0.0)))
    if n_terms > MOST_OPPORTUNITIES:
        raise ValueError(
            f"{n_terms} opportunities without a purchase, must be <= {MOST_OPPORTUNITIES}: "
            "use a model in continuous time"
        )
    gone = recency + np.arange(n_terms, dtype=np.float64)[:, None]
    return np.concatenate([age[None], np.minimum(gone, age)])


def _logs(theta: Floats, frequency: Floats, *, recency: Floats, age: Floats) -> Floats:
    alpha, beta, gamma, delta = np.exp(theta)
    met = _met(recency, age)
    buys = betaln(alpha + frequency, beta + met - frequency)
    logs: Floats = buys + betaln(gamma + 1.0, delta + met)
    logs[0] = buys[0] + betaln(gamma, delta + age)
    logs[1:][met[1:] >= age] = -np.inf
    return logs


def _alone(theta: Floats) -> float:
    alpha, beta, gamma, delta = np.exp(theta)
    return float(betaln(alpha, beta) + betaln(gamma, delta))


def _alone_surface(theta: Floats, times: float) -> Surface:
    gradient, hessian = np.zeros(4), np.zeros((4, 4))
    for first in (0, 2):
        u, v = np.exp(theta[first : first + 2])
        gradient[first : first + 2] = psi([u, v]) - psi(u + v)
        hessian[first : first + 2, first : first + 2] = np.diag(polygamma(1, [u, v])) - polygamma(1, u + v)
    return Surface(value=times * _alone(theta), gradient=times * gradient, hessian=times * hessian)
