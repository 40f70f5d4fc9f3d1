"""Accuracy of the forecasts on the M3 monthly and M4 weekly competitions, as their organisers count it.

    python benchmarks/forecast_owa.py m3 [--every 12] [--from 0]
    python benchmarks/forecast_owa.py m4 [--every 3] [--from 0] [--intervals]

OWA is the mean of sMAPE and MASE, each over that of Naive2 (the last value, after a season that a test
found). The method of a monthly series is chosen by rolling origin within `cmo.sales.forecast`; that of weekly
series was, once, on every third series, from forecasts made before their end. M3 prints the coverage of 90 %
intervals too; M4 with `--intervals`.
"""

import argparse
import csv
import gzip
import time
from pathlib import Path

import numpy as np

from cmo.sales.forecast import forecast
from cmo.sales.forecasters import every_forecast
from cmo.sales.weekly import weekly_centre, weekly_forecast

DATA = Path(__file__).parents[2] / "shared/data/market"
DRAWS = 1000
Pair = tuple[np.ndarray, np.ndarray]


def m3() -> list[Pair]:
    found: dict[str, dict[str, np.ndarray]] = {}
    with gzip.open(DATA / "m3.csv.gz", "rt") as lines:
        for row in csv.DictReader(lines):
            if row["period"] == "MONTHLY":
                found.setdefault(row["sn"], {})[row["set"]] = np.array(row["values"].split(), dtype=float)
    return [(found[name]["x"], found[name]["xx"]) for name in sorted(found)]


def m4() -> list[Pair]:
    def read(name: str) -> dict[str, np.ndarray]:
        with (DATA / name).open() as file:
            rows = list(csv.reader(file))[1:]
        return {row[0]: np.array([v for v in row[1:] if v not in {"", "NA"}], dtype=float) for row in rows}

    train, test = read("Weekly-train.csv"), read("Weekly-test.csv")
    return [(train[name], test[name]) for name in sorted(train, key=lambda one: int(one[1:]))]


def naive2(series: np.ndarray, horizon: int, season: int) -> np.ndarray:
    """The last value, after classical decomposition where the season's autocorrelation is significant."""
    factors = np.ones(season)
    if season > 1 and seasonal(series, season):
        weights = np.r_[0.5, np.ones(season - 1), 0.5] / season
        middle = np.convolve(series, weights, mode="valid")
        ratio = series[season // 2 : season // 2 + middle.size] / middle
        place = (np.arange(ratio.size) + season // 2) % season
        factors = np.array([ratio[place == i].mean() for i in range(season)])
        factors /= factors.mean()
    ahead = np.arange(series.size, series.size + horizon) % season
    return series[-1] / factors[(series.size - 1) % season] * factors[ahead]


def seasonal(series: np.ndarray, season: int) -> bool:
    if series.size < 3 * season:
        return False
    apart = series - series.mean()
    acf = np.array([(apart[k:] * apart[:-k]).sum() for k in range(1, season + 1)]) / (apart**2).sum()
    return bool(abs(acf[-1]) > 1.645 * np.sqrt((1 + 2 * (acf[:-1] ** 2).sum()) / series.size))


def errors(series: np.ndarray, future: np.ndarray, told: np.ndarray, season: int) -> tuple[float, float]:
    smape = float(np.mean(200 * np.abs(future - told) / (np.abs(future) + np.abs(told))))
    return smape, float(np.abs(future - told).mean() / np.abs(series[season:] - series[:-season]).mean())


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("competition", choices=("m3", "m4"))
    asked.add_argument("--every", type=int, default=1)
    asked.add_argument("--from", dest="first", type=int, default=0)
    asked.add_argument("--intervals", action="store_true")
    given = asked.parse_args()
    monthly = given.competition == "m3"
    season, rng, started = (12 if monthly else 1), np.random.default_rng(1), time.process_time()
    table: dict[str, list[tuple[float, float]]] = {}
    held: list[float] = []
    for series, future in (m3() if monthly else m4())[given.first :: given.every]:
        drawn = None
        told = {"naive2": naive2(series, future.size, season)}
        if monthly:
            found = forecast(series, horizon=future.size, rng=rng, draws=DRAWS)
            drawn, told["cmo"] = found.draws, np.median(found.draws, axis=0)
            told["combined"] = every_forecast(series, future.size)["combined"]
        elif given.intervals:
            drawn = weekly_forecast(series, horizon=future.size, rng=rng, draws=DRAWS)
            told["cmo"] = np.median(drawn, axis=0)
        else:
            told["cmo"] = weekly_centre(series, future.size)
        for name, one in told.items():
            table.setdefault(name, []).append(errors(series, future, one, season))
        if drawn is not None:
            low, high = np.quantile(drawn, (0.05, 0.95), axis=0)
            held.append(float(np.mean((low <= future) & (future <= high))))
    means = {name: np.mean(rows, axis=0) for name, rows in table.items()}
    n = len(table["cmo"])
    print(f"{given.competition}: {n} series, {(time.process_time() - started) / n:.2f} CPU s each")
    for name, (smape, mase) in means.items():
        owa = float(np.mean(means[name] / means["naive2"]))
        print(f"  {name:10s} sMAPE {smape:.3f}  MASE {mase:.3f}  OWA {owa:.3f}")
    if held:
        print(f"  90 % intervals hold {np.mean(held):.3f}")


if __name__ == "__main__":
    main()
