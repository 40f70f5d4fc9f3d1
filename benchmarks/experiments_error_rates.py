"""Coverage and false-positive rates of every reading, with their Monte Carlo error, and where they fail.

    python benchmarks/experiments_error_rates.py [replications, default 40000] [largest arm, default 20000]

Worlds: normal, skewed revenue (log-normal among the tenth who buy), rare binary, ratio, CUPED, clusters; each
A/B with a true effect. Then 28 daily looks: false positives, power and optimism of each stopping rule.
"""

import sys
import time
from collections.abc import Callable

import numpy as np
from scipy import special

from cmo.experiments.confidence_sequence import Mixture, half_width
from cmo.experiments.group_sequential import boundaries, obrien_fleming_spending, power_spending
from cmo.experiments.stopping import PRUDENCE, expected_estimate, more_extreme, sized_for

Sample = Callable[[np.random.Generator, int, int], np.ndarray]
"""Units of many replications at once, shape (replications, n, columns); the last argument is the arm."""


def normal(rng: np.random.Generator, shape: tuple[int, int], arm: int) -> np.ndarray:
    return rng.normal(1.0 + 0.1 * arm, 1.0, shape)[..., None]


def revenue(rng: np.random.Generator, shape: tuple[int, int], arm: int) -> np.ndarray:
    spent = np.exp(rng.normal(3.0, 1.0, shape)) * (rng.random(shape) < 0.1)
    return (spent * (1.0 + 0.1 * arm))[..., None]


def rare(rng: np.random.Generator, shape: tuple[int, int], arm: int) -> np.ndarray:
    return (rng.random(shape) < 0.02 * (1.0 + 0.1 * arm)).astype(float)[..., None]


def ratio(rng: np.random.Generator, shape: tuple[int, int], arm: int) -> np.ndarray:
    visits = 1.0 + rng.poisson(2.0, shape)
    return np.stack([visits * rng.gamma(2.0, 1.0 + 0.1 * arm, shape), visits], axis=-1)


def cuped(rng: np.random.Generator, shape: tuple[int, int], arm: int) -> np.ndarray:
    before = rng.gamma(1.0, 1.0, shape)
    return np.stack([before + rng.gamma(1.0, 1.0, shape) + 0.2 * arm, before], axis=-1)


def clusters(rng: np.random.Generator, shape: tuple[int, int], arm: int) -> np.ndarray:
    """Totals and sizes of clusters of unlike size whose units are alike."""
    size = 1.0 + rng.poisson(4.0, shape)
    level = rng.normal(5.0 + 0.5 * arm, 1.0, shape)
    return np.stack([size * level + np.sqrt(size) * rng.normal(size=shape), size], axis=-1)


TRUTH = {
    "normal": 0.1,
    "revenue": 0.1 * 0.1 * np.exp(3.5),
    "rare": 0.002,
    "ratio": 0.2,
    "cuped": 0.2,
    "clusters": 0.5,
}
WORLDS = {
    "normal": normal,
    "revenue": revenue,
    "rare": rare,
    "ratio": ratio,
    "cuped": cuped,
    "clusters": clusters,
}


