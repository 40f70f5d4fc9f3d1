"""What the truth bench found over all its worlds, as data."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from cmo.bench.results import Record
from cmo.bench.scores import blame, brier, calibration_error, curve, error_by_chance, share_of

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Data = dict[str, Any]

SURE = 0.02
"""Claims given less than this, or more than the rest, are decided: nearly everybody gets them right."""
CLEAR = 3
"""Mechanisms told of per area, the clearest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """Claims that were given a probability.

    Attributes:
        measure: Measure of each, shape (n,).
        kind: Its predicate.
        said: The probability given, in [0, 1].
        held: 1 where the claim is true.
        world: Its world.
    """

    measure: npt.NDArray[np.str_]
    kind: npt.NDArray[np.str_]
    said: Floats
    held: Floats
    world: Ints

    def where(self, inside: npt.NDArray[np.bool_]) -> "Claims":
        """Some of the claims."""
        return Claims(
            measure=self.measure[inside],
            kind=self.kind[inside],
            said=self.said[inside],
            held=self.held[inside],
            world=self.world[inside],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Intervals:
    """90 % intervals of subjects whose truth is known; every array of shape (n,)."""

    measure: npt.NDArray[np.str_]
    truth: Floats
    low: Floats
    middle: Floats
    high: Floats
    world: Ints

    @property
    def covers(self) -> Floats:
        """1 where the interval holds the truth."""
        return ((self.low <= self.truth) & (self.truth <= self.high)).astype(np.float64)


def claims_of(records: Sequence[Record]) -> Claims:
    """All claims that could be measured."""
    rows = [(*claim, r["world"]) for r in records for claim in r["claims"] if claim[2] is not None]
    measure, kind, said, held, world = zip(*rows, strict=True)
    return Claims(
        measure=np.array(measure),
        kind=np.array(kind),
        said=np.array(said, dtype=np.float64),
        held=np.array(held, dtype=np.float64),
        world=np.array(world),
    )


def intervals_of(records: Sequence[Record], *, part: str = "intervals") -> Intervals:
    """All intervals whose truth is known."""
    rows = [(line[0], *line[2:], r["world"]) for r in records for line in r[part]]
    columns = tuple(zip(*rows, strict=True)) or ((),) * 6
    measure, truth, low, middle, high, world = columns
    numbers = (np.array(values, dtype=np.float64) for values in (truth, low, middle, high))
    return Intervals(
        measure=np.array(measure, dtype=np.str_),
        **dict(zip(("truth", "low", "middle", "high"), numbers, strict=True)),
        world=np.array(world, dtype=np.int64),
    )


def report(records: Sequence[Record]) -> Data:
    """Calibration, coverage, blame and doubts over all worlds."""
    claims, intervals = claims_of(records), intervals_of(records)
    area = np.array([name.split(".")[0] for name in claims.measure])
    open_ones = (claims.said > SURE) & (claims.said < 1 - SURE)
    asked = sum(len(r["claims"]) for r in records)
    return {
        "worlds": len(records),
        "seconds_per_world": round(float(np.mean([r["seconds"] for r in records])), 1),
        "claims": judged(claims) | {"asked": asked, "unmeasurable": asked - len(claims.said)},
        "undecided": judged(claims.where(open_ones)),
        "coverage": asdict(share_of(intervals.covers, intervals.world, _rng())),
        "areas": {
            name: judged(claims.where(area == name)) | _covered(intervals, _inside(intervals, name + "."))
            for name in sorted(set(area))
        },
        "kinds": {name: judged(claims.where(claims.kind == name)) for name in sorted(set(claims.kind))},
        "measures": {
            name: judged(claims.where(claims.measure == name))
            | _covered(intervals, intervals.measure == name)
            for name in sorted(set(claims.measure))
        },
        "in_all": _by_measure(intervals_of(records, part="in_all")),
        "blame": _blamed(records, intervals),
        "doubts": _doubts(records, intervals),
        "unmeasured": _unmeasured(records),
        "regret": _regret(records),
    }


def _rng() -> np.random.Generator:
    """Intervals of the report are the same whenever the results are."""
    return np.random.default_rng(0)


def judged(claims: Claims) -> Data:
    """Scores of some claims: count, calibration error and what chance would make of it, Brier, curve."""
    if not len(claims.said):
        return {"count": 0}
    return {
        "count": len(claims.said),
        "true": float(claims.held.mean()),
        "calibration_error": calibration_error(claims.said, claims.held),
        "by_chance": error_by_chance(claims.said, _rng()),
        "brier": asdict(brier(claims.said, claims.held)),
        "curve": [asdict(one) for one in curve(claims.said, claims.held, claims.world, _rng())],
    }


def _inside(intervals: Intervals, prefix: str) -> npt.NDArray[np.bool_]:
    return np.array([name.startswith(prefix) for name in intervals.measure])


def _covered(intervals: Intervals, inside: npt.NDArray[np.bool_]) -> Data:
    if not inside.any():
        return {}
    truth, middle = intervals.truth[inside], intervals.middle[inside]
    ratio = middle[truth > 0] / truth[truth > 0]
    return {
        "coverage": asdict(share_of(intervals.covers[inside], intervals.world[inside], _rng())),
        "below": float((truth < intervals.low[inside]).mean()),
        "above": float((truth > intervals.high[inside]).mean()),
        "typical_over_truth": float(np.median(ratio)) if ratio.size else None,
    }


def _by_measure(intervals: Intervals) -> Data:
    return {name: _covered(intervals, intervals.measure == name) for name in sorted(set(intervals.measure))}


def _blamed(records: Sequence[Record], intervals: Intervals) -> Data:
    """By area: the mechanisms whose presence raises, or lowers, the rate of misses most clearly."""
    names = tuple(sorted(records[0]["mechanisms"]))
    of = {r["world"]: [float(r["mechanisms"][name]) for name in names] for r in records}
    found = {}
    for area in sorted({name.split(".")[0] for name in intervals.measure}):
        inside = _inside(intervals, area + ".")
        worlds = np.unique(intervals.world[inside])
        missed = 1 - intervals.covers[inside]
        rates = np.array([missed[intervals.world[inside] == world].mean() for world in worlds])
        told = blame(rates, np.array([of[world] for world in worlds.tolist()]), names)
        if told:
            found[area] = [asdict(one) for one in told[:CLEAR]]
    return found


def _doubts(records: Sequence[Record], intervals: Intervals) -> Data:
    """By measure and doubt: in how many worlds it fired, and misses with it and without."""
    fired = {
        (r["world"], name, code) for r in records for name, codes in r["doubts"].items() for code in codes
    }
    found: Data = {}
    for name, code in sorted({(name, code) for _, name, code in fired}):
        inside = intervals.measure == name
        if inside.any():
            worlds, missed = intervals.world[inside], 1 - intervals.covers[inside]
            on = np.array([(world, name, code) in fired for world in worlds.tolist()])
            found.setdefault(name, {})[code] = {
                "fired": float(on.mean()),
                "missed_with": _mean(missed[on]),
                "missed_without": _mean(missed[~on]),
            }
    return found


def _mean(values: Floats) -> float | None:
    return float(values.mean()) if values.size else None


def _regret(records: Sequence[Record]) -> Data:
    """What plans gained over the plans in force, in share of their money, beside the best and the hoped."""
    plans = [(r["regret"], r["world"]) for r in records if r.get("regret")]
    if not plans:
        return {}
    money, gain, best, hoped = (
        np.array([one[name] for one, _ in plans], dtype=np.float64)
        for name in ("money", "gain", "best", "hoped")
    )
    worlds = np.array([world for _, world in plans])
    inside = ((hoped[:, 0] <= gain) & (gain <= hoped[:, 2])).astype(np.float64)
    return {
        "worlds": len(plans),
        "gain": float((gain / money).mean()),
        "hoped": float((hoped[:, 1] / money).mean()),
        "best": float((best / money).mean()),
        "regret": float(((best - gain) / money).mean()),
        "recovered": float(gain.sum() / best.sum()) if best.sum() > 0 else None,
        "better": asdict(share_of((gain > 0).astype(np.float64), worlds, _rng())),
        "hoped_holds": asdict(share_of(inside, worlds, _rng())),
    }


def _unmeasured(records: Sequence[Record]) -> Data:
    """Measures that were not measured in some worlds: the share of worlds and the commonest reason."""
    said: dict[str, list[str]] = {}
    for record in records:
        for name, reason in record["unmeasured"].items():
            said.setdefault(name, []).append(reason)
    return {
        name: {"share": len(reasons) / len(records), "reason": _commonest(reasons)}
        for name, reasons in sorted(said.items())
    }


def _commonest(reasons: Iterable[str]) -> str:
    listed = list(reasons)
    return max(sorted(set(listed)), key=listed.count)
