"""How soon a new complaint is seen, and how often a complaint is seen that is none.

    python benchmarks/value_emergence.py [worlds]

Walk-forward, week by week, on simulated companies of 35 opinions a week: complaints of seven aspects at the
rates of the simulated company. False alarms: nothing changes for two years. Detection: in one aspect the
share of opinions that complain is multiplied from a week on; the alarm counts from then.
"""

import sys
from time import process_time

import numpy as np

from cmo.value.emergence import risen

RATES = np.array([0.088, 0.072, 0.069, 0.136, 0.201, 0.058, 0.054])  # spoken × discontent
WEEKLY = 35
BEFORE, AFTER = 60, 16


def main(worlds: int) -> None:
    rng, begun = np.random.default_rng(1), process_time()
    alarms = years = 0
    for _ in range(worlds):
        opinions = rng.poisson(WEEKLY, BEFORE + 52).astype(float)
        counts = rng.binomial(opinions.astype(int)[:, None], RATES).astype(float)
        before: set[int] = set()
        for week in range(BEFORE, opinions.size):
            now = {one.complaint for one in risen(counts[:week], opinions[:week], rng=rng)}
            alarms += len(now - before)
            before = now
        years += 1
    print(f"nothing changes: {alarms / years:.2f} false alarms a year (at most 1 is promised), {years} years")
    for times in (1.5, 2.0, 3.0):
        seen = []
        for world in range(worlds):
            aspect = world % RATES.size
            opinions = rng.poisson(WEEKLY, BEFORE + AFTER).astype(float)
            rates = np.tile(RATES, (BEFORE + AFTER, 1))
            rates[BEFORE:, aspect] *= times
            counts = rng.binomial(opinions.astype(int)[:, None], np.minimum(rates, 0.9)).astype(float)
            week = next(
                (
                    week
                    for week in range(1, AFTER + 1)
                    if any(
                        one.complaint == aspect
                        for one in risen(counts[: BEFORE + week], opinions[: BEFORE + week], rng=rng)
                    )
                ),
                None,
            )
            seen.append(week)
        caught = [week for week in seen if week is not None]
        middle = np.median(caught) if caught else np.nan
        print(
            f"complaints × {times}: {len(caught) / worlds:.0%} seen within {AFTER} weeks, "
            f"half of these within {middle:.0f}"
        )
    print(f"{process_time() - begun:.1f} CPU s")


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 100)
