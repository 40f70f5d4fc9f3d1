"""The lift of a geo test, by the method that does best on the regions left alone, calibrated there.

Two methods are tried: synthetic control, and the log-ratio with noise that remembers. Each treats every
region left alone in thought; how far its effects stray there, in its own standard errors, stretches its
error on the treated regions. The one that ends up sharper is read.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from cmo.experiments.contrast import quantile
from cmo.experiments.log_ratio import log_ratio, log_ratio_effect
from cmo.experiments.moments import Floats
from cmo.experiments.synthetic_control import synthetic_control

LEAST_PLACEBOS = 4
LEAST_PERIODS = 8


class Method(StrEnum):
    """How the counterfactual was made."""

    SYNTHETIC_CONTROL = "synthetic_control"
    LOG_RATIO = "log_ratio"


@dataclass(frozen=True, slots=True, kw_only=True)
class GeoLift:
    """The relative effect of a geo test.

    Attributes:
        estimate: Mean relative effect during the test.
        se: Its standard error, stretched by what placebos showed.
        df: Degrees of freedom of the error.
        method: How it was read.
        stretch: By how much placebos stretched the method's own error; 1 is as promised.
        n_placebos: Regions treated in thought.
    """

    estimate: float
    se: float
    df: float
    method: Method
    stretch: float
    n_placebos: int


def geo_lift(outcomes: Floats, treated: npt.NDArray[np.intp], *, pre: int) -> GeoLift:
    """Read a geo test.

    Args:
        outcomes: Shape (periods, regions).
        treated: Columns of the treated regions.
        pre: Periods before the test.

    Raises:
        ValueError: Too few periods before or too few regions left alone.
    """
    target = outcomes[:, treated].sum(axis=1)
    donors = np.delete(outcomes, treated, axis=1)
    if pre < LEAST_PERIODS or donors.shape[1] < LEAST_PLACEBOS:
        raise ValueError(
            f"{pre} periods before the test and {donors.shape[1]} regions left alone: "
            f"need at least {LEAST_PERIODS} and {LEAST_PLACEBOS}"
        )
    tried = [_read(target, donors, pre=pre, method=Method.SYNTHETIC_CONTROL)]
    if np.all(outcomes > 0.0):
        tried.append(_read(target, donors, pre=pre, method=Method.LOG_RATIO))
    return min(tried, key=lambda lift: lift.se * quantile(0.95, lift.df))


def counterfactual(target: Floats, donors: Floats, *, pre: int, method: Method) -> Floats:
    """What the treated regions would have brought, as a method has it, shape (periods,).

    Args:
        target: Outcomes of the treated regions together, shape (periods,).
        donors: Outcomes of the regions left alone, shape (periods, donors).
        pre: Periods before the test.
        method: How it is made.
    """
    if method is Method.LOG_RATIO:
        ratio = log_ratio(target, donors, pre=pre)
        return np.asarray(target * np.exp(ratio[:pre].mean() - ratio), dtype=np.float64)
    own, scaled = _scaled(target, donors, pre=pre)
    level = target[:pre].mean() if target[:pre].any() else 1.0
    return np.asarray(synthetic_control(own, scaled, pre=pre).counterfactual * level, dtype=np.float64)


def _scaled(target: Floats, donors: Floats, *, pre: int) -> tuple[Floats, Floats]:
    """Regions of unlike size: the shape is matched, not the level."""
    size = donors[:pre].mean(axis=0)
    return target / max(float(target[:pre].mean()), 1e-300), donors / np.where(size != 0.0, size, 1.0)


def _read(target: Floats, donors: Floats, *, pre: int, method: Method) -> GeoLift:
    estimate, se = geo_effect(target, donors, pre=pre, method=method)
    scores = []
    for j in range(donors.shape[1]):
        others = np.delete(donors, j, axis=1)
        effect, error = geo_effect(donors[:, j], others, pre=pre, method=method)
        scores.append(effect / error)
    n = len(scores)
    stretch = max(1.0, float(np.sqrt(np.mean(np.square(scores)))))
    return GeoLift(
        estimate=estimate, se=se * stretch, df=float(n), method=method, stretch=stretch, n_placebos=n
    )


def geo_effect(target: Floats, donors: Floats, *, pre: int, method: Method) -> tuple[float, float]:
    """Relative effect of a test and its error as the method itself has it, before any calibration.

    Args:
        target: Outcomes of the treated regions together, shape (periods,).
        donors: Outcomes of the regions left alone, shape (periods, donors).
        pre: Periods before the test.
        method: How the counterfactual is made.
    """
    if method is Method.LOG_RATIO:
        effect = log_ratio_effect(target, donors, pre=pre)
        return float(np.expm1(effect.growth)), effect.se * float(np.exp(effect.growth))
    own, scaled = _scaled(target, donors, pre=pre)
    fit = synthetic_control(own, scaled, pre=pre)
    length = len(target) - pre
    error = max(fit.rmse, 1e-9) * float(np.sqrt(1.0 / length + 1.0 / pre))
    base = float(fit.counterfactual[pre:].mean())
    return fit.att / base, error / abs(base)
