"""What the loop bench found over all its worlds, as data."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
import numpy.typing as npt

from cmo.bench.results import Record
from cmo.bench.scores import LEVEL, RESAMPLED, share_of

Floats = npt.NDArray[np.float64]
Data = dict[str, Any]

BASE, BEST, OURS = "status quo", "oracle", "cmo"
SOON = 2
"""Quarters from its appearance within which a new channel should be found."""


def loop_report(records: Sequence[Record]) -> Data:
    """Profit of each policy, the share of the gap it recovers, wins, and when the new is found."""
    names = tuple(records[0]["policies"])
    profit = {name: np.array([r["policies"][name]["profit"] for r in records]) for name in names}
    total = {name: paths[:, -1] for name, paths in profit.items()}
    gap = total[BEST] - total[BASE]
    rng = np.random.default_rng(0)
    picked = rng.integers(0, len(records), (RESAMPLED, len(records)))
    return {
        "worlds": len(records),
        "seconds_per_world": round(float(np.mean([r["seconds"] for r in records])), 1),
        "gap": _mean(gap / np.abs(total[BASE]), picked),
        "policies": {
            name: {
                "gain": _mean((total[name] - total[BASE]) / np.abs(total[BASE]), picked),
                "recovered": _ratio(total[name] - total[BASE], gap, picked),
                "path": _path(profit[name], profit[BASE], gap, picked),
                "tests": float(np.mean([r["policies"][name]["tests"] for r in records])),
                "found": _found(records, name),
            }
            for name in names
        },
        "wins": {
            name: asdict(
                share_of((total[OURS] > total[name]).astype(np.float64), np.arange(len(records)), rng)
            )
            for name in names
            if name not in {OURS, BEST}
        },
    }


def _interval(drawn: Floats) -> tuple[float, float]:
    low, high = np.quantile(drawn, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return float(low), float(high)


def _mean(values: Floats, picked: npt.NDArray[np.int64]) -> Data:
    """Mean over worlds with its interval, worlds resampled."""
    low, high = _interval(values[picked].mean(axis=1))
    return {"value": float(values.mean()), "low": low, "high": high}


def _ratio(above: Floats, below: Floats, picked: npt.NDArray[np.int64]) -> Data:
    """Ratio of sums over worlds, so that a world with a small gap weighs little."""
    low, high = _interval(above[picked].sum(axis=1) / below[picked].sum(axis=1))
    return {"value": float(above.sum() / below.sum()), "low": low, "high": high}


def _path(profit: Floats, base: Floats, gap: Floats, picked: npt.NDArray[np.int64]) -> list[Data]:
    """Share of the whole gap recovered by the end of each quarter."""
    return [_ratio(profit[:, q] - base[:, q], gap, picked) for q in range(profit.shape[1])]


def _found(records: Sequence[Record], name: str) -> Data | None:
    """Where something new appears: the share of worlds in which it was found in time, and the delay."""
    with_new = [r for r in records if r["appears"] is not None]
    if not with_new:
        return None
    delays = [
        None if r["policies"][name]["found"] is None else r["policies"][name]["found"] - r["appears"]
        for r in with_new
    ]
    known = [delay for delay in delays if delay is not None]
    return {
        "worlds": len(with_new),
        "in_time": sum(delay <= SOON for delay in known) / len(with_new),
        "ever": len(known) / len(with_new),
        "quarters": float(np.mean(known)) if known else None,
    }
