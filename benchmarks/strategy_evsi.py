"""The value of sample information by regression, held against brute force: its error and its speed.

Two kinds of cases: conjugate ones, whose value is known in closed form or by nested simulation with exact
inner posteriors, and the budget decision on a media posterior (read from a reviewed workspace), where the
inner posterior is drawn from the outer sample by the likelihood of what is seen. Brute force counts what each
decision gains over the best one without the test, draw by draw, so that its own error is small.

    python benchmarks/strategy_evsi.py [WORKSPACE]
"""

import sys
from collections.abc import Callable
from math import exp, pi, sqrt
from pathlib import Path
from time import process_time

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr

from cmo.strategy.information.candidates import candidates
from cmo.strategy.information.sample_information import REPEATS, sample_information, with_noise

Floats = npt.NDArray[np.float64]
DRAWS = 10_000
OUTER = 10_000
INNER = 2_000
REPEATED = 4
Row = tuple[str, float, float, float, float]


def unit_loss(z: float) -> float:
    """Expected loss of the standard normal beyond z."""
    return exp(-z * z / 2) / sqrt(2 * pi) - z * (1 - float(ndtr(z)))


def timed(work: Callable[[], float]) -> tuple[float, float]:
    start = process_time()
    return work(), process_time() - start


def by_regression(truth: Floats, profits: Floats, error: float, rng: np.random.Generator) -> float:
    signals = with_noise(truth, error, rng=rng)
    return sample_information(np.tile(profits, (REPEATS, 1)), signals).value


def conjugate(n_decisions: int, error: float, rng: np.random.Generator) -> Row:
    """A normal return known up to 1; decisions of slope k / (n - 1) and fixed cost, one unknown."""
    mean, sd = 0.2, 1.0
    slopes = np.linspace(0.0, 1.0, n_decisions)
    costs = 0.3 * slopes**2

    def profits_of(truth: Floats) -> Floats:
        return truth[..., None] * slopes - costs

    without = int(profits_of(np.array([mean]))[0].argmax())
    truth = mean + sd * rng.standard_normal(DRAWS)
    ours, our_time = timed(lambda: by_regression(truth, profits_of(truth), error, rng))

    def nested() -> float:
        seen = mean + sd * rng.standard_normal(OUTER) + error * rng.standard_normal(OUTER)
        weight = sd**2 / (sd**2 + error**2)
        inner_sd = sqrt(weight) * error
        best = np.empty(OUTER)
        for i, one in enumerate(seen):
            inner = mean + weight * (one - mean) + inner_sd * rng.standard_normal(INNER)
            profits = profits_of(inner).mean(axis=0)
            best[i] = profits.max() - profits[without]
        return float(best.mean())

    brute, brute_time = timed(nested)
    exact = brute
    if n_decisions == 2:
        spread = sd**2 / sqrt(sd**2 + error**2)
        gap = mean - costs[1]
        exact = spread * unit_loss(abs(gap) / spread)
    return f"normal, {n_decisions} decisions, error {error:g}", ours, exact, our_time, brute_time


def media(workspace: Path, rng: np.random.Generator) -> list[Row]:
    """Tests of each channel of a reviewed company, read with several errors."""
    from cmo.ledger.reviews import remembered_evidence  # noqa: PLC0415 - only where a workspace is given
    from cmo.ledger.strategy import remembered_strategy  # noqa: PLC0415 - the same
    from cmo.loop.standing import opened  # noqa: PLC0415 - the same
    from cmo.strategy.decisions.ground import Ground  # noqa: PLC0415 - the same

    place = opened(workspace)
    evidence = remembered_evidence()
    ground = Ground(
        evidence=evidence,
        strategy=remembered_strategy(),
        verdicts=(),
        currency=place.config.company.currency,
        today=max(one.as_of for one in evidence.estimates),
    )
    curves = ground.curves
    if curves is None:
        raise SystemExit("the workspace has no media.response: review it")
    divisions = candidates(curves, current=ground.current, bounds=ground.bounds)
    profits = np.stack([curves.profit(money) for money in divisions], axis=1)
    returns = curves.brought(ground.current) / np.maximum(ground.current, 1.0)
    rows = []
    for c, name in enumerate(curves.channels):
        for part in (0.25, 0.5):
            error = part * float(returns[:, c].std())
            truth = returns[:, c]
            ours, our_time = timed(lambda t=truth, e=error: by_regression(t, profits, e, rng))
            brute, brute_time = timed(lambda t=truth, e=error: weighed(t, profits, e, rng))
            rows.append((f"media, {name}, error {part:g} sd", ours, brute, our_time, brute_time))
    return rows


def weighed(truth: Floats, profits: Floats, error: float, rng: np.random.Generator) -> float:
    """Nested: for each outer draw, an inner sample of the posterior given what is seen, the best choice."""
    seen = with_noise(truth, error, rng=rng, repeats=REPEATED)
    without = int(profits.mean(axis=0).argmax())
    best = np.empty(len(seen))
    for i, one in enumerate(seen):
        log_weight = -0.5 * ((one - truth) / error) ** 2
        weight = np.exp(log_weight - log_weight.max())
        inner = rng.choice(len(truth), size=INNER, p=weight / weight.sum())
        expected = profits[inner].mean(axis=0)
        best[i] = expected.max() - expected[without]
    return float(best.mean())


def main() -> None:
    rng = np.random.default_rng(8)
    rows = [conjugate(n, error, rng) for n in (2, 5, 20) for error in (0.3, 1.0, 2.0)]
    if len(sys.argv) > 1:
        rows += media(Path(sys.argv[1]), rng)
    print(f"{'case':44}{'regression':>12}{'brute force':>12}{'error':>8}{'times faster':>14}")
    for name, ours, brute, our_time, brute_time in rows:
        print(f"{name:44}{ours:12.4g}{brute:12.4g}{ours / brute - 1:8.1%}{brute_time / our_time:14.0f}")
    errors = np.array([abs(ours / brute - 1) for _, ours, brute, _, _ in rows])
    faster = np.array([slow / quick for _, _, _, quick, slow in rows])
    print(f"mean error {errors.mean():.1%}, largest {errors.max():.1%}")
    print(f"{np.median(faster):.0f} times faster (median), {faster.min():.0f} at least")


if __name__ == "__main__":
    main()
