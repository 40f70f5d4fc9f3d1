"""BG/NBD, MBG/NBD and their Erlang-k forms: likelihood with exact derivatives on weighted cells.

A customer buys with Erlang-k gaps of rate lambda ~ Gamma(r, alpha), and after each purchase leaves for
good with probability p ~ Beta(a, b); in the modified form (MBG) already after the first. k = 1 is Poisson
purchasing; k = 2 or 3 describes regular buyers, such as households at their grocer's.

References:
    Fader, Hardie & Lee (2005), "Counting your customers the easy way", Marketing Science 24(2).
    Batislam, Denizel & Filiztekin (2007), "Empirical validation and comparison of models for customer base
    analysis", International Journal of Research in Marketing 24(3).
    Platzer & Reutterer (2016), "Ticking away the moments", Marketing Science 35(5).
"""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from scipy.special import betaln, gammaln, polygamma, psi

from cmo.customers.purchases.cells import Cells, Floats
from cmo.customers.purchases.geometric_future import GeometricFuture
from cmo.customers.purchases.mixture import log_sum, mixture
from cmo.customers.purchases.newton import Surface, in_logarithms, log_slopes
from cmo.customers.purchases.prior import LogNormal

BLOCK = 100_000  # cells at a time: temporaries stay within the processor's cache and tens of megabytes


