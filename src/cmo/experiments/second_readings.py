"""The effect of a geo test as other methods have it: none of them decides, but their disagreement is told."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cmo.experiments.contrast import Inference
from cmo.experiments.difference_in_differences import difference_in_differences
from cmo.experiments.moments import Floats
from cmo.experiments.synthetic_control import Ridge, synthetic_control
from cmo.experiments.synthetic_difference import jackknife_error, placebo_error, synthetic_difference
from cmo.experiments.time_based_regression import time_based_regression
from cmo.measures import Text

_LEVEL = 0.95
_SEED = 20_211


@dataclass(frozen=True, slots=True, kw_only=True)
class Second:
    """A relative effect by another method.

    Attributes:
        code: `augmented_synthetic_control`, `synthetic_difference`, `difference_in_differences`,
            `time_based_regression`.
        says: Its name.
        estimate: Relative effect.
        low: Lower bound of its 95 % interval; none where it has no error of its own.
        high: Upper bound.
    """

    code: str
    says: Text
    estimate: float
    low: float | None = None
    high: float | None = None


def second_readings(outcomes: Floats, treated: npt.NDArray[np.intp], *, pre: int) -> tuple[Second, ...]:
    """The relative effect by every other method that the data can bear.

    Args:
        outcomes: Shape (periods, regions).
        treated: Columns of the treated regions.
        pre: Periods before the test.
    """
    own, donors = outcomes[:, treated], np.delete(outcomes, treated, axis=1)
    tried = (_augmented, _synthetic_difference, _differences, _time_based)
    found = []
    for method in tried:
        try:
            found.append(method(own, donors, pre=pre))
        except (ValueError, ZeroDivisionError, np.linalg.LinAlgError):
            continue
    return tuple(one for one in found if np.isfinite(one.estimate))


def _augmented(own: Floats, donors: Floats, *, pre: int) -> Second:
    fit = synthetic_control(own.mean(axis=1), donors, pre=pre, augmented=Ridge())
    return Second(
        code="augmented_synthetic_control",
        says=Text("augmented synthetic control", "contrôle synthétique augmenté"),
        estimate=fit.lift,
    )


def _synthetic_difference(own: Floats, donors: Floats, *, pre: int) -> Second:
    fit = synthetic_difference(own, donors, pre=pre)
    try:
        error = jackknife_error(own, donors, pre=pre, fit=fit)
    except ValueError:
        rng = np.random.default_rng(_SEED)
        error = placebo_error(donors, treated=own.shape[1], pre=pre, rng=rng)
    half = 1.959964 * error / abs(fit.baseline)
    return Second(
        code="synthetic_difference",
        says=Text("synthetic difference in differences", "double différence synthétique"),
        estimate=fit.lift,
        low=fit.lift - half,
        high=fit.lift + half,
    )


def _differences(own: Floats, donors: Floats, *, pre: int) -> Second:
    treated = np.arange(own.shape[1])
    found = difference_in_differences(
        np.column_stack([own, donors]), treated.tolist(), pre=pre, inference=Inference(level=_LEVEL)
    )
    base = float(own[pre:].mean()) - found.estimate
    return Second(
        code="difference_in_differences",
        says=Text("difference in differences", "double différence"),
        estimate=found.estimate / base,
        low=found.low / base,
        high=found.high / base,
    )


def _time_based(own: Floats, donors: Floats, *, pre: int) -> Second:
    total, rest = own.sum(axis=1), donors.sum(axis=1)
    found = time_based_regression(total, rest, pre=pre)
    effect = found.total(Inference(level=_LEVEL))
    base = float(total[pre:].sum()) - effect.estimate
    return Second(
        code="time_based_regression",
        says=Text("time-based regression", "régression temporelle"),
        estimate=effect.estimate / base,
        low=effect.low / base,
        high=effect.high / base,
    )
