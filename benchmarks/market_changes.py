"""Change points of the Turing Change Point Dataset beside those that five people marked.

    python benchmarks/market_changes.py [--penalty 8]

Prints F1 (margin of five) and cover, each the mean over the series, as the data set's authors define them
(Van den Burg and Williams, 2020), beside those of saying that nothing ever changes.
"""

import argparse
import json
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path

import numpy as np

from cmo.market.changes import PENALTY, levels

CASES = Path(__file__).parents[2] / "shared/cases/value"
MARGIN = 5


def f1(told: Iterable[int], marks: dict[str, list[int]]) -> float:
    """F1 of the marks of all people together; recall is the mean over people."""
    found = {0, *told}
    people = [{0, *given} for given in marks.values()]
    everyone = set().union(*people)
    precision = len(_matched(everyone, found)) / len(found)
    recall = float(np.mean([len(_matched(one, found)) / len(one) for one in people]))
    return 2 * precision * recall / (precision + recall)


def _matched(true: set[int], found: set[int]) -> set[int]:
    left, met = set(found), set()
    for mark in sorted(true):
        near = [one for one in left if abs(one - mark) <= MARGIN]
        if near:
            left.discard(min(near, key=lambda one: abs(one - mark)))
            met.add(mark)
    return met


def cover(told: Iterable[int], marks: dict[str, list[int]], n: int) -> float:
    """Mean over people of how well their stretches are covered by the best of those found (Jaccard)."""
    return float(np.mean([_covered(_stretches(one, n), _stretches(told, n), n) for one in marks.values()]))


def _stretches(starts: Iterable[int], n: int) -> list[set[int]]:
    edges = [0, *sorted(one for one in set(starts) if 0 < one < n), n]
    return [set(range(a, b)) for a, b in pairwise(edges)]


def _covered(true: list[set[int]], found: list[set[int]], n: int) -> float:
    best = [max(len(one & other) / len(one | other) for other in found) for one in true]
    return sum(len(one) * part for one, part in zip(true, best, strict=True)) / n


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--penalty", type=float, default=PENALTY)
    penalty = asked.parse_args().penalty
    cases = json.loads((CASES / "changepoint.json").read_text())["cases"]
    rows = []
    for case in cases:
        marks = case.get("annotations")
        if not marks:
            continue
        values = np.array(json.loads((CASES / case["data"]).read_text())["values"], dtype=float).ravel()
        told = levels(values, penalty=penalty).starts
        n = values.size
        rows.append((f1(told, marks), cover(told, marks, n), f1((), marks), cover((), marks, n)))
        print(
            f"{case['id']:22s} n {n:4d} found {len(told):3d}  F1 {rows[-1][0]:.2f}  cover {rows[-1][1]:.2f}"
        )
    means = np.mean(rows, axis=0)
    print(f"mean of {len(rows)}: F1 {means[0]:.3f}, cover {means[1]:.3f}; nothing ever changes:", end=" ")
    print(f"F1 {means[2]:.3f}, cover {means[3]:.3f}")


if __name__ == "__main__":
    main()
