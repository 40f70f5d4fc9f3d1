"""What simulated companies cost, and how clear their beliefs are over seeds.

python benchmarks/simulation_worlds.py 1 2 3
"""

import sys
import time
from datetime import date

from cmo.simulation import live_by_habit, world_ending
from cmo.simulation.statements import STATEMENTS
from cmo.simulation.truth import truth_of

END = date(2026, 11, 22)


def main(seeds: list[int]) -> None:
    for seed in seeds:
        begun = time.process_time()
        history = live_by_habit(world_ending(END, seed=seed, years=3))
        lived = time.process_time()
        truth = truth_of(history, STATEMENTS, refused={})
        known = time.process_time()
        judged = {name: b for name, b in truth["beliefs"].items() if b["claim"] is not None}
        weakest = sorted((b["margin"] or 0.0, name) for name, b in judged.items())[:3]
        unclear = [name for name, b in judged.items() if b["true"] is None]
        wrong = sorted(name for name, b in judged.items() if b["true"] is False)
        roi = {key: round(value, 2) for key, value in truth["measures"]["media.roi"]["values"].items()}
        print(f"seed {seed}: lived and drawn {lived - begun:.1f} CPU s, truth {known - lived:.1f} CPU s")
        print(f"  customers {history.ledger.customers.cell.size}, orders {history.lines.order.max() + 1}")
        print(f"  {len(wrong)} of {len(judged)} wrong; unclear {unclear}; nearest to the edge {weakest}")
        print(f"  wrong: {' '.join(wrong)}")
        print(f"  roi {roi}; {truth['platforms']}; {truth['tests']}")


if __name__ == "__main__":
    main([int(seed) for seed in sys.argv[1:]] or [1])
