"""Coverage and false-positive rates of every reading, with their Monte Carlo error, and where they fail.

    python benchmarks/experiments_error_rates.py [replications, default 40000] [largest arm, default 500000]

Worlds: normal, skewed revenue (log-normal prices among the tenth who buy), rare binary, ratio, CUPED,
clusters; each A/A, and A/B with a true effect. Values lie on fine grids, so that the counts of a test are one
multinomial draw and its sums follow exactly, be it of two hundred units or of a million. Then 28 daily looks:
false positives, power and optimism of each stopping rule.
"""

import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy import special, stats

from cmo.experiments.adjustment import Adjustment, contrast
from cmo.experiments.confidence_sequence import Mixture, half_width
from cmo.experiments.contrast import Contrast, absolute_effect
from cmo.experiments.group_sequential import boundaries, obrien_fleming_spending, power_spending
from cmo.experiments.metric import Mean, Ratio
from cmo.experiments.moments import Moments
from cmo.experiments.ratio import CAREFUL_BASELINE, Relative, relative_effect, weakness
from cmo.experiments.stopping import PRUDENCE, expected_estimate, more_extreme, sized_for

ARMS = (100, 500, 2_000, 20_000, 500_000)
COLUMNS = ("y", "x")


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """What units can be: values (points, columns), their chances, and the values of a treated unit."""

    kind: str
    values: np.ndarray
    chance: np.ndarray
    treated: np.ndarray
    treated_chance: np.ndarray | None = None

    @property
    def truth(self) -> tuple[float, float]:
        """Value of the metric without and with the treatment."""
        told = []
        chances = (self.chance, self.chance if self.treated_chance is None else self.treated_chance)
        for values, chance in zip((self.values, self.treated), chances, strict=True):
            mean = chance @ values
            told.append(mean[0] / mean[1] if self.kind in {"ratio", "clusters"} else mean[0])
        return float(told[0]), float(told[1])


def grid(density: object, low: float, high: float, points: int) -> tuple[np.ndarray, np.ndarray]:
    at = np.linspace(low, high, points)
    weight = density.pdf(at)
    return at, weight / weight.sum()


def worlds() -> dict[str, World]:
    normal, p = grid(stats.norm(1.0, 1.0), -4.5, 6.5, 200)
    known = np.column_stack([normal, np.zeros(200)])
    out = {"normal": World(kind="mean", values=known, chance=p, treated=known + np.array([0.1, 0.0]))}
    log_price, p = grid(stats.norm(3.0, 1.0), -0.5, 7.5, 300)
    spent = np.column_stack([np.append(0.0, np.exp(log_price)), np.zeros(301)])
    out["revenue"] = World(kind="mean", values=spent, chance=np.append(0.9, 0.1 * p), treated=1.1 * spent)
    coin = np.array([[0.0, 0.0], [1.0, 0.0]])
    out["rare"] = World(
        kind="mean",
        values=coin,
        chance=np.array([0.98, 0.02]),
        treated=coin,
        treated_chance=np.array([0.978, 0.022]),
    )
    visits, worth = np.arange(1.0, 13.0), grid(stats.gamma(2.0), 0.05, 14.0, 50)
    often = stats.poisson(2.0).pmf(visits - 1.0)
    cells = np.array([(v * w, v) for v in visits for w in worth[0]])
    p = np.outer(often / often.sum(), worth[1]).ravel()
    out["ratio"] = World(kind="ratio", values=cells, chance=p, treated=cells * np.array([1.1, 1.0]))
    before, after = grid(stats.gamma(1.0), 0.1, 12.0, 30), grid(stats.gamma(1.0), 0.1, 12.0, 30)
    cells = np.array([(b + a, b) for b in before[0] for a in after[0]])
    p = np.outer(before[1], after[1]).ravel()
    out["cuped"] = World(kind="cuped", values=cells, chance=p, treated=cells + np.array([0.2, 0.0]))
    sizes = np.arange(1.0, 16.0)
    often = stats.poisson(4.0).pmf(sizes - 1.0)
    cells, chances, moved = [], [], []
    for size, share in zip(sizes, often / often.sum(), strict=True):
        level, p = grid(stats.norm(5.0, np.sqrt(1.0 + 1.0 / size)), -1.0, 11.0, 40)
        cells += [(size * at, size) for at in level]
        moved += [(size * (at + 0.5), size) for at in level]
        chances += list(share * p)
    out["clusters"] = World(
        kind="clusters", values=np.array(cells), chance=np.array(chances), treated=np.array(moved)
    )
    return out


Sums = tuple[np.ndarray, np.ndarray]
"""Means (replications, 2) and covariances (replications, 2, 2) of one arm."""