def linearised(kind: str, arms: list[np.ndarray]) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Means and per-unit variances by the formulas of `adjustment`, for many replications at once."""
    mean = [of.mean(axis=1) for of in arms]
    if kind in {"normal", "revenue", "rare"}:
        return [m[:, 0] for m in mean], [of[..., 0].var(axis=1, ddof=1) for of in arms]
    if kind == "cuped":
        both = np.concatenate(arms, axis=1)
        away = both - both.mean(axis=1, keepdims=True)
        theta = (away[..., 0] * away[..., 1]).sum(axis=1) / (away[..., 1] ** 2).sum(axis=1)
        adjusted = [of[..., 0] - theta[:, None] * of[..., 1] for of in arms]
        return [of.mean(axis=1) for of in adjusted], [of.var(axis=1, ddof=1) for of in adjusted]
    shares = [m[:, 0] / m[:, 1] for m in mean]
    influence = [
        (of[..., 0] - s[:, None] * of[..., 1]) / m[:, 1:2]
        for of, s, m in zip(arms, shares, mean, strict=True)
    ]
    return shares, [of.var(axis=1, ddof=1) for of in influence]


def coverage(kind: str, n: int, replications: int, rng: np.random.Generator) -> tuple[float, float]:
    """Share of 95 % intervals that hold the truth, and of A/A tests that reject."""
    hits = rejected = done = 0
    block = max(1, min(replications, 4_000_000 // n))
    while done < replications:
        size = min(block, replications - done)
        arms = [WORLDS[kind](rng, (size, n), arm) for arm in (0, 1)]
        idle = WORLDS[kind](rng, (size, n), 0)
        for treated, truth, count in ((arms[1], TRUTH[kind], "hit"), (idle, 0.0, "reject")):
            (base, plus), variance = linearised(kind, [arms[0], treated])
            parts = [of / n for of in variance]
            total = parts[0] + parts[1]
            df = total**2 / np.maximum(sum(part**2 for part in parts) / (n - 1.0), 1e-300)
            away = np.abs(plus - base - truth) <= special.stdtrit(df, 0.975) * np.sqrt(total)
            if count == "hit":
                hits += int(away.sum())
            else:
                rejected += size - int(away.sum())
        done += size
    return hits / replications, rejected / replications


def looks(replications: int, rng: np.random.Generator) -> None:
    """Peeking on 28 days at a test of 100,000 units."""
    days, n = np.arange(1, 29) / 28, 100_000 * np.arange(1, 29) / 28
    drift = float(special.ndtri(0.975) + special.ndtri(0.8))
    paths = (rng.normal(size=(replications, 28)) / np.sqrt(28)).cumsum(axis=1)
    plans = {
        "spending t^3": boundaries(days, power_spending(3)),
        "spending t^2": boundaries(days, power_spending(2)),
        "O'Brien-Fleming spending": boundaries(days, obrien_fleming_spending(0.05)),
    }
    sequence = np.array([half_width(of, Mixture.tightest_at(100_000)) for of in n])
    for name, bound in {
        "fixed z every day": np.full(28, 1.959964),
        **{name: plan.z for name, plan in plans.items()},
        "confidence sequence": sequence,
    }.items():
        null = (np.abs(paths / np.sqrt(days)) >= bound).any(axis=1).mean()
        moved = paths + drift * days
        crossed = np.abs(moved / np.sqrt(days)) >= bound
        found = crossed.any(axis=1)
        at = np.where(found, crossed.argmax(axis=1), 27)
        naive = moved[np.arange(replications), at] / days[at]
        told = ""
        if name in plans:
            grid = np.linspace(-6.0, 14.0, 201)
            freed = np.interp(naive, [expected_estimate(plans[name], float(of)) for of in grid], grid)
            some = range(min(replications, 4000))
            share = [
                more_extreme(plans[name], int(at[i]), z=float(naive[i] * days[at[i]] ** 0.5), drift=drift)
                for i in some
            ]
            held = np.mean([0.025 < of < 0.975 for of in share])
            told = f" -> all {freed.mean() / drift:.3f}, significant {freed[found].mean() / drift:.3f}"
            width = PRUDENCE * sized_for(plans[name])
            prudent = naive * width**2 / (width**2 + 1.0 / days[at])
            told += f", prudent {prudent[found].mean() / drift:.3f}"
            told += f"; 95 % interval covers {held:.4f} ({len(share)} tests)"
        over = f"significant {naive[found].mean() / drift:.3f}, all {naive.mean() / drift:.3f}"
        print(
            f"  {name:26s} false positives {null:.4f} power {found.mean():.4f} stops at {days[at].mean():.3f}"
            f" estimate over truth: {over}{told}"
        )


def main() -> None:
    replications = int(sys.argv[1]) if len(sys.argv) > 1 else 40_000
    largest = int(sys.argv[2]) if len(sys.argv) > 2 else 20_000
    rng = np.random.default_rng(1)
    started = time.process_time()
    error = (0.95 * 0.05 / replications) ** 0.5
    print(f"{replications} replications, Monte Carlo error {error:.4f}; goal 0.947 to 0.953")
    for kind in WORLDS:
        for n in (100, 500, 2_000, 20_000, 200_000):
            if n <= largest:
                held, false = coverage(kind, n, replications, rng)
                flag = "" if abs(held - 0.95) <= 0.003 + 2 * error else "  <- outside"
                print(f"  {kind:9s} {n:7d} an arm: coverage {held:.4f} false positives {false:.4f}{flag}")
    print(f"28 daily looks, {replications} replications")
    looks(replications, rng)
    print(f"{time.process_time() - started:.0f} CPU s")


if __name__ == "__main__":
    main()
