"""Walk-forward score of the trend radar on the hiring terms, and the radar that the product ships.

    python benchmarks/market_trend.py [--data FILE] [--halves] [--learn] [--curve FILE.json]

Each quarter the radar is learned only from outcomes that were complete by then (18 months before), ranks
the terms, and its five first are held against what happened. `--halves` learns on one half of the terms and
scores the other. `--curve` writes false alarms against the share of trends caught before half adoption.
`--learn` writes the coefficients learned on all months to the product.
"""

import argparse
import csv
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from cmo.market.learned import LEARNED
from cmo.market.trend import (
    FEATURES,
    FEWEST_MENTIONS,
    LAST,
    RECENT,
    RISE,
    Radar,
    features,
    fit_radar,
    growth_ahead,
)

DATA = Path(__file__).parents[2] / "shared/data/market/hn_hiring_terms.csv"
START, STEP, EVALUATED = 20, 3, 62
RIDGE = 3.0
LARGE, TIMES = 0.008, 3.0  # a trend: a share of at least this, and so many times what it was at first
ENTRY = 15  # months before which a peak is taken for the beginning of the data
DIGITS = 5


@dataclass(frozen=True)
class Quarter:
    """What was known of the terms alive at a month, and what became of them."""

    month: int
    alive: np.ndarray
    known: np.ndarray
    growth: np.ndarray


def read(path: Path) -> tuple[list[str], np.ndarray, np.ndarray]:
    with path.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    months, terms = sorted({row["month"] for row in rows}), sorted({row["term"] for row in rows})
    mentions, posts = np.zeros((len(terms), len(months))), np.zeros(len(months))
    of_term = {term: i for i, term in enumerate(terms)}
    of_month = {month: i for i, month in enumerate(months)}
    for row in rows:
        mentions[of_term[row["term"]], of_month[row["month"]]] = float(row["count"])
        posts[of_month[row["month"]]] = float(row["posts"])
    return terms, mentions, posts


def at(mentions: np.ndarray, posts: np.ndarray, month: int, *, shared: bool) -> Quarter:
    alive = mentions[:, month - RECENT + 1 : month + 1].sum(axis=1) >= FEWEST_MENTIONS
    return Quarter(
        month=month,
        alive=alive,
        known=features(mentions[alive, : month + 1], posts[: month + 1], shared=shared),
        growth=growth_ahead(mentions, posts, month=month)[alive]
        if month + LAST < posts.size
        else np.full(int(alive.sum()), np.nan),
    )


def learned(past: list[Quarter], *, of: np.ndarray | None = None) -> Radar:
    kept = [np.ones(one.growth.size, dtype=bool) if of is None else of[one.alive] for one in past]
    return fit_radar(
        np.vstack([one.known[keep] for one, keep in zip(past, kept, strict=True)]),
        np.concatenate([one.growth[keep] for one, keep in zip(past, kept, strict=True)]),
        ridge=RIDGE,
    )


def average_precision(chance: np.ndarray, outcome: np.ndarray) -> float:
    hit = outcome[np.argsort(-chance, kind="stable")]
    return float((hit * np.cumsum(hit) / np.arange(1, hit.size + 1)).sum() / hit.sum())


def walked(
    quarters: list[Quarter], *, of: np.ndarray | None = None, on: np.ndarray | None = None
) -> list[tuple[Quarter, np.ndarray, np.ndarray]]:
    """Each evaluated quarter with the chances given then, of the terms `on` that are scored."""
    found = []
    for now in quarters:
        if now.month < EVALUATED:
            continue
        radar = learned([one for one in quarters if one.month + LAST + 1 <= now.month], of=of)
        keep = np.ones(now.growth.size, dtype=bool) if on is None else on[now.alive]
        found.append((now, keep, radar.chance(now.known)))
    return found


def top_five(score: np.ndarray, outcome: np.ndarray) -> float:
    return float(outcome[np.argsort(-score, kind="stable")[:5]].mean())


def scored(walk: list[tuple[Quarter, np.ndarray, np.ndarray]], label: str) -> None:
    pairs = [(chance[keep], now.growth[keep] >= RISE) for now, keep, chance in walk]
    chances, outcomes = (np.concatenate([pair[i] for pair in pairs]) for i in (0, 1))
    hits = [top_five(*pair) for pair in pairs]
    print(
        f"{label}: {len(pairs)} quarters, {chances.size} cases, base rate {outcomes.mean():.3f}, top five "
        f"{np.mean(hits):.3f}, average precision {average_precision(chances, outcomes):.3f}"
    )


def alone(walk: list[tuple[Quarter, np.ndarray, np.ndarray]]) -> None:
    hits = [
        np.mean([top_five(now.known[:, i], now.growth >= RISE) for now, _, _ in walk])
        for i in range(walk[0][0].known.shape[1])
    ]
    best = int(np.argmax(hits))
    print(f"  best single sign, {FEATURES[best]}: top five {hits[best]:.3f}")


def calibrated(walk: list[tuple[Quarter, np.ndarray, np.ndarray]]) -> None:
    chances = np.concatenate([chance for _, _, chance in walk])
    outcomes = np.concatenate([now.growth >= RISE for now, _, _ in walk])
    for part in np.array_split(np.argsort(chances), 8):
        print(f"  said {chances[part].mean():.3f}, seen {outcomes[part].mean():.3f}")


