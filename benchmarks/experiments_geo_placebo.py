"""A/A on real panels: every market, several past windows, true effect nothing; nominal 90 %.

    python benchmarks/experiments_geo_placebo.py

Rank intervals, the log-ratio alone, the calibrated reading that `experiments.lift` uses, and the size of the
block-conformal test. Then the CPU seconds of GeoLift's walkthrough (its own: 16, 56 and 79).
"""

import time
from pathlib import Path

import numpy as np
import pandas as pd

from cmo.experiments.conformal import Orders, conformal_p
from cmo.experiments.contrast import quantile
from cmo.experiments.geo_reading import geo_lift
from cmo.experiments.log_ratio import log_ratio_effect
from cmo.experiments.market_selection import History, Search, placements, power_curve, select_markets
from cmo.experiments.placebo import placebo_coverage
from cmo.experiments.synthetic_control import Ridge, synthetic_control

DATA = Path(__file__).parents[2] / "shared" / "data" / "experiments"


def panels() -> dict[str, tuple[np.ndarray, int, list[int]]]:
    geolift = pd.read_csv(DATA / "geolift_pretest.csv").pivot_table(
        index="date", columns="location", values="Y"
    )
    sales = pd.read_csv(DATA / "google_matched_markets_salesandcost.csv")
    sales = sales[sales.date < "2015-02-16"].pivot_table(
        index="date", columns="geo", values="sales", aggfunc="sum"
    )
    sales = sales.loc[:, sales.notna().all()]
    return {
        "geolift": (geolift.sort_index().to_numpy(float), 15, list(range(60, 91, 5))),
        "salesandcost": (sales.sort_index().to_numpy(float), 10, [36, 42]),
    }


def main() -> None:
    for name, (outcomes, duration, ends) in panels().items():
        rank = placebo_coverage(outcomes, duration=duration, ends=ends)
        told = f"rank {rank.coverage:.3f} width {100 * rank.median_width:.1f} % ({rank.n})"
        print(f"{name} {outcomes.shape}: {told}")
        alone, read, conformal = [], [], []
        for end in ends:
            panel = outcomes[:end]
            for j in range(panel.shape[1]):
                target, donors = panel[:, j], np.delete(panel, j, axis=1)
                lift = geo_lift(panel, np.array([j]), pre=end - duration)
                half = quantile(0.95, lift.df) * lift.se
                read.append((abs(lift.estimate) <= half, 2 * half))
                conformal.append(conformal_p(target, donors, orders=Orders(end, duration)) <= 0.1)
                if np.all(panel > 0):
                    one = log_ratio_effect(target, donors, pre=end - duration, level=0.9)
                    width = (one.high - one.low) / target[-duration:].mean()
                    alone.append((one.low <= 0 <= one.high, width))
        for label, rows in (("log-ratio alone", alone), ("calibrated reading", read)):
            if rows:
                held, widths = np.array(rows, float).T
                print(f"  {label}: {held.mean():.3f} width {100 * np.median(widths):.1f} % ({len(rows)})")
        print(f"  block-conformal size at 10 %: {np.mean(conformal):.3f}")
    walkthrough()


def walkthrough() -> None:
    frame = pd.read_csv(DATA / "geolift_pretest.csv").pivot_table(
        index="date", columns="location", values="Y"
    )
    history = History(markets=tuple(frame.columns), outcomes=frame.sort_index().to_numpy(float))
    test = (
        pd.read_csv(DATA / "geolift_test.csv")
        .pivot_table(index="date", columns="location", values="Y")
        .sort_index()
    )
    rng, treated = np.random.default_rng(1), ["chicago", "portland"]
    started = time.process_time()
    target, donors = test[treated].mean(axis=1).to_numpy(), test.drop(columns=treated).to_numpy(float)
    synthetic_control(target, donors, pre=90)
    synthetic_control(target, donors, pre=90, augmented=Ridge())
    conformal_p(target, donors, orders=Orders(105, 15, draws=1000, rng=rng))
    analysed = time.process_time()
    effects = tuple(k / 100 for k in range(-25, 26))
    power = Search(sizes=(2,), durations=(15,), effects=effects, lookback=10, one_sided=True)
    power_curve(history, treated, duration=15, search=power, orders=placements(history, power, rng=rng))
    powered = time.process_time()
    search = Search(
        sizes=(2, 3, 4, 5),
        durations=(10, 15),
        include=("chicago",),
        exclude=("honolulu",),
        cost_per_unit=7.5,
        budget=1e5,
    )
    select_markets(history, search, rng=rng)
    ended = time.process_time()
    print(
        f"GeoLift's walkthrough, CPU s: analysis {analysed - started:.2f}, power {powered - analysed:.2f},"
        f" market selection {ended - powered:.2f}"
    )


if __name__ == "__main__":
    main()
