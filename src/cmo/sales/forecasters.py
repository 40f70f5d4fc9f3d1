"""Point forecasts of a monthly series: the library's best models and two plain yardsticks.

A model that cannot be fitted to a series forecasts NaN, and is passed over.
"""

from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt

Series = npt.NDArray[np.float64]
Forecaster = Callable[[Series, int], Series]

YEAR = 12


def seasonal_naive(series: Series, horizon: int) -> Series:
    """Repeat the last year, month by month; with less than a year, the last month."""
    last = series[-YEAR:] if series.size >= YEAR else series[-1:]
    return np.resize(last, horizon)


def last_year_grown(series: Series, horizon: int) -> Series:
    """Repeat the last year, moved by half of the growth seen between the last two years.

    Half, because a growth measured over few months is for a good part luck.

    Args:
        series: Monthly values, at least 13 for a growth to be seen; with fewer there is none.
        horizon: Months to forecast, >= 1.

    Returns:
        The forecast, shape (horizon,).
    """
    months = min(YEAR, series.size - YEAR)
    base = seasonal_naive(series, horizon)
    if months < 1:
        return base
    recent, before = float(series[-months:].sum()), float(series[-YEAR - months : series.size - YEAR].sum())
    if recent <= 0 or before <= 0:
        return base
    return np.asarray(base * np.sqrt(recent / before), dtype=np.float64)


def exponential_smoothing(series: Series, horizon: int) -> Series:
    """Exponential smoothing, its error, trend and season chosen by AICc (Hyndman et al., 2008)."""
    return _mean(_library().AutoETS(season_length=YEAR), series, horizon)


def dynamic_theta(series: Series, horizon: int) -> Series:
    """The dynamic optimised theta model (Fiorucci et al., 2016)."""
    return _mean(_library().DynamicOptimizedTheta(season_length=YEAR), series, horizon)


def complex_smoothing(series: Series, horizon: int) -> Series:
    """Complex exponential smoothing (Svetunkov et al., 2022)."""
    return _mean(_library().AutoCES(season_length=YEAR), series, horizon)


def smoothing(series: Series, horizon: int) -> Series:
    """Exponential smoothing without a season."""
    return _mean(_library().AutoETS(season_length=1), series, horizon)


def theta(series: Series, horizon: int) -> Series:
    """The dynamic optimised theta model without a season."""
    return _mean(_library().DynamicOptimizedTheta(season_length=1), series, horizon)


def autoregression(series: Series, horizon: int) -> Series:
    """ARIMA without a season, its orders chosen by AICc (Hyndman and Khandakar, 2008)."""
    return _mean(_library().AutoARIMA(season_length=1), series, horizon)


def adjusted_theta(series: Series, horizon: int) -> Series:
    """Theta on the seasonally adjusted series, for histories of two to three years.

    The library asks three years before it believes in a season; a shop with two Christmases in its
    books should not wait for the third. The monthly factors are means of ratios to a year's centred
    average, drawn half-way to one.

    Args:
        series: Monthly values > 0, at least 24; with fewer the plain theta is given.
        horizon: Months to forecast, >= 1.

    Returns:
        The forecast, shape (horizon,).
    """
    if series.size < 2 * YEAR or np.any(series <= 0):
        return dynamic_theta(series, horizon)
    logs = np.log(series)
    weights = np.r_[0.5, np.ones(YEAR - 1), 0.5] / YEAR
    centred = np.convolve(logs, weights, mode="valid")
    half = YEAR // 2
    ratios = logs[half : half + centred.size] - centred
    months = (np.arange(ratios.size) + half) % YEAR
    season = np.array([ratios[months == month].mean() for month in range(YEAR)])
    season -= season.mean()
    adjusted = series / np.exp(season[np.arange(series.size) % YEAR])
    ahead = np.arange(series.size, series.size + horizon) % YEAR
    return np.asarray(theta(adjusted, horizon) * np.exp(season[ahead]), dtype=np.float64)


@cache
def _library() -> Any:
    """The models of statsforecast: two CPU seconds to import, spent only where something is forecast."""
    return import_module("statsforecast.models")


def _mean(model: Any, series: Series, horizon: int) -> Series:
    """The library's forecast; NaN where it finds no model: too short a series, or one without noise."""
    with np.errstate(all="ignore"):  # it divides by zero on short series and then discards that model
        try:
            return np.asarray(model.forecast(series, horizon)["mean"], dtype=np.float64)
        except Exception:  # noqa: BLE001 - the library raises bare Exception when it finds no model
            return np.full(horizon, np.nan)


BASELINE = "seasonal_naive"
COMBINED = "combined"
FORECASTERS: Mapping[str, Forecaster] = MappingProxyType(
    {
        BASELINE: seasonal_naive,
        "last_year_grown": last_year_grown,
        "ets": exponential_smoothing,
        "theta": dynamic_theta,
        "ces": complex_smoothing,
        "adjusted_theta": adjusted_theta,
    }
)
"""Every single way to forecast that is tried, by name."""

_MEDIAN_OF = ("last_year_grown", "ets", "theta", "ces", "adjusted_theta")


def every_forecast(series: Series, horizon: int) -> Mapping[str, Series]:
    """Forecasts by every method, and the median of five of them under the name `COMBINED`, which comes first.

    On series of 24 months the two that see a season early are worth a tenth of the error; on long ones the
    median is as good as that of ETS, theta and CES, which beat every entrant of the M3 competition.

    Args:
        series: Monthly values, at least one.
        horizon: Months to forecast, >= 1.

    Returns:
        Name of the method → forecast, shape (horizon,).
    """
    single = {name: method(series, horizon) for name, method in FORECASTERS.items()}
    return {COMBINED: np.nanmedian([single[name] for name in _MEDIAN_OF], axis=0), **single}
