"""How the response to advertising flattens as there is more of it.

Exposure is measured in multiples of the channel's own typical week, so that priors mean the same for a
local newspaper and for national television.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt
from scipy.special import expit

from cmo.media.prior import Fixed, LogNormal, Prior

Floats = npt.NDArray[np.float64]

_ABOUT_TYPICAL_WIDELY = LogNormal(location=-0.3, scale=1.0)
_SLIGHTLY_S = Fixed(value=1.2)
"""Weekly data hardly tell a slope from a half-saturation point; to learn it, pass a prior that varies."""
_ABOUT_TYPICAL = LogNormal(location=0.0, scale=0.7)


class Saturation(Protocol):
    """A family of response curves that start at zero and never fall."""

    @property
    def priors(self) -> tuple[Prior, ...]:
        """Priors of the parameters."""

    def response(self, exposure: Floats, parameters: Floats) -> Floats:
        """Response in [0, 1], shape (..., weeks), to exposures of that shape, of parameters (..., p)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hill:
    """`x**slope / (x**slope + half**slope)`; a slope above one is an S.

    Attributes:
        half: Prior of the exposure at which half of the possible response is reached, > 0.
        slope: Prior of the slope, > 0; known by default.

    References:
        Hill (1910), "The possible effects of the aggregation of the molecules of haemoglobin", Journal of
        Physiology 40; Jin et al. (2017), Google.
    """

    half: Prior = _ABOUT_TYPICAL_WIDELY
    slope: Prior = _SLIGHTLY_S

    @property
    def priors(self) -> tuple[Prior, ...]:
        """The half-saturation point and the slope."""
        return (self.half, self.slope)

    def response(self, exposure: Floats, parameters: Floats) -> Floats:
        """Response in [0, 1), shape (..., weeks)."""
        with np.errstate(divide="ignore"):
            ratio = np.log(exposure) - np.log(parameters[..., :1])
        return np.asarray(expit(parameters[..., 1:] * ratio), dtype=np.float64)


@dataclass(frozen=True, slots=True, kw_only=True)
class Logistic:
    """`(1 - exp(-rate * x)) / (1 + exp(-rate * x))`: never an S.

    Attributes:
        rate: Prior of the rate per typical week, > 0.
    """

    rate: Prior = _ABOUT_TYPICAL

    @property
    def priors(self) -> tuple[Prior, ...]:
        """The rate."""
        return (self.rate,)

    def response(self, exposure: Floats, parameters: Floats) -> Floats:
        """Response in [0, 1), shape (..., weeks)."""
        return np.asarray(np.tanh(parameters * exposure / 2), dtype=np.float64)