def drawn(world: World, n: int, size: int, *, treated: bool, rng: np.random.Generator) -> Sums:
    values = world.treated if treated else world.values
    chance = world.chance
    if treated and world.treated_chance is not None:
        chance = world.treated_chance
    counts = rng.multinomial(n, chance, size=size).astype(np.float64)
    mean = counts @ values / n
    products = counts @ (values[:, :, None] * values[:, None, :]).reshape(len(values), 4) / n
    covariance = products.reshape(size, 2, 2) - mean[:, :, None] * mean[:, None, :]
    return mean, covariance * (n / (n - 1.0))


def contrasted(world: World, base: Sums, plus: Sums, n: int) -> Mapping[str, np.ndarray]:
    """Difference, baseline and their joint variance by the formulas of `adjustment`, many tests at once."""
    (m0, c0), (m1, c1) = base, plus
    if world.kind == "mean":
        return _joint(m1[:, 0] - m0[:, 0], m0[:, 0], (c0[:, 0, 0], c0[:, 0, 0], c1[:, 0, 0]), n)
    if world.kind == "cuped":
        gap = (m1 - m0) / 2.0
        within = (n - 1.0) * (c0 + c1) + 2.0 * n * gap[:, :, None] * gap[:, None, :]
        theta = within[:, 0, 1] / within[:, 1, 1]
        adjusted = [c[:, 0, 0] - 2.0 * theta * c[:, 0, 1] + theta**2 * c[:, 1, 1] for c in (c0, c1)]
        own = c0[:, 0, 0] - theta * c0[:, 0, 1]
        difference = m1[:, 0] - m0[:, 0] - theta * (m1[:, 1] - m0[:, 1])
        found = dict(_joint(difference, m0[:, 0], (adjusted[0], c0[:, 0, 0], adjusted[1]), n))
        return found | {"covariance": -own / n}
    share = [m[:, 0] / m[:, 1] for m in (m0, m1)]
    variance = [
        (c[:, 0, 0] - 2.0 * s * c[:, 0, 1] + s**2 * c[:, 1, 1]) / m[:, 1] ** 2
        for c, s, m in zip((c0, c1), share, (m0, m1), strict=True)
    ]
    return _joint(share[1] - share[0], share[0], (variance[0], variance[0], variance[1]), n)


def _joint(
    difference: np.ndarray, base: np.ndarray, each: tuple[np.ndarray, np.ndarray, np.ndarray], n: int
) -> Mapping[str, np.ndarray]:
    control, baseline, treated = (of / n for of in each)
    total = control + treated
    df = total**2 / np.maximum((control**2 + treated**2) / (n - 1.0), 1e-300)
    return {
        "difference": difference,
        "variance": total,
        "baseline": base,
        "baseline_variance": baseline,
        "covariance": -control,
        "df": df,
    }


def covered(found: Mapping[str, np.ndarray], *, truth: tuple[float, float]) -> tuple[float, float]:
    """Share of 95 % intervals that hold the truth: of the difference, and of the relative effect."""
    q = special.stdtrit(found["df"], 0.975)
    away = np.abs(found["difference"] - (truth[1] - truth[0])) <= q * np.sqrt(found["variance"])
    ratio = truth[1] / truth[0] - 1.0
    # Nothing is told relative to a control of zero.
    told = found["baseline"] != 0.0
    away_all, found, q = away, {name: of[told] for name, of in found.items()}, q[told]
    base = found["baseline"]
    weak = q**2 * found["baseline_variance"] / base**2 > CAREFUL_BASELINE

    def error(at: np.ndarray | float) -> np.ndarray:
        spread = found["variance"] - 2.0 * at * found["covariance"] + at**2 * found["baseline_variance"]
        return np.sqrt(np.maximum(spread, 0.0))

    lift = found["difference"] / base
    delta = np.abs(lift - ratio) <= q * error(lift) / np.abs(base)
    fieller = np.abs(found["difference"] - ratio * found["baseline"]) <= q * error(ratio)
    return float(away_all.mean()), float(np.where(weak, fieller, delta).mean())


