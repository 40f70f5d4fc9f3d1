"""How often 90 % intervals of media hold the truth, for each channel and for all media together.

    python benchmarks/media_coverage.py [--brands 40] [--worlds plain,chasing,chasing+tests] [--folder DATA]

Worlds: brands of `media_worlds.py` (not the model's mechanism), with budgets that chase hidden demand or
not, with lift tests or not. With --folder (public sets with their truth beside them): also those.
"""

import argparse
import csv
import gzip
import json
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import numpy.typing as npt
from media_worlds import brand

from cmo.media.design import Channel, Control, Event, Mix
from cmo.media.effects import measure_effects
from cmo.media.fit import Fit, fit_mix
from cmo.media.sampler import Schedule

Floats = npt.NDArray[np.float64]

WORLDS = {
    "plain": {"chasing": False, "tested": False},
    "chasing": {"chasing": True, "tested": False},
    "plain+tests": {"chasing": False, "tested": True},
    "chasing+tests": {"chasing": True, "tested": True},
}
SHORT = Schedule(chains=32, warmup=16, draws=40, rounds=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """One brand's posterior against its truth."""

    channels: list[bool]
    total: bool
    bias: float
    error: float
    width: float


def score(fit: Fit, truth: Floats) -> Score:
    effects = measure_effects(fit)
    contribution, total = effects.contribution, effects.total
    low, high = np.quantile(contribution, [0.05, 0.95], axis=0)
    bottom, top = np.quantile(total, [0.05, 0.95])
    return Score(
        channels=list((low <= truth) & (truth <= high)),
        total=bool(bottom <= truth.sum() <= top),
        bias=float(total.mean() / truth.sum() - 1),
        error=float(np.abs(np.median(contribution, axis=0) / truth - 1).mean()),
        width=float((top - bottom) / truth.sum()),
    )


def report(name: str, scores: list[Score], *, cpu: float) -> None:
    channels = [hit for s in scores for hit in s.channels]
    print(
        f"{name:16s} brands {len(scores):3d}  channels {np.mean(channels):.2f}  "
        f"total {np.mean([s.total for s in scores]):.2f}  bias {np.mean([s.bias for s in scores]):+.2f}  "
        f"error {np.mean([s.error for s in scores]):.2f}  width {np.mean([s.width for s in scores]):.2f}  "
        f"{cpu / len(scores):.1f} CPU s a fit",
        flush=True,
    )


def rows_of(path: Path) -> list[dict[str, str]]:
    with gzip.open(path, "rt") if path.suffix == ".gz" else path.open() as file:
        return list(csv.DictReader(file))


def weekly(rows: list[dict[str, str]], column: str, *, days: list[date]) -> Floats:
    """Sum of a column by day, over whatever else the rows differ in."""
    place = {day.isoformat(): i for i, day in enumerate(days)}
    out = np.zeros(len(days))
    for row in rows:
        out[place[row.get("date") or row["date_week"]]] += float(row[column])
    return out


def public(folder: Path) -> Iterable[tuple[str, Mix, Floats]]:
    """The public sets with their true contributions."""
    for name in ("small", "growing"):
        rows = rows_of(folder / f"mpr_{name}_business.csv.gz")
        truth = rows_of(folder / f"mpr_{name}_business_truth_contrib.csv.gz")
        days = [date.fromisoformat(d) for d in sorted({row["date"] for row in rows})]
        channels = [column for column in rows[0] if column.startswith("x")]
        controls = [(c, weekly(rows, c, days=days)) for c in ("c1", "c2")]
        mix = Mix(
            weeks=tuple(days),
            outcome=weekly(rows, "y", days=days),
            channels=tuple(Channel(name=c, spend=weekly(rows, c, days=days)) for c in channels),
            controls=tuple(Control(name=c, values=v) for c, v in controls if np.ptp(v)),
        )
        yield (
            f"mpr_{name}",
            mix,
            np.array([weekly(truth, f"contribution_{c}", days=days).sum() for c in channels]),
        )
    rows = rows_of(folder / "pymcm_mmm_example.csv")
    told = json.loads((folder / "pymcm_mmm_example_truth.json").read_text())
    days = [date.fromisoformat(row["date_week"]) for row in rows]
    events = [
        Event(name=e, start=day, end=day + timedelta(days=6))
        for e in ("event_1", "event_2")
        for day, row in zip(days, rows, strict=True)
        if float(row[e]) > 0
    ]
    mix = Mix(
        weeks=tuple(days),
        outcome=weekly(rows, "y", days=days),
        channels=tuple(Channel(name=c, spend=weekly(rows, c, days=days)) for c in ("x1", "x2")),
        events=tuple(events),
    )
    yield "pymcm_example", mix, np.array(told["contribution_total"])
    rows = rows_of(folder / "nat156.csv")
    truth = json.loads((folder / "nat156_truth.json").read_text())
    days = [date.fromisoformat(row["date"]) for row in rows]
    mix = Mix(
        weeks=tuple(days),
        outcome=weekly(rows, "revenue", days=days),
        channels=tuple(
            Channel(name=c, spend=weekly(rows, f"{c}_spend", days=days)) for c in truth["channels"]
        ),
        controls=tuple(Control(name=c, values=weekly(rows, c, days=days)) for c in truth["controls"]),
    )
    yield "nat156", mix, np.array([truth["channel"][c]["incremental"] for c in truth["channels"]])


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--brands", type=int, default=40)
    parser.add_argument("--worlds", default=",".join(WORLDS))
    parser.add_argument("--folder", type=Path)
    given = parser.parse_args()
    if given.folder is not None:
        for name, mix, truth in public(given.folder):
            begun = time.process_time()
            report(
                name,
                [score(fit_mix(mix, rng=np.random.default_rng(0)), truth)],
                cpu=time.process_time() - begun,
            )
    for name in given.worlds.split(","):
        begun, scores = time.process_time(), []
        for seed in range(given.brands):
            world = brand(seed, **WORLDS[name])
            fit = fit_mix(world.mix, schedule=SHORT, rng=np.random.default_rng(seed))
            scores.append(score(fit, world.contribution))
        report(name, scores, cpu=time.process_time() - begun)


if __name__ == "__main__":
    main()