@dataclass(frozen=True, slots=True, kw_only=True)
class BetaGeometric:
    """One member of the family.

    Attributes:
        dropout_at_start: Whether a customer may leave right after the first purchase (MBG) or not (BG).
        regularity: Shape k >= 1 of the Erlang gaps between purchases.
    """

    names: ClassVar[tuple[str, ...]] = ("r", "alpha", "a", "b")

    dropout_at_start: bool = False
    regularity: int = 1

    def __post_init__(self) -> None:
        """Refuses a regularity that is no Erlang shape."""
        if self.regularity < 1:
            raise ValueError(f"regularity == {self.regularity}, must be a whole number >= 1")

    @property
    def name(self) -> str:
        """The field's name of this member."""
        stem = "MBG" if self.dropout_at_start else "BG"
        return f"{stem}/NBD" if self.regularity == 1 else f"{stem}/CNBD-{self.regularity}"

    @property
    def needs_recency(self) -> bool:
        """Whether the future of a living customer depends on the day of the last purchase."""
        return self.regularity > 1

    def prior(self, mean_age: float) -> LogNormal:
        """Weak prior in the unit of `mean_age`, so that the answer is the same in days and in hours."""
        scale = mean_age / 10
        return LogNormal(
            location=np.array([-0.5, np.log(scale), 0.0, 1.0]), spread=np.array([1.5, 2.0, 1.5, 1.5])
        )

    def log_likelihood(self, theta: Floats, cells: Cells) -> float:
        """Log-likelihood at log-parameters `theta` = log (r, alpha, a, b), without derivatives."""
        alive, gone = self._terms(theta, cells.frequency, cells.recency, age=cells.age)
        chance = log_sum(np.concatenate([alive, gone[None]]))
        return float(
            np.dot(cells.weight, chance) + np.dot(cells.level_weight, self._common(theta, cells.levels))
        )

    def surface(self, theta: Floats, cells: Cells) -> Surface:
        """Log-likelihood, gradient and Hessian in log-parameters `theta` = log (r, alpha, a, b)."""
        parameters = np.exp(theta)
        total = self._common_surface(parameters, cells)
        for begin in range(0, cells.weight.size, BLOCK):
            total = total + self._block(theta, cells, block=slice(begin, begin + BLOCK))
        return in_logarithms(total, parameters)

    def alive(self, theta: Floats, frequency: Floats, *, recency: Floats, age: Floats) -> Floats:
        """Probability that each customer is still one, shape (customer,)."""
        alive, gone = self._terms(theta, frequency, recency, age=age)
        out: Floats = 1.0 / (1.0 + np.exp(np.clip(gone - log_sum(alive), -745.0, 700.0)))
        return np.where(np.isneginf(gone), 1.0, out)

    def alive_slopes(self, theta: Floats, frequency: Floats, *, recency: Floats, age: Floats) -> Floats:
        """Derivatives of log P(alive) in the log-parameters, shape (parameter, customer)."""
        if self.regularity > 1:
            return log_slopes(lambda at: self.alive(at, frequency, recency=recency, age=age), theta)
        r, alpha, _, b = np.exp(theta)
        gone = 1.0 - self.alive(theta, frequency, recency=recency, age=age)
        last, until = alpha + recency, alpha + age
        leaving = b / np.maximum(b + (frequency - (0.0 if self.dropout_at_start else 1.0)), 1e-300)
        return np.stack(
            [
                -gone * r * np.log(until / last),
                -gone * alpha * (r + frequency) * (1.0 / until - 1.0 / last),
                -gone,
                np.where(gone > 0, gone * leaving, 0.0),
            ]
        )

    def future(self, theta: Floats, frequency: Floats, *, recency: Floats, age: Floats) -> GeometricFuture:
        """What a customer with this history will buy, given that the customer is alive.

        The rate is then Gamma(r + k x, alpha + T), the dropout Beta(a, b + x), independently (Erlang gaps: a
        mixture over how far the next one has come).
        """
        r, alpha, a, b = np.exp(theta)
        alive, _ = self._terms(theta, frequency, recency, age=age)
        phase = np.arange(self.regularity, dtype=np.float64)[:, None]
        return GeometricFuture(
            shape=r + self.regularity * frequency + phase,
            rate=alpha + age,
            a=float(a),
            b=b + frequency + (1.0 if self.dropout_at_start else 0.0),
            phase_weight=np.exp(alive - log_sum(alive)),
        )

    def newcomer(self, theta: Floats) -> tuple[float, GeometricFuture]:
        """Chance of outliving the first purchase, and the future of a customer who has just done so."""
        r, alpha, a, b = np.exp(theta)
        staying = float(b / (a + b)) if self.dropout_at_start else 1.0
        weight = np.zeros((self.regularity, 1))
        weight[0] = 1.0
        return staying, GeometricFuture(
            shape=r + np.arange(self.regularity, dtype=np.float64)[:, None],
            rate=np.array([alpha]),
            a=float(a),
            b=np.array([b + (1.0 if self.dropout_at_start else 0.0)]),
            phase_weight=weight,
        )

    def _common(self, theta: Floats, levels: Floats) -> Floats:
        """The factor of a cell's chance that depends on its frequency alone, shape (level,)."""
        r, _, a, b = np.exp(theta)
        stays = b + levels + (1.0 if self.dropout_at_start else 0.0)
        out: Floats = (
            gammaln(r + self.regularity * levels)
            - gammaln(r)
            + r * theta[1]
            + betaln(a, stays)
            - betaln(a, b)
        )
        return out

    def _terms(
        self, theta: Floats, frequency: Floats, recency: Floats, *, age: Floats
    ) -> tuple[Floats, Floats]:
        """Logarithms of the terms: alive in phase j, shape (phase, cell), and gone at t_x, shape (cell,)."""
        r, alpha, _, b = np.exp(theta)
        shape = r + self.regularity * frequency
        log_end = np.log(alpha + age)
        alive = np.empty((self.regularity, frequency.size))
        alive[0] = -shape * log_end
        silent = np.maximum(age - recency, 0.0)
        for phase in range(1, self.regularity):
            # one more shape of the gap has passed unseen since the last purchase
            with np.errstate(divide="ignore"):
                step = np.log(silent / phase)
            alive[phase] = alive[phase - 1] + step + np.log(shape + phase - 1) - log_end
        stays = b + (frequency - (0.0 if self.dropout_at_start else 1.0))
        can_be_gone = (frequency > 0) | self.dropout_at_start
        gone = theta[2] - np.log(np.where(can_be_gone, stays, 1.0)) - shape * np.log(alpha + recency)
        return alive, np.where(can_be_gone, gone, -np.inf)

    def _block(self, theta: Floats, cells: Cells, *, block: slice) -> Surface:
        """The part of the log-likelihood in which recency and age matter, for some of the cells."""
        if self.regularity == 1:
            return self._poisson_block(theta, cells, block=block)
        r, alpha, a, b = np.exp(theta)
        x, t_x, age = cells.frequency[block], cells.recency[block], cells.age[block]
        k, level, levels = self.regularity, cells.level[block], cells.levels
        alive, gone = self._terms(theta, x, t_x, age=age)
        logs = np.concatenate([alive, gone[None]])
        slopes = np.zeros((4, k + 1, x.size))
        bends = {at: np.zeros((k + 1, x.size)) for at in ((0, 0), (0, 1), (1, 1), (2, 2), (3, 3))}
        shape, until, last = r + k * x, alpha + age, alpha + t_x
        for phase in range(k):
            slopes[0, phase] = -np.log(until)
            if phase:
                slopes[0, phase] += (psi(r + k * levels + phase) - psi(r + k * levels))[level]
                trigamma = polygamma(1, r + k * levels + phase) - polygamma(1, r + k * levels)
                bends[0, 0][phase] = trigamma[level]
            slopes[1, phase] = -(shape + phase) / until
            bends[0, 1][phase] = -1.0 / until
            bends[1, 1][phase] = (shape + phase) / until**2
        stays = np.where(np.isneginf(gone), 1.0, b + (x - (0.0 if self.dropout_at_start else 1.0)))
        slopes[0, k], slopes[1, k] = -np.log(last), -shape / last
        slopes[2, k], slopes[3, k] = 1.0 / a, -1.0 / stays
        bends[0, 1][k], bends[1, 1][k] = -1.0 / last, shape / last**2
        bends[2, 2][k], bends[3, 3][k] = -1.0 / a**2, 1.0 / stays**2
        return mixture(logs, slopes, bends=bends, weight=cells.weight[block])

    def _poisson_block(self, theta: Floats, cells: Cells, *, block: slice) -> Surface:
        """As `_block` for its two terms alone, a third of the work: z is the log odds of being gone."""
        r, alpha, a, b = np.exp(theta)
        x, weight = cells.frequency[block], cells.weight[block]
        shape, until, last = r + x, alpha + cells.age[block], alpha + cells.recency[block]
        stays = b + (x - (0.0 if self.dropout_at_start else 1.0))
        possible = (x > 0) | self.dropout_at_start
        stays = np.where(possible, stays, 1.0)
        log_until = np.log(until)
        longer = log_until - np.log(last)
        z = np.where(possible, theta[2] - np.log(stays) + shape * longer, -np.inf)
        small = np.exp(-np.abs(z))
        gone = np.where(z > 0, 1.0, small) / (1.0 + small)
        i_until, i_last, i_stays = 1.0 / until, 1.0 / last, 1.0 / stays
        shorter = i_until - i_last
        slopes = np.stack([longer, shape * shorter, np.full(x.size, 1.0 / a), -i_stays])
        often, both = weight * gone, weight * gone * (1.0 - gone)
        gradient = slopes @ often
        gradient[0] -= np.dot(weight, log_until)
        w_until = weight * i_until
        gradient[1] -= np.dot(shape, w_until)
        hessian = (slopes * both) @ slopes.T
        cross = np.dot(often, shorter) - w_until.sum()
        hessian[0, 1] += cross
        hessian[1, 0] += cross
        hessian[1, 1] += np.dot(shape, w_until * i_until) + np.dot(often * shape, i_last**2 - i_until**2)
        hessian[2, 2] -= often.sum() / a**2
        hessian[3, 3] += np.dot(often, i_stays**2)
        value = np.dot(weight, np.maximum(z, 0.0) + np.log1p(small) - shape * log_until)
        return Surface(value=float(value), gradient=gradient, hessian=hessian)

    def _common_surface(self, parameters: Floats, cells: Cells) -> Surface:
        """The part in which only the frequency matters, summed over levels, in the parameters themselves."""
        r, alpha, a, b = parameters
        n, at = cells.level_weight.sum(), cells.level_weight
        many = r + self.regularity * cells.levels
        stays = b + cells.levels + (1.0 if self.dropout_at_start else 0.0)
        gradient = np.array(
            [
                np.dot(at, psi(many)) - n * psi(r) + n * np.log(alpha),
                n * r / alpha,
                np.dot(at, psi(a) - psi(a + stays)) - n * (psi(a) - psi(a + b)),
                np.dot(at, psi(stays) - psi(a + stays)) - n * (psi(b) - psi(a + b)),
            ]
        )
        hessian = np.zeros((4, 4))
        hessian[0, 0] = np.dot(at, polygamma(1, many)) - n * polygamma(1, r)
        hessian[0, 1] = hessian[1, 0] = n / alpha
        hessian[1, 1] = -n * r / alpha**2
        both = np.dot(at, polygamma(1, a + stays)) - n * polygamma(1, a + b)
        hessian[2, 2] = -both  # the trigamma of a itself cancels
        hessian[2, 3] = hessian[3, 2] = -both
        hessian[3, 3] = np.dot(at, polygamma(1, stays)) - n * polygamma(1, b) - both
        value = float(np.dot(at, self._common(np.log(parameters), cells.levels)))
        return Surface(value=value, gradient=gradient, hessian=hessian)


BG_NBD = BetaGeometric()
MBG_NBD = BetaGeometric(dropout_at_start=True)
