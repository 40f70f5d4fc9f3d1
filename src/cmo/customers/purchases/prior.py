"""Unit-free priors: normal in the logarithms of the parameters, times in units of the base's own age."""

from dataclasses import dataclass

import numpy as np

from cmo.customers.purchases.cells import Floats
from cmo.customers.purchases.newton import Surface


@dataclass(frozen=True, slots=True, kw_only=True)
class LogNormal:
    """Independent normals on the logarithms of positive parameters.

    Attributes:
        location: Means of the logarithms, shape (parameter,).
        spread: Standard deviations of the logarithms, > 0 (infinite: flat), shape (parameter,).
    """

    location: Floats
    spread: Floats

    def surface(self, theta: Floats) -> Surface:
        """The log density (up to a constant) at log-parameters `theta`, with its derivatives."""
        precision = self.spread**-2.0
        apart = theta - self.location
        return Surface(
            value=float(-0.5 * np.dot(precision, apart**2)),
            gradient=-precision * apart,
            hessian=-np.diag(precision),
        )


def flat(location: Floats) -> LogNormal:
    """No prior at all (maximum likelihood); `location` is only where an ascent begins."""
    return LogNormal(location=location, spread=np.full(location.size, np.inf))
