"""The future orders of a living customer who may leave after each purchase: exact, without simulation.

With gamma rate Gamma(R, A) and dropout Beta(a, b) a living customer makes at least n purchases within t
with chance B(a, b + n - 1) / B(a, b) times the negative binomial chance of n opportunities. Everything
follows from it.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import betainc, betaln, hyp2f1

from cmo.customers.purchases.beta_quadrature import beta_nodes
from cmo.customers.purchases.cells import Floats, Integers

NEAR_POLE = 1e-4  # the closed form divides by a - 1
SUSPECT_SHAPE = 300.0  # above, Gauss's series under- or overflows
NEGLIGIBLE = 1e-11  # chance at which the sum over orders ends
MOST_ORDERS = 20_000
ROOTS_OF_TWO = (1.0, -1.0)  # kept real: complex powers cost three times as much
NO_SMALLER = 1e-7  # dropout below which a difference loses its digits and a smaller one changes nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class GeometricFuture:
    """The law of future orders given alive, for several customers (or cells) at once.

    Attributes:
        shape: Shape R of the gamma rate by phase of the current gap, shape (phase, customer).
        rate: Rate A of the gamma rate, in units of time, shape (customer,).
        a: First parameter of the dropout.
        b: Second parameter of the dropout, shape (customer,).
        phase_weight: Chance of each phase, one row for Poisson purchasing, shape (phase, customer).
    """

    shape: Floats
    rate: Floats
    a: float
    b: Floats
    phase_weight: Floats

    def at_least(self, n: int, *, horizon: float) -> Floats:
        """P(at least n orders within the horizon | alive), shape (customer,)."""
        if n == 0:
            return np.ones_like(self.rate)
        k = self.shape.shape[0]
        within = horizon / (self.rate + horizon)
        opportunities = np.zeros_like(self.rate)
        for phase in range(k):
            reached = betainc(float(k * n - phase), self.shape[phase], within)
            opportunities += self.phase_weight[phase] * reached
        out: Floats = opportunities * np.exp(betaln(self.a, self.b + (n - 1)) - betaln(self.a, self.b))
        return out

    def mean(self, horizon: float) -> Floats:
        """Expected orders within the horizon, given alive, shape (customer,)."""
        if horizon <= 0:
            return np.zeros_like(self.rate)
        if self.shape.shape[0] > 1:
            return self._mean_of_regular(horizon)
        shape, lead = self.shape[0], self.a + self.b - 1.0
        z = horizon / (self.rate + horizon)
        with np.errstate(all="ignore"):
            series = hyp2f1(shape, self.b, lead, z)
            closed = lead / (self.a - 1.0) * -np.expm1(shape * np.log1p(-z) + np.log(series))
        near = abs(self.a - 1.0) < NEAR_POLE
        opportunities = shape * horizon / self.rate
        doubtful = near | ~np.isfinite(closed) | (closed <= 0) | (closed > opportunities) | (lead <= 0)
        doubtful = doubtful | (shape > SUSPECT_SHAPE) | (self.b > SUSPECT_SHAPE) | (opportunities < 1e-5)
        at = np.flatnonzero(doubtful)
        if at.size:
            closed[at] = self._mean_by_quadrature(horizon, at=at)
        out: Floats = closed
        return out

    def second_factorial(self, horizon: float) -> Floats:
        """E[X (X - 1)] of the orders X within the horizon, given alive, to four digits, shape (customer,).

        For given lambda and p it is 2 (1 - p) / p^2 (1 - exp(-lambda p t) (1 + lambda p t)).
        """
        if self.shape.shape[0] > 1:
            return self._pairs_by_sum(horizon)
        levels, level = np.unique(self.b, return_inverse=True)
        nodes = beta_nodes(self.a, levels, n_nodes=28)
        out = np.zeros_like(self.rate)
        shape, within = self.shape[0], horizon / self.rate
        for p, q, weight in zip(nodes.p, nodes.q, nodes.weight, strict=True):
            chance = p[level] * within
            # below 1e-4 the bracket loses its digits: its series begins R (R + 1) c^2 / 2
            early = shape * (shape + 1.0) * within**2 / 2.0
            kept = np.exp(-shape * np.log1p(chance))
            bracket = (1.0 - kept * (1.0 + shape * chance / (1.0 + chance))) / np.maximum(
                p[level], 1e-140
            ) ** 2
            out += weight[level] * 2.0 * q[level] * np.where(shape * chance < 1e-4, early, bracket)
        return out

    def _mean_by_quadrature(self, horizon: float, *, at: np.ndarray) -> Floats:
        """E[(1 - (1 + p t / A)^-R) / p] over the Beta of p: no pole, no overflow."""
        out = np.empty(at.size)
        for begin in range(0, at.size, 20_000):
            part = at[begin : begin + 20_000]
            levels, level = np.unique(self.b[part], return_inverse=True)
            nodes = beta_nodes(self.a, levels)
            p = nodes.p[:, level]
            orders = -np.expm1(-self.shape[0, part] * np.log1p(p * horizon / self.rate[part])) / p
            out[begin : begin + 20_000] = (nodes.weight[:, level] * orders).sum(axis=0)
        return out

    def _mean_of_regular(self, horizon: float) -> Floats:
        """E[(1 - q^floor((N + j) / k)) / p] for k > 1, to seven digits: N steps to come, j taken, q = 1 - p.

        The residues of N modulo k are told apart by the k-th roots of unity in its generating function.
        """
        out = np.empty_like(self.rate)
        for begin in range(0, out.size, 5_000):
            at = np.arange(begin, min(begin + 5_000, out.size))
            out[at] = self.taken(at)._regular_block(horizon)  # noqa: SLF001 - a part of the same law
        return out

    def _regular_block(self, horizon: float) -> Floats:
        k = self.shape.shape[0]
        levels, level = np.unique(self.b, return_inverse=True)
        nodes = beta_nodes(self.a, levels, n_nodes=64)
        p, q = np.maximum(nodes.p, NO_SMALLER), np.maximum(nodes.q, 1e-280)
        s = q ** (1.0 / k)
        gone = np.zeros((p.shape[0], self.rate.size))
        for turn in range(k):
            root = ROOTS_OF_TWO[turn] if k == 2 else np.exp(2j * np.pi * turn / k)
            base = 1.0 + (1.0 - s * root)[:, level] * (horizon / self.rate)
            steps = np.exp(-self.shape[0] * np.log(base))
            for phase in range(k):
                past = sum(root**-i * s ** float(phase - (i + phase) % k) for i in range(k))
                gone += (steps * np.asarray(past)[:, level]).real * (self.phase_weight[phase] / k)
                steps = steps / base  # each phase begun adds one to the shape
        out: Floats = (nodes.weight[:, level] * (1.0 - gone) / p[:, level]).sum(axis=0)
        return out

    def _pairs_by_sum(self, horizon: float) -> Floats:
        """E[X (X - 1)] as a sum of P(X >= n), each case while it matters."""
        out = np.zeros_like(self.rate)
        live, left = np.arange(self.rate.size), self
        for n in range(1, MOST_ORDERS):
            chance = left.at_least(n, horizon=horizon)
            out[live] += 2.0 * (n - 1) * chance
            matters = chance * n > NEGLIGIBLE
            if not np.any(matters):
                break
            if matters.mean() < 0.9:
                live, left = live[matters], left.taken(np.flatnonzero(matters))
        return out

    def taken(self, at: Integers) -> "GeometricFuture":
        """The law of some of the customers."""
        return GeometricFuture(
            shape=self.shape[:, at],
            rate=self.rate[at],
            a=self.a,
            b=self.b[at],
            phase_weight=np.broadcast_to(self.phase_weight, self.shape.shape)[:, at],
        )
