"""Walk-forward score of the trend radar on the hiring terms, and the coefficients that the product ships.

    python benchmarks/market_trend.py [--learn]

Each quarter the radar is learned only from outcomes that were complete by then (18 months before), ranks the
terms, and its five first are held against what happened. `--learn` prints the coefficients learned on all.
"""

import argparse
import csv
from pathlib import Path

import numpy as np

from cmo.market.trend import FEATURES, FEWEST_MENTIONS, LAST, RECENT, Radar, features, fit_radar, rose

DATA = Path(__file__).parents[2] / "shared/data/market/hn_hiring_terms.csv"
START, STEP, EVALUATED = 20, 3, 62
RIDGE = 1.0


def read() -> tuple[list[str], np.ndarray, np.ndarray]:
    with DATA.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    months, terms = sorted({row["month"] for row in rows}), sorted({row["term"] for row in rows})
    mentions = np.zeros((len(terms), len(months)))
    place = {term: i for i, term in enumerate(terms)}, {month: i for i, month in enumerate(months)}
    for row in rows:
        mentions[place[0][row["term"]], place[1][row["month"]]] = float(row["count"])
    return terms, mentions, mentions.sum(axis=0)


def known_at(mentions: np.ndarray, total: np.ndarray, month: int) -> tuple[np.ndarray, np.ndarray]:
    alive = mentions[:, month - RECENT + 1 : month + 1].sum(axis=1) >= FEWEST_MENTIONS
    return features(mentions[alive, : month + 1], total[: month + 1]), rose(mentions, total, month=month)[
        alive
    ]


def average_precision(chance: np.ndarray, outcome: np.ndarray) -> float:
    hit = outcome[np.argsort(-chance, kind="stable")]
    return float((hit * np.cumsum(hit) / np.arange(1, hit.size + 1)).sum() / hit.sum())


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--learn", action="store_true")
    learn = asked.parse_args().learn
    terms, mentions, total = read()
    quarters = range(START, total.size - LAST, STEP)
    table = {month: known_at(mentions, total, month) for month in quarters}
    first, all_chances, all_outcomes, plain = [], [], [], []
    for month in (q for q in quarters if q >= EVALUATED):
        past = [q for q in quarters if q + LAST + 1 <= month]
        radar = fit_radar(
            np.vstack([table[q][0] for q in past]), np.concatenate([table[q][1] for q in past]), ridge=RIDGE
        )
        known, outcome = table[month]
        chance = radar.chance(known)
        first.append(outcome[np.argsort(-chance)[:5]].mean())
        plain.append([outcome[np.argsort(-known[:, i])[:5]].mean() for i in range(len(FEATURES))])
        all_chances.append(chance)
        all_outcomes.append(outcome)
    chances, outcomes = np.concatenate(all_chances), np.concatenate(all_outcomes)
    print(f"{len(terms)} terms, {len(first)} quarters, {chances.size} cases, base rate {outcomes.mean():.3f}")
    print(
        f"radar: top five {np.mean(first):.3f}, average precision {average_precision(chances, outcomes):.3f}"
    )
    for name, hits in zip(FEATURES, np.mean(plain, axis=0), strict=True):
        print(f"  by {name} alone: top five {hits:.3f}")
    for part in np.array_split(np.argsort(chances), 8):
        print(f"  said {chances[part].mean():.3f}, seen {outcomes[part].mean():.3f}")
    if learn:
        whole = fit_radar(
            np.vstack([table[q][0] for q in quarters]),
            np.concatenate([table[q][1] for q in quarters]),
            ridge=RIDGE,
        )
        report(whole)


def report(radar: Radar) -> None:
    for name in ("centre", "scale", "coefficients"):
        print(f"_{name.upper()} = {np.round(getattr(radar, name), 4).tolist()}")
    print(f"_COVARIANCE = {np.round(radar.covariance, 5).tolist()}")


if __name__ == "__main__":
    main()
