"""What a plan is worth in worlds whose response is known: against the oracle, and against what else is done.

    python benchmarks/media_plans.py [--brands 30] [--chasing]

The next quarter's budget is the usual pace, divided by: the posterior (ours, and with caution), last year's
shares (proportional), the best of one middling draw (point), average returns (average), and the true curves
(oracle). Profit is judged by the truth, at the margin that makes the usual plan break even.
"""

import argparse
import time
from datetime import date

import numpy as np
import numpy.typing as npt
from media_worlds import World, brand

from cmo.media.allocation import frontier
from cmo.media.fit import fit_mix
from cmo.media.plan import Aim, Bounds, Outlook, look_ahead, propose
from cmo.media.sampler import Schedule

Floats = npt.NDArray[np.float64]

HORIZON = (date(2025, 1, 6), date(2025, 4, 6))
WEEKS, LAGS = 13, 26
SHORT = Schedule(chains=32, warmup=16, draws=40, rounds=0)
TOP = 3.0


def truly(world: World, money: Floats) -> Floats:
    """Outcome that each amount of money truly brings, shape (grid, channels) of a grid (grid, channels)."""
    out = np.empty_like(money)
    for c, curve in enumerate(world.curves):
        history = curve.spend[-LAGS:]
        idle = np.concatenate([history, np.zeros(WEEKS + LAGS)])
        before = curve.weekly(idle)[LAGS:].sum()
        for i, amount in enumerate(money[:, c]):
            path = idle.copy()
            path[LAGS : LAGS + WEEKS] = amount / WEEKS
            out[i, c] = curve.weekly(path)[LAGS:].sum() - before
    return out


def plans(world: World, outlook: Outlook, *, margin: float) -> dict[str, Floats]:
    usual = outlook.usual
    budget = float(usual.sum())
    free = tuple(Bounds(high=TOP * u) for u in usual)
    high = TOP * usual

    def value_of(outcome: Floats) -> Floats:
        def value(grid: Floats) -> Floats:
            columns = [np.interp(grid, outlook.money[:, c], outcome[:, c]) for c in range(len(usual))]
            return margin * np.stack(columns, axis=1) - grid[:, None]

        return frontier(value, low=np.zeros(len(usual)), high=high, most=budget).at(budget)

    returns = outlook.outcome.mean(axis=0)[1:] / outlook.money[1:]
    average = usual * returns[np.abs(outlook.money[1:] - usual).argmin(axis=0), np.arange(len(usual))]
    middle = outlook.outcome[np.argsort(outlook.brought(usual).sum(axis=1))[len(outlook.outcome) // 2]]
    ours = propose(outlook, aim=Aim(margin=margin), current=usual, bounds=free, budget=budget).proposed
    return {
        "ours": ours,
        "cautious": propose(
            outlook, aim=Aim(margin=margin, caution=0.5), current=usual, bounds=free, budget=budget
        ).proposed,
        "halfway": (usual + ours) / 2,
        "proportional": usual,
        "average": average / average.sum() * budget,
        "point": value_of(middle),
        "oracle": value_of(truly(world, outlook.money)),
    }


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--brands", type=int, default=30)
    parser.add_argument("--chasing", action="store_true")
    given = parser.parse_args()
    profits: dict[str, list[float]] = {}
    begun = time.process_time()
    for seed in range(given.brands):
        world = brand(seed, chasing=given.chasing)
        fit = fit_mix(world.mix, schedule=SHORT, rng=np.random.default_rng(seed))
        outlook = look_ahead(fit, horizon=HORIZON)
        margin = float(outlook.usual.sum() / truly(world, outlook.usual[None]).sum())
        for name, money in plans(world, outlook, margin=margin).items():
            profit = margin * truly(world, money[None]).sum() / outlook.usual.sum()
            profits.setdefault(name, []).append(float(profit))
    print(f"{given.brands} brands, {(time.process_time() - begun) / given.brands:.1f} CPU s each")
    ours, oracle, usual = (np.array(profits[name]) for name in ("ours", "oracle", "proportional"))
    recovered = (ours - usual).sum() / (oracle - usual).sum()
    print(f"of the gap between the usual plan and the oracle, ours recovers {recovered:.0%}")
    for name, values in profits.items():
        drawn = np.array(values)
        print(
            f"{name:13s} profit {drawn.mean() - 1:+.3f} of the money, better than usual in",
            f"{(drawn > usual).mean():.0%}; ours is no worse in {(ours > drawn - 1e-9).mean():.0%}",
        )


if __name__ == "__main__":
    main()
