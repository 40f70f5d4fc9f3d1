"""A forecast with intervals that hold: the errors made on the series' own past, carried forward."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cmo.sales.forecasters import BASELINE, COMBINED, YEAR, Series, every_forecast

FEWEST_MONTHS = 6

CLEARLY_BETTER = 0.8  # a single method replaces the combination when its past error is a fifth smaller
SMALLEST_TRAINING = 8  # months a past forecast may look back on, where the history allows
FLOOR = 0.05  # of the median month: a forecast of a positive series goes no lower

# How far errors reach, as multiples of s, the root mean square of the past relative errors at 1 to 12 months:
# an error that is new every month, a level that wanders, a wandering even in series that never erred, and the
# degrees of freedom of the common scale. Learned on 300 monthly series of the M3 competition, cut to their
# last 16, 24 and 36 months and whole; benchmarks/forecast_m3.py checks them on other series.
NEW_EACH_MONTH = 0.55
WANDERING = 0.20
LEAST_WANDERING = 0.005
DEGREES = 8.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """A forecast of a monthly series.

    Attributes:
        draws: Joint draws of the months ahead, shape (draws, horizon).
        chosen: Name of the method, a key of `every_forecast`.
        error: Its mean absolute relative error on past forecasts of up to 12 months ahead.
        baseline_error: The same for repeating last year.
        n_past: Number of past forecasts these errors come from.
    """

    draws: npt.NDArray[np.float64]
    chosen: str
    error: float
    baseline_error: float
    n_past: int


def forecast(series: Series, *, horizon: int, rng: np.random.Generator, draws: int) -> Forecast:
    """Forecast a monthly series.

    The method is chosen by rolling origin: each of the last 12 months is taken as the present once, forecast
    from what was known then, and the errors kept. The combination of five methods is taken unless a single
    one would have erred a fifth less. The draws carry the size of the errors that method made; how they grow
    and hang together over the months ahead is a wandering level plus noise, one scale for the whole path, so
    that the sum of a year has an honest interval too.

    Args:
        series: Values of consecutive complete months, at least `FEWEST_MONTHS`, finite.
        horizon: Months ahead, >= 1.
        rng: Source of randomness.
        draws: Number of draws, >= 1.

    Returns:
        The forecast. A series above zero stays above zero, its errors being relative; otherwise errors are
        relative to the mean absolute month.

    Raises:
        ValueError: The series is shorter than `FEWEST_MONTHS`.

    References:
        Tashman (2000), "Out-of-sample tests of forecasting accuracy", Int. J. Forecasting 16(4);
        Makridakis and Hibon (2000), "The M3-Competition", Int. J. Forecasting 16(4).
    """
    if series.size < FEWEST_MONTHS:
        raise ValueError(f"the series has {series.size} months, at least {FEWEST_MONTHS} are needed")
    scale = _Scale.of(series)
    errors = _past_errors(series, scale=scale)
    sizes = {name: _mean_size(error) for name, error in errors.items()}
    best = min(sizes, key=lambda name: sizes[name])
    chosen = best if sizes[best] < CLEARLY_BETTER * sizes[COMBINED] else COMBINED
    centre = scale.bounded(every_forecast(series, horizon)[chosen])
    spread = float(np.sqrt(np.nanmean(errors[chosen] ** 2)))
    deviations = error_paths(spread, horizon=horizon, rng=rng, draws=draws)
    return Forecast(
        draws=scale.moved(centre, deviations),
        chosen=chosen,
        error=sizes[chosen],
        baseline_error=sizes[BASELINE],
        n_past=errors[chosen].shape[0],
    )


def error_paths(
    spread: float, *, horizon: int, rng: np.random.Generator, draws: int
) -> npt.NDArray[np.float64]:
    """Paths of relative errors over the months ahead.

    Args:
        spread: Root mean square of past relative errors, >= 0.
        horizon: Months ahead, >= 1.
        rng: Source of randomness.
        draws: Number of paths.

    Returns:
        Student-t paths around 0, shape (draws, horizon).
    """
    step = np.sqrt(WANDERING * spread**2 + LEAST_WANDERING**2)
    level = step * rng.standard_normal((draws, horizon)).cumsum(axis=1)
    noise = np.sqrt(NEW_EACH_MONTH) * spread * rng.standard_normal((draws, horizon))
    common = np.sqrt(DEGREES / rng.chisquare(DEGREES, size=(draws, 1)))
    return np.asarray((level + noise) * common, dtype=np.float64)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scale:
    """What an error is relative to: logarithms where every month is above zero, else the mean month.

    Attributes:
        positive: Whether every month is above zero.
        level: Mean absolute month.
        floor: Lowest value a forecast of a positive series may take.
    """

    positive: bool
    level: float
    floor: float

    @classmethod
    def of(cls, series: Series) -> "_Scale":
        level = float(np.mean(np.abs(series))) or 1.0
        return cls(positive=bool(np.all(series > 0)), level=level, floor=FLOOR * float(np.median(series)))

    def bounded(self, values: Series) -> Series:
        return np.maximum(values, self.floor) if self.positive else values

    def error(self, actual: Series, expected: Series) -> Series:
        if self.positive:
            return np.log(actual / self.bounded(expected))
        return np.asarray((actual - expected) / self.level, dtype=np.float64)

    def moved(self, centre: Series, deviations: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        if self.positive:
            return np.asarray(centre * np.exp(deviations), dtype=np.float64)
        return np.asarray(centre + self.level * deviations, dtype=np.float64)


def _mean_size(errors: npt.NDArray[np.float64]) -> float:
    """Mean absolute error; infinite for a method that could not forecast every time, the last included."""
    seen = np.isfinite(errors)
    return float(np.abs(errors[seen]).mean()) if seen[:, 0].all() else np.inf


def _past_errors(series: Series, *, scale: _Scale) -> dict[str, npt.NDArray[np.float64]]:
    """Errors of each method's forecasts made at each of the last months.

    Returns:
        Name of the method → errors, shape (origins, 12), NaN beyond the present.
    """
    n = series.size
    first = max(n - YEAR, min(SMALLEST_TRAINING, n // 2))
    errors: dict[str, npt.NDArray[np.float64]] = {}
    for row, origin in enumerate(range(first, n)):
        ahead = min(YEAR, n - origin)
        for name, expected in every_forecast(series[:origin], ahead).items():
            of_method = errors.setdefault(name, np.full((n - first, YEAR), np.nan))
            of_method[row, :ahead] = scale.error(series[origin : origin + ahead], expected)
    return errors
