"""Effective draws of the returns per CPU second, from a CSV file to a converged posterior, in a new process.

    python benchmarks/media_speed.py DATA.csv [--peer COMMAND]

DATA is the national set (156 weeks, 6 channels, 2 controls). Two models: Meridian's (rigid baseline, its
priors, slope one), for a ratio with the published peers, and our default with the rich baseline. --peer runs
a peer's script in the same run and prints its CPU seconds beside ours.

Published on two cores (PyMC-Marketing 0.19.2, Meridian 2.1; effective draws of the least known return per CPU
second of fitting): Meridian 35-39, PyMC-Marketing with nutpie 11-15, with PyMC's own sampler 1.8.
"""

import argparse
import csv
import json
import resource
import shlex
import subprocess
import sys
from datetime import date
from pathlib import Path

BEST_PEER = 39.0  # effective draws of the least known return per CPU second, Meridian 2.1 on JAX, warm


def fit_once(path: Path, model: str, repeat: int) -> None:
    """Run in a process of its own, so that start-up counts; `repeat` lengthens the years."""
    import numpy as np  # noqa: PLC0415 - the import is part of what is measured

    from cmo.media.adstock import Geometric  # noqa: PLC0415
    from cmo.media.baseline import Baseline  # noqa: PLC0415
    from cmo.media.curves import Family  # noqa: PLC0415
    from cmo.media.design import Channel, Control, Mix  # noqa: PLC0415
    from cmo.media.fit import Beliefs, fit_mix  # noqa: PLC0415
    from cmo.media.link import Adding  # noqa: PLC0415
    from cmo.media.prior import Fixed, LogNormal, TruncatedNormal  # noqa: PLC0415
    from cmo.media.saturation import Hill  # noqa: PLC0415

    with path.open() as file:
        rows = list(csv.DictReader(file))
    names = [column.removesuffix("_spend") for column in rows[0] if column.endswith("_spend")]
    spend = {n: np.tile([float(row[f"{n}_spend"]) for row in rows], repeat) for n in names}
    controls = {
        n: np.tile([float(row[n]) for row in rows], repeat) for n in ("price_index", "competitor_promo")
    }
    n_weeks = len(rows) * repeat
    first = np.datetime64(rows[0]["date"])
    weeks = tuple(date.fromisoformat(str(first + 7 * i)) for i in range(n_weeks))
    beliefs, extra = Beliefs(), {}
    if model == "meridian":
        angle = 2 * np.pi * np.arange(n_weeks) * 7 / 365.25
        controls |= {f"{f.__name__}{k}": f(k * angle) for k in (1, 2, 3) for f in (np.sin, np.cos)}
        controls["t"] = np.arange(n_weeks) / 52
        half = TruncatedNormal(mean=0.8, sd=0.8, low=0.1, high=10.0)
        extra = {
            "family": Family(adstock=Geometric(), saturation=Hill(half=half, slope=Fixed(value=1.0))),
            "roi": LogNormal(location=0.2, scale=0.9),
            "follows_demand": False,
        }
        baseline = Baseline(trend=1.0, harmonics=0, control=5.0, slow=(), demand=())
        beliefs = Beliefs(baseline=baseline, noise=5.0, links=(Adding(),))
    mix = Mix(
        weeks=weeks,
        outcome=np.tile([float(row["revenue"]) for row in rows], repeat),
        channels=tuple(Channel(name=n, spend=s, **extra) for n, s in spend.items()),
        controls=tuple(Control(name=n, values=v) for n, v in controls.items()),
    )
    started = resource.getrusage(resource.RUSAGE_SELF)
    fit = fit_mix(mix, beliefs=beliefs, rng=np.random.default_rng(0))
    ended = resource.getrusage(resource.RUSAGE_SELF)
    print(
        json.dumps(
            {
                "effective": fit.convergence.effective,
                "r_hat": fit.convergence.r_hat,
                "divergences": fit.convergence.divergences,
                "pareto_k": fit.convergence.pareto_k,
                "fit_cpu": ended.ru_utime + ended.ru_stime - started.ru_utime - started.ru_stime,
                "process_cpu": ended.ru_utime + ended.ru_stime,
            }
        )
    )


def measured(path: Path, model: str, repeat: int) -> dict[str, float]:
    command = [sys.executable, __file__, str(path), "--model", model, "--repeat", str(repeat)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("path", type=Path)
    parser.add_argument("--model", choices=("meridian", "default"))
    parser.add_argument("--repeat", type=int, default=1)
    parser.add_argument("--peer")
    given = parser.parse_args()
    if given.model:
        fit_once(given.path, given.model, given.repeat)
        return
    for model, repeat in (("meridian", 1), ("default", 1), ("default", 3)):
        found = measured(given.path, model, repeat)
        rate = found["effective"] / found["fit_cpu"]
        print(
            f"{model:9s} {156 * repeat:4d} weeks  {found['effective']:6.0f} effective",
            f"r-hat {found['r_hat']:.4f}  {found['divergences']:.0f} divergences  k {found['pareto_k']:.2f}",
            f"fit {found['fit_cpu']:.2f} CPU s  process {found['process_cpu']:.2f} CPU s",
            f"{rate:6.0f} a CPU second  {rate / BEST_PEER:.0f} x the best peer",
            sep="  ",
        )
    if given.peer:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(shlex.split(given.peer), check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        print(f"peer: {spent:.1f} CPU s")


if __name__ == "__main__":
    main()