def coverage(world: World, n: int, replications: int, rng: np.random.Generator) -> tuple[float, ...]:
    """Coverage of the difference and of the relative effect under A/B, and false positives under A/A."""
    block = max(1, min(replications, 8_000_000 // len(world.values)))
    done, parts = 0, []
    while done < replications:
        size = min(block, replications - done)
        base = drawn(world, n, size, treated=False, rng=rng)
        plus = drawn(world, n, size, treated=True, rng=rng)
        idle = drawn(world, n, size, treated=False, rng=rng)
        found = contrasted(world, base, plus, n)
        if done == 0:
            _same(world, base, plus, n, found=found)
        null = covered(contrasted(world, base, idle, n), truth=(world.truth[0], world.truth[0]))
        parts.append((*covered(found, truth=world.truth), 1.0 - null[0], 1.0 - null[1], size))
        done += size
    weight = np.array([part[-1] for part in parts]) / replications
    return tuple(float(weight @ [part[i] for part in parts]) for i in range(4))


def _same(world: World, base: Sums, plus: Sums, n: int, *, found: Mapping[str, np.ndarray]) -> None:
    """The formulas used here are those of the package: the first tests are read by both."""
    metric = Ratio("y", "x") if world.kind in {"ratio", "clusters"} else Mean("y")
    how = Adjustment(covariates=(Mean("x"),)) if world.kind == "cuped" else Adjustment()
    for i in range(20):
        arms = {
            name: Moments(columns=COLUMNS, n=float(n), mean=m[i], scatter=c[i] * (n - 1.0))
            for name, (m, c) in (("a", base), ("b", plus))
        }
        told = contrast(arms, metric, control="a", treated="b", adjustment=how)
        if not told.variance > 0.0:
            continue
        own = Contrast(
            control=told.control,
            treated=told.treated,
            n=told.n,
            **{name: float(of[i]) for name, of in found.items()},
        )
        np.testing.assert_allclose(own.covariance, told.covariance, rtol=1e-6, atol=1e-12)
        if told.baseline == 0.0:
            continue
        by = Relative.FIELLER if weakness(told) > CAREFUL_BASELINE else Relative.DELTA
        for one, two in (
            (absolute_effect(told), absolute_effect(own)),
            (relative_effect(told, by=by), relative_effect(own, by=by)),
        ):
            np.testing.assert_allclose((one.low, one.high), (two.low, two.high), rtol=1e-6)


def crossings(
    bounds: Mapping[str, np.ndarray], tests: int, *, drift: float, rng: np.random.Generator
) -> tuple[dict[str, float], dict[str, float]]:
    """How often each rule stops a test of nothing, and one of the effect that a fixed test sees in 80 %."""
    days = np.arange(1, 29) / 28
    null, power, done = dict.fromkeys(bounds, 0), dict.fromkeys(bounds, 0), 0
    while done < tests:
        size = min(40_000, tests - done)
        paths = (rng.normal(size=(size, 28)) / np.sqrt(28)).cumsum(axis=1)
        still, moved = np.abs(paths / np.sqrt(days)), np.abs((paths + drift * days) / np.sqrt(days))
        for name, bound in bounds.items():
            null[name] += int((still >= bound).any(axis=1).sum())
            power[name] += int((moved >= bound).any(axis=1).sum())
        done += size
    return {name: of / tests for name, of in null.items()}, {name: of / tests for name, of in power.items()}


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
    many = 25 * replications
    sequence = np.array([half_width(of, Mixture.tightest_at(100_000)) for of in n])
    bounds = {
        "fixed z every day": np.full(28, 1.959964),
        **{name: plan.z for name, plan in plans.items()},
        "confidence sequence": sequence,
    }
    null, power = crossings(bounds, many, drift=drift, rng=rng)
    print(f"  false positives and power over {many} tests, +- {(0.05 * 0.95 / many) ** 0.5:.5f}")
    for name, bound in bounds.items():
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
            f"  {name:26s} false positives {null[name]:.4f} power {power[name]:.4f}"
            f" stops at {days[at].mean():.3f} estimate over truth: {over}{told}"
        )


def main() -> None:
    replications = int(sys.argv[1]) if len(sys.argv) > 1 else 40_000
    largest = int(sys.argv[2]) if len(sys.argv) > 2 else 500_000
    rng = np.random.default_rng(1)
    started = time.process_time()
    error = (0.95 * 0.05 / replications) ** 0.5
    print(f"{replications} replications, Monte Carlo error {error:.4f}; goal 0.947 to 0.953")
    for name, world in worlds().items():
        for n in (of for of in ARMS if of <= largest):
            held, relative, false, false_relative = coverage(world, n, replications, rng)
            outside = [
                x for x in (held, relative, 1.0 - false, 1.0 - false_relative) if abs(x - 0.95) > 0.003
            ]
            flag = "  <- outside" if outside else ""
            print(
                f"  {name:9s} {n:7d} an arm: coverage {held:.4f}, relative {relative:.4f};"
                f" false positives {false:.4f}, relative {false_relative:.4f}{flag}",
                flush=True,
            )
    print(f"28 daily looks; {time.process_time() - started:.0f} CPU s so far")
    looks(replications, np.random.default_rng(2))
    print(f"{time.process_time() - started:.0f} CPU s")


if __name__ == "__main__":
    main()
