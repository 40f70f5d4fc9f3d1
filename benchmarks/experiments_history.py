"""What a company's own tests teach, on real ones: headline tests (Upworthy) and online tests (ASOS).

    python benchmarks/experiments_history.py [splits, default 8] [tests replayed, default 400]

1. Each arm's impressions are split in halves: the first chooses and predicts the winner, the second tells.
2. Past tests are replayed with their observed rates as truth, 20 batches each.
3. ASOS's series: how often a peeked test is significant, and how wide true effects spread.
"""

import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd

from cmo.experiments.bandit import Shares, allocation, in_units
from cmo.experiments.creatives import learnt_creatives
from cmo.experiments.shrinkage import learnt

DATA = Path(__file__).parents[2] / "shared" / "data" / "experiments"


def headlines() -> tuple[np.ndarray, np.ndarray]:
    clicks = pd.read_csv(DATA / "upworthy_clicks.csv", index_col=0).to_numpy().astype(int)
    shown = pd.read_csv(DATA / "upworthy_impressions.csv", index_col=0).to_numpy().astype(int)
    return clicks, shown


def split_half(clicks: np.ndarray, shown: np.ndarray, rng: np.random.Generator) -> tuple[float, float, float]:
    """Mean lift over the arms' mean: as shrunk, as measured, as it came."""
    first = shown // 2
    won = rng.hypergeometric(clicks, shown - clicks, first)
    then, left = shown - first, clicks - won
    usable = ((first > 0).sum(axis=1) >= 2) & (won.sum(axis=1) > 0) & (left.sum(axis=1) > 0)
    history = learnt_creatives(won[usable], first[usable])
    rows = []
    for test in np.flatnonzero(usable):
        arms = first[test] > 0
        belief = history.expected(won[test][arms], first[test][arms])
        rate, later = won[test][arms] / first[test][arms], left[test][arms] / then[test][arms]
        best = int(belief.argmax())
        rows.append(
            (belief[best] / belief.mean() - 1, rate.max() / rate.mean() - 1, later[best] / later.mean() - 1)
        )
    return tuple(float(x) for x in np.mean(rows, axis=0))


def replay(rate: np.ndarray, units: int, *, sharpening: float | None, rng: np.random.Generator) -> float:
    """Share of the best arm's clicks; plain even split where no sharpening is given."""
    beliefs, left, got = Shares.flat(len(rate)), units, 0
    sizes = np.full(20, units // 20)
    sizes[: units % 20] += 1
    for size in sizes:
        if sharpening is None:
            share = np.full(len(rate), 1 / len(rate))
        else:
            share = allocation(beliefs, to_come=left / units, rng=rng, n=400, sharpening=sharpening)
        given = in_units(share, int(size), rng=rng)
        won = rng.binomial(given, rate)
        beliefs, left, got = beliefs.after(won, given), left - int(size), got + int(won.sum())
    return got / (rate.max() * units)


def main() -> None:
    splits = int(sys.argv[1]) if len(sys.argv) > 1 else 8
    replays = int(sys.argv[2]) if len(sys.argv) > 2 else 400
    started = time.process_time()
    clicks, shown = headlines()
    rows = np.array([split_half(clicks, shown, np.random.default_rng([1, seed])) for seed in range(splits)])
    told, raw, came = rows.mean(axis=0)
    print(
        f"headline winners over {splits} splits of {len(clicks)} tests:"
        f" shrunk {told:.4f}, measured {raw:.4f}, realised {came:.4f}"
    )
    ratio = rows[:, 0] / rows[:, 2]
    print(
        f"  predicted over realised {told / came:.3f} (one split +- {ratio.std():.3f}), raw {raw / came:.3f}"
    )
    chosen = np.random.default_rng(0).permutation(np.flatnonzero(clicks.sum(axis=1) > 0))[:replays]
    for name, sharpening in (("even split", None), ("plain Thompson", 0.0), ("horizon-aware", 1.0)):
        rng = np.random.default_rng(1)
        shares = []
        for test in chosen:
            arms = shown[test] > 0
            rate = clicks[test][arms] / shown[test][arms]
            shares.append(replay(rate, int(shown[test].sum()), sharpening=sharpening, rng=rng))
        error = np.std(shares) / len(shares) ** 0.5
        print(
            f"  {name}: {np.mean(shares):.4f} of the best possible clicks"
            f" (+- {error:.4f}, {len(shares)} tests)"
        )
    asos = pd.read_csv(DATA / "asos_digital_experiments.csv").dropna()
    asos["effect"] = asos.mean_t / asos.mean_c - 1
    asos["se"] = np.sqrt(asos.variance_t / asos.count_t + asos.variance_c / asos.count_c) / asos.mean_c.abs()
    asos = asos[(asos.mean_c > 0) & (asos.se > 0)].sort_values("time_since_start")
    series = asos.groupby(["experiment_id", "variant_id", "metric_id"])
    ever = series.apply(lambda of: bool((of.effect.abs() > 1.96 * of.se).any()), include_groups=False)
    last = series.last()
    history = learnt(last.effect.to_numpy(), last.se.to_numpy())
    print(
        f"ASOS, {len(last)} series: significant at the end {np.mean(last.effect.abs() > 1.96 * last.se):.3f},"
        f" at some look {ever.mean():.3f}; true effects {history.mean:+.4f} +- {history.spread:.4f}"
        f" (parts {np.round(history.sd, 4)}, shares {np.round(history.weight, 2)}),"
        f" win rate {history.win_rate():.3f}"
    )
    print(f"{time.process_time() - started:.1f} CPU s")


if __name__ == "__main__":
    main()
