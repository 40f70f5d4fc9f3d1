"""Coverage, width and power of geo intervals on the published Recast process, beside the published tools.

    python benchmarks/experiments_geo_recast.py [panels per cell, default 2000]

The process is that of the case `sim01_recast_geo_calibration`; published figures are printed beside ours.
"""

import json
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

from cmo.experiments.log_ratio import log_ratio_effect

CASE = Path(__file__).parents[2] / "shared" / "cases" / "experiments" / "geolift-simulation-study.json"
SCENARIOS = {"A1": {}, "A2": {"inflate": 5.0}, "A3": {"n_control": 9}, "A4": {"days": 45, "pre": 30}}
GOALS = {"A1": 1200, "A2": 6000, "A3": 1200, "A4": 1450}


def panel(
    rng: np.random.Generator, *, effect: float, dgp: dict[str, Any], settings: dict[str, Any]
) -> tuple[np.ndarray, np.ndarray, np.ndarray, int]:
    n_control, days = settings.get("n_control", 20), settings.get("days", 105)
    pre, inflate = settings.get("pre", 90), settings.get("inflate", 1.0)
    n = n_control + 1
    sd = dgp["baseline_sdlog"]
    base = np.sort(rng.lognormal(np.log(dgp["baseline_mean"]) - sd**2 / 2, sd, n))
    treated = int(np.argmin(np.abs(base - np.median(base))))
    scale = dgp["noise_level"] * np.sqrt(base / base.mean())
    base[treated] *= inflate
    shocks = rng.normal(size=(days, n))
    noise = np.empty_like(shocks)
    noise[0] = shocks[0]
    for day in range(1, days):
        noise[day] = dgp["ar1"] * noise[day - 1] + shocks[day]
    day = np.arange(1, days + 1)
    season = 1 + dgp["season_amplitude"] * np.array(dgp["dow_profile"])[(day - 1) % 7]
    outcomes = ((1 + dgp["trend_per_day"] * day) * season)[:, None] * base * np.exp(scale * noise)
    without = outcomes[:, treated].copy()
    outcomes[pre:, treated] *= 1 + effect
    return outcomes[:, treated], without, np.delete(outcomes, treated, axis=1), pre


def main() -> None:
    panels = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    case = json.loads(CASE.read_text())[0]
    dgp = case["inputs"]["dgp"]
    print(f"{panels} panels per cell; Monte Carlo error of coverage {np.sqrt(0.95 * 0.05 / panels):.4f}")
    started = time.process_time()
    for name, settings in SCENARIOS.items():
        for label, effect in (("null", 0.0), ("effect", 0.075)):
            hits, widths, found, bias = [], [], [], []
            for i in range(panels):
                rng = np.random.default_rng([7, i, ord(name[1])])
                target, without, donors, pre = panel(rng, effect=effect, dgp=dgp, settings=settings)
                truth = (target - without)[pre:].mean()
                of = log_ratio_effect(target, donors, pre=pre)
                hits.append(of.low <= truth <= of.high)
                widths.append(of.high - of.low)
                found.append(not of.low <= 0 <= of.high)
                bias.append((of.att - truth) / without[pre:].mean())
            told = f"coverage {np.mean(hits):.4f} width {np.mean(widths):6.0f} (<= {GOALS[name]})"
            print(name, label, told, f"rejects {np.mean(found):.4f} bias {100 * np.mean(bias):+.2f} pp")
            for row in case["expected"]["published"]:
                if (row["scenario"], row["effect_label"]) == (name, label):
                    rejects = row["fpr"] if label == "null" else round(1 - row["fnr"], 3)
                    print(
                        f"     {row['tool_label']:16s} {row['coverage']:.3f} {row['avg_ci_width_level']:9.0f}"
                        f"  rejects {rejects}"
                    )
    print(f"{time.process_time() - started:.1f} CPU s")


if __name__ == "__main__":
    main()
