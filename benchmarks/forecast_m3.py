"""Coverage and accuracy of `cmo.sales.forecast` on monthly series of the M3 competition.

    python benchmarks/forecast_m3.py ../shared/data/market/m3.csv.gz --series 100

The series are those that the constants of the intervals were not learned on. Each is forecast a year
ahead from its last 24 and 36 months and from all of them. Prints the share of months and of year totals in
their 90 % and 50 % intervals, the sMAPE beside that of repeating last year, and the CPU time of a forecast.
"""

import argparse
import csv
import gzip
import time
from pathlib import Path

import numpy as np
import numpy.typing as npt

from cmo.sales.forecast import forecast
from cmo.sales.forecasters import seasonal_naive

YEAR = 12
LEARNED_ON = 300
DRAWS = 2000
Floats = npt.NDArray[np.float64]


def monthly(path: Path) -> list[tuple[Floats, Floats]]:
    """History and future of each monthly series that the constants were not learned on."""
    found: dict[str, dict[str, Floats]] = {}
    with gzip.open(path, "rt") as lines:
        for row in csv.DictReader(lines):
            if row["period"] == "MONTHLY":
                values = np.array([float(value) for value in row["values"].split()])
                found.setdefault(row["sn"], {})[row["set"]] = values
    names = sorted(found)
    order = np.random.default_rng(1).permutation(len(names))[LEARNED_ON:]
    return [(found[names[i]]["x"], found[names[i]]["xx"][:YEAR]) for i in order]


def smape(actual: Floats, expected: Floats) -> float:
    return float(np.mean(200 * np.abs(actual - expected) / (np.abs(actual) + np.abs(expected))))


def measured(series: list[tuple[Floats, Floats]], *, months: int | None) -> dict[str, float]:
    rng = np.random.default_rng(0)
    rows: list[list[float]] = []
    started = time.process_time()
    for history, future in series:
        known = history if months is None else history[-months:]
        draws = forecast(known, horizon=YEAR, rng=rng, draws=DRAWS).draws
        low, lower, middle, upper, high = np.quantile(draws, [0.05, 0.25, 0.5, 0.75, 0.95], axis=0)
        year = np.quantile(draws.sum(axis=1), [0.05, 0.25, 0.75, 0.95])
        total = future.sum()
        rows.append(
            [
                float(np.mean((low <= future) & (future <= high))),
                float(np.mean((lower <= future) & (future <= upper))),
                float(year[0] <= total <= year[3]),
                float(year[1] <= total <= year[2]),
                smape(future, middle),
                smape(future, seasonal_naive(known, YEAR)),
            ]
        )
    spent = (time.process_time() - started) / len(series)
    names = ("months in 90 %", "months in 50 %", "year in 90 %", "year in 50 %", "sMAPE", "sMAPE naive")
    return dict(zip(names, np.mean(rows, axis=0), strict=True)) | {"CPU s": spent}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("path", type=Path)
    parser.add_argument("--series", type=int, default=100)
    given = parser.parse_args()
    series = monthly(given.path)[: given.series]
    for months in (24, 36, None):
        figures = measured(series, months=months)
        label = "all months" if months is None else f"{months} months"
        print(f"{label:10s}", "  ".join(f"{name} {value:.3f}" for name, value in figures.items()))


if __name__ == "__main__":
    main()
