"""Expectations over a Beta-distributed probability by the double-exponential trapezoid rule.

Used where the closed forms cancel or overflow. The rule works on the logit scale, where a Beta density decays
on both sides whatever its parameters, so that densities that are infinite at 0 or at 1 cost nothing extra.

References:
    Takahasi & Mori (1974), "Double exponential formulas for numerical integration", Publications RIMS 9(3).
"""

from dataclasses import dataclass

import numpy as np

from cmo.customers.purchases.cells import Floats

REACH = 40.0  # nodes reach until the density has fallen by exp(-40)


@dataclass(frozen=True, slots=True, kw_only=True)
class BetaNodes:
    """Nodes and weights, self-normalised.

    Attributes:
        p: Nodes in (0, 1), shape (node, case).
        q: 1 - p, computed apart so that it does not cancel, shape (node, case).
        weight: Weights, summing to one over nodes, shape (node, case).
    """

    p: Floats
    q: Floats
    weight: Floats


def beta_nodes(a: float, b: Floats, *, n_nodes: int = 128) -> BetaNodes:
    """Nodes for expectations under Beta(a, b): 24 give four digits, 128 give ten.

    Args:
        a: First parameter, > 0.
        b: Second parameter, > 0, shape (case,).
        n_nodes: Nodes of the rule.
    """
    peak = np.log(a / b)
    width = np.minimum(np.sqrt(1.0 / a + 1.0 / b), 1.0)
    left = np.arcsinh((REACH / a + 6.0 * width) / width)
    right = np.arcsinh((REACH / b + 6.0 * width + 4.0 * (b < 1)) / width)
    u = np.linspace(0.0, 1.0, n_nodes)[:, None] * (left + right) - left
    y = peak + width * np.sinh(u)
    log_p, log_q = -np.logaddexp(0.0, -y), -np.logaddexp(0.0, y)
    density = a * log_p + b * log_q + np.log(np.cosh(u))
    weight = np.exp(density - density.max(axis=0))
    tiny = 1e-280  # below, every function met here is constant
    return BetaNodes(p=np.maximum(np.exp(log_p), tiny), q=np.exp(log_q), weight=weight / weight.sum(axis=0))
