"""How the effect of a week's advertising is spread over the weeks that follow.

Every family gives weights over lags that sum to one, so that carry-over moves an effect in time and never
changes its size.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt
from numpy.lib.stride_tricks import sliding_window_view

from cmo.media.prior import Beta, LogNormal, Prior

Floats = npt.NDArray[np.float64]
_TINY = 1e-12
_ANY_SHARE = Beta()
_MIDDLING_SHARE = Beta(a=2.0, b=2.0)
_ABOUT_A_WEEK = LogNormal(location=0.0, scale=0.5)
_ABOUT_GEOMETRIC = LogNormal(location=0.2, scale=0.35)
_A_FEW_WEEKS = LogNormal(location=0.4, scale=0.7)


class Adstock(Protocol):
    """A family of lag weights."""

    @property
    def lags(self) -> int:
        """Weeks over which the effect may spread, the week itself included."""

    @property
    def priors(self) -> tuple[Prior, ...]:
        """Priors of the parameters."""

    def weights(self, parameters: Floats) -> Floats:
        """Lag weights, shape (..., lags), non-negative with sum 1, of parameters of shape (..., p)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Geometric:
    """Each week keeps a fixed part of the week before.

    Attributes:
        retention: Prior of the part kept, in [0, 1).
        lags: Weeks over which the effect may spread.

    References:
        Broadbent (1979), "One way TV advertisements work", Journal of the Market Research Society 21(3).
    """

    retention: Prior = _ANY_SHARE
    lags: int = 13

    @property
    def priors(self) -> tuple[Prior, ...]:
        """The retention."""
        return (self.retention,)

    def weights(self, parameters: Floats) -> Floats:
        """Lag weights, shape (..., lags), of retentions of shape (..., 1)."""
        kept = np.clip(parameters, _TINY, 1 - _TINY)
        return _normalised(kept ** np.arange(self.lags))


@dataclass(frozen=True, slots=True, kw_only=True)
class Delayed:
    """The effect peaks some weeks after the spend: `retention ** (lag - peak) ** 2`.

    Attributes:
        retention: Prior of the retention, in [0, 1).
        peak: Prior of the lag of the peak, in weeks, >= 0.
        lags: Weeks over which the effect may spread.

    References:
        Jin, Wang, Sun, Chan & Koehler (2017), "Bayesian methods for media mix modeling with carryover and
        shape effects", Google.
    """

    retention: Prior = _MIDDLING_SHARE
    peak: Prior = _ABOUT_A_WEEK
    lags: int = 13

    @property
    def priors(self) -> tuple[Prior, ...]:
        """The retention and the peak."""
        return (self.retention, self.peak)

    def weights(self, parameters: Floats) -> Floats:
        """Lag weights, shape (..., lags), of parameters of shape (..., 2)."""
        kept = np.log(np.clip(parameters[..., :1], 1e-6, 1 - 1e-6))
        distance = (np.arange(self.lags) - np.clip(parameters[..., 1:], 0, self.lags - 1)) ** 2
        exponent = kept * distance
        return _normalised(np.exp(exponent - exponent.max(axis=-1, keepdims=True)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Weibull:
    """The time until the effect shows is Weibull: early or late peaks, thin or heavy tails.

    Attributes:
        shape: Prior of the shape, > 0; 1 is geometric, above 1 the effect peaks late.
        scale: Prior of the scale in weeks, > 0.
        lags: Weeks over which the effect may spread.
    """

    shape: Prior = _ABOUT_GEOMETRIC
    scale: Prior = _A_FEW_WEEKS
    lags: int = 13

    @property
    def priors(self) -> tuple[Prior, ...]:
        """The shape and the scale."""
        return (self.shape, self.scale)

    def weights(self, parameters: Floats) -> Floats:
        """Lag weights, shape (..., lags), of parameters of shape (..., 2)."""
        edges = np.arange(self.lags + 1) / np.maximum(parameters[..., 1:], 1e-3)
        survival = np.exp(-(edges ** parameters[..., :1]))
        return _normalised(survival[..., :-1] - survival[..., 1:])


def carryover(exposure: Floats, weights: Floats) -> Floats:
    """Exposure still at work in each week; before the first week there was none.

    Args:
        exposure: Exposure by week, shape (weeks,) or (regions, weeks), >= 0.
        weights: Lag weights, shape (..., lags).

    Returns:
        Shape (..., weeks) or (..., regions, weeks), in the units of the exposure.
    """
    lags = weights.shape[-1]
    padded = np.concatenate([np.zeros((*exposure.shape[:-1], lags - 1)), exposure], axis=-1)
    recent = sliding_window_view(padded, lags, axis=-1)[..., ::-1]
    return np.asarray(np.tensordot(weights, recent, axes=(-1, -1)), dtype=np.float64)


def half_life(weights: Floats) -> Floats:
    """Weeks until half of the effect has shown, each week's effect taken as evenly spread within it.

    Args:
        weights: Lag weights, shape (..., lags).

    Returns:
        Weeks, shape (...), > 0.
    """
    reached = np.cumsum(weights, axis=-1)
    lag = np.argmax(reached >= 0.5 - 1e-9, axis=-1)[..., None]
    within = np.take_along_axis(weights, lag, axis=-1)
    before = np.take_along_axis(reached, lag, axis=-1) - within
    return np.asarray((lag + (0.5 - before) / within)[..., 0], dtype=np.float64)


def _normalised(raw: Floats) -> Floats:
    floored = raw + _TINY
    return np.asarray(floored / floored.sum(axis=-1, keepdims=True), dtype=np.float64)
