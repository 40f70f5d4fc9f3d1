"""Shifted beta-geometric: how long customers under contract stay, by renewal.

At each renewal a customer leaves with a probability of her own, Beta(alpha, beta) over customers, so that
the retention of a cohort rises with its age although nobody becomes more loyal: the least loyal leave first.

References:
    Fader & Hardie (2007), "How to project customer retention", Journal of Interactive Marketing 21(1).
    Fader & Hardie (2010), "Customer-base valuation in a contractual setting", Marketing Science 29(1).
"""

import numpy as np
import numpy.typing as npt
from scipy.special import betaln, hyp2f1, polygamma, psi

from cmo.customers.purchases.cells import Floats
from cmo.customers.purchases.newton import Surface, in_logarithms
from cmo.customers.purchases.prior import LogNormal


def log_likelihood(theta: Floats, lost: npt.ArrayLike, *, kept: npt.ArrayLike) -> Surface:
    """Log-likelihood of cohorts under contract, with derivatives in log-parameters.

    Args:
        theta: log (alpha, beta).
        lost: Customers lost at the 1st, 2nd, ... renewal, all cohorts together, shape (renewal,).
        kept: Customers still there when their observation ends after the 1st, 2nd, ... renewal, shape
            (renewal,).

    Raises:
        ValueError: A count is negative or the shapes differ.
    """
    gone, still = np.asarray(lost, dtype=np.float64), np.asarray(kept, dtype=np.float64)
    if gone.shape != still.shape or np.any(gone < 0) or np.any(still < 0):
        raise ValueError("lost and kept must be counts >= 0, one each per renewal")
    parameters = np.exp(theta)
    alpha, beta = parameters
    t = np.arange(1.0, gone.size + 1)
    leaves, stays = (
        np.r_[np.full(t.size, alpha + 1.0), np.full(t.size, alpha)],
        np.r_[beta + t - 1.0, beta + t],
    )
    count = np.r_[gone, still]
    n, both = count.sum(), alpha + beta
    value = float(np.dot(count, betaln(leaves, stays)) - n * betaln(alpha, beta))
    total = psi(leaves + stays)
    gradient = np.array(
        [
            np.dot(count, psi(leaves) - total) - n * (psi(alpha) - psi(both)),
            np.dot(count, psi(stays) - total) - n * (psi(beta) - psi(both)),
        ]
    )
    bend = polygamma(1, leaves + stays)
    cross = -np.dot(count, bend) + n * polygamma(1, both)
    hessian = np.array(
        [
            [np.dot(count, polygamma(1, leaves)) - n * polygamma(1, alpha) + cross, cross],
            [cross, np.dot(count, polygamma(1, stays)) - n * polygamma(1, beta) + cross],
        ]
    )
    return in_logarithms(Surface(value=value, gradient=gradient, hessian=hessian), parameters)


def prior() -> LogNormal:
    """Weak prior of log (alpha, beta); renewals have no unit."""
    return LogNormal(location=np.array([0.0, 0.7]), spread=np.array([1.5, 1.5]))


def survival(theta: Floats, *, n_renewals: int) -> Floats:
    """Share of a cohort still there after 0, 1, ..., `n_renewals` renewals, shape (n_renewals + 1,)."""
    alpha, beta = np.exp(theta)
    t = np.arange(n_renewals + 1.0)
    out: Floats = np.exp(betaln(alpha, beta + t) - betaln(alpha, beta))
    return out


def retention(theta: Floats, *, n_renewals: int) -> Floats:
    """Share of those present who renew, at the 1st, 2nd, ... renewal, shape (n_renewals,)."""
    alpha, beta = np.exp(theta)
    t = np.arange(1.0, n_renewals + 1)
    out: Floats = (beta + t - 1.0) / (alpha + beta + t - 1.0)
    return out


def residual_lifetime(theta: Floats, *, renewals: int, discount: float) -> float:
    """Discounted expected further renewals of a customer who decides on number `renewals` next (DERL).

    Args:
        theta: log (alpha, beta).
        renewals: The coming renewal, >= 1; its payment counts in full.
        discount: Rate of discount per contract period, > 0.
    """
    if renewals < 1 or discount <= 0:
        raise ValueError(f"renewals == {renewals}, discount == {discount}: must be >= 1 and > 0")
    alpha, beta = np.exp(theta)
    stays = (beta + renewals - 1.0) / (alpha + beta + renewals - 1.0)
    return float(stays * hyp2f1(1.0, beta + renewals, alpha + beta + renewals, 1.0 / (1.0 + discount)))
