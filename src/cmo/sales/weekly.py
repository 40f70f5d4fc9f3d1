"""A forecast of a weekly series: the median of four models, two of them on the series without its season."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import numpy as np
import numpy.typing as npt

from cmo.sales.forecasters import Series, autoregression, smoothing, theta

FEWEST_WEEKS: Final = 30
YEAR: Final = 52
SEASONS: Final = 3
"""Years that must have been seen before a season of the year is believed."""
REMEMBERED: Final = 300
"""Weeks that the models are fitted to: what was earlier says little and costs much."""
ORIGINS: Final = (13, 26)
"""Weeks before the end from which the series was forecast anew, to see the errors made."""
AHEAD: Final = 13
# How errors reach, as multiples of the root mean square of those at 1 to 13 weeks: what is new each week, and
# a level that wanders. Learned on 120 weekly series of the M4 competition; benchmarks/forecast_owa.py.
NEW_EACH_WEEK: Final = 0.30
WANDERING: Final = 0.12
DEGREES: Final = 8.0


def weekly_centre(series: Series, horizon: int) -> Series:
    """The median of exponential smoothing, ARIMA, and ARIMA and theta on the seasonally adjusted series.

    Chosen among seven medians by rolling origin on 120 weekly series of the M4 competition: the errors of
    forecasts made 13 and 26 weeks before their end.

    Args:
        series: Weekly values, at least one.
        horizon: Weeks to forecast, >= 1.

    Returns:
        The forecast, shape (horizon,).

    References:
        Makridakis, Spiliotis and Assimakopoulos (2020), "The M4 Competition", Int. J. Forecasting 36(1).
    """
    found = weekly_forecasts(series, horizon)
    each = np.stack(list(found.values()))
    if not np.isfinite(each).any():
        return np.full(horizon, series[-1])
    return np.asarray(np.nanmedian(each, axis=0), dtype=np.float64)


def weekly_forecasts(series: Series, horizon: int) -> Mapping[str, Series]:
    """The forecast of each of the four models; NaN for one that cannot be fitted."""
    season = _season(series)
    late = series[-REMEMBERED:]
    factors = np.exp(season[np.arange(series.size) % YEAR])[-REMEMBERED:]
    ahead = np.exp(season[np.arange(series.size, series.size + horizon) % YEAR])
    adjusted = late / factors
    return MappingProxyType(
        {
            "ets": smoothing(late, horizon),
            "arima": autoregression(late, horizon),
            "adjusted_arima": autoregression(adjusted, horizon) * ahead,
            "adjusted_theta": theta(adjusted, horizon) * ahead,
        }
    )


def weekly_forecast(
    series: Series, *, horizon: int, rng: np.random.Generator, draws: int
) -> npt.NDArray[np.float64]:
    """Draws of the weeks ahead, with the size of the errors that such forecasts made of the same series.

    Args:
        series: Consecutive weeks, at least 30, all above zero.
        horizon: Weeks ahead, >= 1.
        rng: Source of randomness.
        draws: Number of draws.

    Returns:
        Joint draws, shape (draws, horizon), above zero.

    Raises:
        ValueError: Fewer than 30 weeks, or one that is not above zero.
    """
    if series.size < FEWEST_WEEKS or np.any(series <= 0):
        raise ValueError(f"{series.size} weeks were given; {FEWEST_WEEKS} are needed, all above zero")
    floor = 0.05 * float(np.median(series))
    errors = [
        np.log(series[-back:][:AHEAD] / np.maximum(weekly_centre(series[:-back], AHEAD), floor))
        for back in ORIGINS
        if series.size - back >= FEWEST_WEEKS // 2
    ]
    spread = max(float(np.sqrt(np.mean(np.concatenate(errors) ** 2))), 1e-4)
    level = np.sqrt(WANDERING) * rng.standard_normal((draws, horizon)).cumsum(axis=1)
    noise = np.sqrt(NEW_EACH_WEEK) * rng.standard_normal((draws, horizon))
    common = np.sqrt(DEGREES / rng.chisquare(DEGREES, size=(draws, 1)))
    centre = np.maximum(weekly_centre(series, horizon), floor)
    return np.asarray(centre * np.exp(spread * (level + noise) * common), dtype=np.float64)


def _season(series: Series) -> Series:
    """Log factor of each of 52 weeks, counted from the first of the series, as far as the years agree.

    Means of ratios to a centred year's average, smoothed over five weeks; zero without three years or where
    a week is not above zero.
    """
    if series.size < SEASONS * YEAR or np.any(series <= 0):
        return np.zeros(YEAR)
    logs = np.log(series)
    weights = np.r_[0.5, np.ones(YEAR - 1), 0.5] / YEAR
    middle = np.convolve(logs, weights, mode="valid")
    half = YEAR // 2
    ratios = logs[half : half + middle.size] - middle
    week = (np.arange(ratios.size) + half) % YEAR
    seen = [ratios[week == one] for one in range(YEAR)]
    raw = np.array([one.mean() for one in seen])
    noise = float(np.mean([one.var() / max(one.size - 1, 1) for one in seen]))
    smooth = np.convolve(np.r_[raw[-2:], raw, raw[:2]], np.ones(5) / 5, mode="valid")
    smooth -= smooth.mean()
    variance = float(smooth.var())
    belief = max(variance - noise / 5, 0.0) / max(variance, 1e-12)
    return np.asarray(belief * smooth, dtype=np.float64)