def halves(quarters: list[Quarter], n_terms: int) -> None:
    order = np.random.default_rng(5).permutation(n_terms)
    first = np.zeros(n_terms, dtype=bool)
    first[order[: n_terms // 2]] = True
    for label, of, on in (
        ("second half by the first", first, ~first),
        ("first by the second", ~first, first),
    ):
        scored(walked(quarters, of=of, on=on), label)


def adoption(mentions: np.ndarray, posts: np.ndarray) -> dict[int, tuple[int, int]]:
    """Of each term that became a trend: the months of half its highest share, and of the highest."""
    kernel = np.ones(6)
    smooth = np.stack([np.convolve(row, kernel, "valid") for row in mentions])
    smooth = smooth / np.convolve(posts, kernel, "valid")
    found = {}
    for term, path in enumerate(smooth):
        peak = int(path.argmax())
        if path[peak] >= max(LARGE, TIMES * path[0]) and peak + 5 > ENTRY:
            found[term] = (int(np.argmax(path >= path[peak] / 2)) + 5, peak + 5)
    return found


def curve(mentions: np.ndarray, posts: np.ndarray, *, shared: bool) -> list[dict[str, float]]:
    """False alarms per 100 term-years against the share of trends caught before half adoption.

    The radar is walked month by month from the month its first outcomes were complete. An alarm is raised
    when the chance passes a threshold and none was raised in the twelve months before; it is false when the
    share of the months 6 to 17 ahead stays below one and a half times the recent one.
    """
    months = range(START, posts.size - LAST)
    seen = {month: at(mentions, posts, month, shared=shared) for month in months}
    chance = np.full((mentions.shape[0], posts.size), np.nan)
    right = np.zeros((mentions.shape[0], posts.size), dtype=bool)
    for month in months:
        past = [seen[m] for m in range(START, month - LAST, STEP)]
        if len(past) < 3:
            continue
        now = seen[month]
        chance[now.alive, month] = learned(past).chance(now.known)
        right[now.alive, month] = now.growth >= RISE
    walked_from = int(np.flatnonzero(np.isfinite(chance).any(axis=0))[0])
    trends = {
        term: (half, peak) for term, (half, peak) in adoption(mentions, posts).items() if half > walked_from
    }
    years = np.isfinite(chance).sum() / 12
    return [_point(chance, right, trends, years, threshold) for threshold in np.linspace(0.08, 0.7, 32)]


def _point(
    chance: np.ndarray, right: np.ndarray, trends: dict[int, tuple[int, int]], years: float, threshold: float
) -> dict[str, float]:
    false, caught, before_half, before_peak = 0, 0, [], []
    alarms: dict[int, list[int]] = {}
    for term, path in enumerate(chance):
        last = -100
        for month in np.flatnonzero(path >= threshold):
            if month - last >= 12:
                alarms.setdefault(term, []).append(int(month))
                false += not right[term, month]
                last = int(month)
    for term, (half, peak) in trends.items():
        early = [month for month in alarms.get(term, []) if month < half]
        if early:
            caught += 1
            before_half.append(half - early[0])
            before_peak.append(peak - early[0])
    n_alarms = sum(map(len, alarms.values()))
    return {
        "threshold": round(float(threshold), 3),
        "false_alarms_per_100_term_years": round(100 * false / years, 2),
        "caught_before_half": round(caught / max(len(trends), 1), 3),
        "right": round(1 - false / max(n_alarms, 1), 3),
        "months_before_half": float(np.median(before_half)) if before_half else 0.0,
        "months_before_peak": float(np.median(before_peak)) if before_peak else 0.0,
        "trends": len(trends),
    }


def ship(radars: dict[str, Radar]) -> None:
    said = {
        name: {
            part: np.round(getattr(one, part), DIGITS).tolist()
            for part in ("centre", "scale", "coefficients", "roots")
        }
        for name, one in radars.items()
    }
    LEARNED.write_text(json.dumps(said, separators=(",", ":")) + "\n", encoding="utf-8")


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--data", type=Path, default=DATA)
    asked.add_argument("--learn", action="store_true")
    asked.add_argument("--halves", action="store_true")
    asked.add_argument("--curve", type=Path)
    given = asked.parse_args()
    terms, mentions, posts = read(given.data)
    shipped = {}
    for shared in (True, False):
        quarters = [
            at(mentions, posts, month, shared=shared) for month in range(START, posts.size - LAST, STEP)
        ]
        walk = walked(quarters)
        scored(walk, f"{len(terms)} terms, {'with' if shared else 'without'} their share")
        alone(walk)
        calibrated(walk)
        if given.halves:
            halves(quarters, len(terms))
        shipped["shares" if shared else "volumes"] = learned(quarters)
    if given.curve is not None:
        points = curve(mentions, posts, shared=True)
        given.curve.write_text(json.dumps(points, indent=1) + "\n", encoding="utf-8")
    if given.learn:
        ship(shipped)


if __name__ == "__main__":
    main()
